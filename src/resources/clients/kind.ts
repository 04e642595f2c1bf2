// Clients as a kind that only administrators see.
import type { Kind } from '../../db/kind.js'
import { Client } from './schema.js'

export const clients: Kind = {
  table: 'clients',
  segment: 'clients',
  parameter: 'client',
  noun: 'client',
  owner: null,
  roles: { read: 'admin', write: 'admin' },
  written: 'Written by administrators.',
  schema: Client,
  references: [{ path: 'organisation', to: 'organisations' }],
  filters: {},
  check: item => item.organisation === null && item.role !== 'admin'
    ? [{ pointer: '/organisation', code: 'missing_member', detail: 'Only an admin client may act for no organisation.' }]
    : []
}
