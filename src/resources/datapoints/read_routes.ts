// Pulling datapoints: what may be asked for, pages of JSON, and every revision. Whole selections are streamed next door.
import { Type, type TProperties } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { readPage, type State } from '../../db/bulk.js'
import { writeCursor } from '../../db/keyset.js'
import { periodKinds } from '../../periods/period.js'
import { reading } from '../../http/context.js'
import { formatOf } from '../../http/formats.js'
import { keeping, type Answer } from '../../http/kept.js'
import { recordRead } from '../../http/reads.js'
import { excelParam, formatParam, operation } from '../../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../../http/pages.js'
import { cellsBefore, endOfLines, type TextRow } from '../../http/copy_text.js'
import { jsonFromText, type Columns } from '../../http/rows.js'
import { enumOf, pageOf } from '../../http/schema.js'
import { breakdownPattern } from './breakdown.js'
import { cellKinds, lineOf } from './columns.js'
import { columnsRoute } from './columns_route.js'
import { announce, exportFormats, exportHeaders, sendExport } from './export_routes.js'
import { recordRaw } from './raw_routes.js'
import { Datapoint, statistics, statuses } from './schema.js'
import { after, holdSelection, order, orderBy, orderHistory, rawAmong, selectFigures, selectHistory, type Order, type Selection } from './select.js'
import { filterWarnings } from './warnings.js'

const list = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 8000, description: `${description} Several, joined by ",": any of them.` }))
const listOfEnum = (values: readonly string[], description: string) => Type.Optional(Type.String({
  pattern: `^(?:${values.join('|')})(?:,(?:${values.join('|')}))*$`, maxLength: 8000, description: `${description} One or several of ${values.join(', ')}, joined by ",".`
}))
const day = (description: string) => Type.Optional(Type.String({ format: 'date', maxLength: 10, description }))
const flag = (description: string) => Type.Optional(Type.Boolean({ description }))

const selection: TProperties = {
  measure: list('Code of a measure.'),
  area: list('Code of an area.'),
  within: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'Code of an area: it and all areas inside it.' })),
  plan: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'Code of a plan: figures of its measures, listed or supporting, in any area.' })),
  period: list('Period code, or a spelling that names one period without doubt.'),
  period_kind: listOfEnum(periodKinds, 'Kind of period.'),
  from: day('First day: periods that start on it or later; undated ones drop out.'),
  to: day('Last day: periods that end on it or earlier; undated ones drop out.'),
  breakdown: Type.Optional(Type.String({ pattern: `^(?:none|any|${breakdownPattern})$`, maxLength: 1000, description: 'Canonical text "subject=reading"; none for the whole only; any, the default, for everything.', examples: ['none'] })),
  statistic: listOfEnum(statistics, 'Statistic; every one where not given.'),
  status: listOfEnum(statuses, 'Status.'),
  provider: list('Code of the organisation that supplied the figure.'),
  changed_since: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only what changed strictly after this: an instant, or the Outturn-Cursor of an earlier answer. Add include_deleted=true to learn of withdrawn figures.' }))
}

const figuresOnly: TProperties = {
  latest: flag('true: of each series only the latest level figure that has a date, of the kind its frequency names where there is one, among the periods and statuses asked for.'),
  include_deleted: flag('true: withdrawn figures too, with deleted true.'),
  as_of: Type.Optional(Type.String({ format: 'date-time', maxLength: 64, description: 'The figures as they were known at this instant.' })),
  sort: Type.Optional(enumOf(['period_end', '-period_end', 'value', '-value', 'recorded_at', '-recorded_at'], 'Order; - is descending. Default: measure, area, breakdown, statistic, against, base_period, period.'))
}

const output: TProperties = {
  titles: flag('true: adds measure_title and area_title as last columns.'),
  format: formatParam(['json', 'csv', 'ndjson', 'xlsx']),
  excel: excelParam
}

const DatapointPage = pageOf('DatapointPage', Datapoint)

type Query = Selection & { titles?: boolean }

