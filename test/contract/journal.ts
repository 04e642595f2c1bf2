// What a piece of work adds to the change feed.
import type { Client } from '../support/client.js'

export interface Change {
  action: string
  resource: string
  version: number | null
  actor: { organisation: string | null, client: string | null }
  request_id: string
  reason: string | null
}

/** Follows the feed to its end; what it answers is where it ended. */
async function follow (client: Client, after: string | undefined, into: Change[] = []): Promise<string> {
  const { body } = await client.get('/v1/changes', { query: { limit: 1000, ...(after !== undefined && { after }) } })
  into.push(...body.items as Change[])
  return body.has_more ? follow(client, body.next_cursor as string, into) : body.next_cursor as string
}

/** The changes that the work leaves, in order. */
export async function journalled (client: Client, work: () => Promise<unknown>): Promise<Change[]> {
  const before = await follow(client, undefined)
  await work()
  const changes: Change[] = []
  await follow(client, before, changes)
  return changes
}
