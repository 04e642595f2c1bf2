// A bundle on the wire: one plan with all it owns and names, as one document.
import { Type, type TSchema } from '@sinclair/typebox'
import type { Kind } from '../db/kind.js'
import { named, whole } from '../http/schema.js'
import { areas } from '../resources/areas/kind.js'
import { DatapointRow, RowWarning, written } from '../resources/datapoints/schema.js'
import { measures } from '../resources/measures/kind.js'
import { organisations } from '../resources/organisations/kind.js'
import { Plan } from '../resources/plans/schema.js'
import { sections } from '../resources/sections.js'

export const format = 'outturn-bundle/1'

/** Registers come first, so that a reader meets what is named before it is used. */
export const registers: Kind[] = [organisations, areas, measures]

const itemOf = ({ id, item }: Kind['schema']) => named(`${id}Item`, item)

const list = (item: TSchema, description: string) => Type.Optional(Type.Array(item, { maxItems: 100_000, description }))

export const Bundle = named('Bundle', Type.Object({
  format: Type.Literal(format, { description: 'Form of the document.' }),
  partial: Type.Optional(Type.Boolean({ description: 'True where the caller may not see everything; such a bundle is refused by PUT.' })),
  plan: itemOf(Plan),
  ...Object.fromEntries(registers.map(kind => [kind.table, list(itemOf(kind.schema), 'Every one that the bundle names. PUT adds and updates; none is removed.')])),
  ...Object.fromEntries(sections.map(kind => [kind.table, list(itemOf(kind.schema), 'The whole section: PUT makes it exactly this; left out, it is left alone.')])),
  datapoints: list(DatapointRow, "Figures of the plan's measures in its area, inside it and in its comparators, at their latest revision. PUT adds and corrects; none is removed.")
}, {
  additionalProperties: false,
  description: 'A plan with all it owns and names. GET is canonical: fixed order, null members left out, so that GET, PUT, GET is byte-identical.',
  examples: [{ format, plan: { code: 'example-plan', title: 'Example plan', owner: 'example-council' }, organisations: [{ code: 'example-council', title: 'Example Council', kind: 'council' }] }]
}))

export type BundleBody = {
  format: typeof format
  partial?: boolean
  plan: Record<string, unknown> & { code: string }
  datapoints?: Array<Record<string, unknown>>
} & { [section: string]: Array<Record<string, unknown> & { code: string }> | undefined }

/** Columns of a datapoint in a bundle: those a writer supplies. */
export const figureColumns = Object.keys(written)

const count = whole({ description: 'How many.' })

const SectionCounts = named('SectionCounts', Type.Object({ created: count, updated: count, unchanged: count, deleted: count }, {
  additionalProperties: false, description: 'Items of a section by what came of them.'
}))

export const BundleReceipt = named('BundleReceipt', Type.Object({
  result: Type.Unsafe<string>({ type: 'string', enum: ['applied', 'validated', 'unchanged'], description: 'applied, validated by a dry run, or unchanged: the bundle says what is stored.' }),
  dry_run: Type.Boolean({ description: 'True: nothing was written.' }),
  sections: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: SectionCounts, description: 'Counts for each section sent.' }),
  problems: Type.Array(Type.Unknown(), { description: 'Always empty here; faults are answered as a problem.' }),
  warnings: Type.Array(RowWarning, { description: 'Things to look at in the datapoints.' })
}, { additionalProperties: false, description: 'What came of a bundle.' }))
