// GET of the scorecard: JSON, CSV, or a workbook.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { snapshot } from '../../db/connection.js'
import { reading } from '../../http/context.js'
import { sendTable } from '../../http/downloads.js'
import { formatOf } from '../../http/formats.js'
import { codeParam, excelParam, formatParam, operation } from '../../http/operation.js'
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
    params: { plan: codeParam('Code of the plan.') },
    query: {
      area: Type.Optional(codeParam("Area to judge the lines in; each line's own, else the plan's, where not given. Targets are those for this area.")),
      period: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'The scorecard of a period: figures that end after it are left out. A period code, or a spelling that names one period without doubt.', examples: ['FY2017'] })),
      as_of: Type.Optional(Type.String({ format: 'date-time', description: 'By the figures as they were known at this instant; lines, targets and rules are those of today.' })),
      comparators: Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'Areas to compare with, joined by ","; those of the plan where not given.' })),
      format: formatParam(['json', 'csv', 'xlsx']),
      excel: excelParam
    },
    answers: { 200: { schema: Scorecard, description: 'The scorecard.' } },
    formats: { json: Scorecard, ...tableFormats('A line of the plan a row, judged.', columns) },
    problems: ['not_found', 'too_large']
  }), async (request, reply) => {
    const { plan } = request.params as { plan: string }
    const card = await snapshot(reading(request), ctx => readScorecard(ctx, plan, request.query as Asked))
    const format = formatOf(request)
    if (format === 'json') return { ...card, summary: summaryOf(card.lines) }
    const table = tableOf(card)
    return sendTable(request, reply, format, `${plan}-scorecard`, { csv: () => csvOf(table), xlsx: () => workbookOf(table, { title: `Scorecard of ${card.title}`, subject: plan }) })
  })
}
