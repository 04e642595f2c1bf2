// What a period is, and how two of them stand to each other. A period is two dates and a kind, because
// a rolling year to December has the bounds of the calendar year and is not the same period.
export const periodKinds = [
  'financial_year', 'financial_half', 'financial_quarter',
  'academic_year', 'academic_term',
  'calendar_year', 'calendar_half', 'calendar_quarter', 'calendar_month',
  'rolling', 'pooled', 'year_to_date', 'as_at', 'range', 'undated'
] as const

export type PeriodKind = typeof periodKinds[number]
export type YearKind = 'financial' | 'academic' | 'calendar'
export type Timing = 'during' | 'as_at' | 'cumulative'

export interface Period {
  code: string
  kind: PeriodKind
  start: string | null
  end: string | null
  label: string
}

// What the measure says about its periods; a spelling that has two readings may be decided by it.
export interface PeriodContext {
  year_kind?: YearKind | null
  timing?: Timing | null
}

// By code unit and never by locale, so that it equals ORDER BY … COLLATE "C" in the database.
function byText (a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function byDate (a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return byText(a, b)
}

export function comparePeriods (a: Period, b: Period): number {
  return byDate(a.end, b.end) || byDate(a.start, b.start) || byText(a.kind, b.kind) || byText(a.code, b.code)
}

// Undated periods have no bounds, so two of them never have the same ones.
export function sameBounds (a: Period, b: Period): boolean {
  return a.start !== null && a.start === b.start && a.end === b.end
}

export function overlaps (a: Period, b: Period): boolean {
  return a.start !== null && b.start !== null && a.start <= b.end! && b.start <= a.end!
}
