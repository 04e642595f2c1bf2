// Where the benchmarks run: a database of their own on the server of DATABASE_URL, or on an embedded one, that is
// dropped at the end; and what is said of machine and versions.
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { root } from '../src/config.js'
import { openEmbedded } from '../src/db/embedded.js'

export const workFolder = join(root, '.bench')

export interface Place {
  url: string
  sql: pg.Client
  server: string
  drop (): Promise<void>
}

export async function openPlace (name: string): Promise<Place> {
  const given = process.env.DATABASE_URL
  const embedded = given === undefined ? await openEmbedded({ dataDir: workFolder }) : undefined
  const home = new URL(given ?? embedded!.url)
  const url = new URL(home)
  url.pathname = `/outturn_bench_${name}_${process.pid}`
  const admin = await client(home.href)
  await admin.query(`create database ${url.pathname.slice(1)}`)
  const sql = await client(url.href)
  const { rows: [version] } = await sql.query<{ v: string }>("select current_setting('server_version') as v")
  return {
    url: url.href,
    sql,
    server: `PostgreSQL ${version!.v.split(' ')[0]}${given === undefined ? ' embedded' : ''}`,
    drop: async () => {
      await sql.end()
      await admin.query(`drop database if exists ${url.pathname.slice(1)} with (force)`)
      await admin.end()
      await embedded?.stop()
    }
  }
}

async function client (url: string): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: url })
  // The database may be dropped under a connection that is no longer needed.
  made.on('error', () => {})
  await made.connect()
  return made
}

/** Whether a program of PostgreSQL is there; the embedded one brings neither psql nor pgbench. */
export function has (program: 'psql' | 'pgbench'): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const today = () => new Date().toISOString().slice(0, 10)

export const machine = (...versions: string[]) =>
  [today(), `${cpus().length} × ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`, `Node ${process.version}`, ...versions].join(', ')
