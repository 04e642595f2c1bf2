// A PostgreSQL with a streaming replica, both our own: for tests of what is read elsewhere than it is written.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'
import type { Test } from 'tap'
import { answers, createCluster, openLog, urlOf } from '../../src/db/embedded-cluster.js'
import { findBinaries, giveTo, launch, prepareInstall, supervise, type Install } from '../../src/db/embedded-install.js'
import { processesOf, query } from './postgres.js'
import { folder, until } from './process.js'

export interface Server {
  url: string
  start (): Promise<void>
  stop (): Promise<void>
  /** All its processes at once, as a power cut does. */
  kill (): Promise<void>
  query (text: string): Promise<pg.QueryResult>
}

/** Again where a replica breaks it off for what it has to replay. */
const persistent = async (url: string, text: string): Promise<pg.QueryResult> => query(url, text).catch((error: Error) => {
  if (/conflict with recovery/.test(error.message)) return persistent(url, text)
  throw error
})

async function serverIn (t: Test, install: Install, place: string, name: string, log: number, more: string[]): Promise<Server> {
  const socket = join(place, `${name}-socket`)
  await mkdir(socket, { mode: 0o700 })
  await giveTo(install.way, socket)
  const values = ['listen_addresses=', `unix_socket_directories=${socket}`, 'fsync=off', 'wal_keep_size=512MB', 'max_connections=60', ...more]
  let running: ReturnType<typeof supervise> | undefined
  const server = {
    url: urlOf(socket),
    // Again until it is up: the processes of one that was killed may still hold its memory.
    start: () => until(`a ${name} that answers`, async () => {
      const child = launch(install, log, 'postgres', ['-D', join(place, name), ...values.flatMap(value => ['-c', value])])
      running = supervise(child, () => {})
      return answers(async () => running!.over() ? undefined : urlOf(socket))
    }).then(() => {}),
    stop: async () => running?.stop(),
    kill: async () => {
      for (const pid of await processesOf(join(place, name))) process.kill(pid, 'SIGKILL')
      await until('its end', () => running!.over())
    },
    query: (text: string) => persistent(urlOf(socket), text)
  }
  t.teardown(() => server.stop())
  return server
}

/** Both running, the replica as far as the primary; its replay is paused and resumed by SQL. */
export async function withReplica (t: Test, ofReplica = ['hot_standby_feedback=on']): Promise<{ primary: Server, replica: Server }> {
  const place = await folder(t)
  const install = await prepareInstall(await findBinaries(), place, join(place, 'primary'))
  const log = await openLog(install, place)
  t.teardown(() => log.close())
  await createCluster(install, join(place, 'primary'), false, log)
  const primary = await serverIn(t, install, place, 'primary', log.fd, [])
  await primary.start()
  await primary.stop()
  await promisify(execFile)('cp', ['-Rp', join(place, 'primary'), join(place, 'replica')])
  await writeFile(join(place, 'replica/standby.signal'), '')
  await giveTo(install.way, join(place, 'replica'))
  await primary.start()
  const source = new URL(primary.url).searchParams.get('host')!
  const replica = await serverIn(t, install, place, 'replica', log.fd, [`primary_conninfo=host='${source}' user=outturn port=5432`, ...ofReplica])
  await replica.start()
  return { primary, replica }
}
