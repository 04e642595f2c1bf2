// Of what a trend is told: numerator and denominator of each level figure up to the latest.
import type { PeriodPoint } from '../../statistics/recent_trend.js'
import type { Quantity } from '../../statistics/trend.js'
import type { Dated, MeasureItem } from '../report/items.js'
import { isDated } from './choice.js'

const quantities: Record<string, Quantity> = { percent: 'proportion', rate: 'rate', count: 'count' }

/** null where the unit of the measure is none of which a trend can be tested. */
export const quantityOf = ({ unit }: MeasureItem): Quantity | null => quantities[unit ?? ''] ?? null

/** A count is its own numerator; what is missing or inexact has none. */
export const pointsOf = (quantity: Quantity, figures: Dated[], latest: Dated): PeriodPoint[] => figures
  .filter(one => isDated(one) && one.period.end! <= latest.period.end!)
  .map(({ item, period }) => {
    const exact = (item.bound ?? 'exact') === 'exact'
    const numerator = !exact ? undefined : quantity === 'count' ? item.value : item.numerator
    return { start: period.start!, end: period.end!, kind: period.kind, numerator: numerator ?? null, denominator: item.denominator ?? null }
  })