export function datapointReads (app: FastifyInstance): void {
  const common = {
    tag: 'datapoints',
    role: 'public' as const,
    formats: { json: DatapointPage, ...exportFormats },
    answers: { 200: { schema: DatapointPage, description: 'A page, or the whole selection in another format.', headers: { ...pageHeaders, ...exportHeaders } } },
    problems: ['expired_cursor' as const, 'too_large' as const]
  }
  columnsRoute(app)
  app.get('/v1/datapoints', operation({
    ...common,
    id: 'listDatapoints',
    summary: 'Pull datapoints',
    description: 'The figures that the filters select, or all that the caller may see. JSON comes in pages; CSV, NDJSON and xlsx hold the whole selection from one consistent state and take no limit, cursor or count. xlsx holds up to 100 000 rows.',
    query: { ...pageQuery, ...selection, ...figuresOnly, ...output }
  }), async (request, reply) => answer(request, reply, 'figures'))

  app.get('/v1/datapoints/history', operation({
    ...common,
    id: 'listDatapointHistory',
    summary: 'Pull every revision of datapoints',
    description: 'All revisions of the selected keys, oldest first, withdrawals included; in the same formats as the figures.',
    query: { ...pageQuery, ...selection, ...output }
  }), async (request, reply) => answer(request, reply, 'history'))
}

async function answer (request: FastifyRequest, reply: FastifyReply, what: 'figures' | 'history'): Promise<unknown> {
  const { titles = false, sort, ...rest } = request.query as Query
  const ctx = reading(request)
  const query = what === 'figures' ? selectFigures(ctx, rest) : selectHistory(ctx, rest)
  const sorted = what === 'figures' ? order(sort) : orderHistory()
  const format = formatOf(request)
  await holdSelection(ctx, rest)
  if (format === 'json') return page(request, reply, query, sorted, titles)
  await recordRaw(request, rest)
  return sendExport(request, reply, format as keyof typeof exportFormats, query, sorted, titles)
}

/** What the wire's columns take to be read back from a line, worked out once. */
const known = new Map([true, false].map(titles => [titles, { kinds: cellKinds(titles), toJson: jsonFromText(cellKinds(titles), ',') }]))

type Rows = ReturnType<typeof selectFigures>

interface Page extends Answer { body: Buffer, state: State, link: string | undefined, raw: boolean }

async function page (request: FastifyRequest, reply: FastifyReply, query: Rows, sorted: Order, titles: boolean): Promise<unknown> {
  const found = (await keeping(request, async () => makePage(request, reply, query, sorted, titles)))!
  if (found.raw) await recordRead(request, 'raw_figures')
  announce(reply, found.state).header('content-type', 'application/json; charset=utf-8')
  if (found.link !== undefined) reply.header('link', found.link)
  return reply.send(found.body)
}

async function makePage (request: FastifyRequest, reply: FastifyReply, query: Rows, sorted: Order, titles: boolean): Promise<Page> {
  const wanted = pageRequest(request)
  const { kinds, toJson } = known.get(titles)!
  let rows = query.select(lineOf(titles, sorted.columns === undefined ? sorted.keys : []).as('line')).orderBy(orderBy(sorted)).limit(sql.lit(wanted.limit + 1))
  // Before the key stands the state of the page before, which whoever goes on has seen: seenIn().
  if (wanted.after !== null) rows = rows.where(after(sorted, wanted.after.slice(1)))
  const counted = wanted.count ? query.select(eb => eb.fn.countAll<number>().as('total')) : undefined
  const steady = isSteady(request.query as Selection)
  const { text, total, state, mark } = await readPage(request.source, { lines: rows, ...(counted && { counted }), steady })
  // The one row too many tells that there is a next page, which begins behind the last row of this one.
  const end = endOfLines(text, wanted.limit)
  const next = end < text.length ? writeCursor(wanted.mark, [state.position, ...keyOf(sorted, cellsBefore(text, end), kinds)]) : null
  const warnings = await filterWarnings(reading(request), request.query as Record<string, unknown>)
  const { items: _, ...rest } = pageBody(request, reply, { items: [], next, ...(total !== undefined && { total }) }, warnings)
  const items = toJson(text.subarray(0, end)).subarray(0, -1)
  const body = Buffer.concat([Buffer.from('{"items":['), items, Buffer.from(`],${JSON.stringify(rest).slice(1)}`)])
  const raw = await rawAmong(reading(request), request.query as Selection)
  return { body, state, link: reply.getHeader('link') as string | undefined, raw, mark }
}

const ofPage = new Set(['limit', 'cursor', 'titles', 'format'])

/** All of it, or of one measure: the index on series leads to it whatever the values are. */
const isSteady = (query: Selection) =>
  Object.entries(query).every(([name, value]) => ofPage.has(name) || (name === 'measure' && !String(value).includes(',')))

/** The key of a row by its cells, behind which stands what they do not say. */
const keyOf = ({ columns }: Order, cells: TextRow, kinds: Columns): string[] => columns === undefined
  ? cells.slice(kinds.length) as string[]
  : columns.map(([name, absent]) => cells[kinds.findIndex(([kind]) => kind === name)] ?? absent)
