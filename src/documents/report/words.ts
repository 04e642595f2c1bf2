// The words in which the report says what the wire says in codes. British English as a board reads it.
import { isOverdue, type Due } from '../../periods/due.js'
import { periodOf } from '../../periods/period.js'
import { longDate } from './dates.js'
import type { DueView, Mark, Party } from './view.js'
import { organisationTitle, type FigureItem, type Involvement, type Items } from './items.js'

export const plain = (code: string) => code.replaceAll('_', ' ')

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const listed = (parts: string[], last = 'and') => parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`

const markerWords: Record<string, string> = {
  tbc: 'to be confirmed',
  partly_tbc: 'partly to be confirmed',
  to_be_established: 'to be established',
  awaiting_dependency: 'waiting for another plan',
  tbc_awaiting_measure: 'to be confirmed once the measure is agreed'
}

const memberWords: Record<string, string> = { organisations: 'leads', due: 'dates', plan_measures: 'measures' }

/** What the document prints instead of a content: "actions: to be confirmed". */
export const markersIn = (markers: Record<string, string> | undefined) =>
  Object.entries(markers ?? {}).map(([member, what]) => `${memberWords[member] ?? plain(member)}: ${markerWords[what] ?? plain(what)}`)

const missings: Record<string, string> = {
  tbc: 'to be confirmed',
  low: 'low: above zero, too small to show',
  not_stated: 'no figure stated'
}

export const missingWords = (code: string) => missings[code] ?? plain(code)

export const statusWords = (code: string | undefined) => code === undefined || code === 'not_stated' ? 'not stated' : plain(code)

const tentative = new Set(['provisional', 'forecast', 'estimated', 'projected'])

export const isTentative = (status: string | undefined) => status !== undefined && tentative.has(status)

const statusMarks: Record<string, Mark> = {
  provisional: { mark: '[p]', meaning: 'provisional' },
  forecast: { mark: '[f]', meaning: 'forecast' },
  projected: { mark: '[f]', meaning: 'projected' },
  estimated: { mark: '[e]', meaning: 'estimated' }
}
const missingMarks: Record<string, Mark> = {
  suppressed: { mark: '[c]', meaning: 'suppressed' },
  not_applicable: { mark: '[z]', meaning: 'not applicable' },
  low: { mark: '[low]', meaning: 'low: above zero, too small to show' },
  not_yet_published: { mark: '[x]', meaning: 'not yet published' },
  not_available: { mark: '[x]', meaning: 'not available' },
  not_collected: { mark: '[x]', meaning: 'not collected' }
}
const qualifierMarks: Record<string, Mark> = {
  break: { mark: '[b]', meaning: 'break in the series' },
  low_reliability: { mark: '[u]', meaning: 'low reliability' }
}

/** The shorthand of the Government Statistical Service, as in the column shorthand; [r] is not known to a bundle. */
export const marksOf = ({ status, missing, qualifiers = [] }: FigureItem): Mark[] => [
  statusMarks[status ?? ''], missingMarks[missing ?? ''], ...qualifiers.map(one => qualifierMarks[one])
].filter(mark => mark !== undefined)

/** What a mark means wherever it stands. */
export const meanings: Record<string, string> = {
  '[p]': 'provisional: may still change',
  '[f]': 'forecast or projected: not an outturn',
  '[e]': 'estimated',
  '[c]': 'suppressed, so that nobody can be recognised',
  '[z]': 'not applicable',
  '[low]': 'above zero, too small to show',
  '[x]': 'not available',
  '[b]': 'break in the series: not comparable with figures before it',
  '[u]': 'low reliability'
}

const qualifiers: Record<string, string> = {
  period_inferred: 'the period is our reading',
  period_approximate: 'the period is approximate',
  breakdown_inferred: 'the breakdown is our reading',
  definition_differs: 'the definition differs',
  area_differs: 'the area differs'
}

export const qualifierWords = (code: string) => qualifiers[code] ?? qualifierMarks[code]?.meaning ?? plain(code)

const roleWords: Record<string, string> = { data_provider: 'data provider', governance: 'governance', delivery: 'delivers', reporter: 'reports' }

export function partyOf (items: Items, { organisation, role, marker, label, inferred, statutory }: Involvement): Party {
  const tbc = marker === 'tbc'
  return {
    organisation: organisation ?? null,
    title: organisation === undefined ? 'to be confirmed' : `${organisationTitle(items, organisation)}${tbc ? ' (to be confirmed)' : ''}`,
    role: roleWords[role] ?? plain(role),
    label: label ?? null,
    toBeConfirmed: tbc,
    inferred: inferred ?? false,
    statutory: statutory ?? false
  }
}

export function dueOf (due: Due | undefined, achieved: boolean, today: string): DueView | null {
  if (due === undefined) return null
  const { kind, label, latest, inferred } = due
  return { label: label ?? plain(kind), latest: latest ?? null, inferred: inferred ?? false, overdue: isOverdue(due, achieved, today) }
}

/** A period by name, whatever was printed: "2016/17", "Year to December 2016"; null without dates. */
export function periodName (code: string): string | null {
  const period = periodOf(code)
  if (period === null || period.start === null || period.end === null) return null
  return period.kind === 'range' ? `${longDate(period.start)} to ${longDate(period.end)}` : period.label
}

/** As printed, else by name. */
export function periodLabel (code: string, printed?: string): string {
  if (printed !== undefined && printed !== 'undated') return printed
  return periodName(code) ?? (code === 'undated' ? 'no date given' : code.replace(/^undated-/, '').replaceAll('-', ' '))
}

/** A period inside a sentence: "in 2016/17", "as at 31 March 2018", "in the year to December 2016", "(10 years ago)". */
export function inPeriod (code: string, printed?: string): string {
  const name = periodName(code)
  if (name === null) {
    const label = periodLabel(code, printed)
    return label.includes('(') ? `– ${label}` : `(${label})`
  }
  if (name.startsWith('As at')) return `as at${name.slice(5)}`
  if (name.startsWith('Year to')) return `in the year to${name.slice(7)}`
  if (/^\d+ months to/.test(name)) return `in the ${name}`
  if (name.endsWith(' academic')) return `in the academic year${name.includes(' to ') ? 's' : ''} ${name.slice(0, -9)}`
  return / to /.test(name) ? `from ${name}` : `in ${name}`
}
