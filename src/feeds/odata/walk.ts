// A walk from page to page: its size, and the link to what is next, which says everything that was asked.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { markOf } from '../../db/keyset.js'
import { rootUrl } from './answer.js'
import { pairsOf } from './options.js'

const usual = 5000
const most = 10_000

/** Rows a page: what Prefer: odata.maxpagesize asks for, up to the most that is given. */
export function pageSize (request: FastifyRequest, reply: FastifyReply): number {
  const [, asked] = /(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?/i.exec(String(request.headers.prefer ?? '')) ?? []
  if (asked === undefined || Number(asked) === 0) return usual
  const size = Math.min(Number(asked), most)
  reply.header('preference-applied', `odata.maxpagesize=${size}`)
  return size
}

/** What the token of a next page says in their place; the count is told once. */
const inToken = new Set(['$top', '$skip', '$skiptoken', '$count'])

/** The options that hold for all pages of a walk, and the mark by which a token belongs to it. */
export function walkOf (set: string, query: string): { pairs: Array<[string, string]>, mark: string } {
  const pairs = pairsOf(query).filter(([name]) => !inToken.has(name))
  return { pairs, mark: markOf('odata', set, pairs) }
}

/** With spaces as %20, which all readers understand. */
export function nextLink (request: FastifyRequest, set: string, pairs: Array<[string, string]>, token: string): string {
  const query = [...pairs, ['$skiptoken', token] as const].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `${rootUrl(request)}/${set}?${query}`
}
