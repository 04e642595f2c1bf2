// The registers that every plan shares: organisations, areas, measures. Codes are the keys, compared byte by byte
// in order and ignoring case in uniqueness.
import { sql, type Kysely } from 'kysely'

const kept = sql.raw(`
  code text collate "C" primary key,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()`)

export async function up (db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table organisations (${kept},
      title text not null,
      kind text not null,
      identifiers jsonb not null,
      parent text collate "C",
      successor text collate "C",
      aliases jsonb not null,
      note text
    )`,
    sql`create table areas (${kept},
      title text not null,
      kind text not null,
      parent text collate "C",
      members jsonb not null,
      member_count integer,
      note text
    )`,
    sql`create index areas_parent on areas (parent)`,
    sql`create table measures (${kept},
      title text not null,
      definition text,
      unit text,
      per integer,
      decimals integer,
      allowed jsonb,
      polarity text not null,
      frequency text,
      year_kind text,
      timing text not null,
      status text not null,
      national_reference text,
      source text,
      steward text collate "C",
      data_provider text collate "C",
      dimensions jsonb not null,
      collection_lag_days integer,
      disclosure jsonb not null,
      visibility text not null,
      note text
    )`,
    sql`create unique index organisations_code on organisations (lower(code))`,
    sql`create unique index areas_code on areas (lower(code))`,
    sql`create unique index measures_code on measures (lower(code))`
  ]
  for (const statement of statements) await statement.execute(db)
}
