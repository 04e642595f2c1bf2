// The verbs that every register and plan section shares, once: find, list, put, remove. Equality, preconditions,
// references and the journal are settled here, so that a resource only says what it is.
import { sql } from 'kysely'
import { isDeepStrictEqual } from 'node:util'
import { problem, type Fault } from '../problems.js'
import type { Ctx } from './connection.js'
import { beyond, cut, type Page, type PageRequest } from './keyset.js'
import { keyOf, owners, pathOf, type Hidden, type Kind, type Scope, type Stored } from './kind.js'
import { normalForm, sameItem } from './normal_form.js'
import { completed, requireRight, requireSome } from './record_rights.js'
import { existing, findCycle, forgetUses, mentions, recordUses, refuseUsed, unknown } from './references.js'
import { hidden, visible } from './visibility.js'
import type { WriteCtx } from './write.js'

/** What the caller says it has seen: versions of If-Match, or that nothing may be there. */
export interface Precondition { match?: string[], none?: boolean }

export type Outcome = 'created' | 'updated' | 'unchanged'

const lastPosition = 2_147_483_647

/** Register lists go by code; plan lists in printed order; what lies across several owners by those last. */
const orderOf = (kind: Kind) => [
  ...('position' in kind.schema.fields ? [sql`coalesce(position, ${sql.lit(lastPosition)})`] : []),
  sql`code`,
  ...Object.keys(kind.schema.within).map(name => sql.ref(name))
]

const placeOf = (kind: Kind) => (row: Stored): Array<string | number> => [
  ...('position' in kind.schema.fields ? [(row.position as number | null) ?? lastPosition] : []),
  row.code,
  ...Object.keys(kind.schema.within).map(name => row[name] as string)
]

// The tables of all kinds have the columns that the generic verbs use; "plans" stands for any of them in types.
const from = ({ db }: Ctx, kind: Kind) => db.selectFrom(kind.table as 'plans')

export const scoped = (kind: Kind, scope: Scope) => kind.owner === null || scope === null ? sql<boolean>`true` : sql<boolean>`${sql.ref(kind.owner)} = ${scope}`

/** Columns as served. Exact decimals of at most 15 digits are exact as JSON numbers. */
export const columnsOf = (kind: Kind) => ['code', ...Object.keys(kind.schema.within), 'version', 'created_at', 'updated_at', ...Object.keys(kind.schema.fields)]
  .map(name => [kind.schema.fields[name]?.type].flat().includes('number') ? sql`${sql.ref(name)}::float8`.as(name) : name) as Array<'code'>

export async function find (ctx: Ctx, kind: Kind, scope: Scope, code: string): Promise<Stored> {
  const row = await from(ctx, kind).select(columnsOf(kind)).where(scoped(kind, scope)).where('code', '=', code)
    .where(visible(kind, ctx) as never).executeTakeFirst() as Stored | undefined
  if (row === undefined) {
    await requireOwner(ctx, kind, scope)
    throw absent(kind, scope, code)
  }
  return redact(kind, scope, row, await hidden(ctx))
}

const absent = ({ noun, owner }: Kind, scope: Scope, code: string) =>
  problem('not_found', `There is no ${noun} '${code}'${owner === null ? '' : ` ${owner === 'plan' ? 'in' : 'of'} the ${owner} '${scope}'`}.`)

/** What items are to belong to must be there for the caller. */
export async function requireOwner (ctx: Ctx, { owner }: Pick<Kind, 'owner'>, scope: Scope): Promise<void> {
  if (owner === null || scope === null) return
  if (!(await existing(ctx, owners[owner], null, [scope])).has(scope)) throw problem('not_found', `There is no ${owner} '${scope}'.`)
}

export interface Listing { filters: Record<string, string>, q?: string, page: PageRequest | null }

export interface Found extends Page<Stored> {
  /** Filters whose value names nothing that the caller may know of; then nothing is found. */
  unknown: string[]
}

