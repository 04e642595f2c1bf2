// Routes whose bodies are spooled: media types with the most bytes of each, and what such a route needs to be told.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { spool, type Spool } from './spool.js'
import { buildValidator } from './validation.js'

/** In this scope bodies are spooled; those of requests that are refused are let go with the answer, others by withSpool. */
export function spoolBodies (scope: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  scope.removeAllContentTypeParsers()
  for (const [type, limit] of Object.entries(limits)) {
    scope.addContentTypeParser(type, async (request: FastifyRequest, payload: Parameters<typeof spool>[0]) => inPlace(request, () => spool(payload, {
      type: request.headers['content-type']!,
      encoding: request.headers['content-encoding'],
      announced: request.headers['content-length'],
      limit
    })))
  }
  scope.addHook('onResponse', async request => { await (request.body as Spool | undefined)?.dispose() })
}

/** A body has a place among the deliveries of its client from before it is received until it is let go. */
async function inPlace (request: FastifyRequest, receive: () => Promise<Spool>): Promise<Spool> {
  const leave = request.server.places.deliveries(request.actor)
  try {
    const spool = await receive()
    const dispose = async () => {
      leave()
      await spool.dispose()
    }
    return { ...spool, dispose }
  } catch (error) {
    leave()
    throw error
  }
}

/**
 * Carries the operation out on the body, and lets it go: here, for the answer may be over before the work is, where the client
 * has gone. What was received whole is carried out all the same, so that whoever sends it again finds it done.
 */
export async function withSpool<T> (request: FastifyRequest, work: (spool: Spool) => Promise<T>): Promise<T> {
  const spool = request.body as Spool
  request.body = undefined
  try {
    return await work(spool)
  } finally {
    await spool.dispose()
  }
}

/** What is in a spooled body is checked by who reads it, so the validator passes it by. */
export function spooledBody (limits: Readonly<Record<string, number>>) {
  const compile = buildValidator()
  return {
    bodyLimit: Math.max(...Object.values(limits)),
    validatorCompiler: (part: { schema: unknown, httpPart?: string }) => part.httpPart === 'body' ? () => true : compile(part)
  }
}
