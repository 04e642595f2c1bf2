// The distributions behind intervals and trends, against values computed with 40 digits elsewhere.
import fc from 'fast-check'
import t from 'tap'
import { chiSquaredQuantile, chiSquaredTails, normalCumulative, normalQuantile, zOf } from '../../src/statistics/normal.js'

const near = (a: number, b: number, relative: number) => Math.abs(a - b) <= relative * Math.abs(b)

await t.test('the normal distribution keeps its digits far out in the tail', async t => {
  const table: Array<[z: number, p: number]> = [
    [0, 0.5],
    [-1, 0.15865525393145705],
    [1, 0.8413447460685429],
    [-2, 0.02275013194817921],
    [-3, 0.0013498980316300946],
    [-6, 9.86587645037698e-10],
    [-10, 7.619853024160525e-24],
    [-37, 5.725571222524577e-300]
  ]
  for (const [z, p] of table) t.ok(near(normalCumulative(z), p, 1e-12), `Φ(${z})`)
})

await t.test('z is worked out: 1.95996… at 95 %, 3.09023… at 99.8 %', async t => {
  t.ok(near(zOf(95), 1.9599639845400543, 1e-14))
  t.ok(near(zOf(99.8), 3.0902323061678136, 1e-14))
})

await t.test('the chi-squared distribution has the p-values of a test down to 1e-100', async t => {
  const table: Array<[x: number, p: number]> = [
    [3.841458820694126, 0.05],
    [9.549535706083244, 0.002],
    [20, 7.744216431044084e-6],
    [41.82, 1.0007451242596197e-10],
    [450, 7.212994172451207e-100]
  ]
  for (const [x, p] of table) t.ok(near(chiSquaredTails(x, 1).upper, p, 1e-9), `Q(${x}) is ${chiSquaredTails(x, 1).upper}`)
})

await t.test('its quantiles are right in both tails and for any degrees of freedom', async t => {
  const table: Array<[lower: number, df: number, x: number]> = [
    [0.95, 1, 3.841458820694126],
    [0.025, 2, 0.0506356159685798],
    [0.975, 2, 7.377758908227871],
    [0.001, 10, 1.478743463835665],
    [0.999, 20, 45.31474661812586]
  ]
  for (const [lower, df, x] of table) t.ok(near(chiSquaredQuantile({ lower, upper: 1 - lower }, df), x, 1e-12), `${lower} of ${df}`)
})

await t.test('a quantile and its probability lead back to each other', async t => {
  fc.assert(fc.property(fc.double({ min: 1e-12, max: 0.5, noNaN: true }), p =>
    near(normalCumulative(normalQuantile(p)), p, 1e-11) && normalQuantile(p) <= 0))
  const shape = fc.double({ min: 0.1, max: 60, noNaN: true })
  fc.assert(fc.property(shape, fc.double({ min: 1e-6, max: 0.49, noNaN: true }), (df, p) => {
    const low = chiSquaredQuantile({ lower: p, upper: 1 - p }, df)
    const high = chiSquaredQuantile({ lower: 1 - p, upper: p }, df)
    return low < high && near(chiSquaredTails(low, df).lower, p, 1e-9) && near(chiSquaredTails(high, df).upper, p, 1e-9)
  }))
  for (const p of [0, 1, -0.1, 1.1, NaN]) t.throws(() => normalQuantile(p), { name: 'RangeError', message: /probability between 0 and 1/ })
  t.equal(normalQuantile(0.5), 0)
  t.ok(near(normalQuantile(0.975), 1.9599639845400543, 1e-14), 'and in the upper half')
})

await t.test('the two tails are the whole, and never step back', async () => {
  const x = fc.double({ min: 0, max: 200, noNaN: true })
  fc.assert(fc.property(x, x, fc.double({ min: 0.1, max: 100, noNaN: true }), (a, b, df) => {
    const [low, high] = [chiSquaredTails(Math.min(a, b), df), chiSquaredTails(Math.max(a, b), df)]
    return near(low.lower + low.upper, 1, 1e-15) && low.lower <= high.lower + 1e-14 && low.upper >= high.upper - 1e-14
  }))
})
