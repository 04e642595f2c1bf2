// Targets in words.
import { targetsFor } from '../../resources/targets/rules.js'
import type { Judged } from '../scorecard/line.js'
import type { TargetView } from './view.js'
import { isPlain } from './judged.js'
import { areaTitle, type Items, type MeasureItem, type TargetItem } from './items.js'
import { number, scaleOf, withUnit } from './numbers.js'
import { inPeriod, plain } from './words.js'
import { longDate } from './dates.js'

const operators: Record<string, string> = {
  at_least: 'at least', at_most: 'at most', equal: 'the same as', above: 'above', below: 'below', in_line: 'in line with', increase: 'increase', decrease: 'decrease'
}

/** The plan's targets for a measure in an area. */
export const targetItems = ({ targets, plan }: Items, measure: string, area: string | null) =>
  targetsFor(targets.get(measure) ?? [], measure, area, plan.area)

/** In the order in which they matter to the latest figure. */
export function targetsOf (items: Items, measure: MeasureItem, mine: TargetItem[], { target, further_targets: further }: Judged): TargetView[] {
  const byCode = new Map(mine.map(one => [one.code, one]))
  return [...target === null ? [] : [target], ...further].map(held => targetOf(items, measure, byCode.get(held.target)!, held))
}

type Held = NonNullable<Judged['target']>

function workedOut ({ met, due }: Held): string | null {
  if (met === null) return null
  return met ? 'met' : due ? 'not met' : 'not met so far, and not due yet'
}

const unknownWords = ({ unknown }: Held) => unknown === null || isPlain(unknown.reason) ? null : unknown.text.replace(/^Not known: (.*)\.$/, 'not known, for $1')

function targetOf (items: Items, measure: MeasureItem, target: TargetItem, held: Held): TargetView {
  const { level = 'target', set_by: by } = target
  const whose = [level === 'target' || level === by ? '' : level, target.kind === 'external_reference' ? '' : by ?? ''].filter(part => part !== '').join(', ')
  const core = `${coreWords(items, measure, target)}${target.each_sub_area === true ? ' in every area within it' : ''}`
  return {
    code: target.code,
    words: `${core}${whenWords(target)}${whose === '' ? '' : ` (${whose})`}`,
    value: target.kind === 'absolute' ? target.value ?? null : null,
    printed: target.printed ?? null,
    printedResult: target.printed_result === undefined ? null : resultWords(target.printed_result),
    reached: reachedAs(target),
    result: workedOut(held),
    unknown: unknownWords(held),
    setBy: target.set_by ?? null,
    note: target.note ?? null
  }
}

/** "met", "not met", "slightly above target". */
const resultWords = (result: string) => /met$/.test(result) ? plain(result) : `${plain(result)} target`

const [tooLow, tooHigh] = [['below', 'slightly_below'], ['above', 'slightly_above']]
const wrongSide: Record<string, string[]> = { at_least: tooLow, above: tooLow, at_most: tooHigh, below: tooHigh }

function reachedAs ({ printed_result: result, operator = '' }: TargetItem): boolean | null {
  if (result === undefined) return null
  return result !== 'not_met' && result !== 'partly_met' && !(wrongSide[operator]?.includes(result) ?? false)
}

function whenWords ({ period, by, kind }: TargetItem): string {
  if (by !== undefined) return ` by ${longDate(by)}`
  if (period !== undefined) return ` ${inPeriod(period)}`
  return kind === 'external_reference' ? '' : ', no date'
}

function coreWords (items: Items, measure: MeasureItem, target: TargetItem): string {
  const unit = target.unit ?? measure.unit
  const shown = (value: number) => withUnit(number(value, scaleOf(measure, { value, printed: target.printed })), unit, measure.per)
  const operator = operators[target.operator ?? ''] ?? plain(target.operator ?? '')
  const value = target.value === undefined ? null : shown(target.value)
  switch (target.kind) {
    case 'absolute': return value === null ? target.printed ?? 'no value printed' : `${target.operator === 'equal' ? '' : operator} ${value}`.trim()
    case 'range': return `between ${bound(target.lower, shown)} and ${bound(target.upper, shown)}`
    case 'relative': return relativeWords(items, target, operator, value)
    case 'directional': return operator === '' ? target.printed ?? 'no direction printed' : operator
    case 'change': return changeWords(target, value, shown)
    case 'milestone': return target.printed ?? 'in place'
    case 'external_reference': return `value held in ${target.set_by ?? 'another plan'}, not printed here`
    default: return target.printed ?? plain(target.kind)
  }
}

const bound = (value: number | undefined, shown: (value: number) => string) => value === undefined ? 'no bound' : shown(value)

function relativeWords (items: Items, target: TargetItem, operator: string, value: string | null): string {
  const other = target.comparator === undefined ? target.printed ?? 'the comparator' : areaTitle(items, target.comparator)
  if (target.operator === 'equal' && target.value === 0) return `no gap to ${other}`
  return `${operator} ${other}${value === null || target.value === 0 ? '' : ` by ${value}`}`.trim()
}

function changeWords (target: TargetItem, value: string | null, shown: (value: number) => string): string {
  const way = target.operator === 'increase_by' || target.operator === 'increase' ? 'increase' : target.operator === undefined ? 'change' : 'reduce'
  const baseline = target.baseline === undefined
    ? ''
    : ` from ${shown(target.baseline.value)}${target.baseline.period === undefined ? '' : ` ${inPeriod(target.baseline.period)}`}`
  return `${way}${value === null ? '' : ` by ${value}`}${baseline}`
}
