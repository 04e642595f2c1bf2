// The same figures by three ways, row for row, while others write: a walk of the feed, a walk of /v1 and the CSV. What nobody touches
// is the same in all; each figure that was there comes once, in the same order; and what is changed is one of its revisions.
import Papa from 'papaparse'
import t, { type Test } from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { dice, seedFrom, type Dice } from '../support/random.js'
import { deliver } from '../resources/figures.js'
import { keyOf, ofFeed, ofV1, type Cells } from './cells.js'
import { feedOf, type Feed, type Row } from './feed.js'

const seed = seedFrom(process.env.WALK_SEED)
const areas = ['a1', 'a2', 'a3']
const sexes = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Girls' }, { code: 'm', title: 'Boys' }] }]
const texts = ['Größer “als” früher', "O'Neill, 100%", 'a_b\\c "quoted"', 'two\nlines\tand a tab', '😀']
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

const everything = '/v1/datapoints?include_deleted=true&titles=true&'

async function byV1 (client: Client, limit: number): Promise<Cells[]> {
  const rows: Row[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await client.get('/v1/datapoints', { query: { include_deleted: true, titles: true, limit, ...(cursor !== '' && { cursor }) } })
    rows.push(...body.items as Row[])
    cursor = body.next_cursor as string | null
  }
  return rows.map(ofV1)
}

const csv = async (client: Client, path: string) =>
  Papa.parse<Cells>((await client.get(`${path}format=csv`)).text, { header: true, skipEmptyLines: true }).data

async function write (client: Client, writer: number, over: () => boolean, { roll, once, pick, some }: Dice): Promise<string[]> {
  const faults: string[] = []
  for (let i = 0; !over(); i++) {
    const [measure, value] = [pick(['busy', 'split']), writer * 100_000 + i + 0.5]
    const one = { measure, area: pick(areas), period: `FY${1950 + roll(60)}` }
    const url = `/v1/measures/${one.measure}/datapoints/${one.area}/${one.period}${measure === 'split' ? `?breakdown=sex=${pick(['f', 'm'])}` : ''}`
    const rows = () => some(numbers(40), 12).map(n => ({ measure: 'busy', area: areas[n % 3], period: `AY${1960 + n}`, ...(once(4) ? { deleted: true } : { value: value + n, note: pick(texts) }) }))
    const put = async () => once(2) ? client.put(url, { value, note: pick(texts) }) : client.delete(url)
    const { status, text } = once(2) ? await put() : await deliver(client, rows())
    if (status >= 400) faults.push(`${status} ${text.slice(0, 300)}`)
  }
  return faults
}

interface Walks { feed: Cells[], v1: Cells[], csv: Cells[] }

async function threeWays (client: Client, feed: Feed, { roll }: Dice): Promise<Walks> {
  const [walked, v1, whole] = await Promise.all([feed.walk('Datapoints', {}, 5 + roll(40)), byV1(client, 5 + roll(40)), csv(client, everything)])
  return { feed: walked.map(ofFeed), v1, csv: whole }
}

function hold (t: Test, name: string, { feed, v1, csv }: Walks, there: string[], revisions: Map<string, Set<string>>): void {
  const ways = Object.entries({ feed, v1, csv })
  for (const [way, rows] of ways) {
    const keys = rows.map(keyOf)
    t.equal(new Set(keys).size, keys.length, `${name}, ${way}: nothing twice`)
    const held = new Set(there)
    t.same(keys.filter(key => held.has(key)), there, `${name}, ${way}: all that was there, in its order`)
    const foreign = rows.filter(row => !revisions.get(keyOf(row))?.has(JSON.stringify(Object.entries(row).sort())))
    t.same(foreign.slice(0, 2), [], `${name}, ${way}: each row is one of its revisions`)
  }
  const quiet = ways.map(([, rows]) => rows.filter(({ measure }) => measure === 'quiet'))
  t.ok(quiet[0]!.length > 100)
  t.strictSame(quiet[1], quiet[0], `${name}: what nobody touches is the same in both walks`)
  t.strictSame(quiet[2], quiet[0], `${name}: and in the CSV`)
}

await t.test(`three ways to the same figures (WALK_SEED=${seed})`, async t => {
  const started = await start(t)
  const { admin } = started
  const feed = feedOf(started)
  for (const code of areas) await admin.put(`/v1/areas/${code}`, { title: `Area "${code}", é`, kind: 'other' })
  for (const code of ['busy', 'quiet', 'split']) await admin.put(`/v1/measures/${code}`, { title: `Measure ${code}`, unit: 'count', visibility: 'public', ...(code === 'split' && { dimensions: sexes }) })
  await deliver(admin, ['busy', 'quiet'].flatMap(measure => areas.flatMap(area => numbers(60).map(i => ({
    measure, area, period: `FY${1950 + i}`, ...(i % 7 === 3 ? { missing: 'not_collected' } : { value: i * 1.25 - 20 }), ...(i % 3 === 0 && { note: texts[i % texts.length] })
  })))))
  await deliver(admin, numbers(10).map(i => ({ measure: 'quiet', area: 'a1', period: `FY${1950 + i * 3}`, deleted: true })))
  const rounds: Array<{ there: string[], walks: Walks }> = []
  const writing = { over: false }
  const writers = [1, 2, 3].map(async n => write(admin, n, () => writing.over, dice(seed + n)))
  const chance = dice(seed)
  for (let round = 0; round < 12; round++) {
    const there = (await csv(admin, everything)).map(keyOf)
    rounds.push({ there, walks: await threeWays(admin, feed, chance) })
  }
  writing.over = true
  t.same((await Promise.all(writers)).flat(), [])

  const revisions = new Map<string, Set<string>>()
  const history = await csv(admin, '/v1/datapoints/history?titles=true&')
  for (const row of history) {
    const some = revisions.get(keyOf(row)) ?? new Set()
    revisions.set(keyOf(row), some.add(JSON.stringify(Object.entries(row).sort())))
  }
  for (const [i, { there, walks }] of rounds.entries()) hold(t, `round ${i + 1}`, walks, there, revisions)
  const last = await threeWays(admin, feed, chance)
  t.strictSame(last.feed, last.csv, 'when nobody writes, the walk of the feed is the CSV')
  t.strictSame(last.v1, last.csv, 'and so is the walk of /v1')
  t.ok(history.length > 420, 'much was written meanwhile')
  t.comment(`${last.csv.length} figures, ${history.length} revisions`)
})
