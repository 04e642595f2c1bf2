// A target held against the figure: met, not met, or not known and why. Each kind has its own way; none of them guesses.
import { difference, shown, shownGap, sum } from './numbers.js'
import { boundMissed, meets, type Goal } from '../../statistics/rag.js'
import { dueOf } from '../../resources/targets/rules.js'
import type { Dated, MeasureItem, TargetItem } from '../report/items.js'
import { longDate } from '../report/dates.js'
import { inPeriod } from '../report/words.js'
import type { unknownReasons } from './schema.js'

export interface Unknown { reason: typeof unknownReasons[number], text: string }

export interface Evaluated {
  target: TargetItem
  /** The value to reach as a number, worked out from a comparator or baseline where need be. */
  goal: Goal | null
  /** How far the figure is from the bound that it has to pass, in the unit of the measure; negative below it. */
  gap: number | null
  met: boolean | null
  /** Why it is not known; null where it is. */
  unknown: Unknown | null
  /** Whether it is due by the end of the figure's period. */
  due: boolean
  /** "the target of at most 8% for 2017/18". */
  words: string
}

export interface Reading {
  measure: MeasureItem
  latest: Dated | null
  previous: Dated | null
  /** Whether a break lies between the two. */
  broken: boolean
  /** Figures of another area for the same breakdown. */
  of (area: string): Dated[]
  titleOf (area: string): string
  /** The areas inside and their figures for the same breakdown. */
  within (): Map<string, Dated[]>
  /** 95 % limits of the latest value, where they can be worked out. */
  interval: { lower: number, upper: number } | null
}

/** `text` names what is to be reached, as far as it can be said: "of at most 8%". */
type Found = { text: string } & ({ goal: Goal } | { met: boolean } | { unknown: Unknown })

// What a target of its kind must have is checked when it is written, and taken as there in what follows.
const unknown = (reason: Unknown['reason'], why: string, text = ''): Found => ({ text, unknown: { reason, text: why } })

export function evaluate (target: TargetItem, reading: Reading): Evaluated {
  const { latest } = reading
  const due = isDue(target, latest)
  const found = goalOf(target, reading)
  const words = `the ${target.kind === 'external_reference' && target.set_by !== undefined ? `${target.set_by} ` : ''}target${found.text === '' ? '' : ` ${found.text}`}${whenOf(target)}`
  const common = { target, due, words }
  if ('unknown' in found) return { ...common, goal: null, gap: null, met: null, unknown: found.unknown }
  const goal = 'goal' in found ? found.goal : null
  const lacking = valueLacking(reading, target)
  if (lacking !== null) return { ...common, goal, gap: null, met: null, unknown: lacking }
  const value = latest!.item.value!
  if (goal === null) return { ...common, goal, gap: null, met: 'met' in found && found.met, unknown: null }
  const gap = gapTo(value, goal)
  if (target.each_sub_area === true) return { ...common, goal, gap, ...everywhere(goal, reading) }
  return { ...common, goal, gap, met: meets(value, goal), unknown: null }
}

/** To the bound that is missed, else to the nearer of the two. */
function gapTo (value: number, goal: Goal): number {
  const missed = boundMissed(value, goal)
  if (missed !== null) return difference(value, missed)
  const gaps = [goal.lower, goal.upper].filter(bound => bound !== null).map(bound => difference(value, bound))
  return gaps.sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0
}

function whenOf ({ period, by }: TargetItem): string {
  if (by !== undefined) return ` by ${longDate(by)}`
  return period === undefined ? '' : ` ${inPeriod(period)}`
}

/** A target without a date is always due. */
function isDue (target: TargetItem, latest: Dated | null): boolean {
  const on = dueOf(target)
  return on === '' || latest === null || latest.period.code === target.period || on <= latest.period.end!
}

