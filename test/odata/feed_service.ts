// A running service with the sample plans, and a feed key as Basic, as Excel and Power BI send it.
import type { Test } from 'tap'
import { testDatabase } from '../support/database.js'
import { service, type Service } from '../support/process.js'

const adminKey = 'a-bootstrap-key-of-32-characters-or-more'

export async function feedService (t: Test): Promise<{ running: Service, key: string, basic: string }> {
  const url = await testDatabase(t, { migrated: false })
  const running = await service(t, { env: { DATABASE_URL: url, OUTTURN_ADMIN_KEY: adminKey, OUTTURN_SAMPLE: 'on', OUTTURN_RATE_LIMIT: 'off' } })
  await running.put('/v1/clients/analysts', { organisation: 'nottingham-city-council', role: 'editor', title: 'Analysts' })
  const { key } = (await running.post('/v1/clients/analysts/keys', { kind: 'feed' })).body as { key: string }
  return { running, key, basic: `Basic ${Buffer.from(`anyone:${key}`).toString('base64')}` }
}
