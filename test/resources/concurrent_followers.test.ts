// Sixteen writers at once, and followers that live by changed_since alone, die in the middle of a walk and start again
// from any bookmark they ever had: none misses a change, and each ends with the table.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { dice, seedFrom, type Dice } from '../support/random.js'

type Row = Record<string, unknown>
interface Memory { bookmark: string, held: Map<string, Row> }
interface Follower { name: string, header: 'outturn-cursor' | 'outturn-as-of', memories: Memory[], restarts: number, faults: string[] }

const seed = seedFrom(process.env.FOLLOWERS_SEED)
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const grid = ['m1', 'm2'].flatMap(measure => ['a1', 'a2', 'a3'].flatMap(area => numbers(12).map(i => ({ measure, area, period: `FY${2005 + i}` }))))
const keyOf = ({ measure, area, period }: Row) => [measure, area, period].join(' ')

/** Adds what was found to what is held; a revision never takes the place of a later one, nor is one of them skipped back. */
function taken (held: Map<string, Row>, found: Row[], follower: Follower): Map<string, Row> {
  const next = new Map(held)
  for (const row of found) {
    const before = next.get(keyOf(row))
    if (before !== undefined && (before.revision as number) > (row.revision as number)) follower.faults.push(`${keyOf(row)} went back from ${String(before.revision)} to ${String(row.revision)}`)
    next.set(keyOf(row), row)
  }
  return next
}

/**
 * One walk from a bookmark to its end, or until the follower dies. The next bookmark is that of the first page, for what
 * changes during the walk may belong on a page that has been read.
 */
async function walk (client: Client, follower: Follower, from: Memory, limit: number, dies: () => boolean): Promise<number | undefined> {
  const query = { include_deleted: true, limit, ...(from.bookmark !== '' && { changed_since: from.bookmark }) }
  const found: Row[] = []
  let bookmark = ''
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, headers, body, text } = await client.get('/v1/datapoints', { query: { ...query, ...(cursor !== '' && { cursor }) } })
    if (status !== 200) follower.faults.push(`${status} ${text.slice(0, 200)}`)
    if (bookmark === '') bookmark = headers[follower.header]!
    found.push(...body.items)
    cursor = body.next_cursor
    if (cursor !== null && dies()) return undefined
  }
  follower.memories.push({ bookmark, held: taken(from.held, found, follower) })
  return found.length
}

async function write (client: Client, name: number, count: number, { once, pick, some, roll }: Dice): Promise<string[]> {
  const faults: string[] = []
  for (const i of numbers(count)) {
    const value = name * 1000 + i
    const one = pick(grid)
    const url = `/v1/measures/${one.measure}/datapoints/${one.area}/${one.period}`
    const { status, text } = once(3)
      ? await client.put(url, { value })
      : once(8) ? await client.delete(url) : await client.post('/v1/datapoint-imports', { datapoints: some(grid, 1 + roll(20)).map(at => once(9) ? { ...at, deleted: true } : { ...at, value }) })
    if (![200, 201, 204].includes(status)) faults.push(`${status} ${text.slice(0, 200)}`)
  }
  return faults
}

await t.test(`followers of sixteen writers miss nothing (FOLLOWERS_SEED=${seed})`, async t => {
  const { admin, client } = await start(t)
  for (const measure of ['m1', 'm2']) await admin.put(`/v1/measures/${measure}`, { title: measure, unit: 'count' })
  for (const area of ['a1', 'a2', 'a3']) await admin.put(`/v1/areas/${area}`, { title: area, kind: 'other' })
  const writers = await Promise.all(numbers(16).map(() => client('admin')))
  const followers = numbers(4).map((i): Follower => ({
    name: `follower ${i}`, header: i % 2 === 0 ? 'outturn-cursor' : 'outturn-as-of', memories: [{ bookmark: '', held: new Map() }], restarts: 0, faults: []
  }))
  const writing = { over: false }
  const following = followers.map(async (follower, i) => {
    const { once, pick, roll } = dice(seed + 100 + i)
    while (!writing.over) {
      const restarts = once(4)
      const from = restarts ? pick(follower.memories) : follower.memories.at(-1)!
      if (restarts) follower.restarts++
      if (await walk(admin, follower, from, 1 + roll(30), () => once(12)) === undefined) follower.restarts++
      await sleep(roll(60))
    }
  })
  const faults = await Promise.all(writers.map((one, i) => write(one, i, 40, dice(seed + i))))
  writing.over = true
  await Promise.all(following)
  t.same(faults.flat(), [], 'no writer was refused')
  const { items } = (await admin.get('/v1/datapoints', { query: { include_deleted: true, limit: 1000 } })).body
  const table = new Map(items.map((row: Row) => [keyOf(row), row] as const).sort())
  for (const follower of followers) {
    t.same(follower.faults, [], `${follower.name} saw no figure go back`)
    // The last memory, and some that are long past, all lead to the table.
    const { roll } = dice(seed + 200)
    const starts = [follower.memories.at(-1)!, ...numbers(5).map(() => follower.memories[roll(follower.memories.length)]!)]
    for (const from of starts) {
      await walk(admin, follower, from, 1 + roll(30), () => false)
      t.strictSame(new Map([...follower.memories.at(-1)!.held].sort()), table, `${follower.name} ends with the table`)
    }
    t.equal(await walk(admin, follower, follower.memories.at(-1)!, 1000, () => false), 0, 'after which there is nothing more')
    t.comment(`${follower.name}: ${follower.memories.length} walks, ${follower.restarts} restarts`)
  }
})
