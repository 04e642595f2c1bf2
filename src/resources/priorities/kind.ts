// Priorities as a section of a plan.
import type { Kind } from '../../db/kind.js'
import { Priority } from './schema.js'

export const priorities: Kind = {
  table: 'priorities',
  segment: 'priorities',
  parameter: 'priority',
  noun: 'priority',
  owner: 'plan',
  written: 'Written by editors of the organisation that owns the plan.',
  schema: Priority,
  references: [],
  filters: {}
}
