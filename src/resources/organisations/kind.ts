// Organisations as a kind: what they refer to and how they are filtered.
import { enumOf } from '../../http/schema.js'
import { column, filters, type Kind } from '../../db/kind.js'
import { edits } from '../../db/record_rights.js'
import { Organisation, organisationKinds } from './schema.js'

export const organisations: Kind = {
  table: 'organisations',
  segment: 'organisations',
  parameter: 'organisation',
  noun: 'organisation',
  owner: null,
  roles: { remove: 'admin' },
  written: 'Any editor may add one; one that is there is changed by its own editors and by administrators, who alone delete it.',
  right: ({ actor }, _, { code }, stored) => !stored || edits(actor, code) || { because: 'Only editors of the organisation itself, and administrators, may change one that is there.' },
  schema: Organisation,
  references: [{ path: 'parent', to: 'organisations' }, { path: 'successor', to: 'organisations' }],
  loose: { aliases: ({ plan }: { plan?: string }, { plans }) => plan !== undefined && plans.has(plan) },
  filters: filters({ kind: column(enumOf(organisationKinds, 'Only organisations of this kind.')) })
}
