// Which five periods are tested for a recent trend, and in which words a series is refused.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { periodOf } from '../../src/periods/period.js'
import { recentTrend, type PeriodPoint, type Refusal, type Series } from '../../src/statistics/recent_trend.js'

type Figure = [code: string, numerator: number | null, denominator?: number | null]

const pointsOf = (...figures: Figure[]): PeriodPoint[] => figures.map(([code, numerator, denominator = null]) => {
  const { start, end, kind } = periodOf(code)!
  return { start: start!, end: end!, kind, numerator, denominator }
})

const answer = (points: PeriodPoint[], more: Partial<Series<PeriodPoint>> = {}) => recentTrend({ quantity: 'count', points, breaks: [], ...more })
const years = (...numerators: number[]) => pointsOf(...numerators.map((n, i): Figure => [`FY${2012 + i}`, n]))
const rising = [100, 120, 140, 160, 180]

await t.test('five years in any order have a trend, and of more the last five are taken', async t => {
  const points = years(...rising)
  t.match(answer(points), { trend: { direction: 'increasing', points: 5, method: 'chi_squared_trend' }, used: points })
  t.same(answer(points.toReversed()), answer(points))
  t.same(answer([...pointsOf(['FY2010', 900], ['FY2011', 900]), ...points]), answer(points))
})

await t.test('proportions and rates are tested with their denominators', async t => {
  const points = years(...rising).map(point => ({ ...point, denominator: point.numerator! * 2 }))
  for (const quantity of ['proportion', 'rate'] as const) t.match(answer(points, { quantity }), { trend: { direction: 'none' } })
  t.match(answer(points), { trend: { direction: 'increasing' } })
})

await t.test('fewer than five like the latest are too few', async t => {
  t.match(answer([]), { refused: 'too_few', detail: 'A recent trend needs 5 periods; there is none.' })
  t.match(answer(years(1, 2, 3, 4)), {
    refused: 'too_few', detail: 'A recent trend needs 5 periods of 12 months of the kind financial_year; there are 4.'
  })
  t.match(answer([...years(1, 2, 3, 4), ...pointsOf(['CY2016', 5], ['CY2017', 6])]), { refused: 'too_few' }, 'another kind of year')
  t.match(answer(pointsOf(['R12-2012-12', 1], ['R12-2013-12', 2], ['R12-2014-12', 3], ['R12-2015-12', 4], ['R3-2016-12', 5])), { refused: 'too_few' }, 'another length')
})

await t.test('parts of a year are compared with the same part of other years, because seasons are no trend', async t => {
  const quarters = [2013, 2014, 2015, 2016, 2017].flatMap((year, i) => [1, 2, 3, 4].map((q): Figure => [`FY${year}-Q${q}`, rising[i]! + q * 50]))
  const result = answer(pointsOf(...quarters))
  t.match(result, { trend: { direction: 'increasing' }, used: [{ start: '2014-01-01' }, {}, {}, {}, { end: '2018-03-31' }] })
  t.match(answer(pointsOf(...quarters.slice(-8))), {
    refused: 'too_few',
    detail: 'A recent trend needs 5 periods of 3 months of the kind financial_quarter that end on the same day of the year as 2018-03-31; there are 2.'
  })
  const same = (code: (year: number) => string) => answer(pointsOf(...rising.map((n, i): Figure => [code(2012 + i), n])))
  for (const code of ['FY_-Q1..Q3', 'AY_-T2', 'CY_-M02', 'D_-03-31', 'CY_-H2']) {
    t.match(same(year => code.replace('_', String(year))), { trend: { direction: 'increasing' } }, code)
  }
  t.match(answer(pointsOf(...['D2012-02-29', 'D2013-02-28', 'D2014-02-28', 'D2015-02-28', 'D2016-02-29'].map((code, i): Figure => [code, rising[i]!]))),
    { trend: { points: 5 } }, 'the last day of February')
})

await t.test('periods that begin or end within a month are compared by their days', async t => {
  const ranges = (...lengths: Array<[string, string]>) => lengths.map(([start, end], i) => ({ start, end, kind: 'range', numerator: 100 + i * 20, denominator: null }))
  const weeks = (last: string) => ranges(['2012-03-01', '2012-03-07'], ['2013-03-01', '2013-03-07'], ['2014-03-01', '2014-03-07'], ['2015-03-01', '2015-03-07'], ['2016-03-01', last])
  t.match(answer(weeks('2016-03-07')), { trend: { points: 5 } })
  t.match(answer(weeks('2016-03-08')), { refused: 'too_few', detail: 'A recent trend needs 5 periods of 8 days of the kind range that end on the same day of the year as 2016-03-08; there are 1.' })
  t.match(answer(ranges(['2016-03-05', '2016-03-05'])), { detail: /5 periods of 1 day of the kind range that end/ })
  t.match(answer(pointsOf(['CY2016-M02', 5])), { detail: /5 periods of 1 month of the kind calendar_month that end/ })
  const years = ranges(['2011-03-03', '2012-03-01'], ['2012-03-02', '2013-03-01'], ['2013-03-02', '2014-03-01'], ['2014-03-02', '2015-03-01'], ['2015-03-02', '2016-02-29'], ['2016-03-01', '2017-02-28'])
  t.match(answer(years.slice(0, 5)), { refused: 'too_few', detail: /365 days of the kind range; there are/ }, 'a year of days is no part of a year')
})

