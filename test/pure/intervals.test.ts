// Intervals and comparisons, against published limits; and what holds for every interval.
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { againstInterval, againstValue } from '../../src/statistics/compare.js'
import { poisson, scaled, wilson, type Interval, type Level } from '../../src/statistics/intervals.js'

const levels: Level[] = [95, 99.8]
const level = fc.constantFrom(...levels)
const fixed = ({ lower, upper }: Interval, decimals: number) => [lower.toFixed(decimals), upper.toFixed(decimals)]

await t.test('Wilson: the limits of the public-health tools, to six decimals', async t => {
  const table: Array<[x: number, n: number, level: Level, limits: [string, string]]> = [
    [0, 20, 95, ['0.000000', '0.161125']],
    [0, 20, 99.8, ['0.000000', '0.323170']],
    [5, 25, 95, ['0.088606', '0.391310']],
    [5, 25, 99.8, ['0.056867', '0.508973']],
    [172, 1000, 95, ['0.149876', '0.196634']],
    [172, 1000, 99.8, ['0.138268', '0.211937']],
    [662, 1000, 95, ['0.632112', '0.690649']],
    [662, 1000, 99.8, ['0.614436', '0.706499']]
  ]
  for (const [x, n, level, limits] of table) {
    t.same(fixed(wilson(x, n, level), 6), limits, `${x} of ${n}`)
    t.match(wilson(x, n, level), { level, method: 'wilson' })
  }
})

await t.test('Wilson: Newcombe 1998, Table I, method 3', async t => {
  t.same(fixed(wilson(81, 263, 95), 4), ['0.2553', '0.3662'])
  t.same(fixed(wilson(15, 148, 95), 4), ['0.0624', '0.1605'])
  t.same(fixed(wilson(0, 20, 95), 4), ['0.0000', '0.1611'])
  t.same(fixed(wilson(1, 29, 95), 4), ['0.0061', '0.1718'])
})

/** Equal to the last digits of a double, which the test data give. */
const same = (t: Test, { lower, upper }: Interval, low: number, high: number, name: string) =>
  t.ok(Math.abs(lower / low - 1) < 1e-12 && Math.abs(upper / high - 1) < 1e-12, `${name}: ${lower} to ${upper}`)

await t.test('Wilson: the test data of PHEindicatormethods, to twelve digits', async t => {
  same(t, wilson(1, 100, 95), 1.7674320641406511e-3, 5.4486196178705294e-2, '1 of 100')
  same(t, wilson(1, 100, 99.8), 8.73065697299977e-4, 0.10455445283705821, '1 of 100')
  same(t, wilson(9856, 12345, 95), 0.79121017529090687, 0.80536400736149094, '9856 of 12345')
  same(t, wilson(9856, 12345, 99.8), 0.7869924108419063, 0.80930614125896261, '9856 of 12345')
  same(t, wilson(7776456, 7564336677, 99.8), 1.0269040118442213e-3, 1.0291812992698397e-3, '8 million of 8 thousand million')
  same(t, wilson(0.445, 1, 95), 4.3817447720588223e-2, 0.93346212769791559, 'not whole')
})

await t.test('Byar and exact limits: the same test data', async t => {
  same(t, poisson(1, 95), 2.5317807984289897e-2, 5.571643390938898, '1')
  same(t, poisson(1, 99.8), 1.0005003335835344e-3, 9.2334134764515845, '1')
  same(t, poisson(5, 99.8), 0.739371731917839, 16.454745203680105, '5')
  same(t, poisson(10, 99.8), 2.916318374695686, 24.193724927880535, '10')
  same(t, poisson(65, 95), 50.163187710459454, 82.849138545939837, '65')
  same(t, poisson(1045, 99.8), 947.94070356103737, 1148.8061609880331, '1045')
  same(t, scaled(poisson(222, 95), 100 / 3215), 6.0265748776526751, 7.8757293708718503, '222 of 3215, as a rate')
})

await t.test('exact limits of small counts: Garwood 1936, as in Statistics with Confidence (2000)', async t => {
  const limits = [
    ['0.0000', '3.6889'], ['0.0253', '5.5716'], ['0.2422', '7.2247'], ['0.6187', '8.7673'], ['1.0899', '10.2416'],
    ['1.6235', '11.6683'], ['2.2019', '13.0595'], ['2.8144', '14.4227'], ['3.4538', '15.7632'], ['4.1154', '17.0848']
  ]
  for (const [count, pair] of limits.entries()) {
    t.same(fixed(poisson(count, 95), 4), pair, String(count))
    t.match(poisson(count, 95), { level: 95, method: 'exact_poisson' })
  }
})

await t.test('Byar from ten on, and as a rate', async t => {
  t.same(fixed(poisson(10, 95), 4), ['4.7874', '18.3915'])
  t.same(fixed(poisson(57, 95), 4), ['43.1686', '73.8515'])
  t.same(fixed(poisson(127, 95), 4), ['105.8725', '151.1070'])
  t.match(poisson(10, 99.8), { level: 99.8, method: 'byar' })
  t.same(fixed(scaled(poisson(127, 95), 1000 / 4721.19), 3), ['22.425', '32.006'])
  t.match(scaled(wilson(5, 25, 99.8), 100), { level: 99.8, method: 'wilson' })
})

