// The five operations that every register and plan section has, written once: list, get, put, patch, delete.
import { Type, type TProperties } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ulid } from 'ulid'
import { article, column, ownerExamples, owners, type Kind, type Stored } from '../db/kind.js'
import { mergePatch, normalForm } from '../db/normal_form.js'
import { completed, requireRight } from '../db/record_rights.js'
import * as records from '../db/records.js'
import { snapshot, type Ctx } from '../db/connection.js'
import { problem } from '../problems.js'
import { idempotencyKey, posting, reading, writing } from './context.js'
import { fresh, ifMatch, ifNoneMatch, precondition } from './etag.js'
import { codeParam, createdHeaders, etagHeader, operation, q } from './operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from './pages.js'
import { recordRead } from './reads.js'
import { code, codePattern, type WarningBody } from './schema.js'

const upper = (word: string) => word.split(/[ _]/).map(part => part[0]!.toUpperCase() + part.slice(1)).join('')

const scopeOf = ({ owner }: Kind, request: FastifyRequest) => owner === null ? null : (request.params as Record<string, string>)[owner] ?? null
const codeOf = (kind: Kind, request: FastifyRequest) => (request.params as Record<string, string>)[kind.parameter]!

/** Whoever may not write what is stored is refused before the body is read; of what is new it tells whether it may be. */
export const permitting = <T extends object>(kind: Kind, operation: T) => ({
  ...operation,
  onRequest: (request: FastifyRequest) => records.permit(reading(request), kind, scopeOf(kind, request), codeOf(kind, request))
})

/** What every operation of a kind says of itself. */
function words (kind: Kind) {
  const one = upper(kind.noun)
  const { owner } = kind
  const within: TProperties = owner === null ? {} : { [owner]: codeParam(`Code of the ${owner}.`, ownerExamples[owner]) }
  const item = (pattern?: string): TProperties => ({ ...within, [kind.parameter]: codeParam(`Code of the ${kind.noun}.`, kind.schema.exampleCode, pattern) })
  const place = owner === null ? '' : ` of a ${owner}`
  return { one, many: upper(kind.table), within, item, place, path: `/v1/${owner === null ? '' : `${owners[owner]}/:${owner}/`}${kind.segment}` }
}

export function recordRoutes (app: FastifyInstance, kind: Kind): void {
  listRoute(app, kind)
  if (kind.posted) postRoute(app, kind)
  getRoute(app, kind)
  putRoute(app, kind)
  patchRoute(app, kind)
  deleteRoute(app, kind)
}

/** One list of what lies in many places: all targets, of whatever measure. */
export function acrossRoute (app: FastifyInstance, kind: Kind): void {
  const { many } = words(kind)
  const filters = { [kind.owner!]: column(code(`Only ${kind.table} of this ${kind.owner}.`), owners[kind.owner!])(kind.owner!), ...kind.filters }
  listRoute(app, { ...kind, owner: null, filters }, { id: `listAll${many}`, place: ` of all ${kind.owner}s`, search: false })
}

function listRoute (app: FastifyInstance, kind: Kind, { id, place, search }: { id: string, place: string, search: boolean } = listed(kind)): void {
  const { within, path } = words(kind)
  const filters = Object.fromEntries(Object.entries(kind.filters).map(([name, filter]) => [name, Type.Optional(filter.schema)]))
  app.get(path, operation({
    id,
    tag: kind.table,
    summary: `List ${kind.table.replace('_', ' ')}${place}`,
    description: `All ${kind.table.replace('_', ' ')}${place} that the caller may see, ${'position' in kind.schema.fields ? 'in printed order' : 'by code'}.`,
    role: kind.roles?.read ?? 'public',
    params: within,
    query: { ...pageQuery, ...(search && { q: Type.Optional(q) }), ...filters },
    answers: { 200: { schema: kind.schema.page, description: 'A page.', headers: pageHeaders } },
    problems: kind.owner === null ? ['expired_cursor'] : ['not_found', 'expired_cursor']
  }), async (request, reply) => {
    const { limit: _, cursor: __, count: ___, q: text, ...wanted } = request.query as Record<string, string>
    const page = pageRequest(request)
    const { found, sensitive } = await snapshot(reading(request), async ctx => {
      const found = await records.list(ctx, kind, scopeOf(kind, request), { filters: wanted, ...(text && { q: text }), page })
      return { found, sensitive: await isSensitive(ctx, kind, request, found.items) }
    })
    if (sensitive) await recordRead(request, kind.recorded!.as)
    return pageBody(request, reply, found, found.unknown.map(name => warning(kind, name, wanted[name]!)))
  })
}

