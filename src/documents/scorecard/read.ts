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
import { outcomes } from '../../resources/outcomes/kind.js'
import { plan_measures } from '../../resources/plan_measures/kind.js'
import { plans } from '../../resources/plans/kind.js'
import { priorities } from '../../resources/priorities/kind.js'
import { itemsOf } from '../../resources/sections.js'
import { targetsFor } from '../../resources/targets/rules.js'
import { targets } from '../../resources/targets/kind.js'
import { grouped } from '../report/grouped.js'
import type { LineItem, MeasureItem, OutcomeItem, PlanItem, PriorityItem, TargetItem } from '../report/items.js'
import { isLevel, latestOf } from './choice.js'
import { nextDue } from './due.js'
import { Figures, type Held } from './figures.js'
import { insideOf } from './inside.js'
import { groupOf } from './judgement.js'
import { breakdownsOf, judge, type Judged, type Known } from './line.js'
import { headOf, inPrintedOrder, owingOf } from './parts.js'

export interface Asked { area?: string, period?: string, as_of?: string, comparators?: string }

/** By default the lines' own areas, all figures as they are now. */
interface Chosen { area?: string, upTo?: string, as_of?: string, comparators: string[] }

/** The plan and what it owns, as it is stored. */
export interface PlanRows { plan: Stored, lines: Stored[], priorities: Stored[], outcomes: Stored[], targets: Stored[] }

interface AreaRow { code: string, title: string, members: Array<{ area: string }>, member_count: number | null }

/** Members that say nothing are left out, as in a bundle. */
const said = <T>(row: Stored): T => Object.fromEntries(Object.entries(row).filter(([, member]) => member !== null)) as T

/** What is due on the day of the instant asked for, else today. */
export async function readScorecard (ctx: Ctx, code: string, asked: Asked, today: string) {
  const plan = await find(ctx, plans, null, code)
  const all = (kind: Kind) => itemsOf(ctx, kind, code)
  const comparators = asked.comparators?.split(',') ?? plan.comparators as string[]
  const chosen = { area: asked.area, upTo: lastDayOf(asked.period), as_of: asked.as_of, comparators }
  await refuseUnknown(ctx, 'area', asked.area === undefined ? [] : [asked.area])
  await refuseUnknown(ctx, 'comparators', asked.comparators === undefined ? [] : comparators)
  const aims = { priorities: await all(priorities), outcomes: await all(outcomes), targets: await all(targets) }
  const day = asked.as_of?.slice(0, 10) ?? today
  const lines = await readLines(ctx, { plan, lines: await all(plan_measures), ...aims }, chosen)
  return {
    plan: plan.code,
    title: plan.title as string,
    area: asked.area ?? plan.area as string | null,
    period: asked.period ?? null,
    as_of: asked.as_of ?? null,
    lines: lines.map(({ line, known, judged, here }) => ({
      ...headOf(line, known, aims.outcomes as unknown as OutcomeItem[]),
      ...judged,
      latest: marked(judged.latest, known.figuresOf(known.area)),
      due: nextDue(owingOf(said<PlanItem>(plan), line, known), here, day)
    }))
  }
}

export type Scorecard = Awaited<ReturnType<typeof readScorecard>>

/** A line judged, with what it was judged by; `here` are the figures of all breakdowns in its area. */
export interface JudgedLine { line: LineItem, known: HeldKnown, judged: Judged, here: Held[] }

interface HeldKnown extends Known { figuresOf (area: string): Held[] }

/** The lines judged, in printed order. */
export async function readLines (ctx: Ctx, rows: PlanRows, chosen: Chosen): Promise<JudgedLine[]> {
  const { comparators } = chosen
  const plan = said<PlanItem>(rows.plan)
  const all = <T>(rows: Stored[]) => rows.map(row => said<T>(row))
  const parts = { priorities: all<PriorityItem>(rows.priorities), outcomes: all<OutcomeItem>(rows.outcomes), targets: all<TargetItem>(rows.targets) }
  const lines = inPrintedOrder(all<LineItem>(rows.lines), parts)
  const areaOf = (line: LineItem) => chosen.area ?? line.area ?? plan.area
  const besides = [...comparators, ...parts.targets.flatMap(({ comparator }) => comparator ?? [])]
  const areas = await areasOf(ctx, [...lines.flatMap(line => areaOf(line) ?? []), ...besides])
  const measures = await measuresOf(ctx, lines)
  const inside = await within(ctx, parts.targets.some(one => one.each_sub_area === true) ? chosen.area ?? plan.area : undefined)
  const figures = new Figures(ctx, chosen)
  const places = lines.map(line => ({ measure: measures.get(line.measure), area: areaOf(line) }))
  await readFigures(figures, places, [...new Set([...areas.keys(), ...inside.keys()])], besides)
  const known = (line: LineItem, measure: MeasureItem, area: string): HeldKnown[] => {
    const mine = targetsFor(parts.targets, line.measure, area, plan.area)
    return breakdownsOf(figures.of(line.measure, area), mine).map(breakdown => ({
      measure,
      planRule: plan.rag_rule,
      area,
      breakdown,
      figuresOf: other => figures.of(line.measure, other).filter(one => one.breakdown === breakdownText(breakdown)),
      titleOf: other => (areas.get(other) ?? inside.get(other))?.title ?? other,
      comparators: comparators.filter(one => one !== area),
      groupOf: other => groupOf(areas.get(other)),
      subAreas: () => insideOf(inside.values(), area),
      targets: mine
    }))
  }
  return lines.flatMap((line, i) => {
    const { measure, area } = places[i]!
    if (measure === undefined || area === undefined) return []
    return known(line, measure, area).map(known => ({ line, known, judged: judge(known), here: figures.of(line.measure, area) }))
  })
}

/** With what only the database knows of a figure: its marks, that of a revision among them, and which revision it is. */
function marked (latest: Judged['latest'], figures: Held[]) {
  if (latest === null) return null
  const { shorthand, revision } = figures.find(one => isLevel(one) && one.period.code === latest.period)!
  return { ...latest, shorthand, revision }
}

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
  const latest = own.map(({ measure, area }) => ({ measure, places: latestPlaces(measure, figures.of(measure.code, area)) }))
  await figures.read(codes, others, [...new Set(latest.flatMap(({ places }) => places.map(({ period }) => period)))])
  const silent = others.filter(one => comparators.includes(one)).flatMap(area => latest.flatMap(({ measure, places }) => {
    const theirs = figures.of(measure.code, area).filter(isLevel)
    const has = ({ breakdown, period }: LatestPlace) => theirs.some(one => one.breakdown === breakdown && one.period.code === period)
    return places.every(has) ? [] : [{ measure: measure.code, area }]
  }))
  await figures.read([...new Set(silent.map(one => one.measure))], [...new Set(silent.map(one => one.area))])
}

interface LatestPlace { breakdown: string, period: string }

/** Of the whole and of each breakdown. */
function latestPlaces (measure: MeasureItem, held: Held[]): LatestPlace[] {
  return [...grouped(held, one => [one.breakdown])].flatMap(([breakdown, figures]) => {
    const latest = latestOf(measure, figures)
    return latest === null ? [] : [{ breakdown, period: latest.period.code }]
  })
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

/** An area and those inside it. */
async function within (ctx: Ctx, area: string | undefined) {
  const query = ctx.db.selectFrom('areas').select(['code', 'title', 'parent'])
  const rows = area === undefined ? [] : await query.where(sql<boolean>`code in ${areasWithin(area)}`).execute()
  return new Map(rows.map(row => [row.code, row]))
}
