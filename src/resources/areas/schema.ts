// Areas on the wire: places and comparator groups that figures are about.
import { code, date, enumOf, listOf, optional, resource, text, value, whole } from '../../http/schema.js'
import { note } from '../schema.js'

export const areaKinds = ['nation', 'region', 'county', 'unitary', 'metropolitan_district', 'district', 'ward', 'nhs', 'police_force',
  'locality', 'comparator_group', 'other'] as const

export const Area = resource('Area', 'A place, or a group of places that a figure is compared with. Its code is the GSS code where there is one (ONS Register of Geographic Codes).', {
  title: text('Name.', 300, { examples: ['Nottingham'] }),
  kind: enumOf(areaKinds, 'What sort of area it is; statistical neighbours and the Core Cities are comparator groups.'),
  parent: optional(code('The area it lies in.')),
  members: listOf(value({
    area: code('A member of the group.'),
    from: date('First day of membership.'),
    to: date('Last day of membership.')
  }, ['area'], 'A member of a comparator group.'), 'Members of a comparator group; may be incomplete where the document names only some.'),
  member_count: optional(whole({ maximum: 100_000, description: 'How many members the group has, named or not (137 youth offending teams).' })),
  note
}, { code: 'E06000018', title: 'Nottingham', kind: 'unitary', parent: 'E12000004' })
