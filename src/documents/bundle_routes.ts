// A plan as one document: read whole, put whole.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { snapshot } from '../db/connection.js'
import { reading, writing } from '../http/context.js'
import { fresh, ifMatch, ifNoneMatch, precondition } from '../http/etag.js'
import { codeParam, createdHeaders, etagHeader, operation } from '../http/operation.js'
import { recordRead } from '../http/reads.js'
import { codePattern } from '../http/schema.js'
import { problem } from '../problems.js'
import { holdsRestricted } from '../resources/updates/restricted.js'
import { permitting } from '../http/records.js'
import { recordRaw } from '../resources/datapoints/raw_routes.js'
import { plans } from '../resources/plans/kind.js'
import { digest, readBundle } from './bundle_read.js'
import { Bundle, BundleReceipt, type BundleBody } from './bundle_schema.js'
import { putBundle } from './bundle_write.js'

const megabytes = 1_048_576

export function bundleRoutes (app: FastifyInstance): void {
  app.get('/v1/plans/:plan/bundle', operation({
    id: 'getBundle',
    tag: 'plans',
    summary: 'Get a plan as a bundle',
    description: 'The plan with all it owns, every organisation, area and measure that it names, and its figures, in canonical form. Its ETag is a digest of it.',
    role: 'public',
    params: { plan: codeParam('Code of the plan.', 'plan-a') },
    headers: ifNoneMatch,
    answers: { 200: { schema: Bundle, description: 'The bundle.', headers: etagHeader }, 304: { schema: null, description: 'The bundle of If-None-Match is still current.' } },
    problems: ['not_found']
  }), async (request, reply) => {
    const bundle = await snapshot(reading(request), ctx => readBundle(ctx, (request.params as { plan: string }).plan))
    if (fresh(request, reply, digest(bundle))) return reply.send()
    if (holdsRestricted(bundle.updates)) await recordRead(request, 'restricted_updates')
    await recordRaw(request, { plan: bundle.plan.code })
    return bundle
  })

  app.put('/v1/plans/:plan/bundle', {
    bodyLimit: 50 * megabytes,
    ...permitting(plans, operation({
      id: 'putBundle',
      tag: 'plans',
      summary: 'Create or replace a plan with a bundle',
      description: 'Atomic. What the plan owns becomes exactly what each section given says; a section left out is left alone; organisations, areas, measures and datapoints are added or updated, never removed. Follows the rules of PUT, with the ETag of the bundle. Written by editors of the owner of the plan. Organisations, areas and measures that it adds or changes are held to what the key may write of them singly (a new measure names its organisation as steward), and datapoints to the rows of a delivery; those that say what is stored are no change.',
      role: 'editor',
      params: { plan: codeParam('Code of the plan.', 'plan-a', codePattern) },
      query: { dry_run: Type.Optional(Type.Boolean({ default: false, description: 'true: run every check, write nothing, answer as the real run would.' })) },
      headers: { ...ifMatch, 'if-none-match': Type.Optional(Type.String({ maxLength: 2000, description: '* to create only.' })) },
      body: Bundle,
      answers: { 200: { schema: BundleReceipt, description: 'Replaced, or already so.', headers: etagHeader }, 201: { schema: BundleReceipt, description: 'The plan is new.', headers: createdHeaders } },
      problems: ['not_found', 'conflict', 'in_use', 'stale_version', 'too_large', 'unsupported_media_type', 'unprocessable', 'precondition_required']
    }))
  }, async (request, reply) => {
    const { plan } = request.params as { plan: string }
    const { dry_run: dryRun = false } = request.query as { dry_run?: boolean }
    const bundle = request.body as BundleBody
    if (bundle.plan.code !== plan) {
      const detail = `The bundle is of the plan '${bundle.plan.code}', the path says '${plan}'.`
      throw problem('invalid_input', detail, { errors: [{ pointer: '/plan/code', code: 'contradiction', detail }] })
    }
    const options = { dry_run: dryRun, when: precondition(request), check: (row: unknown) => app.faults('DatapointRow', row) }
    const { created, receipt, etag } = await writing(request, async ctx => {
      const outcome = await putBundle(ctx, bundle, options)
      await ctx.record()
      return { ...outcome, etag: dryRun && outcome.created ? undefined : digest(await readBundle(ctx, plan)) }
    })
    if (etag !== undefined) reply.header('etag', `"${etag}"`)
    if (created) reply.header('location', request.url.split('?')[0]!)
    return reply.code(created ? 201 : 200).send(receipt)
  })
}
