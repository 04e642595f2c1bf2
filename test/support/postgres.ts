// A PostgreSQL looked at from outside: its processes, by the folder of its data, and one statement over a connection of its own.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

/** 0 where none runs. */
export const postmasterOf = async (data: string): Promise<number> =>
  Number((await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]) || 0

/** The first, and all that it started. */
export async function processesOf (data: string): Promise<number[]> {
  const parent = await postmasterOf(data)
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  const all = stdout.trim().split('\n').map(line => line.trim().split(/\s+/).map(Number) as [number, number])
  return [parent, ...all.filter(([, ppid]) => ppid === parent).map(([one]) => one)]
}

export async function query (url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  await client.connect()
  return client.query(text).finally(() => client.end())
}
