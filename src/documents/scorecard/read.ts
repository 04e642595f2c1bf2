// A scorecard read: the lines of a plan in printed order, each judged by the figures as they are, or were known at an instant.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import type { Kind, Stored } from '../../db/kind.js'
import { find } from '../../db/records.js'
import { existing } from '../../db/references.js'
import { periodOf, readPeriod, type Timing } from '../../periods/period.js'
import { problem } from '../../problems.js'
import { areasWithin } from '../../resources/areas/kind.js'
import { breakdownText } from '../../resources/datapoints/breakdown.js'
import { outcomes } from '../../resources/outcomes/kind.js'
import { plan_measures } from '../../resources/plan_measures/kind.js'
import { plans } from '../../resources/plans/kind.js'
import { priorities } from '../../resources/priorities/kind.js'
import { itemsOf } from '../../resources/sections.js'
import { targetsFor } from '../../resources/targets/rules.js'
import { targets } from '../../resources/targets/kind.js'
import { grouped } from '../report/grouped.js'
import type { LineItem, MeasureItem, OutcomeItem, PlanItem, PriorityItem, TargetItem } from '../report/items.js'
import type { Line } from '../returns/rules.js'
import { latestOf } from './choice.js'
import { nextDue } from './due.js'
import { Figures } from './figures.js'
import type { Group } from './judgement.js'
import { breakdownsOf, judge, type Held, type Known } from './line.js'

export interface Asked { area?: string, period?: string, as_of?: string, comparators?: string }

/** The day on which figures are due or overdue is that of the instant asked for, else today. */
const dayOf = ({ as_of }: Asked, today: string) => as_of?.slice(0, 10) ?? today

interface AreaRow { code: string, title: string, members: Array<{ area: string }>, member_count: number | null }

/** Members that say nothing are left out, as in a bundle. */
const said = <T>(row: Stored): T => Object.fromEntries(Object.entries(row).filter(([, member]) => member !== null)) as T

export async function readScorecard (ctx: Ctx, code: string, asked: Asked, today: string) {
  const plan = said<PlanItem>(await find(ctx, plans, null, code))
  const all = async <T>(kind: Kind) => (await itemsOf(ctx, kind, code)).map(row => said<T>(row))
  const parts = {
    priorities: await all<PriorityItem>(priorities),
    outcomes: await all<OutcomeItem>(outcomes),
    targets: await all<TargetItem>(targets)
  }
  const lines = inPrintedOrder(await all<LineItem>(plan_measures), parts)
  const upTo = lastDayOf(asked.period)
  const comparators = asked.comparators === undefined ? plan.comparators ?? [] : asked.comparators.split(',')
  await refuseUnknown(ctx, 'area', asked.area === undefined ? [] : [asked.area])
  await refuseUnknown(ctx, 'comparators', asked.comparators === undefined ? [] : comparators)
  const areaOf = (line: LineItem) => asked.area ?? line.area ?? plan.area
  const aims = parts.targets.flatMap(({ comparator }) => comparator ?? [])
  const areas = await areasOf(ctx, [...lines.flatMap(line => areaOf(line) ?? []), ...comparators, ...aims])
  const measures = await measuresOf(ctx, lines)
  const inside = await insideOf(ctx, parts.targets.some(one => one.each_sub_area === true) ? areaOf({} as LineItem) : undefined)
  const figures = new Figures(ctx, { as_of: asked.as_of, upTo })
  const compared = [...new Set([...areas.keys(), ...inside.keys()])]
  await readFigures(figures, lines.map(line => ({ measure: measures.get(line.measure), area: areaOf(line) })), compared, [...comparators, ...aims])
  const titles = new Map([...areas.values()].map(({ code, title }) => [code, title]))
  const known = (line: LineItem): Array<Known & { line: LineItem }> => {
    const area = areaOf(line)
    const measure = measures.get(line.measure)
    if (area === undefined || measure === undefined) return []
    const mine = targetsFor(parts.targets, line.measure, area, plan.area)
    return breakdownsOf(figures.of(line.measure, area), mine).map(breakdown => ({
      line,
      measure,
      planRule: plan.rag_rule,
      area,
      breakdown,
      figuresOf: other => figures.of(line.measure, other).filter(one => one.breakdown === breakdownText(breakdown)),
      titleOf: other => titles.get(other) ?? inside.get(other) ?? other,
      comparators: comparators.filter(one => one !== area),
      groupOf: other => groupOf(areas.get(other)),
      subAreas: [...inside.keys()].filter(one => one !== area),
      targets: mine
    }))
  }
  return {
    plan: plan.code,
    title: plan.title,
    area: asked.area ?? plan.area ?? null,
    period: asked.period ?? null,
    as_of: asked.as_of ?? null,
    lines: lines.flatMap(line => known(line).map(one => ({
      ...headOf(line, one, parts.outcomes),
      ...judge(one),
      due: nextDue(owingOf(plan, line, one), figures.of(line.measure, one.area), dayOf(asked, today))
    })))
  }
}

export type Scorecard = Awaited<ReturnType<typeof readScorecard>>

interface Place { measure: MeasureItem | undefined, area: string | undefined }

/**
 * All figures of the lines in their areas; then of the areas they are compared with those of the latest periods, and of a
 * comparator that has none of these, all. So what is read does not grow with the history of others.
 */
