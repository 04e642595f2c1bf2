// Those who meet in the storm: clients that push overlapping deliveries and repeat each until it is acknowledged, and a
// follower that keeps a copy of the table by changed_since alone. Neither knows when the service is killed.
import { setTimeout as sleep } from 'node:timers/promises'
import { dice, type Dice } from '../support/random.js'

export const adminKey = 'a-bootstrap-key-of-32-characters-or-more'
export const measures = ['storm-a', 'storm-b', 'storm-c']
export const areas = ['ward-1', 'ward-2', 'ward-3', 'ward-4']
const periods = ['FY2011', 'FY2012', 'FY2013', 'FY2014', 'FY2015', 'FY2016']
const grid = measures.flatMap(measure => areas.flatMap(area => periods.map(period => ({ measure, area, period }))))
const patience = 60_000

type Row = Record<string, unknown>
export interface Receipt { id: string, result: string, counts: Record<'received' | 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected', number> }
export interface Delivery { key: string, body: string, rows: Row[], sent: number, receipt?: Receipt }

/** Where the service is, what is being done to it, what it has said that it never may, and what it has acknowledged, in that order. */
export interface World { url: string, stopped: boolean, now: string, refusals: string[], acknowledged: Delivery[] }

export const keyOf = ({ measure, area, period }: Row) => `${String(measure)} ${String(area)} ${String(period)}`

export interface Reply { status: number, headers: Headers, text: string }

export async function ask (world: World, path: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(world.url + path, {
    ...init, headers: { authorization: `Bearer ${adminKey}`, ...init.headers as Record<string, string> }, signal: AbortSignal.timeout(patience)
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

export const push = (world: World, { key, body }: Delivery) =>
  ask(world, '/v1/datapoint-imports', { method: 'POST', body, headers: { 'content-type': 'application/json', 'idempotency-key': key } })

/** While the service or its database is away: no answer, 503, or 409 where the first attempt is still being undone. */
const passing = ({ status, headers }: Reply) => status === 503 || (status === 409 && headers.has('retry-after'))

let deliveries = 0

/** No two rows of the whole storm have the same value, so each revision can be traced to the delivery that made it. */
function newDelivery (name: string, past: Delivery[], { once, pick, some }: Dice): Delivery {
  const n = ++deliveries
  const key = `storm-delivery-${name}-${n}`
  const rows: Row[] = past.length > 0 && once(6)
    ? pick(past).rows
    : some(grid, 8).map((at, i) => once(12) ? { ...at, deleted: true } : { ...at, value: n * 10 + i })
  return { key, rows, body: JSON.stringify({ datapoints: rows }), sent: 0 }
}

/** Pushes until the storm is over, one delivery after the other; the last is acknowledged as well. */
export async function client (world: World, name: string, seed: number): Promise<Delivery[]> {
  const chance = dice(seed)
  const done: Delivery[] = []
  while (!world.stopped) {
    const delivery = newDelivery(name, done, chance)
    await acknowledged(world, delivery)
    if (delivery.receipt !== undefined) done.push(delivery)
    await sleep(chance.roll(12))
  }
  return done
}

async function acknowledged (world: World, delivery: Delivery): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(80)) {
    delivery.sent++
    const reply = await push(world, delivery).catch(() => undefined)
    if (reply === undefined || passing(reply)) continue
    if (reply.status === 200) {
      const replayed = reply.headers.get('idempotent-replayed') === 'true'
      if (replayed && delivery.sent === 1) world.refusals.push(`${delivery.key} was replayed when it was sent first`)
      delivery.receipt = JSON.parse(reply.text) as Receipt
      world.acknowledged.push(delivery)
      return
    }
    world.refusals.push(`${world.now}: ${delivery.key}: ${reply.status} ${reply.text.slice(0, 300)}`)
  }
  world.refusals.push(`${delivery.key} was not acknowledged in ${patience / 1000} s`)
}

export interface Follower { bookmark: string | null, copy: Map<string, Row>, walks: number, broken: number }

/**
 * One walk: every page of what changed since the bookmark. Only a walk that came to its end counts; the bookmark of the
 * next is that of its first page, for what is written during the walk may stand before the page that is being read.
 */
export async function walk (world: World, follower: Follower, limit: number): Promise<number> {
  const since = follower.bookmark === null ? '' : `&changed_since=${encodeURIComponent(follower.bookmark)}`
  const found: Row[] = []
  let bookmark: string | null = null
  let next: string | null = `/v1/datapoints?include_deleted=true&limit=${limit}${since}`
  while (next !== null) {
    const reply = await ask(world, next)
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text.slice(0, 300)}`)
    const page = JSON.parse(reply.text) as { items: Row[], next: string | null }
    bookmark ??= reply.headers.get('outturn-cursor')
    found.push(...page.items)
    const url: URL | null = page.next === null ? null : new URL(page.next)
    next = url && url.pathname + url.search
  }
  for (const row of found) follower.copy.set(keyOf(row), row)
  follower.bookmark = bookmark
  follower.walks++
  return found.length
}

/** Follows until the storm is over, whatever breaks on the way. */
export async function follow (world: World, seed: number): Promise<Follower> {
  const { roll } = dice(seed)
  const follower: Follower = { bookmark: null, copy: new Map(), walks: 0, broken: 0 }
  while (!world.stopped) {
    const whole = await walk(world, follower, 5 + roll(40)).then(() => true, () => false)
    if (!whole) follower.broken++
    await sleep(whole ? roll(40) : 100)
  }
  return follower
}
