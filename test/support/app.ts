// The real app on a real database, with clients of every role.
import type { Test } from 'tap'
import type { FastifyInstance } from 'fastify'
import { buildApp, type Deps } from '../../src/app.js'
import type { Connection } from '../../src/db/connection.js'
import type { Role } from '../../src/db/actor.js'
import { unlimited } from '../../src/http/limits.js'
import { makeClients, type Client } from './client.js'
import { testConnection } from './database.js'

export const adminKey = 'test-bootstrap-key-of-32-characters-or-more'

export interface Started {
  app: FastifyInstance
  connection: Connection & { url: string }
  admin: Client
  anonymous: Client
  withKey (key: string): Client
  /** A client of this role, acting for the organisation, which is made where it is new. */
  client (role: Role, organisation?: string): Promise<Client>
}

/** On a database of its own unless a connection is given; without limits, for tests ask more than any client: those of limits give their own. */
export async function start (t: Test, { connection: given, ...deps }: Partial<Deps> & { connection?: Started['connection'] } = {}): Promise<Started> {
  const connection = given ?? await testConnection(t)
  const app = await buildApp({ connection, adminKey, limits: unlimited, ...deps })
  await app.ready()
  t.teardown(() => app.close())
  const withKey = makeClients(app)
  const admin = withKey(adminKey)
  let count = 0
  return {
    app,
    connection,
    admin,
    withKey,
    anonymous: withKey(null),
    client: async (role, organisation = 'test-council') => {
      await admin.put(`/v1/organisations/${organisation}`, { title: organisation, kind: 'council' })
      const code = `${role}-${++count}`
      await admin.put(`/v1/clients/${code}`, { organisation, role, title: code })
      const { body } = await admin.post(`/v1/clients/${code}/keys`, {})
      return withKey(body.key as string)
    }
  }
}
