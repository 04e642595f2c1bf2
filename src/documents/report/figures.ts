// Which figures are shown for a measure: the latest by the rule of the API (select.ts, "latest"), what came before it, the
// comparators, and the run of figures behind the chart.
import { comparePeriods, type Period, type PeriodKind } from '../../periods/period.js'
import type { Comparator, Figure, Point, Previous } from './view.js'
import { areaTitle, seriesKey, type Dated, type Items, type MeasureItem } from './items.js'
import { number, scaleOf, shownOf, unitOf, unitWords } from './numbers.js'
import { inPeriod, isTentative, marksOf, missingWords, periodLabel, periodName, plain, qualifierWords, statusWords } from './words.js'

const kindsNamed: Record<string, PeriodKind[]> = {
  monthly: ['calendar_month'],
  quarterly: ['financial_quarter', 'calendar_quarter'],
  termly: ['academic_term'],
  half_yearly: ['financial_half', 'calendar_half'],
  annual: ['financial_year', 'academic_year', 'calendar_year', 'rolling', 'pooled']
}

/** Whether the measure's frequency names this kind of period; without a frequency every kind will do. */
const isNamed = ({ frequency, timing }: MeasureItem, { kind }: Period) =>
  (kindsNamed[frequency ?? '']?.includes(kind) ?? true) || (timing === 'as_at' && kind === 'as_at')

export const isLevel = ({ item }: Dated) => (item.statistic ?? 'level') === 'level'
export const isDated = ({ period }: Dated) => period.end !== null

/** Later first: by end, then by start; then the earlier kind and code, as the API orders. */
function laterFirst (a: Dated, b: Dated): number {
  if (a.period.end !== b.period.end) return (a.period.end ?? '') > (b.period.end ?? '') ? -1 : 1
  if (a.period.start !== b.period.start) return (a.period.start ?? '') > (b.period.start ?? '') ? -1 : 1
  return comparePeriods(a.period, b.period)
}

export function latestOf (measure: MeasureItem | undefined, figures: Dated[]): Dated | null {
  const rank = (one: Dated) => measure === undefined || isNamed(measure, one.period) ? 0 : 1
  return figures.filter(one => isLevel(one) && isDated(one)).sort((a, b) => rank(a) - rank(b) || laterFirst(a, b))[0] ?? null
}

/** Kind and length of a period: a year to December and three months to December are both rolling and not comparable. */
function comparableKind ({ code, kind, start, end }: Period): string {
  if (kind === 'rolling') return `rolling ${/^R(\d+)/.exec(code)?.[1]}`
  if (kind === 'pooled' || kind === 'range') return `${kind} ${Number(end?.slice(0, 4)) * 12 + Number(end?.slice(5, 7)) - Number(start?.slice(0, 4)) * 12 - Number(start?.slice(5, 7))}`
  return kind === 'year_to_date' ? code.replace(/^FY\d{4}/, '') : kind
}

const sameKind = (a: Period, b: Period) => comparableKind(a) === comparableKind(b)

function isBreakBetween (measure: MeasureItem | undefined, earlier: Dated, later: Dated): boolean {
  const crosses = (from: string) => earlier.period.end! < from && from <= later.period.end!
  return later.item.qualifiers?.includes('break') === true ||
    (measure?.breaks ?? []).some(({ from, area }) => (area === undefined || area === later.item.area) && crosses(from))
}

export function figureOf (items: Items, { item, period, breakdown }: Dated): Figure {
  const measure = items.measures.get(item.measure)
  const { unit, per } = unitOf(measure, item.statistic)
  return {
    measure: item.measure,
    area: item.area,
    areaTitle: areaTitle(items, item.area),
    period: item.period,
    periodLabel: periodLabel(item.period, item.period_label),
    periodName: periodName(item.period),
    inPeriod: inPeriod(item.period, item.period_label),
    start: period.start,
    end: period.end,
    breakdown: breakdownWords(measure, breakdown === '' ? {} : item.breakdown ?? {}),
    statistic: statisticWords(items, item),
    value: item.value ?? null,
    shown: shownOf(measure, item),
    unit: item.statistic === 'rank' ? 'rank' : unitWords(unit, per),
    missing: item.missing === undefined ? null : missingWords(item.missing),
    status: statusWords(item.status),
    tentative: isTentative(item.status),
    marks: marksOf(item),
    qualifiers: (item.qualifiers ?? []).filter(one => one !== 'period_inferred').map(qualifierWords),
    inferred: item.qualifiers?.includes('period_inferred') ?? false,
    numerator: item.numerator ?? null,
    denominator: item.denominator ?? null,
    interval: intervalWords(measure, item),
    printed: item.printed ?? null,
    note: item.note ?? null,
    source: item.source ?? null
  }
}

