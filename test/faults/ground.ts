// What the faults befall: a service on a database of the test's own with a wire between them, and how one fault is judged.
import { mkdir, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import Papa from 'papaparse'
import type { Test } from 'tap'
import { adminKey } from '../process/storm_clients.js'
import { asRoot, folder, service, until, type Service } from '../support/process.js'
import { cluster, type Cluster } from './cluster.js'
import { measures, pour, type Load } from './load.js'
import { wire, type Wire } from './wire.js'

const run = promisify(execFile)

export interface Ground {
  db: Cluster
  wire: Wire
  service: Service
  /** Small disks, where we may make any: of the tables, and of bodies on their way. */
  disks: { tables: string, bodies: string } | null
  clock: string
  /** Where clients send what they ask, where that is not the service itself. */
  detour: string | null
  startService (): Promise<void>
}

export interface Fault {
  name: string
  /** What clients still get meanwhile; waiting: requests that are answered when it is over. */
  goesOn: 'nothing' | 'waiting' | 'reads' | 'everything'
  /** Seconds that it lasts after it was made. */
  lasts: number
  /** Whether a request may go without any answer, as where it is the service that dies. */
  unanswered?: true
  needs?: 'disks'
  /** Part of npm test. */
  quick?: true
  make (ground: Ground, t: Test): Promise<unknown>
  end (ground: Ground, t: Test): Promise<unknown>
}

async function smallDisk (t: Test, size: string): Promise<string> {
  const path = await folder(t)
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=777`, 'tmpfs', path])
  t.teardown(() => run('umount', ['-l', path]))
  return path
}

/** A clock that can be set while the process runs: the Date of the process is as far off as the file says, in milliseconds. */
const movable = (file: string) => `
import { readFileSync } from 'node:fs'
const Real = Date
let off = 0
setInterval(() => { off = Number(readFileSync(${JSON.stringify(file)}, 'utf8')) }, 50).unref()
globalThis.Date = class extends Real {
  constructor (...args) { if (args.length === 0) super(Real.now() + off); else super(...args) }
  static now () { return Real.now() + off }
}`

export async function prepareGround (t: Test): Promise<Ground> {
  const disks = asRoot ? await Promise.all([smallDisk(t, '64m'), smallDisk(t, '8m')]).then(([tables, bodies]) => ({ tables, bodies }), () => null) : null
  const db = await cluster(t)
  await db.sql('create role service login', 'postgres')
  if (disks !== null) {
    await mkdir(join(disks.tables, 'space'))
    await db.own(join(disks.tables, 'space'))
    await db.sql(`create tablespace small location '${join(disks.tables, 'space')}'`, 'postgres')
  }
  await db.sql(`create database outturn owner service ${disks === null ? '' : 'tablespace small'}`, 'postgres')
  const place = await folder(t)
  const clock = join(place, 'clock')
  await writeFile(clock, '0')
  await writeFile(join(place, 'clock.mjs'), movable(clock))
  const line = await wire(t, db.port)
  const ground = { db, wire: line, disks, clock, detour: null } as unknown as Ground
  let port = '0'
  ground.startService = async () => {
    ground.service = await service(t, {
      env: {
        DATABASE_URL: `postgres://service@127.0.0.1:${line.port}/outturn`,
        OUTTURN_ADMIN_KEY: adminKey,
        OUTTURN_STATEMENT_TIMEOUT: '2',
        PORT: port,
        NODE_OPTIONS: `--import=file://${join(place, 'clock.mjs')}`,
        ...(disks !== null && { TMPDIR: disks.bodies })
      }
    })
    port = new URL(ground.service.url).port
  }
  await ground.startService()
  for (const measure of measures) await ground.service.put(`/v1/measures/${measure}`, { title: measure, unit: 'count' })
  return ground
}

export interface Row { fault: string, lasted: number, seen: Load['seen'], longest: number, recovered: number, acknowledged: number, found: number, lost: number }

const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10

export async function befall (t: Test, ground: Ground, fault: Fault): Promise<Row> {
  const area = fault.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 60)
  t.equal((await ground.service.put(`/v1/areas/${area}`, { title: fault.name, kind: 'other' })).status, 201)
  const load = pour(() => ground.detour ?? ground.service.url, area)
  const since = (kind: 'write' | 'read', start: number) => load.last[kind] > start
  await until('a steady load', () => since('write', 0) && since('read', 0) && load.acknowledged.size > 20)
  const begun = performance.now()
  await fault.make(ground, t)
  const made = performance.now()
  await sleep(fault.lasts * 1000)
  const during = { reads: since('read', made), writes: since('write', made) }
  const seen = { ...load.seen }
  await fault.end(ground, t)
  const over = performance.now()
  await until(`recovery from: ${fault.name}`, () => load.wrong.length > 0 || (since('write', over) && since('read', over)))
  const recovered = performance.now() - over
  await load.end()

  t.same(load.wrong.slice(0, 5), [], 'no client sees anything but an answer, 503 or 409 with Retry-After')
  if (['reads', 'everything'].includes(fault.goesOn)) t.ok(during.reads, 'reads go on')
  if (fault.goesOn === 'everything') t.ok(during.writes, 'writes go on')
  if (['nothing', 'reads'].includes(fault.goesOn) && !fault.unanswered) t.ok(seen[503] > 0, 'who cannot be served is told to come again')
  if (!fault.unanswered) t.equal(load.seen['no answer'], 0, 'every request is answered')
  const held = await figuresOf(ground, area)
  const lost = [...load.acknowledged].filter(([place, value]) => Number(held.get(place)?.value) !== value)
  t.same(lost, [], 'what was acknowledged is there')
  t.equal(held.size, load.acknowledged.size, 'and nothing else')
  t.same([...held.values()].filter(({ revision }) => revision !== '1'), [], 'and nothing twice')
  t.same(await receiptsOf(ground, area), [...load.receipts].sort(), 'nor any delivery')
  t.equal((await ground.service.get('/health/ready')).status, 200, 'and it is ready')
  const acknowledged = load.acknowledged.size
  return {
    fault: fault.name,
    lasted: seconds(over - begun),
    seen: load.seen,
    longest: seconds(load.longest),
    recovered: seconds(recovered),
    acknowledged,
    found: acknowledged - lost.length,
    lost: lost.length
  }
}

async function figuresOf ({ service }: Ground, area: string): Promise<Map<string, Record<string, string>>> {
  const { text } = await service.get(`/v1/datapoints?area=${area}&format=csv`)
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  return new Map(data.map(row => [`${row.measure} ${row.period}`, row]))
}

/** As the database holds them. */
const receiptsOf = async ({ db }: Ground, area: string): Promise<string[]> =>
  (await db.sql(`select id from imports where receipt->>'note' = '${area}' order by id`)).map(({ id }) => id)
