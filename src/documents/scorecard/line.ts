// One line of a scorecard: the latest figure of a measure in an area, and all that it is judged by. Pure.
import { isDeepStrictEqual } from 'node:util'
import type { Dated, MeasureItem, TargetItem } from '../report/items.js'
import { inPeriod, isTentative, plain, qualifierWords } from '../report/words.js'
import { inOrder } from '../../resources/targets/rules.js'
import { recentTrend } from '../../statistics/recent_trend.js'
import { boundOf, type RagRule } from '../../statistics/rag.js'
import { isBreakBetween, isDated, isLevel, latestOf, previousOf } from './choice.js'
import { intervalOf, type FigureInterval } from './interval.js'
import { changeOf, compare, placeAmong, progressOf, type Compared, type Group, type Other, type Place } from './judgement.js'
import { ragOf } from './rag.js'
import { evaluate, type Evaluated, type Reading } from './targets.js'
import { pointsOf, quantityOf } from './trend.js'

/** What is known around a measure: its figures everywhere that matters, for one breakdown. */
export interface Known {
  measure: MeasureItem
  planRule: RagRule | undefined
  area: string
  breakdown: Record<string, string>
  /** Figures of every statistic in an area, for the breakdown of the line. */
  figuresOf (area: string): Dated[]
  titleOf (area: string): string
  comparators: string[]
  groupOf (area: string): Group | null
  subAreas (): string[]
  targets: TargetItem[]
}

export type Judged = ReturnType<typeof judge>

export function judge (known: Known) {
  const { measure, area, figuresOf } = known
  const here = figuresOf(area)
  const levels = here.filter(isLevel)
  const latest = latestOf(measure, levels)
  const previous = latest === null ? null : previousOf(levels, latest)
  const undated = levels.filter(one => !isDated(one))
  const interval = latest === null ? null : intervalOf(measure, latest.item)
  const broken = latest !== null && previous !== null && isBreakBetween(measure, previous, latest)
  const { target, floor, further } = targetsOf(known, { latest, previous, broken, interval })
  const change = changeOf(measure, latest, previous, interval)
  const comparators = known.comparators.flatMap(other => compare(measure, latest, interval, otherOf(known, other, latest)) ?? [])
  const trend = trendOf(measure, levels, latest)
  const judged = ragOf({ measure, planRule: known.planRule, latest, previous, undated: undated.length > 0, target, floor })
  return {
    latest: latest === null ? null : latestShown(latest),
    previous: previous === null ? null : { period: previous.period.code, value: previous.item.value ?? null },
    change: change.change,
    change_significant: change.significant,
    direction: change.direction,
    target: target === null ? null : targetShown(target),
    further_targets: further.map(targetShown),
    progress: target === null ? null : progressOf(latest?.item.value, target.target.baseline?.value, boundOf(target.goal)),
    comparators,
    interval: interval === null ? null : { lower: interval.lower, upper: interval.upper, level: interval.level, method: interval.method },
    trend: trend.shown,
    ...judged,
    undated: undated.map(undatedShown),
    notes: notesOf({ latest, interval, comparators, broken, trend: trend.note })
  }
}

function latestShown ({ item, period }: Dated) {
  return {
    period: period.code,
    period_label: item.period_label ?? period.label,
    period_end: period.end,
    value: item.value ?? null,
    numerator: item.numerator ?? null,
    denominator: item.denominator ?? null,
    bound: item.value === undefined ? null : item.bound ?? 'exact',
    status: item.status ?? 'not_stated',
    missing: item.missing ?? null
  }
}

const undatedShown = ({ item: { value, missing, printed }, period }: Dated) =>
  ({ period: period.code, value: value ?? null, missing: missing ?? null, printed: printed ?? null })

function targetShown ({ target, goal, gap, met, unknown, due, words }: Evaluated) {
  return {
    target: target.code,
    kind: target.kind,
    level: target.level ?? 'target',
    operator: target.operator ?? null,
    value: target.value ?? null,
    lower: goal?.lower ?? null,
    upper: goal?.upper ?? null,
    period: target.period ?? null,
    by: target.by ?? null,
    due,
    gap,
    met,
    unknown: unknown === null ? null : { reason: unknown.reason, text: `Not known: ${unknown.text}.` },
    printed: target.printed ?? null,
    printed_result: target.printed_result ?? null,
    words
  }
}

type Basis = Pick<Reading, 'latest' | 'previous' | 'broken' | 'interval'>

