// Three processes of the service on a primary and a streaming replica, behind no balancer but turns.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { service, type Service } from '../support/process.js'
import { withReplica, type Server } from '../support/replica.js'

const adminKey = 'the-key-of-this-test-has-32-characters'

export interface World {
  primary: Server
  replica: Server
  services: Service[]
  /** Starts another in the place of one that ended, at the same address. */
  restart (i: number): Promise<void>
  keyOf (client: string, role?: string): Promise<{ key: string, id: string }>
  /** Once the replica has all that the primary has now. */
  caughtUp (): Promise<void>
}

/** With a council, one place of its, and a measure; without limits of requests unless `settings` name some. */
export async function several (t: Test, { ofReplica, settings }: { ofReplica?: string[], settings?: Record<string, string> } = {}): Promise<World> {
  const { primary, replica } = await withReplica(t, ofReplica)
  const limits = { OUTTURN_RATE_LIMIT: 'off', OUTTURN_ANONYMOUS_RATE_LIMIT: 'off' }
  const env = { DATABASE_URL: primary.url, DATABASE_READ_URL: replica.url, OUTTURN_ADMIN_KEY: adminKey, ...limits, ...settings }
  const first = await service(t, { env })
  const services = [first, await service(t, { env }), await service(t, { env })]
  await first.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  await first.put('/v1/areas/place', { title: 'Place', kind: 'ward' })
  await first.put('/v1/measures/count', { title: 'Count', unit: 'count', visibility: 'public', steward: 'council' })
  return {
    primary,
    replica,
    services,
    restart: async i => { services[i] = await service(t, { env: { ...env, PORT: new URL(services[i]!.url).port } }) },
    keyOf: async (code, role = 'editor') => {
      await services[0]!.put(`/v1/clients/${code}`, { organisation: 'council', role, title: code })
      return (await services[0]!.post(`/v1/clients/${code}/keys`, {})).body as { key: string, id: string }
    },
    caughtUp: async () => {
      const { rows: [at] } = await primary.query('select pg_current_wal_lsn() as lsn')
      for (;;) {
        const { rows: [row] } = await replica.query(`select pg_last_wal_replay_lsn() >= '${at.lsn as string}'::pg_lsn as there`)
        if (row.there === true) return
        await sleep(20)
      }
    }
  }
}
