// Figures in compact form: integer keys, no foreign keys on the fact table (references are checked as a set when a
// delivery comes in), every superseded state kept. The views carry the wire's columns in the wire's order.
import { sql, type Kysely } from 'kysely'

const figure = sql.raw(`
  series_id integer not null,
  period_id integer not null,
  revision integer not null,
  write_id bigint not null,
  deleted boolean not null,
  value numeric,
  numerator numeric,
  denominator numeric check (denominator > 0),
  lower_95 numeric,
  upper_95 numeric,
  bound text,
  status text not null,
  missing text,
  qualifiers text not null,
  rank_of integer,
  period_label text,
  printed text,
  note text,
  source text,
  provider text collate "C",
  check (deleted or (value is not null and missing is null)
    or (value is null and (missing is not null or numerator is not null or denominator is not null)))`)

const row = (from: string) => sql.raw(`
  select s.measure, s.area, p.code as period, coalesce(f.period_label, p.label) as period_label, p.kind as period_kind,
    nullif(p.starts, 'infinity') as period_start, nullif(p.ends, 'infinity') as period_end,
    nullif(s.breakdown, '') as breakdown, s.statistic, nullif(s.against, '') as against, nullif(s.base_period, '') as base_period,
    trim_scale(f.value) as value, trim_scale(f.numerator) as numerator, trim_scale(f.denominator) as denominator,
    trim_scale(f.lower_95) as lower_95, trim_scale(f.upper_95) as upper_95,
    case when s.statistic = 'level' then m.unit
      when s.statistic = 'percent_change' then 'percent'
      when s.statistic = 'rank' then null
      when m.unit = 'percent' then 'percentage_point' else m.unit end as unit,
    case when s.statistic in ('level', 'gap', 'change') then m.per end as per,
    f.bound, f.status, f.missing, nullif(f.qualifiers, '') as qualifiers,
    nullif(concat(
      case f.status when 'provisional' then '[p]' when 'forecast' then '[f]' when 'projected' then '[f]' when 'estimated' then '[e]' end,
      case when f.revision > 1 then '[r]' end,
      case f.missing when 'suppressed' then '[c]' when 'not_applicable' then '[z]' when 'low' then '[low]'
        when 'not_yet_published' then '[x]' when 'not_available' then '[x]' when 'not_collected' then '[x]' end,
      case when 'break' = any(string_to_array(f.qualifiers, ';')) then '[b]' end,
      case when 'low_reliability' = any(string_to_array(f.qualifiers, ';')) then '[u]' end), '') as shorthand,
    f.rank_of, s.rank_basis, f.printed, f.note, f.source, f.provider, f.revision, f.revision > 1 as revised,
    w.at as recorded_at, f.deleted,
    f.series_id, f.period_id, w.position, p.starts, p.ends, s.breakdown as breakdown_text, s.against as against_text,
    s.base_period as base_period_text, m.visibility, m.steward, m.frequency, m.timing, m.title as measure_title, a.title as area_title
  from ${from} f
  join series s on s.id = f.series_id
  join periods p on p.id = f.period_id
  join writes w on w.id = f.write_id
  join measures m on m.code = s.measure
  join areas a on a.code = s.area`)

export async function up (db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table series (
      id integer generated always as identity primary key,
      measure text collate "C" not null references measures,
      area text collate "C" not null references areas,
      breakdown text collate "C" not null,
      statistic text collate "C" not null,
      against text collate "C" not null,
      base_period text collate "C" not null,
      rank_basis text,
      unique (measure, area, breakdown, statistic, against, base_period)
    )`,
    sql`create index series_area on series (area)`,
    sql`create index series_against on series (against) where against <> ''`,
    // Undated periods have no bounds; infinity makes them sort last.
    sql`create table periods (
      id integer generated always as identity primary key,
      code text collate "C" not null unique,
      kind text collate "C" not null,
      starts date not null,
      ends date not null,
      label text not null
    )`,
    sql`create table figures (${figure}, primary key (series_id, period_id))`,
    sql`create index figures_write on figures (write_id)`,
    sql`create table figure_revisions (${figure}, primary key (series_id, period_id, revision))`,
    sql`create index figure_revisions_write on figure_revisions (write_id)`,
    // The organisations that any figure, past or present, names as its provider.
    sql`create table figure_providers (organisation text collate "C" primary key references organisations)`,
    sql`create view figures_raw as ${row('figures')}`,
    sql`create view figures_published as select * from figures_raw`,
    sql`create view figure_history_raw as ${row('(select * from figures union all select * from figure_revisions)')}`,
    sql`create view figure_history_published as select * from figure_history_raw`,
    sql`create table imports (
      id text collate "C" primary key,
      client text,
      organisation text,
      received_at timestamptz not null,
      result text not null,
      receipt jsonb not null
    )`,
    sql`create index imports_client on imports (client, id)`
  ]
  for (const statement of statements) await statement.execute(db)
}
