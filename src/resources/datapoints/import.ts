// A delivery as a POST: its receipt, kept whether it was applied or rejected, and nothing at all of a dry run.
import { sql } from 'kysely'
import { ulid } from 'ulid'
import type { Ctx } from '../../db/connection.js'
import type { Answer } from '../../db/idempotency.js'
import type { WriteCtx } from '../../db/write.js'
import { problem } from '../../problems.js'
import { deliver, type Delivery } from './deliver.js'
import type { CheckRow } from './form.js'
import { listed } from './source.js'

export interface ImportRequest { datapoints: unknown[], source?: string, note?: string }

export interface ImportOptions { mode: 'atomic' | 'partial', dry_run: boolean, url: string, check: CheckRow }

export async function importDatapoints (ctx: WriteCtx, { datapoints, source, note }: ImportRequest, options: ImportOptions): Promise<Answer> {
  const { mode, dry_run: dryRun } = options
  await sql`savepoint delivery`.execute(ctx.db)
  const delivery = await deliver(ctx, listed(datapoints, source === undefined ? {} : { source }), { check: options.check, mode, write: !dryRun })
  const rejected = delivery.problems.length > 0 && (mode === 'atomic' || delivery.counts.rejected === delivery.counts.received)
  if (dryRun || rejected) await sql`rollback to savepoint delivery`.execute(ctx.db)
  const id = ulid()
  const result = rejected ? 'rejected' : dryRun ? 'validated' : delivery.problems.length > 0 ? 'partially_applied' : 'applied'
  const receipt = receiptOf(ctx, id, result, delivery, mode, dryRun, note)
  if (!dryRun) await keep(ctx, receipt, delivery)
  if (!rejected) return { status: 200, body: receipt }
  const detail = `${delivery.counts.rejected} of ${delivery.counts.received} rows have faults; nothing was written.`
  return { status: 422, headers: { 'content-type': 'application/problem+json' }, body: problem('import_rejected', detail, { members: { ...receipt } }).body(options.url) }
}

type Receipt = ReturnType<typeof receiptOf>

function receiptOf (ctx: WriteCtx, id: string, result: 'applied' | 'partially_applied' | 'validated' | 'rejected', { counts, problems, warnings }: Delivery, mode: string, dryRun: boolean, note: string | undefined) {
  return {
    id,
    result,
    mode,
    dry_run: dryRun,
    counts: result === 'rejected' ? { received: counts.received, created: 0, updated: 0, unchanged: 0, deleted: 0, rejected: counts.rejected } : counts,
    problems,
    warnings,
    submitted_by: ctx.actor.organisation,
    note: note ?? null,
    received_at: new Date().toISOString(),
    links: { self: dryRun ? null : `/v1/datapoint-imports/${id}` }
  }
}

async function keep (ctx: WriteCtx, receipt: Receipt, { reason, secret }: Delivery): Promise<void> {
  const { id, result, counts, received_at } = receipt
  const { client, organisation } = ctx.actor
  await ctx.db.insertInto('imports').values({ id, client, organisation, received_at, result, receipt: JSON.stringify(receipt) }).execute()
  const { created, updated, deleted } = counts
  if (created + updated + deleted === 0) return
  ctx.journal({ action: 'imported', resource: `/v1/datapoint-imports/${id}`, counts: { ...counts }, reason, ...(secret && { visibility: 'private' }) })
}

/** Receipts of the caller's own client; administrators see all. */
const ownReceipts = ({ db, actor }: Ctx) => db.selectFrom('imports').select(['id', 'receipt'])
  .where(eb => actor.role === 'admin' ? eb.lit(true) : eb('client', '=', actor.client))

export async function findReceipt (ctx: Ctx, id: string): Promise<unknown> {
  const row = await ownReceipts(ctx).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw problem('not_found', `There is no delivery '${id}'.`)
  return row.receipt
}

export const countReceipts = async (ctx: Ctx): Promise<number> =>
  (await ownReceipts(ctx).clearSelect().select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total

/** Newest first. */
export const listReceipts = (ctx: Ctx, limit: number, before: string | null) => {
  const query = ownReceipts(ctx).orderBy('id', 'desc').limit(limit + 1)
  return (before === null ? query : query.where('id', '<', before)).execute()
}
