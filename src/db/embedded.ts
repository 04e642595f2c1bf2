// The database for those who bring none: a real PostgreSQL of our own in a data folder, reached
// only through a private socket. It lives as long as the process that started it, however that ends.
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  answers, clusterIn, createCluster, findPostmaster, isAlive, lastLines, openLog, socketFolder, stalePid, sweep,
  urlOf, type Postmaster
} from './embedded-cluster.js'
import { findBinaries, giveTo, launch, prepareInstall, supervise, type Binaries } from './embedded-install.js'

const shutdownPatience = 10_000

export interface EmbeddedOptions {
  dataDir: string
  /** False gives up safety against power loss for speed: for tests. */
  durable?: boolean
  log?: (line: string) => void
  /** A folder laid out like the npm package, in place of the installed one. */
  binaries?: string
}

export interface Embedded {
  /** For pg's Pool; goes through the socket. */
  url: string
  /** False when attached to a server that another process started. */
  started: boolean
  /** True when the cluster was made now. */
  first: boolean
  stop (): Promise<void>
}

interface Place { dataDir: string, cluster: string, binaries: Binaries, durable: boolean, log: (line: string) => void }

/** Starts the database; throws when another live process has it. */
export function startEmbedded (options: EmbeddedOptions): Promise<Embedded> {
  return inTurn(() => begin(options, false))
}

/** Attaches to the database if a live process has it, else starts it. */
export function openEmbedded (options: EmbeddedOptions): Promise<Embedded> {
  return inTurn(() => begin(options, true))
}

// One at a time in a process, so that everything unfinished with our pid is a leftover.
let last: Promise<unknown> = Promise.resolve()
function inTurn<T> (work: () => Promise<T>): Promise<T> {
  const next = last.then(work)
  last = next.catch(() => {})
  return next
}

async function begin (options: EmbeddedOptions, attach: boolean): Promise<Embedded> {
  if (process.platform === 'win32') {
    throw new Error('The embedded PostgreSQL does not run on Windows: set DATABASE_URL to a PostgreSQL of your own')
  }
  await mkdir(options.dataDir, { recursive: true })
  const dataDir = await realpath(options.dataDir)
  const binaries = await findBinaries(options.binaries)
  const cluster = await clusterIn(dataDir, binaries)
  const place = { dataDir, cluster, binaries, durable: options.durable ?? true, log: options.log ?? (() => {}) }
  const deadline = Date.now() + shutdownPatience
  for (;;) {
    const other = await findOther(place, deadline)
    if (other && !attach) throw inUse(dataDir, other)
    const done = other ? await attachTo(place) : await start(place, deadline)
    if (done) return done
    await sleep(20)
  }
}

function inUse (dataDir: string, { pid, owner }: Postmaster): Error {
  return new Error(`${dataDir} is in use by process ${owner} (its PostgreSQL is process ${pid}): ` +
    'stop that one first, or set OUTTURN_DATA_DIR to another folder')
}

// A server whose starter is gone is about to stop by itself; we ask again, lest its supervisor died as well.
async function findOther ({ dataDir, cluster, log }: Place, deadline: number): Promise<Postmaster | undefined> {
  let asked: number | undefined
  for (;;) {
    const found = await findPostmaster(cluster)
    if (!found || await isAlive(found.owner)) return found
    if (Date.now() > deadline) throw inUse(dataDir, found)
    if (asked !== found.pid) {
      log(`waiting for PostgreSQL ${found.pid} to shut down: process ${found.owner}, which started it, is gone`)
      try { process.kill(found.pid, 'SIGINT') } catch {}
    }
    asked = found.pid
    await sleep(20)
  }
}

async function attachTo ({ cluster }: Place): Promise<Embedded | undefined> {
  let url = ''
  const up = await answers(async () => {
    const found = await findPostmaster(cluster)
    // Until the server has opened its socket there is nothing to ask.
    if (found?.socket) url = urlOf(found.socket)
    return found && url
  })
  return up ? { url, started: false, first: false, stop: async () => {} } : undefined
}

/** Undefined when another process was faster, or when an old server still holds its memory. */
async function start ({ dataDir, cluster, binaries, durable, log }: Place, deadline: number): Promise<Embedded | undefined> {
  const install = await prepareInstall(binaries, dataDir, cluster)
  await sweep(dataDir, binaries)
  const file = await openLog(install, dataDir)
  try {
    const first = await createCluster(install, cluster, durable, file)
    await giveTo(install.way, cluster)
    const socket = await socketFolder(install, dataDir)
    const stale = await stalePid(cluster)
    const env = stale ? [`PG_GRANDPARENT_PID=${stale}`] : []
    let up = false
    const server = supervise(launch(install, file.fd, 'postgres', settings(cluster, socket, durable), env), () => {
      if (up) log(`PostgreSQL stopped by itself: see ${join(dataDir, 'log/postgres.log')}`)
    })
    up = await ownAnswers(server, cluster, urlOf(socket))
    if (up) {
      log(`PostgreSQL is running on ${cluster}`)
      return { url: urlOf(socket), started: true, first, stop: server.stop }
    }
    const busy = /lock file "|pre-existing shared memory/.test(await lastLines(file)) && Date.now() < deadline
    if (busy || await findPostmaster(cluster)) return undefined
    throw new Error(`PostgreSQL did not start on ${cluster}`)
  } catch (error) {
    const lines = await lastLines(file)
    throw lines ? new Error(`${(error as Error).message}. Its last words:\n${lines}`, { cause: error }) : error
  } finally {
    await file.close()
  }
}

async function ownAnswers (server: ReturnType<typeof supervise>, cluster: string, url: string): Promise<boolean> {
  try {
    return await answers(async () => {
      if (server.over()) return undefined
      // The server of a faster process may answer on this socket while ours is about to be refused.
      return (await findPostmaster(cluster))?.owner === process.pid ? url : ''
    })
  } catch (error) {
    await server.stop()
    throw error
  }
}

function settings (cluster: string, socket: string, durable: boolean): string[] {
  const values = {
    // Seen by findPostmaster on the command line.
    'outturn.owner': process.pid,
    listen_addresses: '',
    port: 5432,
    unix_socket_directories: `"${socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A refused statement is its client's to report, not a reason for the log to grow.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    max_connections: 100,
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    jit: 'off',
    ...durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  }
  return ['-D', cluster, ...Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
