// Whatever names something else: found in the item, checked to be there, kept in the table uses, and asked for when
// something is to be deleted.
import { sql } from 'kysely'
import { problem, type Fault } from '../problems.js'
import type { Ctx } from './connection.js'
import { nearest } from './nearest.js'
import { keyOf, ownerOf, useColumn, type Kind, type Scope, type TableName, type Target } from './kind.js'
import { permits, shown, visible } from './visibility.js'
import type { WriteCtx } from './write.js'

export interface Mention { to: Target | 'plans', code: string, role: string | null, member: string, pointer: string }

/** Everything the item names, with a JSON pointer to where. */
export function mentions (kind: Kind, item: Record<string, unknown>, at = ''): Mention[] {
  return kind.references.flatMap(({ path, to }) => {
    const [member, inner] = path.split('.') as [string, string?]
    const value = item[member]
    const found = Array.isArray(value) ? value.map((entry, index) => [entry, `${at}/${member}/${index}`] as const) : [[value, `${at}/${member}`] as const]
    return found.flatMap(([entry, pointer]) => {
      const code = inner === undefined ? entry : (entry as Record<string, unknown>)[inner]
      const role = inner === undefined ? null : (entry as Record<string, unknown>).role ?? (entry as Record<string, unknown>).relation ?? null
      return typeof code === 'string' ? [{ to, code, role: role as string | null, member, pointer: inner === undefined ? pointer : `${pointer}/${inner}` }] : []
    })
  })
}

const nouns = { organisations: 'organisation', areas: 'area', measures: 'measure', priorities: 'priority', outcomes: 'outcome', actions: 'action', plan_measures: 'plan measure', reviews: 'review', updates: 'update', plans: 'plan' }

export const unknownCode = (to: Mention['to']) => `unknown_${to === 'plans' ? 'plan' : useColumn[to]}`

/** The codes among those asked for that the actor may see; held against deletion until the transaction ends. */
export async function existing (ctx: Ctx, to: TableName, scope: Scope, codes: string[], lock = false): Promise<Set<string>> {
  if (codes.length === 0) return new Set()
  let query = ctx.db.selectFrom(to as 'plan_measures').select('code').where(sql<boolean>`code = any(${codes}::text[])`).where(visible({ table: to }, ctx) as never)
  const owner = ownerOf(to)
  if (owner !== null) query = query.where(owner, '=', scope ?? '')
  const rows = await (lock ? query.forKeyShare() : query).execute()
  return new Set(rows.map(row => row.code))
}

/** Codes that the actor may see, as far as a suggestion needs them. */
async function codesOf (ctx: Ctx, to: TableName, scope: Scope): Promise<string[]> {
  const query = ctx.db.selectFrom(to as 'plan_measures').select('code').where(visible({ table: to }, ctx) as never).limit(20_000)
  const owner = ownerOf(to)
  return (await (owner === null ? query : query.where(owner, '=', scope ?? '')).execute()).map(row => row.code)
}

/** One fault for each mention of something that is not there. */
export async function unknown (ctx: WriteCtx, scope: Scope, all: Mention[]): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const to of new Set(all.map(mention => mention.to))) {
    const these = all.filter(mention => mention.to === to)
    const found = await existing(ctx, to, scope, [...new Set(these.map(mention => mention.code))].sort(), true)
    const missing = these.filter(({ code }) => !found.has(code))
    const known = missing.length === 0 ? [] : await codesOf(ctx, to, scope)
    for (const { code, pointer } of missing) {
      const meant = nearest(code, known)
      const hint = meant === undefined ? '' : ` Did you mean '${meant}'?`
      faults.push({ pointer, code: unknownCode(to), detail: `No ${nouns[to]} has the code '${code}'${ownerOf(to) === 'plan' ? ' in this plan' : ''}.${hint}` })
    }
  }
  return faults
}

/** Replaces what is recorded of each item's mentions; items by their key. A plan that is named has a foreign key of its own. */
export async function recordUses (
  ctx: WriteCtx,
  kind: Kind,
  scope: Scope,
  items: Array<[key: string, item: Record<string, unknown>]>
): Promise<void> {
  await forgetUses(ctx, kind, scope, items.map(([key]) => key))
  const planOf = (key: string, item: Record<string, unknown>) => kind.owner === 'plan' ? scope : kind.table === 'plans' ? key : item.plan ?? null
  const rows = items.flatMap(([key, item]) => mentions(kind, item).flatMap(({ to, code, member, role }) =>
    to === 'plans' ? [] : [{ resource: kind.table, plan: planOf(key, item), code: key, member, role, [useColumn[to]]: code }]))
  if (rows.length === 0) return
  await sql`insert into uses select * from json_populate_recordset(null::uses, ${JSON.stringify(rows)})`.execute(ctx.db)
}

export async function forgetUses (ctx: WriteCtx, kind: Kind, scope: Scope, keys: string[]): Promise<void> {
  if (keys.length === 0) return
  await ctx.db.deleteFrom('uses').where('resource', '=', kind.table).where(sql<boolean>`code = any(${keys}::text[])`)
    .where(eb => kind.owner === 'plan' ? eb('plan', '=', scope) : eb.lit(true)).execute()
}

const deepest = 20

