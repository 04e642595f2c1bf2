// Eight clients push overlapping rows while the service and its PostgreSQL are killed at random, round after round.
// Afterwards what was acknowledged is there once, the history has no hole, and a follower holds exactly the table.
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import Papa from 'papaparse'
import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabase } from '../support/database.js'
import { folder, postmaster, service, until, type Service } from '../support/process.js'
import { dice, seedFrom } from '../support/random.js'
import { adminKey, areas, ask, client, follow, keyOf, measures, push, walk, type Delivery, type Follower, type Reply, type World } from './storm_clients.js'

const rounds = Number(process.env.STORM_ROUNDS ?? 50)
const seed = seedFrom(process.env.STORM_SEED)
const onServer = process.env.OUTTURN_TEST_SERVER === 'server'

/** A way to do harm, and whether the service has to be started again after it. */
type Way = [name: string, harm: (running: Service) => Promise<unknown>, over: boolean]

interface Ground { env: Record<string, string>, ways: Way[] }

const killService = (running: Service) => running.kill()

/** A PostgreSQL of somebody else: all its connections are cut. */
async function server (t: Test): Promise<Ground> {
  const url = await testDatabase(t, { migrated: false })
  const cut = async () => {
    const client = new pg.Client(url)
    await client.connect()
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
    await client.end()
  }
  return {
    env: { DATABASE_URL: url, OUTTURN_ADMIN_KEY: adminKey },
    ways: [
      ['the service', killService, true],
      ['the connections to the database', cut, false],
      ['both', running => Promise.all([killService(running), cut()]), true]
    ]
  }
}

/** The embedded PostgreSQL: its postmaster is killed, or one of the processes that serve connections, after which it recovers by itself. */
async function embedded (t: Test): Promise<Ground> {
  const dataDir = await folder(t)
  const killPostmaster = async () => { process.kill((await postmaster(dataDir))!, 'SIGKILL') }
  const killBackend = async () => {
    const parent = await postmaster(dataDir)
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
    const backends = stdout.split('\n').map(line => line.trim().split(/\s+/)).filter(([, ppid, ...args]) => Number(ppid) === parent && args.includes('[local]'))
    const chosen = Number(backends[Math.floor(Math.random() * backends.length)]?.[0])
    if (chosen > 0) process.kill(chosen, 'SIGKILL')
  }
  const withoutDatabase = async (running: Service) => {
    await killPostmaster()
    await until('503 without a database', async () => (await running.get('/health/ready')).status === 503)
    await running.kill()
  }
  return {
    env: { OUTTURN_DATA_DIR: dataDir, OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: adminKey },
    ways: [
      ['the service', killService, true],
      ['a process of the database', killBackend, false],
      ['the database', withoutDatabase, true],
      ['both', running => Promise.all([killService(running), killPostmaster()]), true]
    ]
  }
}

const json = ({ text }: Reply) => JSON.parse(text)

async function everything (world: World, path: string, more: (page: any) => string | null): Promise<any[]> {
  const items: any[] = []
  for (let next: string | null = path; next !== null;) {
    const page = json(await ask(world, next))
    items.push(...page.items)
    next = more(page)
  }
  return items
}

const csv = async (world: World, path: string) =>
  Papa.parse<Record<string, string>>((await ask(world, `${path}format=csv`)).text, { header: true, skipEmptyLines: true }).data

function groupBy<T> (items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}

const written = ({ receipt }: Delivery) => receipt!.counts.created + receipt!.counts.updated + receipt!.counts.deleted

async function receiptsAndJournal (t: Test, world: World, deliveries: Delivery[]): Promise<void> {
  const byId = (a: { id: string }, b: { id: string }) => a.id < b.id ? -1 : 1
  const receipts = await everything(world, '/v1/datapoint-imports?limit=1000', ({ next }) => next === null ? null : new URL(next).pathname + new URL(next).search)
  t.strictSame(receipts.sort(byId), deliveries.map(({ receipt }) => receipt!).sort(byId), 'each delivery has one receipt, as it was acknowledged')
  const changes = await everything(world, '/v1/changes?limit=1000', ({ has_more, next_cursor }) => has_more ? `/v1/changes?limit=1000&after=${encodeURIComponent(next_cursor)}` : null)
  t.ok(changes.every(({ id }, i) => id === i + 1), 'the journal has no gap')
  const imported = changes.filter(({ action }) => action === 'imported')
  t.strictSame(
    imported.map(({ resource, counts }) => [resource, counts]).sort(),
    deliveries.filter(one => written(one) > 0).map(({ receipt }) => [`/v1/datapoint-imports/${receipt!.id}`, receipt!.counts]).sort(),
    'and one change for each delivery that changed something'
  )
}

