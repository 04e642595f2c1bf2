// The periods into which a frequency divides a stretch of days.
import { isoDate, partsOfDate, twoDigits } from './calendar.js'
import { firstMonth, periodOf, type YearLetter } from './code.js'
import type { Period, YearKind } from './kinds.js'

export const regularFrequencies = ['monthly', 'quarterly', 'termly', 'half_yearly', 'annual'] as const
export type RegularFrequency = typeof regularFrequencies[number]

const letters = { financial: 'FY', academic: 'AY', calendar: 'CY' } as const

// An academic year has terms, and neither quarters nor halves. Where nothing is said, a council's year is the financial one.
function dividedYear (frequency: RegularFrequency, kind: YearKind | null): YearLetter {
  if (frequency === 'monthly') return 'CY'
  if (frequency === 'termly') return 'AY'
  if (frequency === 'annual') return letters[kind ?? 'financial']
  return kind === 'calendar' ? 'CY' : 'FY'
}

const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `-${letter}${i + 1}`)

const parts: Record<RegularFrequency, string[]> = {
  monthly: Array.from({ length: 12 }, (_, i) => `-M${twoDigits(i + 1)}`),
  quarterly: numbered('Q', 4),
  termly: numbered('T', 3),
  half_yearly: numbered('H', 2),
  annual: ['']
}

/** Every period of the frequency that lies wholly between the two days, in order. */
export function periodsWithin (frequency: RegularFrequency, kind: YearKind | null, first: string, last: string): Period[] {
  const letter = dividedYear(frequency, kind)
  const from = Number(first.slice(0, 4)) - 1
  const years = Array.from({ length: Math.max(0, Number(last.slice(0, 4)) - from + 1) }, (_, i) => from + i)
  return years.flatMap(year => parts[frequency].map(part => periodOf(`${letter}${year}${part}`)))
    .filter((period): period is Period => period !== null && period.start! >= first && period.end! <= last)
}

/** First day of the year of this kind in which the day lies. */
export function startOfYear (kind: YearKind | null, day: string): string {
  const { year, month } = partsOfDate(day)
  const first = firstMonth[letters[kind ?? 'financial']]
  return isoDate({ year: month >= first ? year : year - 1, month: first }, 1)
}
