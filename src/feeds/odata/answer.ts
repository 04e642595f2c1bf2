// Answers of the feed, in the JSON format of OData 4.0.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { origin } from '../../http/pages.js'
import { problemFor } from '../../http/problem_handler.js'
import { withoutKeys } from '../../http/secrets.js'
import { problem } from '../../problems.js'
import { typeOf, type Form } from './negotiation.js'
import type { EntitySet, Property } from './model.js'

export const root = '/odata/v1'

export const version = { 'odata-version': '4.0' }

export const rootUrl = (request: FastifyRequest): string => new URL(root, origin(request)).href

/** As bytes: the framework would rewrite the media type of a text, and some readers know it only in this spelling. */
export function send (reply: FastifyReply, type: string, body: Buffer | string): FastifyReply {
  return reply.header('content-type', type).send(Buffer.isBuffer(body) ? body : Buffer.from(body))
}

export const sendJson = (reply: FastifyReply, form: Form, body: Buffer | string): FastifyReply => send(reply, typeOf(form), body)

/** What the answer is of: the set, what of its rows, and whether it is one of them. */
export function contextOf (request: FastifyRequest, set: EntitySet, select: Property[] | undefined, one = false): string {
  const some = select === undefined || select === set.properties ? '' : `(${select.map(({ name }) => name).join(',')})`
  return `${rootUrl(request)}/$metadata#${set.name}${some}${one ? '/$entity' : ''}`
}

/** An object whose first members are these, and the others those of a text that is an object's already. */
export const led = (members: Record<string, unknown>, rest: string | Buffer): string => {
  const first = JSON.stringify(members).slice(1, -1)
  const others = rest.toString().slice(1)
  return `{${first}${first !== '' && others !== '}' ? ',' : ''}${others}`
}

/** Errors of this surface have the form of OData, and say the same as the service's own. */
export function answerError (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const found = problemFor(error, request)
  const { errors = [], headers = {} } = found.options
  const details = errors.map(({ pointer, code, detail }) => ({ code, message: detail, target: pointer.replace(/^\?/, '') }))
  const [first] = details
  const body = { error: { code: found.code, message: found.message, ...(first !== undefined && { target: first.target, details }) } }
  return send(reply.code(found.status).headers(headers).headers(version), 'application/json;odata.metadata=minimal', withoutKeys(JSON.stringify(body)))
}

export const readOnly = (method: string) => problem('method_not_allowed', `The feed is only read: ${method} does not work here; GET and HEAD do.`, { headers: { allow: 'GET, HEAD' } })
