// The SQL text of staging: the temporary tables, and how a row is merged with the figure that is stored. A row corrects
// what it supplies; a new value makes stale what belonged to the old one.
import { members } from './row.js'

const stored = `value numeric, numerator numeric, denominator numeric, lower_95 numeric, upper_95 numeric, bound text, status text,
  missing text, qualifiers text, rank_of integer, period_label text, printed text, note text, source text, provider text collate "C"`

/** What a disclosure rule decides of a figure. */
const published = `value numeric, numerator numeric, denominator numeric, lower_95 numeric, upper_95 numeric, bound text, missing text, qualifiers text,
  rank_of integer, printed text, note text`

/** Columns of staged in the order in which COPY gets them. */
export const stagedColumns = ['row', 'series_id', 'series', 'period', 'supplied', 'expected', 'present', 'deleted', 'value', 'numerator', 'denominator', 'lower_95', 'upper_95',
  'bound', 'status', 'missing', 'qualifiers', 'rank_of', 'period_label', 'printed', 'note', 'source', 'provider'] as const

const code = 'text collate "C"'

const tables = {
  staged: `row integer, series_id integer, series integer, period integer, supplied integer, expected integer[], present boolean, deleted boolean, ${stored}`,
  staged_series: `n integer, measure ${code}, area ${code}, breakdown ${code}, statistic ${code}, against ${code}, base_period ${code}, rank_basis text`,
  staged_periods: `n integer primary key, code ${code}, kind text, starts date, ends date, label text, id integer`,
  staged_ids: 'n integer primary key, id integer',
  staged_made: 'id integer',
  staged_published: `series_id integer, period_id integer, revision integer, write_id bigint, deleted boolean, ${published}`,
  staged_changes: `row integer, series_id integer, period_id integer, kind ${code}, starts date, ends date, action text, fault text, revision integer, deleted boolean, ${stored}`
}

/** One round trip: the tables are the connection's, and empty. */
export const createStage = Object.entries(tables)
  .map(([name, columns]) => `create temporary table if not exists ${name} (${columns}) on commit delete rows; delete from ${name}`).join('; ')

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

/** What a figure says, in the order of its columns. */
export const names = Object.keys(merged)

/** A withdrawn figure keeps what it is found by; what it said is in its former revision. */
export const withdrawn = (name: string) => ['status', 'provider'].includes(name)
  ? `c.${name}`
  : name === 'qualifiers' ? "case when c.deleted then '' else c.qualifiers end" : `case when not c.deleted then c.${name} end`

/** Every supplied member equals the stored one: most rows of most deliveries, told before anything is merged. */
const same = `f.series_id is not null and not f.deleted and s.deleted is not true
      and ${names.map(name => `(s.supplied & ${bit(name as 'value')} = 0 or s.${name} is not distinct from f.${name})`).join(' and ')}`

// OFFSET 0 keeps the planner from writing the merged expressions out at each of their uses; LIMIT 1 has it look each
// figure up by its key, whatever it believes of a table that was filled a moment ago: so the work does not grow with the table.
export const changed = `
  insert into staged_changes
  select row, series_id, period_id, kind, starts, ends, c.action,
    case when m.present and not m.stored or m.before <> all(m.expected) and not (0 = any(m.expected) and not m.stored) then 'stale_revision'
      when not m.withdraw and m.value is null and m.missing is null and m.numerator is null and m.denominator is null then 'missing_value'
      when m.lower_95 > m.upper_95 or m.value > m.rank_of then 'contradiction' end,
    m.before + 1, m.withdraw, ${names.map(name => `m.${name}`).join(', ')}
  from (
    select s.row, coalesce(s.series_id, i.id) as series_id, p.id as period_id, p.kind, p.starts, p.ends, s.expected, s.present, ${has('deleted')} and coalesce(s.deleted, false) as withdraw,
      f.series_id is not null and not f.deleted as stored, coalesce(f.revision, 0) as before,
      ${names.map(name => `${merged[name]} as ${name}, ${old(name)} as old_${name}`).join(', ')}
    from staged s left join staged_ids i on i.n = s.series join staged_periods p on p.n = s.period
    left join lateral (select * from figures where series_id = coalesce(s.series_id, i.id) and period_id = p.id limit 1) f on true
    where not coalesce(${same}, false)
    offset 0
  ) m, lateral (select case
    when m.withdraw then case when m.stored then 'deleted' else 'unchanged' end
    when not m.stored then 'created'
    when ${names.map(name => `m.${name} is not distinct from m.old_${name}`).join(' and ')} then 'unchanged'
    else 'updated' end as action) c
  where c.action <> 'unchanged'`

const withdrawnLatest = "c.action = 'deleted' and c.fault is null and c.series_id = l.series_id and c.period_id = l.period_id"
const left = `from figures f join periods p on p.id = f.period_id
  where f.series_id = l.series_id and p.kind = l.kind and p.starts <> 'infinity' and not f.deleted`

/**
 * Which figure of a series is the latest of its kind changes where one comes or goes, and not where one is corrected. A
 * new one is held against the latest so far; where that was withdrawn, the series is looked through.
 */
export const keepLatest = [
  `insert into latest_figures as l (series_id, kind, period_id, ends, starts)
    select distinct on (series_id, kind) series_id, kind, period_id, ends, starts from staged_changes
    where action = 'created' and fault is null and starts <> 'infinity'
    order by series_id, kind, ends desc, starts desc
    on conflict (series_id, kind) do update set period_id = excluded.period_id, ends = excluded.ends, starts = excluded.starts
    where (excluded.ends, excluded.starts) > (l.ends, l.starts)`,
  `delete from latest_figures l using staged_changes c where ${withdrawnLatest} and not exists (select ${left})`,
  `update latest_figures l set (period_id, ends, starts) = (select p.id, p.ends, p.starts ${left} order by p.ends desc, p.starts desc limit 1)
    from staged_changes c where ${withdrawnLatest}`
].join('; ')
