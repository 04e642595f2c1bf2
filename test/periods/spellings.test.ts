// The generous spellings: what councils type and print, and the one period each of them is.
import t from 'tap'
import { readPeriod } from '../../src/periods/period.js'
import type { PeriodContext } from '../../src/periods/period.js'

function code (text: string, context?: PeriodContext): string {
  const answer = readPeriod(text, context)
  return 'period' in answer ? answer.period.code : answer.detail
}

const spellings: Record<string, string[]> = {
  FY2016: [
    '2016/17', '2016-17', '2016-2017', '2016/2017', '201617', '2016–17', '2016 — 17', ' 2016 / 17 ', 'FY 2016/17', 'FY2016/17', 'fy2016-17',
    'financial year 2016/17', '2016/17 financial year', '2016/17 annual', '2016-17 Annual'
  ],
  FY1999: ['1999/00', '1999-2000', '199900'],
  FY2010: ['2010-11'],
  FY2015: ['2015/16 fy', '2015/16 financial'],
  AY2016: ['2016/17 ay', '2016/17 school year', '2016/17 academic', '2016/17 academic year', 'Academic Year 2016/17', 'AY 2016/17', 'school year 2016-17'],
  'FY2017-Q3': [
    '2017/18 Q3', 'Q3 2017/18', '2017-18 Q3', 'q3 2017-18', 'Qtr 3 2017/18', 'Quarter 3 2017/18', 'quarter 3 of 2017/18', '2017/18, Q3', 'FY 2017/18 Q3', 'Q3 FY2017/18',
    'FY2017 Q3', '2017/18-Q3', '201718 Q3'
  ],
  'FY2017-H1': ['2017/18 H1', 'H1 2017/18', 'half 1 2017-18'],
  'CY2016-Q4': ['Oct–Dec 2016', 'Oct-Dec 2016', 'October to December 2016', 'oct 2016 - dec 2016', 'CY 2016 Q4', 'calendar 2016 Q4'],
  'CY2016-H2': ['Jul–Dec 2016', 'July - December 2016'],
  'AY2017-T1': ['Autumn Term 2017', 'Autumn Term 2017/18', '2017/18 autumn term'],
  'AY2017-T2': ['Spring Term 2018', 'spring term 2017/18', 'Spring Term of 2018', '2017-18 Spring Term', 'T2 2017/18', 'AY2017 T2', 'Spring Term AY2017'],
  'AY2017-T3': ['Summer Term 2018', 'SUMMER TERM 2017/18'],
  CY2016: ['2016 calendar year', '2016 cy', '2016', ' 2016 ', 'calendar year 2016', '2016 annual'],
  'CY2018-M03': ['March 2018', 'Mar 2018', 'march, 2018', 'Mar. 2018', 'Mar-2018', '2018 March'],
  'CY2017-M09': ['Sep 2017', 'Sept 2017', 'September 2017'],
  'R12-2016-12': [
    'Year to December 2016', 'Year to Dec 2016', 'year ending December 2016', 'year ended 31 December 2016', '12 months to Dec 2016', 'rolling year to December 2016',
    'rolling year ending December 2016', 'rolling 12 months to December 2016', '12-month to end of Dec 2016', 'YE Dec 2016', 'Y/E December 2016'
  ],
  'R3-2018-02': ['3 months to February 2018', '3 months ending 28 Feb 2018'],
  'R36-2018-03': ['3 years to March 2018'],
  'CY2014..CY2016': ['2014 to 2016', 'CY2014 to CY2016', 'calendar 2014-16'],
  'FY2014..FY2016': ['2014/15 to 2016/17', '2014-15 to 2016-17', '2014/15 – 2016/17', '2014-15 - 2016-17', 'FY2014 to FY2016', 'FY2014-FY2016'],
  'AY2014..AY2016': ['2014/15 to 2016/17 academic', 'academic 2014/15 to 2016/17'],
  'FY2017-Q1..Q3': ['2017/18 Q1 to Q3', '2017/18 Q1-Q3', 'Q1–Q3 2017/18', 'quarters 1 to 3 2017/18', 'FY2017 Q1 to Q3'],
  'D2018-03-31': [
    'As at 31 March 2018', 'as at March 2018', 'at 31 March 2018', 'as of 31/03/2018', '31 March 2018', '31st March 2018', '31 Mar 2018', 'March 31 2018', '31-Mar-2018',
    '31/03/2018', '31.03.2018', '31-03-2018', '2018-03-31', '2018/03/31', 'end of March 2018', 'as at end March 2018'
  ],
  'D2018-05-10': ['10/05/2018', 'As of 10/05/2018'],
  '2014-08-01..2017-03-31': ['Aug 2014 to Mar 2017', '2014-08-01 to 2017-03-31', '2014-08-01 - 2017-03-31', '01/08/2014 – 31/03/2017', '1 August 2014 to 31 March 2017'],
  'CY2006..CY2016': ['calendar 2006-16'],
  'CY2000..CY2012': ['calendar 2000-2012'],
  '2016-07-01..2016-12-31': ['Q2 to Q3 2016/17'],
  '2016-10-10..2016-12-31': ['10 Oct 2016 to Dec 2016', '10 Oct to Dec 2016'],
  '2016-10-01..2016-12-10': ['Oct 2016 to 10 Dec 2016'],
  '2017-08-01..2017-08-31': ['1 Aug to 31 Aug 2017', 'Aug to Aug 2017'],
  '2016-11-01..2018-01-31': ['Nov 2016 to Jan 2018', 'Nov 2016 until Jan 2018', 'Nov 2016..Jan 2018'],
  '2017-08-01..2017-12-31': ['Aug to Dec 2017', 'Between August 2017 and December 2017', 'from Aug 2017 to Dec 2017'],
  '2017-09-01..2018-01-31': ['Sept 2017 to Jan 2018']
}

