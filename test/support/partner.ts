// A running service with the sample plans, and the keys of a partner, for what clients that are not ours do with it.
import type { Test } from 'tap'
import { testDatabase } from './database.js'
import { service } from './process.js'

export const plan = 'nottingham-cypp-2016-20'
export const partner = 'nottingham-city-ccg'

const adminKey = 'a-bootstrap-key-of-the-tests-of-clients'

export async function serviceForPartner (t: Test) {
  const started = await service(t, { env: { DATABASE_URL: await testDatabase(t), OUTTURN_SAMPLE: 'on', OUTTURN_ADMIN_KEY: adminKey, OUTTURN_RATE_LIMIT: 'off' } })
  await started.put(`/v1/clients/${partner}`, { organisation: partner, role: 'contributor', title: partner })
  const key = async (kind: 'standard' | 'feed') => (await started.post(`/v1/clients/${partner}/keys`, { kind })).body.key as string
  return { ...started, standardKey: await key('standard'), feedKey: await key('feed') }
}

export type PartnerService = Awaited<ReturnType<typeof serviceForPartner>>
