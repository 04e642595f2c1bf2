// Looks at the service from outside every few seconds: its memory, what it holds open, and what it says of itself.
import { readdir, readFile, readlink } from 'node:fs/promises'
import { query } from '../support/postgres.js'
import type { World } from './world.js'

export interface Sample {
  /** Milliseconds from the start of the load. */
  at: number
  /** In megabytes: of the process, of the heap that is used, of what the heap takes, and of what is beside it. */
  rss: number
  heap: number
  heapTotal: number
  external: number
  descriptors: number
  sockets: number
  threads: number
  /** As PostgreSQL counts them. */
  connections: number
  waiting: number
  handles: number
  /** Files that lie where bodies on their way are put, and those that have no name any more. */
  files: number
}

const megabyte = 2 ** 20

async function held (pid: number): Promise<string[]> {
  const place = `/proc/${pid}/fd`
  const names = await readdir(place)
  return (await Promise.all(names.map(async name => readlink(`${place}/${name}`).catch(() => '')))).filter(name => name !== '')
}

const measured = (text: string, name: string) => Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(text)?.[1])

export async function look ({ service, database, bodies, keys: { feed } }: World, began: number): Promise<Sample> {
  const pid = service.child.pid!
  const { text } = await service.send('GET', '/metrics', undefined, { as: feed })
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const inStatus = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1])
  const open = await held(pid)
  return {
    at: performance.now() - began,
    rss: inStatus('VmRSS') * 1024 / megabyte,
    heap: measured(text, 'nodejs_heap_size_used_bytes') / megabyte,
    heapTotal: measured(text, 'nodejs_heap_size_total_bytes') / megabyte,
    external: measured(text, 'nodejs_external_memory_bytes') / megabyte,
    descriptors: open.length,
    sockets: open.filter(name => name.startsWith('socket:')).length,
    threads: inStatus('Threads'),
    connections: await connectionsTo(database),
    waiting: measured(text, 'outturn_database_requests_waiting'),
    handles: measured(text, 'nodejs_active_handles_total'),
    files: (await readdir(bodies)).filter(name => name.startsWith('outturn-')).length + open.filter(name => name.startsWith(bodies)).length
  }
}

const ask = async (database: string, text: string) => (await query(database, text)).rows[0] as Record<string, number>

const connectionsTo = async (database: string) =>
  (await ask(database, "select count(*)::int as count from pg_stat_activity where application_name = 'outturn'")).count!

/** How much there is of what a load may make more of. */
export const amounts = ({ database }: World): Promise<Record<string, number>> => ask(database, `select
  (select count(*) from figures)::int as figures, (select count(*) from figure_revisions)::int as revisions,
  (select count(*) from changes)::int as changes, (select count(*) from imports)::int as receipts,
  round(pg_database_size(current_database()) / 1048576.0)::int as megabytes`)
