// Reviews as a section of a plan.
import { enumOf } from '../../http/schema.js'
import { column, filters, type Kind } from '../../db/kind.js'
import { dueFaults, periodFaults } from '../checks.js'
import { Review, reviewKinds } from './schema.js'

export const reviews: Kind = {
  table: 'reviews',
  segment: 'reviews',
  parameter: 'review',
  noun: 'review',
  owner: 'plan',
  written: 'Written by editors of the organisation that owns the plan.',
  schema: Review,
  references: [{ path: 'organisation', to: 'organisations' }],
  periods: ['period'],
  filters: filters({ kind: column(enumOf(reviewKinds, 'Only reviews of this kind.')) }),
  check: item => [...dueFaults(item), ...periodFaults(item.period)]
}
