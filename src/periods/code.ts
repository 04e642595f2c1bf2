// The code of a period is its identity: this table says which codes exist, what dates they mean and how they read.
// Everything that reads periods ends here, so a code is valid in one place only.
import { firstToLast, isDate, monthName, partsOfDate, plusMonths, shortMonth, yearPattern } from './calendar.js'
import type { Period, PeriodKind } from './kinds.js'

type Body = Omit<Period, 'code'>
type Build = (...parts: string[]) => Body | null

const y = `(${yearPattern})`
const date = `(${yearPattern}-\\d\\d-\\d\\d)`
const termNames = ['Autumn', 'Spring', 'Summer']
const termMonths: Array<[number, number]> = [[0, 4], [4, 3], [7, 5]]

export const firstMonth = { FY: 4, AY: 9, CY: 1 } as const
export type YearLetter = keyof typeof firstMonth

/** As a year is printed that begins in one calendar year and ends in the next. */
const across = (year: string) => `${year}/${String(Number(year) + 1).slice(2)}`

function months (kind: PeriodKind, letter: YearLetter, year: string, offset: number, count: number, label: string): Body {
  const first = plusMonths({ year: Number(year), month: firstMonth[letter] }, offset)
  return { kind, ...firstToLast(first, plusMonths(first, count - 1)), label }
}

function calendarMonths (kind: PeriodKind, year: string, offset: number, count: number): Body {
  const label = `${shortMonth(offset + 1)}–${shortMonth(offset + count)} ${year}`
  return months(kind, 'CY', year, offset, count, label)
}

function term (year: string, n: string): Body {
  const [offset, count] = termMonths[Number(n) - 1]!
  return months('academic_term', 'AY', year, offset, count, `${termNames[Number(n) - 1]} Term ${across(year)}`)
}

// One month is a calendar month and one year is a year; a second name for them would be a second identity.
function rolling (count: string, year: string, month: string): Body | null {
  const n = Number(count)
  if (n < 2 || n > 120) return null
  const last = { year: Number(year), month: Number(month) }
  const label = `${n === 12 ? 'Year' : `${n} months`} to ${monthName(last.month)} ${year}`
  return { kind: 'rolling', ...firstToLast(plusMonths(last, 1 - n), last), label }
}

function pooled (letter: YearLetter, from: string, to: string): Body | null {
  if (from >= to) return null
  const first = { year: Number(from), month: firstMonth[letter] }
  const last = plusMonths({ year: Number(to), month: firstMonth[letter] }, 11)
  const name = (year: string) => letter === 'CY' ? year : across(year)
  const label = `${name(from)} to ${name(to)}${letter === 'AY' ? ' academic' : ''}`
  return { kind: 'pooled', ...firstToLast(first, last), label }
}

function asAt (day: string): Body | null {
  if (!isDate(day)) return null
  const at = partsOfDate(day)
  return { kind: 'as_at', start: day, end: day, label: `As at ${at.day} ${monthName(at.month)} ${at.year}` }
}

function range (start: string, end: string): Body | null {
  if (!isDate(start) || !isDate(end) || start > end) return null
  return { kind: 'range', start, end, label: `${start}..${end}` }
}

const undated = (code: string): Body => ({ kind: 'undated', start: null, end: null, label: code })

// Q1..Q4 has the bounds of the year and stays a period of its own: it is the last of the cumulative returns
// Q1, Q1..Q2, Q1..Q3, and what was written is never turned into a year.
const forms: Array<[string, Build]> = [
  [`FY${y}`, year => months('financial_year', 'FY', year, 0, 12, across(year))],
  [`FY${y}-H([12])`, (year, n) => months('financial_half', 'FY', year, Number(n) * 6 - 6, 6, `${across(year)} H${n}`)],
  [`FY${y}-Q([1-4])`, (year, n) => months('financial_quarter', 'FY', year, Number(n) * 3 - 3, 3, `${across(year)} Q${n}`)],
  [`FY${y}-Q1\\.\\.Q([2-4])`, (year, n) => months('year_to_date', 'FY', year, 0, Number(n) * 3, `${across(year)} Q1 to Q${n}`)],
  [`AY${y}`, year => months('academic_year', 'AY', year, 0, 12, `${across(year)} academic`)],
  [`AY${y}-T([1-3])`, term],
  [`CY${y}`, year => months('calendar_year', 'CY', year, 0, 12, year)],
  [`CY${y}-H([12])`, (year, n) => calendarMonths('calendar_half', year, Number(n) * 6 - 6, 6)],
  [`CY${y}-Q([1-4])`, (year, n) => calendarMonths('calendar_quarter', year, Number(n) * 3 - 3, 3)],
  [`CY${y}-M(0[1-9]|1[0-2])`, (year, n) => months('calendar_month', 'CY', year, Number(n) - 1, 1, `${monthName(Number(n))} ${year}`)],
  [`R([1-9]\\d{0,2})-${y}-(0[1-9]|1[0-2])`, rolling],
  [`FY${y}\\.\\.FY${y}`, (from, to) => pooled('FY', from, to)],
  [`AY${y}\\.\\.AY${y}`, (from, to) => pooled('AY', from, to)],
  [`CY${y}\\.\\.CY${y}`, (from, to) => pooled('CY', from, to)],
  [`D${date}`, asAt],
  [`${date}\\.\\.${date}`, range],
  ['(undated(?:-[a-z0-9-]{1,70})?)', undated]
]

const compiled = forms.map(([source, build]) => ({ pattern: new RegExp(`^${source}$`), build }))

export function periodOf (code: string): Period | null {
  for (const { pattern, build } of compiled) {
    const match = pattern.exec(code)
    if (match === null) continue
    const body = build(...match.slice(1))
    return body && { code, ...body }
  }
  return null
}
