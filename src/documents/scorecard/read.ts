// A scorecard read: the lines of a plan in printed order, each judged by the figures as they are, or were known at an instant.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import type { Kind, Stored } from '../../db/kind.js'
import { find } from '../../db/records.js'
import { existing } from '../../db/references.js'
import { periodOf, readPeriod } from '../../periods/period.js'
import { problem } from '../../problems.js'
import { areasWithin } from '../../resources/areas/kind.js'
import { breakdownText } from '../../resources/datapoints/breakdown.js'
import { asDatapoint } from '../../resources/datapoints/columns.js'
import { order, orderBy, selectFigures } from '../../resources/datapoints/select.js'
import { outcomes } from '../../resources/outcomes/kind.js'
import { plan_measures } from '../../resources/plan_measures/kind.js'
import { plans } from '../../resources/plans/kind.js'
import { priorities } from '../../resources/priorities/kind.js'
import { itemsOf } from '../../resources/sections.js'
import { targetsFor } from '../../resources/targets/rules.js'
import { targets } from '../../resources/targets/kind.js'
import { grouped } from '../report/grouped.js'
import { seriesKey, type Dated, type FigureItem, type LineItem, type MeasureItem, type OutcomeItem, type PlanItem, type PriorityItem, type TargetItem } from '../report/items.js'
import { isLevel } from './choice.js'
import { insideOf } from './inside.js'
import type { Group } from './judgement.js'
import { breakdownsOf, judge, type Judged, type Known } from './line.js'

export interface Asked { area?: string, period?: string, as_of?: string, comparators?: string }

/** A figure with its marks and its revision. */
interface Held extends Dated { shorthand: string | null, revision: number }
interface HeldKnown extends Known { figuresOf (area: string): Held[] }

interface AreaRow { code: string, title: string, members: Array<{ area: string }>, member_count: number | null }

/** Members that say nothing are left out, as in a bundle. */
const said = <T>(row: Stored): T => Object.fromEntries(Object.entries(row).filter(([, member]) => member !== null)) as T

/** By default the lines' own areas, all figures as they are now. */
interface Chosen { area?: string, upTo?: string, as_of?: string, comparators: string[] }

/** The plan and what it owns, as it is stored. */
export interface PlanRows { plan: Stored, lines: Stored[], priorities: Stored[], outcomes: Stored[], targets: Stored[] }

export async function readScorecard (ctx: Ctx, code: string, asked: Asked) {
  const plan = await find(ctx, plans, null, code)
  const all = (kind: Kind) => itemsOf(ctx, kind, code)
  const comparators = asked.comparators?.split(',') ?? plan.comparators as string[]
  const chosen = { area: asked.area, upTo: lastDayOf(asked.period), as_of: asked.as_of, comparators }
  await refuseUnknown(ctx, 'area', asked.area === undefined ? [] : [asked.area])
  await refuseUnknown(ctx, 'comparators', asked.comparators === undefined ? [] : comparators)
  const aims = { priorities: await all(priorities), outcomes: await all(outcomes), targets: await all(targets) }
  return {
    plan: plan.code,
    title: plan.title as string,
    area: asked.area ?? plan.area as string | null,
    period: asked.period ?? null,
    as_of: asked.as_of ?? null,
    lines: await readLines(ctx, { plan, lines: await all(plan_measures), ...aims }, chosen)
  }
}

