// A measure in an area with all its figures: the latest of the whole and of each breakdown, and what these are set against.
import type { Figure, MeasureFigures, Reading } from './view.js'
import { areaTitle, seriesKey, type Dated, type Items } from './items.js'
import { grouped } from './grouped.js'
import { breakdownOf, breakdownText } from '../../resources/datapoints/breakdown.js'
import { isDated, isLevel, latestOf } from '../scorecard/choice.js'
import { breakdownWords, comparatorsOf, figureOf, previousFigure, seriesOf } from './figures.js'
import { judgedOf, judgementOf } from './judged.js'
import { targetItems, targetsOf } from './targets.js'
import { unitWords } from './numbers.js'

export type MeasureReader = (code: string, area: string | null) => MeasureFigures

/** Many lines may list one measure: it is read once. */
export function measureReader (items: Items): MeasureReader {
  const known = new Map<string, MeasureFigures>()
  return (code, area) => {
    const key = seriesKey(code, area, '')
    const figures = known.get(key) ?? measureFigures(items, code, area)
    known.set(key, figures)
    return figures
  }
}

function measureFigures (items: Items, code: string, area: string | null): MeasureFigures {
  const measure = items.measures.get(code)
  const all = items.figures.get(code) ?? []
  const here = all.filter(one => one.item.area === area)
  const whole = readingOf(items, code, area, '')
  const breakdowns = namedBreakdowns(items, here, code, area).map(breakdown => readingOf(items, code, area, breakdown))
  const undated = here.filter(one => isLevel(one) && !isDated(one)).map(one => figureOf(items, one))
  const elsewhere = elsewhereOf(items, all, area)
  const told = toldBy([whole, ...breakdowns], area, elsewhere)
  // Whatever has no place of its own is told here: no figure that the bundle holds is left out.
  const isUndatedHere = (one: Dated) => one.item.area === area && !isDated(one)
  const others = all.filter(one => !isLevel(one) || !(isUndatedHere(one) || told.has(keyOf(one.item.area, one.breakdown, one.item.period))))
  const shown = { ...whole, area, breakdowns, undated, others: newestFirst(others).map(one => figureOf(items, one)) }
  return {
    ...shown,
    measure: code,
    title: measure?.title ?? code,
    unit: unitWords(measure?.unit, measure?.per),
    areaTitle: area === null ? null : areaTitle(items, area),
    noFigure: noFigureWords(shown, measure?.status === 'placeholder'),
    elsewhere
  }
}

const keyOf = (area: string | null, breakdown: string, period: string) => `${area ?? ''} ${breakdown} ${period}`

/** Level figures that stand in a run behind a chart or among those of other areas. */
function toldBy (readings: Reading[], area: string | null, elsewhere: Figure[]): Set<string> {
  return new Set([
    ...readings.flatMap(({ key, series, comparatorSeries }) => [
      ...series.map(({ period }) => keyOf(area, key, period)),
      ...comparatorSeries.flatMap(one => one.points.map(({ period }) => keyOf(one.area, key, period)))
    ]),
    ...elsewhere.map(figure => keyOf(figure.area, '', figure.period))
  ])
}

/** Breakdowns that have a dated figure or a target, in the order of the figures. */
function namedBreakdowns (items: Items, here: Dated[], code: string, area: string | null): string[] {
  const measure = items.measures.get(code)
  const dated = here.filter(one => isLevel(one) && isDated(one)).map(one => one.breakdown)
  const targeted = targetItems(items, code, area).map(target => breakdownText(target.breakdown ?? {}))
  const dimensions = new Map((measure?.dimensions ?? []).map(({ code, values }) => [code, new Map(values.map((one, i) => [one.code, i]))]))
  const place = (breakdown: string) => {
    const [dimension = '', value = ''] = (breakdown.split(';')[0] ?? '').split('=')
    return dimensions.get(dimension)?.get(value) ?? -1
  }
  return [...new Set([...dated, ...targeted])].filter(one => one !== '').map(one => ({ one, at: place(one) })).sort((a, b) => a.at - b.at).map(({ one }) => one)
}

function readingOf (items: Items, code: string, area: string | null, breakdown: string): Reading {
  const measure = items.measures.get(code) ?? { code, title: code }
  const mine = items.series.get(seriesKey(code, area, breakdown)) ?? []
  const targets = targetItems(items, code, area)
  const latest = latestOf(measure, mine)
  const judged = judgedOf(items, measure, area, breakdown, targets)
  const comparators = comparatorsOf(items, latest, judged)
  return {
    key: breakdown,
    breakdown: breakdownWords(measure, breakdownOf(breakdown)),
    latest: latest === null ? null : figureOf(items, latest),
    previous: previousFigure(items, mine, latest, judged),
    comparators,
    targets: targetsOf(items, measure, targets, judged),
    judgement: judgementOf(judged),
    series: seriesOf(items, mine, latest?.period),
    comparatorSeries: comparators.map(({ area, title }) => {
      const theirs = items.series.get(seriesKey(code, area, breakdown)) ?? []
      return { area, title, points: seriesOf(items, theirs, latest?.period) }
    })
  }
}

const newestFirst = (figures: Dated[]) => [...figures.filter(isDated).reverse(), ...figures.filter(one => !isDated(one))]

/** Latest figures of the whole in other areas than this one and the comparators: areas inside, and members of groups. */
function elsewhereOf (items: Items, all: Dated[], area: string | null) {
  const shown = new Set([area, ...items.plan.comparators ?? []])
  const byArea = grouped(all, ({ item }) => [item.area])
  return [...byArea].filter(([one]) => !shown.has(one)).flatMap(([, figures]) => {
    const latest = latestOf(items.measures.get(figures[0]!.item.measure), figures.filter(({ breakdown }) => breakdown === ''))
    return latest === null ? [] : [figureOf(items, latest)]
  })
}

type Shown = Pick<MeasureFigures, 'latest' | 'breakdowns' | 'undated' | 'others' | 'area'>

function noFigureWords ({ latest, breakdowns, undated, others, area }: Shown, placeholder: boolean): string | null {
  if (latest !== null || breakdowns.some(one => one.latest !== null)) return null
  if (undated.length > 0) return 'no figure with a date'
  if (others.some(one => one.area === area)) return 'only ranks, gaps or changes are given'
  return placeholder ? 'no figure: the measure is not defined yet' : 'no figure yet'
}

/** Whether any dated level figure has a value: what counts as having a figure. */
export const hasFigure = ({ latest, breakdowns }: MeasureFigures) =>
  [latest, ...breakdowns.map(one => one.latest)].some(figure => figure !== null && figure.missing === null)
