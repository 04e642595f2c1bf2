// The colour of a line, with the rule, the numbers it used and a sentence that a councillor understands; or the reason why
// there is none.
import { boundMissed, boundOf, colourBy, defaultRule, sharedGoal, type Coloured, type Goal, type Polarity, type RagRule } from '../../statistics/rag.js'
import type { Dated, MeasureItem } from '../report/items.js'
import { inPeriod, missingWords } from '../report/words.js'
import { foretold } from '../returns/rules.js'
import { difference, shown, shownGap } from './numbers.js'
import type { Evaluated } from './targets.js'
import type { notJudgedReasons } from './schema.js'

export type NotJudged = typeof notJudgedReasons[number]

export interface Rag {
  rag: 'red' | 'amber' | 'green' | 'not_judged'
  rag_reason: {
    /** null where a colour was given. */
    reason: NotJudged | null
    rule: (RagRule & { source: 'measure' | 'plan' | 'default' }) | null
    inputs: Record<string, number | string | null>
    text: string
  }
}

export interface Judged {
  measure: MeasureItem
  planRule: RagRule | undefined
  latest: Dated | null
  previous: Dated | null
  undated: boolean
  /** The plan's target, and its floor where it has one. */
  target: Evaluated | null
  floor: Evaluated | null
}

export function ragOf (judged: Judged): Rag {
  const { measure, planRule, latest } = judged
  const source = measure.rag_rule !== undefined ? 'measure' : planRule !== undefined ? 'plan' : 'default'
  const rule = { source, ...(measure.rag_rule ?? planRule ?? defaultRule) } as const
  const refusal = refusalOf(judged, rule)
  if (refusal !== null) return notJudged(rule, refusal[0], refusal[1], inputsOf(judged, null))
  const polarity = (rule.polarity ?? measure.polarity) as Polarity
  const goal = goalFor(rule, judged)
  if ('reason' in goal) return notJudged(rule, goal.reason, goal.text, inputsOf(judged, null))
  const previous = judged.previous?.item.value ?? null
  const verdict = colourBy(rule, { value: latest!.item.value!, polarity, ...goal, floor: boundOf(judged.floor?.goal), previous })
  if ('lacking' in verdict) {
    const [reason, text] = lacking[verdict.lacking]
    return notJudged(rule, reason, text, inputsOf(judged, goal.goal))
  }
  const text = sentence(judged, rule, goal.goal, verdict)
  return { rag: verdict.colour, rag_reason: { reason: null, rule, inputs: inputsOf(judged, goal.goal), text } }
}

const lacking = {
  target: ['no_target', 'the plan sets no target for it'],
  floor: ['no_floor', 'the target is missed, and neither the rule nor the plan names a floor below which it is red'],
  previous: ['no_previous', 'the target is missed, and there is no earlier figure to say whether things got better']
} as const

const notJudged = (rule: NonNullable<Rag['rag_reason']['rule']>, reason: NotJudged, text: string, inputs: Rag['rag_reason']['inputs']): Rag =>
  ({ rag: 'not_judged', rag_reason: { reason, rule, inputs, text: `Not judged: ${text}.` } })

/** What stands in the way whatever the rule says, in the order in which a reader would ask. */
function refusalOf ({ measure, latest, undated, target }: Judged, rule: RagRule): [NotJudged, string] | null {
  if (measure.status === 'placeholder') return ['not_defined', 'the measure is not defined yet']
  if (latest === null) return undated ? ['no_dated_figure', 'its figures have no date'] : ['no_figure', 'there is no figure']
  const { value, missing, bound = 'exact', status } = latest.item
  if (missing !== undefined) return ['missing', `the figure ${inPeriod(latest.period.code)} is missing (${missingWords(missing)})`]
  if (value === undefined) return ['no_value', `${inPeriod(latest.period.code)} there is only a number, and no value of the measure`]
  if (bound !== 'exact') return ['inexact_value', `the figure is only known to be ${bound.replaceAll('_', ' ')} ${shown(measure, value)}`]
  if (foretold.includes(status ?? '') && rule.forecasts !== true) {
    return ['forecast', `the figure ${inPeriod(latest.period.code)} is a ${status === 'projected' ? 'projection' : 'forecast'}, which the rule does not judge`]
  }
  const polarity = rule.polarity ?? measure.polarity ?? 'none'
  if (polarity !== 'none') return null
  const result = target?.met == null ? '' : `; ${target.words} is ${target.met ? 'met' : 'not met'}`
  return ['no_polarity', `the measure does not say which way is better${result}`]
}

type GoalFor = { goal: Goal | null, met: boolean | null } | { reason: NotJudged, text: string }

