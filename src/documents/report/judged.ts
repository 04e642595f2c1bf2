// A reading judged by the rules of the scorecard: what these ask for, found in a bundle, and what they answer, in words.
import { breakdownOf } from '../../resources/datapoints/breakdown.js'
import { insideOf } from '../scorecard/inside.js'
import { groupOf, type Compared } from '../scorecard/judgement.js'
import { judge, type Judged } from '../scorecard/line.js'
import { areaTitle, seriesKey, type Items, type MeasureItem, type TargetItem } from './items.js'
import type { Colour, Judgement, MeasureFigures, Reading } from './view.js'
import { plain } from './words.js'

/** `targets` are all those for the measure in the area. */
export function judgedOf (items: Items, measure: MeasureItem, area: string | null, breakdown: string, targets: TargetItem[]): Judged {
  return judge({
    measure,
    planRule: items.plan.rag_rule,
    area: area ?? '',
    breakdown: breakdownOf(breakdown),
    figuresOf: other => items.series.get(seriesKey(measure.code, other, breakdown)) ?? [],
    titleOf: other => areaTitle(items, other),
    comparators: comparatorsIn(items, area),
    groupOf: other => groupOf(items.areas.get(other)),
    subAreas: () => area === null ? [] : insideOf(items.areas.values(), area),
    targets
  })
}

/** Of the plan, in its order; nothing is compared with itself. */
export const comparatorsIn = ({ plan }: Items, area: string | null) => (plan.comparators ?? []).filter(one => one !== area)

/** Without a target or a rule there is nothing to judge by, and without a figure nothing to judge: the page shows both as it is. */
const plainToSee = new Set<Judged['rag_reason']['reason']>(['not_defined', 'no_figure', 'no_dated_figure', 'missing', 'no_target'])

type Unknown = NonNullable<NonNullable<Judged['target']>['unknown']>

const plainlyUnknown = new Set<Unknown['reason']>(['no_figure', 'no_value', 'held_elsewhere', 'judged_by_people'])

/** Whether a target shows by itself, or beside its figure, why it is not known to be met. */
export const isPlain = (reason: Unknown['reason']) => plainlyUnknown.has(reason)

export function judgementOf ({ rag, rag_reason: { reason, rule, text }, target, direction, change_significant: significant }: Judged): Judgement {
  const silent = plainToSee.has(reason) || (reason === 'target_unknown' && target?.unknown != null && isPlain(target.unknown.reason))
  return {
    colour: rag === 'not_judged' ? null : rag,
    text,
    telling: !silent && (target !== null || rule?.source !== 'default'),
    direction: direction === null ? null : plain(direction),
    significant
  }
}

/** The readings of a measure of which the judgement says something. */
export const tellingOf = (figures: MeasureFigures): Reading[] => [figures, ...figures.breakdowns].filter(({ judgement }) => judgement.telling)

const worstFirst = ['red', 'amber', 'green'] as const

/** The worst of the whole and its parts; null where none has a colour. */
export function colourOf (figures: MeasureFigures): Colour | null {
  const colours = tellingOf(figures).map(({ judgement }) => judgement.colour)
  return worstFirst.find(colour => colours.includes(colour)) ?? null
}

/** "significantly improved from", "up from"; where the two are not compared, only that one came before the other. */
export function changeWords ({ direction, change_significant: significant }: Judged): string {
  if (direction === 'not_comparable') return 'not comparable with'
  if (direction === 'no_change') return 'unchanged from'
  return direction === null ? 'before that' : `${bySignificance(direction, significant)} from`
}

/** "significantly worse than", "better than"; "" where the two are not compared, or neither is better and chance not told from difference. */
export function besideWords ({ gap, better, significance }: Compared): string {
  if (gap === null || (gap !== 0 && better === null && significance === null)) return ''
  if (gap === 0) return 'the same as'
  const side = better === null ? gap > 0 ? 'higher' : 'lower' : better ? 'better' : 'worse'
  return `${bySignificance(side, significance === null ? null : significance !== 'similar')} than`
}

const bySignificance = (words: string, significant: boolean | null) =>
  significant === null ? words : significant ? `significantly ${words}` : `${words} (not significantly)`
