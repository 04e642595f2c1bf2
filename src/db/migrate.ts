// Brings the database to this release's form, under Kysely's lock, and refuses one that a newer release has changed.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Migrator, sql, type Migration } from 'kysely'
import type { Db } from './connection.js'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The compiled and the TypeScript form of a migration have one name, so a database migrated by either fits both. */
export async function migrations (): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter(file => /^\d{4}_\w+\.(js|ts)$/.test(file) && !file.endsWith('.d.ts')).sort()
  return Object.fromEntries(await Promise.all(files.map(async file =>
    [file.replace(/\.(js|ts)$/, ''), await import(pathToFileURL(join(folder, file)).href) as Migration] as const)))
}

export class MigrationError extends Error {}

/** Names of the migrations that were run now. */
export async function migrate (db: Db): Promise<string[]> {
  const { rows: [server] } = await sql<{ version: number }>`select current_setting('server_version_num')::integer as version`.execute(db)
  if (server!.version < 150_000) throw new MigrationError(`The database is PostgreSQL ${Math.floor(server!.version / 10_000)}; Outturn needs 15 or newer.`)
  const known = await migrations()
  const run = await applied(db)
  refuseNewer(run, Object.keys(known))
  const pending = Object.keys(known).filter(name => !run.includes(name))
  if (pending.length === 0) return []
  await requireOwner(db, run, pending)
  const { error, results } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateToLatest()
  if (error !== undefined) {
    const failed = results?.find(result => result.status === 'Error')?.migrationName
    throw new MigrationError(`Migration ${failed ?? ''} failed; the database is as it was. ${(error as Error).message}`, { cause: error })
  }
  return (results ?? []).map(result => result.migrationName)
}

/** Brings a database that has no tables to the form that it had after these, and refuses what this release does not know. */
export async function migrateTo (db: Db, names: string[]): Promise<void> {
  const known = await migrations()
  refuseNewer(names, Object.keys(known))
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateTo(names.at(-1)!)
  if (error !== undefined) throw new MigrationError(`The tables could not be made. ${(error as Error).message}`, { cause: error })
}

/** In their order. */
export async function applied (db: Db): Promise<string[]> {
  const { rows: [table] } = await sql<{ found: boolean }>`select to_regclass('kysely_migration') is not null as found`.execute(db)
  return table!.found ? (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows.map(row => row.name) : []
}

function refuseNewer (applied: string[], known: string[]): void {
  const newer = applied.filter(name => !known.includes(name))
  if (newer.length > 0) {
    throw new MigrationError(`The database was changed by a newer release of Outturn (${newer.join(', ')}). Start that release, or restore a backup made before it.`)
  }
}

/** A role that only serves finds a database that is up to date, or says who must bring it there. */
async function requireOwner (db: Db, applied: string[], pending: string[]): Promise<void> {
  if (applied.length === 0) return
  const { rows: [table] } = await sql<{ owner: string, own: boolean }>`
    select tableowner as owner, pg_has_role(tableowner, 'usage') as own from pg_tables where tablename = 'journal' and schemaname = current_schema`.execute(db)
  if (table?.own === false) throw new MigrationError(`The database lacks ${pending.join(', ')}. Run outturn migrate as the role ${table.owner}, which owns it.`)
}
