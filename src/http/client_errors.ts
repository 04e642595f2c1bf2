// What is no request at all, or did not come in time: answered on the bare connection, in the form of all errors.
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { problem } from '../problems.js'
import { safetyHeaders } from './safety.js'

/** Connections that send no head of a request for so long are ended, in milliseconds. */
export const headersTimeout = 20_000

const details: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not come in time.',
  HPE_HEADER_OVERFLOW: 'The headers of the request are longer than is taken.'
}

export function answerClientError (this: FastifyInstance, error: Error & { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  this.log.debug({ err: error }, 'no request')
  const found = problem('invalid_input', details[error.code] ?? 'The request cannot be read as HTTP.')
  const body = JSON.stringify(found.body(''))
  const headers = { ...safetyHeaders(null), 'content-type': 'application/problem+json', 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  if (socket.writable) socket.write(`HTTP/1.1 400 Bad Request\r\n${head}\r\n${body}`)
  socket.destroySoon()
}