const isSensitive = async (ctx: Ctx, kind: Kind, request: FastifyRequest, items: Stored[]) =>
  await kind.recorded?.among(ctx, scopeOf(kind, request), items) ?? false

const listed = (kind: Kind) => ({ id: `list${words(kind).many}`, place: words(kind).place, search: kind.owner === null })

/** A filter that names nothing known is no error, but worth a word. */
function warning (kind: Kind, parameter: string, value: string): WarningBody {
  const noun = kind.filters[parameter]!.names!.replace(/ies$/, 'y').replace(/s$/, '')
  return { code: `unknown_${noun}`, parameter, value, detail: `No ${noun.replace('_', ' ')} has the code '${value}', so the filter matches nothing.` }
}

function postRoute (app: FastifyInstance, kind: Kind): void {
  const { one, within, place, path } = words(kind)
  app.post(path, operation({
    id: `create${one}`,
    tag: kind.table,
    summary: `Create ${article(kind.noun)}${place}`,
    description: `Makes it, and a code for it. With an Idempotency-Key a repeat makes no second one. ${kind.written}`,
    role: kind.roles?.write ?? 'editor',
    params: within,
    headers: idempotencyKey,
    body: kind.schema.body,
    answers: { 201: { schema: kind.schema.view, description: 'Created.', headers: createdHeaders } },
    problems: ['not_found', 'conflict', 'too_large', 'unsupported_media_type', 'unprocessable', 'idempotency_mismatch']
  }), async (request, reply) => {
    const body = request.body as Record<string, unknown>
    if (body.code != null) {
      const detail = 'The service makes the code: leave it out, or PUT to an address with a code of your own.'
      throw problem('invalid_input', detail, { errors: [{ pointer: '/code', code: 'contradiction', detail }] })
    }
    return posting(request, reply, async ctx => {
      const { item } = await records.put(ctx, kind, scopeOf(kind, request), ulid().toLowerCase(), body, {})
      return { status: 201, headers: { location: `${request.url.split('?')[0]!}/${item.code}`, etag: `"${item.version}"` }, body: item }
    })
  })
}

function getRoute (app: FastifyInstance, kind: Kind): void {
  const { one, item, place, path } = words(kind)
  app.get(`${path}/:${kind.parameter}`, operation({
    id: `get${one}`,
    tag: kind.table,
    summary: `Get ${article(kind.noun)}${place}`,
    description: `One ${kind.noun}${place}, with its ETag.`,
    role: kind.roles?.read ?? 'public',
    params: item(),
    headers: ifNoneMatch,
    answers: {
      200: { schema: kind.schema.view, description: `The ${kind.noun}.`, headers: etagHeader },
      304: { schema: null, description: 'The version named in If-None-Match is still current.' }
    },
    problems: ['not_found']
  }), async (request, reply) => {
    const found = await records.find(reading(request), kind, scopeOf(kind, request), codeOf(kind, request))
    if (fresh(request, reply, String(found.version))) return reply.send()
    if (await isSensitive(reading(request), kind, request, [found])) await recordRead(request, kind.recorded!.as)
    return found
  })
}

function putRoute (app: FastifyInstance, kind: Kind): void {
  const { one, item, place, path } = words(kind)
  app.put(`${path}/:${kind.parameter}`, permitting(kind, operation({
    id: `put${one}`,
    tag: kind.table,
    summary: `Create or replace ${article(kind.noun)}${place}`,
    description: `Creates it, or replaces it whole: members left out take their default. Replacing needs If-Match with the current ETag; a body equal to what is stored answers 200 whatever precondition is sent, so a repeat is always safe. ${kind.written}`,
    role: kind.roles?.write ?? 'editor',
    params: item(codePattern),
    headers: { ...ifMatch, 'if-none-match': Type.Optional(Type.String({ maxLength: 2000, description: '* to create only.' })) },
    body: kind.schema.body,
    answers: {
      200: { schema: kind.schema.view, description: 'Replaced, or already so.', headers: etagHeader },
      201: { schema: kind.schema.view, description: 'Created.', headers: createdHeaders }
    },
    problems: ['not_found', 'conflict', 'stale_version', 'too_large', 'unsupported_media_type', 'unprocessable', 'precondition_required']
  })), async (request, reply) => {
    const code = codeOf(kind, request)
    refuseOtherCode(request.body as Record<string, unknown>, code)
    const when = precondition(request)
    const { outcome, item: stored } = await writing(request, ctx =>
      records.put(ctx, kind, scopeOf(kind, request), code, request.body as Record<string, unknown>, when))
    if (outcome === 'created') reply.code(201).header('location', request.url.split('?')[0]!)
    reply.header('etag', `"${stored.version}"`)
    return stored
  })
}

