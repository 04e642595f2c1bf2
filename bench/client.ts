// The one client for all that are compared: single requests with their times, and a load of small ones over kept-alive
// connections. It reads answers as bytes and does as little as possible, so that the servers are what is measured.
import http from 'node:http'
import { connect } from 'node:net'
import type { Server } from './servers.js'

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  /** Milliseconds to the first and to the last byte of the body. */
  first: number
  whole: number
  bytes: number
  body: string
}

export interface Ask { method?: string, headers?: Record<string, string>, body?: Buffer, keep?: boolean }

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })

export function ask (server: Server, path: string, { method = 'GET', headers = {}, body, keep = false }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    const request = http.request(server.origin + path, { agent, method, headers: { ...server.headers, ...headers, ...length } }, response => {
      let first = 0
      let bytes = 0
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) first = performance.now() - start
        bytes += chunk.length
        if (keep || response.statusCode! >= 400) chunks.push(chunk)
      })
      response.on('end', () => {
        const { statusCode: status, headers } = response
        resolve({ status: status!, headers, first, whole: performance.now() - start, bytes, body: Buffer.concat(chunks).toString() })
      })
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** As ask, where anything but success ends the benchmark. */
export async function must (server: Server, path: string, options?: Ask): Promise<Answer> {
  const answer = await ask(server, path, options)
  if (answer.status < 300) return answer
  throw new Error(`${options?.method ?? 'GET'} ${server.origin}${path} answered ${answer.status}: ${answer.body.slice(0, 1000)}`)
}

/** Tells, chunk by chunk, when an answer is whole: its length is said, or it ends with an empty chunk. */
function reader (): (chunk: Buffer) => boolean {
  let start = Buffer.alloc(0)
  let missing: number | 'chunked' | undefined
  return chunk => {
    if (typeof missing === 'number') missing -= chunk.length
    if (missing === undefined) {
      start = Buffer.concat([start, chunk])
      const head = start.indexOf('\r\n\r\n')
      if (head < 0) return false
      const text = start.toString('latin1', 0, head)
      if (!text.startsWith('HTTP/1.1 200')) throw new Error(start.toString().slice(0, 1000))
      const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
      missing = length === undefined ? 'chunked' : Number(length) - (start.length - head - 4)
    }
    return missing === 'chunked' ? chunk.subarray(-5).equals(lastChunk) : missing <= 0
  }
}

const lastChunk = Buffer.from('0\r\n\r\n')

interface LoadOptions { connections: number, seconds: number, headers?: Record<string, string> }

export interface Load { perSecond: number, median: number }

/** Requests a second, one in flight on each connection, and the median of their milliseconds. */
export async function load (server: Server, paths: string[], { connections, seconds, headers = {} }: LoadOptions): Promise<Load> {
  const { host, hostname, port } = new URL(server.origin)
  const head = Object.entries({ host, ...server.headers, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const requests = paths.map(path => Buffer.from(`GET ${path} HTTP/1.1\r\n${head}\r\n`))
  const times: number[] = []
  const start = performance.now()
  const until = start + seconds * 1000
  await Promise.all(Array.from({ length: connections }, (_, n) => new Promise<void>((resolve, reject) => {
    // Into one buffer, for what a large answer takes to be read is not what is measured.
    const onread = { buffer: Buffer.alloc(256 * 1024), callback: (length: number, buffer: Uint8Array) => read(buffer.subarray(0, length)) }
    const socket = connect({ port: Number(port), host: hostname, noDelay: true, onread })
    let next = Math.floor(requests.length / connections * n)
    let sent = 0
    let whole = reader()
    const send = () => {
      sent = performance.now()
      if (sent > until) {
        socket.destroy()
        resolve()
      } else {
        whole = reader()
        socket.write(requests[next++ % requests.length]!)
      }
    }
    const read = (chunk: Uint8Array) => {
      try {
        if (!whole(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))) return true
      } catch (error) {
        socket.destroy()
        reject(error instanceof Error ? error : new Error(String(error)))
        return false
      }
      times.push(performance.now() - sent)
      send()
      return true
    }
    socket.on('connect', send).on('error', reject).on('close', () => reject(new Error(`${server.origin} closed the connection`)))
  })))
  return { perSecond: times.length / (performance.now() - start) * 1000, median: median(times) }
}

export const quantile = (values: number[], q: number) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!

export const median = (values: number[]) => quantile(values, 0.5)
