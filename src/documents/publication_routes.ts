// Publishing a plan, and reading what was published.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { snapshot } from '../db/connection.js'
import { idempotencyKey, posting, reading } from '../http/context.js'
import { fresh, ifNoneMatch } from '../http/etag.js'
import { codeParam, createdHeaders, etagHeader, operation } from '../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../http/pages.js'
import { recordRead } from '../http/reads.js'
import { codePattern } from '../http/schema.js'
import { Publication, PublicationBody, PublicationDiff, PublicationPage, PublishedPlan, type PublicationBodyForm } from '../resources/publications/schema.js'
import { holdsRestricted, tellsRestricted } from '../resources/updates/restricted.js'
import { compareBundles } from './diff.js'
import { bundleOf, bundleText, findPublication, labelBefore, listPublications, publish } from './publications.js'

const path = '/v1/plans/:plan/publications'
const plan = codeParam('Code of the plan.', 'plan-a')
const label = codeParam('Label of the publication.', 'V2')

interface Params { plan: string, label: string }

export function publicationRoutes (app: FastifyInstance): void {
  listRoute(app)
  publishRoute(app)
  getRoute(app)
  diffRoute(app)
}

function listRoute (app: FastifyInstance): void {
  app.get(path, operation({
    id: 'listPublications',
    tag: 'publications',
    summary: 'List publications of a plan',
    description: 'All versions of the plan that were published and that the caller may see, oldest first, without their contents.',
    role: 'public',
    params: { plan },
    query: pageQuery,
    answers: { 200: { schema: PublicationPage, description: 'A page.', headers: pageHeaders } },
    problems: ['not_found', 'expired_cursor']
  }), async (request, reply) => {
    const page = pageRequest(request)
    return pageBody(request, reply, await snapshot(reading(request), ctx => listPublications(ctx, (request.params as Params).plan, page)), [])
  })
}

function publishRoute (app: FastifyInstance): void {
  app.post(path, operation({
    id: 'createPublication',
    tag: 'publications',
    summary: 'Publish a plan',
    description: 'Freezes the plan as its readers see it now, under a label, for good: what is restricted or hidden from them is not in it. The live plan goes on being edited. Neither label nor contents can be changed or deleted afterwards, and a published plan cannot be deleted.',
    role: 'publisher',
    params: { plan },
    headers: idempotencyKey,
    body: PublicationBody,
    answers: { 201: { schema: Publication, description: 'Published.', headers: createdHeaders } },
    problems: ['not_found', 'conflict', 'too_large', 'unsupported_media_type', 'unprocessable', 'idempotency_mismatch']
  }), async (request, reply) => posting(request, reply, async ctx => {
    const made = await publish(ctx, (request.params as Params).plan, request.body as PublicationBodyForm)
    return { status: 201, headers: { location: `${request.url.split('?')[0]!}/${made.label}`, etag: `"${made.digest}"` }, body: made }
  }))
}

function getRoute (app: FastifyInstance): void {
  app.get(`${path}/:label`, operation({
    id: 'getPublication',
    tag: 'publications',
    summary: 'Get a publication with its contents',
    description: 'The plan as it was published, as a bundle. Its ETag is the digest, which changes only where texts had to be taken out of it.',
    role: 'public',
    params: { plan, label },
    headers: ifNoneMatch,
    answers: { 200: { schema: PublishedPlan, description: 'The publication.', headers: etagHeader }, 304: { schema: null, description: 'It is the one named in If-None-Match.' } },
    problems: ['not_found']
  }), async (request, reply) => {
    const { plan, label } = request.params as Params
    const publication = await findPublication(reading(request), plan, label)
    if (fresh(request, reply, publication.digest)) return reply.send()
    // The bundle goes out as the text that the digest was taken of.
    const bundle = await bundleText(reading(request), publication)
    if (tellsRestricted(bundle)) await recordRead(request, 'restricted_updates')
    return reply.type('application/json').send(`${JSON.stringify(publication).slice(0, -1)},"bundle":${bundle}}`)
  })
}

function diffRoute (app: FastifyInstance): void {
  app.get(`${path}/:label/diff`, operation({
    id: 'comparePublications',
    tag: 'publications',
    summary: 'Compare two publications',
    description: 'What was added, removed and changed from one publication to another: priorities, outcomes, lines, actions, texts, targets, figures, and of measures and organisations that both name what is said of them. Each with before and after.',
    role: 'public',
    params: { plan, label },
    query: { from: Type.Optional(Type.String({ pattern: codePattern, maxLength: 80, description: 'Label of the publication to compare with; the one before where left out.' })) },
    answers: { 200: { schema: PublicationDiff, description: 'What differs.' } },
    problems: ['not_found']
  }), async request => {
    const { plan, label } = request.params as Params
    const ctx = reading(request)
    const to = await findPublication(ctx, plan, label)
    const from = await findPublication(ctx, plan, (request.query as { from?: string }).from ?? await labelBefore(ctx, to))
    const [before, after] = [await bundleOf(ctx, from), await bundleOf(ctx, to)]
    if ([before, after].some(({ updates }) => holdsRestricted(updates))) await recordRead(request, 'restricted_updates')
    return { plan, from, to, changes: compareBundles(before, after) }
  })
}