function intervalWords (measure: MeasureItem | undefined, item: Dated['item']): string | null {
  if (item.lower_95 === undefined && item.upper_95 === undefined) return null
  const scale = scaleOf(measure, item)
  const limit = (value: number | undefined) => value === undefined ? 'not stated' : number(value, scale)
  return `95% confidence interval ${limit(item.lower_95)} to ${limit(item.upper_95)}`
}

/** "Reading", or where there are several dimensions "Boys, Reading". */
export function breakdownWords (measure: MeasureItem | undefined, breakdown: Record<string, string>): string {
  return Object.entries(breakdown).map(([dimension, value]) => {
    const known = measure?.dimensions?.find(one => one.code === dimension)
    return known?.values.find(one => one.code === value)?.title ?? `${known?.title ?? plain(dimension)}: ${value.replaceAll('-', ' ')}`
  }).join(', ')
}

function statisticWords (items: Items, { statistic = 'level', against, base_period: base }: Dated['item']): string {
  if (statistic === 'level') return ''
  const other = against === undefined ? '' : areaTitle(items, against)
  const from = base === undefined ? '' : ` from ${periodLabel(base)}`
  if (statistic === 'rank') return other === '' ? 'rank' : `rank among ${other}`
  if (statistic === 'gap') return other === '' ? `gap${from}` : `gap to ${other}${from}`
  return `${statistic === 'percent_change' ? 'percentage change' : 'change'}${other === '' ? '' : ` against ${other}`}${from}`
}

/** Latest earlier figure with a value, of the same kind and length of period, that does not overlap. */
export function previousOf (items: Items, figures: Dated[], latest: Dated | null): Previous | null {
  if (latest === null) return null
  const before = figures
    .filter(one => isLevel(one) && isDated(one) && one.item.value !== undefined)
    .filter(({ period }) => sameKind(period, latest.period) && period.end! < latest.period.start!)
    .sort(laterFirst)[0]
  if (before === undefined) return null
  return { figure: figureOf(items, before), words: changeWords(items.measures.get(latest.item.measure), before, latest) }
}

function changeWords (measure: MeasureItem | undefined, before: Dated, latest: Dated): string {
  const [was, is] = [before.item.value, latest.item.value]
  const exact = [before, latest].every(({ item }) => item.bound === undefined || item.bound === 'exact')
  if (was === undefined || is === undefined || !exact) return 'before that'
  if (isBreakBetween(measure, before, latest)) return 'not comparable with'
  return is > was ? 'up from' : is < was ? 'down from' : 'unchanged from'
}

/** Comparators that have a figure of the latest's period, else of the same kind of period, in the plan's order; undated ones are never compared. */
export function comparatorsOf (items: Items, measure: string, breakdown: string, latest: Dated | null): Comparator[] {
  return (items.plan.comparators ?? []).flatMap(area => {
    const theirs = items.series.get(seriesKey(measure, area, breakdown)) ?? []
    const like = theirs.filter(one => isLevel(one) && isDated(one) && latest !== null && sameKind(one.period, latest.period))
    const same = like.find(({ period }) => period.code === latest!.period.code)
    const figure = same ?? like.sort(laterFirst)[0]
    return figure === undefined ? [] : [{ area, title: areaTitle(items, area), figure: figureOf(items, figure), samePeriod: same !== undefined }]
  })
}

/** Dated level figures comparable with the latest, oldest first. */
export function seriesOf (items: Items, figures: Dated[], like: Period | undefined): Point[] {
  const run = figures.filter(one => isLevel(one) && isDated(one) && like !== undefined && sameKind(one.period, like))
  return run.map((one, i) => {
    const before = run[i - 1]
    return {
      ...figureOf(items, one),
      start: one.period.start!,
      end: one.period.end!,
      breakBefore: before !== undefined && isBreakBetween(items.measures.get(one.item.measure), before, one)
    }
  })
}
