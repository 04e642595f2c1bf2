// What is put under load: one service as npm start runs it, on its embedded PostgreSQL with the sample plans, and those who use it.
import { join } from 'node:path'
import type { Test } from 'tap'
import { findPostmaster, urlOf } from '../../src/db/embedded-cluster.js'
import { folder, service, type Service } from '../support/process.js'
import { partner } from './reads.js'

export const adminKey = 'a-bootstrap-key-of-32-characters-or-more'
export const council = 'nottingham-city-council'
export const measures = ['soak-figures', 'soak-json', 'soak-csv', 'soak-ndjson', 'soak-reverts', 'soak-partner']

export interface World {
  service: Service
  url: string
  /** Of the database, for looking at it from outside. */
  database: string
  /** Where the service puts bodies on their way. */
  bodies: string
  keys: Record<'partner' | 'editor' | 'publisher' | 'reader' | 'feed' | 'rude', string>
  /** More editors: a client may have two deliveries under way. */
  senders: string[]
}

export async function prepareWorld (t: Test): Promise<World> {
  const [dataDir, bodies] = [await folder(t), await folder(t, { mode: 0o1777 })]
  const running = await service(t, { env: { OUTTURN_DATA_DIR: dataDir, OUTTURN_ADMIN_KEY: adminKey, TMPDIR: bodies, LOG_LEVEL: 'info' } })
  const { put, post } = running
  await put('/v1/clients/passing', { organisation: partner, role: 'reader', title: 'Passing' })
  let clients = 0
  const key = async (role: string, organisation: string, kind = 'standard') => {
    const code = `${role}-${++clients}`
    await put(`/v1/clients/${code}`, { organisation, role, title: code })
    return (await post(`/v1/clients/${code}/keys`, { kind })).body.key as string
  }
  for (const measure of measures) await put(`/v1/measures/${measure}`, { title: measure, unit: 'count', visibility: 'public', steward: council, data_provider: partner })
  const { socket } = (await findPostmaster(join(dataDir, 'pg18')))!
  return {
    service: running,
    url: running.url,
    database: urlOf(socket!),
    bodies,
    keys: {
      partner: await key('contributor', partner),
      editor: await key('editor', council),
      publisher: await key('publisher', council),
      reader: await key('reader', partner),
      feed: await key('reader', partner, 'feed'),
      rude: await key('editor', council)
    },
    senders: [await key('editor', council), await key('editor', council), await key('editor', council), await key('editor', council)]
  }
}
