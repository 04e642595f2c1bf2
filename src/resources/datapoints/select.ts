// Which datapoints a request selects, and in what order: from the query's parameters to one Kysely query.
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import { reaches } from '../../db/actor.js'
import { holdBookmark, readBookmark } from '../../db/bookmark.js'
import { beyond } from '../../db/keyset.js'
import { seesRaw } from '../../db/rights.js'
import { permits } from '../../db/visibility.js'
import { isDate, readPeriod, type PeriodContext } from '../../periods/period.js'
import { problem } from '../../problems.js'
import { areasWithin } from '../areas/kind.js'
import { measuresOfPlan } from '../measures/kind.js'
import { breakdownOf, breakdownText } from './breakdown.js'

export interface Selection {
  measure?: string
  area?: string
  within?: string
  plan?: string
  period?: string
  period_kind?: string
  from?: string
  to?: string
  breakdown?: string
  statistic?: string
  status?: string
  provider?: string
  latest?: boolean
  changed_since?: string
  include_deleted?: boolean
  as_of?: string
  sort?: string
}

/** What is published, for readers; as it is, for admins; and for others the one or the other, by whose line it is. The one place that chooses. */
export function figuresFor ({ actor }: Ctx, what: 'figures' | 'figure_history'): RawBuilder<unknown> {
  if (actor.role === 'admin') return sql.table(`${what}_raw`)
  if (!reaches(actor, 'contributor')) return sql.table(`${what}_published`)
  return sql`(select * from ${sql.table(`${what}_faces`)} either
    where face = 'both' or (face = 'raw') = ${seesRaw(actor, sql.ref('either.measure'), sql.ref('either.area'))})`
}

/** One value is asked for as one: an index then gives the rows in its order, which it does not for any of several. */
const among = (column: string, list: string) => list.includes(',')
  ? sql<SqlBool>`${sql.ref(column)} = any(${list.split(',')}::text[])`
  : sql<SqlBool>`${sql.ref(column)} = ${list}`

const contexts = [null, 'financial', 'academic', 'calendar'].flatMap(year_kind => ['during', 'as_at'].map(timing => ({ year_kind, timing }) as PeriodContext))

/** Periods as generously written as in a delivery; what a measure decides there ("2016/17") is here each of its readings. */
export const periodCodes = (list: string) => [...new Set(list.split(',').flatMap(text => 'problem' in readPeriod(text)
  ? []
  : contexts.flatMap(context => {
    const read = readPeriod(text, context)
    return 'period' in read ? [read.period.code] : []
  })))]

const instantForm = /^\d{4}-\d\d-\d\dT/

export function changedSince (value: string): RawBuilder<SqlBool> {
  if (instantForm.test(value)) return sql<SqlBool>`recorded_at > ${readInstant(value, 'changed_since')}::timestamptz`
  return sql<SqlBool>`position > ${readBookmark(value).position}`
}

/** Refuses a bookmark from a state that was lost, behind which nothing might ever be found. */
export async function holdSelection (ctx: Ctx, { changed_since: since }: Selection): Promise<void> {
  if (since !== undefined && !instantForm.test(since)) await holdBookmark(ctx, readBookmark(since))
}

export function readInstant (value: string, parameter: string): string {
  if (!instantForm.test(value) || Number.isNaN(Date.parse(value)) || !isDate(value.slice(0, 10))) {
    const detail = `'${value}' is not an instant such as 2018-06-15T09:30:00Z.`
    throw problem('invalid_input', detail, { errors: [{ pointer: `?${parameter}`, code: 'wrong_form', detail }] })
  }
  // Postgres would round to the microsecond, and an instant just before a recording would already know of it.
  return value.replace(/(\.\d{6})\d+/, '$1')
}

const conditions: { [K in keyof Selection]?: (value: never) => RawBuilder<SqlBool> } = {
  measure: (list: string) => among('measure', list),
  area: (list: string) => among('area', list),
  within: (code: string) => sql<SqlBool>`area in ${areasWithin(code)}`,
  plan: (code: string) => sql<SqlBool>`measure in ${measuresOfPlan(code)}`,
  period: (list: string) => sql<SqlBool>`period = any(${periodCodes(list)}::text[])`,
  period_kind: (list: string) => among('period_kind', list),
  from: (date: string) => sql<SqlBool>`period_start >= ${date}::date`,
  to: (date: string) => sql<SqlBool>`period_end <= ${date}::date`,
  breakdown: (text: string) => text === 'any' ? sql<SqlBool>`true` : sql<SqlBool>`breakdown_text = ${text === 'none' ? '' : breakdownText(breakdownOf(text))}`,
  statistic: (list: string) => among('statistic', list),
  status: (list: string) => among('status', list),
  provider: (list: string) => among('provider', list),
  changed_since: changedSince
}

