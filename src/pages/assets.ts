// The stylesheet's route, and how a page is sent: with headers under which nothing but this page and its stylesheet runs.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { style } from './style.js'

const hash = createHash('sha256').update(style).digest('base64url').slice(0, 16)

/** The address changes with the content, so that it may be kept for ever. */
export const styleAddress = `/assets/outturn.css?v=${hash}`

export const pageHeaders = {
  'content-security-policy': "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer'
} as const

/** Sends a page as HTML: a text whole, pieces as they are made. */
export function sendPage (reply: FastifyReply, page: string | Iterable<string> | AsyncIterable<string>): FastifyReply {
  return reply.headers(pageHeaders).type('text/html; charset=utf-8').send(typeof page === 'string' ? page : Readable.from(page, { objectMode: false }))
}

export function assetRoutes (app: FastifyInstance): void {
  app.get('/assets/outturn.css', { config: { role: 'public' as const }, schema: { hide: true } }, async (_, reply) => reply
    .headers({ 'cache-control': 'public, max-age=31536000, immutable' }).type('text/css; charset=utf-8').send(style))
}
