// The last change of a client, which decides whether a replica has all that it wrote.
import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await sql`create index changes_by_client on changes (client, id)`.execute(db)
}
