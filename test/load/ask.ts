// One request over a connection that is kept, as clients do it: the whole answer, and how long it took. For load, where fetch costs
// the tester more than the service.
import { request, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface Ask {
  method?: string
  key?: string | undefined
  /** As JSON where it is no text and no bytes. */
  body?: unknown
  type?: string
  headers?: Record<string, string>
}

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** In milliseconds. */
  took: number
  // As the tests look into it.
  json (): any
}

const bytesOf = (body: unknown) => body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)

export const headersOf = ({ key, body, type = 'application/json', headers = {} }: Ask): Record<string, string> => ({
  ...(key !== undefined && { authorization: `Bearer ${key}` }),
  ...(body !== undefined && { 'content-type': type }),
  ...headers
})

/** The answer once it begins. */
export const begin = (agent: Agent, url: string, ask: Ask): Promise<IncomingMessage> => new Promise((resolve, reject) => {
  const { method = 'GET' } = ask
  const body = bytesOf(ask.body)
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  request(url, { agent, method, headers: { ...headersOf(ask), ...length } }, resolve).on('error', reject).end(body)
})

export async function ask (agent: Agent, url: string, what: Ask = {}): Promise<Reply> {
  const sent = performance.now()
  const answer = await begin(agent, url, what)
  const body = await buffer(answer)
  return { status: answer.statusCode!, headers: answer.headers, body, took: performance.now() - sent, json: () => JSON.parse(body.toString()) }
}