function refuseOtherCode (body: Record<string, unknown>, code: string): void {
  if (body.code === undefined || body.code === null || body.code === code) return
  const detail = `The body says code '${String(body.code)}', the path '${code}'. Codes never change; leave it out.`
  throw problem('invalid_input', detail, { errors: [{ pointer: '/code', code: 'contradiction', detail }] })
}

function patchRoute (app: FastifyInstance, kind: Kind): void {
  const { one, item, place, path } = words(kind)
  app.patch(`${path}/:${kind.parameter}`, permitting(kind, operation({
    id: `patch${one}`,
    tag: kind.table,
    summary: `Change members of ${article(kind.noun)}${place}`,
    description: `JSON merge patch (RFC 7396), as application/merge-patch+json or application/json: members given replace those stored, null resets one to its default. Needs If-Match with the current ETag. ${kind.written}`,
    role: kind.roles?.patch ?? kind.roles?.write ?? 'editor',
    params: item(),
    headers: ifMatch,
    body: kind.schema.patch,
    media: ['application/merge-patch+json', 'application/json'],
    answers: { 200: { schema: kind.schema.view, description: 'The whole, as it is now.', headers: etagHeader } },
    problems: ['not_found', 'conflict', 'stale_version', 'too_large', 'unsupported_media_type', 'unprocessable', 'precondition_required']
  })), async (request, reply) => {
    const code = codeOf(kind, request)
    refuseOtherCode(request.body as Record<string, unknown>, code)
    const when = precondition(request)
    const stored = await writing(request, async ctx => {
      const before = await records.find(ctx, kind, scopeOf(kind, request), code)
      const merged = mergePatch(fieldsOf(kind, before), withoutReadOnly(request.body as Record<string, unknown>)) as Record<string, unknown>
      const place = { kind, scope: scopeOf(kind, request), code }
      await requireRight(ctx, place, before, await completed(ctx, kind, place.scope, normalForm(kind, merged)))
      records.requireMatch(kind, code, before, when)
      const faults = request.server.faults(`${kind.schema.id}Body`, merged)
      if (faults.length > 0) throw problem('invalid_input', faults[0]!.detail, { errors: faults })
      return (await records.put(ctx, kind, scopeOf(kind, request), code, merged, { match: [String(before.version)] })).item
    })
    reply.header('etag', `"${stored.version}"`)
    return stored
  })
}

/** Members as a body would carry them: what is null stays out. */
const fieldsOf = (kind: Kind, stored: Stored) =>
  Object.fromEntries(Object.entries(normalForm(kind, stored)).filter(([, value]) => value !== null))

const withoutReadOnly = ({ code: _, version: __, created_at: ___, updated_at: ____, ...rest }: Record<string, unknown>) => rest

function deleteRoute (app: FastifyInstance, kind: Kind): void {
  const { one, item, place, path } = words(kind)
  app.delete(`${path}/:${kind.parameter}`, operation({
    id: `delete${one}`,
    tag: kind.table,
    summary: `Delete ${article(kind.noun)}${place}`,
    description: `Needs If-Match with the current ETag. Refused while other things refer to it.${kind.table === 'plans' ? ' Deletes all that the plan owns with it; measures and their figures stay.' : ''} ${kind.written}`,
    role: kind.roles?.remove ?? kind.roles?.write ?? 'editor',
    params: item(),
    headers: ifMatch,
    answers: { 204: { schema: null, description: 'Deleted.' } },
    problems: ['not_found', 'in_use', 'stale_version', 'precondition_required']
  }), async (request, reply) => {
    const when = precondition(request)
    await writing(request, ctx => records.remove(ctx, kind, scopeOf(kind, request), codeOf(kind, request), when))
    return reply.code(204).send()
  })
}
