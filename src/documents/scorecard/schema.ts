// The scorecard on the wire.
import { Type, type TSchema } from '@sinclair/typebox'
import { code, date, enumOf, named, nullable, openEnum, text, whole } from '../../http/schema.js'
import { breakdown, bounds, missings, statuses } from '../../resources/datapoints/schema.js'
import { units } from '../../resources/measures/schema.js'
import { ragRuleKinds } from '../../resources/rag_rules/schema.js'
import { involvements } from '../../resources/schema.js'
import { operators, printedResults, targetKinds } from '../../resources/targets/schema.js'

export const directions = ['improved', 'worsened', 'no_change', 'up', 'down', 'not_comparable'] as const
export const significances = ['better', 'worse', 'higher', 'lower', 'similar'] as const
export const notJudgedReasons = ['not_defined', 'no_figure', 'no_dated_figure', 'missing', 'no_value', 'inexact_value', 'forecast', 'no_polarity',
  'no_target', 'target_unknown', 'target_not_due', 'no_floor', 'no_previous', 'no_share'] as const
export const unknownReasons = ['no_figure', 'no_value', 'inexact_value', 'other_period', 'no_comparator_figure', 'no_interval', 'no_baseline',
  'base_not_stated', 'no_previous', 'sub_areas_missing', 'held_elsewhere', 'judged_by_people', 'other_unit'] as const

const number = (description: string) => Type.Unsafe<number | null>({ type: ['number', 'null'], description })
const words = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description })
const truth = (description: string) => Type.Unsafe<boolean | null>({ type: ['boolean', 'null'], description })
const wholeOrNull = (description: string) => Type.Unsafe<number | null>({ ...whole({ description }), type: ['integer', 'null'] })
const object = <P extends Record<string, TSchema>>(members: P, description: string) =>
  Type.Object(members, { additionalProperties: false, description })
const orNull = (schema: TSchema, description: string) => Type.Union([schema, Type.Null()], { description })
const oneOf = (values: readonly string[], description: string) => nullable(enumOf(values as readonly [string, ...string[]], description))

const period = Type.String({ description: 'Period code.' })
const inUnit = 'in the unit of the measure'

const Latest = object({
  period,
  period_label: Type.String({ description: 'The period as printed, else by name.' }),
  period_end: date('Last day of the period.'),
  value: number(`The value, ${inUnit}; null where it is missing.`),
  numerator: number('Numerator, where there is one.'),
  denominator: number('Denominator, where there is one.'),
  bound: oneOf(bounds, 'Whether the value is exact.'),
  status: enumOf(statuses, 'How final it is.'),
  missing: oneOf(missings, 'Why there is no value.'),
  shorthand: words('Marks of the Government Statistical Service: [p], [f], …'),
  revision: whole({ minimum: 1, description: 'Its revision.' })
}, 'The latest level figure with a date, of the kind the frequency of the measure names where there is one.')

const Previous = object({ period, value: number(`The value, ${inUnit}.`) }, 'The latest earlier figure of the same kind and length of period that does not overlap it.')

const Target = object({
  target: code('Code of the target.'),
  kind: enumOf(targetKinds, 'What sort of target it is.'),
  level: enumOf(['target', 'stretch', 'floor', 'national'], 'Which of several.'),
  operator: oneOf(operators, 'How figure and value are compared.'),
  value: number('The value of the target as it stands.'),
  lower: number(`What the figure has to reach at least, ${inUnit}; worked out from comparator or baseline where need be.`),
  upper: number(`What the figure may be at most, ${inUnit}.`),
  period: words('The period whose figure is judged.'),
  by: words('The day by which it is to be reached.'),
  due: Type.Boolean({ description: 'True where it is due by the end of the period of the latest figure; a target without a date always is.' }),
  gap: number(`The figure less the bound that it misses, or the nearest one; ${inUnit}.`),
  met: truth('Whether the latest figure meets it; null where that is not known.'),
  unknown: orNull(object({ reason: openEnum(unknownReasons, 'Why, as a code.'), text: text('Why, in words.', 1000) }, 'Why it is not known.'), 'Why met is null.'),
  printed: words('The target as printed.'),
  printed_result: oneOf(printedResults, 'The result that the document itself prints.'),
  words: text('The target in words.', 1000)
}, 'A target of the plan, held against the latest figure.')

const Rank = object({
  place: Type.Number({ description: 'The place: 1 is the first by its basis.' }),
  of: wholeOrNull('How many are ranked; null where it is not said.'),
  basis: oneOf(['best', 'highest', 'lowest'], 'What place 1 means.'),
  printed: Type.Boolean({ description: 'true: as a document prints it; false: worked out from the figures of all members.' })
}, 'The place of the area among the members of the group.')

const Comparator = object({
  area: code('The area or group.'),
  title: text('Its name.', 300),
  value: number(`Its figure, ${inUnit}.`),
  missing: oneOf(missings, 'Why it has none.'),
  period,
  same_period: Type.Boolean({ description: 'false: there is none of the period of the latest figure, so the latest of the same kind is shown and nothing is compared.' }),
  gap: number(`The figure of the line less this one, ${inUnit}.`),
  better: truth('Whether the area of the line does better; null without a polarity, where both are equal, or where they are not compared.'),
  significance: oneOf(significances, 'Whether its figure lies outside the 95 % interval of the line, and which way; null where there is no interval.'),
  rank: orNull(Rank, 'The place among the members of a group; null where it is not known.')
}, 'How the area stands beside another.')

const Interval = object({
  lower: Type.Number({ description: `Lower limit, ${inUnit}.` }),
  upper: Type.Number({ description: `Upper limit, ${inUnit}.` }),
  level: whole({ maximum: 100, description: 'Confidence level in per cent.' }),
  method: enumOf(['published', 'wilson', 'byar', 'exact_poisson'], 'As published with the figure; else Wilson for percentages, Byar for counts and rates from 10 events on, exact Poisson below.')
}, 'The confidence interval of the latest figure.')

