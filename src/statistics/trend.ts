// The chi-squared test for trend: whether figures in the order of time rise or fall by more than chance would make.
import { chiSquaredTails, zOf } from './normal.js'

/** A proportion is a part of its denominator, a rate counts events among it, a count has none. */
export type Quantity = 'proportion' | 'rate' | 'count'

export interface TrendPoint { numerator: number, denominator: number | null }

export interface Trend {
  /** none unless significant: a direction that chance may have made is not reported as one. */
  direction: 'increasing' | 'decreasing' | 'none'
  significant: boolean
  /** The statistic is above the critical value, and yet without one of the points it would have no or another direction. */
  rests_on_one_point: boolean
  points: number
  statistic: number
  p: number
  method: 'chi_squared_trend'
}

/** 9.5495, the 99.8 % point of chi-squared with one degree of freedom: the level of Fingertips' trend markers. */
const critical = zOf(99.8) ** 2

/** What makes points unfit to be tested, as a sentence; null where nothing does. */
export function faultIn (points: TrendPoint[], quantity: Quantity): string | null {
  for (const { numerator, denominator } of points) {
    if (!(numerator >= 0 && numerator < Infinity)) return `A numerator is 0 or more, not ${numerator}.`
    if (quantity === 'count') continue
    if (!(denominator !== null && denominator > 0 && denominator < Infinity)) return `A ${quantity} needs a denominator above 0, not ${denominator}.`
    if (quantity === 'proportion' && numerator > denominator) return `A proportion cannot have a numerator of ${numerator} and a denominator of ${denominator}.`
  }
  return null
}

/**
 * The statistic before it is squared, so with its sign: how far events lean towards later times (the sum of numerator ×
 * time from the mean time), in standard errors where there is no trend. For proportions its square is the statistic of
 * Cochran (1954) and Armitage (1955) with the binomial variance, as in R's prop.trend.test and in Fingertips. For rates
 * it is the Poisson analogue, where an event takes nothing from the denominator (Breslow and Day 1987, volume II,
 * chapter 3), and for counts the same with equal denominators.
 */
function lean (points: TrendPoint[], quantity: Quantity, times: number[]): number {
  const weights = points.map(({ denominator }) => quantity === 'count' ? 1 : denominator!)
  const sum = (of: (i: number) => number) => points.reduce((total, _, i) => total + of(i), 0)
  const weight = sum(i => weights[i]!)
  const events = sum(i => points[i]!.numerator)
  const mean = sum(i => weights[i]! * times[i]!) / weight
  const spread = sum(i => weights[i]! * (times[i]! - mean) ** 2) / weight
  const variance = events * (quantity === 'proportion' ? 1 - events / weight : 1) * spread
  // No event at all, or nothing else: there is nothing that could lean.
  return variance > 0 ? sum(i => points[i]!.numerator * (times[i]! - mean)) / Math.sqrt(variance) : 0
}

/** Sums of equal figures miss 0 by a rounding error, which is no direction. */
const signOf = (lean: number) => Math.abs(lean) < 1e-9 ? 0 : Math.sign(lean)

/**
 * The chi-squared test for linear trend of three or more points in the order of time, at 99.8 %. Times default to 1, 2, 3
 * and so on; give them where the periods are not equally spaced. As in Fingertips a trend must also keep its direction
 * when any one point is left out, so that a single odd year is not called a trend. RangeError where the input is impossible.
 */
export function trendOf (points: TrendPoint[], quantity: Quantity, times: number[] = points.map((_, i) => i + 1)): Trend {
  if (points.length < 3) throw new RangeError(`A trend needs three points or more, not ${points.length}.`)
  if (times.length !== points.length || times.some((time, i) => !(Number.isFinite(time) && time > (times[i - 1] ?? -Infinity)))) {
    throw new RangeError('A trend needs a time for each point, each later than the one before.')
  }
  const fault = faultIn(points, quantity)
  if (fault !== null) throw new RangeError(fault)
  const leaning = lean(points, quantity, times)
  const statistic = leaning ** 2
  const without = (i: number) => lean(points.toSpliced(i, 1), quantity, times.toSpliced(i, 1))
  const above = statistic > critical
  const steady = points.every((_, i) => signOf(without(i)) === signOf(leaning))
  const significant = above && steady
  return {
    direction: !significant ? 'none' : leaning > 0 ? 'increasing' : 'decreasing',
    significant,
    rests_on_one_point: above && !steady,
    points: points.length,
    statistic,
    p: chiSquaredTails(statistic, 1).upper,
    method: 'chi_squared_trend'
  }
}
