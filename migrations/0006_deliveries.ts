// What a delivery leaves behind: the rows that were rejected, to correct and send again, and the write by which the
// others were recorded, to take them back.
import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await sql`alter table imports add column rejected text, add column write_id bigint`.execute(db)
}
