// What is refused: with its readings where there are two, and always with what to type instead.
import t from 'tap'
import { periodOf, readPeriod } from '../../src/periods/period.js'
import type { PeriodContext, PeriodProblem } from '../../src/periods/period.js'

function refused (text: string, context?: PeriodContext): PeriodProblem {
  const answer = readPeriod(text, context)
  if ('period' in answer) throw new Error(`${text} was read as ${answer.period.code}`)
  return answer
}

const years = ['CY2014..CY2016', 'FY2014..FY2016', 'AY2014..AY2016']
const doubtful: Array<[text: string, context: PeriodContext, readings: string[]]> = [
  ['Q4 2016', {}, ['CY2016-Q4', 'FY2016-Q4']],
  ['2016 Q4', {}, ['CY2016-Q4', 'FY2016-Q4']],
  ['H1 2017', {}, ['CY2017-H1', 'FY2017-H1']],
  ['Q4 2016', { year_kind: 'academic' }, ['CY2016-Q4', 'FY2016-Q4']],
  ['Q1 to Q3 2016', {}, ['2016-01-01..2016-09-30', 'FY2016-Q1..Q3']],
  ['2014-16', {}, years],
  ['2014/16', {}, years],
  ['2014-2016', {}, years],
  ['2014-16', { year_kind: 'financial' }, ['CY2014..CY2016', 'FY2014..FY2015', 'FY2014..FY2016']],
  ['2014-16', { year_kind: 'academic' }, ['CY2014..CY2016', 'AY2014..AY2015', 'AY2014..AY2016']],
  ['2014 to 2016', { year_kind: 'financial' }, ['CY2014..CY2016', 'FY2014..FY2015', 'FY2014..FY2016']],
  ['2010-12', {}, ['CY2010..CY2012', 'FY2010..FY2012', 'AY2010..AY2012', 'CY2010-M12']],
  ['2010-12', { year_kind: 'calendar' }, ['CY2010..CY2012', 'CY2010-M12']],
  ['FY17', {}, ['FY2016', 'FY2017']],
  ['FY17', { year_kind: 'financial' }, ['FY2016', 'FY2017']],
  ['FY69', {}, ['FY2068', 'FY2069']],
  ['FY70', {}, ['FY1969', 'FY1970']],
  ['1900', { year_kind: 'financial' }, ['FY1900']],
  ['AY17', {}, ['AY2016', 'AY2017']],
  ['Q3 FY17', {}, ['FY2016-Q3', 'FY2017-Q3']],
  ['FY 2016', {}, ['FY2015', 'FY2016']],
  ['2016', { year_kind: 'financial' }, ['FY2015', 'FY2016']],
  ['2016', { year_kind: 'academic' }, ['AY2015', 'AY2016']],
  ['2016 financial year', {}, ['FY2015', 'FY2016']],
  ['2016 to 2017', { year_kind: 'financial' }, ['CY2016..CY2017', 'FY2016', 'FY2016..FY2017']],
  ['Spring Term academic year 2018', {}, ['AY2017-T2', 'AY2018-T2']],
  ['T2 2018', {}, ['AY2017-T2', 'AY2018-T2']]
]

await t.test('what has two readings is refused with all of them', async t => {
  for (const [text, context, readings] of doubtful) {
    const { problem, detail, readings: named } = refused(text, context)
    t.same({ problem, readings: named }, { problem: 'ambiguous_period', readings }, `${text} ${context.year_kind ?? ''}`)
    for (const code of readings) {
      t.not(periodOf(code), null)
      t.ok(detail.includes(code), 'and the sentence names it')
    }
  }
})

