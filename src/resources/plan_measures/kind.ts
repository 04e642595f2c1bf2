// Plan measures as a section of a plan: each line has exactly one home.
import { sql, type Expression, type SqlBool } from 'kysely'
import { code, enumOf, text } from '../../http/schema.js'
import { column, filters, type Kind } from '../../db/kind.js'
import type { Fault } from '../../problems.js'
import { partyFaults } from '../checks.js'
import { hasRole, names } from '../uses.js'
import { PlanMeasure } from './schema.js'

const check = (item: Record<string, unknown>): Fault[] => [...partyFaults(item), ...homeFaults(item)]

function homeFaults (item: Record<string, unknown>): Fault[] {
  const priorities = item.priorities as Array<{ relation: string }>
  const homes = [item.outcome !== null, item.action !== null, priorities.length > 0].filter(Boolean).length
  if (homes !== 1) {
    return [{ pointer: '', code: 'one_home', detail: `A plan measure has exactly one home: an outcome, an action (a key activity) or priorities. This one has ${homes === 0 ? 'none' : homes}.` }]
  }
  const primary = priorities.filter(link => link.relation === 'primary').length
  return priorities.length > 0 && primary !== 1
    ? [{ pointer: '/priorities', code: 'one_primary', detail: `Exactly one of its priorities is primary; here ${primary} are.` }]
    : []
}

export const plan_measures: Kind = {
  table: 'plan_measures',
  segment: 'measures',
  parameter: 'plan_measure',
  noun: 'plan measure',
  owner: 'plan',
  written: 'Written by editors of the organisation that owns the plan.',
  schema: PlanMeasure,
  references: [
    { path: 'measure', to: 'measures' },
    { path: 'outcome', to: 'outcomes' },
    { path: 'action', to: 'actions' },
    { path: 'priorities.priority', to: 'priorities' },
    { path: 'area', to: 'areas' },
    { path: 'organisations.organisation', to: 'organisations' },
    { path: 'supporting', to: 'measures' }
  ],
  loose: {
    links: ({ plan, plan_measure: line }: { plan: string, plan_measure: string }, { plans, plan_measures: lines }) => plans.has(plan) || lines.has(`${plan}/${line}`)
  },
  filters: filters({
    measure: column(code('Only lines that list this measure.'), 'measures'),
    outcome: column(code('Only lines of this outcome.'), 'outcomes'),
    action: column(code('Only lines of this key activity.'), 'actions'),
    priority: {
      schema: code('Only lines of this priority: on it, on one of its outcomes or on one of its key activities.'),
      names: 'priorities',
      where: (_, value, scope): Expression<SqlBool> => sql`(
        exists (select from uses u where u.plan = ${scope} and u.priority = ${value} and u.resource = 'plan_measures' and u.code = plan_measures.code)
        or plan_measures.outcome in (select o.code from outcomes o where o.plan = ${scope} and o.priority = ${value})
        or plan_measures.action in (select u.code from uses u where u.plan = ${scope} and u.priority = ${value} and u.resource = 'actions'))`
    },
    ref: column(text('Only lines with this printed number; it may repeat.', 40)),
    organisation: names('plan_measures', 'organisations', 'Only lines in which this organisation has a part.'),
    role: hasRole('plan_measures'),
    tier: column(enumOf(['key', 'supplementary'], 'Only lines of this rank.'))
  }),
  check
}