/** One page, or with page null everything, in the kind's order. */
export async function list (ctx: Ctx, kind: Kind, scope: Scope, { filters, q, page }: Listing): Promise<Found> {
  await requireOwner(ctx, kind, scope)
  const unknown = await unknownNames(ctx, kind, scope, filters)
  if (unknown.length > 0) return { items: [], next: null, unknown, ...(page?.count && { total: 0 }) }
  let query = from(ctx, kind).where(scoped(kind, scope)).where(visible(kind, ctx) as never)
  for (const [name, value] of Object.entries(filters)) {
    query = query.where(eb => kind.filters[name]!.where(eb as never, value, scope, filters, ctx) as never)
  }
  if (q !== undefined) query = query.where(eb => eb.or([eb('code', 'ilike', contains(q)), eb('title', 'ilike', contains(q))]))
  const total = page?.count ? (await query.select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total : undefined
  let rows = query.select(columnsOf(kind)).orderBy(sql.join(orderOf(kind)))
  if (page?.after != null) rows = rows.where(beyond(orderOf(kind), page.after))
  if (page !== null) rows = rows.limit(page.limit + 1)
  const found = await rows.execute() as unknown as Stored[]
  const { items, next } = page === null ? { items: found, next: null } : cut(found, page, placeOf(kind))
  const secrets = await hidden(ctx)
  return { items: items.map(row => redact(kind, scope, row, secrets)), next, unknown, ...(total !== undefined && { total }) }
}

/** All items that the caller may see, of whatever they belong to, which they name, or of these alone. */
export async function all (ctx: Ctx, kind: Kind, owners?: string[]): Promise<Stored[]> {
  const { owner } = kind
  const columns = [...new Set([...owner === null ? [] : [owner as 'code'], ...columnsOf(kind)])]
  const query = from(ctx, kind).select(columns).where(visible(kind, ctx) as never).orderBy(sql.join(orderOf(kind)))
  const rows = await (owner === null || owners === undefined ? query : query.where(sql<boolean>`${sql.ref(owner)} = any(${owners}::text[])`)).execute() as unknown as Stored[]
  const secrets = await hidden(ctx)
  return rows.map(row => redact(kind, owner === null ? null : row[owner] as string, row, secrets))
}

async function unknownNames (ctx: Ctx, kind: Kind, scope: Scope, filters: Record<string, string>): Promise<string[]> {
  const unknown: string[] = []
  for (const [name, value] of Object.entries(filters)) {
    const { names } = kind.filters[name]!
    if (names !== undefined && !(await existing(ctx, names, scope, [value])).has(value)) unknown.push(name)
  }
  return unknown
}

const contains = (q: string) => `%${q.replace(/[\\%_]/g, '\\$&')}%`

/** Members of the item that may name what is hidden, each with what tells an entry that does. */
function secretive (kind: Kind, scope: Scope, secrets: Hidden): Array<{ path: string, hides (entry: unknown): boolean }> {
  if (secrets.measures.size + secrets.plans.size === 0) return []
  const lists = kind.references.filter(({ path }) => Array.isArray(kind.schema.fields[path]?.default))
  const among = (to: string, set: Set<string>, prefix = '') => lists.filter(one => one.to === to)
    .map(({ path }) => ({ path, hides: (code: unknown) => set.has(`${prefix}${code as string}`) }))
  return [
    ...among('measures', secrets.measures),
    ...among('plan_measures', secrets.plan_measures, `${scope}/`),
    ...Object.entries(kind.loose ?? {})
      .map(([path, names]) => ({ path, hides: (entry: unknown) => entry !== null && names(entry as never, secrets) }))
  ]
}

/** Takes what names hidden things out of a visible item. */
export function redact<T extends Record<string, unknown>> (kind: Kind, scope: Scope, row: T, secrets: Hidden): T {
  const shown: Record<string, unknown> = { ...row }
  for (const { path, hides } of secretive(kind, scope, secrets)) {
    const stored = row[path]
    shown[path] = Array.isArray(stored) ? stored.filter(entry => !hides(entry)) : hides(stored) ? null : stored
  }
  return shown as T
}

/** Keeps what the writer could not see, and so did not mean to take out. */
export function restore (kind: Kind, scope: Scope, item: Record<string, unknown>, before: Stored | undefined, secrets: Hidden) {
  const whole: Record<string, unknown> = { ...item }
  for (const { path, hides } of before === undefined ? [] : secretive(kind, scope, secrets)) {
    const [stored, sent] = [before![path], item[path]]
    if (Array.isArray(stored)) {
      const same = isDeepStrictEqual(stored.filter(entry => !hides(entry)), sent)
      whole[path] = same ? stored : [...sent as unknown[], ...stored.filter(entry => hides(entry))]
    } else if (sent === null && hides(stored)) whole[path] = stored
  }
  return whole
}

/** The stored item of this code, locked; hidden where the caller may not know of it. A code that differs only in case is taken. */
async function lock (ctx: WriteCtx, kind: Kind, scope: Scope, code: string): Promise<{ row?: Stored, hidden?: true }> {
  const row = await from(ctx, kind).select(columnsOf(kind)).where(scoped(kind, scope))
    .where(sql<boolean>`lower(code) = lower(${code})`).forUpdate().executeTakeFirst() as Stored | undefined
  if (row === undefined) return {}
  const seen = await from(ctx, kind).select('code').where(scoped(kind, scope)).where('code', '=', row.code).where(visible(kind, ctx) as never).executeTakeFirst()
  if (seen === undefined) return { hidden: true }
  if (row.code !== code) {
    throw problem('conflict', `The code '${code}' is taken by the ${kind.noun} '${row.code}': codes are unique ignoring case.`)
  }
  return { row }
}

/** Refuses, before it is known what is to be written, who may see what is stored and may write none of it. */
export async function permit (ctx: Ctx, kind: Kind, scope: Scope, code: string): Promise<void> {
  if (ctx.actor.role === 'admin') return
  const row = await from(ctx, kind).select(columnsOf(kind)).where(scoped(kind, scope)).where('code', '=', code)
    .where(visible(kind, ctx) as never).executeTakeFirst() as Stored | undefined
  if (row !== undefined) await requireSome(ctx, { kind, scope, code }, row)
}

/** What the body means, where the actor may put it in the place of what is stored. */
export async function claim (ctx: WriteCtx, kind: Kind, scope: Scope, code: string, body: Record<string, unknown>) {
  await requireOwner(ctx, kind, scope)
  const sent = await completed(ctx, kind, scope, normalForm(kind, body))
  const { row: before, hidden: unseen } = await lock(ctx, kind, scope, code)
  const secrets = await hidden(ctx)
  const item = restore(kind, scope, sent, before, secrets)
  // Whoever may not write to a plan or measure is told so, and nothing of what is hidden there.
  if (!unseen || kind.owner !== null) await requireRight(ctx, { kind, scope, code }, before, item)
  if (unseen) throw absent(kind, scope, code)
  return { before, sent, item, secrets }
}

export const checkItem = (kind: Kind, item: Record<string, unknown>): Fault[] => kind.check?.(item) ?? []

export async function put (
  ctx: WriteCtx,
  kind: Kind,
  scope: Scope,
  code: string,
  body: Record<string, unknown>,
  precondition: Precondition
): Promise<{ outcome: Outcome, item: Stored }> {
  const { before, sent, item, secrets } = await claim(ctx, kind, scope, code, body)
  if (before !== undefined && sameItem(kind, before, item)) return { outcome: 'unchanged', item: redact(kind, scope, before, secrets) }
  const replaced = before === undefined ? [] : kind.replace?.(before, item) ?? []
  const asked = [...await unknown(ctx, scope, mentions(kind, sent)), ...await kind.confirm?.(ctx, scope, item) ?? []]
  const faults = [...checkItem(kind, item), ...replaced, ...asked]
  if (faults.length > 0) throw problem('unprocessable', faults[0]!.detail, { errors: faults })
  requireMatch(kind, code, before, precondition)
  const stored = before === undefined ? await insert(ctx, kind, scope, code, item) : await update(ctx, kind, scope, code, item)
  // Another writer created it between our look and our insert: look again.
  if (stored === undefined) return put(ctx, kind, scope, code, body, precondition)
  await recordUses(ctx, kind, scope, [[keyOf(kind, scope, code), { ...item, ...owned(kind, scope) }]])
  const cycle = await findCycle(ctx, kind, scope, [[code, item]])
  if (cycle !== null) throw problem('unprocessable', cycle.fault.detail, { errors: [cycle.fault] })
  await requireReadable(ctx, kind, scope, code)
  await kind.follow?.(ctx, [code])
  const outcome = before === undefined ? 'created' : 'updated'
  const secret = await secretAmong(ctx, kind, scope, [code])
  ctx.journal({ action: outcome, resource: pathOf(kind, scope, code), version: stored.version, ...audience(kind, scope, code, stored, secret) })
  return { outcome, item: redact(kind, scope, stored, secrets) }
}

/** What a key writes it can read back, so that a repeat is safe. */
async function requireReadable (ctx: WriteCtx, kind: Kind, scope: Scope, code: string): Promise<void> {
  if (ctx.actor.role === 'admin' || (await existing(ctx, kind.table, scope, [code])).has(code)) return
  throw problem('unprocessable', `Like this the key could not read back the ${kind.noun} that it writes. Name its organisation (as owner, as steward, in organisations), or make it more open.`)
}

export function requireMatch (kind: Kind, code: string, before: Stored | undefined, { match, none }: Precondition): void {
  if (before === undefined) {
    if (match !== undefined) throw problem('stale_version', `If-Match was sent, but there is no ${kind.noun} '${code}'.`)
    return
  }
  if (none) throw problem('stale_version', `If-None-Match: * was sent, but the ${kind.noun} '${code}' exists.`)
  if (match === undefined) throw problem('precondition_required', `The ${kind.noun} '${code}' exists: send If-Match with its ETag to replace, change or delete it.`)
  if (!match.includes('*') && !match.includes(String(before.version))) {
    throw problem('stale_version', `The ${kind.noun} '${code}' is at version ${before.version}, not at the one sent in If-Match.`)
  }
}

/** Lists and maps are columns of JSON. */
export const toColumns = (kind: Kind, item: Record<string, unknown>) => Object.fromEntries(
  Object.entries({ ...item, ...kind.derive?.(item) })
    .map(([name, value]) => [name, typeof value === 'object' && value !== null ? JSON.stringify(value) : value]))

async function insert (ctx: WriteCtx, kind: Kind, scope: Scope, code: string, item: Record<string, unknown>): Promise<Stored | undefined> {
  return await ctx.db.insertInto(kind.table as 'plans')
    .values({ code, ...owned(kind, scope), ...toColumns(kind, item) } as never)
    .onConflict(conflict => conflict.doNothing())
    .returning(columnsOf(kind)).executeTakeFirst() as Stored | undefined
}

async function update (ctx: WriteCtx, kind: Kind, scope: Scope, code: string, item: Record<string, unknown>): Promise<Stored> {
  return await ctx.db.updateTable(kind.table as 'plans')
    .set({ ...toColumns(kind, item), version: sql`version + 1`, updated_at: sql`now()` } as never)
    .where(scoped(kind, scope)).where('code', '=', code)
    .returning(columnsOf(kind)).executeTakeFirstOrThrow() as Stored
}

const owned = ({ owner }: Kind, scope: Scope) => owner === null ? {} : { [owner]: scope }

/** Of these updates those that plain readers are not shown: restricted, a part of such, or on hidden lines only. */
export async function secretAmong (ctx: Ctx, kind: Kind, scope: Scope, codes: string[]): Promise<Set<string>> {
  if (kind.table !== 'updates') return new Set()
  const open = await existing({ ...ctx, actor: { client: null, key: null, organisation: null, role: 'reader' } }, 'updates', scope, codes)
  return new Set(codes.filter(code => !open.has(code)))
}

/** What decides who may see a change: the plan or measure it is about. */
export const audience = (kind: Kind, scope: Scope, code: string, item: Record<string, unknown>, secret: Set<string>) => kind.table === 'plans'
  ? { plan: code, visibility: item.visibility as string, owner: item.owner as string }
  : kind.table === 'measures'
    ? { measure: code, visibility: item.visibility as string, owner: item.steward as string | null }
    : kind.table === 'clients'
      ? { visibility: 'private' }
      : kind.owner === 'measure'
        ? { measure: scope!, ...(item.plan !== null && { plan: item.plan as string }) }
        : {
            ...(scope !== null && { plan: scope }),
            ...(kind.table === 'plan_measures' && { measure: item.measure as string }),
            ...(secret.has(code) && { visibility: 'restricted' })
          }

export async function remove (ctx: WriteCtx, kind: Kind, scope: Scope, code: string, precondition: Precondition): Promise<void> {
  await requireOwner(ctx, kind, scope)
  const { row: before } = await lock(ctx, kind, scope, code)
  if (before === undefined) throw absent(kind, scope, code)
  await requireRight(ctx, { kind, scope, code }, before)
  requireMatch(kind, code, before, precondition)
  await refuseUsed(ctx, kind, scope, code)
  const secret = await secretAmong(ctx, kind, scope, [code])
  await kind.clear?.(ctx, code)
  await forgetUses(ctx, kind, scope, [keyOf(kind, scope, code)])
  await ctx.db.deleteFrom(kind.table as 'plans').where(scoped(kind, scope)).where('code', '=', code).execute()
  ctx.journal({ action: 'deleted', resource: pathOf(kind, scope, code), version: before.version, ...audience(kind, scope, code, before, secret) })
}
