// The Fastify instance as both the service and its tests use it: strict input, problems, request ids, formats.
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { constants } from 'node:zlib'
import accepts from '@fastify/accepts'
import compress from '@fastify/compress'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { problem } from '../problems.js'
import { formatOf } from './formats.js'
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
  await app.register(compress, compression)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('vary', 'accept, accept-encoding, authorization').header('x-content-type-options', 'nosniff')
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

const suspect = /\\u(?:d[89a-f]|0000)/i

/** JSON, also as a merge patch; characters that a database cannot hold are refused, not replaced. */
function addJson (app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    if (request.method !== 'PATCH' && request.headers['content-type']?.includes('merge-patch')) return done(problem('unsupported_media_type', 'A merge patch is sent with PATCH.'))
    if (!isUtf8(bytes)) return done(problem('invalid_input', 'The body is not UTF-8. Save or send it as UTF-8.'))
    const text = bytes.toString().replace(/^\uFEFF/, '')
    // Whether a body is needed is the operation's to say.
    if (text.trim() === '') return done(null, undefined)
    void parse(request, text, (error, value) => {
      if (error !== null) return done(problem('invalid_input', `The body is not valid JSON${placeOf(text)}`))
      if (tooDeep(value, 64)) return done(problem('invalid_input', 'The body is nested deeper than anything here.'))
      if (suspect.test(text) && !storable(value)) return done(problem('invalid_input', 'A text contains a character that cannot be stored: NUL, or half of a surrogate pair.'))
      done(null, value)
    })
  })
}

/** Where JSON breaks off, as far as it can be told. */
function placeOf (text: string): string {
  try {
    JSON.parse(text)
    return ', or has a member that is never taken (__proto__, constructor).'
  } catch (error) {
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? []
    const before = text.slice(0, Number(position ?? text.length)).split('\n')
    return `: it breaks off in line ${before.length}, column ${before.at(-1)!.length + 1}.`
  }
}

function tooDeep (value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some(member => tooDeep(member, left - 1))
}

// eslint-disable-next-line no-control-regex
const unstorable = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

function storable (value: unknown): boolean {
  if (typeof value === 'string') return !unstorable.test(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, member]) => storable(name) && storable(member))
}
