// Updates as a section of a plan: partners post them, and one may report on several lines.
import { sql, type Expression, type SqlBool } from 'kysely'
import { code, enumOf, text } from '../../http/schema.js'
import type { Ctx } from '../../db/connection.js'
import { shown } from '../../db/visibility.js'
import { column, filters, type Kind, type Scope } from '../../db/kind.js'
import { dueFaults, partyFaults, periodFaults } from '../checks.js'
import { names } from '../uses.js'
import { recorded } from './restricted.js'
import { right } from './right.js'
import { Update, updateKinds } from './schema.js'

const outcomesOf = (plan: Scope, priority: string) => sql`(select o.code from outcomes o where o.plan = ${plan} and o.priority = ${priority})`

/** Updates that name a thing themselves, or name a line of it that the caller may see. */
const onLineOr = (ctx: Ctx, plan: Scope, named: Expression<unknown>, ofLine: Expression<unknown>) => sql<SqlBool>`updates.code in (
  select u.code from uses u where u.plan = ${plan} and u.resource = 'updates' and (${named} or u.plan_measure in (
    select line.code from plan_measures line
    where line.plan = ${plan} and ${ofLine} and ${shown(ctx, 'measures', sql`measures.code = line.measure`)})))`

export const updates: Kind = {
  table: 'updates',
  segment: 'updates',
  parameter: 'update',
  noun: 'update',
  owner: 'plan',
  posted: true,
  roles: { write: 'contributor' },
  written: 'Written by contributors for their own organisation, which the update names in organisations (entered as reporter where it is left out): on plan measures and actions on each of which it has a role or, where none is named, in a plan that it owns or that names it among its organisations. Editors of the owner of the plan write all.',
  right,
  complete: ({ organisation }, item) => (item.organisations as unknown[]).length > 0 ? item : { ...item, organisations: [{ organisation, role: 'reporter' }] },
  schema: Update,
  references: [
    { path: 'organisations.organisation', to: 'organisations' },
    { path: 'priorities', to: 'priorities' },
    { path: 'outcomes', to: 'outcomes' },
    { path: 'plan_measures', to: 'plan_measures' },
    { path: 'actions', to: 'actions' },
    { path: 'review', to: 'reviews' },
    { path: 'parent', to: 'updates' }
  ],
  periods: ['period'],
  recorded,
  filters: filters({
    period: column(text('Only updates on this period, by its code.', 120)),
    organisation: names('updates', 'organisations', 'Only updates that name this organisation.'),
    priority: {
      schema: code('Only updates on this priority: on itself, its outcomes or its lines.'),
      names: 'priorities',
      where: (_, value, scope, __, ctx): Expression<SqlBool> => onLineOr(ctx, scope, sql`(u.priority = ${value} or u.outcome in ${outcomesOf(scope, value)})`,
        sql`(line.outcome in ${outcomesOf(scope, value)} or line.priorities @> ${JSON.stringify([{ priority: value }])}::jsonb)`)
    },
    outcome: {
      schema: code('Only updates on this outcome: on itself or its lines.'),
      names: 'outcomes',
      where: (_, value, scope, __, ctx): Expression<SqlBool> => onLineOr(ctx, scope, sql`u.outcome = ${value}`, sql`line.outcome = ${value}`)
    },
    plan_measure: names('updates', 'plan_measures', 'Only updates on this plan measure.'),
    action: names('updates', 'actions', 'Only updates on this action.'),
    review: column(code('Only updates made for this review.'), 'reviews'),
    parent: column(code('Only parts of this update.'), 'updates'),
    kind: column(enumOf(updateKinds, 'Only updates of this kind.'))
  }),
  check: item => [...partyFaults(item), ...dueFaults(item), ...periodFaults(item.period)]
}
