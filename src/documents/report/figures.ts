// The figures of a measure as they are shown: the latest and what came before it, the comparators, and the run of figures
// behind the chart. Which of them count, scorecard/choice.ts says.
import type { Period } from '../../periods/period.js'
import { counterpartOf, isBreakBetween, isDated, isLevel, previousOf, sameKind } from '../scorecard/choice.js'
import type { Judged } from '../scorecard/line.js'
import type { Comparator, Figure, Point, Previous } from './view.js'
import { areaTitle, seriesKey, type Dated, type Items, type MeasureItem } from './items.js'
import { besideWords, changeWords, comparatorsIn } from './judged.js'
import { number, scaleOf, shownOf, unitOf, unitWords } from './numbers.js'
import { inPeriod, isTentative, marksOf, missingWords, periodLabel, periodName, plain, qualifierWords, statusWords } from './words.js'

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

export function previousFigure (items: Items, figures: Dated[], latest: Dated | null, judged: Judged): Previous | null {
  const before = latest === null ? null : previousOf(figures, latest)
  return before === null ? null : { figure: figureOf(items, before), words: changeWords(judged) }
}

/** Comparators that have a figure to set beside the latest, in the plan's order; undated ones are never compared. */
export function comparatorsOf (items: Items, latest: Dated | null, judged: Judged): Comparator[] {
  if (latest === null) return []
  return comparatorsIn(items, latest.item.area).flatMap(area => {
    const found = counterpartOf(items.series.get(seriesKey(latest.item.measure, area, latest.breakdown)) ?? [], latest)
    const compared = judged.comparators.find(one => one.area === area)
    if (found === null || compared === undefined) return []
    return [{ area, title: compared.title, figure: figureOf(items, found.figure), samePeriod: found.samePeriod, words: besideWords(compared) }]
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
