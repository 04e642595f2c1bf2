// Spellings made of months and days: a month, a day, 'as at', the year to a month, and from one to another.
import { firstMonth } from './code.js'
import { isDate, isoDate, lastDay, monthName, monthNames, plusMonths, twoDigits, yearPattern, type Month } from './calendar.js'
import type { PeriodContext, YearKind } from './kinds.js'
import { fromAndTo, spelt, type Reading } from './spelling.js'

const year = `(${yearPattern})`
const names = monthNames.map(m => m === 'September' ? 'sep(?:t(?:ember)?)?' : `${m.slice(0, 3)}(?:${m.slice(3)})?`)
const name = `(${names.join('|').toLowerCase()})`
const dayNumber = '(\\d{1,2})(?:st|nd|rd|th)?'
const isoDay = spelt(`${year}([/-])(\\d\\d)\\2(\\d\\d)`)
const numericDay = spelt(`(\\d{1,2})([/.-])(\\d{1,2})\\2${year}`)
const wordedDay = spelt(`(?:${dayNumber}[ -](?:of )?${name}|${name} ${dayNumber})[ -]${year}`)
const wordedMonth = spelt(`${name}[ /-]?${year}|${year}[ -]${name}`)
const openDay = spelt(`(?:${dayNumber} )?${name}`)
const theEnd = '(?:the )?(?:end (?:of )?(?:the )?)?'
const asAt = spelt(`(?:(?:as (?:at|of)|at|on) ${theEnd}|(?:the )?end (?:of )?)(.+)`)
const rolling = spelt(`(?:the )?(?:rolling )?(?:(?:year|(\\d{1,3})[ -]months?|(\\d{1,2})[ -]years?) (?:to|ending|ended)|y/?e) ${theEnd}(.+)`)

// A day, or a whole month where day is null.
interface Moment extends Month {
  day: number | null
}

// Whether there is such a day is left to the code, which says so in one place.
function momentOf (text: string): Moment | null {
  const iso = isoDay.exec(text)
  if (iso !== null) return { year: Number(iso[1]), month: Number(iso[3]), day: Number(iso[4]) }
  const numeric = numericDay.exec(text)
  if (numeric !== null) return { year: Number(numeric[4]), month: Number(numeric[3]), day: Number(numeric[1]) }
  const day = wordedDay.exec(text)
  if (day !== null) return { year: Number(day[5]), month: monthOf((day[2] ?? day[3])!), day: Number(day[1] ?? day[4]) }
  const month = wordedMonth.exec(text)
  if (month !== null) return { year: Number(month[2] ?? month[3]), month: monthOf((month[1] ?? month[4])!), day: null }
  return null
}

function monthOf (word: string): number {
  return monthNames.findIndex(m => m.toLowerCase().startsWith(word)) + 1
}

const firstDayOf = (m: Moment) => isoDate(m, m.day ?? 1)
const lastDayOf = (m: Moment) => isoDate(m, m.day ?? lastDay(m))

function readMoment (text: string, context: PeriodContext): Reading {
  const named = asAt.exec(text)
  const moment = momentOf(named?.[1] ?? text)
  if (moment === null) return null
  if (moment.day === null && named === null && context.timing !== 'as_at') return [`CY${moment.year}-M${twoDigits(moment.month)}`]
  return [`D${lastDayOf(moment)}`]
}

function readRolling (text: string): Reading {
  const [, months, years = '1', end = ''] = rolling.exec(text) ?? []
  const last = momentOf(end)
  if (last === null) return null
  const count = Number(months ?? Number(years) * 12)
  const code = `R${count}-${last.year}-${twoDigits(last.month)}`
  if (last.day === null) return [code]
  if (!isDate(lastDayOf(last))) return [`D${lastDayOf(last)}`]
  if (last.day === lastDay(last)) return [code]
  return { hint: `A rolling period ends with the last day of a month. Write ${code}, or the first and last day, such as 2016-05-11..2017-05-10.` }
}

// The quarter or half that these months are, in the measure's own year; null where they are none.
function partOf (first: Month, count: number, kind: YearKind | null): string | null {
  const letters = kind === 'financial' ? ['FY', 'CY'] as const : ['CY'] as const
  if (count !== 3 && count !== 6) return null
  for (const letter of letters) {
    const start = plusMonths(first, 1 - firstMonth[letter])
    if ((start.month - 1) % count === 0) return `${letter}${start.year}-${count === 3 ? 'Q' : 'H'}${(start.month - 1) / count + 1}`
  }
  return null
}

// Whole years of months stay a range: a range is never turned into a year.
function between (first: Moment, last: Moment, kind: YearKind | null): string[] {
  const count = (last.year - first.year) * 12 + last.month - first.month + 1
  const part = first.day === null && last.day === null ? partOf(first, count, kind) : null
  return [part ?? `${firstDayOf(first)}..${lastDayOf(last)}`]
}

function readBetween (text: string, kind: YearKind | null): Reading {
  const [from, to] = fromAndTo(text.replace(/^(?:from|between) /, ''))
  const last = momentOf(to)
  if (last === null) return null
  const first = momentOf(from)
  if (first !== null) return between(first, last, kind)
  const open = openDay.exec(from)
  if (open === null) return null
  const opening = { year: last.year, month: monthOf(open[2]!), day: open[1] === undefined ? null : Number(open[1]) }
  if (opening.month <= last.month) return between(opening, last, kind)
  return { hint: `Write both years, such as ${monthName(opening.month)} ${last.year - 1} to ${monthName(last.month)} ${last.year}.` }
}

export function readDays (text: string, context: PeriodContext): Reading {
  return readMoment(text, context) ?? readRolling(text) ?? readBetween(text, context.year_kind ?? null)
}
