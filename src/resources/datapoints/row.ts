// One row of a delivery, understood: every fault it has on its own, and its key. Pure; what is known comes in as a
// dictionary.
import type { Period, PeriodProblem, PeriodReading } from '../../periods/period.js'
import { inexact, isExact } from '../checks.js'
import { breakdownText } from './breakdown.js'
import { qualifiers } from './schema.js'
import type { rowProblemCodes } from './schema.js'

export type RowCode = typeof rowProblemCodes[number]

export interface RowFault { code: RowCode, detail: string, column: string | null, value?: unknown, suggestion?: string }

export type Row = Record<string, unknown>

export interface KnownMeasure {
  code: string
  visibility: string
  unit: string | null
  per: number | null
  allowed: { min?: number, max?: number } | null
  year_kind: string | null
  timing: string
  dimensions: Array<{ code: string, values: Array<{ code: string }> }>
}

export type ReadPeriod = (text: string, measure: Pick<KnownMeasure, 'year_kind' | 'timing'>) => PeriodReading | PeriodProblem

/** What may be written of a figure: all; what is stored, and nothing else; or nothing, and why. */
export type FigureRight = 'all' | 'as_stored' | { refused: string }

export interface Dictionary {
  measures: Map<string, KnownMeasure>
  areas: Set<string>
  organisations: Set<string>
  /** The code most likely meant, where there is one. */
  meant (what: 'measures' | 'areas' | 'organisations', code: string): string | undefined
  period: ReadPeriod
  rights: { of (measure: string, area: string): FigureRight }
}

export interface Key {
  measure: string
  area: string
  breakdown: string
  statistic: string
  against: string
  base_period: string
  rank_basis: string | null
  period: Period
}

/** The members that a row may correct, in the order of the bits by which a staged row says which it supplies; the last is its withdrawal. */
export const members = ['value', 'numerator', 'denominator', 'lower_95', 'upper_95', 'bound', 'status', 'missing', 'qualifiers', 'rank_of',
  'period_label', 'printed', 'note', 'source', 'provider', 'deleted'] as const

/** What a row says of them, in that order; written out, for named one by one they are found many times faster. */
export const saidIn = (row: Row): unknown[] & { length: typeof members.length } => [
  row.value, row.numerator, row.denominator, row.lower_95, row.upper_95, row.bound, row.status, row.missing, row.qualifiers, row.rank_of,
  row.period_label, row.printed, row.note, row.source, row.provider, row.deleted
]

/** The key of the row and its contents, or every fault; a column that is not there was faulty already. */
export function readRow (row: Row, known: Dictionary, percents: string[] = none): { key: Key, row: Row } | { faults: RowFault[] } {
  const faults: RowFault[] = []
  const measure = known.measures.get(row.measure as string)
  if (measure === undefined && typeof row.measure === 'string') faults.push(unknownCode('measure', row.measure, known.meant('measures', row.measure)))
  checkArea(row.area, 'area', known, faults)
  checkArea(row.against, 'against', known, faults)
  if (typeof row.provider === 'string' && !known.organisations.has(row.provider)) {
    faults.push({ ...unknownCode('organisation', row.provider, known.meant('organisations', row.provider)), column: 'provider' })
  }
  checkNumbers(row, faults)
  if (measure === undefined) {
    const read = typeof row.period === 'string' ? known.period(row.period, unknownMeasure) : null
    if (read !== null && 'problem' in read && read.problem === 'invalid_period') faults.push({ code: read.problem, detail: read.detail, column: 'period', value: row.period })
    return { faults }
  }
  const right = typeof row.area === 'string' ? known.rights.of(measure.code, row.area) : 'all'
  if (typeof right === 'object') faults.push({ code: 'not_permitted', detail: right.refused, column: 'measure', value: measure.code })
  const period = readPeriodOf(row.period, 'period', measure, known, faults)
  const base = readPeriodOf(row.base_period, 'base_period', measure, known, faults)
  const breakdown = readBreakdown(row.breakdown, measure, faults)
  const statistic = (row.statistic as string | null | undefined) ?? 'level'
  checkStatistic(row, statistic, faults)
  checkAllowed(row.value, statistic, measure, faults)
  if (percents.length > 0) checkPercents(row, percents, unitOf(statistic, measure.unit), measure.code, faults)
  if (period !== null) checkReturned(row, statistic, measure, period, faults)
  if (faults.length > 0 || period === null || typeof row.area !== 'string') return { faults }
  return {
    // The label that the code has anyway is not a printed one.
    row: row.period_label === period.label ? { ...row, period_label: null } : row,
    key: {
      measure: measure.code,
      area: row.area,
      breakdown,
      statistic,
      against: (row.against as string | null | undefined) ?? '',
      base_period: base?.code ?? '',
      // The basis belongs to the series, and is written to one that has none.
      rank_basis: right === 'all' ? (row.rank_basis as string | null | undefined) ?? null : null,
      period
    }
  }
}

