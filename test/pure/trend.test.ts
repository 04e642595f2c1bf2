// The chi-squared test for trend, against published examples; and what holds for every series.
import fc from 'fast-check'
import t from 'tap'
import { trendOf, type Quantity, type TrendPoint } from '../../src/statistics/trend.js'

const pointsOf = (numerators: number[], denominators?: number[]): TrendPoint[] =>
  numerators.map((numerator, i) => ({ numerator, denominator: denominators?.[i] ?? null }))

await t.test('proportions: the example of R’s prop.trend.test (Fleiss 1981, page 139)', async t => {
  const { statistic, p, ...rest } = trendOf(pointsOf([83, 90, 129, 70], [86, 93, 136, 82]), 'proportion')
  t.equal(statistic.toFixed(4), '8.2249')
  t.equal(p.toFixed(6), '0.004132')
  t.same(rest, { direction: 'none', significant: false, rests_on_one_point: false, points: 4, method: 'chi_squared_trend' })
})

await t.test('proportions at unequal times: alcohol and malformations (Mills and Graubard 1987; Agresti, Categorical Data Analysis)', async t => {
  const points = pointsOf([48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38])
  const { statistic, p } = trendOf(points, 'proportion', [0, 0.5, 1.5, 4, 7])
  t.equal(statistic.toFixed(2), '6.57')
  t.equal(p.toFixed(3), '0.010')
})

await t.test('proportions: the test data of Fingertips’ trend markers (PHEindicatormethods, testdata_trend_markers)', async t => {
  // The package derives these denominators from percentages, so they are not whole.
  const share = (numerator: number, percent: number) => ({ numerator, denominator: numerator / percent * 100 })
  const all = [share(318, 67.9), share(314, 66.4), share(318, 63.5), share(291, 60.6), share(292, 58.5)]
  const asian = [share(90, 34), share(58, 65), share(29, 65), share(49, 21), share(67, 9)]
  const other = [share(10, 8), share(17, 12), share(27, 23), share(49, 24), share(67, 39)]
  const shown = (points: TrendPoint[]) => {
    const { statistic, direction } = trendOf(points, 'proportion')
    return [statistic.toFixed(4), direction]
  }
  t.same(shown(all), ['12.5688', 'decreasing'])
  t.same(shown(asian), ['144.3957', 'decreasing'])
  t.same(shown(other), ['47.3463', 'increasing'])
})

await t.test('rates: close to the weighted regression of Fingertips, 46.7636 in the same test data', async t => {
  const points = pointsOf([1367, 1332, 1199, 1023, 994], [44701, 44064, 42811, 41527, 40299])
  const { statistic, direction } = trendOf(points, 'rate')
  t.equal(statistic.toFixed(6), '46.569094', 'as computed with 40 digits')
  t.ok(Math.abs(statistic / 46.7636 - 1) < 0.005)
  t.equal(direction, 'decreasing')
})

await t.test('counts: the squared sum over the variance, as worked out by hand', async t => {
  // 2·50 + 1·40 - 1·20 - 2·10 = 100, squared, over 150 events times a spread of 2.
  const { statistic, ...rest } = trendOf(pointsOf([10, 20, 30, 40, 50]), 'count')
  t.equal(statistic.toFixed(9), (10_000 / 300).toFixed(9))
  t.match(rest, { direction: 'increasing', significant: true, rests_on_one_point: false, points: 5 })
})

await t.test('the critical value is the 99.8 % point, 9.5495', async t => {
  // A straight line of counts around 1000 with this slope has the statistic (10 d)² / (5000 · 2).
  const atStatistic = (wanted: number) => {
    const d = Math.sqrt(wanted * 5000 * 2) / 10
    return trendOf(pointsOf([1000 - 2 * d, 1000 - d, 1000, 1000 + d, 1000 + 2 * d]), 'count')
  }
  t.match(atStatistic(9.5496), { significant: true, direction: 'increasing' })
  t.match(atStatistic(9.5494), { significant: false, direction: 'none' })
})

await t.test('one odd year is no trend, however large', async t => {
  const { p, ...rest } = trendOf(pointsOf([100, 100, 100, 100, 200]), 'count')
  t.ok(p < 1e-8)
  t.match(rest, { direction: 'none', significant: false, rests_on_one_point: true })
  t.match(trendOf(pointsOf([100, 110, 120, 130, 200]), 'count'), { direction: 'increasing', rests_on_one_point: false })
  t.match(trendOf(pointsOf([100, 90, 95, 85, 170]), 'count'), { direction: 'none', rests_on_one_point: true }, 'without the last it falls')
})

