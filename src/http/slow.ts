// Senders so slow that they only hold a connection. A total time would cut off a large delivery on a slow line, so it is the
// rate that counts: a body has to bring so many bytes in every stretch of time, or its connection is ended.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

export interface Slowest { bytes: number, milliseconds: number }

/** Half a kilobyte a second: a tenth of what the slowest line that anybody sends over carries. */
export const slowest: Slowest = { bytes: 16 * 1024, milliseconds: 30_000 }

const hasBody = ({ headers }: IncomingMessage) => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

export function endSlowBodies (app: FastifyInstance, { bytes, milliseconds }: Slowest): void {
  /** Bodies on their way, with what their connections had brought when last looked at; null where that was not yet. */
  const coming = new Map<IncomingMessage, number | null>()
  const watch = setInterval(() => {
    for (const [request, before] of coming) {
      // A request that was refused amid its body, and whose connection has ended since, has none any more.
      const { socket } = request as { socket: Socket | null }
      if (request.complete || request.destroyed || socket === null) {
        coming.delete(request)
        continue
      }
      const brought = socket.bytesRead
      // Where something waits to be read it is we who are slow.
      const tooSlow = before !== null && brought - before < bytes && request.readableLength === 0
      if (tooSlow) request.destroy(new Error('the sender is too slow'))
      else coming.set(request, brought)
    }
  }, milliseconds).unref()
  app.addHook('onClose', async () => { clearInterval(watch) })
  app.addHook('onRequest', ({ raw }, _, done) => {
    if (hasBody(raw)) coming.set(raw, null)
    done()
  })
  // An answer may come before the end of what it refuses.
  app.addHook('onResponse', ({ raw }, _, done) => {
    if (raw.complete) coming.delete(raw)
    done()
  })
}
