// Statements on the wire: what a plan says in words or coded form beside its measures, such as themes, aims, success
// statements, comparisons, cautions, context figures and the equality table.
import { Type } from '@sinclair/typebox'
import { code, enumOf, fifteenDigits, optional, resource, text, value, whole, withDefault } from '../../http/schema.js'
import { bounds } from '../datapoints/schema.js'
import { note, position } from '../schema.js'

export const statementKinds = ['theme', 'aim', 'success', 'impact', 'scope', 'rationale', 'comparison', 'trend', 'target_attainment', 'availability', 'caution',
  'method_change', 'figure', 'status_summary', 'equality', 'reference'] as const

export const directions = ['higher', 'lower', 'better', 'worse', 'above', 'below', 'similar', 'increased', 'decreased', 'improved', 'worsened', 'stable', 'no_change',
  'highest', 'lowest', 'gap_narrowed', 'gap_widened', 'met', 'not_met', 'slightly_above', 'slightly_below', 'not_yet_published', 'no_history'] as const

export const data = {
  direction: enumOf(directions, 'Which way.'),
  measure: code('The measure it is about, where that stands on no line.'),
  area: code("The area it is about; left out: the plan's."),
  against: code('The area or group it compares with.'),
  against_printed: text('What it compares with as printed, where that is no area held here: "previous year", "1998 baseline".', 300),
  significance: enumOf(['significant', 'not_significant'], 'Whether the document calls it statistically significant; left out where it does not say.'),
  value: text('The figure as printed: "75000", "16 and 36".', 200),
  number: Type.Number({ description: 'The figure as a number, where it is one.' }),
  unit: text('What is counted: "schools", "GBP".', 100),
  bound: enumOf(bounds, 'Whether the number is exact or a limit; left out: exact.'),
  period: text('The period as printed.', 200),
  total: whole({ maximum: fifteenDigits, description: 'How many there are in all.' }),
  counts: Type.Unsafe<Record<string, number>>({
    type: 'object',
    propertyNames: { pattern: '^[a-z][a-z0-9_]{0,39}$' },
    additionalProperties: whole({ maximum: fifteenDigits }),
    maxProperties: 30,
    description: 'How many of each status; they need not add up to the total: {"achieved": 19, "on_track": 42}.'
  }),
  characteristic: text('The protected characteristic or group.', 300),
  positive: text('Whether a positive impact is expected, as printed.', 200),
  adverse: text('Whether an adverse impact is expected, as printed.', 200),
  unmet: text('Whether there is unmet need, as printed.', 200),
  evidence: text('The evidence for it.', 4000),
  url: text('Address of what is referred to, as printed.', 2000)
}

export const Statement = resource('Statement', 'Something the plan says beside its measures: a theme, an aim, what success looks like, a coded comparison or trend, a caution, a context figure, a row of the equality table, a reference.', {
  kind: enumOf(statementKinds, 'What sort of statement it is.'),
  text: optional(text('What it says; null where the coded form says all.', 8000)),
  priority: optional(code('The priority it is about.')),
  outcome: optional(code('The outcome it is about.')),
  plan_measure: optional(code('The line it is about.')),
  action: optional(code('The action it is about.')),
  position,
  data: withDefault(value(data, [], 'Its coded form. comparison, trend, target_attainment, availability, caution, method_change: direction, measure, area, against, against_printed, significance, period; figure: value, number, unit, bound, period; status_summary: total, counts, period; equality: characteristic, positive, adverse, unmet, evidence; reference: url.'), {}),
  note
}, { code: 'statement-1', kind: 'comparison', text: 'Significantly higher than England.', plan_measure: 'N16-1d-02', position: 1, data: { direction: 'higher', against: 'E12000004', significance: 'significant', period: '2016/17' } })
