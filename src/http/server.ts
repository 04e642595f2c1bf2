// The Fastify instance as both the service and its tests use it: strict input, problems, request ids, formats.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { constants } from 'node:zlib'
import accepts from '@fastify/accepts'
import compress from '@fastify/compress'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import { problem } from '../problems.js'
import { answerClientError, headersTimeout } from './client_errors.js'
import { formatOf } from './formats.js'
import { jsonReader } from './json.js'
import { RequestLog } from './log.js'
import { addProblems, answerProblem } from './problem_handler.js'
import { safetyHeaders } from './safety.js'
import { endSlowBodies, type Slowest } from './slow.js'
import { buildChecker, buildValidator } from './validation.js'
import './types.js'

/** Not one that holds a key: it is written down. */
const requestId = /^(?!.*ot_(?:live|feed)_)[A-Za-z0-9._-]{1,128}$/i

export interface ServerOptions {
  log: FastifyBaseLogger | undefined
  publicUrl: string | null
  /** Proxies whose X-Forwarded headers are believed; those of anybody else are not. */
  trustProxy: string[]
  slowest: Slowest
}

export async function createServer ({ log, publicUrl, trustProxy, slowest }: ServerOptions): Promise<FastifyInstance> {
  const safety = safetyHeaders(publicUrl)
  const app = fastify({
    ...(log && { loggerInstance: log }),
    logController: new RequestLog(),
    trustProxy: trustProxy.length === 0 ? false : trustProxy,
    bodyLimit: 1_048_576,
    http: { headersTimeout },
    clientErrorHandler: answerClientError,
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
    frameworkErrors: (error, request, reply) => { answerProblem(error, request, reply.headers(safety) as never) }
  })
  app.setSerializerCompiler(() => data => JSON.stringify(data))
  app.decorate('faults', buildChecker())
  endSlowBodies(app, slowest)
  endUnused(app)
  addProblems(app)
  addJson(app)
  await app.register(accepts)
  await app.register(compress, compression)
  // What is done for every request does not wait for anything, so it is not worth a promise.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('vary', 'accept, accept-encoding, authorization').headers(safety)
    done()
  })
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.addHook('onSend', (_, reply, payload, done) => {
    if (closing) reply.header('connection', 'close')
    done(null, payload)
  })
  app.addHook('preValidation', (request, _, done) => {
    done(request.url.includes('%00')
      ? problem('invalid_input', 'The address contains NUL, which nothing here is named with.')
      : request.routeOptions.schema?.body !== undefined && request.body === undefined ? problem('invalid_input', 'This operation needs a body.') : undefined)
  })
  app.addHook('preHandler', (request, _, done) => {
    if (request.url.startsWith('/v1/')) formatOf(request)
    done()
  })
  return app
}

/** A stop ends idle connections. Those on which nothing has come yet, as browsers open them ahead, Node does not count among them. */
function endUnused (app: FastifyInstance): void {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  app.addHook('preClose', async () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  })
}

/**
 * Texts are compressed for those who ask, with little effort, for the service has better uses of its time; and each chunk of a
 * stream is sent on at once. What cannot be had compressed comes as it is. Workbooks are compressed already.
 */
const compression = {
  encodings: ['br', 'gzip'] satisfies Array<'br' | 'gzip'>,
  customTypes: /^text\/|[/+](?:json|xml|yaml|javascript)\b|x-ndjson/,
  brotliOptions: { flush: constants.BROTLI_OPERATION_FLUSH, params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  zlibOptions: { flush: constants.Z_SYNC_FLUSH, level: 4 },
  // Bodies are unpacked where their limits are known.
  globalDecompression: false
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
