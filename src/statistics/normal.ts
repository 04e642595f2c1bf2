// The standard normal and the chi-squared distribution, and the z of a level of confidence. z is worked out and never
// typed as 1.96, which is the practice of the Office for Health Improvement and Disparities.
import { gammaQuantile, gammaTails, type Tails } from './gamma.js'

/** The shares of a chi-squared distribution below and above x (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.6.6). */
export function chiSquaredTails (x: number, degreesOfFreedom: number): Tails {
  return gammaTails(degreesOfFreedom / 2, x / 2)
}

export function chiSquaredQuantile (tails: Tails, degreesOfFreedom: number): number {
  return 2 * gammaQuantile(degreesOfFreedom / 2, tails)
}

/** The square of a standard normal variable is chi-squared with one degree of freedom. */
export function normalCumulative (z: number): number {
  const { lower, upper } = chiSquaredTails(z ** 2, 1)
  return z < 0 ? upper / 2 : (1 + lower) / 2
}

export function normalQuantile (p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile is of a probability between 0 and 1, not of ${p}.`)
  if (p > 0.5) return -normalQuantile(1 - p)
  return p === 0.5 ? 0 : -Math.sqrt(chiSquaredQuantile({ lower: 1 - 2 * p, upper: 2 * p }, 1))
}

/** What a level in percent leaves out on each side. */
export function tailOf (level: number): number {
  return (1 - level / 100) / 2
}

/** How many standard errors a level in percent reaches to each side. */
export function zOf (level: number): number {
  return -normalQuantile(tailOf(level))
}
