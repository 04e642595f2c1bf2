// What a data clerk is told when a period is refused: what is wrong with it, and what to type instead.
import { isDate, monthName, monthNames, partsOfDate, shortMonth, yearBounds, yearPattern } from './calendar.js'
import { periodOf } from './code.js'
import type { Period, PeriodContext, YearKind } from './kinds.js'
import { spelt } from './spelling.js'
import { centuryOf } from './years.js'

export const longest = 120

const examples: Record<YearKind | 'unsaid', string> = {
  financial: '2016/17, 2017/18 Q3 or FY2017-Q3',
  academic: '2016/17, Spring Term 2018 or AY2017-T2',
  calendar: '2016, December 2016 or CY2016-Q4',
  unsaid: '2016/17, 2017/18 Q3, December 2016 or FY2016'
}

function exampleFor ({ timing, year_kind: kind }: PeriodContext): string {
  return timing === 'as_at' ? '31 March 2018 or D2018-03-31' : examples[kind ?? 'unsaid']
}

// Safe to print: what cannot be seen, or is half a character, becomes a blank.
export function quoted (text: string): string {
  const long = text.length > longest
  const seen = (long ? text.slice(0, 40) : text).replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim()
  return `'${seen}${long ? '…' : ''}'`
}

function undatedCode (text: string): string {
  const slug = text.replace(/[^a-z0-9]+/g, '-').replace(/^-/, '').slice(0, 70).replace(/-$/, '')
  return slug === '' ? 'undated' : `undated-${slug}`
}

function monthHint (year: string, month: string, context: PeriodContext): string {
  const code = `CY${year}-M${month}`
  const period = periodOf(code)
  return period === null ? '' : `For ${period.label} write ${context.timing === 'as_at' ? `D${period.end}` : code}.`
}

function twoDigitHint (first: string, second: string): string {
  if ((Number(first) + 1) % 100 !== Number(second)) return ''
  return `Write the first year with four digits: ${centuryOf(first)}/${second}.`
}

const codeForms: Record<string, string> = {
  FY: 'A financial year has the codes FY2017, FY2017-H1 and H2, FY2017-Q1 to Q4, and FY2017-Q1..Q2 to Q1..Q4.',
  AY: 'An academic year has the codes AY2017 and AY2017-T1 to T3.',
  CY: 'A calendar year has the codes CY2017, CY2017-H1 and H2, CY2017-Q1 to Q4, and CY2017-M01 to M12.'
}

const noSuchDay = (date: string) => {
  const { year, month, day } = partsOfDate(date)
  const hint = month > 12 ? 'Dates are written day first, such as 31/03/2018, or 2018-03-31.' : 'Check the day and the month.'
  return month >= 1 && month <= 12 ? `There is no ${day} ${monthName(month)} ${year}. ${hint}` : `There is no month ${month}. ${hint}`
}

// Why a text that has the shape of a code is none.
function whyNoCode (code: string): string | null {
  const [, ...days] = spelt('(?:D|(\\d{4}-\\d\\d-\\d\\d)\\.\\.)(\\d{4}-\\d\\d-\\d\\d)').exec(code) ?? []
  const missing = days.find(day => day !== undefined && !isDate(day))
  if (missing !== undefined) return noSuchDay(missing)
  const [first, last] = days
  if (first !== undefined && first > last!) return 'It ends before it starts. Write the earlier date first.'
  const [, ...pool] = spelt(`([FAC]Y${yearPattern})\\.\\.([FAC]Y${yearPattern})`).exec(code) ?? []
  if (pool.length > 0) return whyNoPool(pool[0]!, pool[1]!)
  if (/^R0*1-\d{4}-\d\d$/.test(code)) return `A rolling period has two months or more. For one month write CY${code.slice(-7, -3)}-M${code.slice(-2)}.`
  if (/^R\d+-/.test(code)) return 'A rolling period is written R12-2016-12: 2 to 120 months, then the year and month it ends with.'
  return codeForms[/^([FAC]Y)\d{4}-/.exec(code)?.[1] ?? ''] ?? null
}

function whyNoPool (first: string, last: string): string {
  if (first === last) return `A pool has two years or more. For one year write ${first}.`
  if (first.slice(0, 2) === last.slice(0, 2)) return `It ends before it starts. Write ${last}..${first}.`
  return 'The two years of a pool are of one kind, such as FY2014..FY2016.'
}