await t.test('Byar and the exact limits are close where one takes over from the other', async t => {
  // The exact limits of 10 by Garwood, and of the same count at 99.8 %.
  const exact: Record<Level, [number, number]> = { 95: [4.7954, 18.3904], 99.8: [2.9605, 24.1340] }
  for (const level of levels) {
    const { lower, upper } = poisson(10, level)
    const [low, high] = exact[level]
    t.ok(Math.abs(lower / low - 1) < 0.02 && Math.abs(upper / high - 1) < 0.02, `${lower} to ${upper}`)
    const below = poisson(10 - 1e-9, level)
    t.ok(Math.abs(below.lower - low) < 1e-4 && Math.abs(below.upper - high) < 1e-4, `${below.lower} to ${below.upper}`)
  }
})

await t.test('what cannot be is refused', async t => {
  const pairs = [[1, 0], [0, 0], [-1, 5], [6, 5], [NaN, 5], [1, NaN], [1, Infinity], [1, -1]] as const
  for (const [x, n] of pairs) t.throws(() => wilson(x, n, 95), { name: 'RangeError', message: `not ${x} of ${n}.` })
  for (const count of [-1, -1e-9, NaN, Infinity]) t.throws(() => poisson(count, 95), { name: 'RangeError', message: `A count is 0 or more, not ${count}.` })
  for (const factor of [0, -1, NaN, Infinity]) t.throws(() => scaled(poisson(5, 95), factor), { name: 'RangeError', message: `not by ${factor}.` })
})

const parts = fc.tuple(fc.integer({ min: 1, max: 1e7 }), fc.double({ min: 0, max: 1, noNaN: true })).map(([n, part]) => ({ n, x: n * part }))
const proportion = parts.map(({ n, x }) => ({ n, x: Math.floor(x) }))

await t.test('an interval of a proportion holds the proportion and stays within 0 and 1', async () => {
  fc.assert(fc.property(fc.oneof(proportion, parts), level, ({ n, x }, level) => {
    const { lower, upper } = wilson(x, n, level)
    return lower >= 0 && lower <= x / n && x / n <= upper && upper <= 1 && lower < upper
  }))
  fc.assert(fc.property(proportion, level, ({ n }, level) => wilson(0, n, level).lower === 0 && wilson(n, n, level).upper === 1))
})

await t.test('it is the same seen from the other side', async () => {
  fc.assert(fc.property(proportion, level, ({ n, x }, level) => {
    const [one, other] = [wilson(x, n, level), wilson(n - x, n, level)]
    return Math.abs(one.lower - (1 - other.upper)) < 1e-12 && Math.abs(one.upper - (1 - other.lower)) < 1e-12
  }))
})

await t.test('an interval of a count holds the count', async () => {
  const count = fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 50, noNaN: true }))
  fc.assert(fc.property(count, level, (count, level) => {
    const { lower, upper } = poisson(count, level)
    return lower >= 0 && lower <= count && count < upper
  }))
})

const contains = (a: Interval, b: Interval) => a.lower <= b.lower && b.upper <= a.upper

await t.test('99.8 % holds 95 %, and one more event moves both limits up', async () => {
  fc.assert(fc.property(proportion, level, ({ n, x }, level) => {
    const more = wilson(Math.min(n, x + 1), n, level)
    const now = wilson(x, n, level)
    return contains(wilson(x, n, 99.8), wilson(x, n, 95)) && now.lower <= more.lower && now.upper <= more.upper
  }))
  fc.assert(fc.property(fc.nat(1000), level, (count, level) => {
    const [now, more] = [poisson(count, level), poisson(count + 1, level)]
    return contains(poisson(count, 99.8), poisson(count, 95)) && now.lower < more.lower && now.upper < more.upper
  }))
})

await t.test('a reference outside the interval differs, one on its limit does not', async t => {
  const interval = wilson(172, 1000, 95)
  t.equal(againstValue(interval, 0.149), 'higher')
  t.equal(againstValue(interval, 0.197), 'lower')
  for (const inside of [0.172, interval.lower, interval.upper]) t.equal(againstValue(interval, inside), 'similar')
  t.throws(() => againstValue(interval, NaN), { name: 'RangeError', message: 'not with NaN' })
})

await t.test('a fall of 14 % in small numbers is not a change: conceptions at 31.4 and then 26.9 per thousand', async t => {
  t.equal(againstValue(scaled(poisson(127, 95), 1000 / 4721.19), 31.4), 'similar')
})

await t.test('intervals that overlap or touch are similar, those that do not differ', async t => {
  const [low, middle, high] = [wilson(100, 1000, 95), wilson(120, 1000, 95), wilson(200, 1000, 95)]
  t.equal(againstInterval(low, middle), 'similar')
  t.equal(againstInterval(low, high), 'lower')
  t.equal(againstInterval(high, low), 'higher')
  t.equal(againstInterval({ ...low, upper: high.lower }, high), 'similar')
  t.equal(againstInterval(high, { ...low, upper: high.lower }), 'similar')
  t.throws(() => againstInterval(low, wilson(200, 1000, 99.8)), { name: 'RangeError', message: 'not of 95 % and 99.8 %.' })
  fc.assert(fc.property(proportion, proportion, level, (a, b, level) => {
    const opposite = { higher: 'lower', lower: 'higher', similar: 'similar' }
    const [one, other] = [wilson(a.x, a.n, level), wilson(b.x, b.n, level)]
    return againstInterval(one, other) === opposite[againstInterval(other, one)] && againstInterval(one, one) === 'similar'
  }))
})
