// A measure in an area with all its figures: the latest of the whole and of each breakdown, and what these are set against.
import type { MeasureFigures, Reading } from './view.js'
import { areaTitle, type Dated, type Items } from './items.js'
import { breakdownOf, breakdownText } from '../../resources/datapoints/breakdown.js'
import { breakdownWords, comparatorsOf, figureOf, isLevel, latestOf, previousOf, seriesOf } from './figures.js'
import { targetItems, targetsOf } from './targets.js'
import { unitWords } from './numbers.js'

export function measureFigures (items: Items, code: string, area: string | null): MeasureFigures {
  const measure = items.measures.get(code)
  const all = items.figures.get(code) ?? []
  const here = all.filter(one => one.item.area === area)
  const whole = readingOf(items, code, area, '')
  const breakdowns = namedBreakdowns(items, here, code, area).map(breakdown => readingOf(items, code, area, breakdown))
  const undated = here.filter(one => isLevel(one) && one.period.end === null).map(one => figureOf(items, one))
  const others = here.filter(one => !isLevel(one))
  const shown = { ...whole, breakdowns, undated, others: newestFirst(others).map(one => figureOf(items, one)) }
  return {
    ...shown,
    measure: code,
    title: measure?.title ?? code,
    unit: unitWords(measure?.unit, measure?.per),
    area,
    areaTitle: area === null ? null : areaTitle(items, area),
    noFigure: noFigureWords(shown, measure?.status === 'placeholder'),
    elsewhere: elsewhereOf(items, all, area)
  }
}

/** Breakdowns that have a dated figure or a target, in the order of the figures. */
function namedBreakdowns (items: Items, here: Dated[], code: string, area: string | null): string[] {
  const measure = items.measures.get(code)
  const dated = here.filter(one => isLevel(one) && one.period.end !== null).map(one => one.breakdown)
  const targeted = targetItems(items, code, area).map(target => breakdownText(target.breakdown ?? {}))
  const place = (breakdown: string) => {
    const [dimension, value] = (breakdown.split(';')[0] ?? '').split('=')
    return measure?.dimensions?.find(one => one.code === dimension)?.values.findIndex(one => one.code === value) ?? -1
  }
  return [...new Set([...dated, ...targeted])].filter(one => one !== '').sort((a, b) => place(a) - place(b))
}

function readingOf (items: Items, code: string, area: string | null, breakdown: string): Reading {
  const measure = items.measures.get(code)
  const all = items.figures.get(code) ?? []
  const mine = all.filter(one => one.item.area === area && one.breakdown === breakdown)
  const latest = latestOf(measure, mine)
  const comparators = comparatorsOf(items, all, breakdown, latest)
  return {
    breakdown: breakdownWords(measure, breakdownOf(breakdown)),
    latest: latest === null ? null : figureOf(items, latest),
    previous: previousOf(items, mine, latest),
    comparators,
    targets: targetsOf(items, measure, targetItems(items, code, area).filter(one => breakdownText(one.breakdown ?? {}) === breakdown), latest),
    series: seriesOf(items, mine, latest?.period),
    comparatorSeries: comparators.map(({ area, title }) => {
      const theirs = all.filter(one => one.item.area === area && one.breakdown === breakdown)
      return { area, title, points: seriesOf(items, theirs, latest?.period) }
    }).filter(({ points }) => points.length > 0)
  }
}

const newestFirst = (figures: Dated[]) => {
  const isDated = ({ period }: Dated) => period.end !== null
  return [...figures.filter(isDated).reverse(), ...figures.filter(one => !isDated(one))]
}

/** Latest figures of the whole in other areas than this one and the comparators: areas inside, and members of groups. */
function elsewhereOf (items: Items, all: Dated[], area: string | null) {
  const shown = new Set([area, ...items.plan.comparators ?? []])
  const areas = [...new Set(all.map(one => one.item.area))].filter(one => !shown.has(one))
  return areas.flatMap(one => {
    const latest = latestOf(items.measures.get(all[0]!.item.measure), all.filter(({ item, breakdown }) => item.area === one && breakdown === ''))
    return latest === null ? [] : [figureOf(items, latest)]
  })
}

type Shown = Pick<MeasureFigures, 'latest' | 'breakdowns' | 'undated' | 'others'>

function noFigureWords ({ latest, breakdowns, undated, others }: Shown, placeholder: boolean): string | null {
  if (latest !== null || breakdowns.some(one => one.latest !== null)) return null
  if (undated.length > 0) return 'no figure with a date'
  if (others.length > 0) return 'only ranks, gaps or changes are given'
  return placeholder ? 'no figure: the measure is not defined yet' : 'no figure yet'
}

/** Whether any dated level figure has a value: what counts as having a figure. */
export const hasFigure = ({ latest, breakdowns }: MeasureFigures) =>
  [latest, ...breakdowns.map(one => one.latest)].some(figure => figure !== null && figure.missing === null)
