// Datapoints on the wire: the flat row that is the same in JSON, CSV, OData and SQL, and what a writer may send of it.
import { Type, type TProperties, type TSchema } from '@sinclair/typebox'
import { code, codePattern, date, enumOf, instant, listOf, named, nullable, openEnum, optional, text, whole } from '../../http/schema.js'
import { units } from '../measures/schema.js'

export const statistics = ['level', 'rank', 'gap', 'change', 'percent_change'] as const
export const bounds = ['exact', 'over', 'at_least', 'under', 'at_most', 'around'] as const
export const statuses = ['final', 'provisional', 'forecast', 'estimated', 'projected', 'not_stated'] as const
export const missings = ['tbc', 'new_indicator', 'not_yet_published', 'not_available', 'not_applicable', 'not_collected', 'suppressed', 'low', 'not_stated'] as const
export const qualifiers = ['break', 'low_reliability', 'definition_differs', 'period_inferred', 'period_approximate', 'area_differs', 'breakdown_inferred'] as const
export const rankBases = ['highest', 'lowest', 'best'] as const

const number = (description: string) => Type.Number({ description: `${description} Exact decimal of at most 15 significant digits.` })

export const breakdown = Type.Unsafe<Record<string, string>>({
  type: 'object',
  propertyNames: { pattern: '^[a-z][a-z0-9_]{0,39}$' },
  additionalProperties: { type: 'string', pattern: codePattern, maxLength: 80 },
  maxProperties: 10,
  description: 'Dimension to value code: {"subject": "reading"}; {} is the whole. In CSV and queries the canonical text "subject=reading", sorted by dimension, joined by ";".'
})

/** What a writer supplies, in the order of the row. */
export const written = {
  measure: code('Code of the measure.', ['smoking-at-delivery']),
  area: code('Code of the area.', ['E06000018']),
  period: text('Period code, such as "FY2016"; on write also the generous spellings "2016/17", "2017/18 Q3", "Year to Dec 2016".', 120, { examples: ['FY2016'] }),
  period_label: optional(text('The period as printed.', 200)),
  breakdown,
  statistic: enumOf(statistics, 'level is the measure itself; rank and gap are against another area or group, change and percent_change against a base period.'),
  against: optional(code('Area or comparator group that a rank or gap is against.')),
  base_period: optional(text('Period code that a change is against; null where the document does not say.', 120)),
  value: optional(number("The figure, in the row's unit (a percentage is 17.2, not 0.172).")),
  numerator: optional(number('Numerator or count behind the value.')),
  denominator: optional(number('Denominator or population behind the value; above 0.')),
  lower_95: optional(number("Lower 95 % confidence limit, in the value's unit.")),
  upper_95: optional(number("Upper 95 % confidence limit, in the value's unit.")),
  bound: optional(enumOf(bounds, 'Whether the value is exact or a limit ("over 72 %"); null without a value.')),
  status: enumOf(statuses, 'How final the figure is.'),
  missing: optional(enumOf(missings, 'Why there is no value; null where there is one.')),
  qualifiers: listOf(enumOf(qualifiers, 'A qualifier.'), 'What a reader must know about the figure.', 10),
  rank_of: optional(whole({ minimum: 1, maximum: 100_000, description: 'Of how many a rank is (136 of 137).' })),
  rank_basis: optional(enumOf(rankBases, 'What rank 1 means.')),
  printed: optional(text('The figure as printed: "93. 1%", "5.00%", "New indicator".', 200)),
  note: optional(text('A remark. No personal data.', 4000)),
  source: optional(text('Where the figure comes from.', 1000)),
  provider: optional(code('Organisation that supplied it.'))
} satisfies TProperties

const derived = {
  period_kind: text('Kind of period, such as financial_year.', 40),
  period_start: optional(date('First day of the period; null where undated.')),
  period_end: optional(date('Last day of the period; null where undated.')),
  unit: optional(enumOf(units, 'Unit of the value; it follows the statistic: the change of a percentage is in percentage points.')),
  per: optional(whole({ minimum: 1, description: 'Base of a rate.' })),
  shorthand: optional(text('GSS shorthand marks, joined: [p] provisional, [f] forecast, [e] estimated, [r] revised, [c] suppressed, [x] not available, [z] not applicable, [low], [b] break, [u] low reliability.', 80)),
  revision: whole({ minimum: 1, description: 'Counts the changes of this figure, from 1.' }),
  revised: Type.Boolean({ description: 'True where the figure has changed since it was first recorded.' }),
  recorded_at: instant('When this revision was recorded.'),
  deleted: Type.Boolean({ description: 'True for a withdrawn figure.' })
} satisfies TProperties

const all: Record<string, TSchema> = { ...written, ...derived }

/** The row's columns in the contract's order (section 3). */
export const columns = ['measure', 'area', 'period', 'period_label', 'period_kind', 'period_start', 'period_end', 'breakdown', 'statistic',
  'against', 'base_period', 'value', 'numerator', 'denominator', 'lower_95', 'upper_95', 'unit', 'per', 'bound', 'status', 'missing',
  'qualifiers', 'shorthand', 'rank_of', 'rank_basis', 'printed', 'note', 'source', 'provider', 'revision', 'revised', 'recorded_at', 'deleted'] as const

