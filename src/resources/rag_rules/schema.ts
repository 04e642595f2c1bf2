// A rule by which figures are coloured, on the wire: on a measure, or on a plan for all its measures that have none.
import { Type } from '@sinclair/typebox'
import { enumOf, named, optional, value, whole } from '../../http/schema.js'

export const ragRuleKinds = ['tolerance', 'thresholds', 'band', 'floor', 'previous', 'profile'] as const

const bound = (description: string) => Type.Number({ description: `${description} In the unit of the measure.` })

const RagRule = named('RagRule', value({
  kind: enumOf(ragRuleKinds, 'tolerance: amber within a distance of the target; thresholds: the last green and the last amber value; band: green and amber between two values each; floor: amber from the floor to the target; previous: a missed target is amber where the figure is better than the one before; profile: a running total against the share of the year\'s target that is due by then.'),
  version: whole({ minimum: 1, maximum: 1_000_000, description: 'Counts the changes of the rule. A rule that differs from the one held needs a higher version, so that judgements can be told apart.' }),
  polarity: enumOf(['higher_is_better', 'lower_is_better', 'in_range'], 'Which way is better; left out: as the measure says.'),
  forecasts: Type.Boolean({ description: 'true: a forecast or a projection is judged like an outturn; left out: it is not judged.' }),
  amber: Type.Number({ minimum: 0, description: 'tolerance and profile: how far from the target is still amber. thresholds: the last amber value, in the unit of the measure.' }),
  unit: enumOf(['percent', 'points'], 'tolerance and profile: whether amber is per cent of the target, or points in the unit of the measure.'),
  green: bound('thresholds: the last green value.'),
  green_lower: bound('band: where green begins.'),
  green_upper: bound('band: where green ends.'),
  amber_lower: bound('band: where amber begins.'),
  amber_upper: bound('band: where amber ends.'),
  floor: bound("floor: the last amber value; left out: the plan's target of level floor."),
  shares: Type.Array(Type.Number({ minimum: 0, maximum: 1000, description: 'Per cent of the target of the year.' }), { minItems: 4, maxItems: 4, description: 'profile: per cent of the target of the year that is due by the end of each financial quarter; left out: 25, 50, 75, 100.' })
}, ['kind', 'version'], 'A rule by which figures are red, amber or green. A judgement carries the rule, the numbers it used and a sentence. Without a rule a target that is met is green, and one that is missed is red.'))

export const ragRule = (description: string) => optional(Type.Unsafe<Record<string, unknown>>({ ...RagRule, description }))
