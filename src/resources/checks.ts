// Rules that items of several kinds share: due dates that make sense, periods that can be read, parties that are
// named, numbers that are kept exactly.
import { checkDue, type Due } from '../periods/due.js'
import { periodOf, readPeriod } from '../periods/period.js'
import type { Fault } from '../problems.js'

export function dueFaults (item: Record<string, unknown>): Fault[] {
  const fault = item.due === null ? null : checkDue(item.due as Due)
  return fault === null ? [] : [{ pointer: '/due', code: 'contradiction', detail: fault }]
}

/** Whoever has a role is an organisation or, where it is not known yet, a marker that says so. */
export function partyFaults (item: Record<string, unknown>): Fault[] {
  const parties = item.organisations as Array<{ organisation?: string, marker?: string }>
  return parties.flatMap(({ organisation, marker }, index) => (organisation === undefined) === (marker === undefined)
    ? [{ pointer: `/organisations/${index}`, code: 'one_party', detail: 'An entry names an organisation or, where it is not known yet, has the marker "tbc"; not both, and not neither.' }]
    : [])
}

/** Numbers are kept exactly, or not at all. */
export function numberFaults (value: unknown, pointer: string): Fault[] {
  if (typeof value !== 'number' || isExact(value)) return []
  return [{ pointer, code: 'out_of_range', detail: inexact(value) }]
}

export const inexact = (value: number) => `${value} is beyond what is kept exactly: at most 15 significant digits, below 1 000 000 000 000 000.`

/** At most 15 significant digits, of a size that Postgres and JSON write alike. */
export function isExact (value: number): boolean {
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-6 && size < 1e15 && (Number.isInteger(value) || String(size).length <= 16))) return true
  return Number(value.toPrecision(15)) === value && size < 1e15 && size >= 1e-15
}

/** A period is named by its code; other spellings are answered with the code to write. */
export function periodFaults (period: unknown, pointer = '/period'): Fault[] {
  if (typeof period !== 'string' || periodOf(period) !== null) return []
  const read = readPeriod(period)
  const hint = 'period' in read ? `Write ${read.period.code}.` : read.detail
  return [{ pointer, code: 'invalid_period', detail: `'${period}' is not a period code. ${hint}` }]
}
