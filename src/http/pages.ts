// Lists: limit and cursor in, items with next_cursor, next and Link out, and warnings for filters that match nothing.
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { markOf, readCursor, type Page, type PageRequest } from '../db/keyset.js'
import { problem } from '../problems.js'
import { whole, type WarningBody } from './schema.js'

export const pageQuery = {
  limit: Type.Optional(whole({ minimum: 1, maximum: 1000, default: 100, description: 'Items a page.' })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description: 'next_cursor of the page before.' })),
  count: Type.Optional(Type.Boolean({ default: false, description: 'true adds total, the number of all items.' }))
}

export const pageHeaders = { link: Type.String({ description: 'rel="next" leads to the next page (RFC 8288).' }) }

interface PageQuery { limit?: number, cursor?: string, count?: boolean }

/** What page is asked for; a cursor serves only the list and the filters it was made for. */
export function pageRequest (request: FastifyRequest, parts: unknown[] = []): PageRequest {
  const { limit = 100, cursor, count, ...filters } = request.query as PageQuery
  const mark = markOf(request.routeOptions.url, request.params, filters, parts)
  return { limit, after: readCursor(cursor, mark), mark, count: count ?? false }
}

/** Where clients find the service, as its operator or the request says. */
export function origin (request: FastifyRequest): string {
  const said = request.server.publicUrl ?? `${request.protocol}://${request.host}`
  if (URL.canParse(said)) return said
  throw problem('invalid_input', 'The Host header is not a host name.')
}

/** The absolute URL of the next page, announced in Link as well. */
export function nextUrl (request: FastifyRequest, reply: FastifyReply, cursor: string | null): string | null {
  if (cursor === null) return null
  const url = new URL(request.url, origin(request))
  url.searchParams.set('cursor', cursor)
  reply.header('link', `<${url.href}>; rel="next"`)
  return url.href
}

export function pageBody<T> (request: FastifyRequest, reply: FastifyReply, page: Page<T>, warnings: WarningBody[]) {
  return {
    items: page.items,
    next_cursor: page.next,
    next: nextUrl(request, reply, page.next),
    ...(page.total !== undefined && { total: page.total }),
    ...(warnings.length > 0 && { warnings })
  }
}
