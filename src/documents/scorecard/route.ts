// GET of the scorecard: JSON, CSV, or a workbook.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { snapshot, type Ctx } from '../../db/connection.js'
import { stateOf } from '../../db/head.js'
import { reading } from '../../http/context.js'
import { sendTable } from '../../http/downloads.js'
import { formatOf, type Format } from '../../http/formats.js'
import { keeping } from '../../http/kept.js'
import { recordRead } from '../../http/reads.js'
import { codeParam, excelParam, formatParam, operation } from '../../http/operation.js'
import { today } from '../../http/today.js'
import { recordRaw } from '../../resources/datapoints/raw_routes.js'
import { rawAmong } from '../../resources/datapoints/select.js'
import { csvOf } from '../tables/csv.js'
import { tableFormats } from '../tables/table.js'
import { workbookOf } from '../tables/workbook.js'
import { readScorecard, type Asked } from './read.js'
import { Scorecard } from './schema.js'
import { summaryOf } from './summary.js'
import { columns, tableOf } from './table.js'

export function scorecardRoute (app: FastifyInstance): void {
  app.get('/v1/plans/:plan/scorecard', operation({
    id: 'getScorecard',
    tag: 'plans',
    summary: 'Get the scorecard of a plan',
    description: 'A line for each measure of the plan: its latest figure, better or worse than before, than the target and than others, red, amber or green by a stated rule. Each judgement names its method and the numbers it used; where something is missing the answer is not_judged or null, with the reason, never a guess. Targets are held against the latest figure; a target that is missed but not due yet is not judged.',
    role: 'public',
    params: { plan: codeParam('Code of the plan.', 'plan-a') },
    query: {
      area: Type.Optional(codeParam("Area to judge the lines in; each line's own, else the plan's, where not given. Targets are those for this area.")),
      period: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'The scorecard of a period: figures that end after it are left out. A period code, or a spelling that names one period without doubt.', examples: ['FY2017'] })),
      as_of: Type.Optional(Type.String({ format: 'date-time', maxLength: 64, description: 'By the figures as they were known at this instant; lines, targets and rules are those of today.' })),
      comparators: Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'Areas to compare with, joined by ","; those of the plan where not given.' })),
      format: formatParam(['json', 'csv', 'xlsx']),
      excel: excelParam
    },
    answers: { 200: { schema: Scorecard, description: 'The scorecard.' } },
    formats: { json: Scorecard, ...tableFormats('A line of the plan a row, judged.', columns) },
    problems: ['not_found', 'too_large']
  }), async (request, reply) => {
    const format = formatOf(request)
    return format === 'json' ? sendJson(request, reply) : sendFile(request, reply, format)
  })
}

const read = (request: FastifyRequest, ctx: Ctx) => readScorecard(ctx, (request.params as { plan: string }).plan, request.query as Asked, today())

/** What is due changes with the day, all else with what is written. */
async function sendJson (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const answer = await keeping(request, () => snapshot(reading(request), async ctx => {
    const mark = await stateOf(ctx)
    const card = await read(request, ctx)
    const raw = await rawAmong(ctx, request.params as { plan: string })
    return { mark, raw, body: Buffer.from(JSON.stringify({ ...card, summary: summaryOf(card.lines) })) }
  }), today())
  if (answer!.raw) await recordRead(request, 'raw_figures')
  return reply.header('content-type', 'application/json; charset=utf-8').send(answer!.body)
}

async function sendFile (request: FastifyRequest, reply: FastifyReply, format: Format): Promise<FastifyReply> {
  const card = await snapshot(reading(request), ctx => read(request, ctx))
  await recordRaw(request, request.params as { plan: string })
  const table = tableOf(card)
  const named = { title: `Scorecard of ${card.title}`, subject: card.plan }
  return sendTable(request, reply, format, `${card.plan}-scorecard`, { csv: () => csvOf(table), xlsx: () => workbookOf(table, named) })
}
