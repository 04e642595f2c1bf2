// Reads of what only few may see leave a line before the answer goes out: who, when, what sort, at which address and with which
// key; never what was read. Other reads do not come here.
import type { FastifyRequest } from 'fastify'
import type { Access } from '../db/kind.js'
import './types.js'

/**
 * Once a request and sort. Not inside a snapshot: it takes a connection of its own, and requests that hold one while they wait for
 * another could wait for each other. Outside of keeping(): an answer that was kept is read all the same.
 */
export async function recordRead ({ actor, id, url, server }: FastifyRequest, what: Access): Promise<void> {
  const { organisation, client, key } = actor
  await server.connection.db.insertInto('accesses')
    .values({ what, resource: url.slice(0, 2000), organisation, client, key_id: key, request_id: id }).execute()
}
