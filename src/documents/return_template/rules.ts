// What rows a template has and what stands in them: pure decisions on what was read.
import { periodOf, readPeriod, type Period, type PeriodContext, type PeriodProblem } from '../../periods/period.js'
import { grouped } from '../report/grouped.js'
import { lasts, type Row } from './columns.js'

/** A line of a plan, in the order in which plans print them. */
export interface Line { plan: string, code: string, ref: string | null, measure: string, area: string | null }

export interface KnownMeasure extends PeriodContext { code: string, title: string, unit: string | null }

interface Key { measure: string, area: string, breakdown: string }

/** A figure of a series; in_time, where it has a date and is no later than the period asked for. */
export type Held = Key & { in_time: boolean } & Record<typeof lasts[number], string | null>

export interface Known {
  measures: Map<string, KnownMeasure>
  /** Titles of areas. */
  areas: Map<string, string>
  /** Codes of an area and all areas inside it. */
  within: Map<string, Set<string>>
  /** Of every series the newest figure that is in time, and the newest of the others. */
  series: Held[]
  asked: Asked
}

/** What was typed for a period, as each measure understands it. */
export interface Asked {
  periods: Map<string, Period>
  /** By measure: why nothing can be filled in. */
  unread: Map<string, PeriodProblem>
}

export function askedPeriods (typed: string | undefined, measures: KnownMeasure[]): Asked {
  const asked: Asked = { periods: new Map(), unread: new Map() }
  if (typed === undefined) return asked
  for (const measure of measures) {
    const reading = readPeriod(typed, measure)
    if ('period' in reading) asked.periods.set(measure.code, reading.period)
    else asked.unread.set(measure.code, reading)
  }
  return asked
}

/** Why what was typed is a period of no measure. */
export function refusalOf (typed: string | undefined, { periods, unread }: Asked): PeriodProblem | null {
  if (typed === undefined || periods.size > 0) return null
  const [first] = unread.values()
  if (first !== undefined) return first
  const reading = readPeriod(typed)
  return 'problem' in reading && reading.problem === 'invalid_period' ? reading : null
}

const textOf = ({ measure, area, breakdown }: Key) => JSON.stringify([measure, area, breakdown])

/** A row for each measure, area and breakdown; one that stands on several lines names them all. */
export function rowsOf (lines: Line[], known: Known): Row[] {
  const places = grouped(known.series, one => [one.measure])
  const last = new Map(known.series.filter(one => one.in_time).map(one => [textOf(one), one]))
  const rows = new Map<string, { row: Row, lines: Line[] }>()
  for (const line of lines) {
    const here = grouped(places.get(line.measure) ?? [], one => [one.area])
    for (const area of areasOf(line, here, known)) {
      for (const breakdown of ['', ...latestParts(here.get(area) ?? [])]) {
        const key = { measure: line.measure, area, breakdown }
        const found = rows.get(textOf(key))
        if (found === undefined) rows.set(textOf(key), { row: rowOf(key, known, last.get(textOf(key))), lines: [line] })
        else found.lines.push(line)
      }
    }
  }
  return [...rows.values()].map(({ row, lines }) => ({ ...row, ...namedBy(lines) }))
}

/** The area of the line, and those inside it that have figures; a line of no area is about all that have. By title. */
function areasOf ({ area }: Line, places: Map<string, unknown>, { areas, within }: Known): string[] {
  const inside = [...places.keys()].filter(code => area === null || within.get(area)!.has(code))
  const title = (code: string) => `${areas.get(code)!}\n${code}`
  return [...new Set(area === null ? inside : [area, ...inside])].sort((a, b) => title(a) < title(b) ? -1 : 1)
}

/** The breakdowns whose figures end latest; those without a date count only where no other is there. */
function latestParts (series: Held[]): string[] {
  const parts = series.filter(one => one.breakdown !== '').map(({ breakdown, period }) => ({ breakdown, end: periodOf(period!)!.end ?? '' }))
  const latest = parts.map(one => one.end).sort().at(-1)
  return [...new Set(parts.filter(one => one.end === latest).map(one => one.breakdown))].sort()
}

function rowOf ({ measure: code, area, breakdown }: Key, { measures, areas, asked }: Known, last: Held | undefined): Row {
  const measure = measures.get(code)!
  return {
    measure: code,
    area,
    period: asked.periods.get(code)?.code ?? null,
    breakdown: breakdown === '' ? null : breakdown,
    value: null,
    numerator: null,
    denominator: null,
    status: null,
    missing: null,
    note: null,
    measure_title: measure.title,
    area_title: areas.get(area)!,
    unit: measure.unit,
    plan: null,
    plan_measure: null,
    ref: null,
    ...Object.fromEntries(lasts.map(name => [`last_${name}`, last?.[name] ?? null])) as Record<`last_${typeof lasts[number]}`, string | null>
  }
}

const namedBy = (lines: Line[]) => ({
  plan: lines.map(line => line.plan).join('; '),
  plan_measure: lines.map(line => line.code).join('; '),
  ref: lines.flatMap(line => line.ref ?? []).join('; ') || null
})
