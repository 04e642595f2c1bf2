// Requests as they go over the wire, headers and addresses as strange as they come: real HTTP on connections that are kept.
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Answer } from '../support/client.js'

export interface Sent { method: string, url: string, headers: Record<string, string>, body?: string | Buffer | undefined }

export type Wire = (sent: Sent) => Promise<Answer>

/** The app listens on a port of its own until it is closed. */
export async function wireTo (app: FastifyInstance): Promise<Wire> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return ({ method, url, headers, body }) => new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const asked = request({ agent, host: '127.0.0.1', port, method, path: url, headers: { ...length, ...headers } }, answer => {
      const chunks: Buffer[] = []
      answer.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(answerOf(answer.statusCode!, answer.headers as Record<string, string>, Buffer.concat(chunks))))
    })
    asked.on('error', reject).end(body)
  })
}

function answerOf (status: number, headers: Record<string, string>, bytes: Buffer): Answer {
  const [type, text] = [headers['content-type'] ?? '', bytes.toString()]
  const json = /json\b/.test(type) && !type.includes('ndjson') && text !== ''
  return { status, headers, etag: headers.etag ?? '', text, bytes, body: json ? JSON.parse(text) : undefined }
}

/** The request as a line to type. */
export function curl ({ method, url, headers, body }: Sent): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const heads = Object.entries(headers).map(([name, value]) => ` -H ${quoted(`${name}: ${name === 'authorization' ? '…' : value}`)}`).join('')
  const data = body === undefined ? '' : ` --data-binary ${quoted(body.toString().slice(0, 1500))}`
  return `curl -X ${method} "$URL"${quoted(url.slice(0, 600))}${heads}${data}`
}
