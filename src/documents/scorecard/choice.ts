// Which figures count: the latest by the rule of the API (select.ts, "latest"), what came before it, and what lies between.
// Pure; used by the scorecard and by the plan document alike.
import { comparePeriods, overlaps, type Period, type PeriodKind } from '../../periods/period.js'
import type { Dated, MeasureItem } from '../report/items.js'

const kindsNamed: Record<string, PeriodKind[]> = {
  monthly: ['calendar_month'],
  quarterly: ['financial_quarter', 'calendar_quarter'],
  termly: ['academic_term'],
  half_yearly: ['financial_half', 'calendar_half'],
  annual: ['financial_year', 'academic_year', 'calendar_year', 'rolling', 'pooled']
}

type Timed = Pick<MeasureItem, 'frequency' | 'timing'>

/** Whether the measure's frequency names this kind of period; without a frequency every kind will do. */
const isNamed = ({ frequency, timing }: Timed, { kind }: Period) =>
  (kindsNamed[frequency ?? '']?.includes(kind) ?? true) || (timing === 'as_at' && kind === 'as_at')

export const isLevel = ({ item }: Dated) => (item.statistic ?? 'level') === 'level'
export const isDated = ({ period }: Dated) => period.end !== null

/** Later first: by end, then by start; then the earlier kind and code, as the API orders. */
export function laterFirst (a: Dated, b: Dated): number {
  if (a.period.end !== b.period.end) return (a.period.end ?? '') > (b.period.end ?? '') ? -1 : 1
  if (a.period.start !== b.period.start) return (a.period.start ?? '') > (b.period.start ?? '') ? -1 : 1
  return comparePeriods(a.period, b.period)
}

export function latestOf<D extends Dated> (measure: Timed | undefined, figures: D[]): D | null {
  const rank = (one: D) => measure === undefined || isNamed(measure, one.period) ? 0 : 1
  return figures.filter(one => isLevel(one) && isDated(one)).sort((a, b) => rank(a) - rank(b) || laterFirst(a, b))[0] ?? null
}

/** Kind and length of a period: a year to December and three months to December are both rolling and not comparable. */
function comparableKind ({ code, kind, start, end }: Period): string {
  if (kind === 'rolling') return `rolling ${/^R(\d+)/.exec(code)?.[1]}`
  if (kind === 'pooled' || kind === 'range') return `${kind} ${Number(end?.slice(0, 4)) * 12 + Number(end?.slice(5, 7)) - Number(start?.slice(0, 4)) * 12 - Number(start?.slice(5, 7))}`
  return kind === 'year_to_date' ? code.replace(/^FY\d{4}/, '') : kind
}

export const sameKind = (a: Period, b: Period) => comparableKind(a) === comparableKind(b)

/** Latest earlier figure with a value, of the same kind and length of period, that does not overlap. */
export const previousOf = <D extends Dated>(figures: D[], latest: D): D | null => figures
  .filter(one => isLevel(one) && isDated(one) && one.item.value !== undefined && sameKind(one.period, latest.period))
  .filter(one => !overlaps(one.period, latest.period) && one.period.end! < latest.period.start!)
  .sort(laterFirst)[0] ?? null

/** Of another area: the figure of the same period, else the latest of the same kind. */
export function counterpartOf<D extends Dated> (theirs: D[], latest: D): { figure: D, samePeriod: boolean } | null {
  const like = theirs.filter(one => isLevel(one) && isDated(one) && sameKind(one.period, latest.period))
  const same = like.find(({ period }) => period.code === latest.period.code)
  const figure = same ?? like.sort(laterFirst)[0]
  return figure === undefined ? null : { figure, samePeriod: same !== undefined }
}

export function isBreakBetween (measure: Pick<MeasureItem, 'breaks'> | undefined, earlier: Dated, later: Dated): boolean {
  const crosses = (from: string) => earlier.period.end! < from && from <= later.period.end!
  return later.item.qualifiers?.includes('break') === true ||
    (measure?.breaks ?? []).some(({ from, area }) => (area === undefined || area === later.item.area) && crosses(from))
}