/** The lines judged, in printed order. */
export async function readLines (ctx: Ctx, rows: PlanRows, chosen: Chosen) {
  const { comparators } = chosen
  const plan = said<PlanItem>(rows.plan)
  const all = <T>(rows: Stored[]) => rows.map(row => said<T>(row))
  const parts = { priorities: all<PriorityItem>(rows.priorities), outcomes: all<OutcomeItem>(rows.outcomes), targets: all<TargetItem>(rows.targets) }
  const lines = inPrintedOrder(all<LineItem>(rows.lines), parts)
  const areaOf = (line: LineItem) => chosen.area ?? line.area ?? plan.area
  const areas = await areasOf(ctx, [...lines.flatMap(line => areaOf(line) ?? []), ...comparators])
  const measures = await measuresOf(ctx, lines)
  const inside = await within(ctx, parts.targets.some(one => one.each_sub_area === true) ? chosen.area ?? plan.area : undefined)
  const figures = await figuresOf(ctx, [...measures.keys()], [...new Set([...areas.keys(), ...inside.keys()])], chosen)
  const known = (line: LineItem): HeldKnown[] => {
    const area = areaOf(line)
    const measure = measures.get(line.measure)
    if (area === undefined || measure === undefined) return []
    const mine = targetsFor(parts.targets, line.measure, area, plan.area)
    return breakdownsOf(figures(line.measure, area), mine).map(breakdown => ({
      measure,
      planRule: plan.rag_rule,
      area,
      breakdown,
      figuresOf: other => figures(line.measure, other, breakdownText(breakdown)),
      titleOf: other => (areas.get(other) ?? inside.get(other))?.title ?? other,
      comparators: comparators.filter(one => one !== area),
      groupOf: other => groupOf(areas.get(other)),
      subAreas: () => insideOf(inside.values(), area),
      targets: mine
    }))
  }
  return lines.flatMap(line => known(line).map(one => {
    const judged = judge(one)
    return { ...headOf(line, one, parts.outcomes), ...judged, latest: marked(judged.latest, one.figuresOf(one.area)) }
  }))
}

/** With what only the database knows of a figure: its marks, that of a revision among them, and which revision it is. */
function marked (latest: Judged['latest'], figures: Held[]) {
  if (latest === null) return null
  const { shorthand, revision } = figures.find(one => isLevel(one) && one.period.code === latest.period)!
  return { ...latest, shorthand, revision }
}

export type Scorecard = Awaited<ReturnType<typeof readScorecard>>

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

/** An area and those inside it. */
async function within (ctx: Ctx, area: string | undefined) {
  const query = ctx.db.selectFrom('areas').select(['code', 'title', 'parent'])
  const rows = area === undefined ? [] : await query.where(sql<boolean>`code in ${areasWithin(area)}`).execute()
  return new Map(rows.map(row => [row.code, row]))
}

const columns = ['measure', 'area', 'period', 'period_label', 'breakdown', 'statistic', 'against', 'base_period', 'value', 'numerator', 'denominator', 'lower_95', 'upper_95',
  'bound', 'status', 'missing', 'qualifiers', 'rank_of', 'rank_basis', 'printed', 'note', 'shorthand', 'revision'] as const

/** Level figures and ranks by measure and area; those of periods that end after the day asked for are not known yet. */
async function figuresOf (ctx: Ctx, measures: string[], areas: string[], { as_of, upTo }: Chosen) {
  const rows = await selectFigures(ctx, { measure: measures.join(','), area: areas.join(','), statistic: 'level,rank', ...(as_of !== undefined && { as_of }) })
    .select(columns as unknown as Array<'measure'>).where(sql<boolean>`${upTo === undefined ? sql`true` : sql`(ends <= ${upTo}::date or ends = 'infinity')`}`)
    .orderBy(orderBy(order(undefined))).execute() as Array<Record<string, unknown>>
  const held = rows.map(asDatapoint).map((row): Held => {
    const period = periodOf(row.period as string)!
    const label = row.period_label === period.label ? {} : { period_label: row.period_label }
    const item = said<FigureItem>({ ...row, period_label: null, ...label } as unknown as Stored)
    return { item, period, breakdown: breakdownText(row.breakdown), shorthand: row.shorthand as string | null, revision: row.revision as number }
  })
  const keyed = grouped(held, ({ item: { measure, area }, breakdown }) => [seriesKey(measure, area, breakdown), `${measure}\n${area}`])
  return (measure: string, area: string, breakdown?: string) => keyed.get(breakdown === undefined ? `${measure}\n${area}` : seriesKey(measure, area, breakdown)) ?? []
}
