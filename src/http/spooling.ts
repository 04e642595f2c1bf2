// Routes whose bodies are spooled: media types with the most bytes of each, and what such a route needs to be told.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { spool, type Spool } from './spool.js'
import { buildValidator } from './validation.js'

/** In this scope bodies are spooled, and let go when the request has been answered. */
export function spoolBodies (scope: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  scope.removeAllContentTypeParsers()
  for (const [type, limit] of Object.entries(limits)) {
    scope.addContentTypeParser(type, async (request: FastifyRequest, payload: Parameters<typeof spool>[0]) => spool(payload, {
      type: request.headers['content-type']!,
      encoding: request.headers['content-encoding'],
      announced: request.headers['content-length'],
      limit
    }))
  }
  scope.addHook('onResponse', async request => { await (request.body as Spool | undefined)?.dispose() })
}

/** What is in a spooled body is checked by who reads it, so the validator passes it by. */
export function spooledBody (limits: Readonly<Record<string, number>>) {
  const compile = buildValidator()
  return {
    bodyLimit: Math.max(...Object.values(limits)),
    validatorCompiler: (part: { schema: unknown, httpPart?: string }) => part.httpPart === 'body' ? () => true : compile(part)
  }
}
