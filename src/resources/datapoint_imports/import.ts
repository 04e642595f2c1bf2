// A delivery carried out: its receipt, kept whether it was applied or rejected, and nothing at all of a dry run.
import { sql } from 'kysely'
import { ulid } from 'ulid'
import type { Answer } from '../../db/idempotency.js'
import type { WriteCtx } from '../../db/write.js'
import { problem } from '../../problems.js'
import { deliver, type Delivery } from '../datapoints/deliver.js'
import type { CheckRow } from '../datapoints/form.js'
import type { Body } from './read.js'
import { keep, receiptOf } from './receipts.js'
import { rejectedCsv } from './rejected.js'

export interface ImportOptions { mode: 'atomic' | 'partial', dry_run: boolean, url: string, check: CheckRow }

export async function importDatapoints (ctx: WriteCtx, { source, note }: Body, options: ImportOptions): Promise<Answer> {
  const { mode, dry_run: dryRun, url, check } = options
  await sql`savepoint delivery`.execute(ctx.db)
  const delivery = await deliver(ctx, source, { check, mode, write: !dryRun })
  const rejected = refuses(delivery, mode)
  if (dryRun || rejected) await sql`rollback to savepoint delivery`.execute(ctx.db)
  const result = rejected ? 'rejected' : dryRun ? 'validated' : delivery.counts.rejected > 0 ? 'partially_applied' : 'applied'
  const rows = dryRun || delivery.counts.rejected === 0 ? null : await rejectedCsv(source, delivery.rejected)
  const receipt = receiptOf(ctx, { id: ulid(), result, mode, dry_run: dryRun, note }, delivery, rows !== null)
  if (!dryRun) await keep(ctx, receipt, delivery, rows)
  if (!rejected) return { status: 200, body: receipt }
  const detail = `${delivery.counts.rejected} of ${delivery.counts.received} rows have faults; nothing was written.`
  return { status: 422, headers: { 'content-type': 'application/problem+json' }, body: problem('import_rejected', detail, { members: { ...receipt } }).body(url) }
}

const refuses = ({ counts: { received, rejected } }: Delivery, mode: 'atomic' | 'partial') => rejected > 0 && (mode === 'atomic' || rejected === received)
