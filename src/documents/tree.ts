// The live plan nested as a reader reads it: priorities, their outcomes, the lines of these with their latest figures,
// and the actions beside what they serve.
import { isDeepStrictEqual } from 'node:util'
import type { Ctx } from '../db/connection.js'
import type { Kind, Stored } from '../db/kind.js'
import { find } from '../db/records.js'
import { actions } from '../resources/actions/kind.js'
import { asDatapoint, columnNames, type DatapointRow } from '../resources/datapoints/columns.js'
import { order, orderBy, selectFigures, type Selection } from '../resources/datapoints/select.js'
import { outcomes } from '../resources/outcomes/kind.js'
import { plan_measures as lines } from '../resources/plan_measures/kind.js'
import { plans } from '../resources/plans/kind.js'
import { priorities } from '../resources/priorities/kind.js'
import { itemsOf } from '../resources/sections.js'
import { targets } from '../resources/targets/kind.js'
import { inOrder, targetsFor, type TargetItem } from '../resources/targets/rules.js'
import { updates } from '../resources/updates/kind.js'
import { grouped } from './report/grouped.js'
import { readLines } from './scorecard/read.js'

type Nested = Record<string, unknown>

/** With the tree, whether it tells updates that are only for those concerned. */
export async function readTree (ctx: Ctx, code: string) {
  const plan = await find(ctx, plans, null, code)
  const all = (kind: Kind) => itemsOf(ctx, kind, code)
  const parts = {
    priorities: await all(priorities),
    outcomes: await all(outcomes),
    lines: await all(lines),
    actions: await all(actions),
    updates: await all(updates)
  }
  const stored = await all(targets)
  const aims = stored as unknown as TargetItem[]
  const figures = await figuresOf(ctx, plan, parts.lines)
  const titles = await titlesOf(ctx, parts.lines)
  // Of the comparators only those of targets have a say in what the tree tells.
  const comparators = (plan.comparators as string[]).filter(area => aims.some(target => target.comparator === area))
  const judged = grouped(await readLines(ctx, { ...parts, plan, targets: stored }, { comparators }), one => [one.line.code])
  const placeActions = actionsBy(parts.actions)
  const line = (row: Stored): Nested => {
    const area = row.area ?? plan.area
    const { latest, ...others } = figures(`${row.measure as string} ${area as string}`)
    const [target = null, ...further] = inOrder(targetsFor(aims, row.measure, area, plan.area), reachedBy([latest, ...others.breakdowns]))
    return {
      ...row,
      title: row.title ?? titles.get(row.measure as string) ?? null,
      latest,
      ...others,
      target,
      further_targets: further,
      judgements: (judged.get(row.code) ?? []).map(({ known: { breakdown }, judged: { direction, change_significant, rag, rag_reason } }) =>
        ({ breakdown, direction, change_significant, rag, rag_reason })),
      updates: parts.updates.filter(update => (update.plan_measures as string[]).includes(row.code)),
      actions: placeActions('plan_measures', row.code)
    }
  }
  const linesWhere = (test: (row: Stored) => boolean) => parts.lines.filter(test).map(line)
  const ofActivity = (action: string) => linesWhere(one => one.action === action)
  const outcome = (row: Stored): Nested =>
    ({ ...row, measures: linesWhere(one => one.outcome === row.code), actions: placeActions('outcomes', row.code, ofActivity) })
  const told = parts.updates.filter(({ plan_measures: lines }) => (lines as string[]).length > 0)
  const tree = {
    plan,
    priorities: parts.priorities.map(row => ({
      ...row,
      outcomes: parts.outcomes.filter(one => one.priority === row.code).map(outcome),
      measures: linesWhere(one => (one.priorities as Array<{ priority: string }>).some(link => link.priority === row.code)),
      actions: placeActions('priorities', row.code, ofActivity)
    })),
    actions: placeActions(null, '', ofActivity)
  }
  return { tree, restricted: await updates.recorded!.among(ctx, code, told) }
}

/** Actions that name a thing (or, for null, nothing at all), each with its parts inside it. */
function actionsBy (all: Stored[]) {
  type LinesOf = (action: string) => Nested[]
  const children = (code: string, linesOf?: LinesOf): Nested[] => all.filter(one => one.parent === code).map(one => nest(one, linesOf))
  const nest = (row: Stored, linesOf?: LinesOf): Nested =>
    ({ ...row, measures: linesOf?.(row.code) ?? [], actions: children(row.code, linesOf) })
  const names = (row: Stored, member: 'priorities' | 'outcomes' | 'plan_measures', code: string) => member === 'priorities'
    ? (row.priorities as Array<{ priority: string }>).some(link => link.priority === code)
    : (row[member] as string[]).includes(code)
  const placed = (row: Stored) => ['priorities', 'outcomes', 'plan_measures'].some(member => (row[member] as unknown[]).length > 0)
  const parentNames = (row: Stored, member: 'priorities' | 'outcomes' | 'plan_measures', code: string) => {
    const parent = all.find(one => one.code === row.parent)
    return parent !== undefined && names(parent, member, code)
  }
  return (member: 'priorities' | 'outcomes' | 'plan_measures' | null, code: string, linesOf?: LinesOf): Nested[] => all
    .filter(row => member === null ? row.parent === null && !placed(row) : names(row, member, code) && !parentNames(row, member, code))
    .map(row => nest(row, linesOf))
}

/** How far the figures of a target's breakdown have come, or where there are none those of the others. */
function reachedBy (latest: Array<DatapointRow | null>) {
  const figures = latest.filter(figure => figure !== null)
    .map(({ breakdown, period, period_end: end }) => ({ breakdown, period: period as string, end: end as string }))
    .sort((a, b) => a.end < b.end ? 1 : -1)
  return ({ breakdown }: TargetItem) => figures.find(figure => isDeepStrictEqual(figure.breakdown, breakdown)) ?? figures[0] ?? null
}

async function titlesOf (ctx: Ctx, rows: Stored[]): Promise<Map<string, string>> {
  const codes = [...new Set(rows.map(row => row.measure as string))]
  const found = codes.length === 0 ? [] : await ctx.db.selectFrom('measures').select(['code', 'title']).where('code', 'in', codes).execute()
  return new Map(found.map(row => [row.code, row.title]))
}

/** For a measure in an area: the latest figure of the whole, of each breakdown, and what has no date. */
async function figuresOf (ctx: Ctx, plan: Stored, rows: Stored[]) {
  const measures = [...new Set(rows.map(row => row.measure as string))]
  const areas = [...new Set(rows.map(row => row.area ?? plan.area).filter(area => area !== null))] as string[]
  const select = async (selection: Selection) => (await selectFigures(ctx, { ...selection, measure: measures.join(','), area: areas.join(',') })
    .select(columnNames(false) as Array<'measure'>).orderBy(orderBy(order(undefined))).execute()).map(asDatapoint)
  const latest = await select({ latest: true })
  const undated = await select({ statistic: 'level', period_kind: 'undated' })
  return (key: string) => {
    const here = (row: DatapointRow) => `${row.measure} ${row.area}` === key
    const whole = (row: DatapointRow) => Object.keys(row.breakdown).length === 0
    return {
      latest: latest.find(row => here(row) && whole(row)) ?? null,
      breakdowns: latest.filter(row => here(row) && !whole(row)),
      undated: undated.filter(here)
    }
  }
}