const none: string[] = []

/** Of a measure that is not known a period is read as of most. */
const unknownMeasure = { year_kind: null, timing: 'during' }

function checkArea (code: unknown, column: 'area' | 'against', known: Dictionary, faults: RowFault[]): void {
  if (typeof code === 'string' && !known.areas.has(code)) faults.push({ ...unknownCode('area', code, known.meant('areas', code)), column })
}

/** A percent sign says the unit, and the unit is the measure's. */
function checkPercents (row: Row, percents: string[], unit: string | null, measure: string, faults: RowFault[]): void {
  if (unit === 'percent' || unit === 'percentage_point') return
  for (const column of percents) {
    if (!['value', 'lower_95', 'upper_95'].includes(column)) continue
    faults.push({ code: 'contradiction', detail: `The cell is a percentage, but '${measure}' is measured in ${unit ?? 'a unit that is not defined'}. Type the number without the percent sign.`, column, value: `${String(row[column])}%` })
  }
}

function unknownCode (noun: 'measure' | 'area' | 'organisation', code: string, meant: string | undefined): RowFault {
  const hint = meant === undefined ? '' : ` Did you mean '${meant}'?`
  return { code: `unknown_${noun}`, detail: `No ${noun} has the code '${code}'.${hint}`, column: noun, value: code, ...(meant !== undefined && { suggestion: meant }) }
}

function readPeriodOf (text: unknown, column: 'period' | 'base_period', measure: KnownMeasure, known: Dictionary, faults: RowFault[]): Period | null {
  if (typeof text !== 'string') return null
  const read = known.period(text, measure)
  if ('period' in read) return read.period
  faults.push({ code: read.problem, detail: read.detail, column, value: text })
  return null
}

/** Sorted by dimension; a dimension or value that the measure does not list is unknown. */
function readBreakdown (said: unknown, measure: KnownMeasure, faults: RowFault[]): string {
  if (said === undefined || said === null) return ''
  const breakdown = said as Record<string, string>
  for (const dimension in breakdown) {
    const value = breakdown[dimension]!
    const listed = measure.dimensions.find(one => one.code === dimension)
    if (listed !== undefined && listed.values.some(one => one.code === value)) continue
    const detail = listed === undefined
      ? `The measure '${measure.code}' has no dimension '${dimension}'${measure.dimensions.length > 0 ? `; it has ${measure.dimensions.map(one => one.code).join(', ')}` : ''}.`
      : `The dimension '${dimension}' of '${measure.code}' has no value '${value}'; it has ${listed.values.map(one => one.code).join(', ')}.`
    faults.push({ code: 'unknown_breakdown', detail, column: 'breakdown', value: `${dimension}=${value}` })
  }
  return breakdownText(breakdown)
}

const knownQualifiers = new Set<unknown>(qualifiers)

function checkExact (value: unknown, column: string, faults: RowFault[]): void {
  if (typeof value === 'number' && !isExact(value)) faults.push({ code: 'out_of_range', detail: inexact(value), column, value })
}

