// Who owes which figures by when, and what has come of them: pure decisions on what was read.
import { periodOf, periodsWithin, plusDays, regularFrequencies, startOfYear } from '../../periods/period.js'
import type { Period, RegularFrequency, Timing, YearKind } from '../../periods/period.js'
import type { Return, Standing } from './schema.js'

/** A line of a plan with what the plan and the measure say of its figures. */
export interface Line {
  plan: string
  plan_measure: string
  measure: string
  area: string | null
  organisations: Array<{ organisation?: string | null, role: string }>
  data_provider: string | null
  frequency: string | null
  year_kind: YearKind | null
  timing: Timing
  collection_lag_days: number | null
  measure_status: string
  plan_status: string
  /** The plan's own period; without one there is nothing to owe for. */
  starts: string | null
  ends: string | null
}

/** First and last day. */
export type Bounds = readonly [start: string, end: string]

export interface Owed extends Omit<Return, 'state' | 'received_on' | 'late'> {
  /** A figure with any of these bounds is the one that is owed. */
  answers: Bounds[]
}

/** Values of missing by which a figure is still to come; any other says that there will be none, which is an answer. */
export const stillToCome = ['tbc', 'not_yet_published', 'new_indicator', 'not_stated']

/** Values of status by which a figure is what somebody expects, and not yet the outturn. */
export const foretold = ['forecast', 'projected']

const over = ['superseded', 'archived']

const isRegular = (frequency: string | null): frequency is RegularFrequency => (regularFrequencies as readonly (string | null)[]).includes(frequency)

/** Whoever is named as provider, by the line or else by the measure; else who leads; else who delivers. */
export function owersOf ({ organisations, data_provider: provider }: Pick<Line, 'organisations' | 'data_provider'>): string[] {
  const as = (role: string) => [...new Set(organisations.flatMap(party => party.role === role ? party.organisation ?? [] : []))]
  return [as('data_provider'), provider === null ? [] : [provider], as('lead'), as('delivery')].find(named => named.length > 0) ?? []
}

/** Everything that a line asks for, of everybody who owes it. */
export function owedOn (line: Line): Owed[] {
  const { plan, plan_measure, measure, area, frequency, year_kind: kind, starts, ends } = line
  if (over.includes(line.plan_status) || line.measure_status !== 'active' || !isRegular(frequency)) return []
  if (starts === null || ends === null || area === null) return []
  const owers = owersOf(line)
  return periodsWithin(frequency, kind, starts, ends).flatMap(span => {
    const period = line.timing === 'as_at' ? periodOf(`D${span.end!}`)! : span
    const due_on = plusDays(span.end!, line.collection_lag_days ?? 0)
    const when = { period: period.code, period_start: period.start!, period_end: period.end!, due_on }
    return owers.map(organisation => ({ organisation, plan, plan_measure, measure, area, ...when, answers: answersOf(line, span) }))
  })
}

/** The period itself, by whatever kind it is named; of a state the day that ends it, of a running total the year so far. */
function answersOf ({ timing, year_kind: kind }: Line, { start, end }: Period): Bounds[] {
  const itself = [start!, end!] as const
  if (timing === 'as_at') return [itself, [end!, end!]]
  return timing === 'cumulative' ? [itself, [startOfYear(kind, end!), end!]] : [itself]
}

/** Names a figure by its place and bounds. */
export const placeOf = (measure: string, area: string, [start, end]: Bounds): string => `${measure}/${area}/${start}/${end}`

/** What is owed, with what has come of it: `arrived` has the day since which each place holds a figure. */
export const returnsOn = (on: string, owed: Owed[], arrived: ReadonlyMap<string, string>): Return[] => owed.map(({ answers, ...asked }) => {
  const [received_on = null] = answers.flatMap(bounds => arrived.get(placeOf(asked.measure, asked.area, bounds)) ?? []).sort()
  if (received_on !== null) return { ...asked, state: 'received' as const, received_on, late: received_on > asked.due_on }
  return { ...asked, state: asked.due_on < on ? 'overdue' as const : 'expected' as const, received_on, late: null }
})

/** What tells a return from every other, in the order in which they are listed. */
export const keyOf = ({ organisation, due_on, plan, plan_measure, period }: Return): string[] => [organisation, due_on, plan, plan_measure, period]

export function compareKeys (a: readonly unknown[], b: readonly unknown[]): number {
  const at = a.findIndex((part, i) => part !== b[i])
  return at < 0 ? 0 : String(a[at]) < String(b[at]) ? -1 : 1
}

/** How each organisation stands; a figure that several lines ask for counts once. */
export function standings (on: string, returns: Return[]): Standing[] {
  const byOrganisation = new Map<string, Map<string, Return>>()
  for (const one of returns) {
    const theirs = byOrganisation.get(one.organisation) ?? new Map<string, Return>()
    byOrganisation.set(one.organisation, theirs.set(placeOf(one.measure, one.area, [one.period_start, one.period_end]), one))
  }
  return [...byOrganisation].map(([organisation, theirs]) => standing(on, organisation, [...theirs.values()]))
    .sort((a, b) => a.organisation < b.organisation ? -1 : 1)
}

function standing (on: string, organisation: string, theirs: Return[]): Standing {
  const counted = (state: Return['state']) => theirs.filter(one => one.state === state).length
  const due = theirs.filter(one => one.due_on < on)
  const on_time = due.filter(one => one.late === false).length
  return {
    organisation,
    expected: counted('expected'),
    received: counted('received'),
    overdue: counted('overdue'),
    due: due.length,
    on_time,
    on_time_rate: due.length === 0 ? null : Math.round(1000 * on_time / due.length) / 10
  }
}
