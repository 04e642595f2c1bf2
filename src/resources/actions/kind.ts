// Actions as a section of a plan.
import { Type } from '@sinclair/typebox'
import { sql, type Expression, type SqlBool } from 'kysely'
import { code, enumOf } from '../../http/schema.js'
import type { Ctx } from '../../db/connection.js'
import { column, filters, type Kind, type Right, type Scope } from '../../db/kind.js'
import { dueFaults, partyFaults } from '../checks.js'
import { hasRole, names } from '../uses.js'
import { Action, actionKinds, actionStatuses } from './schema.js'

function right ({ actor }: Ctx, _: Scope, { organisations }: Record<string, unknown>, stored: boolean): Right {
  const part = (organisations as Array<{ organisation?: string }>).some(({ organisation }) => organisation === actor.organisation)
  return stored && part && actor.organisation !== null
    ? { only: ['status'], because: 'Who has a role on the action, and does not edit for the owner of the plan, may change its status and nothing else.' }
    : { because: 'Only who has a role on the action may change its status, and only editors of the owner of the plan the rest.' }
}

export const actions: Kind = {
  table: 'actions',
  segment: 'actions',
  parameter: 'action',
  noun: 'action',
  owner: 'plan',
  roles: { patch: 'contributor' },
  written: 'Written by editors of the organisation that owns the plan; whoever has a role on the action may change its status.',
  right,
  schema: Action,
  references: [
    { path: 'parent', to: 'actions' },
    { path: 'priorities.priority', to: 'priorities' },
    { path: 'outcomes', to: 'outcomes' },
    { path: 'plan_measures', to: 'plan_measures' },
    { path: 'organisations.organisation', to: 'organisations' }
  ],
  filters: filters({
    outcome: names('actions', 'outcomes', 'Only actions that serve this outcome.'),
    plan_measure: names('actions', 'plan_measures', 'Only actions meant to move this plan measure.'),
    priority: names('actions', 'priorities', 'Only actions that serve this priority.'),
    organisation: names('actions', 'organisations', 'Only actions in which this organisation has a part.'),
    role: hasRole('actions'),
    status: column(enumOf(actionStatuses, 'Only actions of this status.')),
    kind: column(enumOf(actionKinds, 'Only actions of this kind.')),
    parent: column(code('Only parts of this action.'), 'actions'),
    overdue: {
      schema: Type.Boolean({ description: 'true: only actions whose last possible day has passed and that are not achieved; false: only the others.' }),
      where: (_, value): Expression<SqlBool> => sql`${overdue} = ${value}`
    }
  }),
  check: item => [...partyFaults(item), ...dueFaults(item)]
}

/** The rule of periods/due.ts, in SQL. */
const overdue = sql`coalesce((actions.due ->> 'latest')::date < current_date and actions.status <> 'achieved'
  and actions.due ->> 'kind' not in ('tbc', 'ongoing'), false)`
