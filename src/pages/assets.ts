// The stylesheet, at an address that changes with its content.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { style } from './style.js'

const hash = createHash('sha256').update(style).digest('base64url').slice(0, 16)

/** The address changes with the content, so that it may be kept for ever. */
export const styleAddress = `/assets/outturn.css?v=${hash}`

export function assetRoutes (app: FastifyInstance): void {
  const schema = { hide: true, querystring: { type: 'object', properties: { v: { type: 'string' } }, additionalProperties: false } }
  app.get('/assets/outturn.css', { config: { role: 'public' as const }, schema }, async (request, reply) => reply
    // Where two releases run side by side, the other's address is not to be kept with this content.
    .header('cache-control', (request.query as { v?: string }).v === hash ? 'public, max-age=31536000, immutable' : 'no-cache')
    .type('text/css; charset=utf-8').send(style))
}
