// Many items of one kind at once, as a bundle brings them: what is new is inserted, what differs updated, and where
// the set is the whole section, what it leaves out is deleted. References are checked by the caller, at the end.
import { sql } from 'kysely'
import { problem, type Fault } from '../problems.js'
import { pathOf, type Kind, type Scope, type Stored } from './kind.js'
import { normalForm, sameItem } from './normal_form.js'
import { audience, checkItem, scoped, toColumns } from './records.js'
import { findCycle, forgetUses, mentions, recordUses, unknown } from './references.js'
import { visible } from './visibility.js'
import type { WriteCtx } from './write.js'

export interface SetCounts { created: number, updated: number, unchanged: number, deleted: number }

export interface SetResult { counts: SetCounts, deleted: string[], written: Array<[code: string, item: Record<string, unknown>]> }

type Items = Array<Record<string, unknown> & { code: string }>

export async function putSet (ctx: WriteCtx, kind: Kind, scope: Scope, items: Items, whole: boolean): Promise<SetResult> {
  const stored = await lockSet(ctx, kind, scope, items, whole)
  const wanted = items.map(item => [item.code, normalForm(kind, item)] as [string, Record<string, unknown>])
  const fresh = wanted.filter(([code]) => !stored.has(code))
  const changed = wanted.filter(([code, item]) => stored.has(code) && !sameItem(kind, stored.get(code)!, item))
  for (let from = 0; from < fresh.length; from += 500) {
    const rows = fresh.slice(from, from + 500).map(([code, item]) => ({ code, ...(kind.owned && { plan: scope }), ...toColumns(kind, item) }))
    await ctx.db.insertInto(kind.table as 'plans').values(rows as never).execute()
  }
  for (const [code, item] of changed) {
    await ctx.db.updateTable(kind.table as 'plans').set({ ...toColumns(kind, item), version: sql`version + 1`, updated_at: sql`now()` } as never)
      .where('code', '=', code).where(scoped(kind, scope)).execute()
  }
  const kept = new Set(items.map(item => item.code))
  const deleted = whole ? [...stored.keys()].filter(code => !kept.has(code)) : []
  await deleteSet(ctx, kind, scope, deleted)
  const journal = (action: 'created' | 'updated' | 'deleted', code: string, item: Record<string, unknown>, version: number) =>
    ctx.journal({ action, resource: pathOf(kind, scope, code), version, ...audience(kind, scope, code, item) })
  for (const [code, item] of fresh) journal('created', code, item, 1)
  for (const [code, item] of changed) journal('updated', code, item, stored.get(code)!.version + 1)
  for (const code of deleted) journal('deleted', code, stored.get(code)!, stored.get(code)!.version)
  return {
    counts: { created: fresh.length, updated: changed.length, unchanged: items.length - fresh.length - changed.length, deleted: deleted.length },
    deleted,
    written: [...fresh, ...changed]
  }
}

async function lockSet (ctx: WriteCtx, kind: Kind, scope: Scope, items: Items, whole: boolean): Promise<Map<string, Stored>> {
  const lower = items.map(item => item.code.toLowerCase())
  const rows = await ctx.db.selectFrom(kind.table as 'plans').selectAll()
    .where(scoped(kind, scope))
    .where(whole ? sql<boolean>`true` : sql<boolean>`lower(code) = any(${lower}::text[])`)
    .orderBy('code').forUpdate().execute() as unknown as Stored[]
  await refuseHidden(ctx, kind, scope, rows)
  const byLower = new Map(rows.map(row => [row.code.toLowerCase(), row]))
  for (const { code } of items) {
    const row = byLower.get(code.toLowerCase())
    if (row !== undefined && row.code !== code) throw problem('conflict', `The code '${code}' is taken by the ${kind.noun} '${row.code}': codes are unique ignoring case.`)
  }
  return new Map(rows.map(row => [row.code, row]))
}

/** What the caller may not see does not exist for it, and so cannot be overwritten. */
async function refuseHidden (ctx: WriteCtx, kind: Kind, scope: Scope, rows: Stored[]): Promise<void> {
  if (rows.length === 0 || ctx.actor.role === 'admin') return
  const codes = rows.map(row => row.code)
  const shown = await ctx.db.selectFrom(kind.table as 'plans').select('code').where(sql<boolean>`code = any(${codes}::text[])`)
    .where(scoped(kind, scope)).where(visible(kind, ctx) as never).execute()
  const known = new Set(shown.map(row => row.code))
  const hidden = codes.find(code => !known.has(code))
  if (hidden !== undefined) throw problem('not_found', `The bundle would overwrite or delete a ${kind.noun} that the key may not see.`)
}

async function deleteSet (ctx: WriteCtx, kind: Kind, scope: Scope, codes: string[]): Promise<void> {
  if (codes.length === 0) return
  await forgetUses(ctx, kind, scope, codes)
  await ctx.db.deleteFrom(kind.table as 'plans').where(sql<boolean>`plan = ${scope}`).where(sql<boolean>`code = any(${codes}::text[])`).execute()
}

/** Rules of each item, with pointers into the section. */
export function setFaults (kind: Kind, section: string, items: Items): Fault[] {
  const seen = new Set<string>()
  return items.flatMap((item, index) => {
    const at = `/${section}/${index}`
    const twice = seen.has(item.code.toLowerCase())
    seen.add(item.code.toLowerCase())
    return [
      ...(twice ? [{ pointer: `${at}/code`, code: 'repeated', detail: `The code '${item.code}' stands twice in ${section}.` }] : []),
      ...checkItem(kind, normalForm(kind, item)).map(fault => ({ ...fault, pointer: `${at}${fault.pointer}` }))
    ]
  })
}

/** Once every section is in place: what the items name must be there, and is recorded. */
export async function settleSet (ctx: WriteCtx, kind: Kind, scope: Scope, section: string, items: Items, written: SetResult['written']): Promise<Fault[]> {
  const place = new Map(items.map(({ code }, index) => [code, kind.table === 'plans' ? `/${section}` : `/${section}/${index}`]))
  const named = written.flatMap(([code, item]) => mentions(kind, item, place.get(code)))
  const faults = await unknown(ctx, scope, named)
  if (faults.length > 0) return faults
  await recordUses(ctx, kind, scope, written)
  const cycle = await findCycle(ctx, kind, scope, written.map(([code]) => code))
  return cycle === null ? [] : [{ ...cycle.fault, pointer: `${place.get(cycle.code) ?? ''}${cycle.fault.pointer}` }]
}