export const Datapoint = named('Datapoint', Type.Object(
  {
    ...Object.fromEntries(columns.map(name => [name, all[name]!])),
    measure_title: Type.Optional(text('Title of the measure, where titles=true asked for it.', 500)),
    area_title: Type.Optional(text('Title of the area, where titles=true asked for it.', 300))
  },
  {
    additionalProperties: false,
    description: 'One figure: a measure in an area at a period, with everything needed to read it.',
    examples: [{
      measure: 'smoking-at-delivery',
      area: 'E06000018',
      period: 'FY2016',
      period_label: '2016/17',
      period_kind: 'financial_year',
      period_start: '2016-04-01',
      period_end: '2017-03-31',
      breakdown: {},
      statistic: 'level',
      against: null,
      base_period: null,
      value: 17.2,
      numerator: null,
      denominator: null,
      lower_95: null,
      upper_95: null,
      unit: 'percent',
      per: null,
      bound: 'exact',
      status: 'not_stated',
      missing: null,
      qualifiers: [],
      shorthand: null,
      rank_of: null,
      rank_basis: null,
      printed: null,
      note: null,
      source: null,
      provider: null,
      revision: 1,
      revised: false,
      recorded_at: '2017-06-30T09:00:00.226119Z',
      deleted: false
    }]
  }))

const { measure, area, period, ...rest } = written

const correctable = Object.fromEntries(Object.entries<TSchema>({ ...rest, deleted: derived.deleted })
  .map(([name, schema]) => [name, Type.Optional(nullable(schema))]))

const echo = Type.Optional(Type.Unknown({ description: 'May be sent back from an export; ignored, but unit, per, period_start and period_end must agree.' }))

const returned = Object.fromEntries([
  'period_kind', 'period_start', 'period_end', 'unit', 'per', 'shorthand', 'revision', 'revised', 'recorded_at', 'measure_title', 'area_title'
].map(name => [name, echo]))

const control = {
  expected_revision: Type.Optional(nullable(whole({ maximum: 1_000_000_000, description: 'Revision this was made from; 0: there must be none yet. Refused as stale_revision otherwise, except where the row says what is stored already.' }))),
  reason: Type.Optional(nullable(text('Why the figure is corrected.', 500)))
}

/** One row of a delivery. */
export const DatapointRow = named('DatapointRow', Type.Object({ measure, area, period, ...correctable, ...returned, ...control }, {
  additionalProperties: false,
  description: 'A row of a delivery: a correction, not a replacement. What it leaves out stays as stored, null clears. Needs measure, area, period and a value, numerator or missing.',
  examples: [{ measure: 'smoking-at-delivery', area: 'E06000018', period: '2016/17', value: 17.2 }]
}))

const { breakdown: _, statistic: __, against: ___, base_period: ____, ...contents } = correctable

/** A row without its key, for the address of one figure. */
export const FigureBody = named('FigureBody', Type.Object({ ...contents, ...returned, ...control }, {
  additionalProperties: false,
  description: 'A row without its key: what is left out stays as stored, null clears.',
  examples: [{ value: 17.2 }]
}))

export const rowProblemCodes = ['unknown_column', 'missing_column', 'unknown_measure', 'unknown_area', 'unknown_organisation', 'unknown_breakdown',
  'missing_value', 'value_and_missing', 'invalid_value', 'invalid_period', 'ambiguous_period', 'out_of_range', 'duplicate_key', 'stale_revision',
  'contradiction', 'not_permitted'] as const

const count = (what: string) => whole({ description: what })

export const RowWarning = named('RowWarning', Type.Object({
  code: openEnum(['same_bounds', 'not_filled_in', 'read_as_windows_1252'], 'same_bounds: a figure with the same first and last day is held under another kind of period; not_filled_in: rows of a return into which nothing was typed; read_as_windows_1252: the text was not UTF-8.'),
  detail: Type.String({ description: 'What to look at.' }),
  rows: Type.Array(whole(), { maxItems: 100, description: 'The first 100 rows, counted as those of problems; none where it is about the whole delivery.' }),
  row_count: count('How many rows.')
}, { additionalProperties: false, description: 'Something to look at that is no fault.' }))

export const Series = named('Series', Type.Object({
  area: code('The area.'),
  breakdown,
  statistic: enumOf(statistics, 'The statistic.'),
  against: optional(code('Area or group that a rank or gap is against.')),
  base_period: optional(text('Period that a change is against.', 120)),
  rank_basis: optional(enumOf(rankBases, 'What rank 1 means.')),
  first_period: text('Code of the first period with a figure.', 120),
  last_period: text('Code of the last period with a figure; an undated one only where there is no other.', 120),
  count: whole({ minimum: 1, description: 'Number of figures, withdrawn ones not counted.' })
}, {
  additionalProperties: false,
  description: 'A run of figures that can be drawn as one line.',
  examples: [{
    area: 'E06000018',
    breakdown: {},
    statistic: 'level',
    against: null,
    base_period: null,
    rank_basis: null,
    first_period: 'FY2015',
    last_period: 'FY2016',
    count: 2
  }]
}))
