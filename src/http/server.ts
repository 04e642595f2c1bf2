// The Fastify instance as both the service and its tests use it: strict input, problems, request ids, formats.
import { randomUUID } from 'node:crypto'
import accepts from '@fastify/accepts'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import { problem } from '../problems.js'
import { formatOf } from './formats.js'
import { jsonReader } from './json.js'
import { addProblems, answerProblem } from './problem_handler.js'
import { buildChecker, buildValidator } from './validation.js'
import './types.js'

const requestId = /^[A-Za-z0-9._-]{1,128}$/

export async function createServer (log: FastifyBaseLogger | undefined): Promise<FastifyInstance> {
  const app = fastify({
    ...(log && { loggerInstance: log }),
    bodyLimit: 1_048_576,
    // A request that comes in while the service stops is answered, on a connection that then closes.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    genReqId: request => {
      const sent = request.headers['x-request-id']
      return typeof sent === 'string' && requestId.test(sent) ? sent : randomUUID()
    },
    // Everything is checked by ourselves; a serializer that coerces would hide what is wrong.
    schemaController: { compilersFactory: { buildValidator: (() => buildValidator()) as never } },
    frameworkErrors: (error, request, reply) => { answerProblem(error, request, reply as never) }
  })
  app.setSerializerCompiler(() => data => JSON.stringify(data))
  app.decorate('faults', buildChecker())
  addProblems(app)
  addJson(app)
  await app.register(accepts)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('vary', 'Authorization, Accept').header('x-content-type-options', 'nosniff')
  })
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.addHook('onSend', async (_, reply) => {
    if (closing) reply.header('connection', 'close')
  })
  app.addHook('preValidation', async request => {
    if (/%00/.test(request.url)) throw problem('invalid_input', 'The address contains NUL, which nothing here is named with.')
    if (request.routeOptions.schema?.body !== undefined && request.body === undefined) throw problem('invalid_input', 'This operation needs a body.')
  })
  app.addHook('preHandler', async request => {
    if (request.url.startsWith('/v1/')) formatOf(request)
  })
  return app
}

/** JSON, also as a merge patch. */
function addJson (app: FastifyInstance): void {
  const read = jsonReader(app)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
    if (request.method !== 'PATCH' && request.headers['content-type']?.includes('merge-patch')) throw problem('unsupported_media_type', 'A merge patch is sent with PATCH.')
    return read(request, bytes)
  })
}
