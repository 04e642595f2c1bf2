// The latest figure of each series, for each kind of period: kept with every delivery, so that to ask for what is latest
// does not grow with the history. Which kind counts is for the measure's frequency to say, and so for those who read.
import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table latest_figures (
      series_id integer not null,
      kind text collate "C" not null,
      period_id integer not null,
      ends date not null,
      starts date not null,
      primary key (series_id, kind)
    ) with (fillfactor = 80)`,
    sql`insert into latest_figures (series_id, kind, period_id, ends, starts)
      select distinct on (f.series_id, p.kind) f.series_id, p.kind, f.period_id, p.ends, p.starts
      from figures f join periods p on p.id = f.period_id
      where p.starts <> 'infinity' and not f.deleted
      order by f.series_id, p.kind, p.ends desc, p.starts desc`,
    sql`analyze latest_figures`
  ]
  for (const statement of statements) await statement.execute(db)
}
