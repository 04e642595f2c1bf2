// The plan document, live or as it was published: the API's report, as HTML or a workbook, and the page of the same.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { snapshot, type Ctx } from '../db/connection.js'
import { readBundle, readPlan } from '../documents/bundle_read.js'
import type { BundleBody } from '../documents/bundle_schema.js'
import { bundleOf, findPublication } from '../documents/publications.js'
import { headingOf, reportOf, type Heading, type Report } from '../documents/report/report.js'
import type { PlanItem } from '../documents/report/items.js'
import { workbookOf } from '../documents/workbook/workbook.js'
import { reading } from '../http/context.js'
import { formatOf, mediaTypes } from '../http/formats.js'
import { codeParam, formatParam, operation } from '../http/operation.js'
import { origin } from '../http/pages.js'
import { codePattern } from '../http/schema.js'
import { sendPage } from './assets.js'
import { renderRest, renderStart } from './report/report.js'

const plan = codeParam('Code of the plan.')
const publication = Type.Optional(Type.String({ pattern: codePattern, maxLength: 80, description: 'Label of a publication: the plan as it was published. Left out: the live plan.' }))

export function reportRoutes (app: FastifyInstance): void {
  app.get('/v1/plans/:plan/report', operation({
    id: 'getReport',
    tag: 'plans',
    summary: 'Get a plan as a document',
    description: 'The plan as the partnership prints it: priorities, outcomes, measures with their latest figures, targets, comparators and charts, updates, actions. As an HTML page or as a workbook with one table a sheet.',
    role: 'public',
    params: { plan },
    query: { publication, format: formatParam(['html', 'xlsx']) },
    answers: { 200: { schema: Type.String({ description: 'An HTML page.' }), description: 'The document.', media: mediaTypes.html } },
    formats: { html: Type.String({ description: 'An HTML page.' }), xlsx: Type.String({ contentMediaType: mediaTypes.xlsx, description: 'A workbook.' }) },
    problems: ['not_found']
  }), answer)
  app.get('/plans/:plan', {
    config: { role: 'public', formats: ['html'] },
    schema: { hide: true, params: Type.Object({ plan }), querystring: Type.Object({ publication }, { additionalProperties: false }) }
  }, answer)
}

async function answer (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { plan } = request.params as { plan: string }
  const { publication } = request.query as { publication?: string }
  const { heading, whole } = await (publication === undefined ? live(reading(request), plan) : published(reading(request), plan, publication))
  if (formatOf(request) === 'xlsx') {
    const { bundle, report } = await whole
    const name = `${plan}${publication === undefined ? '' : `-${publication}`}.xlsx`
    return reply.type(mediaTypes.xlsx).header('content-disposition', `attachment; filename="${name}"`).send(Buffer.from(await workbookOf(report, bundle, origin(request))))
  }
  return sendPage(reply, (async function * () {
    yield renderStart(heading)
    yield * renderRest((await whole).report)
  })())
}

/** The head needs the plan alone, so a page is on its way before all of it is read. */
interface Document { heading: Heading, whole: Promise<{ bundle: BundleBody, report: Report }> }

/** Head and contents are read from one state of the plan. */
function live (ctx: Ctx, code: string): Promise<Document> {
  const about = { kind: 'live' as const, at: new Date().toISOString() }
  return new Promise((resolve, reject) => {
    const whole = snapshot(ctx, async ctx => {
      const plan = await readPlan(ctx, code) as unknown as PlanItem
      const [owner, area] = await Promise.all([titleOf(ctx, 'organisations', plan.owner), titleOf(ctx, 'areas', plan.area)])
      resolve({ heading: headingOf(plan, { owner: owner ?? plan.owner, area }, about), whole })
      return readBundle(ctx, code)
    }).then(bundle => ({ bundle, report: reportOf(bundle, about, about.at.slice(0, 10)) }))
    whole.catch(reject)
  })
}

const titleOf = async (ctx: Ctx, table: 'organisations' | 'areas', code: string | undefined) =>
  code === undefined ? null : (await ctx.db.selectFrom(table).select('title').where('code', '=', code).executeTakeFirst())?.title ?? null

async function published (ctx: Ctx, plan: string, label: string): Promise<Document> {
  const found = await findPublication(ctx, plan, label)
  const { date, note, digest, published_at } = found
  const bundle = bundleOf(found)
  // What was overdue is what was overdue then.
  const report = reportOf(bundle, { kind: 'publication', label: found.label, date, note, digest, published_at }, published_at.slice(0, 10))
  return { heading: report.heading, whole: Promise.resolve({ bundle, report }) }
}
