// Disclosure: a series under a rule has two faces, each with figures, revisions and instants of its own: the raw one, and
// the one that is published. All that is read by a face is told nothing of the other.
import { sql, type Kysely } from 'kysely'

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
    case when f.revision = 1 and f.status in ('final', 'not_stated') and f.missing is null and f.qualifiers = '' then null else nullif(concat(
      case f.status when 'provisional' then '[p]' when 'forecast' then '[f]' when 'projected' then '[f]' when 'estimated' then '[e]' end,
      case when f.revision > 1 then '[r]' end,
      case f.missing when 'suppressed' then '[c]' when 'not_applicable' then '[z]' when 'low' then '[low]'
        when 'not_yet_published' then '[x]' when 'not_available' then '[x]' when 'not_collected' then '[x]' end,
      case when 'break' = any(string_to_array(f.qualifiers, ';')) then '[b]' end,
      case when 'low_reliability' = any(string_to_array(f.qualifiers, ';')) then '[u]' end), '') end as shorthand,
    f.rank_of, s.rank_basis, f.printed, f.note, f.source, f.provider, f.revision, f.revision > 1 as revised,
    w.at as recorded_at, f.deleted,
    f.series_id, f.period_id, w.position, p.starts, p.ends, s.breakdown as breakdown_text, s.against as against_text,
    s.base_period as base_period_text, m.visibility, m.steward, m.frequency, m.timing, m.title as measure_title, a.title as area_title,
    w.at_text as recorded, s.face
  from ${from} f
  join series s on s.id = f.series_id
  join periods p on p.id = f.period_id
  join writes w on w.id = f.write_id
  join measures m on m.code = s.measure
  join areas a on a.code = s.area`)

const history = '(select * from figures union all select * from figure_revisions)'

export async function up (db: Kysely<unknown>): Promise<void> {
  const { rows: [place] } = await sql<{ schema: string }>`select current_schema as schema`.execute(db)
  const statements = [
    sql`alter table series add column face text not null default 'both' check (face in ('both', 'raw', 'published'))`,
    sql`alter table series drop constraint series_measure_area_breakdown_statistic_against_base_period_key`,
    sql`alter table series add constraint series_key unique (measure, area, breakdown, statistic, against, base_period, face)`,
    sql`create index series_faces on series (measure) where face <> 'both'`,
    // The rule under which the published figures of a measure were made; one that differs from the measure's is still to be applied.
    sql`create table disclosures (measure text collate "C" primary key references measures on delete cascade, rule jsonb not null)`,
    // With the rule goes all that was published by it; no other revision is ever deleted, so who only serves need not be able to.
    sql`create function forget_published (code text) returns void language sql security definer set search_path = ${sql.id(place!.schema)}, pg_temp as $$
      delete from latest_figures using series s where s.id = series_id and s.measure = $1 and s.face = 'published';
      delete from figure_revisions using series s where s.id = series_id and s.measure = $1 and s.face = 'published';
      delete from figures using series s where s.id = series_id and s.measure = $1 and s.face = 'published' $$`,
    sql`revoke execute on function forget_published from public`,
    // Until then readers get nothing of them.
    sql`update series set face = 'raw' from measures m where m.code = measure and m.disclosure ->> 'rule' <> 'none'`,
    sql`create view figures_faces as ${row('figures')}`,
    sql`create or replace view figures_raw as ${row('figures')} where s.face <> 'published'`,
    sql`drop view figures_published`,
    sql`create view figures_published as ${row('figures')} where s.face <> 'raw'`,
    sql`create view figure_history_faces as ${row(history)}`,
    sql`create or replace view figure_history_raw as ${row(history)} where s.face <> 'published'`,
    sql`drop view figure_history_published`,
    sql`create view figure_history_published as ${row(history)} where s.face <> 'raw'`
  ]
  for (const statement of statements) await statement.execute(db)
}
