// Every error becomes application/problem+json here: our own problems, Fastify's, the validator's and the database's.
// Anything else is a 500 without a word of its insides.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem, problem, type ProblemCode } from '../problems.js'
import { withoutKeys } from './secrets.js'
import { faultsOf } from './validation.js'

const framework: Record<string, [ProblemCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'The body is larger than this operation takes.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_input', 'The body is empty; JSON was announced.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_input', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_input', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_input', 'The address is not a valid URL.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'A part of the address is longer than any code.']
}

const database: Record<string, [ProblemCode, string]> = {
  23503: ['conflict', 'Something that the request refers to, or that refers to it, changed meanwhile. Read again and repeat.'],
  23505: ['conflict', 'Another request wrote the same thing at the same moment. Read again and repeat.'],
  40001: ['conflict', 'Other requests kept changing the same things. Repeat the request.'],
  '40P01': ['conflict', 'Other requests kept changing the same things. Repeat the request.'],
  22021: ['invalid_input', 'A text contains a character that cannot be stored (NUL).'],
  '22P05': ['invalid_input', 'A text contains a character that cannot be stored (NUL).'],
  // A cursor that somebody made up: the sizes and forms of all else are checked before.
  '22P02': ['expired_cursor', 'The cursor is damaged. Start again without it.'],
  22003: ['invalid_input', 'A number is beyond what can be held.'],
  22007: ['invalid_input', 'A date or instant is beyond what can be held.'],
  22008: ['invalid_input', 'A date or instant is beyond what can be held.'],
  22009: ['invalid_input', 'An instant has an offset that no time zone has.'],
  57014: ['unavailable', 'The database took too long. Repeat the request, or ask for less.'],
  25006: ['unavailable', 'The database takes no writes. Repeat the request.'],
  53100: ['unavailable', 'The database has no room left. Repeat the request.'],
  53200: ['unavailable', 'The database has no memory left. Repeat the request.'],
  53300: ['unavailable', 'The database has no free connection. Repeat the request.'],
  '55P03': ['unavailable', 'Something else holds what the request needs. Repeat the request.'],
  58030: ['unavailable', 'The disk of the database fails. Repeat the request.']
}

const outOfReach = /^(08(?!P01)|57P|E?CONN|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|XX000)/

/** What the driver says without a code; the last when a broken connection is asked to roll back. */
const lostConnection = /timeout exceeded when trying to connect|Query read timeout|Connection terminated|connection error and is not queryable/

function problemOf (error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code = '', validation, validationContext = 'body', statusCode, message = '' } = error as
    { code?: string, validation?: never[], validationContext?: string, statusCode?: number, message?: string }
  if (validation !== undefined) {
    const errors = faultsOf(validation, validationContext)
    return problem('invalid_input', errors[0]!.detail, { errors, cause: error })
  }
  if (code === '40001' && /conflict with recovery/.test(message)) return problem('unavailable', 'The replica had to put away what was being read. Repeat the request.', { cause: error, headers: { 'retry-after': '1' } })
  const known = framework[code] ?? database[code]
  if (known !== undefined) return problem(...known, { cause: error, ...(['conflict', 'unavailable'].includes(known[0]) && { headers: { 'retry-after': '1' } }) })
  if (outOfReach.test(code) || lostConnection.test(message)) {
    return problem('unavailable', 'The database is out of reach. Repeat the request.', { cause: error, headers: { 'retry-after': '5' } })
  }
  if (statusCode === 400 || error instanceof URIError) return problem('invalid_input', 'The request cannot be read.', { cause: error })
  if (statusCode === 413) return problem('too_large', 'The request is too large.', { cause: error })
  return problem('internal', 'Something went wrong inside the service. The log has it under the request id.', { cause: error })
}

/** Names what the operation reads. */
function unread (request: FastifyRequest): Problem {
  const { content } = (request.routeOptions.schema?.body ?? {}) as { content?: Record<string, unknown> }
  return problem('unsupported_media_type', `The Content-Type of the body is not one that this operation reads. Announce one of ${Object.keys(content ?? { 'application/json': 1 }).join(', ')}.`)
}

/** What is sent to an operation that reads nothing is wrong whatever its type and size. */
const takesNoBody = ({ method, routeOptions: { schema } }: FastifyRequest) =>
  !['GET', 'HEAD'].includes(method) && schema !== undefined && schema.body === undefined

/** Without the query, in which there may be anything. */
const pathOf = ({ url }: FastifyRequest) => url.split('?', 1)[0]!

/** What the request is answered with; what is the service's own fault is logged. */
export function problemFor (error: unknown, request: FastifyRequest): Problem {
  const read = (error as { code?: string }).code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? unread(request) : problemOf(error)
  const found = [413, 415].includes(read.status) && takesNoBody(request) ? problem('invalid_input', 'This operation takes no body.', { cause: error }) : read
  if (found.status >= 500) request.log.error({ err: error }, 'request failed')
  return found
}

export function answerProblem (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const found = problemFor(error, request)
  return reply.code(found.status).headers(found.options.headers ?? {})
    .header('x-request-id', request.id)
    .header('content-type', 'application/problem+json')
    // A key that came where a code was meant is not sent around once more.
    .send(withoutKeys(JSON.stringify(found.body(pathOf(request)))))
}

/** The problem handler, and 405 with Allow where only the method is wrong. */
export function addProblems (app: FastifyInstance): void {
  const routes: Array<{ method: string, url: string, pattern: RegExp }> = []
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replace(/[.]/g, '\\$&').replace(/:[a-z_]+/g, '[^/]+').replace(/\*/g, '.*')}$`)
    for (const one of [method].flat()) routes.push({ method: one, url, pattern })
  })
  /** Where a thing is made that somebody wanted to make by POST. */
  const put = (path: string) => {
    const below = routes.find(({ method, pattern }) => method === 'PUT' && pattern.test(`${path}/new`))
    return below === undefined ? '' : ` PUT makes one, at ${path}/${below.url.split('/').at(-1)!.replace(/:([a-z_]+)/, '{$1}')}.`
  }
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    const allow = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort()
    const found = allow.length === 0
      ? problem('not_found', `There is nothing at ${path}.`)
      : problem('method_not_allowed', `${request.method} does not work at ${path}; ${allow.join(', ')} do.${request.method === 'POST' ? put(path) : ''}`, { headers: { allow: allow.join(', ') } })
    return answerProblem(found, request, reply)
  })
}
