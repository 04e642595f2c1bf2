// Who reports what: an organisation in its own name, on what it has a part in.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import type { Right, Scope } from '../../db/kind.js'
import { visible } from '../../db/visibility.js'

type Item = Record<string, unknown>

/** What a list of parties holds where the organisation is one of them. */
const party = (organisation: string) => sql`${JSON.stringify([{ organisation }])}::jsonb`

export async function right (ctx: Ctx, plan: Scope, item: Item, stored: boolean): Promise<Right> {
  const organisation = ctx.actor.organisation ?? ''
  if (!(item.organisations as Array<{ organisation?: string }>).some(party => party.organisation === organisation)) {
    return {
      because: stored
        ? 'The update does not name the organisation of the key: only those that it names, and editors of the owner of the plan, may change it.'
        : `The key reports for '${organisation}': name it in organisations.`
    }
  }
  if (await partOfOthers(ctx, plan, item.parent, organisation)) return { because: `The update would be a part of one that does not name '${organisation}'.` }
  const [lines, actions] = [item.plan_measures as string[], item.actions as string[]]
  if (lines.length + actions.length === 0) return await isPartner(ctx, plan, organisation) || { because: notPartner(organisation) }
  const without = [
    ...(await withoutRole(ctx, 'plan_measures', plan, lines, organisation)).map(code => `plan measure '${code}'`),
    ...(await withoutRole(ctx, 'actions', plan, actions, organisation)).map(code => `action '${code}'`)
  ]
  return without.length === 0 || { because: `'${organisation}' reports on plan measures and actions on which it has a role, and has none on ${without.slice(0, 20).join(', ')}.` }
}

const notPartner = (organisation: string) =>
  `The plan does not name '${organisation}' among its organisations, so it reports only on plan measures and actions on which it has a role: name them in plan_measures or actions.`

/** Of those named the ones on which the organisation has no role; what the caller may not know of is for others to miss. */
async function withoutRole (ctx: Ctx, table: 'plan_measures' | 'actions', plan: Scope, codes: string[], organisation: string): Promise<string[]> {
  if (codes.length === 0) return []
  const rows = await ctx.db.selectFrom(table as 'actions').select('code').where('plan', '=', plan ?? '').where(sql<boolean>`code = any(${codes}::text[])`)
    .where(sql<boolean>`not organisations @> ${party(organisation)}`).where(visible({ table }, ctx) as never).orderBy('code').execute()
  return rows.map(({ code }) => code)
}

/** Its owner has a part in a plan without being named again. */
async function isPartner ({ db }: Ctx, plan: Scope, organisation: string): Promise<boolean> {
  const row = await db.selectFrom('plans').select('code').where('code', '=', plan ?? '')
    .where(sql<boolean>`(owner = ${organisation} or organisations @> ${party(organisation)})`).executeTakeFirst()
  return row !== undefined
}

async function partOfOthers (ctx: Ctx, plan: Scope, parent: unknown, organisation: string): Promise<boolean> {
  if (typeof parent !== 'string') return false
  const row = await ctx.db.selectFrom('updates').select('code').where('plan', '=', plan ?? '').where('code', '=', parent)
    .where(sql<boolean>`not organisations @> ${party(organisation)}`).where(visible({ table: 'updates' }, ctx) as never).executeTakeFirst()
  return row !== undefined
}
