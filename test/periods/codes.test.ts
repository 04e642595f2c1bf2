// The codes: which exist, what dates they mean, how they read. The table is the one of the design, row by row.
import t from 'tap'
import { periodOf, readPeriod, periodKinds } from '../../src/periods/period.js'

const table: Array<[code: string, kind: string, start: string | null, end: string | null, label: string]> = [
  ['FY2017', 'financial_year', '2017-04-01', '2018-03-31', '2017/18'],
  ['FY1999', 'financial_year', '1999-04-01', '2000-03-31', '1999/00'],
  ['FY2017-H1', 'financial_half', '2017-04-01', '2017-09-30', '2017/18 H1'],
  ['FY2017-H2', 'financial_half', '2017-10-01', '2018-03-31', '2017/18 H2'],
  ['FY2017-Q1', 'financial_quarter', '2017-04-01', '2017-06-30', '2017/18 Q1'],
  ['FY2017-Q2', 'financial_quarter', '2017-07-01', '2017-09-30', '2017/18 Q2'],
  ['FY2017-Q3', 'financial_quarter', '2017-10-01', '2017-12-31', '2017/18 Q3'],
  ['FY2017-Q4', 'financial_quarter', '2018-01-01', '2018-03-31', '2017/18 Q4'],
  ['AY2016', 'academic_year', '2016-09-01', '2017-08-31', '2016/17 academic'],
  ['AY2017-T1', 'academic_term', '2017-09-01', '2017-12-31', 'Autumn Term 2017/18'],
  ['AY2017-T2', 'academic_term', '2018-01-01', '2018-03-31', 'Spring Term 2017/18'],
  ['AY2017-T3', 'academic_term', '2018-04-01', '2018-08-31', 'Summer Term 2017/18'],
  ['CY2016', 'calendar_year', '2016-01-01', '2016-12-31', '2016'],
  ['CY2016-H1', 'calendar_half', '2016-01-01', '2016-06-30', 'Jan–Jun 2016'],
  ['CY2016-H2', 'calendar_half', '2016-07-01', '2016-12-31', 'Jul–Dec 2016'],
  ['CY2016-Q1', 'calendar_quarter', '2016-01-01', '2016-03-31', 'Jan–Mar 2016'],
  ['CY2016-Q4', 'calendar_quarter', '2016-10-01', '2016-12-31', 'Oct–Dec 2016'],
  ['CY2016-M02', 'calendar_month', '2016-02-01', '2016-02-29', 'February 2016'],
  ['CY2016-M12', 'calendar_month', '2016-12-01', '2016-12-31', 'December 2016'],
  ['R12-2016-12', 'rolling', '2016-01-01', '2016-12-31', 'Year to December 2016'],
  ['R12-2016-09', 'rolling', '2015-10-01', '2016-09-30', 'Year to September 2016'],
  ['R3-2018-02', 'rolling', '2017-12-01', '2018-02-28', '3 months to February 2018'],
  ['R2-2018-02', 'rolling', '2018-01-01', '2018-02-28', '2 months to February 2018'],
  ['R120-2018-02', 'rolling', '2008-03-01', '2018-02-28', '120 months to February 2018'],
  ['CY2018-M11', 'calendar_month', '2018-11-01', '2018-11-30', 'November 2018'],
  ['CY2014..CY2016', 'pooled', '2014-01-01', '2016-12-31', '2014 to 2016'],
  ['FY2014..FY2016', 'pooled', '2014-04-01', '2017-03-31', '2014/15 to 2016/17'],
  ['AY2014..AY2016', 'pooled', '2014-09-01', '2017-08-31', '2014/15 to 2016/17 academic'],
  ['FY2017-Q1..Q2', 'year_to_date', '2017-04-01', '2017-09-30', '2017/18 Q1 to Q2'],
  ['FY2017-Q1..Q3', 'year_to_date', '2017-04-01', '2017-12-31', '2017/18 Q1 to Q3'],
  ['FY2017-Q1..Q4', 'year_to_date', '2017-04-01', '2018-03-31', '2017/18 Q1 to Q4'],
  ['D2018-03-31', 'as_at', '2018-03-31', '2018-03-31', 'As at 31 March 2018'],
  ['D2016-02-29', 'as_at', '2016-02-29', '2016-02-29', 'As at 29 February 2016'],
  ['2014-08-01..2017-03-31', 'range', '2014-08-01', '2017-03-31', '2014-08-01..2017-03-31'],
  ['2016-04-01..2017-03-31', 'range', '2016-04-01', '2017-03-31', '2016-04-01..2017-03-31'],
  ['undated', 'undated', null, null, 'undated'],
  ['undated-ten-years-ago', 'undated', null, null, 'undated-ten-years-ago']
]

await t.test('every code of the table has its kind, bounds and label', async t => {
  for (const [code, kind, start, end, label] of table) {
    t.same(periodOf(code), { code, kind, start, end, label }, code)
  }
  t.same(new Set(table.map(row => row[1])), new Set(periodKinds), 'and the table shows every kind')
})

await t.test('a code is read as itself whatever the measure says', async t => {
  for (const [code] of table) {
    for (const kind of ['financial', 'academic', 'calendar', null] as const) {
      for (const timing of ['during', 'as_at', 'cumulative', null] as const) {
        t.match(readPeriod(code, { year_kind: kind, timing }), { period: { code } })
      }
    }
  }
})

await t.test('a code typed in small letters or with blanks is read, and given back as the code', async t => {
  t.match(readPeriod('fy2017-q3'), { period: { code: 'FY2017-Q3' } })
  t.match(readPeriod(' r12-2016-12 '), { period: { code: 'R12-2016-12' } })
  t.match(readPeriod('cy2014 .. cy2016'), { period: { code: 'CY2014..CY2016' } })
  t.match(readPeriod('Undated-Ten-Years-Ago'), { period: { code: 'undated-ten-years-ago' } })
})

await t.test('only the canonical spelling is a code', async t => {
  const none = [
    '', 'fy2017', 'FY17', 'FY 2017', 'FY2017 ', 'FY2017\n', 'FY1899', 'FY2200', 'FY2017-Q5', 'FY2017-Q0', 'FY2017-H3', 'FY2017-M01', 'AY2017-Q1', 'AY2017-T4',
    'CY2016-M00', 'CY2016-M13', 'CY2016-M1', 'CY2016-Q1..Q3', 'FY2017-Q1..Q1', 'FY2017-Q2..Q3', 'R1-2018-02', 'R121-2018-02', 'R012-2018-02', 'R12-2018-13', 'R12-2018',
    'CY2016..CY2014', 'CY2016..CY2016', 'FY2014..CY2016', 'CY2014..2016', 'D2018-02-29', 'D2018-04-31', 'D1900-02-29', 'D2018-3-31', 'D2018-00-10', '2018-03-31',
    '2017-03-31..2014-08-01', '2018-02-30..2018-03-01', 'undated-', 'Undated', 'undated_x', `undated-${'a'.repeat(71)}`
  ]
  for (const code of none) t.equal(periodOf(code), null, code)
  t.match(periodOf(`undated-${'a'.repeat(70)}`), { kind: 'undated' })
  t.match(periodOf('2018-03-31..2018-03-31'), { kind: 'range' }, 'a range may be one day')
})