await t.test('the sentence says what each reading means, and names the year_kind only where it would decide', async t => {
  t.equal(refused('Q4 2016').detail,
    "'Q4 2016' can be read as CY2016-Q4 (Oct–Dec 2016) or FY2016-Q4 (Jan–Mar 2017). Write one of these codes, or set the measure's year_kind (financial or calendar).")
  t.equal(refused('FY17').detail, "'FY17' can be read as FY2016 (Apr 2016 to Mar 2017) or FY2017 (Apr 2017 to Mar 2018). Write one of these codes.")
  t.match(refused('2014-16').detail, /year_kind \(calendar\)\.$/)
  t.notMatch(refused('2014-16', { year_kind: 'financial' }).detail, /year_kind/)
})

const invalid: Array<[text: string, hint: string]> = [
  ['201612', 'For December 2016 write CY2016-M12.'],
  ['2016-12', 'For December 2016 write CY2016-M12.'],
  ['12/2016', 'For December 2016 write CY2016-M12.'],
  ['201416', '2016/17'],
  ['20180331', '2018-03-31'],
  ['16/17', 'four digits: 2016/17'],
  ['FY16/17', 'four digits: 2016/17'],
  ['Q3 98/99', 'four digits: 1998/99'],
  ['Mar-18', 'Write the year with four digits'],
  ["Mar '18", 'Write the year with four digits'],
  ['As of 10/05/18', 'Write the year with four digits'],
  ['CY17', 'Write CY2017.'],
  ['1850', '1900 to 2199'],
  ['FY1850', '1900 to 2199'],
  ['31 June 2018', 'There is no 31 June 2018.'],
  ['D2018-02-30', 'There is no 30 February 2018.'],
  ['Year to 31 June 2018', 'There is no 31 June 2018.'],
  ['2018-02-30 to 2018-03-31', 'There is no 30 February 2018.'],
  ['03/31/2018', 'day first'],
  ['CY2016..CY2014', 'Write CY2014..CY2016.'],
  ['2016 to 2014', 'Write CY2014..CY2016.'],
  ['2016-2014', 'Write CY2014..CY2016.'],
  ['1850-01-01..1850-12-31', 'Years run from 1900 to 2199.'],
  ['1850-01-01..1850-01-01', 'Years run from 1900 to 2199.'],
  ['1850/51 to 1852/53', 'Years run from 1900 to 2199.'],
  ['2018-13-01 to 2018-12-31', 'There is no month 13. Dates are written day first'],
  ['2018-00-01 to 2018-12-31', 'There is no month 0. Check the day and the month.'],
  ['31 January 2018 to 32 January 2018', 'There is no 32 January 2018. Check the day and the month.'],
  ['0 December 2018', 'There is no 0 December 2018. Check the day and the month.'],
  ['3/2018', 'For March 2018 write CY2018-M03.'],
  ['2016-99', 'Years that follow each other are written 2016/17.'],
  ['year to whenever', 'write undated-year-to-whenever'],
  ['Q3 17', 'for example'],
  ['17', 'Write, for example, 2016/17, 2017/18 Q3, December 2016 or FY2016.'],
  ['Q3 calendar 2016/17', 'for example'],
  ['calendar 2014/15 to 2016/17', 'for example'],
  ['2014/15 to 2016', 'for example'],
  ['2014..2016', 'for example'],
  ['Spring Term calendar 2018', 'for example'],
  ['Spring Term financial 2016/17', 'for example'],
  ['Q3 2016-18', 'for example'],
  ['whenever to March 2018', 'for example'],
  ['Spring 2017/18', 'such as Spring Term 2017/18.'],
  ['Q2 to Q2 2016/17', 'does not run forward'],
  ['undated-', 'Write undated.'],
  ['undated-\u2713', 'Write undated.'],
  ['FY2016..FY2016', 'For one year write FY2016.'],
  ['FY2014..CY2016', 'of one kind'],
  ['2017-03-31..2014-08-01', 'ends before it starts'],
  ['June 2017 to May 2016', 'ends before it starts'],
  ['Nov to Feb 2017', 'November 2016 to February 2017'],
  ['2017/18 Q3 to Q1', 'does not run forward'],
  ['FY2017-Q5', 'FY2017-Q1 to Q4'],
  ['AY2017-Q1', 'terms'],
  ['AY2017-T4', 'AY2017-T1 to T3'],
  ['CY2016-M13', 'CY2017-M01 to M12'],
  ['Q3 2016/17 academic', 'terms'],
  ['R1-2018-02', 'For one month write CY2018-M02.'],
  ['R121-2018-02', '2 to 120 months'],
  ['year to 10 May 2018', 'last day of a month'],
  ['calendar year 2016/17', 'CY2016..CY2017'],
  ['Spring 2018', 'Spring Term 2018'],
  ['Quarter 3', 'which year'],
  ['by Q3', 'which year'],
  ['Spring Term', 'which year'],
  ['31 March', 'which year'],
  ['undated-Ten Years', 'Write undated-ten-years.'],
  ['', 'empty'],
  [' \n', 'empty'],
  ['10 years ago', 'undated-10-years-ago'],
  ['currently (over the past year)', 'undated-currently-over-the-past-year'],
  ['2012/13 Q4 & annual', 'for example'],
  ['a'.repeat(121), 'too long']
]