const Trend = object({
  direction: enumOf(['increasing', 'decreasing', 'none'], 'Which way, where it is significant.'),
  significant: Type.Boolean({ description: 'Whether it is more than chance would make, at 99.8 %.' }),
  points: whole({ description: 'How many periods were tested.' }),
  method: enumOf(['chi_squared_trend'], 'The test.')
}, 'The trend over the last five periods that do not overlap.')

const Reason = object({
  reason: nullable(openEnum(notJudgedReasons, 'Why there is no colour; null where there is one.')),
  rule: orNull(Type.Unsafe<object>({
    type: 'object',
    properties: {
      source: enumOf(['measure', 'plan', 'default'], 'Where the rule comes from.'),
      kind: enumOf(ragRuleKinds, 'Which rule.'),
      version: whole({ description: 'Its version.' })
    },
    required: ['source', 'kind', 'version'],
    additionalProperties: true,
    description: 'The rule as it stands on the measure or the plan, and where it comes from.'
  }), 'The rule.'),
  inputs: Type.Unsafe<Record<string, number | string | null>>({ type: 'object', additionalProperties: { type: ['number', 'string', 'null'] }, description: 'The numbers that were used: period, value, target, lower, upper, floor, previous.' }),
  text: text('The judgement in a sentence.', 2000)
}, 'How the colour came about.')

export const ScorecardLine = named('ScorecardLine', object({
  plan_measure: code('The line of the plan.'),
  ref: words('Its printed number.'),
  title: text("Title as published, or the measure's.", 1000),
  measure: code('The measure.'),
  area: code('The area it is judged in.'),
  breakdown: Type.Unsafe<Record<string, string>>({ ...breakdown, description: 'The breakdown; {} is the whole.' }),
  outcome: words('Its outcome.'),
  priority: words('Its priority, or the main one.'),
  organisations: involvements,
  unit: oneOf(units, 'Unit of its figures.'),
  per: wholeOrNull('Base of a rate.'),
  polarity: enumOf(['higher_is_better', 'lower_is_better', 'in_range', 'none'], 'Which way is better.'),
  latest: orNull(Latest, 'The latest figure; null where there is none with a date.'),
  previous: orNull(Previous, 'The figure before it.'),
  change: number(`Latest less previous, ${inUnit}; null where they cannot be compared.`),
  change_significant: truth('Whether the previous figure lies outside the 95 % interval of the latest; null where there is no interval.'),
  direction: oneOf(directions, 'improved, worsened or no_change with a polarity; up, down or no_change without; not_comparable across a break.'),
  target: orNull(Target, "The plan's target that counts: for the period of the latest figure, else the next that is due, else one without a date."),
  further_targets: Type.Array(Target, { description: 'The other targets that the plan sets for it.' }),
  progress: number('How much of the way from the baseline of the target to its value is done, in per cent.'),
  comparators: Type.Array(Comparator, { description: 'The comparators that have a figure or a rank, in order.' }),
  interval: orNull(Interval, 'The interval of the latest figure; null where it cannot be worked out.'),
  trend: orNull(Trend, 'The trend; null where it cannot be tested, as notes say.'),
  rag: enumOf(['red', 'amber', 'green', 'not_judged'], 'The colour.'),
  rag_reason: Reason,
  due: orNull(object({
    next_period: Type.String({ description: 'Period of the next figure that is owed.' }),
    due_on: date('Last day on which it is in time.'),
    overdue: Type.Boolean({ description: 'Whether that day has passed.' })
  }, 'The next figure that is owed.'), 'The earliest figure of the plan that is owed for the line and not here yet; null where none is.'),
  undated: Type.Array(object({
    period, value: number(`The value, ${inUnit}.`), missing: oneOf(missings, 'Why there is none.'), printed: words('As printed.')
  }, 'A figure without a date.'), { description: 'Level figures without a date, which are never latest or compared.' }),
  notes: Type.Array(Type.String(), { description: 'What a reader must know beside the numbers.' })
}, 'A line of the plan, judged.'))

const counts = {
  lines: whole({ description: 'Lines.' }),
  red: whole({ description: 'Red.' }),
  amber: whole({ description: 'Amber.' }),
  green: whole({ description: 'Green.' }),
  not_judged: whole({ description: 'Not judged.' }),
  improved: whole({ description: 'Improved since the figure before.' }),
  worsened: whole({ description: 'Worsened.' }),
  no_change: whole({ description: 'Unchanged.' }),
  overdue: whole({ description: 'With a figure that is overdue.' })
}

export const Scorecard = named('Scorecard', object({
  plan: code('The plan.'),
  title: text('Its title.', 500),
  area: words("The area asked for, or the plan's."),
  period: words('The period asked for: figures that end after it are left out.'),
  as_of: words('The instant asked for.'),
  lines: Type.Array(ScorecardLine, { description: 'A line for each plan measure; where the area has only broken-down figures, one for each breakdown; and one for each breakdown that has a target of its own.' }),
  summary: object({
    ...counts,
    priorities: Type.Array(object({ priority: words('Code of the priority; null for lines that have none.'), ...counts }, 'The lines of a priority.'), { description: 'By priority, in printed order.' }),
    organisations: Type.Array(object({ organisation: code('Code of the organisation.'), ...counts }, 'The lines in which it has a role.'), { description: 'By organisation, by code; a line counts for each organisation that has a role in it.' })
  }, 'How many lines are what.')
}, 'The lines of a plan, judged: better than before, than the target, than others, each with its method and reason.'))
