// Comparison by interval, as Fingertips compares an area with its benchmark: it says whether a difference is more than
// chance would make, and nothing about good or bad, which the measure's polarity decides.
import type { Interval } from './intervals.js'

/** The limits are all that is looked at, whatever they were worked out by. */
type Limits = Pick<Interval, 'lower' | 'upper'>

export type Comparison = 'higher' | 'lower' | 'similar'

/**
 * Against a value that is taken as known: a target, or a nation whose own interval is too narrow to matter. Higher means
 * that the figure of the interval is. A reference on a limit is not outside: similar.
 */
export function againstValue (interval: Limits, reference: number): Comparison {
  if (!Number.isFinite(reference)) throw new RangeError(`An interval is compared with a number, not with ${reference}.`)
  if (interval.lower > reference) return 'higher'
  return interval.upper < reference ? 'lower' : 'similar'
}

/**
 * Against another figure that is uncertain too: an area of about the same size, or the same area in another year. Higher
 * means that a is. Intervals that touch overlap. The method is careful: two that do not overlap differ, but two that
 * overlap a little may differ too (Schenker and Gentleman 2001), so similar means "not shown to differ".
 */
export function againstInterval (a: Interval, b: Interval): Comparison {
  if (a.level !== b.level) throw new RangeError(`Intervals of one level are compared, not of ${a.level} % and ${b.level} %.`)
  if (a.lower > b.upper) return 'higher'
  return a.upper < b.lower ? 'lower' : 'similar'
}
