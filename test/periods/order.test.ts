// How periods stand to each other: their order, the same bounds under another kind, and overlap.
import t from 'tap'
import { comparePeriods, overlaps, periodOf, sameBounds } from '../../src/periods/period.js'
import type { Period } from '../../src/periods/period.js'

function period (code: string): Period {
  const found = periodOf(code)
  if (found === null) throw new Error(`${code} is no code`)
  return found
}

await t.test('periods are in order of end, start, kind and code, and undated ones come last', async t => {
  const ordered = [
    'CY2014..CY2015', 'CY2015', 'FY2015', 'R12-2016-09', 'CY2014..CY2016', 'CY2016', '2016-01-01..2016-12-31', 'R12-2016-12', 'CY2016-Q4', 'FY2016-Q3',
    'CY2016-M12', 'D2016-12-31', 'FY2016', 'AY2016', 'undated', 'undated-now', 'undated-ten-years-ago'
  ]
  const periods = ordered.map(period)
  for (const [i, a] of periods.entries()) {
    for (const [j, b] of periods.entries()) t.equal(Math.sign(comparePeriods(a, b)), Math.sign(i - j), `${a.code} and ${b.code}`)
  }
})

await t.test('the same bounds under another kind are seen, and the kinds stay apart', async t => {
  t.ok(sameBounds(period('CY2016'), period('R12-2016-12')))
  t.ok(sameBounds(period('FY2017'), period('FY2017-Q1..Q4')))
  t.not(comparePeriods(period('CY2016'), period('R12-2016-12')), 0)
  t.notOk(sameBounds(period('CY2016'), period('FY2016')))
  t.notOk(sameBounds(period('FY2016'), period('FY2016-H1')), 'the first day alone is not enough')
  t.notOk(sameBounds(period('FY2016'), period('FY2016-H2')), 'nor is the last')
  t.notOk(sameBounds(period('undated'), period('undated')))
})

await t.test('periods that share a day overlap', async t => {
  t.ok(overlaps(period('R12-2016-12'), period('R12-2016-09')))
  t.ok(overlaps(period('D2018-03-31'), period('FY2017')))
  t.notOk(overlaps(period('FY2016'), period('FY2017')))
  t.notOk(overlaps(period('R12-2016-12'), period('R12-2015-12')))
  t.ok(overlaps(period('FY2017'), period('D2018-03-31')))
  t.ok(overlaps(period('FY2017'), period('D2017-04-01')))
  t.notOk(overlaps(period('FY2017'), period('FY2016')))
  t.notOk(overlaps(period('undated'), period('FY2017')))
  t.notOk(overlaps(period('undated'), period('undated')))
  t.notOk(overlaps(period('FY2017'), period('undated')))
})
