// The client that tests talk through. It checks every answer: against the document, for its request id, and errors for
// their one form. So tests assert only what is theirs.
import { AssertionError } from 'node:assert'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import { document } from '../../src/http/openapi.js'
import { problems } from '../../src/problems.js'

export interface Answer {
  status: number
  headers: Record<string, string>
  etag: string
  text: string
  bytes: Buffer
  // Tests look into bodies freely; the document has been checked.
  body: any
}

export interface SendOptions {
  etag?: string
  headers?: Record<string, string>
  idempotency?: string
  query?: Record<string, string | number | boolean>
}

type Schema = Record<string, unknown>
interface OperationDocument { operationId: string, responses: Record<string, { content?: Record<string, { schema: Schema }> }> }
export type Paths = Record<string, Record<string, OperationDocument>>

/** Finds what the document says of an answer and holds the answer against it. */
export function checker (app: FastifyInstance) {
  const openapi = document(app) as unknown as { paths: Paths }
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(openapi, 'openapi')
  const patterns = Object.keys(openapi.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map(path => [new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[a-z_]+\}/g, '[^/]+')}$`), path] as const)
  return (method: string, url: string, answer: Answer) => {
    const path = patterns.find(([pattern]) => pattern.test(url.split('?')[0]!))?.[1]
    const operation = path === undefined ? undefined : openapi.paths[path]![method.toLowerCase()]
    if (operation === undefined) return
    const response = operation.responses[answer.status]
    if (response === undefined) throw new AssertionError({ message: `${operation.operationId} answered ${answer.status}, which the document does not have: ${answer.text.slice(0, 300)}` })
    const type = answer.headers['content-type']?.split(';')[0] ?? ''
    const content = response.content?.[type]
    if (content === undefined) {
      if (answer.text !== '') throw new AssertionError({ message: `${operation.operationId} answered ${answer.status} as ${type}, which the document does not have` })
      return
    }
    if (!type.endsWith('json') || type.endsWith('ndjson')) return
    const pointer = `openapi#/paths/${path!.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}/responses/${answer.status}/content/${type.replace('/', '~1')}/schema`
    const validate = ajv.getSchema(pointer) ?? ajv.compile({ $ref: pointer })
    if (!validate(answer.body)) throw new AssertionError({ message: `${operation.operationId} ${answer.status} does not fit the document: ${ajv.errorsText(validate.errors).slice(0, 600)}\n${answer.text.slice(0, 600)}` })
  }
}

export function checkProblem (answer: Answer): void {
  const { status, headers, body } = answer
  if (status < 400) return
  const known = problems[body?.code as keyof typeof problems]
  if (headers['content-type']?.startsWith('application/problem+json') !== true || known === undefined || known[0] !== status || body.status !== status || body.type !== `/problems/${body.code}`) {
    throw new AssertionError({ message: `The error ${status} has not the form of a problem: ${answer.text.slice(0, 300)}` })
  }
}

export type Client = ReturnType<typeof makeClient>

export function makeClients (app: FastifyInstance) {
  const check = checker(app)
  return (key: string | null) => makeClient(app, check, key)
}

function makeClient (app: FastifyInstance, check: ReturnType<typeof checker>, key: string | null) {
  async function send (method: string, url: string, body?: unknown, { etag, headers = {}, idempotency, query }: SendOptions = {}): Promise<Answer> {
    const response = await app.inject({
      method: method as 'GET',
      url,
      ...(query && { query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])) }),
      ...(body !== undefined && { payload: body as string }),
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(typeof body === 'object' && { 'content-type': 'application/json' }),
        ...(etag !== undefined && { 'if-match': etag }),
        ...(idempotency !== undefined && { 'idempotency-key': idempotency }),
        ...headers
      }
    })
    const type = String(response.headers['content-type'] ?? '')
    const answer: Answer = {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      etag: String(response.headers.etag ?? ''),
      text: response.body,
      bytes: response.rawPayload,
      body: /json\b/.test(type) && !type.includes('ndjson') && response.body !== '' ? JSON.parse(response.body) : undefined
    }
    if (answer.headers['x-request-id'] === undefined) throw new AssertionError({ message: `${method} ${url} answered without X-Request-Id` })
    checkProblem(answer)
    check(method, url, answer)
    return answer
  }
  return {
    key,
    send,
    get: (url: string, options?: SendOptions) => send('GET', url, undefined, options),
    put: (url: string, body: unknown, options?: SendOptions) => send('PUT', url, body, options),
    patch: (url: string, body: unknown, options?: SendOptions) => send('PATCH', url, body, options),
    post: (url: string, body?: unknown, options?: SendOptions) => send('POST', url, body, options),
    delete: (url: string, options?: SendOptions) => send('DELETE', url, undefined, options)
  }
}
