// Days and months as whole numbers and ISO text. No Date object: a council's 31 March must not move with a time zone.
export const monthNames = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December'
] as const

// A year outside these is far likelier a slip of the finger than a figure.
export const yearPattern = '(?:19|20|21)\\d\\d'
export const yearBounds = '1900 to 2199'

export interface Month {
  year: number
  month: number
}

export function monthName (month: number): string {
  return monthNames[month - 1]!
}

export function shortMonth (month: number): string {
  return monthName(month).slice(0, 3)
}

export function twoDigits (n: number): string {
  return String(n).padStart(2, '0')
}

export function lastDay ({ year, month }: Month): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

export function isoDate ({ year, month }: Month, day: number): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`
}

export function plusMonths ({ year, month }: Month, months: number): Month {
  const index = year * 12 + month - 1 + months
  return { year: Math.floor(index / 12), month: index % 12 + 1 }
}

export function firstToLast (first: Month, last: Month): { start: string, end: string } {
  return { start: isoDate(first, 1), end: isoDate(last, lastDay(last)) }
}

export function partsOfDate (date: string): Month & { day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) }
}

export function plusDays (date: string, days: number): string {
  let { day, ...month }: Month & { day: number } = partsOfDate(date)
  for (day += days; day > lastDay(month); month = plusMonths(month, 1)) day -= lastDay(month)
  return isoDate(month, day)
}

const datePattern = /^\d{4}-\d\d-\d\d$/

export function isDate (text: string): boolean {
  if (!datePattern.test(text)) return false
  const { year, month, day } = partsOfDate(text)
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay({ year, month })
}
