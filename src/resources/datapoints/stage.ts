// The set-wise part of a delivery. Its rows go by COPY into temporary tables, with numbers of the delivery's own for
// series and periods; then their ids are found or made, each row is merged with what is stored and told to be new,
// changed, the same or faulty, and what changes is written, its former state kept as a revision.
import { sql, type RawBuilder } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import { changed, createStage, keepLatest, names, withdrawn } from './stage_sql.js'

export interface Duplicate { rows: number[], same: boolean, measure: string, area: string, period: string }

/** Faults that only show beside what is stored. */
export type StagedFault = 'missing_value' | 'stale_revision' | 'contradiction' | 'not_permitted'

export interface Classified { created: number, updated: number, deleted: number, faulty: number }

/** A delivery takes as long as it needs: the rest of its transaction has no statement timeout. */
export const openStage = (ctx: WriteCtx) => sql.raw(`set local statement_timeout = 0; ${createStage}`).execute(ctx.db)

/** Deliveries of the same measures take turns, and others do not wait for them. */
const buckets = 256

/** Until the end of the transaction, for all measures that the query answers in its column `measure`. */
export async function lockMeasures ({ db }: WriteCtx, measures: RawBuilder<unknown>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('outturn figures'), bucket)
    from (select distinct abs(hashtext(measure) % ${sql.lit(buckets)}) as bucket from (${measures}) named order by 1) buckets`.execute(db)
}

/** Finds or makes what the staged rows name by numbers of the delivery; the ids of series that were there before, by their text. */
export async function resolveKeys (ctx: WriteCtx, measures: Iterable<string>, series: number): Promise<Array<[text: string, id: number]>> {
  const { db } = ctx
  await sql`set local random_page_cost = 1.1; set local work_mem = '32MB'`.execute(db)
  await lockMeasures(ctx, sql`select unnest(${[...measures]}::text[]) as measure`)
  await sql`insert into periods (code, kind, starts, ends, label)
    select code, kind, starts, ends, label from staged_periods s where not exists (select from periods p where p.code = s.code)
    order by code on conflict do nothing`.execute(db)
  await sql`update staged_periods s set id = p.id from periods p where p.code = s.code`.execute(db)
  return series === 0 ? [] : resolveSeries(ctx)
}

/** As many as are worth remembering. */
const mostFound = 50_000

async function resolveSeries ({ db }: WriteCtx): Promise<Array<[text: string, id: number]>> {
  await sql`with made as (
      insert into series (measure, area, breakdown, statistic, against, base_period, rank_basis, face)
      select distinct on (measure, area, breakdown, statistic, against, base_period) measure, area, breakdown, statistic, against, base_period, rank_basis,
        case when measure in (select measure from disclosures) then 'raw' else 'both' end
      from staged_series s where not exists (select from series t where ${sameSeries})
      order by measure, area, breakdown, statistic, against, base_period, rank_basis
      on conflict do nothing returning id
    ) insert into staged_made select id from made`.execute(db)
  await sql`insert into staged_ids select s.n, t.id from staged_series s join series t on ${sameSeries}`.execute(db)
  await sql`update series t set rank_basis = s.rank_basis from staged_series s join staged_ids i on i.n = s.n
    where t.id = i.id and t.rank_basis is null and s.rank_basis is not null`.execute(db)
  const { rows } = await sql<{ text: string, id: number }>`
    select concat_ws(e'\\t', s.measure, s.area, s.breakdown, s.statistic, s.against, s.base_period) as text, i.id
    from staged_series s join staged_ids i on i.n = s.n
    where not exists (select from staged_made m where m.id = i.id) limit ${mostFound}`.execute(db)
  return rows.map(({ text, id }) => [text, id])
}

const sameSeries = sql.raw(['measure', 'area', 'breakdown', 'statistic', 'against', 'base_period'].map(name => `t.${name} = s.${name}`).join(' and ') + " and t.face <> 'published'")

/** Takes out the rows whose series has another rank basis than they say. */
export async function takeOtherBases (ctx: WriteCtx): Promise<Array<{ row: number, said: string, basis: string }>> {
  const { rows } = await sql<{ row: number, said: string, basis: string }>`
    delete from staged r using staged_series s, staged_ids i, series t
    where r.series = s.n and i.n = s.n and t.id = i.id and s.rank_basis <> t.rank_basis
    returning r.row, s.rank_basis as said, t.rank_basis as basis`.execute(ctx.db)
  return rows.sort((a, b) => a.row - b.row)
}

/** Takes out the rows whose figure stands in the delivery more than once, but the first of those that say the same; so many figures at a time. */
export async function * takeDuplicates (ctx: WriteCtx, part = 20_000): AsyncGenerator<Duplicate[]> {
  for (let found: Duplicate[] | undefined; found === undefined || found.length === part;) yield found = await takeSomeDuplicates(ctx, part)
}

async function takeSomeDuplicates (ctx: WriteCtx, part: number): Promise<Duplicate[]> {
  const contents = sql.raw(`(${['supplied', 'expected', 'deleted', ...names].map(name => `r.${name}`).join(', ')})`)
  const { rows } = await sql<Duplicate>`
    select array_agg(r.row order by r.row) as rows, count(distinct ${contents}) = 1 as same, t.measure, t.area, p.code as period
    from (select coalesce(r.series_id, i.id) as id, r.* from staged r left join staged_ids i on i.n = r.series) r
    join series t on t.id = r.id join staged_periods p on p.n = r.period
    where (r.id, r.period) in (select coalesce(r.series_id, i.id), r.period from staged r left join staged_ids i on i.n = r.series group by 1, 2 having count(*) > 1)
    group by t.id, p.n, p.code order by min(r.row) limit ${part}`.execute(ctx.db)
  const out = rows.flatMap(({ rows, same }) => same ? rows.slice(1) : rows)
  if (out.length > 0) await sql`delete from staged where row = any(${out}::integer[])`.execute(ctx.db)
  return rows
}

/** Merges each staged row with what is stored; those that change something, or cannot, are kept for the next steps. */
export async function classify (ctx: WriteCtx): Promise<Classified> {
  await sql.raw(changed).execute(ctx.db)
  return countChanges(ctx)
}

/** Stages what the figures of a write were before it; what was published of them follows. */
export async function stageFormer (ctx: WriteCtx, write: number): Promise<void> {
  const former = sql.raw(names.map(name => ['status', 'provider'].includes(name) ? `case when p.series_id is null then f.${name} else p.${name} end` : `p.${name}`).join(', '))
  await sql`insert into staged_changes
    select row_number() over (), f.series_id, f.period_id, t.kind, t.starts, t.ends,
      case when p.series_id is null or p.deleted then 'deleted' when f.deleted then 'created' else 'updated' end,
      null, f.revision + 1, p.series_id is null or p.deleted, ${former}
    from figures f join series s on s.id = f.series_id and s.face <> 'published' left join figure_revisions p on p.series_id = f.series_id and p.period_id = f.period_id and p.revision = f.revision - 1
      join periods t on t.id = f.period_id
    where f.write_id = ${write}`.execute(ctx.db)
}

export async function countChanges (ctx: WriteCtx): Promise<Classified> {
  const { rows: [counts] } = await sql<Classified>`
    select count(*) filter (where fault is null and action = 'created') as created, count(*) filter (where fault is null and action = 'updated') as updated,
      count(*) filter (where fault is null and action = 'deleted') as deleted, count(*) filter (where fault is not null) as faulty
    from staged_changes`.execute(ctx.db)
  return counts!
}

export interface FaultyRow { row: number, fault: StagedFault, expected: number | null }

/** The faulty rows in their order, a part at a time. */
export async function * faultyRows (ctx: WriteCtx, part = 10_000): AsyncGenerator<FaultyRow[]> {
  for (let last = -1; ;) {
    const { rows } = await sql<FaultyRow>`select c.row, c.fault, r.expected[1] as expected from staged_changes c join staged r on r.row = c.row
      where c.fault is not null and c.row > ${last} order by c.row limit ${part}`.execute(ctx.db)
    if (rows.length > 0) yield rows
    if (rows.length < part) return
    last = rows.at(-1)!.row
  }
}

export interface SameBounds { period: string, other: string, rows: number[], row_count: number }

/** New figures whose bounds a figure of the same series has under another kind of period; the first hundred rows of each. */
export async function sameBounds (ctx: WriteCtx): Promise<SameBounds[]> {
  const { rows } = await sql<SameBounds>`
    select period, other, (array_agg(row order by row))[1:100] as rows, count(*) as row_count from (
      select s.row, p.code as period, min(q.code) as other
      from staged_changes s join periods p on p.id = s.period_id and p.starts <> 'infinity'
      join periods q on q.starts = p.starts and q.ends = p.ends and q.id <> p.id
      where s.action = 'created' and (exists (select from figures f where f.series_id = s.series_id and f.period_id = q.id and not f.deleted)
        or exists (select from staged_changes t where t.series_id = s.series_id and t.period_id = q.id))
      group by s.row, p.code) found
    group by period, other order by min(row)`.execute(ctx.db)
  return rows
}

/** Writes what is new, changed or withdrawn and has no fault; answers the greatest revision written. */
export async function apply (ctx: WriteCtx): Promise<number> {
  const write = await ctx.write_id()
  const columns = sql.raw(names.join(', '))
  const kept = sql.raw(names.map(withdrawn).join(', '))
  await sql`insert into figures (series_id, period_id, revision, write_id, deleted, ${columns})
    select series_id, period_id, revision, ${write}::bigint, deleted, ${kept} from staged_changes c where fault is null and revision = 1`.execute(ctx.db)
  await sql`with former as (
      insert into figure_revisions select f.* from figures f join staged_changes c using (series_id, period_id) where c.fault is null and c.revision > 1
    ) update figures f set revision = c.revision, write_id = ${write}::bigint, deleted = c.deleted,
      ${sql.raw(names.map(name => `${name} = ${withdrawn(name)}`).join(', '))}
    from staged_changes c where c.series_id = f.series_id and c.period_id = f.period_id and c.fault is null and c.revision > 1`.execute(ctx.db)
  await sql`insert into figure_providers select distinct provider from staged_changes s where provider is not null and fault is null
    and not exists (select from figure_providers p where p.organisation = s.provider) order by provider on conflict do nothing`.execute(ctx.db)
  await sql.raw(keepLatest).execute(ctx.db)
  const { rows: [last] } = await sql<{ revision: number }>`select max(revision) as revision from staged_changes where fault is null`.execute(ctx.db)
  return last!.revision
}

/** A series that was made for a row which then was not written would hold its measure and area for nothing. */
export async function forgetEmpty (ctx: WriteCtx): Promise<void> {
  await sql`delete from series s using staged_made m where m.id = s.id and not exists (select from figures f where f.series_id = s.id)`.execute(ctx.db)
}