function checkNumbers (row: Row, faults: RowFault[]): void {
  const { value, numerator, denominator, lower_95: lower, upper_95: upper, missing, qualifiers } = row
  checkExact(value, 'value', faults)
  checkExact(numerator, 'numerator', faults)
  checkExact(denominator, 'denominator', faults)
  checkExact(lower, 'lower_95', faults)
  checkExact(upper, 'upper_95', faults)
  if (typeof denominator === 'number' && denominator <= 0) faults.push({ code: 'out_of_range', detail: `A denominator is above 0; this is ${denominator}.`, column: 'denominator', value: denominator })
  if (typeof lower === 'number' && typeof upper === 'number' && lower > upper) faults.push({ code: 'contradiction', detail: `The lower limit ${lower} is above the upper limit ${upper}.`, column: 'lower_95', value: lower })
  if (typeof value === 'number' && typeof missing === 'string') faults.push({ code: 'value_and_missing', detail: `The row has the value ${value} and says that it is missing (${missing}). Leave one of them out.`, column: 'missing', value: missing })
  if (Array.isArray(qualifiers) && new Set(qualifiers).size < qualifiers.filter(one => knownQualifiers.has(one)).length) {
    faults.push({ code: 'invalid_value', detail: 'A qualifier stands twice in the list.', column: 'qualifiers', value: qualifiers })
  }
}

function forbid (row: Row, column: 'against' | 'base_period' | 'rank_of' | 'rank_basis', statistic: string, faults: RowFault[]): void {
  const value = row[column]
  if (value !== null && value !== undefined) faults.push({ code: 'contradiction', detail: `A figure with the statistic ${statistic} has no ${column}.`, column, value })
}

function checkStatistic (row: Row, statistic: string, faults: RowFault[]): void {
  if (statistic === 'level') forbid(row, 'against', statistic, faults)
  if (baseless.has(statistic)) forbid(row, 'base_period', statistic, faults)
  if (statistic !== 'rank') {
    forbid(row, 'rank_of', statistic, faults)
    forbid(row, 'rank_basis', statistic, faults)
    return
  }
  const { value, rank_of: of } = row
  if (typeof value === 'number' && (!Number.isInteger(value) || value < 1)) faults.push({ code: 'invalid_value', detail: `A rank is a whole number from 1; this is ${value}.`, column: 'value', value })
  if (typeof value === 'number' && typeof of === 'number' && value > of) faults.push({ code: 'contradiction', detail: `Rank ${value} of ${of} cannot be.`, column: 'rank_of', value: of })
}

const baseless = new Set(['level', 'rank', 'gap'])

const percentages = { min: 0, max: 100 }
const anything = {}

/** Levels are held to what the measure allows; gaps and changes are free. */
function checkAllowed (value: unknown, statistic: string, { code, unit, allowed }: KnownMeasure, faults: RowFault[]): void {
  if (statistic !== 'level' || typeof value !== 'number') return
  const { min, max }: NonNullable<KnownMeasure['allowed']> = allowed ?? (unit === 'percent' ? percentages : anything)
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return
  const range = min !== undefined && max !== undefined ? `from ${min} to ${max}` : min !== undefined ? `of at least ${min}` : `of at most ${max!}`
  faults.push({ code: 'out_of_range', detail: `'${code}' takes values ${range}; this is ${value}.`, column: 'value', value })
}

export const unitOf = (statistic: string, unit: string | null) => statistic === 'level'
  ? unit
  : statistic === 'rank' ? null : statistic === 'percent_change' ? 'percent' : unit === 'percent' ? 'percentage_point' : unit

function compare (said: unknown, truth: unknown, column: string, faults: RowFault[]): void {
  if (said === undefined || said === null || said === truth) return
  // Anything may be sent here, also what has no text.
  faults.push({ code: 'contradiction', detail: `The row says ${column} ${typeof said === 'string' ? said : JSON.stringify(said)}, but here it is ${String(truth)}.`, column, value: said })
}

/** Derived columns sent back from an export must agree with what they are derived from. */
function checkReturned (row: Row, statistic: string, measure: KnownMeasure, period: Period, faults: RowFault[]): void {
  compare(row.unit, unitOf(statistic, measure.unit), 'unit', faults)
  compare(row.per, perStatistics.has(statistic) ? measure.per : null, 'per', faults)
  compare(row.period_start, period.start, 'period_start', faults)
  compare(row.period_end, period.end, 'period_end', faults)
}

const perStatistics = new Set(['level', 'gap', 'change'])
