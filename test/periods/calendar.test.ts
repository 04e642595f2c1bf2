// Days of the calendar, and the periods that a frequency makes of a stretch of them.
import fc from 'fast-check'
import t from 'tap'
import { isDate, periodsWithin, plusDays, startOfYear } from '../../src/periods/period.js'

await t.test('a date is a day of the calendar, written in full', async t => {
  for (const day of ['2016-02-29', '2000-02-29', '2018-04-30', '2018-11-30', '2018-12-31', '0001-01-01', '9999-12-31']) t.ok(isDate(day), day)
  const none = ['2015-02-29', '1900-02-29', '2018-04-31', '2018-06-31', '2018-09-31', '2018-11-31', '2018-01-32', '2018-00-10', '2018-13-10', '2018-01-00', '2018-1-1', 'x2018-01-01', '2018-01-01x', '']
  for (const text of none) t.notOk(isDate(text), text)
})

await t.test('so many days later is what a calendar says', async t => {
  t.equal(plusDays('2015-12-31', 1), '2016-01-01')
  t.equal(plusDays('2016-02-28', 1), '2016-02-29')
  t.equal(plusDays('2018-01-31', 0), '2018-01-31')
  t.equal(plusDays('2018-01-30', 1), '2018-01-31')
  fc.assert(fc.property(fc.integer({ min: -25_000, max: 80_000 }), fc.nat(2000), (day, days) => {
    const iso = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10)
    return plusDays(iso(day), days) === iso(day + days)
  }))
})

const within = (...asked: Parameters<typeof periodsWithin>) => periodsWithin(...asked).map(({ code }) => code)

await t.test('a frequency divides a stretch of days into the periods that lie wholly within it', async t => {
  t.same(within('monthly', null, '2015-11-15', '2016-02-29'), ['CY2015-M12', 'CY2016-M01', 'CY2016-M02'])
  t.same(within('monthly', 'academic', '2015-12-01', '2016-01-30'), ['CY2015-M12'])
  t.same(within('quarterly', null, '2015-04-01', '2016-03-31'), ['FY2015-Q1', 'FY2015-Q2', 'FY2015-Q3', 'FY2015-Q4'])
  t.same(within('quarterly', 'calendar', '2015-12-31', '2016-07-01'), ['CY2016-Q1', 'CY2016-Q2'])
  t.same(within('quarterly', 'academic', '2016-01-01', '2016-03-31'), ['FY2015-Q4'], 'an academic year has no quarters')
  t.same(within('half_yearly', 'financial', '2015-04-01', '2016-03-30'), ['FY2015-H1'])
  t.same(within('half_yearly', 'calendar', '2015-04-01', '2016-12-31'), ['CY2015-H2', 'CY2016-H1', 'CY2016-H2'])
  t.same(within('termly', 'financial', '2015-09-01', '2016-08-31'), ['AY2015-T1', 'AY2015-T2', 'AY2015-T3'])
  t.same(within('annual', null, '2014-04-01', '2017-03-31'), ['FY2014', 'FY2015', 'FY2016'])
  t.same(within('annual', 'academic', '2014-09-02', '2016-08-31'), ['AY2015'])
  t.same(within('annual', 'calendar', '2014-01-01', '2015-12-31'), ['CY2014', 'CY2015'])
  t.same(within('annual', null, '2017-03-31', '2014-04-01'), [], 'nothing lies between a day and one before it')
  t.same(within('annual', null, '1890-01-01', '1901-03-31'), ['FY1900'], 'nor outside the years that codes have')
})

await t.test('months follow each other without a gap, whatever the stretch', async () => {
  const day = fc.integer({ min: 0, max: 40_000 }).map(n => new Date(n * 86_400_000).toISOString().slice(0, 10))
  fc.assert(fc.property(day, day, fc.constantFrom('monthly' as const, 'quarterly' as const, 'termly' as const), (a, b, frequency) => {
    const [first, last] = a < b ? [a, b] : [b, a]
    const periods = periodsWithin(frequency, null, first, last)
    return periods.every(({ start, end }, i) => start! >= first && end! <= last && (i === 0 || start === plusDays(periods[i - 1]!.end!, 1)))
  }))
})

await t.test('a day lies in a year of each kind', async t => {
  t.equal(startOfYear('financial', '2016-03-31'), '2015-04-01')
  t.equal(startOfYear('financial', '2016-04-01'), '2016-04-01')
  t.equal(startOfYear(null, '2016-12-31'), '2016-04-01')
  t.equal(startOfYear('academic', '2016-08-31'), '2015-09-01')
  t.equal(startOfYear('academic', '2016-09-01'), '2016-09-01')
  t.equal(startOfYear('calendar', '2016-01-01'), '2016-01-01')
})