/** Kinds of period that a measure's frequency names. */
const named = (period_kind: string) => sql.raw(`(case frequency
  when 'monthly' then ${period_kind} = 'calendar_month'
  when 'quarterly' then ${period_kind} in ('financial_quarter', 'calendar_quarter')
  when 'termly' then ${period_kind} = 'academic_term'
  when 'half_yearly' then ${period_kind} in ('financial_half', 'calendar_half')
  when 'annual' then ${period_kind} in ('financial_year', 'academic_year', 'calendar_year', 'rolling', 'pooled')
  else true end or (timing = 'as_at' and ${period_kind} = 'as_at'))`)

type Part = Array<keyof Selection>

/** What is the same for all figures of a series, for all revisions of a figure, and what a revision may change. */
const ofSeries: Part = ['measure', 'area', 'within', 'plan', 'breakdown', 'statistic']
const ofKey: Part = [...ofSeries, 'period', 'period_kind', 'from', 'to']
const ofRevision: Part = ['status', 'provider', 'changed_since']

/** What changes which figure is the latest. */
const decidesLatest: Part = ['as_of', 'period', 'period_kind', 'from', 'to', 'status']

const conditionsOf = (selection: Selection, part: Part) => part.flatMap(name => {
  const [condition, value] = [conditions[name], selection[name]]
  return condition === undefined || value === undefined ? [] : [condition(value as never)]
})

const all = (conditions: Array<Expression<SqlBool>>) => sql.join([sql`true`, ...conditions], sql` and `)

/**
 * Latest of each series, among the periods and statuses asked for: a level figure with a date, of the kind the frequency
 * names where there is one. The conditions on the series stand inside, so that no other series is read.
 */
const latestOf = (known: RawBuilder<unknown>, selection: Selection) => sql`(
  select distinct on (series_id) * from ${known} known
  where statistic = 'level' and starts <> 'infinity' and not deleted and ${all(conditionsOf(selection, [...ofKey, 'status']))}
  order by series_id, ${named('period_kind')} desc, ends desc, starts desc, period_kind, period)`

/**
 * The same where no period and no status is asked for: of the figures that are kept as the latest of their kind, those that
 * none of another kind comes before.
 */
const keptLatestOf = (known: RawBuilder<unknown>) => sql`(
  select known.* from latest_figures kept join ${known} known on known.series_id = kept.series_id and known.period_id = kept.period_id
  where known.statistic = 'level' and not exists (select from latest_figures other where other.series_id = kept.series_id and other.kind <> kept.kind
    and (${named('other.kind')}, other.ends, other.starts, kept.kind) > (${named('kept.kind')}, kept.ends, kept.starts, other.kind)))`

/** The figures as they were known at an instant: of each key selected the last revision recorded by then. */
const knownAt = (ctx: Ctx, at: string, selection: Selection) => sql`(
  select distinct on (series_id, period_id) * from ${figuresFor(ctx, 'figure_history')} every
  where recorded_at <= ${at}::timestamptz and ${all(conditionsOf(selection, ofKey))}
  order by series_id, period_id, revision desc)`

export function selectFigures (ctx: Ctx, selection: Selection) {
  const known = selection.as_of === undefined
    ? figuresFor(ctx, 'figures')
    : knownAt(ctx, readInstant(selection.as_of, 'as_of'), selection)
  const decided = decidesLatest.some(name => selection[name] !== undefined)
  const source = !selection.latest ? known : decided ? latestOf(known, selection) : keptLatestOf(known)
  // What stands inside already is not asked again.
  const outside = selection.latest && decided ? ofRevision.filter(name => name !== 'status') : selection.as_of === undefined ? [...ofKey, ...ofRevision] : ofRevision
  let query = ctx.db.selectFrom(source.as('row') as never as 'figures_raw').where(mayRead(ctx, selection))
  for (const condition of conditionsOf(selection, outside)) query = query.where(condition)
  return selection.include_deleted === true ? query : query.where('deleted', '=', false)
}

