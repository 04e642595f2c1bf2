// The contract's paragraph on corrections once more, written from the contract alone: what a figure is after an edit,
// and what it was at an instant. Nothing of the service is imported here.

/** What of a figure the model follows, as the wire shows it. */
export interface Figure {
  value: number | null
  missing: string | null
  numerator: number | null
  denominator: number | null
  lower_95: number | null
  upper_95: number | null
  bound: string | null
  printed: string | null
  status: string
  qualifiers: string[]
  note: string | null
  source: string | null
  provider: string | null
  period_label: string
}

export type Sent = { [K in keyof Figure]?: Figure[K] | null } | { deleted: true }

export interface State { revision: number, deleted: boolean, figure: Figure | null }

export type Outcome = 'created' | 'updated' | 'deleted' | 'unchanged' | 'rejected'

/** A figure that nothing is known of. */
const blank: Omit<Figure, 'period_label'> = {
  value: null,
  missing: null,
  numerator: null,
  denominator: null,
  lower_95: null,
  upper_95: null,
  bound: null,
  printed: null,
  status: 'not_stated',
  qualifiers: [],
  note: null,
  source: null,
  provider: null
}

/** What belongs to one value and not to the next. */
const ofTheValue = ['numerator', 'denominator', 'lower_95', 'upper_95', 'bound', 'printed'] as const

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

function corrected (stored: Figure, sent: Exclude<Sent, { deleted: true }>, label: string): Figure | 'rejected' {
  if (typeof sent.value === 'number' && typeof sent.missing === 'string') return 'rejected'
  const next: Figure = { ...stored }
  if (sent.value !== undefined) next.value = sent.value
  if (sent.missing !== undefined) next.missing = sent.missing
  if (typeof sent.value === 'number') next.missing = null
  if (typeof sent.missing === 'string') next.value = null
  if (next.value !== stored.value) for (const member of ofTheValue) next[member] = null
  for (const member of ['numerator', 'denominator', 'lower_95', 'upper_95', 'bound', 'printed', 'note', 'source', 'provider'] as const) {
    if (sent[member] !== undefined) (next as unknown as Record<string, unknown>)[member] = sent[member]
  }
  // Null clears; where there is always something, it falls back to what holds when nothing is said.
  if (sent.status !== undefined) next.status = sent.status ?? 'not_stated'
  if (sent.qualifiers !== undefined) next.qualifiers = sent.qualifiers ?? []
  if (sent.period_label !== undefined) next.period_label = sent.period_label ?? label
  next.bound = next.value === null ? null : next.bound ?? 'exact'
  if (next.lower_95 !== null && next.upper_95 !== null && next.lower_95 > next.upper_95) return 'rejected'
  const says = [next.value, next.missing, next.numerator, next.denominator]
  return says.every(one => one === null) ? 'rejected' : next
}

/** One row against one figure: what comes of it, and the figure's next state where it has one. */
export function edit (before: State | undefined, sent: Sent, label: string): { outcome: Outcome, after?: State } {
  const stored = before === undefined || before.deleted ? null : before.figure
  const revision = (before?.revision ?? 0) + 1
  if ('deleted' in sent) return stored === null ? { outcome: 'unchanged' } : { outcome: 'deleted', after: { revision, deleted: true, figure: null } }
  const next = corrected(stored ?? { ...blank, period_label: label }, sent, label)
  if (next === 'rejected') return { outcome: 'rejected' }
  if (stored !== null && same(next, stored)) return { outcome: 'unchanged' }
  return { outcome: stored === null ? 'created' : 'updated', after: { revision, deleted: false, figure: next } }
}

export interface Row { key: string, sent: Sent }

/** All that ever was, in the order in which it was recorded. */
export class Model {
  readonly labels: Record<string, string>
  readonly recorded: Array<{ at: string, key: string, state: State }> = []
  private readonly now = new Map<string, State>()

  constructor (labels: Record<string, string>) {
    this.labels = labels
  }

  /** What comes of each row; nothing is recorded yet. */
  try (rows: Row[]): Array<{ key: string, outcome: Outcome, after?: State }> {
    const first = new Map<string, Row>()
    const differing = new Set<string>()
    for (const row of rows) {
      const other = first.get(row.key)
      if (other === undefined) first.set(row.key, row)
      else if (!same(other.sent, row.sent)) differing.add(row.key)
    }
    return rows.map(row => {
      const done = edit(this.now.get(row.key), row.sent, this.labels[row.key]!)
      if (differing.has(row.key)) return { key: row.key, outcome: 'rejected' }
      // Said twice, it is written once.
      if (first.get(row.key) !== row && done.outcome !== 'rejected') return { key: row.key, outcome: 'unchanged' }
      return { key: row.key, ...done }
    })
  }

  record (at: string, outcomes: Array<{ key: string, after?: State }>): void {
    for (const { key, after } of outcomes) {
      if (after === undefined) continue
      this.now.set(key, after)
      this.recorded.push({ at, key, state: after })
    }
  }

  /** The figures as they were known at an instant: replayed from the beginning. */
  asOf (at: string): Map<string, State> {
    const then = new Map<string, State>()
    for (const one of this.recorded) if (one.at <= at) then.set(one.key, one.state)
    return then
  }
}
