// Sums of exact decimals without the noise of binary fractions, and how a number of a measure is written.
import type { MeasureItem } from '../report/items.js'
import { number, ownScale, withUnit } from '../report/numbers.js'

/** Exact for decimals as people type them. */
export const difference = (a: number, b: number): number => Number((a - b).toFixed(Math.min(15, Math.max(ownScale(a), ownScale(b)))))

export const sum = (a: number, b: number): number => difference(a, -b)

/** To so many significant digits, for what is worked out and not stated. */
export const rounded = (value: number, digits = 6): number => Number(value.toPrecision(digits))

/** A distance between two values: of a percentage in points. */
export const shownGap = (measure: MeasureItem, gap: number): string =>
  measure.unit === 'percent' ? withUnit(number(Math.abs(gap)), 'percentage_point') : shown(measure, Math.abs(gap))

/** A value of the measure with its unit: "17.2%", "26.9 per 1,000". */
export const shown = (measure: MeasureItem, value: number): string =>
  withUnit(number(value, measure.decimals === undefined ? undefined : Math.max(measure.decimals, ownScale(value))), measure.unit, measure.per)
