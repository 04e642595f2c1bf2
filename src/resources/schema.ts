// Values that several resources share: who does what, when something is due, how things relate.
import { Type } from '@sinclair/typebox'
import { code, date, enumOf, listOf, named, optional, text, value, whole, withDefault } from '../http/schema.js'

export const visibilities = ['public', 'partners', 'private'] as const

export const visibility = withDefault(enumOf(visibilities, 'Who may read it and all that hangs under it: everyone, any client with a key, or only its owner (of a measure: its steward) and administrators.'), 'partners')

export const note = optional(text('A remark for readers. No personal data.', 4000))

export const position = optional(whole({ maximum: 1_000_000, description: 'Place in the printed order; items without one come last, then by code.' }))

export const ref = optional(text('The printed number, without brackets or dots: "1a", "iv". Not an identity: it may be missing and may repeat.', 40, { examples: ['iv'] }))

export const ref_printed = optional(text('The number as printed, where it differs: "i) i)", "2.a".', 40))

export const linkRelations = ['same', 'definition_changed', 'replaced_by', 'narrowed', 'placeholder_realised', 'related'] as const

export const joinables = ['yes', 'no', 'partly'] as const

export const roles = ['lead', 'partner', 'commissioner', 'accountable', 'data_provider', 'funder', 'delivery', 'governance', 'reporter'] as const

export const Involvement = named('Involvement', value({
  organisation: code('The organisation; left out only where a marker says it is not known yet.', ['nottingham-city-ccg']),
  role: enumOf(roles, 'What the organisation does here. Lead, data_provider and delivery may also write figures.'),
  marker: enumOf(['tbc'], 'Printed instead of an organisation: "to be confirmed".'),
  label: text('What is printed beside the name, such as "1 SEND".', 200),
  inferred: Type.Boolean({ description: 'True where the document leaves it to the reader, such as a lead carried down a merged cell.' }),
  statutory: Type.Boolean({ description: 'True for a partner by law (Children Act 2004, section 10).' })
}, ['role'], 'An organisation in a role. Organisations only: people are not stored.'))

export const involvements = listOf(Involvement, 'Organisations and what they do here, in printed order.')

export const dueKinds = ['by', 'on', 'from', 'between', 'during', 'recurring', 'ongoing', 'tbc'] as const

export const Due = named('Due', value({
  kind: enumOf(dueKinds, 'How the date is meant.'),
  label: text('As printed: "by March 2017", "autumn 2013", "ongoing".', 200),
  earliest: date('First day it can mean.'),
  latest: date('Last day it can mean; overdue once it has passed and the thing is not achieved.'),
  inferred: Type.Boolean({ description: 'True where the year or the bounds are our reading.' })
}, ['kind', 'label'], 'When something is due, as honest as the document: a label with the first and last day it can mean.'))

export const due = optional(Due)

export const markers = Type.Unsafe<Record<string, string>>({
  type: 'object',
  propertyNames: { pattern: '^[a-z][a-z0-9_]{0,39}$' },
  additionalProperties: { type: 'string', minLength: 1, maxLength: 200 },
  maxProperties: 20,
  default: {},
  description: 'What the page prints instead of a content, by member: {"due": "tbc", "measures": "to_be_established"}.'
})

export const periodCode = (description: string) => text(`${description} A period code, such as "FY2017" or "FY2017-Q3"; a spelling that leaves no doubt, such as "2017/18", is kept as its code.`, 120, { examples: ['FY2017'] })

export const codes = (description: string) => {
  const list = listOf(code('A code.'), description)
  return Type.Unsafe<string[]>({ ...list, uniqueItems: true })
}

export const priorityLinks = (relations: readonly [string, ...string[]], description: string) => listOf(value({
  priority: code('A priority of the same plan.'),
  relation: enumOf(relations, 'How strongly: the first named is the main one.')
}, ['priority', 'relation'], 'A priority it serves.'), description)
