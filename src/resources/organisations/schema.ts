// Organisations on the wire: who leads, provides data, delivers. No people.
import { code, enumOf, listOf, optional, resource, text, value } from '../../http/schema.js'
import { note } from '../schema.js'

export const organisationKinds = ['council', 'council_service', 'health', 'police', 'justice', 'education', 'voluntary', 'housing',
  'government', 'partnership', 'governance_group', 'collective', 'provider', 'other'] as const

export const Organisation = resource('Organisation', 'A body that owns plans, leads, provides data, delivers or governs.', {
  title: text('Full name.', 300, { examples: ['Nottingham City Clinical Commissioning Group'] }),
  kind: enumOf(organisationKinds, 'What sort of body it is; collective is a group named as one ("schools").'),
  identifiers: listOf(value({
    scheme: text('The register, such as "ODS", "GB-LAE", "URN".', 80),
    value: text('The identifier in that register.', 120)
  }, ['scheme', 'value'], 'An identifier in another register.'), 'Its identifiers elsewhere.', 50),
  parent: optional(code('The organisation it is part of.')),
  successor: optional(code('The organisation that took over from it.')),
  aliases: listOf(value({
    alias: text('As printed: "NCC", "the LA".', 200),
    plan: code('The plan in which the alias means this organisation; left out where it always does. The plan need not be held here.')
  }, ['alias'], 'Another name in print.'), 'Other printed names; the same alias may mean another organisation in another plan.', 100),
  note
}, { code: 'nottingham-city-ccg', title: 'Nottingham City Clinical Commissioning Group', kind: 'health', aliases: [{ alias: 'City CCG' }] })
