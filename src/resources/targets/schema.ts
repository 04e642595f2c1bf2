// Targets on the wire: what a measure is meant to reach, by when, set by whom. A target belongs to a measure; the plan
// that prints it is named.
import { Type } from '@sinclair/typebox'
import { code, date, enumOf, optional, resource, text, value, withDefault } from '../../http/schema.js'
import { breakdown as breakdownMap } from '../datapoints/schema.js'
import { units } from '../measures/schema.js'
import { note, periodCode } from '../schema.js'

export const targetKinds = ['absolute', 'range', 'relative', 'directional', 'change', 'milestone', 'external_reference'] as const
export const operators = ['at_least', 'at_most', 'equal', 'between', 'above', 'below', 'in_line', 'increase', 'decrease', 'reduce_by', 'increase_by'] as const
export const printedResults = ['met', 'not_met', 'partly_met', 'above', 'below', 'slightly_above', 'slightly_below'] as const

const number = (description: string) => optional(Type.Number({ description: `${description} In the target's unit; exact decimal of at most 15 significant digits.` }))

export const Target = resource('Target', 'What a measure is meant to reach. Of kind absolute a value; range two bounds; relative an operator against a comparator; directional only a direction; change a step from a baseline; milestone something that is there or not by a day; external_reference a value that another plan holds.', {
  kind: enumOf(targetKinds, 'What sort of target it is.'),
  plan: optional(code('The plan that sets it; its bundle carries it.')),
  area: optional(code("The area it is for; null: the plan's.")),
  breakdown: withDefault(Type.Unsafe<Record<string, string>>({ ...breakdownMap, description: 'The breakdown it is for, as in a datapoint; {} is the whole. Judged only against figures of that breakdown.' }), {}),
  operator: optional(enumOf(operators, 'How figure and value are compared; reduce_by and increase_by are steps from the baseline.')),
  level: withDefault(enumOf(['target', 'stretch', 'floor', 'national'], 'Which of several targets it is.'), 'target'),
  value: number('The value to reach; of a relative target the gap to the comparator (none: nought), of a change the step.'),
  lower: number('Lower bound of a range.'),
  upper: number('Upper bound of a range.'),
  unit: optional(enumOf(units, "Unit of its numbers; null: the measure's.")),
  comparator: optional(code('Area or comparator group that a relative target is measured against.')),
  baseline: optional(value({
    value: Type.Number({ description: 'Value at the start.' }),
    period: periodCode('Period of the baseline; left out where it is not said.')
  }, ['value'], 'Where a change starts from.')),
  period: optional(periodCode('The period whose figure is judged.')),
  by: optional(date('The day by which it is to be reached; a target has a period, a day, or neither.')),
  each_sub_area: withDefault(Type.Boolean({ description: 'True where every area inside must reach it ("in every ward").' }), false),
  set_by: optional(text('Who sets it: "national", "local", "Nottingham Plan".', 200)),
  printed: optional(text('The target as printed: "75%", "above the average of all Core Cities".', 500)),
  printed_result: optional(enumOf(printedResults, 'The result that the document itself prints.')),
  note
}, { code: 'target-1', kind: 'absolute', plan: 'plan-a', operator: 'at_most', value: 11.5, unit: 'percent', period: 'FY2017', set_by: 'local', printed: '11.5%' }, { measure: code('The measure it belongs to.', ['smoking-at-delivery']) })