await t.test('no event, nothing but events and the same share each time have no trend', async t => {
  for (const quantity of ['proportion', 'rate', 'count'] as const) {
    t.match(trendOf(pointsOf([0, 0, 0, 0, 0], [9, 8, 7, 6, 5]), quantity), { direction: 'none', statistic: 0, p: 1 })
  }
  t.match(trendOf(pointsOf([9, 8, 7, 6, 5], [9, 8, 7, 6, 5]), 'proportion'), { direction: 'none', statistic: 0, p: 1 })
  const fiveSizes = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 5, maxLength: 5 })
  fc.assert(fc.property(fiveSizes, fc.integer({ min: 1, max: 9 }), (sizes, tenths) => {
    const points = sizes.map(size => ({ numerator: size * tenths, denominator: size * 10 }))
    return (['proportion', 'rate'] as const).every(quantity => {
      const { direction, statistic, rests_on_one_point } = trendOf(points, quantity)
      return direction === 'none' && statistic < 1e-9 && !rests_on_one_point
    })
  }))
})

await t.test('what cannot be is refused', async t => {
  const good = pointsOf([1, 2, 3], [10, 10, 10])
  t.throws(() => trendOf(good.slice(1), 'proportion'), { name: 'RangeError', message: /three points or more, not 2/ }, 'two points are a comparison')
  t.throws(() => trendOf(pointsOf([1, 2, 11], [10, 10, 10]), 'proportion'), RangeError)
  t.doesNotThrow(() => trendOf(pointsOf([1, 2, 11], [10, 10, 10]), 'rate'))
  t.throws(() => trendOf(pointsOf([1, 2, -1]), 'count'), RangeError)
  for (const odd of [NaN, Infinity]) t.throws(() => trendOf(pointsOf([1, 2, odd]), 'count'), { name: 'RangeError', message: /numerator is 0 or more/ })
  t.throws(() => trendOf(pointsOf([1, 2, 3], [1, Infinity, 1]), 'rate'), { name: 'RangeError', message: /rate needs a denominator above 0, not Infinity/ })
  t.throws(() => trendOf(pointsOf([1, 2, 3]), 'rate'), RangeError, 'no denominator')
  t.throws(() => trendOf(pointsOf([1, 2, 3], [1, 0, 1]), 'rate'), RangeError)
  for (const times of [[1, 2], [1, 1, 2], [3, 2, 1], [1, 2, NaN]]) t.throws(() => trendOf(good, 'rate', times), { name: 'RangeError', message: /a time for each point/ })
})

const quantity = fc.constantFrom<Quantity>('proportion', 'rate', 'count')
const point = fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([denominator, share]) => ({ numerator: Math.floor(denominator * share), denominator }))
const series = fc.array(point, { minLength: 3, maxLength: 8 })
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(a), Math.abs(b))

await t.test('backwards in time a trend is the opposite one, with the same statistic', async () => {
  const opposite = { increasing: 'decreasing', decreasing: 'increasing', none: 'none' }
  fc.assert(fc.property(series, quantity, (points, quantity) => {
    const [there, back] = [trendOf(points, quantity), trendOf(points.toReversed(), quantity)]
    return close(there.statistic, back.statistic) && back.direction === opposite[there.direction]
  }))
})

await t.test('the same shares of more people are stronger evidence, in proportion', async () => {
  fc.assert(fc.property(series, quantity, fc.integer({ min: 2, max: 50 }), (points, quantity, times) => {
    const larger = points.map(({ numerator, denominator }) => ({ numerator: numerator * times, denominator: denominator * times }))
    const [small, large] = [trendOf(points, quantity), trendOf(larger, quantity)]
    return close(large.statistic, small.statistic * times) && large.p <= small.p + 1e-12
  }))
})

await t.test('neither the unit nor the beginning of time matters', async () => {
  const times = fc.record({ unit: fc.integer({ min: 1, max: 12 }), start: fc.integer({ min: -3000, max: 3000 }) })
  fc.assert(fc.property(series, quantity, times, (points, quantity, { unit, start }) => {
    const [plain, dated] = [trendOf(points, quantity), trendOf(points, quantity, points.map((_, i) => start + i * unit))]
    return close(plain.statistic, dated.statistic) && plain.direction === dated.direction
  }))
})

await t.test('a proportion of very many is a rate, and a rate with equal denominators a count', async () => {
  fc.assert(fc.property(series, points => {
    const rare = points.map(({ numerator, denominator }) => ({ numerator, denominator: denominator * 1e9 }))
    const equal = points.map(({ numerator }) => ({ numerator, denominator: 12_345 }))
    return close(trendOf(rare, 'proportion').statistic, trendOf(rare, 'rate').statistic) &&
      close(trendOf(equal, 'rate').statistic, trendOf(equal, 'count').statistic)
  }))
})

await t.test('a direction is given exactly where a trend is significant', async () => {
  fc.assert(fc.property(series, quantity, (points, quantity) => {
    const { direction, significant, statistic, p } = trendOf(points, quantity)
    return significant === (direction !== 'none') && p >= 0 && p <= 1 && (!significant || (statistic > 9.5495 && p < 0.002))
  }))
})