/** What stands in the way of judging the figure itself. */
function valueLacking ({ latest, measure }: Reading, target: TargetItem): Unknown | null {
  if (latest === null) return { reason: 'no_figure', text: 'there is no figure with a date' }
  const { value, bound = 'exact', missing } = latest.item
  if (value === undefined) return { reason: 'no_value', text: `the figure is ${missing === undefined ? 'a number without its base' : missing.replaceAll('_', ' ')}` }
  if (bound !== 'exact') return { reason: 'inexact_value', text: `the figure is only known to be ${bound.replaceAll('_', ' ')} ${shown(measure, value)}` }
  const on = dueOf(target)
  if (target.period !== undefined && latest.period.code !== target.period && on !== '' && on < latest.period.start!) {
    return { reason: 'other_period', text: `the target was for an earlier period, and the latest figure is ${inPeriod(latest.period.code)}` }
  }
  return null
}

/** A target's numbers may be in points where the measure is a percentage; anything else would compare apples with pears. */
const otherUnit = ({ unit }: TargetItem, measure: MeasureItem) => unit !== undefined && measure.unit !== undefined && unit !== measure.unit

function goalOf (target: TargetItem, reading: Reading): Found {
  switch (target.kind) {
    case 'absolute': return otherUnit(target, reading.measure) ? inOtherUnit(target) : absolute(target, reading)
    case 'range': return otherUnit(target, reading.measure) ? inOtherUnit(target) : between(target, reading)
    case 'relative': return relative(target, reading)
    case 'change': return step(target, reading)
    case 'directional': return directional(target, reading)
    case 'external_reference': return unknown('held_elsewhere', `its value is held in ${target.set_by ?? 'another plan'}, and is not printed here`)
    default: return unknown('judged_by_people', 'it is there or not, which no figure says')
  }
}

const inOtherUnit = ({ unit }: TargetItem) => unknown('other_unit', `it is in another unit (${unit!.replaceAll('_', ' ')}) than the figure`)

const above = (lower: number, strict = false): Goal => ({ lower, upper: null, strict })
const below = (upper: number, strict = false): Goal => ({ lower: null, upper, strict })
const exactly = (value: number): Goal => ({ lower: value, upper: value, strict: false })

const goals: Record<string, (value: number) => Goal> = {
  at_least: value => above(value),
  above: value => above(value, true),
  at_most: value => below(value),
  below: value => below(value, true),
  equal: exactly
}
const goalWords: Record<string, string> = { at_least: 'of at least', above: 'of above', at_most: 'of at most', below: 'of below', equal: 'of' }

function absolute ({ operator = '', value }: TargetItem, { measure }: Reading): Found {
  return { goal: goals[operator]!(value!), text: `${goalWords[operator]!} ${shown(measure, value!)}` }
}

function between ({ lower, upper }: TargetItem, { measure }: Reading): Found {
  return { goal: { lower: lower!, upper: upper!, strict: false }, text: `of between ${shown(measure, lower!)} and ${shown(measure, upper!)}` }
}

/** Held against the comparator's figure of the same period; its distance is in the unit of the measure, or in points. */
function relative (target: TargetItem, reading: Reading): Found {
  const { comparator, operator = '', value = 0, unit } = target
  const { latest, measure } = reading
  const title = reading.titleOf(comparator!)
  const text = besideWords(operator, title, value, measure)
  if (unit !== undefined && unit !== measure.unit && unit !== 'percentage_point') return inOtherUnit(target)
  if (latest === null) return unknown('no_figure', `there is no figure to set beside ${title}`, text)
  const theirs = reading.of(comparator!).find(one => one.period.code === latest.period.code)?.item.value
  if (theirs === undefined) return unknown('no_comparator_figure', `there is no figure of ${title} ${inPeriod(latest.period.code)}`, text)
  const withTheirs = besideWords(operator, `${title} (${shown(measure, theirs)})`, value, measure)
  if (operator === 'in_line') return inLine(theirs, withTheirs, reading)
  if (operator === 'equal') return { goal: { lower: difference(theirs, value), upper: sum(theirs, value), strict: false }, text: withTheirs }
  return { goal: goals[operator]!(operator === 'at_least' || operator === 'above' ? sum(theirs, value) : difference(theirs, value)), text: withTheirs }
}

