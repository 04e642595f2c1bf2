// Who may read what, in one place: every read of plans, measures and what hangs under them goes through here.
import { expressionBuilder, sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Ctx } from './connection.js'
import type { Actor } from './actor.js'
import { ownerOf, type Hidden, type Kind, type TableName } from './kind.js'
import type { Tables } from './tables.js'

/** What the actor may read, given the columns that hold visibility and owner. */
export function permits (actor: Actor, visibility: string, owner: string): Expression<SqlBool> {
  if (actor.role === 'admin') return sql<SqlBool>`true`
  if (actor.role === null) return sql<SqlBool>`${sql.ref(visibility)} = 'public'`
  return sql<SqlBool>`(${sql.ref(visibility)} <> 'private' or coalesce(${sql.ref(owner)} = ${actor.organisation ?? ''}, false))`
}

/** Who sees the same: all that depends on the actor in what may be read. */
export const audience = ({ role, organisation }: Actor): string =>
  role === null ? 'public' : role === 'admin' ? 'admin' : `${role} of ${organisation ?? ''}`

const sees = (eb: ExpressionBuilder<Tables, never>, actor: Actor) => ({
  plan: (code: string) => eb.exists(eb.selectFrom('plans').select('plans.code')
    .whereRef('plans.code', '=', sql.ref(code)).where(permits(actor, 'plans.visibility', 'plans.owner'))),
  measure: (code: string) => eb.exists(eb.selectFrom('measures').select('measures.code')
    .whereRef('measures.code', '=', sql.ref(code)).where(permits(actor, 'measures.visibility', 'measures.steward')))
})

/** The condition under which rows of a kind's table exist for the actor. */
export function visible ({ table }: Pick<Kind, 'table'>, { actor }: Ctx) {
  return (eb: ExpressionBuilder<Tables, never>): Expression<SqlBool> => {
    if (actor.role === 'admin') return sql<SqlBool>`true`
    if (table === 'plans') return permits(actor, 'plans.visibility', 'plans.owner')
    if (table === 'measures') return permits(actor, 'measures.visibility', 'measures.steward')
    if (ownerOf(table) === null) return sql<SqlBool>`true`
    const { plan, measure } = sees(eb, actor)
    if (table === 'targets') return eb.and([measure('targets.measure'), eb.or([sql<SqlBool>`targets.plan is null`, plan('targets.plan')])])
    const inPlan = plan(`${table}.plan`)
    if (table === 'plan_measures') return eb.and([inPlan, measure('plan_measures.measure')])
    if (table === 'statements') return sql<SqlBool>`(${inPlan} and ${statementShown(actor)})`
    return table === 'updates' ? sql<SqlBool>`(${inPlan} and ${updateShown(actor)})` : inPlan
  }
}

/** Whether a line is on a measure that the actor may see. */
const lineShown = (actor: Actor, plan: Expression<unknown>, line: Expression<unknown>) => sql<SqlBool>`(
  select ${permits(actor, 'measures.visibility', 'measures.steward')}
  from plan_measures line join measures on measures.code = line.measure where line.plan = ${plan} and line.code = ${line})`

/** A statement about a hidden line or measure is hidden as well. */
const statementShown = (actor: Actor) => sql<SqlBool>`(statements.plan_measure is null
    or ${lineShown(actor, sql`statements.plan`, sql`statements.plan_measure`)})
  and (statements.data ->> 'measure' is null or exists (select from measures
    where measures.code = statements.data ->> 'measure' and ${permits(actor, 'measures.visibility', 'measures.steward')}))`

/** Partners' updates need a key, restricted ones the plan's owner or an organisation that they name. */
const openTo = (actor: Actor, update: string) => actor.role === null
  ? sql<SqlBool>`${sql.ref(`${update}.sensitivity`)} = 'public'`
  : sql<SqlBool>`(${sql.ref(`${update}.sensitivity`)} <> 'restricted'
      or exists (select from plans where plans.code = ${sql.ref(`${update}.plan`)} and plans.owner = ${actor.organisation ?? ''})
      or ${sql.ref(`${update}.organisations`)} @> ${JSON.stringify([{ organisation: actor.organisation ?? '' }])}::jsonb)`

/** An update is open to the actor, and so is one of its lines, where it has any. */
const openWithLines = (actor: Actor, update: string) => sql<SqlBool>`(${openTo(actor, update)} and (${sql.ref(`${update}.plan_measures`)} = '[]'
  or exists (select from jsonb_array_elements_text(${sql.ref(`${update}.plan_measures`)}) named (code)
    where ${lineShown(actor, sql.ref(`${update}.plan`), sql`named.code`)})))`

/** An update is shown where it and all that it is a part of are open. */
const updateShown = (actor: Actor) => sql<SqlBool>`${openWithLines(actor, 'updates')} and (updates.parent is null or not exists (
    with recursive above as (
      select whole.* from updates whole where whole.plan = updates.plan and whole.code = updates.parent
      union select next.* from above cross join lateral (
        select whole.* from updates whole where whole.plan = above.plan and whole.code = above.parent limit 1) next
    ) select from above where not ${openWithLines(actor, 'above')}))`

/** Whether the actor may know of the item of a table that the condition picks. */
export const shown = (ctx: Ctx, table: TableName, picked: Expression<SqlBool>) => sql<SqlBool>`exists (
  select from ${sql.table(table)} where ${picked} and ${visible({ table }, ctx)(expressionBuilder<Tables, never>())})`

/** Codes that must not show in lists of what the actor may otherwise read. */
export async function hidden ({ db, actor }: Ctx): Promise<Hidden> {
  const none = { plans: new Set<string>(), measures: new Set<string>(), plan_measures: new Set<string>() }
  if (actor.role === 'admin') return none
  const measures = await db.selectFrom('measures').select('code')
    .where(({ not }) => not(permits(actor, 'measures.visibility', 'measures.steward'))).execute()
  const plans = await db.selectFrom('plans').select('code').where(({ not }) => not(permits(actor, 'plans.visibility', 'plans.owner'))).execute()
  const shut = new Set(plans.map(row => row.code))
  if (measures.length === 0) return { ...none, plans: shut }
  const codes = measures.map(row => row.code)
  const lines = await db.selectFrom('plan_measures').select(['plan', 'code']).where(sql<boolean>`measure = any(${codes}::text[])`).execute()
  return { plans: shut, measures: new Set(codes), plan_measures: new Set(lines.map(line => `${line.plan}/${line.code}`)) }
}
