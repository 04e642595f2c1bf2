// What befalls the database: ended, paused, full, out of connections, without writes, locked, amid conflicts.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { until } from '../support/process.js'
import type { Fault, Ground } from './ground.js'

const nothing = async () => {}
const terminate = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'

/** What somebody else holds meanwhile, to be let go of at the end. */
let held: pg.Client[] = []

async function hold ({ db }: Ground, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: db.url('outturn') })
  client.on('error', () => {})
  await client.connect()
  held.push(client)
  for (const statement of statements) await client.query(statement)
}

async function letGo (): Promise<void> {
  await Promise.all(held.map(client => client.end()))
  held = []
}

async function holdAllConnections ({ db }: Ground): Promise<void> {
  await db.sql(terminate)
  for (let refused = 0; refused < 3;) {
    const client = new pg.Client({ connectionString: db.url('outturn', 'service') })
    client.on('error', () => {})
    await client.connect().then(() => { held.push(client) }, () => { refused++ })
    // The service may have been faster.
    if (refused === 0) await db.sql(`${terminate} and application_name = 'outturn'`).catch(() => {})
  }
  await db.sql(`${terminate} and application_name = 'outturn'`)
}

async function fill (folder: string): Promise<void> {
  const chunk = Buffer.alloc(65_536)
  for (let n = 0; ; n++) {
    const written = await writeFile(join(folder, `filling-${n}`), chunk).then(() => true, () => false)
    if (!written) return
  }
}

export async function empty (folder: string): Promise<void> {
  for (let n = 0; ; n++) {
    const gone = await rm(join(folder, `filling-${n}`)).then(() => true, () => false)
    if (!gone) return
  }
}

const storm = { on: false }

/** Takes what the service takes, in the other order: the head of the journal first, the figures then. */
async function conflict ({ db }: Ground): Promise<void> {
  while (storm.on) {
    await db.sql('begin; select from journal for update; select pg_sleep(0.05); lock table figures in share mode; commit').catch(() => {})
    await sleep(20)
  }
}

export const ofDatabase: Fault[] = [
  { name: 'PostgreSQL is restarted (fast)', goesOn: 'nothing', lasts: 1, make: ({ db }) => db.stop('SIGINT'), end: ({ db }) => db.start() },
  { name: 'PostgreSQL is shut down at once', goesOn: 'nothing', lasts: 1, make: ({ db }) => db.stop('SIGQUIT'), end: ({ db }) => db.start() },
  { name: 'PostgreSQL is killed (kill -9)', quick: true, goesOn: 'nothing', lasts: 1, make: ({ db }) => db.stop('SIGKILL'), end: ({ db }) => db.start() },
  { name: 'PostgreSQL is paused, all its processes', goesOn: 'nothing', lasts: 12, make: ({ db }) => db.signalAll('SIGSTOP'), end: ({ db }) => db.signalAll('SIGCONT') },
  { name: 'All connections are terminated by an administrator, again and again', quick: true, goesOn: 'everything', lasts: 2, make: async ({ db }) => { for (let n = 0; n < 5; n++) { await db.sql(terminate); await sleep(200) } }, end: nothing },
  { name: 'Others hold every connection that PostgreSQL gives', goesOn: 'nothing', lasts: 2, make: holdAllConnections, end: letGo },
  { name: 'The disk of the tables is full', goesOn: 'reads', lasts: 3, needs: 'disks', make: ({ disks }) => fill(disks!.tables), end: ({ disks }) => empty(disks!.tables) },
  {
    name: 'The database takes no writes (read only)',
    goesOn: 'reads',
    lasts: 1,
    make: async ({ db, service }, t) => {
      await db.sql(`alter database outturn set default_transaction_read_only = on; ${terminate}`)
      await until('503 from ready', async () => (await service.get('/health/ready')).status === 503)
      t.equal((await service.get('/health/live')).status, 200)
    },
    end: async ({ db }) => {
      await db.sql('begin read write; alter database outturn reset default_transaction_read_only; commit')
      await db.sql(terminate)
    }
  },
  { name: 'Somebody holds a lock on the figures', goesOn: 'waiting', lasts: 4, make: ground => hold(ground, 'begin', 'lock table figures in share mode'), end: letGo },
  {
    name: 'Transactions that deadlock with the service',
    goesOn: 'everything',
    lasts: 3,
    make: async ground => {
      storm.on = true
      void conflict(ground)
    },
    end: async () => { storm.on = false }
  }
]
