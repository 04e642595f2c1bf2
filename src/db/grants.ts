// What a role needs that serves and does not own: it reads and writes contents, and can neither change what was journalled,
// published or recorded nor erase or prune.
import { sql } from 'kysely'
import type { Db } from './connection.js'

/** What is not content; everything else may be read, added, changed and deleted. */
const narrow: Record<string, string> = {
  changes: 'select',
  reasons: 'select',
  // Without the right to change something of a row it cannot be locked, and this column takes only one value.
  journal: 'select, update (only_row)',
  writes: 'select',
  accesses: 'insert',
  publications: 'select, insert',
  // A disclosure rule that changes applies to the published figures of the past as well.
  figure_revisions: 'select, insert, update',
  kysely_migration: 'select',
  kysely_migration_lock: 'select'
}

/** Gives the role exactly that, whatever it was given before; run again after each migration. */
export async function grant (db: Db, role: string): Promise<void> {
  const { rows: [found] } = await sql<{ schema: string, exists: boolean, owns: boolean }>`
    select current_schema as schema, exists (select from pg_roles where rolname = ${role}) as exists,
      exists (select from pg_roles r where rolname = ${role} and (rolsuper or pg_has_role(${role}, current_user, 'member'))) as owns`.execute(db)
  const { schema, exists, owns } = found!
  if (!exists) throw new Error(`There is no role '${role}': make it first, with CREATE ROLE … LOGIN.`)
  if (owns) throw new Error(`The role '${role}' may do all that the owner of the database may, so there is nothing to grant. Name one that is not a superuser and not a member of the owner.`)
  const to = sql.id(role)
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = ${schema}::regnamespace and relkind in ('r', 'p', 'v')`.execute(db)
  await db.transaction().execute(async db => {
    for (const kind of ['tables', 'sequences', 'functions']) await sql`revoke all on all ${sql.raw(kind)} in schema ${sql.id(schema)} from ${to}`.execute(db)
    await sql`grant usage on schema ${sql.id(schema)} to ${to}`.execute(db)
    await sql`grant usage on all sequences in schema ${sql.id(schema)} to ${to}`.execute(db)
    for (const { name } of tables) await sql`grant ${sql.raw(narrow[name] ?? 'select, insert, update, delete')} on ${sql.id(schema, name)} to ${to}`.execute(db)
    await sql`grant execute on function append_changes, forget_published to ${to}`.execute(db)
  })
}