async function history (t: Test, world: World, deliveries: Delivery[]): Promise<void> {
  const past = await csv(world, '/v1/datapoints/history?')
  const held = new Map((await csv(world, '/v1/datapoints?include_deleted=true&')).map(row => [keyOf(row), row]))
  t.equal(past.length, deliveries.reduce((sum, one) => sum + written(one), 0), 'there are as many revisions as the receipts say')
  const sent = groupBy(deliveries.flatMap(({ rows }) => rows.filter(row => row.value !== undefined)), row => String(row.value))
  const faults: string[] = []
  const series = groupBy(past, keyOf)
  for (const [key, revisions] of series) {
    revisions.forEach((one, i) => {
      const place = `${key} revision ${one.revision}`
      if (Number(one.revision) !== i + 1) faults.push(`${place} stands as number ${i + 1}`)
      if (i > 0 && one.recorded_at! <= revisions[i - 1]!.recorded_at!) faults.push(`${place} was recorded before the one before it`)
      if (one.deleted !== 'true' && keyOf(sent.get(one.value!)?.[0] ?? {}) !== key) faults.push(`${place} has the value ${one.value}, which nobody sent for it`)
    })
    if (JSON.stringify(held.get(key)) !== JSON.stringify(revisions.at(-1))) faults.push(`${key} is not as its last revision`)
  }
  for (const [value, made] of groupBy(past.filter(one => one.deleted !== 'true'), one => one.value!)) {
    if (made.length > sent.get(value)!.length) faults.push(`${value} was written ${made.length} times and sent ${sent.get(value)!.length} times`)
  }
  t.same(faults.slice(0, 20), [], 'revisions count from 1, time goes on, each value is one that was sent for its key and at most as often')
  t.same([...held.keys()].sort(), [...series.keys()].sort(), 'the table has the keys of the history')
  t.comment(`${deliveries.length} deliveries, ${past.length} revisions of ${held.size} figures`)
}

async function copyOfTable (t: Test, world: World, follower: Follower): Promise<void> {
  t.ok(follower.walks > rounds, `${follower.walks} walks came to their end, ${follower.broken} broke`)
  await walk(world, follower, 7)
  t.equal(await walk(world, follower, 1000), 0, 'nothing is left to follow')
  const { items } = json(await ask(world, '/v1/datapoints?include_deleted=true&limit=1000'))
  t.strictSame(new Map([...follower.copy].sort()), new Map(items.map((row: any) => [keyOf(row), row] as const).sort()), 'the follower holds the table')
}

await t.test(`${rounds} rounds of a storm (STORM_SEED=${seed})`, async t => {
  const { env, ways } = await (onServer ? server : embedded)(t)
  let running = await service(t, { env })
  for (const measure of measures) await running.put(`/v1/measures/${measure}`, { title: measure, unit: 'count' })
  for (const area of areas) await running.put(`/v1/areas/${area}`, { title: area, kind: 'ward' })
  const { roll, pick } = dice(seed)
  const world: World = { url: running.url, stopped: false, now: 'before all', refusals: [], acknowledged: [] }
  const names = Array.from({ length: 8 }, (_, i) => `client-${i}`)
  const clients = names.map((name, i) => client(world, name, seed + 1 + i))
  const follower = follow(world, seed)
  t.teardown(() => { world.stopped = true })
  for (let round = 1; round <= rounds && world.refusals.length === 0; round++) {
    const before = world.acknowledged.length
    await until('acknowledgements', () => world.refusals.length > 0 || world.acknowledged.length > before + 8)
    await sleep(100 + roll(500))
    const [name, harm, over] = pick(ways)
    world.now = `round ${round}, ${name} killed`
    const known = world.acknowledged.slice(-8)
    await harm(running)
    if (over) {
      running = await service(t, { env })
      world.url = running.url
    }
    for (const delivery of known) {
      const reply = await until('an answer', () => push(world, delivery).then(reply => [200, 422].includes(reply.status) && reply, () => undefined))
      if (json(reply).id !== delivery.receipt!.id) world.refusals.push(`${world.now}: ${delivery.key} was acknowledged as ${delivery.receipt!.id}, then ${reply.text.slice(0, 300)}`)
    }
  }
  world.stopped = true
  const deliveries = (await Promise.all(clients)).flat()
  t.same(world.refusals, [], 'whatever was killed, a delivery is acknowledged, and with one receipt only')
  if (world.refusals.length > 0) t.comment(running.said.err.split('\n').filter(line => line.includes('request failed')).slice(0, 5).join('\n'))
  await receiptsAndJournal(t, world, deliveries)
  await history(t, world, deliveries)
  await copyOfTable(t, world, await follower)
  t.equal(await running.stop(), 0)
  t.comment(`${deliveries.filter(({ sent }) => sent > 1).length} deliveries were sent more than once`)
})
