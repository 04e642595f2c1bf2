// Better or worse than before, than others, than the target: each with the numbers it was judged by, or the reason why not.
import { againstValue } from '../../statistics/compare.js'
import type { Dated, MeasureItem } from '../report/items.js'
import { counterpartOf, isBreakBetween } from './choice.js'
import type { FigureInterval } from './interval.js'
import { difference } from './numbers.js'
import type { directions, significances } from './schema.js'

export type Direction = typeof directions[number]
export type Significance = typeof significances[number]

type Sign = 1 | -1 | 0

/** Which way is better: 1 higher, -1 lower; 0 where neither is. */
const betterWay = ({ polarity }: MeasureItem): Sign => polarity === 'higher_is_better' ? 1 : polarity === 'lower_is_better' ? -1 : 0

export interface Change { change: number | null, direction: Direction | null, significant: boolean | null }

const exact = ({ item }: Dated) => item.value !== undefined && (item.bound ?? 'exact') === 'exact'

/** A change is significant where the earlier value lies outside the interval of the latest (OHID). */
export function changeOf (measure: MeasureItem, latest: Dated | null, previous: Dated | null, interval: FigureInterval | null): Change {
  const none = { change: null, direction: null, significant: null }
  if (latest === null || previous === null) return none
  if (isBreakBetween(measure, previous, latest)) return { ...none, direction: 'not_comparable' }
  if (!exact(latest) || !exact(previous)) return none
  const [is, was] = [latest.item.value!, previous.item.value!]
  const change = difference(is, was)
  const better = betterWay(measure)
  const direction = change === 0 ? 'no_change' : better === 0 ? change > 0 ? 'up' : 'down' : Math.sign(change) === better ? 'improved' : 'worsened'
  return { change, direction, significant: interval === null ? null : againstValue(interval, was) !== 'similar' }
}

export interface Place { place: number, of: number | null, basis: string | null, printed: boolean }

export interface Compared {
  area: string
  title: string
  value: number | null
  missing: string | null
  period: string
  same_period: boolean
  gap: number | null
  better: boolean | null
  significance: Significance | null
  rank: Place | null
}

export interface Other { area: string, title: string, figures: Dated[], rank: Place | null }

export function compare (measure: MeasureItem, latest: Dated | null, interval: FigureInterval | null, other: Other): Compared | null {
  const found = latest === null ? null : counterpartOf(other.figures, latest)
  if (found === null && other.rank === null) return null
  const { area, title, rank } = other
  const nothing = { gap: null, better: null, significance: null, rank }
  if (found === null) return { area, title, value: null, missing: null, period: latest!.period.code, same_period: true, ...nothing }
  const { figure, samePeriod } = found
  const comparable = samePeriod && exact(latest!) && exact(figure)
  const gap = comparable ? difference(latest!.item.value!, figure.item.value!) : null
  const way = betterWay(measure)
  return {
    area,
    title,
    value: figure.item.value ?? null,
    missing: figure.item.missing ?? null,
    period: figure.period.code,
    same_period: samePeriod,
    gap,
    better: gap === null || way === 0 || gap === 0 ? null : Math.sign(gap) === way,
    significance: gap === null || interval === null ? null : significanceOf(figure.item.value!, interval, way),
    rank
  }
}

/** The area's interval is set against the other's value (OHID): outside of it the two differ. */
function significanceOf (value: number, interval: FigureInterval, way: Sign): Significance {
  const found = againstValue(interval, value)
  if (found === 'similar' || way === 0) return found
  return (found === 'higher') === (way === 1) ? 'better' : 'worse'
}

/** A comparator group: the members that are known, and how many there are. */
export interface Group { members: string[], count: number | null }

/** Of an area as it is stored or stands in a bundle; null where it is no group. */
export function groupOf (area: { members?: Array<{ area: string }>, member_count?: number | null } | undefined): Group | null {
  const { members = [], member_count: count = null } = area ?? {}
  return members.length === 0 ? null : { members: members.map(({ area }) => area), count }
}

/** Place among all members of a group, 1 the best (without a polarity: the highest); none unless each has a figure of the period. */
export function placeAmong (measure: MeasureItem, latest: Dated, { members, count }: Group, figuresOf: (area: string) => Dated[]): Place | null {
  if (members.length < 2 || !members.includes(latest.item.area) || members.length < (count ?? 0)) return null
  const values = members.map(area => figuresOf(area).find(one => one.period.code === latest.period.code && exact(one))?.item.value)
  if (values.includes(undefined) || !exact(latest)) return null
  const way = betterWay(measure) || 1
  const ahead = values.filter(value => Math.sign(value! - latest.item.value!) === way)
  return { place: ahead.length + 1, of: members.length, basis: betterWay(measure) === 0 ? 'highest' : 'best', printed: false }
}

/** How much of the way from the baseline to the target is done, in per cent; above 100 beyond it. */
export function progressOf (value: number | undefined, baseline: number | undefined, goal: number | null): number | null {
  if (value === undefined || baseline === undefined || goal === null || goal === baseline) return null
  return Math.round((value - baseline) / (goal - baseline) * 1000) / 10
}
