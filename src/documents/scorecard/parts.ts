// What stands around the judgement of a line: its place on the page, its head, and what is owed for it. Pure.
import { periodOf, type Timing } from '../../periods/period.js'
import type { LineItem, OutcomeItem, PlanItem, PriorityItem } from '../report/items.js'
import type { Line } from '../returns/rules.js'
import type { Known } from './line.js'

/** By priority, outcome and place on the page, as a reader meets them. */
export function inPrintedOrder (lines: LineItem[], { priorities, outcomes }: { priorities: PriorityItem[], outcomes: OutcomeItem[] }): LineItem[] {
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

export const headOf = (line: LineItem, { measure, area, breakdown }: Known, outcomes: OutcomeItem[]) => ({
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

export function owingOf (plan: PlanItem, line: LineItem, { measure, area }: Known): Line {
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
