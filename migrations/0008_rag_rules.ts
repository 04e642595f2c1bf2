// How a measure is coloured, as data: on the measure, or for a whole plan.
import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  for (const table of ['measures', 'plans']) await sql`alter table ${sql.table(table)} add column rag_rule jsonb`.execute(db)
}