/** Whether there are series among those selected that the caller sees as they are, and others do not. */
export async function rawAmong (ctx: Ctx, selection: Selection): Promise<boolean> {
  if (!reaches(ctx.actor, 'contributor')) return false
  const series = sql`(select measure, area, breakdown as breakdown_text, statistic from series where face = 'raw') row`
  const { rows: [found] } = await sql<{ raw: boolean }>`select exists (select from ${series}
    where ${all(conditionsOf(selection, ofSeries))} and ${seesRaw(ctx.actor, sql.ref('row.measure'), sql.ref('row.area'))}) as raw`.execute(ctx.db)
  return found!.raw
}

const mayRead = (ctx: Ctx, selection: Selection) => sql<SqlBool>`(${permits(ctx.actor, 'visibility', 'steward')} and ${planPermits(ctx, selection.plan)})`

/** A plan that the caller may not see selects nothing. */
const planPermits = ({ actor }: Ctx, plan: string | undefined): Expression<SqlBool> => plan === undefined
  ? sql<SqlBool>`true`
  : sql<SqlBool>`exists (select from plans where plans.code = ${plan} and ${permits(actor, 'plans.visibility', 'plans.owner')})`

/**
 * Every revision of the figures that are selected as they are now, withdrawn ones included. What is selected by its key
 * alone needs no look at how it is now.
 */
export function selectHistory (ctx: Ctx, selection: Selection) {
  let query = ctx.db.selectFrom(figuresFor(ctx, 'figure_history').as('row') as never as 'figures_raw')
  if (ofRevision.some(name => selection[name] !== undefined)) {
    const keys = selectFigures(ctx, { ...selection, include_deleted: true }).select(['series_id', 'period_id'])
    return query.where(({ eb, refTuple }) => eb(refTuple('series_id', 'period_id'), 'in', keys.$asTuple('series_id', 'period_id')))
  }
  query = query.where(mayRead(ctx, selection))
  for (const condition of conditionsOf(selection, ofKey)) query = query.where(condition)
  return query
}

const natural = ['measure', 'area', 'breakdown_text', 'statistic', 'against_text', 'base_period_text', 'ends', 'starts', 'period_kind', 'period']

const shown: Record<string, readonly [name: string, absent: string]> = {
  breakdown_text: ['breakdown', ''], against_text: ['against', ''], base_period_text: ['base_period', ''], ends: ['period_end', 'infinity'], starts: ['period_start', 'infinity']
}

export interface Order {
  keys: Array<RawBuilder<unknown>>
  /** The columns of the row that the keys are, each with what its null stands for, where no more than the row is needed. */
  columns?: Array<readonly [name: string, absent: string]>
  descending: boolean
  casts: string[]
  /** How many of the keys, from the first, are those of the index on series. */
  series?: number
}

/** Keys of an order as SQL; the last are always unique. Dates, numbers and positions travel in cursors as text. */
export function order (sort: string | undefined): Order {
  if (sort === undefined) {
    return { keys: natural.map(name => sql.ref(name) as never), columns: natural.map(name => shown[name] ?? [name, '']), descending: false, casts: natural.map(name => ['ends', 'starts'].includes(name) ? 'date' : 'text'), series: 6 }
  }
  const descending = sort.startsWith('-')
  const edge = sql.lit(descending ? '-infinity' : 'infinity')
  const first = {
    period_end: [sql`coalesce(period_end, ${edge}::date)`, 'date'],
    value: [sql`coalesce(value, ${edge}::numeric)`, 'numeric'],
    recorded_at: [sql`position`, 'bigint']
  }[sort.replace('-', '')]! as [RawBuilder<unknown>, string]
  return { keys: [first[0], sql`series_id`, sql`period_id`], descending, casts: [first[1], 'integer', 'integer'] }
}

export const orderHistory = (): Order => {
  const { keys, columns, casts, ...rest } = order(undefined)
  return { ...rest, keys: [...keys, sql`revision`], columns: [...columns!, ['revision', '']], casts: [...casts, 'integer'] }
}

export const orderBy = ({ keys, descending }: Order) =>
  sql`${sql.join(keys.map(key => descending ? sql`${key} desc` : sql`${key}`))}`

/**
 * What stands behind a cursor. The whole key spans two tables, which no index does; so the series that are behind are
 * skipped by their own part of it first.
 */
export function after ({ keys, descending, casts, series }: Order, cursor: Array<string | number>): RawBuilder<SqlBool> {
  const behind = beyond(keys, cursor, { descending, casts })
  return series === undefined
    ? behind
    : sql<SqlBool>`(${sql.join(keys.slice(0, series))}) >= (${sql.join(cursor.slice(0, series).map(text => sql`${String(text)}::text`))}) and ${behind}`
}
