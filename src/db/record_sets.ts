// Many items of one kind at once, as a bundle brings them: what is new is inserted, what differs updated, and where
// the set is the whole section, what it leaves out is deleted. References are checked by the caller, at the end.
import { sql } from 'kysely'
import { problem, type Fault } from '../problems.js'
import { article, keyColumn, keyOf, pathOf, type Kind, type Scope, type Stored } from './kind.js'
import { normalForm, sameItem } from './normal_form.js'
import { requireRights } from './record_rights.js'
import { audience, checkItem, columnsOf, restore, secretAmong, toColumns } from './records.js'
import { findCycle, forgetUses, mentions, recordUses, unknown } from './references.js'
import { hidden, visible } from './visibility.js'
import type { WriteCtx } from './write.js'

export interface SetCounts { created: number, updated: number, unchanged: number, deleted: number }

/** What was written and deleted, by the keys of the items. */
export interface SetResult {
  counts: SetCounts
  deleted: string[]
  written: Array<[key: string, item: Record<string, unknown>, before: Stored | undefined]>
}

type Items = Array<Record<string, unknown> & { code: string }>

/** What an item of the set belongs to: the plan, or the measure that a target names. */
const ownerIn = ({ owner }: Kind, scope: Scope, item: Record<string, unknown>): Scope =>
  owner === null ? null : owner === 'plan' ? scope : item[owner] as string

const keyIn = (kind: Kind, scope: Scope, item: Record<string, unknown> & { code: string }) => keyOf(kind, ownerIn(kind, scope, item), item.code)

/** `scope` is the plan of the bundle; with `whole` the set is all that the plan has of the kind. */
export async function putSet (ctx: WriteCtx, kind: Kind, scope: Scope, items: Items, whole: boolean): Promise<SetResult> {
  const stored = await lockSet(ctx, kind, scope, items, whole)
  const owned = (item: Record<string, unknown>) => kind.owner === null ? {} : { [kind.owner]: ownerIn(kind, scope, item) }
  const secrets = await hidden(ctx)
  const wanted = items.map(item => {
    const key = keyIn(kind, scope, item)
    return { key, code: item.code, item: { ...owned(item), ...restore(kind, scope, normalForm(kind, item), stored.get(key), secrets) } }
  })
  const fresh = wanted.filter(({ key }) => !stored.has(key))
  const changed = wanted.filter(({ key, item }) => stored.has(key) && !sameItem(kind, stored.get(key)!, item))
  await requireRights(ctx, kind, scope, [...fresh, ...changed].map(({ key, code, item }) => ({ code, before: stored.get(key), item })))
  for (let from = 0; from < fresh.length; from += 500) {
    const rows = fresh.slice(from, from + 500).map(({ code, item }) => ({ code, ...toColumns(kind, item) }))
    await ctx.db.insertInto(kind.table as 'plans').values(rows as never).execute()
  }
  for (const { key, item } of changed) {
    await ctx.db.updateTable(kind.table as 'plans').set({ ...toColumns(kind, item), version: sql`version + 1`, updated_at: sql`now()` } as never)
      .where(keyed(kind, scope, [key])).execute()
  }
  const kept = new Set(wanted.map(({ key }) => key))
  const deleted = whole ? [...stored.keys()].filter(key => !kept.has(key)) : []
  const secret = await secretAmong(ctx, kind, scope, [...wanted, ...deleted.map(key => stored.get(key)!)].map(({ code }) => code))
  await deleteSet(ctx, kind, scope, deleted)
  const journal = (action: 'created' | 'updated' | 'deleted', code: string, item: Record<string, unknown>, version: number) => {
    const owner = ownerIn(kind, scope, item)
    ctx.journal({ action, resource: pathOf(kind, owner, code), version, ...audience(kind, owner, code, item, secret) })
  }
  for (const { code, item } of fresh) journal('created', code, item, 1)
  for (const { key, code, item } of changed) journal('updated', code, item, stored.get(key)!.version + 1)
  for (const row of deleted.map(key => stored.get(key)!)) journal('deleted', row.code, row, row.version)
  return {
    counts: { created: fresh.length, updated: changed.length, unchanged: items.length - fresh.length - changed.length, deleted: deleted.length },
    deleted,
    written: [...fresh, ...changed].map(({ key, item }) => [key, item, stored.get(key)])
  }
}

/** Rows of these keys. */
const keyed = (kind: Kind, scope: Scope, keys: string[]) => sql<boolean>`${keyColumn(kind)} = any(${keys}::text[]) and ${inPlan(kind, scope)}`

const inPlan = (kind: Kind, scope: Scope) => kind.owner === 'plan' ? sql<boolean>`plan = ${scope}` : sql<boolean>`true`