function besideWords (operator: string, title: string, value: number, measure: MeasureItem): string {
  if (operator === 'in_line') return `of being in line with ${title}`
  if (operator === 'equal') return value === 0 ? `of no gap to ${title}` : `of a gap of at most ${shownGap(measure, value)} to ${title}`
  return `of being ${operator.replaceAll('_', ' ')} ${title}${value === 0 ? '' : ` by ${shownGap(measure, value)}`}`
}

/** In line is what cannot be told apart, for which the uncertainty of the figure has to be known. */
function inLine (theirs: number, text: string, { interval }: Reading): Found {
  if (interval === null) return unknown('no_interval', 'its confidence interval is not known: numerator or denominator is not there', text)
  return { met: interval.lower <= theirs && theirs <= interval.upper, text }
}

/** A step from the baseline: in the measure's unit, or in per cent of the baseline where the measure is none. */
function step (target: TargetItem, { measure }: Reading): Found {
  const { baseline, value = 0, operator, unit } = target
  if (baseline === undefined) return unknown('no_baseline', 'it does not say from what')
  if (unit === undefined && measure.unit === 'percent') return unknown('base_not_stated', 'it does not say whether it is in per cent or in percentage points')
  const ofBaseline = unit === 'percent'
  if (!ofBaseline && unit !== undefined && unit !== measure.unit && unit !== 'percentage_point') return inOtherUnit(target)
  const size = ofBaseline ? Number((Math.abs(baseline.value) * value / 100).toPrecision(12)) : value
  const from = `from ${shown(measure, baseline.value)}`
  const by = ofBaseline ? `${value}%` : shownGap(measure, value)
  return operator === 'reduce_by'
    ? { goal: below(difference(baseline.value, size)), text: `of ${by} less, ${from}` }
    : { goal: above(sum(baseline.value, size)), text: `of ${by} more, ${from}` }
}

function directional ({ operator, baseline }: TargetItem, { latest, previous, broken, measure }: Reading): Found {
  if (latest === null) return unknown('no_figure', 'there is no figure with a date')
  const from = baseline?.value ?? (broken ? undefined : previous?.item.value)
  if (from === undefined) {
    return unknown('no_previous', broken ? 'a break in the series lies before the figure' : 'there is no earlier figure to compare with', `of ${wayOf(operator)}`)
  }
  return { goal: operator === 'increase' ? above(from, true) : below(from, true), text: `of ${wayOf(operator)} from ${shown(measure, from)}` }
}

const wayOf = (operator: string | undefined) => operator === 'increase' ? 'an increase' : 'a decrease'

/** "In every ward": one that misses it decides; that all meet it is known only where all have a figure. */
function everywhere (goal: Goal, { within, latest, titleOf }: Reading): { met: boolean | null, unknown: Unknown | null } {
  const valueIn = (figures: Dated[]) => figures.find(one => one.period.code === latest!.period.code)?.item.value
  const areas = [...within()].map(([area, figures]) => ({ area, value: valueIn(figures) }))
  const missed = areas.filter(({ value }) => value !== undefined && !meets(value, goal))
  if (missed.length > 0) return { met: false, unknown: null }
  const silent = areas.filter(({ value }) => value === undefined)
  if (areas.length > 0 && silent.length === 0) return { met: true, unknown: null }
  const text = areas.length === 0
    ? 'it is for every area inside, and there are no figures of any'
    : `it is for every area inside, and ${silent.length} of ${areas.length} have no figure, such as ${titleOf(silent[0]!.area)}`
  return { met: null, unknown: { reason: 'sub_areas_missing', text } }
}
