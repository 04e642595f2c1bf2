// From a request to what the stores take: a context to read with, and the door to write through.
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '../db/connection.js'
import { writeOnce, type Answer } from '../db/idempotency.js'
import { write, type WriteCtx } from '../db/write.js'
import { withoutKeys } from './secrets.js'

export const reading = (request: FastifyRequest): Ctx => ({ db: request.source.db, actor: request.actor })

const originOf = (request: FastifyRequest) => ({ actor: request.actor, request_id: request.id })

export const writing = <T>(request: FastifyRequest, work: (ctx: WriteCtx) => Promise<T>): Promise<T> =>
  write(request.server.connection, originOf(request), work)

export const idempotencyKey = {
  'idempotency-key': Type.Optional(Type.String({ pattern: '^[!-~]{16,255}$', maxLength: 255, description: 'Makes a repeat safe: the same key and body get the first answer again, for 7 days. 16 to 255 visible ASCII characters.' }))
}

/** A POST: carried out once for each Idempotency-Key, and answered. `body` is what tells its body from another. */
export async function posting (
  request: FastifyRequest,
  reply: FastifyReply,
  work: (ctx: WriteCtx) => Promise<Answer>,
  body: unknown = request.body
): Promise<unknown> {
  const key = request.headers['idempotency-key'] as string | undefined
  const attempt = key === undefined ? null : { key, request: { method: request.method, url: request.url, body } }
  const answer = await writeOnce(request.server.connection, originOf(request), attempt, work)
  reply.code(answer.status).headers(answer.headers ?? {})
  return answer.headers?.['content-type'] === undefined ? answer.body : withoutKeys(JSON.stringify(answer.body))
}