/** Nothing may be part of itself, however far up, nor of a plan lie deeper than anyone reads: the fault of the first that would, by its code. */
export async function findCycle (
  ctx: WriteCtx,
  kind: Kind,
  scope: Scope,
  items: Array<[code: string, item: Record<string, unknown>]>
): Promise<{ code: string, fault: Fault } | null> {
  const codes = items.filter(([, { parent }]) => typeof parent === 'string').map(([code]) => code)
  if (codes.length === 0) return null
  const inScope = kind.owner === 'plan' ? sql`t.plan = ${scope}` : sql`true`
  const { rows: [cycle] } = await sql<{ code: string }>`
    with recursive line (code, parent) as (
      select t.code, t.parent from ${sql.table(kind.table)} t where ${inScope} and t.code = any(${codes})
      union
      select line.code, t.parent from line join ${sql.table(kind.table)} t on t.code = line.parent and ${inScope}
    )
    select code from line where parent = code limit 1`.execute(ctx.db)
  if (cycle !== undefined) return { code: cycle.code, fault: { pointer: '/parent', code: 'cycle', detail: `The ${kind.noun} '${cycle.code}' would be part of itself.` } }
  if (kind.owner !== 'plan') return null
  const { rows: [low] } = await sql<{ code: string }>`
    with recursive tree (code, depth) as (
      select t.code, 1 from ${sql.table(kind.table)} t where ${inScope} and t.parent is null
      union all
      select t.code, tree.depth + 1 from ${sql.table(kind.table)} t join tree on t.parent = tree.code and ${inScope} where tree.depth <= ${deepest}
    )
    select code from tree where depth > ${deepest} limit 1`.execute(ctx.db)
  return low === undefined ? null : { code: low.code, fault: { pointer: '/parent', code: 'too_deep', detail: `The ${kind.noun} '${low.code}' would lie more than ${deepest} levels deep.` } }
}

/** Refuses to delete what is named elsewhere, saying by what. */
export async function refuseUsed (ctx: WriteCtx, kind: Kind, scope: Scope, code: string): Promise<void> {
  const target = useColumn[kind.table as Target] as (typeof useColumn)[Target] | undefined
  const users = target === undefined
    ? []
    : await ctx.db.selectFrom('uses').leftJoin('plans', 'plans.code', 'uses.plan')
      .select(['resource', 'plan', 'uses.code', 'member', seen(ctx).as('seen')]).distinct()
      .where(`uses.${target}`, '=', code).where(eb => kind.owner === 'plan' ? eb('uses.plan', '=', scope) : eb.lit(true))
      .orderBy('resource').orderBy('plan').orderBy('uses.code').limit(100).execute()
  const errors: Fault[] = users
    .filter(user => !(user.resource === kind.table && user.code === keyOf(kind, scope, code)))
    .map(user => ({ pointer: '', code: 'in_use', detail: user.seen ? `${userPath(user)} names it as ${user.member}.` : 'Something that the key may not see names it.' }))
  errors.push(...await figureUses(ctx, kind, code), ...await publicationUses(ctx, kind, code))
  if (errors.length > 0) throw problem('in_use', `The ${kind.noun} '${code}' cannot be deleted while other things refer to it.`, { errors })
}

/** Whether the caller may know of what uses something: hidden plans, measures and lines are not named, nor clients. */
export const seen = (ctx: Ctx) => sql<boolean>`(plans.code is null or ${permits(ctx.actor, 'plans.visibility', 'plans.owner')})
  and (${ctx.actor.role === 'admin'} or uses.resource <> 'clients')
  and (uses.resource <> 'measures' or ${shown(ctx, 'measures', sql`measures.code = uses.code`)})
  and (uses.resource <> 'targets' or ${shown(ctx, 'targets', sql`targets.measure || '/' || targets.code = uses.code`)})
  and ${sql.join(guarded.map(table => sql`(uses.resource <> ${table} or ${shown(ctx, table, sql`${sql.ref(`${table}.plan`)} = uses.plan and ${sql.ref(`${table}.code`)} = uses.code`)})`), sql` and `)}`

/** Sections of which not every item is shown to all who see the plan. */
const guarded = ['plan_measures', 'statements', 'updates'] as const

/** A plan measure's path says measures; every other section's says its own name. */
const userPath = (user: { resource: string, plan: string | null, code: string }) => user.resource === 'targets'
  ? `/v1/measures/${user.code.replace('/', '/targets/')}`
  : user.plan === null || user.resource === 'plans' ? `/v1/${user.resource}/${user.code}` : `/v1/plans/${user.plan}/${user.resource.replace('plan_', '')}/${user.code}`

/** Figures hold no foreign keys, so what they name is asked of their dimension tables. */
async function figureUses (ctx: WriteCtx, kind: Kind, code: string): Promise<Fault[]> {
  const fault = (detail: string): Fault[] => [{ pointer: '', code: 'in_use', detail }]
  if (kind.table === 'measures' || kind.table === 'areas') {
    const column = kind.table === 'measures' ? 'measure' as const : 'area' as const
    const series = await ctx.db.selectFrom('series').select('measure').where(eb => column === 'measure'
      ? eb('measure', '=', code)
      : eb.or([eb('area', '=', code), eb('against', '=', code)])).limit(1).executeTakeFirst()
    return series === undefined ? [] : fault(`Figures are held for it: /v1/datapoints?${column}=${code}&include_deleted=true, or against it.`)
  }
  if (kind.table !== 'organisations') return []
  const provider = await ctx.db.selectFrom('figure_providers').select('organisation').where('organisation', '=', code).executeTakeFirst()
  return provider === undefined ? [] : fault(`Figures name it as provider: /v1/datapoints?provider=${code}.`)
}

async function publicationUses (ctx: WriteCtx, kind: Kind, code: string): Promise<Fault[]> {
  if (kind.table !== 'plans') return []
  const published = await ctx.db.selectFrom('publications').select(['label', sql<boolean>`${permits(ctx.actor, 'publications.visibility', 'publications.owner')}`.as('shown')])
    .where('plan', '=', code).orderBy('published_at').execute()
  return published.map(({ label, shown }) => ({ pointer: '', code: 'in_use', detail: `It was published${shown ? ` as '${label}'` : ''}, and a publication stays.` }))
}
