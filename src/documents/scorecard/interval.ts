// The 95 % confidence interval of a figure: as it was published, else worked out from the numbers it was made of. Where these
// are not there, or do not give the value, there is none.
import { poisson, scaled, wilson, type Interval } from '../../statistics/intervals.js'
import type { FigureItem, MeasureItem } from '../report/items.js'
import { rounded } from './numbers.js'

export interface FigureInterval {
  lower: number
  upper: number
  level: 95
  method: 'published' | Interval['method']
  /** True where a rate's denominator is not there, so that the interval of its count was scaled to it. */
  scaled: boolean
}

export function intervalOf (measure: MeasureItem, item: FigureItem): FigureInterval | null {
  const { value, lower_95: lower, upper_95: upper, bound = 'exact' } = item
  if (lower !== undefined && upper !== undefined) return { lower, upper, level: 95, method: 'published', scaled: false }
  if (value === undefined || bound !== 'exact') return null
  switch (measure.unit) {
    case 'percent': return ofPercent(value, item)
    case 'rate': return ofRate(value, measure, item)
    case 'count': return value >= 0 ? made(poisson(value, 95), 1, false) : null
    default: return null
  }
}

/** The scale makes a percentage or a rate of it; `guessed`, where it was read off the rate itself. */
function made (interval: Interval, scale: number, guessed: boolean): FigureInterval {
  const { lower, upper, method } = scaled(interval, scale)
  return { lower: rounded(lower), upper: rounded(upper), level: 95, method, scaled: guessed }
}

/** What is printed is rounded, so the numbers need to give it only as far as it goes. */
function gives (worked: number, value: number): boolean {
  const decimals = /\.(\d+)/.exec(String(value))?.[1]?.length ?? 0
  return Math.abs(worked - value) <= 0.5001 * 10 ** -decimals
}

function ofPercent (value: number, { numerator, denominator }: FigureItem): FigureInterval | null {
  if (numerator === undefined || denominator === undefined || numerator < 0 || numerator > denominator) return null
  if (!gives(100 * numerator / denominator, value)) return null
  return made(wilson(numerator, denominator, 95), 100, false)
}

function ofRate (value: number, { per }: MeasureItem, { numerator, denominator }: FigureItem): FigureInterval | null {
  if (numerator === undefined || numerator < 0) return null
  if (denominator !== undefined && per !== undefined) {
    const scale = per / denominator
    return gives(numerator * scale, value) ? made(poisson(numerator, 95), scale, false) : null
  }
  // The rate and its count are each other's multiple; of nought nothing can be said.
  return numerator === 0 || value <= 0 ? null : made(poisson(numerator, 95), value / numerator, true)
}
