// Areas as a kind; within is an area and all that lies inside it.
import { sql, type Expression, type SqlBool } from 'kysely'
import type { Fault } from '../../problems.js'
import { code, enumOf } from '../../http/schema.js'
import { column, filters, type Kind } from '../../db/kind.js'
import { applyAreas } from '../disclosures/publish.js'
import { Area, areaKinds } from './schema.js'

/** Codes of the area and of every area inside it. */
export const areasWithin = (code: string) => sql<string>`(
  with recursive inside (code) as (
    select ${code}::text collate "C"
    union
    select areas.code from areas join inside on areas.parent = inside.code
  ) select code from inside)`

export const areas: Kind = {
  table: 'areas',
  segment: 'areas',
  parameter: 'area',
  noun: 'area',
  owner: null,
  roles: { patch: 'admin', remove: 'admin' },
  written: 'Any editor may add one; one that is there is changed by administrators.',
  right: (_, __, ___, stored) => !stored || { because: 'Only administrators may change an area that is there.' },
  schema: Area,
  references: [{ path: 'parent', to: 'areas' }, { path: 'members.area', to: 'areas' }],
  filters: filters({
    kind: column(enumOf(areaKinds, 'Only areas of this kind.')),
    within: {
      schema: code('Only this area and all areas inside it.'),
      names: 'areas',
      where: (_, value): Expression<SqlBool> => sql`areas.code in ${areasWithin(value)}`
    }
  }),
  check: item => (item.members as unknown[]).length > 0 && item.kind !== 'comparator_group'
    ? [{ pointer: '/members', code: 'contradiction', detail: 'Only a comparator_group has members; areas inside an area name it as their parent.' } satisfies Fault]
    : [],
  follow: applyAreas
}
