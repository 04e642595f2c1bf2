// What a council types for a period, read into the one period it can mean. Where two are possible the
// readings are named and nothing is guessed. Total: every text has an answer, and only short ones are looked at closely.
import { periodOf } from './code.js'
import { readDays } from './days.js'
import { readParts } from './parts.js'
import type { Period, PeriodContext, YearKind } from './kinds.js'
import { doubt, longest, quoted, refusal } from './refusals.js'
import { plain, type Reading } from './spelling.js'
import { readYears } from './years.js'

export interface PeriodProblem {
  problem: 'invalid_period' | 'ambiguous_period'
  detail: string
  readings?: string[]
}

export type PeriodReading = { period: Period } | PeriodProblem

const yearKinds: YearKind[] = ['financial', 'academic', 'calendar']

const invalid = (detail: string): PeriodProblem => ({ problem: 'invalid_period', detail })

function spelling (text: string, context: PeriodContext): Reading {
  const kind = context.year_kind ?? null
  return readParts(text, kind) ?? readYears(text, kind) ?? readDays(text, context)
}

const isPeriod = (period: Period | null): period is Period => period !== null

function ambiguous (shown: string, text: string, readings: Period[], context: PeriodContext): PeriodProblem {
  const codes = readings.map(p => p.code)
  const deciding = (context.year_kind ?? null) !== null
    ? []
    : yearKinds.filter(kind => {
      const reading = spelling(text, { ...context, year_kind: kind })
      return Array.isArray(reading) && reading.length === 1
    })
  return { problem: 'ambiguous_period', detail: doubt(shown, readings, deciding), readings: codes }
}

export function readPeriod (typed: string, context: PeriodContext = {}): PeriodReading {
  // Codes are most of what arrives, and a canonical one needs no reading.
  const canonical = periodOf(typed)
  if (canonical !== null) return { period: canonical }
  const shown = quoted(typed)
  if (typed.length > longest) return invalid(`${shown} is too long for a period: at most ${longest} characters.`)
  const text = plain(typed)
  if (text === '') return invalid('The period is empty. Where the document gives no date, write undated.')
  const code = periodOf(text.toUpperCase()) ?? periodOf(text)
  if (code !== null) return { period: code }
  const reading = spelling(text, context)
  if (reading !== null && !Array.isArray(reading)) return invalid(`${shown} is not a period we can read. ${reading.hint}`)
  const codes = reading ?? []
  const [first, ...others] = codes.map(periodOf).filter(isPeriod)
  if (first === undefined) return invalid(refusal(shown, text, codes, context))
  if (codes.length === 1) return { period: first }
  return ambiguous(shown, text, [first, ...others], context)
}
