// All that the database holds as one stream: a line that says what it is, each table as PostgreSQL copies it out (COPY text), and a
// line with the number of rows of each. Written from one consistent state while others write; read into an empty database, in
// one transaction, so that a file that breaks off leaves nothing.
import { sql } from 'kysely'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { pipeline } from 'node:stream/promises'
import { session, type Connection, type Db } from './connection.js'
import { applied, migrateTo } from './migrate.js'
import type { SectionedReader } from './sectioned.js'

const format = 'outturn-backup/1'

interface Head { format: string, release: string, at: string, migrations: string[] }
interface TableHead { table: string, columns: string[] }

/** Tells how far it is: the table, and its rows so far. */
export type Told = (table: string, rows: number) => void

export class BackupError extends Error {}

/** The tables with their columns, those first that others refer to; Kysely's own are made anew, and unlogged ones hold nothing to keep. */
async function tablesOf (db: Db): Promise<TableHead[]> {
  const { rows: tables } = await sql<{ table: string, columns: string[], after: string[] }>`
    select c.relname as table,
      (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
      coalesce((select array_agg(r.relname::text) from pg_constraint k join pg_class r on r.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid and not k.condeferrable), '{}') as after
    from pg_class c
    where c.relkind = 'r' and c.relpersistence = 'p' and c.relnamespace = current_schema()::regnamespace and c.relname not like 'kysely%' order by 1`.execute(db)
  const ordered: typeof tables = []
  while (ordered.length < tables.length) {
    const ready = tables.filter(one => !ordered.includes(one) && one.after.every(name => ordered.some(({ table }) => table === name)))
    if (ready.length === 0) throw new Error('Tables refer to each other in a circle.')
    ordered.push(...ready)
  }
  return ordered.map(({ table, columns }) => ({ table, columns }))
}

const listed = ({ table, columns }: TableHead) => `"${table}" (${columns.map(name => `"${name}"`).join(', ')})`

/** Ends the rows of a table: no row of COPY's text is this. */
const endOfRows = '\\.\n'

export async function * backupOf (connection: Connection, release: string, told: Told): AsyncGenerator<Buffer> {
  const client = await connection.pool.connect()
  let failure: Error | undefined
  try {
    await client.query('begin transaction isolation level repeatable read read only; set local statement_timeout = 0')
    const { tables, head } = await aboutOf(connection, release)
    yield Buffer.from(`${JSON.stringify(head)}\n`)
    const counts: Record<string, number> = {}
    for (const one of tables) {
      yield Buffer.from(`${JSON.stringify(one)}\n`)
      let rows = 0
      told(one.table, rows)
      for await (const chunk of client.query(copyTo(`copy ${listed(one)} to stdout`, { highWaterMark: 1 << 17 })) as AsyncIterable<Buffer>) {
        rows += linesIn(chunk)
        told(one.table, rows)
        yield Buffer.from(chunk)
      }
      counts[one.table] = rows
      yield Buffer.from(endOfRows)
    }
    yield Buffer.from(`${JSON.stringify({ rows: counts })}\n`)
    await client.query('commit')
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

async function aboutOf ({ db }: Connection, release: string): Promise<{ tables: TableHead[], head: Head }> {
  const migrations = await applied(db)
  if (migrations.length === 0) throw new BackupError('The database holds nothing of Outturn.')
  return { tables: await tablesOf(db), head: { format, release, at: new Date().toISOString(), migrations } }
}

function linesIn (chunk: Buffer): number {
  let lines = 0
  for (let i = chunk.indexOf(10); i !== -1; i = chunk.indexOf(10, i + 1)) lines++
  return lines
}

/** Fills the database, which must hold nothing; answers how many rows each table got. The tables have the form of the file's release. */
export async function restoreFrom (connection: Connection, source: SectionedReader, told: Told): Promise<Record<string, number>> {
  const head = parsed<Head>(await source.line())
  if (head.format !== format) throw new BackupError(`This is no backup that this release reads: it begins with ${JSON.stringify(head.format ?? null)}, not with "${format}".`)
  await prepare(connection.db, head.migrations)
  return session(connection, async (db, client) => {
    await client.query('begin; set local statement_timeout = 0; set constraints all deferred')
    try {
      const counts = await fill(db, client, source, told)
      await client.query('commit')
      return counts
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    }
  })
}

/** Makes the tables where there are none; takes a database that was only migrated, to this very form. */
async function prepare (db: Db, migrations: string[]): Promise<void> {
  const run = await applied(db)
  if (run.length === 0) return migrateTo(db, migrations)
  const { rows: [held] } = await sql<{ some: boolean }>`select position > 0 or exists (select from keys) as some from journal`.execute(db)
  if (held!.some) throw new BackupError('The database holds something already. Name an empty one in DATABASE_URL, or a folder that is not there yet in OUTTURN_DATA_DIR.')
  if (run.join() !== migrations.join()) throw new BackupError('The tables of the database are those of another release than the file. Name a database without tables.')
}

async function fill (db: Db, client: pg.PoolClient, source: SectionedReader, told: Told): Promise<Record<string, number>> {
  const expected = await tablesOf(db)
  const counts: Record<string, number> = {}
  for (;;) {
    const next = parsed<TableHead & { rows?: Record<string, number> }>(await source.line())
    if (next.rows !== undefined) {
      if (JSON.stringify(next.rows) !== JSON.stringify(counts) || Object.keys(counts).length !== expected.length) throw new BackupError('The file does not hold all that it should: its counts differ from its rows.')
      await source.end()
      break
    }
    const known = expected.find(({ table }) => table === next.table)
    if (known === undefined || known.columns.join() !== next.columns.join()) throw new BackupError(`The file has a table ${JSON.stringify(next.table)} that its release does not have in this form.`)
    // The one row that an empty journal has.
    if (next.table === 'journal') await client.query('delete from journal')
    counts[next.table] = await copyIn(client, known, source, told)
  }
  await setSequences(db)
  return counts
}

async function copyIn (client: pg.PoolClient, table: TableHead, source: SectionedReader, told: Told): Promise<number> {
  let rows = 0
  await pipeline(async function * () {
    for await (const chunk of source.until(endOfRows)) {
      rows += linesIn(chunk)
      told(table.table, rows)
      yield chunk
    }
  }, client.query(copyFrom(`copy ${listed(table)} from stdin`)))
  return rows
}

/** Numbers that are given out go on behind those that came in. */
async function setSequences (db: Db): Promise<void> {
  const { rows } = await sql<{ table: string, column: string }>`
    select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attidentity <> '' and c.relnamespace = current_schema()::regnamespace`.execute(db)
  for (const { table, column } of rows) {
    await sql`select setval(pg_get_serial_sequence(${`"${table}"`}, ${column}), coalesce(max(${sql.ref(column)}), 1), max(${sql.ref(column)}) is not null) from ${sql.table(table)}`.execute(db)
  }
}

function parsed<T> (line: string): T {
  try {
    return JSON.parse(line) as T
  } catch {
    throw new BackupError('The file is no backup of Outturn, or is damaged.')
  }
}
