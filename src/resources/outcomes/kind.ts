// Outcomes as a section of a plan.
import { code } from '../../http/schema.js'
import { column, filters, type Kind } from '../../db/kind.js'
import { dueFaults } from '../checks.js'
import { Outcome } from './schema.js'

export const outcomes: Kind = {
  table: 'outcomes',
  segment: 'outcomes',
  parameter: 'outcome',
  noun: 'outcome',
  owner: 'plan',
  written: 'Written by editors of the organisation that owns the plan.',
  schema: Outcome,
  references: [{ path: 'priority', to: 'priorities' }],
  filters: filters({ priority: column(code('Only outcomes of this priority.'), 'priorities') }),
  check: dueFaults
}
