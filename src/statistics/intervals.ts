// Confidence intervals of proportions and counts, by the methods of the Office for Health Improvement and Disparities
// (Fingertips technical guidance, "Confidence intervals"; the R package PHEindicatormethods).
import { chiSquaredQuantile, tailOf, zOf } from './normal.js'

/** In percent: 95, and 99.8 (about three standard errors) where many areas are compared at once. */
export type Level = 95 | 99.8

export interface Interval {
  lower: number
  upper: number
  level: Level
  method: 'wilson' | 'byar' | 'exact_poisson'
}

const zs: Record<Level, number> = { 95: zOf(95), 99.8: zOf(99.8) }

/** From this count on Byar's approximation is as good as the exact limits; PHE's tools change over here as well. */
const byarFrom = 10

/**
 * Wilson's score interval of a proportion, from 0 to 1 (Wilson 1927; Newcombe 1998, method 3, without continuity
 * correction). It never leaves 0 to 1 and holds for small numbers and for none at all, which the textbook's p ± z·se
 * does not. Numerators need not be whole: weighted and rounded ones occur.
 */
export function wilson (numerator: number, denominator: number, level: Level): Interval {
  if (!(denominator > 0 && denominator < Infinity && numerator >= 0 && numerator <= denominator)) {
    throw new RangeError(`A proportion needs 0 <= numerator <= denominator and a denominator above 0, not ${numerator} of ${denominator}.`)
  }
  const z = zs[level]
  const middle = 2 * numerator + z ** 2
  const root = z * Math.sqrt(z ** 2 + 4 * numerator * (1 - numerator / denominator))
  return {
    // (middle - root) / 2(n + z²), multiplied out, because the difference of two near numbers would lose digits.
    lower: 2 * numerator * (numerator / denominator) / (middle + root),
    upper: numerator === denominator ? 1 : Math.min(1, (middle + root) / (2 * (denominator + z ** 2))),
    level,
    method: 'wilson'
  }
}

/** Byar's approximation to the exact limits (Breslow and Day 1987, volume II, page 69). */
function byar (count: number, level: Level): Interval {
  const limit = (x: number, z: number) => x * (1 - 1 / (9 * x) + z / (3 * Math.sqrt(x))) ** 3
  return { lower: limit(count, -zs[level]), upper: limit(count + 1, zs[level]), level, method: 'byar' }
}

/** The exact limits (Garwood 1936) through the chi-squared distribution, which also takes counts that are not whole. */
function exact (count: number, level: Level): Interval {
  const tail = tailOf(level)
  return {
    lower: count === 0 ? 0 : chiSquaredQuantile({ lower: tail, upper: 1 - tail }, 2 * count) / 2,
    upper: chiSquaredQuantile({ lower: 1 - tail, upper: tail }, 2 * count + 2) / 2,
    level,
    method: 'exact_poisson'
  }
}

/**
 * Interval of a count of events, as a count: exact below 10, Byar's from 10 on. A rate's interval is this one scaled by
 * what makes a rate of the count. At 10 the two differ by less than 0.2 %
 * of a limit (1.5 % at 99.8 %), so for numerators that are not whole the lower limit steps back a little there.
 */
export function poisson (count: number, level: Level): Interval {
  if (!(count >= 0 && count < Infinity)) throw new RangeError(`A count is 0 or more, not ${count}.`)
  return count < byarFrom ? exact(count, level) : byar(count, level)
}

/** The same interval in other units: a proportion in percent (by 100), a count as a rate (by per / denominator). */
export function scaled (interval: Interval, factor: number): Interval {
  if (!(factor > 0 && factor < Infinity)) throw new RangeError(`An interval is scaled by a number above 0, not by ${factor}.`)
  return { ...interval, lower: interval.lower * factor, upper: interval.upper * factor }
}
