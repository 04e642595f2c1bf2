// A PostgreSQL of the test's own, reached by TCP, that may be stopped, killed, paused and filled up without harm to anybody.
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { createCluster } from '../../src/db/embedded-cluster.js'
import { exitOf, findBinaries, giveTo, launch, prepareInstall } from '../../src/db/embedded-install.js'
import { postmasterOf, processesOf, query } from '../support/postgres.js'
import { folder, freePorts, until } from '../support/process.js'

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

export async function cluster (t: Test) {
  const place = await folder(t)
  const data = join(place, 'data')
  const log = await open(join(place, 'log'), 'a+')
  const install = await prepareInstall(await findBinaries(), place, data)
  await createCluster(install, data, false, log)
  await writeFile(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n')
  await giveTo(install.way, data)
  const [port] = await freePorts(1) as [number]
  const url = (database: string, user = 'outturn') => `postgres://${user}@127.0.0.1:${port}/${database}`
  const args = Object.entries({ ...settings, port, unix_socket_directories: '' }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let ended: Promise<unknown> = Promise.resolve()

  const sql = async (text: string, database = 'outturn'): Promise<any[]> => (await query(url(database), text)).rows
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
  const signal = async (name: NodeJS.Signals) => { process.kill(await postmasterOf(data), name) }
  const stop = async (name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => {
    await signal(name)
    await ended
  }
  const signalAll = async (name: NodeJS.Signals) => {
    for (const one of await processesOf(data)) process.kill(one, name)
  }
  await start()
  t.teardown(async () => {
    await signalAll('SIGCONT')
    await stop('SIGQUIT').catch(() => {})
    await log.close()
  })
  return { port, url, sql, start, stop, signalAll, own: (path: string) => giveTo(install.way, path) }
}
