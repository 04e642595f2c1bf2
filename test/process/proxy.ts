// Something between a client and the service that fails as networks do: answers get lost, and requests are turned away.
import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface Seen { method: string, url: string, headers: IncomingHttpHeaders }

/** pass: as if it were not there; cut: the service answers and the client hears half of it; hold: no answer ever. */
export type Fate = 'pass' | 'cut' | 'hold' | { status: number, headers?: Record<string, string> }

/** `fate` decides over each request, in order; what it says nothing of passes. */
export async function proxy (t: Test, to: string, fate: (seen: Seen, count: number) => Fate | undefined | Promise<Fate | undefined>) {
  const requests: Seen[] = []
  const server = createServer((incoming, outgoing) => {
    const seen = { method: incoming.method!, url: incoming.url!, headers: incoming.headers }
    requests.push(seen)
    void Promise.resolve(fate(seen, requests.length)).then((decided = 'pass') => {
      if (decided === 'hold') return
      if (typeof decided === 'object') {
        incoming.resume().on('end', () => outgoing.writeHead(decided.status, decided.headers).end())
        return
      }
      const onward = request(to + incoming.url, { method: seen.method, headers: { ...seen.headers, host: new URL(to).host } }, answer => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
          const body = Buffer.concat(chunks)
          const { 'transfer-encoding': _, ...headers } = answer.headers
          outgoing.writeHead(answer.statusCode!, { ...headers, 'content-length': body.length })
          if (decided === 'pass') outgoing.end(body)
          else outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy())
        })
      })
      onward.on('error', () => outgoing.destroy())
      incoming.pipe(onward)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise(resolve => server.close(resolve))
  }
  t.teardown(close)
  return { url: `http://127.0.0.1:${port}`, requests, close }
}