await t.test('of rolling and pooled periods those are taken that do not overlap', async t => {
  const months = ['03', '06', '09', '12']
  const rolling = (from: number, to: number) => pointsOf(...Array.from({ length: (to - from + 1) * 4 }, (_, i): Figure =>
    [`R12-${from + Math.floor(i / 4)}-${months[i % 4]!}`, 100 + i * 5]))
  t.match(answer(rolling(2012, 2016)), { trend: { direction: 'increasing' }, used: ['2012', '2013', '2014', '2015', '2016'].map(year => ({ end: `${year}-12-31` })) })
  t.match(answer(rolling(2015, 2016)), {
    refused: 'overlap', detail: 'A recent trend needs 5 periods that do not overlap; among the 8 like the latest one there are 2.'
  })
  const pooled = (first: number) => pointsOf(...Array.from({ length: 2015 - first }, (_, i): Figure => [`CY${first + i}..CY${first + i + 2}`, 100 + i]))
  t.match(answer(pooled(2002)), { trend: { points: 5 }, used: [2002, 2005, 2008, 2011, 2014].map(year => ({ start: `${year}-01-01` })) })
  t.match(answer(pooled(2003)), { refused: 'overlap' })
})

await t.test('a break among the five refuses, one before or after them does not', async t => {
  const points = years(...rising)
  for (const from of ['2014-04-01', '2016-10-01', '2017-03-31', '2012-04-02']) {
    t.match(answer(points, { breaks: [from] }), {
      refused: 'break', detail: `The way of counting changed on ${from}, within the 5 periods from 2012-04-01 to 2017-03-31.`
    })
  }
  for (const from of ['2012-04-01', '2009-01-01', '2017-04-01']) t.match(answer(points, { breaks: [from] }), { trend: {} }, from)
})

await t.test('a year without a figure is a gap', async t => {
  const points = pointsOf(['FY2011', 1], ['FY2012', 2], ['FY2014', 3], ['FY2015', 4], ['FY2016', 5])
  t.match(answer(points), { refused: 'gap', detail: 'No figure follows the period that ends on 2013-03-31; the next ends on 2015-03-31.' })
  t.match(answer(pointsOf(['D2011-03-31', 1], ['D2012-03-31', 2], ['D2013-03-31', 3], ['D2014-03-31', 4], ['D2016-03-31', 5])), { refused: 'gap' })
  t.match(answer([...pointsOf(['FY2009', 9]), ...years(...rising)]), { trend: {} }, 'before the five it does not matter')
})

await t.test('nothing is filled in for a missing numerator or denominator', async t => {
  const points = years(...rising).map(point => ({ ...point, denominator: 1000 }))
  const unknown = (field: 'numerator' | 'denominator') => points.with(1, { ...points[1]!, [field]: null })
  t.match(answer(unknown('numerator')), { refused: 'no_numerator', detail: 'The figure of the period that ends on 2014-03-31 has no numerator.' })
  t.match(answer(unknown('denominator'), { quantity: 'rate' }), { refused: 'no_denominator', detail: 'The figure of the period that ends on 2014-03-31 has no denominator.' })
  t.match(answer(unknown('denominator')), { trend: {} }, 'a count needs none')
})

await t.test('figures that cannot be are refused in words, not by an error', async t => {
  const points = years(...rising).map(point => ({ ...point, denominator: 150 }))
  t.match(answer(points, { quantity: 'proportion' }), { refused: 'impossible', detail: 'A proportion cannot have a numerator of 160 and a denominator of 150.' })
  t.match(answer(years(1, 2, 3, 4, -5)), { refused: 'impossible', detail: 'A numerator is 0 or more, not -5.' })
})

await t.test('whatever the periods, there is a trend of five that are apart, or a reason in one sentence', async () => {
  const shapes = ['FY_', 'CY_', 'AY_', 'D_-02-28', 'FY_-Q3', 'FY_-Q4', 'R12-_-01', 'R12-_-04', 'R3-_-04', 'CY_..CY2017']
  const numbers = fc.option(fc.integer({ min: 0, max: 300 }), { freq: 60 })
  const points = fc.subarray(shapes, { minLength: 1, maxLength: 2 }).chain(two => {
    const code = fc.tuple(fc.constantFrom(...two), fc.integer({ min: 2010, max: 2016 })).map(([shape, year]) => shape.replace('_', String(year)))
    return fc.array(fc.tuple(code, numbers, numbers), { maxLength: 40 }).map(figures => pointsOf(...figures))
  })
  const breaks = fc.array(fc.integer({ min: 2008, max: 2017 }).map(year => `${year}-04-01`), { maxLength: 1 })
  fc.assert(fc.property(points, breaks, fc.constantFrom('count', 'rate', 'proportion'), (points, breaks, quantity) => {
    const result = recentTrend({ points, breaks, quantity })
    if ('refused' in result) return /^[A-Z].*\.$/.test(result.detail)
    return result.used.length === 5 && result.used.every((one, i) => i === 0 || result.used[i - 1]!.end < one.start)
  }), { numRuns: 500 })
})

await t.test('the guide for analysts explains every method and every refusal', async t => {
  const guide = readFileSync('docs/statistics.md', 'utf8')
  const refusals: Record<Refusal, null> = {
    too_few: null, overlap: null, break: null, gap: null, no_numerator: null, no_denominator: null, impossible: null
  }
  for (const name of [...Object.keys(refusals), 'wilson', 'byar', 'exact_poisson', 'chi_squared_trend', 'rests_on_one_point']) t.ok(guide.includes(`\`${name}\``), name)
})