async function readFigures (figures: Figures, places: Place[], compared: string[], comparators: string[]): Promise<void> {
  const own = places.filter((one): one is { measure: MeasureItem, area: string } => one.measure !== undefined && one.area !== undefined)
  const codes = [...new Set(own.map(({ measure }) => measure.code))]
  const areas = new Set(own.map(({ area }) => area))
  await figures.read(codes, [...areas])
  const others = compared.filter(area => !areas.has(area))
  const latest = own.map(({ measure, area }) => ({ measure, periods: latestPeriods(measure, figures.of(measure.code, area)) }))
  await figures.read(codes, others, [...new Set(latest.flatMap(({ periods }) => periods))])
  const silent = others.filter(one => comparators.includes(one)).flatMap(area => latest.flatMap(({ measure, periods }) => {
    const theirs = figures.of(measure.code, area).map(({ period }) => period.code)
    return periods.every(period => theirs.includes(period)) ? [] : [{ measure: measure.code, area }]
  }))
  await figures.read([...new Set(silent.map(one => one.measure))], [...new Set(silent.map(one => one.area))])
}

/** Of the whole and of each breakdown. */
const latestPeriods = (measure: MeasureItem, held: Held[]): string[] =>
  [...new Set([...grouped(held, one => [one.breakdown]).values()].flatMap(figures => latestOf(measure, figures)?.period.code ?? []))]

/** By priority, outcome and place on the page, as a reader meets them. */
function inPrintedOrder (lines: LineItem[], { priorities, outcomes }: { priorities: PriorityItem[], outcomes: OutcomeItem[] }): LineItem[] {
  const index = (list: Array<{ code: string }>, code: string | undefined) => code === undefined ? -1 : list.findIndex(one => one.code === code)
  const place = (line: LineItem, i: number) => [index(priorities, priorityOf(line, outcomes) ?? undefined), index(outcomes, line.outcome), i]
  const places = new Map(lines.map((line, i) => [line, place(line, i)]))
  return lines.toSorted((a, b) => {
    const [x, y] = [places.get(a)!, places.get(b)!]
    const differs = x.findIndex((one, i) => one !== y[i])
    return differs === -1 ? 0 : x[differs]! - y[differs]!
  })
}

const priorityOf = ({ outcome, priorities = [] }: LineItem, outcomes: OutcomeItem[]): string | null =>
  outcomes.find(one => one.code === outcome)?.priority ?? (priorities.find(one => one.relation === 'primary') ?? priorities[0])?.priority ?? null

const headOf = (line: LineItem, { measure, area, breakdown }: Known, outcomes: OutcomeItem[]) => ({
  plan_measure: line.code,
  ref: line.ref ?? null,
  title: line.title ?? measure.title,
  measure: measure.code,
  area,
  breakdown,
  outcome: line.outcome ?? null,
  priority: priorityOf(line, outcomes),
  organisations: line.organisations ?? [],
  unit: measure.unit ?? null,
  per: measure.per ?? null,
  polarity: measure.polarity ?? 'none'
})

function owingOf (plan: PlanItem, line: LineItem, { measure, area }: Known): Line {
  const { start = null, end = null } = (plan.period === undefined ? null : periodOf(plan.period)) ?? {}
  return {
    plan: plan.code,
    plan_measure: line.code,
    measure: measure.code,
    area,
    organisations: line.organisations ?? [],
    data_provider: measure.data_provider ?? null,
    frequency: measure.frequency ?? null,
    year_kind: measure.year_kind ?? null,
    timing: (measure.timing ?? 'during') as Timing,
    collection_lag_days: measure.collection_lag_days ?? null,
    measure_status: measure.status ?? 'active',
    plan_status: plan.status ?? 'draft',
    starts: start,
    ends: end
  }
}

function lastDayOf (typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined
  const read = periodOf(typed) ?? readPeriod(typed)
  if ('end' in read && read.end !== null) return read.end
  if ('period' in read && read.period.end !== null) return read.period.end
  const detail = 'detail' in read ? read.detail : `'${typed}' has no dates.`
  throw problem('invalid_input', detail, { errors: [{ pointer: '?period', code: 'invalid_period', detail }] })
}

async function refuseUnknown (ctx: Ctx, parameter: string, codes: string[]): Promise<void> {
  const known = await existing(ctx, 'areas', null, codes)
  const faults = codes.filter(code => !known.has(code))
    .map(code => ({ pointer: `?${parameter}`, code: 'unknown_area', detail: `There is no area '${code}'.` }))
  if (faults.length > 0) throw problem('invalid_input', faults[0]!.detail, { errors: faults })
}

async function measuresOf (ctx: Ctx, lines: LineItem[]): Promise<Map<string, MeasureItem>> {
  const rows = await ctx.db.selectFrom('measures').selectAll().where(sql<boolean>`code = any(${lines.map(line => line.measure)}::text[])`).execute()
  return new Map(rows.map(row => [row.code, said<MeasureItem>(row as unknown as Stored)]))
}

/** The areas named, and the members of those that are groups. */
async function areasOf (ctx: Ctx, codes: string[]): Promise<Map<string, AreaRow>> {
  const { rows } = await sql<AreaRow>`with named as (select * from areas where code = any(${codes}::text[]))
    select code, title, members, member_count from areas
    where code in (select code from named union select member ->> 'area' from named, jsonb_array_elements(named.members) member)`.execute(ctx.db)
  return new Map(rows.map(row => [row.code, row]))
}

const groupOf = (area: AreaRow | undefined): Group | null => area === undefined || area.members.length === 0
  ? null
  : { members: area.members.map(member => member.area), count: area.member_count }

async function insideOf (ctx: Ctx, area: string | undefined): Promise<Map<string, string>> {
  if (area === undefined) return new Map()
  const rows = await ctx.db.selectFrom('areas').select(['code', 'title']).where(sql<boolean>`code in ${areasWithin(area)}`).execute()
  return new Map(rows.map(row => [row.code, row.title]))
}
