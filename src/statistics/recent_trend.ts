// The recent trend of a series: which five periods may be tested for a trend, and in words why they may not.
import { faultIn, trendOf, type Quantity, type Trend } from './trend.js'

/** A figure with its period: first and last day (YYYY-MM-DD, inclusive) and the kind of period. */
export interface PeriodPoint {
  start: string
  end: string
  kind: string
  numerator: number | null
  denominator: number | null
}

export interface Series<P extends PeriodPoint> {
  quantity: Quantity
  /** The figures of one area and breakdown, in any order. */
  points: P[]
  /** First days of a new way of counting. */
  breaks: string[]
}

export type Refusal = 'too_few' | 'overlap' | 'break' | 'gap' | 'no_numerator' | 'no_denominator' | 'impossible'

export type RecentTrend<P> = { trend: Trend, used: P[] } | { refused: Refusal, detail: string }

/** As many as Fingertips takes: fewer say little, and more would not be recent. */
const needed = 5

const dayAfter = (date: string) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)
const yearOf = (date: string) => Number(date.slice(0, 4))
const monthsIn = (date: string) => yearOf(date) * 12 + Number(date.slice(5, 7))

interface Length { count: number, unit: 'month' | 'day' }

/** In months where it is whole months, else in days: a leap year is no longer than another, nor is one quarter. */
function lengthOf ({ start, end }: PeriodPoint): Length {
  const next = dayAfter(end)
  if (next.slice(8) === start.slice(8)) return { count: monthsIn(next) - monthsIn(start), unit: 'month' }
  return { count: (Date.parse(next) - Date.parse(start)) / 86_400_000, unit: 'day' }
}

const isPartOfYear = ({ count, unit }: Length) => count < (unit === 'month' ? 12 : 365)

/**
 * What two periods must have in common to be compared: kind and length, so a year to March is not compared with a
 * quarter to March; and where they are shorter than a year, the part of the year. Fingertips tests years only, because the
 * seasons of consecutive quarters or months would be taken for a trend; the same quarter of five years has none.
 */
function likenessOf (point: PeriodPoint): string {
  const length = lengthOf(point)
  return [point.kind, length.count, length.unit, isPartOfYear(length) ? dayAfter(point.end).slice(5) : ''].join(' ')
}

function inWords (point: PeriodPoint): string {
  const length = lengthOf(point)
  const words = `${length.count} ${length.unit}${length.count === 1 ? '' : 's'}`
  return `periods of ${words} of the kind ${point.kind}${isPartOfYear(length) ? ` that end on the same day of the year as ${point.end}` : ''}`
}

function byDate (a: PeriodPoint, b: PeriodPoint): number {
  const [one, other] = [a, b].map(({ end, start, kind }) => `${end} ${start} ${kind}`) as [string, string]
  return one < other ? -1 : Number(one > other)
}

/** From the latest backwards, each the latest that ends before the next begins: of rolling years, one a year. */
function apart<P extends PeriodPoint> (points: P[]): P[] {
  return points.reduceRight<P[]>((chosen, point) =>
    chosen.length < needed && (chosen.length === 0 || point.end < chosen[0]!.start) ? [point, ...chosen] : chosen, [])
}

/** Periods of a year or more follow each other without a day between; parts of a year a year apart. */
function follows (earlier: PeriodPoint, later: PeriodPoint): boolean {
  if (!isPartOfYear(lengthOf(later))) return dayAfter(earlier.end) === later.start
  return yearOf(dayAfter(later.end)) - yearOf(dayAfter(earlier.end)) === 1
}

/**
 * The trend of the five most recent periods that are like the latest one and do not overlap, or why there is none. No
 * figure is filled in, none is passed over: a gap, a missing numerator or a break anywhere among the five refuses them
 * all, because a test over what happens to be left would answer another question. A break on the first day of the first
 * period is before them; one within that period is not, for its figure is then counted in two ways.
 */
export function recentTrend<P extends PeriodPoint> ({ quantity, points, breaks }: Series<P>): RecentTrend<P> {
  const refuse = (refused: Refusal, detail: string) => ({ refused, detail })
  const sorted = points.toSorted(byDate)
  const latest = sorted.at(-1)
  if (latest === undefined) return refuse('too_few', `A recent trend needs ${needed} periods; there is none.`)
  const likeness = likenessOf(latest)
  const alike = sorted.filter(point => likenessOf(point) === likeness)
  if (alike.length < needed) return refuse('too_few', `A recent trend needs ${needed} ${inWords(latest)}; there are ${alike.length}.`)
  const used = apart(alike)
  if (used.length < needed) {
    return refuse('overlap', `A recent trend needs ${needed} periods that do not overlap; among the ${alike.length} like the latest one there are ${used.length}.`)
  }
  const [from, to] = [used[0]!.start, used.at(-1)!.end]
  const broken = breaks.toSorted().find(date => from < date && date <= to)
  if (broken !== undefined) return refuse('break', `The way of counting changed on ${broken}, within the ${needed} periods from ${from} to ${to}.`)
  const gap = used.findIndex((point, i) => i > 0 && !follows(used[i - 1]!, point))
  if (gap > 0) return refuse('gap', `No figure follows the period that ends on ${used[gap - 1]!.end}; the next ends on ${used[gap]!.end}.`)
  const uncounted = used.find(point => point.numerator === null)
  if (uncounted !== undefined) return refuse('no_numerator', `The figure of the period that ends on ${uncounted.end} has no numerator.`)
  const unrelated = quantity === 'count' ? undefined : used.find(point => point.denominator === null)
  if (unrelated !== undefined) return refuse('no_denominator', `The figure of the period that ends on ${unrelated.end} has no denominator.`)
  const counted = used.map(({ numerator, denominator }) => ({ numerator: numerator!, denominator }))
  const fault = faultIn(counted, quantity)
  return fault === null ? { trend: trendOf(counted, quantity), used } : refuse('impossible', fault)
}
