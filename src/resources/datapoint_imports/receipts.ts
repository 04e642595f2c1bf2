// Receipts: what came of a delivery, kept with the rows that were rejected, readable by who sent it.
import type { Ctx } from '../../db/connection.js'
import type { WriteCtx } from '../../db/write.js'
import { problem } from '../../problems.js'
import type { Delivery } from '../datapoints/deliver.js'

interface Head {
  id: string
  result: 'applied' | 'partially_applied' | 'validated' | 'rejected'
  mode: 'atomic' | 'partial'
  dry_run: boolean
  note: string | null
  reverts?: string
}

export type Receipt = ReturnType<typeof receiptOf>

type Outcome = Pick<Delivery, 'counts' | 'problems' | 'warnings'>

export function receiptOf (ctx: WriteCtx, head: Head, { counts, problems, warnings }: Outcome, rejects: boolean) {
  const { id, result, mode, dry_run: dryRun, note, reverts } = head
  const self = `/v1/datapoint-imports/${id}`
  return {
    id,
    result,
    mode,
    dry_run: dryRun,
    counts: result === 'rejected' ? { ...counts, created: 0, updated: 0, unchanged: 0, deleted: 0 } : counts,
    problems,
    warnings,
    submitted_by: ctx.actor.organisation,
    note,
    received_at: new Date().toISOString(),
    ...(reverts !== undefined && { reverts }),
    links: { self: dryRun ? null : self, rejected: rejects ? `${self}/rejected.csv` : null }
  }
}

export async function keep (
  ctx: WriteCtx,
  receipt: Receipt,
  { reason, secret, telling }: Pick<Delivery, 'reason' | 'secret' | 'telling'>,
  rejected: string | null
): Promise<void> {
  const { id, result, counts, received_at } = receipt
  const { client, organisation } = ctx.actor
  const { created, updated, deleted } = counts
  const changes = created + updated + deleted > 0
  const write = changes ? await ctx.write_id() : null
  await ctx.db.insertInto('imports')
    .values({ id, client, organisation, received_at, result, receipt: JSON.stringify(receipt), rejected, write_id: write }).execute()
  if (!changes) return
  const visibility = secret ? 'private' : telling
  ctx.journal({ action: 'imported', resource: `/v1/datapoint-imports/${id}`, counts: { ...counts }, reason, ...(visibility !== 'all' && { visibility }) })
}

/** Receipts of the caller's own client; administrators see all. */
const ownReceipts = ({ db, actor }: Ctx) => db.selectFrom('imports')
  .where(eb => actor.role === 'admin' ? eb.lit(true) : eb('client', '=', actor.client))

const noSuch = (id: string) => problem('not_found', `There is no delivery '${id}'.`)

export async function findImport (ctx: Ctx, id: string) {
  const row = await ownReceipts(ctx).select(['id', 'receipt', 'write_id']).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw noSuch(id)
  return row
}

export async function findRejected (ctx: Ctx, id: string): Promise<string> {
  const row = await ownReceipts(ctx).select('rejected').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw noSuch(id)
  if (row.rejected === null) throw problem('not_found', `No row of the delivery '${id}' was rejected.`)
  return row.rejected
}

export const countReceipts = async (ctx: Ctx): Promise<number> =>
  (await ownReceipts(ctx).select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total

/** Newest first. */
export const listReceipts = (ctx: Ctx, limit: number, before: string | null) => {
  const query = ownReceipts(ctx).select(['id', 'receipt']).orderBy('id', 'desc').limit(limit + 1)
  return (before === null ? query : query.where('id', '<', before)).execute()
}