await t.test('every generous spelling is read as the period it names', async t => {
  for (const [expected, texts] of Object.entries(spellings)) {
    for (const text of texts) t.equal(code(text), expected, text)
  }
})

await t.test('blanks, case, kinds of dash and what cannot be seen make no difference', async t => {
  for (const text of ['OCT\u2013DEC 2016', 'oct \u2014 dec 2016', 'Oct\u2011Dec\u00a02016', '\ufeffOct-Dec  2016\r\n', 'Oct\u200b-Dec 2016']) t.equal(code(text), 'CY2016-Q4', text)
})

await t.test('the year_kind of the measure decides what has two readings', async t => {
  t.equal(code('2016/17', { year_kind: 'academic' }), 'AY2016')
  t.equal(code('2016/17', { year_kind: 'financial' }), 'FY2016')
  t.equal(code('2016/17', { year_kind: 'calendar' }), 'FY2016')
  t.equal(code('2014/15 to 2016/17', { year_kind: 'academic' }), 'AY2014..AY2016')
  t.equal(code('Q4 2016', { year_kind: 'financial' }), 'FY2016-Q4')
  t.equal(code('Q4 2016', { year_kind: 'calendar' }), 'CY2016-Q4')
  t.equal(code('2016 H1', { year_kind: 'calendar' }), 'CY2016-H1')
  t.equal(code('Q1 to Q3 2016', { year_kind: 'financial' }), 'FY2016-Q1..Q3')
  t.equal(code('2014-16', { year_kind: 'calendar' }), 'CY2014..CY2016')
  t.equal(code('2016', { year_kind: 'calendar' }), 'CY2016')
})

await t.test('the year_kind written in the text outranks the one of the measure', async t => {
  t.equal(code('financial year 2016/17', { year_kind: 'academic' }), 'FY2016')
  t.equal(code('2016/17 academic', { year_kind: 'financial' }), 'AY2016')
  t.equal(code('calendar year 2016', { year_kind: 'financial' }), 'CY2016')
})

await t.test('months that are a quarter or half of the financial year are that, for a measure of financial years', async t => {
  t.equal(code('Oct–Dec 2016', { year_kind: 'financial' }), 'FY2016-Q3')
  t.equal(code('January to March 2017', { year_kind: 'financial' }), 'FY2016-Q4')
  t.equal(code('Apr to Sep 2016', { year_kind: 'financial' }), 'FY2016-H1')
  t.equal(code('Oct 2016 to Mar 2017', { year_kind: 'financial' }), 'FY2016-H2')
  t.equal(code('Jul–Dec 2016', { year_kind: 'financial' }), 'CY2016-H2')
  t.equal(code('Apr to Sep 2016'), '2016-04-01..2016-09-30')
})

await t.test('a range is never turned into a year', async t => {
  t.equal(code('April 2016 to March 2017', { year_kind: 'financial' }), '2016-04-01..2017-03-31')
  t.equal(code('January to December 2016'), '2016-01-01..2016-12-31')
  t.equal(code('01/04/2016 to 31/03/2017'), '2016-04-01..2017-03-31')
})

await t.test('a month is its last day for a measure taken on a day', async t => {
  t.equal(code('March 2018', { timing: 'as_at' }), 'D2018-03-31')
  t.equal(code('Feb 2016', { timing: 'as_at' }), 'D2016-02-29')
  t.equal(code('March 2018', { timing: 'during' }), 'CY2018-M03')
  t.equal(code('CY2018-M03', { timing: 'as_at' }), 'CY2018-M03')
})
