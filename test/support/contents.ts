// What the whole database holds, table by table, so that a test can say that nothing was written.
import { sql } from 'kysely'
import type { Connection } from '../../src/db/connection.js'

/** What is no content: days on which keys were used, answers and receipts, which tell of refusals too. */
const leftOut = ['keys', 'imports', 'idempotency_keys', 'kysely_migration', 'kysely_migration_lock']

/** Of each table how many rows it has, and a digest of them. */
export async function contents ({ db }: Pick<Connection, 'db'>): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind = 'r' and relpersistence = 'p' and relnamespace = 'public'::regnamespace and relname <> all (${leftOut}::text[]) order by 1`.execute(db)
  const each = tables.map(({ name }) => sql`select ${name} as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, e'\n' order by t::text)), '') as held from ${sql.table(name)} t`)
  const { rows } = await sql<{ name: string, held: string }>`${sql.join(each, sql` union all `)}`.execute(db)
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]))
}
