// What readers get of measures under a disclosure rule, made in the transaction that writes the figures, or changes the rule.
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import { publishedOf } from '../../statistics/disclosure/publish.js'
import { lockMeasures, openStage } from '../datapoints/stage.js'
import { appliedOf, frameOf, natureOf, readCells, ruleOf, type Governed } from './cells.js'
import { remake } from './remake.js'
import { hidePast, makeFaces, writePublished, type Published } from './write.js'

/** Those of these measures whose figures are published by a rule. */
export async function governed ({ db }: WriteCtx, measures: Iterable<string>): Promise<string[]> {
  const { rows } = await sql<{ measure: string }>`select measure from disclosures where measure = any(${[...measures]}::text[])`.execute(db)
  return rows.map(row => row.measure)
}

/**
 * What the journal tells of a write: all of it; where figures under a rule were among it, that something was written, but
 * not how many; or nothing, where readers get nothing new by it.
 */
export type Telling = 'all' | 'told' | 'untold'

/** Publishes what was just written of these measures, and what follows for their other figures. */
export async function publishWritten (ctx: WriteCtx, measures: string[]): Promise<Telling> {
  if (measures.length === 0) return 'all'
  const { rows } = await sql<{ measure: string, areas: string[] }>`
    select s.measure, array_agg(distinct s.area) as areas from staged_changes c join series s on s.id = c.series_id
    where c.fault is null group by s.measure order by s.measure`.execute(ctx.db)
  const ruled = rows.filter(({ measure }) => measures.includes(measure))
  let told = ruled.length < rows.length
  const areas = new Map(ruled.map(one => [one.measure, one.areas]))
  for (const measure of areas.size === 0 ? [] : await find(ctx, [...areas.keys()])) {
    const changed = await publishCurrent(ctx, measure, areas.get(measure.code))
    told ||= changed
  }
  return ruled.length === 0 ? 'all' : told ? 'told' : 'untold'
}

/** A rounded figure stands on its own; without rounding each may hide others of the measure, wherever they are. Answers whether readers get another. */
async function publishCurrent (ctx: WriteCtx, measure: Governed, areas: string[] | undefined): Promise<boolean> {
  const rule = ruleOf(measure)
  if (rule === null) return false
  const scope = rule.base === null ? undefined : areas
  const cells = await readCells(ctx, measure.code, scope === undefined ? {} : { areas: scope })
  const figures = publishedOf(cells, natureOf(measure), rule, await frameOf(ctx, measure))
  const published = cells.map((cell, i): Published => ({ ...cell, figure: figures[i]! }))
  await makeFaces(ctx, measure.code)
  const changed = await writePublished(ctx, measure.code, published, scope)
  if (rule.base === null) await hidePast(ctx)
  return changed
}

async function find ({ db }: WriteCtx, codes: string[]): Promise<Governed[]> {
  return await db.selectFrom('measures').select(['code', 'unit', 'per', 'decimals', 'dimensions', 'disclosure']).where('code', 'in', codes).orderBy('code').execute() as unknown as Governed[]
}

/** Applies the rules of these measures, where they are not those by which their figures are published now. */
export async function applyRules (ctx: WriteCtx, codes: string[]): Promise<void> {
  if (codes.length === 0) return
  const applied = new Map((await ctx.db.selectFrom('disclosures').selectAll().where('measure', 'in', codes).execute()).map(row => [row.measure, row.rule]))
  for (const measure of await find(ctx, codes)) {
    const [before, rule] = [applied.get(measure.code), ruleOf(measure)]
    if (rule === null ? before === undefined : isDeepStrictEqual(before, appliedOf(measure))) continue
    await openStage(ctx)
    await lockMeasures(ctx, sql`select ${measure.code}::text as measure`)
    await remake(ctx, measure)
  }
}

/** Where areas change what they are, or are a part of, all that is published by a rule may be another. */
export async function applyAreas (ctx: WriteCtx, areas: string[]): Promise<void> {
  const { rows } = await sql<{ measure: string }>`select distinct measure from series where face = 'raw' and area = any(${areas}::text[]) order by 1`.execute(ctx.db)
  if (rows.length === 0) return
  await openStage(ctx)
  await lockMeasures(ctx, sql`select unnest(${rows.map(row => row.measure)}::text[]) as measure`)
  for (const measure of await find(ctx, rows.map(row => row.measure))) await publishCurrent(ctx, measure, undefined)
}

/** Rules that were stored by a release that did not apply them yet. */
export async function applyStored (ctx: WriteCtx): Promise<void> {
  const { rows } = await sql<{ code: string }>`select code from measures where disclosure ->> 'rule' <> 'none' and code not in (select measure from disclosures)`.execute(ctx.db)
  if (rows.length > 0) await applyRules(ctx, rows.map(row => row.code))
}