const needsTarget = new Set<RagRule['kind']>(['tolerance', 'floor', 'previous', 'profile'])

/** The goal to hold the value against; for figures that add up the part of it that is due by now. */
function goalFor (rule: RagRule, { measure, latest, target }: Judged): GoalFor {
  if (!needsTarget.has(rule.kind)) return { goal: null, met: null }
  if (target === null) return { reason: 'no_target', text: 'the plan sets no target for it' }
  if (rule.kind === 'profile') return profiled(rule, latest!, target)
  if (target.unknown !== null) return { reason: 'target_unknown', text: `whether ${target.words} is met is not known, for ${target.unknown.text}` }
  if (!target.due && target.met === false) {
    return { reason: 'target_not_due', text: `${target.words} is not due yet; the figure ${inPeriod(latest!.period.code)} is ${shown(measure, latest!.item.value!)}` }
  }
  return { goal: target.target.each_sub_area === true ? null : target.goal, met: target.met }
}

const quarterOf = (code: string) => Number(/^FY\d{4}-Q1\.\.Q([2-4])$/.exec(code)?.[1] ?? (/^FY\d{4}-Q1$/.test(code) ? 1 : /^FY\d{4}$/.test(code) ? 4 : 0))

/** A running total is held against the share of the year's target that is due by the end of its quarter. */
function profiled (rule: RagRule, latest: Dated, target: Evaluated): GoalFor {
  if (target.goal === null) return { reason: 'target_unknown', text: `whether ${target.words} is met is not known, for ${target.unknown!.text}` }
  if (target.target.period === latest.period.code) return { goal: target.goal, met: target.met }
  const quarter = quarterOf(latest.period.code)
  const share = quarter === 0 ? undefined : (rule.shares ?? [25, 50, 75, 100])[quarter - 1]
  const sameYear = target.target.period === undefined || target.target.period.slice(0, 6) === latest.period.code.slice(0, 6)
  if (share === undefined || !sameYear) return { reason: 'no_share', text: `the figure ${inPeriod(latest.period.code)} is no running total of the year that ${target.words} is for` }
  const goal = sharedGoal(target.goal, share)
  return { goal, met: boundMissed(latest.item.value!, goal) === null }
}

function inputsOf ({ latest, previous, target, floor }: Judged, goal: Goal | null): Rag['rag_reason']['inputs'] {
  return {
    period: latest?.period.code ?? null,
    value: latest?.item.value ?? null,
    target: target?.target.code ?? null,
    lower: (goal ?? target?.goal)?.lower ?? null,
    upper: (goal ?? target?.goal)?.upper ?? null,
    floor: boundOf(floor?.goal),
    previous: previous?.item.value ?? null
  }
}

const colours = { red: 'Red', amber: 'Amber', green: 'Green' }

/** "Red: 12.8% in 2017/18 misses the target of at most 8% in 2017/18 by 4.8 points." */
function sentence ({ measure, latest, previous, target }: Judged, rule: RagRule, goal: Goal | null, { colour, by }: Coloured): string {
  const value = latest!.item.value!
  const figure = `${colours[colour]}: ${shown(measure, value)} ${inPeriod(latest!.period.code)}`
  if (rule.kind === 'thresholds') return `${figure}; green is ${side(measure, rule)} ${shown(measure, rule.green!)}, amber ${side(measure, rule)} ${shown(measure, rule.amber!)}.`
  if (rule.kind === 'band') return `${figure}; green is ${span(measure, rule.green_lower!, rule.green_upper!)}, amber ${span(measure, rule.amber_lower!, rule.amber_upper!)}.`
  if (colour === 'green') return `${figure} meets ${target!.words}.`
  const bound = goal === null ? null : boundMissed(value, goal)
  const missed = `${figure} misses ${target!.words}${bound === null ? '' : ` by ${shownGap(measure, difference(value, bound))}`}`
  switch (rule.kind) {
    case 'floor': return `${missed}${by === null ? '' : `, and is ${colour === 'amber' ? 'within' : 'beyond'} the floor of ${shown(measure, by)}`}.`
    case 'previous': return `${missed}, and is ${colour === 'amber' ? 'better' : 'no better'} than ${shown(measure, previous!.item.value!)} ${inPeriod(previous!.period.code)}.`
    default: return `${missed}${colour === 'amber' ? `, which is within the ${rule.amber!}${rule.unit === 'percent' ? '%' : ''} that the rule allows` : ''}.`
  }
}

const span = (measure: MeasureItem, from: number, to: number) => `from ${shown(measure, from)} to ${shown(measure, to)}`

const side = (measure: MeasureItem, rule: RagRule) => (rule.polarity ?? measure.polarity) === 'lower_is_better' ? 'up to' : 'from'
