// What an answer tells of what is held from now on.
import type { Answer } from '../support/client.js'
import type { Held } from './held.js'
import { accounted, itemOf } from './operations.js'
import type { Asked } from './requests.js'

export function learn (held: Held, { operation, actor, path }: Asked, { status, headers, etag, body }: Answer): void {
  for (const cursor of [headers['outturn-cursor'], body?.next_cursor as string | undefined]) held.note(held.cursors, cursor)
  if (operation.id === 'importDatapoints' && body?.dry_run === false && held.deliveries.push({ id: body.id as string, by: actor }) > 30) held.deliveries.shift()
  if (status >= 300 || headers['idempotent-replayed'] !== undefined) return
  const { method, id, path: template } = operation
  if (accounted.has(template) && (method === 'PUT' || method === 'PATCH')) held.learn(template, path, etag)
  if (accounted.has(template) && method === 'DELETE') gone(held, path)
  if (id === 'getBundle' && actor.role === 'admin') held.bundles.set(path, { etag, body: body as Record<string, unknown> })
  if (method === 'POST' && itemOf[template] !== undefined) held.learn(itemOf[template], headers.location!.replace(/^https?:\/\/[^/]+/, ''), etag)
  if (id === 'putDatapoint') held.note(held.figures, path)
  if (id === 'createKey') held.keys.push({ client: path.split('/')[3]!, id: body.id as string, key: body.key as string, live: true })
  if (id === 'deleteKey') for (const key of held.keys) if (path.endsWith(`/${key.id}`)) key.live = false
}

function gone (held: Held, path: string): void {
  held.forget(path)
  held.bundles.delete(`${path}/bundle`)
  if (path.startsWith('/v1/clients/')) for (const key of held.keys) if (path.toLowerCase() === `/v1/clients/${key.client}`.toLowerCase()) key.live = false
}