const monthWord = monthNames.map(m => m.slice(0, 3).toLowerCase()).join('|')
type Hint = [RegExp, (context: PeriodContext, ...parts: [string, string, string]) => string]

const hints: Hint[] = [
  [spelt(`(${yearPattern})[-/]?(0[1-9]|1[0-2])`), (context, year, month) => monthHint(year, month, context)],
  [spelt(`(0?[1-9]|1[0-2])[-/](${yearPattern})`), (context, month, year) => monthHint(year, month.padStart(2, '0'), context)],
  [spelt(`${yearPattern}-?\\d\\d|\\d{6}`), () => 'Years that follow each other are written 2016/17.'],
  [spelt(`(${yearPattern})[-/](${yearPattern})`), (_, first, last) => whyNoPool(`CY${first}`, `CY${last}`)],
  [spelt('(\\d{4})(\\d\\d)(\\d\\d)'), (_, year, month, day) => `A date is written with dashes: ${year}-${month}-${day}.`],
  [spelt('undated(.*)'), (_, rest) => `After 'undated' come a dash and 1 to 70 of the characters a to z, 0 to 9 and -. Write ${undatedCode(rest)}.`],
  [/^(?:.*[^0-9/.-])?(\d\d)\/(\d\d)(?: .*)?$/, (_, first, second) => twoDigitHint(first, second)],
  [/(?:^|[ /.-])\d{1,2}[/.-]\d{1,2}[/.-]\d\d$/, () => 'Write the year with four digits, such as 31/03/2018.'],
  [new RegExp(`^(?:.* )?(?:\\d{1,2}[ -])?(?:${monthWord})[a-z]*[ '’-]*\\d\\d$`), () => 'Write the year with four digits, such as March 2018.'],
  [/^(?:autumn|spring|summer) (\d{4}(?:\/\d\d)?)$/, (_, year) => `If it is a school term, say so, such as Spring Term ${year}.`],
  [/(?:^|[^0-9])(?!19|20|21)\d{4}(?:[^0-9]|$)/, () => `Years run from ${yearBounds}.`],
  [spelt('(?:by |the |last )?(?:[qht]|qtr|quarter|half) ?\\d|.* term'), () => 'It does not say which year. Write, for example, 2017/18 Q3 or Spring Term 2018.'],
  [spelt(`(?:\\d{1,2}(?:st|nd|rd|th)? )?(?:${monthWord})[a-z]*`), () => 'It does not say which year. Write, for example, March 2018.']
]

// One hint for what was typed, else examples in the measure's own year and the way out for what has no date.
export function refusal (shown: string, text: string, codes: string[], context: PeriodContext): string {
  const known = [...codes, text.toUpperCase()].map(whyNoCode).find(why => why !== null)
  if (known) return `${shown} is not a period. ${known}`
  for (const [pattern, hint] of hints) {
    const match = pattern.exec(text)
    const said = match && hint(context, ...match.slice(1) as [string, string, string])
    if (said) return `${shown} is not a period we can read. ${said}`
  }
  const way = /\d{4}/.test(text) || !/[a-z]/.test(text) ? '' : ` Where the document gives no date, write ${undatedCode(text)}.`
  return `${shown} is not a period we can read. Write, for example, ${exampleFor(context)}.${way}`
}

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** Only what has dates can be read in two ways. */
function inMonths ({ start, end }: Period): string {
  const [first, last] = [partsOfDate(start!), partsOfDate(end!)]
  if (first.year !== last.year) return `${shortMonth(first.month)} ${first.year} to ${shortMonth(last.month)} ${last.year}`
  return first.month === last.month
    ? `${shortMonth(first.month)} ${first.year}`
    : `${shortMonth(first.month)}–${shortMonth(last.month)} ${first.year}`
}

// The measure's year_kind is named as a way out only where it is open and would decide.
export function doubt (shown: string, readings: Period[], deciding: YearKind[]): string {
  const named = readings.map(p => `${p.code} (${inMonths(p)})`)
  const way = deciding.length === 0 ? '.' : `, or set the measure's year_kind (${deciding.join(' or ')}).`
  return `${shown} can be read as ${either.format(named)}. Write one of these codes${way}`
}
