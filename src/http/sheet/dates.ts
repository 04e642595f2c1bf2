// Days as spreadsheets count them, written as a person would type them.
import type { NumberKind } from './formats.js'
import { decimal } from './numbers.js'

const DAY = 86_400
/** 31 December 9999, the last day that Excel knows. */
const LAST = 2_958_465

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' })
const months = Array.from({ length: 12 }, (_, month) => monthName.format(Date.UTC(2000, month)))

const two = (part: number) => String(part).padStart(2, '0')

/** Year, month, day. Excel has a 29 February 1900, which never was, and a day 0; both are told as it shows them. */
function partsOf (days: number, from1904: boolean): [number, number, number] {
  if (!from1904 && days === 60) return [1900, 2, 29]
  if (!from1904 && days === 0) return [1900, 1, 0]
  const date = new Date(from1904 ? Date.UTC(1904, 0, 1 + days) : Date.UTC(1899, 11, (days < 60 ? 31 : 30) + days))
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
}

function written (kind: NumberKind, [year, month, day]: readonly [number, number, number], seconds: number): string {
  if (kind === 'month') return `${months[month - 1]} ${year}`
  if (kind === 'year') return String(year)
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  return kind === 'moment' && seconds > 0 ? `${date}T${clock(seconds)}` : date
}

const clock = (seconds: number) => `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`

/** The number of a cell whose format is a date or a time. */
export function dateText (value: number, kind: NumberKind, from1904: boolean): string {
  // Times are fractions of a day in binary; a second is as fine as they are typed.
  const seconds = Math.round(value * DAY)
  if (seconds < 0 || seconds >= (LAST + 1) * DAY) return decimal(value)
  if (kind === 'time') return clock(seconds)
  return written(kind, partsOf(Math.floor(seconds / DAY), from1904), seconds % DAY)
}

const iso = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:T(?:00:00(?::00(?:\.0+)?)?Z?)?)?$/

/** Cells of type d hold ISO text already; only a midnight that nobody typed is taken off. */
export function isoText (stored: string, kind: NumberKind): string {
  const [, year, month, day] = iso.exec(stored.trim()) ?? []
  if (year === undefined) return stored
  return written(kind, [Number(year), Number(month), Number(day)], 0)
}
