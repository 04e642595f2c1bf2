// The plan document, live or as it was published: the API's report, as HTML or a workbook, and the page of the same.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readDocument } from '../documents/report/read.js'
import { workbookOf } from '../documents/workbook/workbook.js'
import { reading } from '../http/context.js'
import { formatOf, mediaTypes } from '../http/formats.js'
import { codeParam, formatParam, operation } from '../http/operation.js'
import { origin } from '../http/pages.js'
import { recordRead } from '../http/reads.js'
import { recordRaw } from '../resources/datapoints/raw_routes.js'
import { codePattern } from '../http/schema.js'
import { holdsRestricted } from '../resources/updates/restricted.js'
import { renderRest, renderStart } from './report/report.js'
import { sendPieces } from './send.js'

const plan = codeParam('Code of the plan.', 'plan-a')
const publication = Type.Optional(Type.String({ pattern: codePattern, maxLength: 80, description: 'Label of a publication: the plan as it was published. Left out: the live plan.' }))

export function reportRoute (app: FastifyInstance): void {
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
}

export function planPage (app: FastifyInstance): void {
  app.get('/plans/:plan', {
    config: { role: 'public', formats: ['html'] },
    schema: { hide: true, params: Type.Object({ plan }), querystring: Type.Object({ publication }, { additionalProperties: false }) }
  }, answer)
}

async function answer (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { plan } = request.params as { plan: string }
  const { publication } = request.query as { publication?: string }
  const { heading, versions, whole: read } = await readDocument(reading(request), plan, publication)
  const whole = read.then(async all => {
    if (holdsRestricted(all.bundle.updates)) await recordRead(request, 'restricted_updates')
    if (publication === undefined) await recordRaw(request, { plan })
    return all
  })
  if (formatOf(request) !== 'xlsx') return sendPieces(reply, renderStart(heading, versions), whole.then(({ report }) => renderRest(report)))
  const { bundle, report } = await whole
  const name = `${plan}${publication === undefined ? '' : `-${publication}`}.xlsx`
  return reply.type(mediaTypes.xlsx).header('content-disposition', `attachment; filename="${name}"`)
    .send(Buffer.from(await workbookOf(report, bundle, origin(request))))
}