async function lockSet (ctx: WriteCtx, kind: Kind, scope: Scope, items: Items, whole: boolean): Promise<Map<string, Stored>> {
  const lower = items.map(item => keyIn(kind, scope, item).toLowerCase())
  const named = sql<boolean>`lower(${keyColumn(kind)}) = any(${lower}::text[])`
  const rows = await ctx.db.selectFrom(kind.table as 'plans').select([...columnsOf(kind), ...(kind.owner === 'plan' ? ['plan' as 'code'] : [])])
    .where(whole ? sql<boolean>`(plan = ${scope} or ${kind.owner === 'plan' ? sql`false` : named})` : named)
    .orderBy('code').forUpdate().execute() as unknown as Stored[]
  await refuseHidden(ctx, kind, scope, rows)
  const keyRow = (row: Stored) => keyOf(kind, kind.owner === 'measure' ? row.measure as string : scope, row.code)
  const byLower = new Map(rows.map(row => [keyRow(row).toLowerCase(), row]))
  for (const item of items) {
    const row = byLower.get(keyIn(kind, scope, item).toLowerCase())
    if (row === undefined) continue
    if (row.code !== item.code) throw problem('conflict', `The code '${item.code}' is taken by the ${kind.noun} '${row.code}': codes are unique ignoring case.`)
    if (kind.owner === 'measure' && row.plan !== scope) {
      throw problem('conflict', `The code '${row.code}' is taken by a ${kind.noun} of the measure '${row.measure as string}' that ${row.plan === null ? 'no plan' : 'another plan'} sets.`)
    }
  }
  return new Map(rows.map(row => [keyRow(row), row]))
}

/** What the caller may not see does not exist for it, and so cannot be overwritten. */
async function refuseHidden (ctx: WriteCtx, kind: Kind, scope: Scope, rows: Stored[]): Promise<void> {
  if (rows.length === 0 || ctx.actor.role === 'admin') return
  const keys = rows.map(row => keyOf(kind, row.measure as string, row.code))
  const shown = await ctx.db.selectFrom(kind.table as 'plans').select('code').where(keyed(kind, scope, keys)).where(visible(kind, ctx) as never).execute()
  if (shown.length < rows.length) throw problem('not_found', `The bundle would overwrite or delete ${article(kind.noun)} that the key may not see.`)
}

async function deleteSet (ctx: WriteCtx, kind: Kind, scope: Scope, keys: string[]): Promise<void> {
  if (keys.length === 0) return
  await forgetUses(ctx, kind, scope, keys)
  await ctx.db.deleteFrom(kind.table as 'plans').where(keyed(kind, scope, keys)).execute()
}

/** Rules of each item, with pointers into the section. */
export function setFaults (kind: Kind, section: string, items: Items): Fault[] {
  const seen = new Set<string>()
  return items.flatMap((item, index) => {
    const at = `/${section}/${index}`
    const key = keyIn(kind, null, item).toLowerCase()
    const twice = seen.has(key)
    seen.add(key)
    return [
      ...(twice ? [{ pointer: `${at}/code`, code: 'repeated', detail: `The code '${item.code}' stands twice in ${section}.` }] : []),
      ...checkItem(kind, normalForm(kind, item)).map(fault => ({ ...fault, pointer: `${at}${fault.pointer}` }))
    ]
  })
}

/** Once every section is in place: what the items name must be there, and is recorded. */
export async function settleSet (ctx: WriteCtx, kind: Kind, scope: Scope, section: string, items: Items, written: SetResult['written']): Promise<Fault[]> {
  const place = new Map(items.map((item, index) => [keyIn(kind, scope, item), kind.table === 'plans' ? `/${section}` : `/${section}/${index}`]))
  // What was kept of things that the caller may not see is not asked of the caller.
  const sent = new Map(items.map(item => [keyIn(kind, scope, item), { ...item, ...normalForm(kind, item) }]))
  const named = written.flatMap(([key]) => mentions(kind, sent.get(key)!, place.get(key)))
  const faults = await unknown(ctx, scope, named)
  for (const [key, item, before] of written) {
    const replaced = before === undefined ? [] : kind.replace?.(before, item) ?? []
    for (const fault of [...replaced, ...await kind.confirm?.(ctx, ownerIn(kind, scope, item), item) ?? []]) faults.push({ ...fault, pointer: `${place.get(key) ?? ''}${fault.pointer}` })
  }
  if (faults.length > 0) return faults
  const now = written.map(([key, item]): [string, Record<string, unknown>] => [key, item])
  await recordUses(ctx, kind, scope, now)
  await kind.follow?.(ctx, written.map(([key]) => key))
  const cycle = await findCycle(ctx, kind, scope, now)
  return cycle === null ? [] : [{ ...cycle.fault, pointer: `${place.get(cycle.code) ?? ''}${cycle.fault.pointer}` }]
}
