// Measures on the wire: what is counted, in what unit, and which way is better. A measure exists once and is listed in many plans.
import { Type } from '@sinclair/typebox'
import { code, date, enumOf, listOf, optional, resource, text, value, whole, withDefault } from '../../http/schema.js'
import { ragRule } from '../rag_rules/schema.js'
import { joinables, linkRelations, note, visibility } from '../schema.js'

export const units = ['percent', 'count', 'rate', 'ratio', 'score', 'currency', 'duration', 'index', 'percentage_point', 'text'] as const
export const frequencies = ['monthly', 'quarterly', 'termly', 'half_yearly', 'annual', 'irregular'] as const
export const yearKinds = ['financial', 'academic', 'calendar'] as const
export const timings = ['during', 'as_at', 'cumulative'] as const

const per = Type.Unsafe<number | null>({ type: ['integer', 'null'], format: 'int32', minimum: 1000, maximum: 100_000, enum: [1000, 10_000, 100_000, null], default: null, description: 'Base of a rate: per 1000, 10 000 or 100 000; null where it is no rate or the base is not said.' })

const bound = (which: string) => Type.Number({ description: `${which} level value that is accepted, in the measure's unit.` })

const disclosure = withDefault(value({
  rule: enumOf(['none', 'suppress'], 'none: published as supplied; suppress: small counts are hidden from readers.'),
  suppress_from: whole({ maximum: 1000, description: 'Smallest count that is hidden.' }),
  suppress_to: whole({ minimum: 1, maximum: 1000, description: 'Largest count that is hidden.' }),
  round_to: whole({ minimum: 2, maximum: 1000, description: 'Counts are published rounded to this base; left out: not rounded.' })
}, ['rule'], 'Disclosure control for counts, numerators and denominators in areas that are not a nation: what readers get instead of small ones, and of what would give them away. A change of it applies to all figures at once, and to what was known in the past.'), { rule: 'none' })

export const Measure = resource('Measure', 'Something that is measured. Its figures belong to it and an area, never to a plan, so a series runs across plans.', {
  title: text('Name of the measure.', 500, { examples: ['Women smoking at time of delivery'] }),
  definition: optional(text('What exactly is counted, of whom.', 8000)),
  unit: optional(enumOf(units, 'Unit of its level figures; null: not defined yet.')),
  per,
  decimals: optional(whole({ maximum: 10, description: 'Decimal places to show.' })),
  allowed: optional(value({ min: bound('Smallest'), max: bound('Largest') }, [], 'Range of level values that is accepted; a percentage without one is held to 0 to 100.')),
  polarity: withDefault(enumOf(['higher_is_better', 'lower_is_better', 'in_range', 'none'], 'Which way is better; none means the measure is not judged.'), 'none'),
  frequency: optional(enumOf(frequencies, 'How often a figure is due; null: not said, and nothing is owed.')),
  year_kind: optional(enumOf(yearKinds, 'How a year without a kind is read: "2016/17" is academic only where this says so.')),
  timing: withDefault(enumOf(timings, 'Whether figures are about the whole period, the state on a day, or a running total.'), 'during'),
  status: withDefault(enumOf(['placeholder', 'active', 'retired'], 'placeholder: listed but not defined yet; retired: no new figures are expected.'), 'active'),
  national_reference: optional(text('Reference in a national framework, such as "PH 1.04".', 80)),
  source: optional(text('Where the figures come from.', 1000)),
  steward: optional(code('Organisation that looks after the definition and may write all its figures.')),
  data_provider: optional(code('Organisation that supplies its figures for any area.')),
  dimensions: listOf(value({
    code: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', maxLength: 40, description: 'Code of the dimension, such as "subject".' }),
    title: text('Name.', 200),
    values: Type.Array(value({ code: code('Code of the value, such as "reading".'), title: text('Name.', 300) }, ['code', 'title'], 'A value.'),
      { maxItems: 1000, description: 'Its values.' })
  }, ['code', 'title', 'values'], 'A dimension by which figures are broken down.'), 'Dimensions and values that breakdowns of its figures may name.', 20),
  collection_lag_days: optional(whole({ maximum: 3650, description: 'Days from the end of a period until its figure is due.' })),
  disclosure,
  rag_rule: ragRule("How its figures are coloured; null: by the plan's rule."),
  breaks: listOf(value({
    from: date('First day of the new way of counting.'),
    area: code('The area where it changed; left out: everywhere.'),
    why: text('What changed.', 1000)
  }, ['from', 'why'], 'A break in the series.'), 'Breaks: figures before and after are not compared, and charts do not join them.', 100),
  links: listOf(value({
    measure: code('The other measure; need not be held here.'),
    relation: enumOf(linkRelations, 'How this measure relates to that one.'),
    joinable: enumOf(joinables, 'Whether the two series may be drawn as one.'),
    note: text('Why.', 1000)
  }, ['measure', 'relation'], 'A measure that this one continues, replaces or resembles.'), 'Related measures.', 100),
  visibility,
  note
}, { code: 'smoking-at-delivery', title: 'Women smoking at time of delivery', unit: 'percent', polarity: 'lower_is_better', frequency: 'annual', year_kind: 'financial', visibility: 'public' })
