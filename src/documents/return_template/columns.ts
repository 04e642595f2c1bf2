// The columns of a return template: those of a delivery that a person fills in, and beside them what helps to do so. The
// words are those of the wire, so that the file comes back as a delivery without a change.
import type { TProperties } from '@sinclair/typebox'
import { written } from '../../resources/datapoints/schema.js'
import { PlanMeasure } from '../../resources/plan_measures/schema.js'

export const columns = ['measure', 'area', 'period', 'breakdown', 'value', 'numerator', 'denominator', 'status', 'missing', 'note',
  'measure_title', 'area_title', 'unit', 'plan', 'plan_measure', 'ref',
  'last_period', 'last_value', 'last_numerator', 'last_denominator', 'last_status', 'last_missing'] as const

export type ColumnName = typeof columns[number]

/** Left blank, to be typed into. */
export const toFill = ['value', 'numerator', 'denominator', 'status', 'missing', 'note'] as const satisfies ColumnName[]

export const numbers: ReadonlySet<ColumnName> = new Set<ColumnName>(['value', 'numerator', 'denominator', 'last_value', 'last_numerator', 'last_denominator'])

/** Cells as text, numbers as exact decimals; null is an empty cell. */
export type Row = Record<ColumnName, string | null>

/** Members of a figure that are shown of the latest one. */
export const lasts = ['period', 'value', 'numerator', 'denominator', 'status', 'missing'] as const

const aboutLast: Record<typeof lasts[number], string> = {
  period: 'Period of the latest figure with a date that is held here up to the period asked for; empty where there is none.',
  value: 'Its value.',
  numerator: 'Its numerator.',
  denominator: 'Its denominator.',
  status: 'How final it is.',
  missing: 'Why it has no value.'
}

const about: Partial<Record<ColumnName, string>> = {
  period: 'Period of the figure as a code. Where it is empty, type a code or a spelling such as "2016/17", "2017/18 Q3", "Year to Dec 2016".',
  breakdown: 'The part that the row is about, such as subject=reading; empty for the whole.',
  measure_title: 'Title of the measure.',
  area_title: 'Title of the area.',
  unit: 'Unit of value.',
  plan: 'Code of the plan that lists the measure; several are joined by "; ".',
  plan_measure: 'Code of the line in that plan; of several plans in the same order.',
  ref: `${PlanMeasure.fields.ref.description!} Several are joined by "; ".`,
  ...Object.fromEntries(lasts.map(name => [`last_${name}`, aboutLast[name]]))
}

/** What a column holds, in the words of the API's own document where it has them. */
const aboutOf = (name: ColumnName): string =>
  about[name] ?? (written as TProperties)[name]!.description!.replaceAll(/\bnull\b/g, 'empty')

export const tableColumns = columns.map(name => ({ name, about: aboutOf(name), number: numbers.has(name) }))
