// A PostgreSQL of the test's own, reached by TCP, that may be stopped, killed, paused and filled up without harm to anybody.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Test } from 'tap'
import { createCluster } from '../../src/db/embedded-cluster.js'
import { exitOf, findBinaries, giveTo, launch, prepareInstall } from '../../src/db/embedded-install.js'
import { folder, until } from '../support/process.js'

const run = promisify(execFile)

export type Cluster = Awaited<ReturnType<typeof cluster>>

/** What is committed outlives the death of any process here, though not that of the machine. */
const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: 30,
  superuser_reserved_connections: 3,
  deadlock_timeout: '100ms',
  log_min_messages: 'fatal',
  timezone: 'UTC'
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

export async function cluster (t: Test) {
  const place = await folder(t)
  const data = join(place, 'data')
  const log = await open(join(place, 'log'), 'a+')
  const install = await prepareInstall(await findBinaries(), place, data)
  await createCluster(install, data, false, log)
  await writeFile(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n')
  await giveTo(install.way, data)
  const port = await freePort()
  const url = (database: string, user = 'outturn') => `postgres://${user}@127.0.0.1:${port}/${database}`
  const args = Object.entries({ ...settings, port, unix_socket_directories: '' }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let ended: Promise<unknown> = Promise.resolve()

  const sql = async (text: string, database = 'outturn'): Promise<any[]> => {
    const client = new pg.Client({ connectionString: url(database), connectionTimeoutMillis: 5000 })
    client.on('error', () => {})
    await client.connect()
    return client.query(text).then(({ rows }) => rows).finally(() => client.end())
  }
  const pid = async () => Number((await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]) || 0
  const processes = async () => {
    const parent = await pid()
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
    const all = stdout.trim().split('\n').map(line => line.trim().split(/\s+/).map(Number) as [number, number])
    return [parent, ...all.filter(([, ppid]) => ppid === parent).map(([one]) => one)]
  }
  /** Again until it is up: the processes of one that was killed may still hold its memory. */
  const start = () => until('a database that answers', async () => {
    const child = launch(install, log.fd, 'postgres', ['-D', data, ...args])
    const life = { over: false }
    ended = exitOf(child).then(() => { life.over = true })
    while (!life.over) {
      if (await sql('select 1', 'postgres').then(() => true, () => false)) return true
      await sleep(20)
    }
    return false
  })
  const signal = async (name: NodeJS.Signals) => { process.kill(await pid(), name) }
  const stop = async (name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => {
    await signal(name)
    await ended
  }
  const signalAll = async (name: NodeJS.Signals) => {
    for (const one of await processes()) process.kill(one, name)
  }
  await start()
  t.teardown(async () => {
    await signalAll('SIGCONT')
    await stop('SIGQUIT').catch(() => {})
    await log.close()
  })
  return { port, url, sql, start, stop, signalAll, own: (path: string) => giveTo(install.way, path) }
}
