// A delivery taken back: its figures become what they were before, as new revisions, unless one was changed since.
import { sql } from 'kysely'
import { ulid } from 'ulid'
import type { Answer } from '../../db/idempotency.js'
import { permits } from '../../db/visibility.js'
import type { WriteCtx } from '../../db/write.js'
import { problem } from '../../problems.js'
import { governed, publishWritten } from '../disclosures/publish.js'
import { requireFigures } from '../datapoints/permission.js'
import { apply, countChanges, lockMeasures, openStage, stageFormer } from '../datapoints/stage.js'
import { findImport, keep, receiptOf } from './receipts.js'

export async function revertImport (ctx: WriteCtx, id: string): Promise<Answer> {
  const { write_id: write } = await findImport(ctx, id)
  if (write === null) throw problem('unprocessable', `The delivery '${id}' changed nothing, so there is nothing to take back.`)
  await openStage(ctx)
  await lockMeasures(ctx, sql`select s.measure from figures f join series s on s.id = f.series_id where f.write_id = ${write}`)
  await requireFigures(ctx, write)
  await refuseChanged(ctx, write)
  await stageFormer(ctx, write)
  const secret = await refuseHidden(ctx)
  const { created, updated, deleted } = await countChanges(ctx)
  const measures = await measuresOf(ctx)
  await apply(ctx)
  const telling = await publishWritten(ctx, await governed(ctx, measures))
  const counts = { received: created + updated + deleted, created, updated, unchanged: 0, deleted, rejected: 0 }
  const outcome = { counts, problems: [], warnings: [] }
  const receipt = receiptOf(ctx, { id: ulid(), result: 'applied', mode: 'atomic', dry_run: false, note: null, reverts: id }, outcome, false)
  await keep(ctx, receipt, { reason: `Takes back the delivery ${id}`, secret, telling }, null)
  return { status: 200, body: receipt }
}

async function measuresOf ({ db }: WriteCtx): Promise<string[]> {
  const { rows } = await sql<{ measure: string }>`select distinct s.measure from staged_changes c join series s on s.id = c.series_id`.execute(db)
  return rows.map(row => row.measure)
}

async function refuseChanged (ctx: WriteCtx, write: number): Promise<void> {
  const { rows } = await sql<{ measure: string, area: string, period: string }>`
    select s.measure, s.area, p.code as period from figure_revisions f join series s on s.id = f.series_id join periods p on p.id = f.period_id
    where f.write_id = ${write} and s.face <> 'published' order by 1, 2, 3 limit 100`.execute(ctx.db)
  if (rows.length === 0) return
  const errors = rows.map(({ measure, area, period }) =>
    ({ pointer: '', code: 'stale_revision', detail: `/v1/measures/${measure}/datapoints/${area}/${period} was changed since. Take that back first, or correct it by hand.` }))
  throw problem('conflict', 'Figures of the delivery were changed since, so it cannot be taken back as a whole.', { errors })
}

/** Whose figures are hidden from the caller by now stay as they are; answers whether any are private. */
async function refuseHidden (ctx: WriteCtx): Promise<boolean> {
  const { rows: [found] } = await sql<{ hidden: boolean | null, secret: boolean | null }>`
    select bool_or(not ${permits(ctx.actor, 'm.visibility', 'm.steward')}) as hidden, bool_or(m.visibility = 'private') as secret
    from staged_changes c join series s on s.id = c.series_id join measures m on m.code = s.measure`.execute(ctx.db)
  if (found!.hidden === true) throw problem('forbidden', 'The delivery holds figures of measures that this key may not see any more.')
  return found!.secret === true
}
