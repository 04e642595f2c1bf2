// Who may read what, in one place: every read of plans, measures and what hangs under them goes through here.
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Ctx } from './connection.js'
import type { Actor } from './actor.js'
import type { Kind } from './kind.js'
import type { Tables } from './tables.js'

/** What the actor may read, given the columns that hold visibility and owner. */
export function permits (actor: Actor, visibility: string, owner: string): Expression<SqlBool> {
  if (actor.role === 'admin') return sql<SqlBool>`true`
  if (actor.role === null) return sql<SqlBool>`${sql.ref(visibility)} = 'public'`
  return sql<SqlBool>`(${sql.ref(visibility)} <> 'private' or coalesce(${sql.ref(owner)} = ${actor.organisation ?? ''}, false))`
}

const sees = (eb: ExpressionBuilder<Tables, never>, actor: Actor) => ({
  plan: (code: string) => eb.exists(eb.selectFrom('plans').select('plans.code')
    .whereRef('plans.code', '=', sql.ref(code)).where(permits(actor, 'plans.visibility', 'plans.owner'))),
  measure: (code: string) => eb.exists(eb.selectFrom('measures').select('measures.code')
    .whereRef('measures.code', '=', sql.ref(code)).where(permits(actor, 'measures.visibility', 'measures.steward')))
})

/** The condition under which rows of a kind's table exist for the actor. */
export function visible (kind: Pick<Kind, 'table' | 'owned'>, { actor }: Ctx) {
  return (eb: ExpressionBuilder<Tables, never>): Expression<SqlBool> => {
    if (actor.role === 'admin') return sql<SqlBool>`true`
    if (kind.table === 'plans') return permits(actor, 'plans.visibility', 'plans.owner')
    if (kind.table === 'measures') return permits(actor, 'measures.visibility', 'measures.steward')
    if (!kind.owned) return sql<SqlBool>`true`
    const plan = sees(eb, actor).plan(`${kind.table}.plan`)
    return kind.table === 'plan_measures' ? eb.and([plan, sees(eb, actor).measure('plan_measures.measure')]) : plan
  }
}

export interface Hidden { measures: Set<string>, plan_measures: Set<string> }

/** Codes that must not show in lists of what the actor may otherwise read; plan measures as plan/code. */
export async function hidden ({ db, actor }: Ctx): Promise<Hidden> {
  const none = { measures: new Set<string>(), plan_measures: new Set<string>() }
  if (actor.role === 'admin') return none
  const measures = await db.selectFrom('measures').select('code')
    .where(({ not }) => not(permits(actor, 'measures.visibility', 'measures.steward'))).execute()
  if (measures.length === 0) return none
  const codes = measures.map(row => row.code)
  const lines = await db.selectFrom('plan_measures').select(['plan', 'code']).where(sql<boolean>`measure = any(${codes}::text[])`).execute()
  return { measures: new Set(codes), plan_measures: new Set(lines.map(line => `${line.plan}/${line.code}`)) }
}
