// How a page is sent: with headers under which nothing but this page and its stylesheet runs, whole or in pieces.
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

export const securityHeaders = {
  'content-security-policy': "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer'
} as const

export const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.headers(securityHeaders).type('text/html; charset=utf-8').send(page)

/** The first piece is on its way before the others are made; between pieces other requests have their turn. */
export function sendPieces (reply: FastifyReply, first: string, others: Promise<Iterable<string>>): FastifyReply {
  const stream = Readable.from((async function * () {
    yield first
    for (const piece of await others) {
      yield piece
      await setImmediate()
    }
  })(), { objectMode: false })
  stream.once('error', error => { reply.log.error({ err: error }, 'a page broke off') })
  return reply.headers(securityHeaders).type('text/html; charset=utf-8').send(stream)
}
