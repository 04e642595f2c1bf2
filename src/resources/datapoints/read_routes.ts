// Pulling datapoints: pages of JSON, the whole selection as CSV, every revision, and the series of a measure.
import { Type, type TProperties } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readCsv, readRows, type State } from '../../db/bulk.js'
import { cut } from '../../db/keyset.js'
import { periodKinds } from '../../periods/period.js'
import { reading } from '../../http/context.js'
import { formatOf } from '../../http/formats.js'
import { formatParam, operation } from '../../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../../http/pages.js'
import { jsonRows, type TextRow } from '../../http/rows.js'
import { enumOf, pageOf } from '../../http/schema.js'
import { problem } from '../../problems.js'
import { breakdownPattern } from './breakdown.js'
import { cellKinds, csvColumns, jsonColumns } from './columns.js'
import { Datapoint, statistics, statuses } from './schema.js'
import { after, order, orderBy, orderHistory, selectFigures, selectHistory, type Selection } from './select.js'
import { filterWarnings } from './warnings.js'

const list = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 8000, description: `${description} Several, joined by ",": any of them.` }))
const listOfEnum = (values: readonly string[], description: string) => Type.Optional(Type.String({
  pattern: `^(?:${values.join('|')})(?:,(?:${values.join('|')}))*$`, description: `${description} One or several of ${values.join(', ')}, joined by ",".`
}))
const day = (description: string) => Type.Optional(Type.String({ format: 'date', description }))
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
  as_of: Type.Optional(Type.String({ format: 'date-time', description: 'The figures as they were known at this instant.' })),
  sort: Type.Optional(enumOf(['period_end', '-period_end', 'value', '-value', 'recorded_at', '-recorded_at'], 'Order; - is descending. Default: measure, area, breakdown, statistic, against, base_period, period.'))
}

const output: TProperties = {
  titles: flag('true: adds measure_title and area_title as last columns.'),
  format: formatParam(['json', 'csv']),
  excel: Type.Optional(enumOf(['1', 'true', '0', 'false'], '1: a CSV starts with a byte order mark, by which Excel knows UTF-8.'))
}

const DatapointPage = pageOf('DatapointPage', Datapoint)
const Csv = Type.String({ description: 'RFC 4180, UTF-8, header row; one line a datapoint with the columns of Datapoint in its order, numbers or empty; text that a spreadsheet would run as a formula is led by an apostrophe.' })

const stateHeaders = {
  ...pageHeaders,
  'outturn-as-of': Type.String({ description: 'Instant of the state that was read.' }),
  'outturn-cursor': Type.String({ description: 'Bookmark of that state: send it as changed_since to get what changed after it.' })
}

type Query = Selection & { limit?: number, cursor?: string, count?: boolean, titles?: boolean, format?: string, excel?: string }

export function datapointReads (app: FastifyInstance): void {
  const common = { tag: 'datapoints', role: 'public' as const, formats: { json: DatapointPage, csv: Csv }, problems: ['expired_cursor' as const] }
  app.get('/v1/datapoints', operation({
    ...common,
    id: 'listDatapoints',
    summary: 'Pull datapoints',
    description: 'The figures that the filters select, or all that the caller may see. JSON comes in pages; CSV streams the whole selection from one consistent state and takes no limit or cursor.',
    query: { ...pageQuery, ...selection, ...figuresOnly, ...output },
    answers: { 200: { schema: DatapointPage, description: 'A page, or the whole selection as CSV.', headers: stateHeaders } }
  }), async (request, reply) => answer(request, reply, 'figures'))

  app.get('/v1/datapoints/history', operation({
    ...common,
    id: 'listDatapointHistory',
    summary: 'Pull every revision of datapoints',
    description: 'All revisions of the selected keys, oldest first, withdrawals included.',
    query: { ...pageQuery, ...selection, ...output },
    answers: { 200: { schema: DatapointPage, description: 'A page, or the whole selection as CSV.', headers: stateHeaders } }
  }), async (request, reply) => answer(request, reply, 'history'))
}

async function answer (request: FastifyRequest, reply: FastifyReply, what: 'figures' | 'history'): Promise<unknown> {
  const { titles = false, sort, ...rest } = request.query as Query
  const ctx = reading(request)
  const query = what === 'figures' ? selectFigures(ctx, rest) : selectHistory(ctx, rest)
  const sorted = what === 'figures' ? order(sort) : orderHistory()
  return formatOf(request) === 'csv'
    ? csv(request, reply, query.select(csvColumns(titles) as never).orderBy(orderBy(sorted)).compile())
    : page(request, reply, query, sorted, titles)
}

async function csv (request: FastifyRequest, reply: FastifyReply, query: Parameters<typeof readCsv>[1]): Promise<unknown> {
  const { excel, ...rest } = request.query as Query
  const paging = (['limit', 'cursor', 'count'] as const).find(name => rest[name] !== undefined)
  if (paging !== undefined) {
    const detail = 'CSV streams the whole selection and takes no limit, cursor or count.'
    throw problem('invalid_input', detail, { errors: [{ pointer: `?${paging}`, code: 'contradiction', detail }] })
  }
  const { stream, state } = await readCsv(request.server.connection, query)
  reply.raw.once('close', () => stream.destroy())
  announce(reply, state).header('content-type', 'text/csv; charset=utf-8; header=present')
    .header('content-disposition', 'inline; filename="datapoints.csv"')
  if (excel === '1' || excel === 'true') stream.unshift('\uFEFF')
  return reply.send(stream)
}

const announce = (reply: FastifyReply, state: State) => reply.header('outturn-as-of', state.at).header('outturn-cursor', state.cursor)

async function page (
  request: FastifyRequest,
  reply: FastifyReply,
  query: ReturnType<typeof selectFigures>,
  sorted: ReturnType<typeof order>,
  titles: boolean
): Promise<unknown> {
  const wanted = pageRequest(request)
  const columns = jsonColumns(titles)
  let rows = query.select([...columns, ...sorted.keys].map((value, i) => value.as(`c${i}`)) as never).orderBy(orderBy(sorted)).limit(wanted.limit + 1)
  if (wanted.after !== null) rows = rows.where(after(sorted, wanted.after))
  const counted = wanted.count ? query.select(eb => eb.fn.countAll().as('total')).compile() : undefined
  const { rows: found, total, state } = await readRows(request.server.connection, rows.compile(), counted)
  const { items, next } = cut(found, wanted, (row: TextRow) => row.slice(columns.length) as string[])
  const warnings = await filterWarnings(reading(request), request.query as Record<string, unknown>)
  const toJson = jsonRows(cellKinds(titles))
  announce(reply, state).header('content-type', 'application/json; charset=utf-8')
  const { items: _, ...rest } = pageBody(request, reply, { items: [], next, ...(total !== undefined && { total }) }, warnings)
  return reply.send(`{"items":[${items.map(toJson).join(',')}],${JSON.stringify(rest).slice(1)}`)
}
