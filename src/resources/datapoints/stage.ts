// The set-wise part of a delivery: rows are merged with what is stored on their way into a temporary table, each
// classified as new, changed, the same or faulty; then the changed are written, their former state kept as a revision.
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Ids } from './keys.js'
import { members, supplied, type Row } from './row.js'

export interface StagedRow { index: number, ids: Ids, row: Row, expected: number[] | 'some' | undefined }

/** Faults that only show beside what is stored. */
export type StagedFault = 'missing_value' | 'stale_revision' | 'contradiction'

export interface Classified { row: number, action: 'created' | 'updated' | 'deleted' | 'unchanged', fault: StagedFault | null, revision: number }

const stored = `value numeric, numerator numeric, denominator numeric, lower_95 numeric, upper_95 numeric, bound text, status text,
  missing text, qualifiers text, rank_of integer, period_label text, printed text, note text, source text, provider text`

const bit = (name: typeof members[number]) => 1 << members.indexOf(name)
const has = (name: typeof members[number]) => `(s.supplied & ${bit(name)} <> 0)`
/** What was stored counts only while the figure has not been withdrawn. */
const old = (name: string) => `case when not f.deleted then f.${name} end`

/** Tells where a new value makes what belonged to the old one stale. */
const value = `case when ${has('value')} then s.value when ${has('missing')} and s.missing is not null then null else ${old('value')} end`
const differs = `(${value}) is distinct from ${old('value')}`
const keep = (name: typeof members[number]) => `case when ${has(name)} then s.${name} else ${old(name)} end`
const drop = (name: typeof members[number]) => `case when ${has(name)} then s.${name} when ${differs} then null else ${old(name)} end`

const merged: Record<string, string> = {
  value,
  numerator: drop('numerator'),
  denominator: drop('denominator'),
  lower_95: drop('lower_95'),
  upper_95: drop('upper_95'),
  bound: `case when (${value}) is null then null when ${has('bound')} then coalesce(s.bound, 'exact') when ${differs} then 'exact' else coalesce(${old('bound')}, 'exact') end`,
  status: `coalesce(case when ${has('status')} then s.status else ${old('status')} end, 'not_stated')`,
  missing: `case when ${has('missing')} then s.missing when ${has('value')} and s.value is not null then null else ${old('missing')} end`,
  qualifiers: `coalesce(${keep('qualifiers')}, '')`,
  rank_of: keep('rank_of'),
  period_label: keep('period_label'),
  printed: drop('printed'),
  note: keep('note'),
  source: keep('source'),
  provider: keep('provider')
}

const names = Object.keys(merged)

export async function stage (ctx: WriteCtx, rows: StagedRow[]): Promise<void> {
  await sql.raw(`create temporary table if not exists stage (row integer, series_id integer, period_id integer, ${stored},
    action text, fault text, revision integer, deleted boolean) on commit delete rows`).execute(ctx.db)
  await sql`truncate stage`.execute(ctx.db)
  const input = JSON.stringify(rows.map(({ index, ids, row, expected }) => ({
    row: index,
    ...ids,
    ...Object.fromEntries(members.map(name => [name, row[name]])),
    qualifiers: Array.isArray(row.qualifiers) ? row.qualifiers.join(';') : row.qualifiers,
    supplied: supplied(row),
    expected: expected === 'some' ? undefined : expected,
    present: expected === 'some'
  })))
  await sql`
    insert into stage
    select row, series_id, period_id, ${sql.raw(names.map(name => `m.${name}`).join(', '))}, c.action,
      case when c.action = 'unchanged' then null
        when m.present and not m.stored or m.before <> all(m.expected) and not (0 = any(m.expected) and not m.stored) then 'stale_revision'
        when not m.withdraw and m.value is null and m.missing is null and m.numerator is null and m.denominator is null then 'missing_value'
        when m.lower_95 > m.upper_95 or m.value > m.rank_of then 'contradiction' end,
      m.before + 1, m.withdraw
    from (
      select s.row, s.series_id, s.period_id, s.expected, s.present, ${sql.raw(`${has('deleted')} and coalesce(s.deleted, false)`)} as withdraw,
        f.series_id is not null and not f.deleted as stored, coalesce(f.revision, 0) as before,
        ${sql.raw(names.map(name => `${merged[name]} as ${name}, ${old(name)} as old_${name}`).join(', '))}
      from json_to_recordset(${input}) as s (row integer, series_id integer, period_id integer, supplied integer, expected integer[], present boolean, deleted boolean, ${sql.raw(stored)})
      left join figures f on f.series_id = s.series_id and f.period_id = s.period_id
    ) m, lateral (select case
      when m.withdraw then case when m.stored then 'deleted' else 'unchanged' end
      when not m.stored then 'created'
      when ${sql.raw(names.map(name => `m.${name} is not distinct from m.old_${name}`).join(' and '))} then 'unchanged'
      else 'updated' end as action) c`.execute(ctx.db)
}

export async function classified (ctx: WriteCtx): Promise<Classified[]> {
  const { rows } = await sql<Classified>`select row, action, fault, revision from stage order by row`.execute(ctx.db)
  return rows
}

/** Rows whose bounds a figure of the same series has under another kind of period. */
export async function sameBounds (ctx: WriteCtx): Promise<Array<{ row: number, period: string, other: string }>> {
  const { rows } = await sql<{ row: number, period: string, other: string }>`
    select s.row, p.code as period, min(q.code) as other
    from stage s join periods p on p.id = s.period_id and p.starts <> 'infinity'
    join periods q on q.starts = p.starts and q.ends = p.ends and q.id <> p.id
    where s.action = 'created' and (exists (select from figures f where f.series_id = s.series_id and f.period_id = q.id and not f.deleted)
      or exists (select from stage t where t.series_id = s.series_id and t.period_id = q.id))
    group by s.row, p.code order by s.row`.execute(ctx.db)
  return rows
}

/** Writes what is new, changed or withdrawn and has no fault; the rows of `except` stay out. */
export async function apply (ctx: WriteCtx, except: number[]): Promise<void> {
  const write = await ctx.write_id()
  const columns = sql.raw(`${names.join(', ')}`)
  // A withdrawn figure keeps what it is found by; what it said is in its former revision.
  const kept = sql.raw(names.map(name => ['status', 'provider'].includes(name)
    ? name
    : name === 'qualifiers' ? "case when deleted then '' else qualifiers end" : `case when not deleted then ${name} end`).join(', '))
  await sql`
    with changed as (
      select * from stage where action <> 'unchanged' and fault is null and row <> all(${except}::integer[])
    ), former as (
      insert into figure_revisions select f.* from figures f join changed c on c.series_id = f.series_id and c.period_id = f.period_id
    )
    insert into figures (series_id, period_id, revision, write_id, deleted, ${columns})
    select series_id, period_id, revision, ${write}::bigint, deleted, ${kept} from changed
    on conflict (series_id, period_id) do update set revision = excluded.revision, write_id = excluded.write_id, deleted = excluded.deleted,
      ${sql.raw(names.map(name => `${name} = excluded.${name}`).join(', '))}`.execute(ctx.db)
  await sql`insert into figure_providers select distinct provider from stage where provider is not null and action <> 'unchanged'
    and fault is null and row <> all(${except}::integer[]) on conflict do nothing`.execute(ctx.db)
}
