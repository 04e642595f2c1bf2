// Which of a plan's targets a line is held against. Pure.
import { periodOf } from '../../periods/period.js'

export interface TargetItem {
  code: string
  kind?: string
  measure: string
  area?: string | null
  comparator?: string | null
  breakdown?: Record<string, string>
  level?: string
  period?: string | null
  by?: string | null
}

/** Code and last day of the period of a latest figure. */
export interface Reached { period: string, end: string | null }

/** The targets of a measure in an area; one that names no area is for the plan's. */
export const targetsFor = <T extends TargetItem> (all: T[], measure: unknown, area: unknown, planArea: unknown): T[] =>
  all.filter(target => target.measure === measure && (target.area ?? planArea ?? null) === area)

/** The day by which it is to be reached, or "" where it has no date. */
export const dueOf = ({ period, by }: Pick<TargetItem, 'period' | 'by'>): string => by ?? (period == null ? '' : periodOf(period)?.end ?? '')

/**
 * In the order in which they count: for the period of the latest figure of their breakdown, else the next that is due
 * after it, else those without a date, else the last that were due; of several the target before stretch, floor and
 * national, and one whose value is held here before one that another plan holds.
 */
export function inOrder<T extends TargetItem> (targets: T[], latestOf: (target: T) => Reached | null): T[] {
  const place = (target: T) => {
    const latest = latestOf(target)
    if (latest !== null && target.period === latest.period) return 0
    const due = dueOf(target)
    return due === '' ? 2 : due >= (latest?.end ?? '') ? 1 : 3
  }
  const byDue = (a: T, b: T) => dueOf(a) < dueOf(b) ? -1 : dueOf(a) > dueOf(b) ? 1 : 0
  const aside = ({ level = 'target', kind }: T) => (level === 'target' ? 0 : 1) + (kind === 'external_reference' ? 2 : 0)
  return targets.toSorted((a, b) => place(a) - place(b) || (place(a) === 3 ? byDue(b, a) : byDue(a, b)) || aside(a) - aside(b))
}
