// Published figures written beside the raw ones: the same tables, series of their own.
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Figure } from '../../statistics/disclosure/figure.js'
import { apply } from '../datapoints/stage.js'
import { names } from '../datapoints/stage_sql.js'
import { contents } from './cells.js'

/** What is published of a raw figure. */
export interface Published { series_id: number, period_id: number, figure: Figure }

const key = ['measure', 'area', 'breakdown', 'statistic', 'against', 'base_period'].map(name => `t.${name} = s.${name}`).join(' and ')

/** A raw series and the one that is published of it. */
export const twins = sql.raw(`series s join series t on t.face = 'published' and ${key}`)

/** Every series of the measure has its two faces. */
export async function makeFaces ({ db }: WriteCtx, measure: string): Promise<void> {
  await sql`update series set face = 'raw' where measure = ${measure} and face = 'both'`.execute(db)
  await sql`insert into series (measure, area, breakdown, statistic, against, base_period, rank_basis, face)
    select measure, area, breakdown, statistic, against, base_period, rank_basis, 'published' from series s
    where s.measure = ${measure} and s.face = 'raw' and not exists (select from series t where t.face = 'published' and ${sql.raw(key)})
    order by id`.execute(db)
  await sql`update series t set rank_basis = s.rank_basis from series s
    where t.measure = ${measure} and t.face = 'published' and s.face = 'raw' and ${sql.raw(key)} and t.rank_basis is distinct from s.rank_basis`.execute(db)
}

/** Rows a statement at most. */
const part = 5000

/** A revision of what is published, by the raw one that it is made of. */
export interface PublishedRevision extends Published { revision?: number, write_id?: number, deleted?: boolean }

export async function stagePublished ({ db }: WriteCtx, published: PublishedRevision[]): Promise<void> {
  await sql`delete from staged_published`.execute(db)
  for (let from = 0; from < published.length; from += part) {
    const rows = published.slice(from, from + part)
      .map(({ series_id, period_id, revision, write_id, deleted, figure }) => ({ series_id, period_id, revision, write_id, deleted, ...figure }))
    await sql`insert into staged_published select * from json_populate_recordset(null::staged_published, ${JSON.stringify(rows)}::json)`.execute(db)
  }
}

/** Of a figure that is published, what is not published by rule comes from the raw one. */
const passed = names.filter(name => !(contents as readonly string[]).includes(name))
const from = (name: string) => sql.raw(passed.includes(name) ? `r.${name}` : `p.${name}`)

/** Writes what differs from what is published now; what has no raw figure any more is withdrawn. `areas` are those looked at. */
export async function writePublished (ctx: WriteCtx, measure: string, published: Published[], areas: string[] | undefined): Promise<boolean> {
  await stagePublished(ctx, published)
  await sql`delete from staged_changes`.execute(ctx.db)
  const columns = sql.raw(names.join(', '))
  const { numAffectedRows: changed } = await sql`
    insert into staged_changes (row, series_id, period_id, kind, starts, ends, action, fault, revision, deleted, ${columns})
    select 0, t.id, p.period_id, q.kind, q.starts, q.ends, case when f.series_id is null or f.deleted then 'created' else 'updated' end, null,
      coalesce(f.revision, 0) + 1, false, ${sql.join(names.map(from))}
    from staged_published p join ${twins} on s.id = p.series_id join figures r on r.series_id = p.series_id and r.period_id = p.period_id
      join periods q on q.id = p.period_id left join figures f on f.series_id = t.id and f.period_id = p.period_id
    where f.series_id is null or f.deleted or (${sql.join(names.map(from))}) is distinct from (${sql.raw(names.map(name => `f.${name}`).join(', '))})`.execute(ctx.db)
  const { numAffectedRows: gone } = await sql`
    insert into staged_changes (row, series_id, period_id, kind, starts, ends, action, fault, revision, deleted, status, qualifiers, provider)
    select 0, t.id, f.period_id, q.kind, q.starts, q.ends, 'deleted', null, f.revision + 1, true, f.status, '', f.provider
    from ${twins} join figures f on f.series_id = t.id and not f.deleted join periods q on q.id = f.period_id
    where t.measure = ${measure} and ${areas === undefined ? sql`true` : sql`t.area = any(${areas}::text[])`}
      and not exists (select from figures r where r.series_id = s.id and r.period_id = f.period_id and not r.deleted)`.execute(ctx.db)
  const differs = (changed ?? 0n) + (gone ?? 0n) > 0n
  if (differs) await apply(ctx)
  return differs
}

/** What is hidden to protect another was not hidden once; beside what is published now it would tell the other. */
export async function hidePast ({ db }: WriteCtx): Promise<void> {
  await sql`update figure_revisions h set ${sql.raw(contents.map(name => `${name} = p.${name}`).join(', '))}
    from staged_published p join ${twins} on s.id = p.series_id
    where p.missing = 'suppressed' and h.series_id = t.id and h.period_id = p.period_id and not h.deleted and h.missing is distinct from 'suppressed'`.execute(db)
}