await t.test('what is no period is refused and the sentence says what to type', async t => {
  for (const [text, hint] of invalid) {
    const { problem, detail, readings } = refused(text)
    t.equal(problem, 'invalid_period', text)
    t.ok(detail.includes(hint), `${text}: ${detail}`)
    t.equal(readings, undefined)
  }
})

await t.test('what was typed is shown so that it can be printed: in one line, short, and without what cannot be seen', async t => {
  t.match(refused('  what\u0000is \t\n that  ').detail, /^'what is that' is not a period/)
  t.equal(refused('x'.repeat(121)).detail, `'${'x'.repeat(40)}…' is too long for a period: at most 120 characters.`)
  t.match(refused('x'.repeat(120)).detail, new RegExp(`^'${'x'.repeat(120)}' is not a period we can read.*write undated-${'x'.repeat(70)}\\.$`))
})

await t.test('what says a year, or no word at all, is not told to be undated', async t => {
  for (const text of ['about 2016 or so', '??', '12']) t.notMatch(refused(text).detail, /undated/, text)
  t.match(refused('soon').detail, / Where the document gives no date, write undated-soon\.$/)
  t.match(refused('16/19').detail, /Write, for example/, 'two years that do not follow each other')
})

await t.test('the months of a reading are named as short as they can be', async t => {
  t.match(refused('2010-12').detail, 'CY2010..CY2012 (Jan 2010 to Dec 2012), FY2010..FY2012 (Apr 2010 to Mar 2013), AY2010..AY2012 (Sep 2010 to Aug 2013) or CY2010-M12 (Dec 2010).')
})

await t.test('the examples are of the kind the measure takes', async t => {
  t.match(refused('soon', { year_kind: 'academic' }).detail, 'Spring Term 2018')
  t.match(refused('soon', { year_kind: 'calendar' }).detail, 'CY2016-Q4')
  t.match(refused('soon', { year_kind: 'financial' }).detail, 'FY2017-Q3')
  t.match(refused('soon', { timing: 'as_at' }).detail, 'D2018-03-31')
  t.match(refused('201803', { timing: 'as_at' }).detail, 'D2018-03-31')
})

await t.test('every code or spelling a sentence tells people to write can be read', async t => {
  const told = new Set(invalid.flatMap(([text]) => refused(text).detail.match(/\b(?:[FAC]Y\d{4}(?:-[A-Z]\d+)?(?:\.\.[FAC]Y\d{4})?|D\d{4}-\d\d-\d\d|R12-\d{4}-\d\d|undated(?:-[a-z0-9-]+)?)(?=[.,: ]|$)/g) ?? []))
  for (const text of invalid.map(row => row[0])) told.delete(text)
  t.ok(told.size > 10)
  for (const code of told) t.not(periodOf(code), null, code)
})
