// What clients have used up of their allowances, over all processes. Unlogged: it is worth no write-ahead log, and after a crash of
// the database everybody may start anew.
// `spent_at`: from when the last that was added counts.
import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await sql`create unlogged table allowances (
    name text primary key,
    spent_at timestamptz not null,
    full_at timestamptz not null
  )`.execute(db)
}
