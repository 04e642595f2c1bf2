// The gamma distribution: its two tails and its quantiles. The chi-squared and the normal distribution are gamma
// distributions in other units, so all that this room knows of probabilities is worked out here.

/** Coefficients of Stirling's series: Bernoulli's numbers B(2k) / (2k(2k - 1)). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156]

/** Stirling's series (NIST Digital Library of Mathematical Functions, 5.11.1) above 12; below, by the recurrence 5.5.1. */
function logGamma (x: number): number {
  let factors = 1
  let y = x
  for (; y < 12; y++) factors *= y
  const series = stirling.reduce((sum, coefficient, k) => sum + coefficient / y ** (2 * k + 1), 0)
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - Math.log(factors)
}

/** NIST DLMF 8.11.4, which converges fast below the mean. */
function lowerSeries (a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= x / (a + k)
    sum += term
  }
  return sum
}

/** NIST DLMF 8.9.2 in its contracted form, by the algorithm of Lentz as modified by Thompson and Barnett (1986). */
function upperFraction (a: number, x: number): number {
  let b = x + 1 - a
  let c = Infinity
  let d = 1 / b
  let value = d
  for (let k = 1, factor = 0; Math.abs(factor - 1) > 4 * Number.EPSILON; k++) {
    const numerator = k * (a - k)
    b += 2
    d = 1 / (b + numerator * d)
    c = b + numerator / c
    factor = c * d
    value *= factor
  }
  return value
}

export interface Tails { lower: number, upper: number }

/**
 * The shares of a gamma distribution of shape a that lie below and above x: the regularised functions P(a, x) and
 * Q(a, x). The smaller one is never had by subtraction, so a p-value of 1e-100 has as many good digits as one of 0.1.
 */
export function gammaTails (a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 }
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    const lower = Math.min(1, front * lowerSeries(a, x))
    return { lower, upper: 1 - lower }
  }
  const upper = front * upperFraction(a, x)
  return { lower: 1 - upper, upper }
}

/**
 * The x that parts a gamma distribution of shape a into these tails. Both are given, because a small one cannot be had
 * from the other without losing its digits. Newton's method, kept within bounds that are halved where it would leave them.
 */
export function gammaQuantile (a: number, { lower, upper }: Tails): number {
  const excess = (x: number) => lower < upper ? gammaTails(a, x).lower - lower : upper - gammaTails(a, x).upper
  const logOfGamma = logGamma(a)
  let low = 0
  let high = a + 1
  while (excess(high) < 0) [low, high] = [high, high * 2]
  // What it is where x is small, as P(a, x) is then x^a / Γ(a + 1); and never more than it is.
  let x = Math.exp((Math.log(lower) + logGamma(a + 1)) / a)
  for (let round = 0; round < 200; round++) {
    const off = excess(x)
    if (off < 0) low = x
    else high = x
    const newton = x - off / Math.exp((a - 1) * Math.log(x) - x - logOfGamma)
    const next = newton >= low && newton <= high ? newton : (low + high) / 2
    if (Math.abs(next - x) <= 2 * Number.EPSILON * x) return next
    x = next
  }
  return x
}