/** The one that counts, the floor beside it, and all others in their order. */
function targetsOf ({ measure, targets, breakdown, figuresOf, titleOf, subAreas }: Known, basis: Basis) {
  const { latest } = basis
  const reading: Reading = {
    ...basis,
    measure,
    titleOf,
    of: area => figuresOf(area).filter(isLevel),
    within: () => new Map(subAreas().map(area => [area, figuresOf(area).filter(isLevel)]))
  }
  const mine = targets.filter(target => isDeepStrictEqual(target.breakdown ?? {}, breakdown))
  const reached = latest === null ? null : { period: latest.period.code, end: latest.period.end }
  const [target = null, ...further] = inOrder(mine, () => reached).map(one => evaluate(one, reading))
  return { target, further, floor: further.find(one => one.target.level === 'floor') ?? null }
}

/** The comparator's figures, and where the area stands among a group: worked out, else as it was printed. */
function otherOf ({ measure, area, figuresOf, titleOf, groupOf }: Known, other: string, latest: Dated | null): Other {
  const group = groupOf(other)
  const others = { area: other, title: titleOf(other), figures: figuresOf(other) }
  if (latest === null) return { ...others, rank: null }
  const worked = group === null ? null : placeAmong(measure, latest, group, one => figuresOf(one).filter(isLevel))
  return { ...others, rank: worked ?? printedRank(figuresOf(area), other, latest) }
}

function printedRank (here: Dated[], against: string, latest: Dated): Place | null {
  const item = here.find(({ item, period }) => item.statistic === 'rank' && item.against === against && period.code === latest.period.code)?.item
  return item?.value === undefined ? null : { place: item.value, of: item.rank_of ?? null, basis: item.rank_basis ?? null, printed: true }
}

function trendOf (measure: MeasureItem, levels: Dated[], latest: Dated | null) {
  const quantity = quantityOf(measure)
  if (latest === null || quantity === null) return { shown: null, note: null }
  const found = recentTrend({ quantity, points: pointsOf(quantity, levels, latest), breaks: breaksOf(measure, latest.item.area, levels) })
  if ('refused' in found) return { shown: null, note: found.refused === 'too_few' ? null : `No trend is told. ${found.detail}` }
  const { direction, significant, points, method } = found.trend
  return { shown: { direction, significant, points, method }, note: null }
}

/** Of the measure, and those that a figure itself is marked with. */
const breaksOf = ({ breaks = [] }: MeasureItem, area: string, figures: Dated[]): string[] => [
  ...breaks.filter(one => one.area === undefined || one.area === area).map(({ from }) => from),
  ...figures.filter(one => isDated(one) && one.item.qualifiers?.includes('break') === true).map(({ period }) => period.start!)
]

interface Remarked { latest: Dated | null, interval: FigureInterval | null, comparators: Compared[], broken: boolean, trend: string | null }

/** What a reader must know beside the numbers. */
function notesOf ({ latest, interval, comparators, broken, trend }: Remarked): string[] {
  if (latest === null) return []
  const { item } = latest
  const others = comparators.filter(one => !one.same_period && one.value !== null)
  return [
    ...(isTentative(item.status) ? [`The latest figure is ${plain(item.status!)}.`] : []),
    ...(item.qualifiers ?? []).map(one => `The latest figure: ${qualifierWords(one)}.`),
    ...(interval?.scaled === true ? [`The interval is that of the number (${item.numerator}), scaled to the rate, for the denominator is not there.`] : []),
    ...(broken ? ['A break in the series lies between the latest figure and the one before it.'] : []),
    ...others.map(one => `The figure of ${one.title} is ${inPeriod(one.period)}, so the two are not compared.`),
    ...(trend === null ? [] : [trend]),
    ...(item.note === undefined ? [] : [item.note])
  ]
}

/** The breakdowns of which there is a line: the whole; its parts where only they have figures, or a target of their own. */
export function breakdownsOf (here: Dated[], targets: TargetItem[]): Array<Record<string, string>> {
  const dated = here.filter(one => isLevel(one) && isDated(one))
  const whole = dated.some(({ breakdown }) => breakdown === '')
  const parts = whole ? [] : dated.map(({ item }) => item.breakdown ?? {})
  const named = [...parts, ...targets.map(target => target.breakdown ?? {})].filter(one => Object.keys(one).length > 0)
  const distinct = named.filter((one, i) => named.findIndex(other => isDeepStrictEqual(other, one)) === i)
  return whole || distinct.length === 0 ? [{}, ...distinct] : distinct
}
