// Strong ETags and the preconditions made with them (RFC 9110, section 13).
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '@sinclair/typebox'
import type { Precondition } from '../db/records.js'
import { problem } from '../problems.js'

/** Tags listed in a header; a W/ that a proxy put in front is ignored. */
function tags (header: string | undefined, name: string): string[] | undefined {
  if (header === undefined) return undefined
  const found = header.split(',').map(tag => tag.trim().replace(/^W\//, ''))
  if (!found.every(tag => tag === '*' || /^"[!#-~]*"$/.test(tag))) {
    throw problem('invalid_input', `${name} takes ETags in double quotes, as sent with GET: ${name}: "3".`, { errors: [{ pointer: name, code: 'wrong_form', detail: `'${header}' is not a list of quoted ETags.` }] })
  }
  return found.map(tag => tag === '*' ? tag : tag.slice(1, -1))
}

export function precondition (request: FastifyRequest): Precondition {
  const match = tags(request.headers['if-match'], 'if-match')
  const none = tags(request.headers['if-none-match'], 'if-none-match')?.includes('*')
  return { ...(match && { match }), ...(none && { none }) }
}

/** Sets the ETag; true where the caller has this version already and a bare 304 was prepared. */
export function fresh (request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', `"${tag}"`)
  const seen = tags(request.headers['if-none-match'], 'if-none-match')
  if (seen === undefined || !(seen.includes('*') || seen.includes(tag))) return false
  reply.code(304)
  return true
}

export const ifNoneMatch = { 'if-none-match': Type.Optional(Type.String({ maxLength: 2000, description: 'ETag of the version already held; answers 304 when it is still current.' })) }

export const ifMatch = { 'if-match': Type.Optional(Type.String({ maxLength: 2000, description: 'ETag of the version this was made from, as sent with GET: "3".' })) }
