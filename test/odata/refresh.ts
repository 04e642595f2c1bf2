// A year of figures that come in, are revised, withdrawn and put back, and two readers that refresh while that goes on: at the end each
// has exactly the table of the service.
import type { Test } from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { dice, type Dice } from '../support/random.js'
import { deliver } from '../resources/figures.js'
import { ofFeed, ofV1 } from './cells.js'
import { feedOf, type Row } from './feed.js'
import { ByChange, InParts } from './refresh_readers.js'

const measures = ['m1', 'm2', 'm3']
const areas = ['a1', 'a2']
const window = 3
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const two = (month: number) => String(month).padStart(2, '0')

/** Periods of all kinds with the day on which they begin. */
const periods = numbers(14).map(i => 2005 + i).flatMap(year => [
  [`CY${year}`, `${year}-01-01`], [`FY${year}`, `${year}-04-01`], [`AY${year}`, `${year}-09-01`],
  ...[1, 2, 3, 4].map(quarter => [`FY${year}-Q${quarter}`, quarter === 4 ? `${year + 1}-01-01` : `${year}-${two(quarter * 3 + 1)}-01`]),
  ...numbers(12).map(month => [`CY${year}-M${two(month + 1)}`, `${year}-${two(month + 1)}-01`])
]) as Array<[code: string, begins: string]>

const dayAfter = (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** What partners do on one day: mostly to what began this year or the last, as corrections come. */
async function edit (client: Client, today: string, deliveries: string[], n: number, { roll, once, pick, some }: Dice): Promise<void> {
  const open = periods.filter(([, begins]) => begins <= today && begins >= `${Number(today.slice(0, 4)) - 1}-01-01`).map(([code]) => code)
  const at = () => ({ measure: pick(measures), area: pick(areas), period: pick(once(15) ? ['undated', 'undated-baseline'] : open) })
  const url = ({ measure, area, period }: ReturnType<typeof at>) => `/v1/measures/${measure}/datapoints/${area}/${period}`
  const way = roll(10)
  if (way < 3) await client.put(url(at()), { value: n, status: pick(['provisional', 'final']) })
  else if (way < 5) await client.delete(url(at()))
  else if (way === 5) await client.put(url(at()), { missing: 'not_collected', note: `Day ${n}` })
  else if (way === 6 && deliveries.length > 0) await client.post(`/v1/datapoint-imports/${pick(deliveries)}/revert`)
  else {
    const rows = some(open, 6).map((period, i) => ({ ...at(), period, ...(once(5) ? { deleted: true } : { value: n * 10 + i }) }))
    const { body } = await deliver(client, rows)
    if (body.result === 'applied') deliveries.push(body.id as string)
  }
}

async function tableOf (client: Client): Promise<Row[]> {
  const rows: Row[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await client.get('/v1/datapoints', { query: { titles: true, limit: 1000, ...(cursor !== '' && { cursor }) } })
    rows.push(...body.items as Row[])
    cursor = body.next_cursor as string | null
  }
  return rows
}

const sorted = (cells: Array<Record<string, string>>) => cells.map(row => JSON.stringify(row)).sort()

/** `every`: days between two refreshes. */
export async function refresh (t: Test, { days, every, edits, seed }: { days: number, every: number, edits: number, seed: number }): Promise<void> {
  const started = await start(t)
  const { admin } = started
  const feed = feedOf(started)
  for (const code of measures) await admin.put(`/v1/measures/${code}`, { title: code, unit: 'count' })
  for (const code of areas) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
  const first = '2017-01-15'
  const before = periods.filter(([, begins]) => begins < first)
  const held = measures.flatMap((measure, m) => before.filter((_, i) => i % 3 === m).map(([period], i) => ({ measure, period, value: i })))
  await deliver(admin, areas.flatMap(area => held.map(row => ({ ...row, area }))))
  const [parts, changes, chance, deliveries] = [new InParts(feed, 2005, window), new ByChange(feed), dice(seed), [] as string[]]
  const both = async (today: string) => { await Promise.all([parts.refresh(Number(today.slice(0, 4))), changes.refresh()]) }
  const matches = async (name: string) => {
    const wanted = sorted((await tableOf(admin)).map(ofV1))
    t.ok(wanted.length > 300)
    t.strictSame(sorted(parts.table().map(ofFeed)), wanted, `${name}: the reader in parts has the table`)
    t.strictSame(sorted(changes.table().map(ofFeed)), wanted, `${name}: and the one that asks what changed`)
    const ids = parts.all().map(({ id }) => id)
    t.equal(new Set(ids).size, ids.length, `${name}: no figure is in two parts`)
  }
  await both(first)
  await matches('At first')
  let today = first
  for (let day = 1; day <= days; day++) {
    today = dayAfter(first, day * Math.round(365 / days))
    const writing = (async () => { for (let i = 0; i < edits; i++) await edit(admin, today, deliveries, day * 100 + i, chance) })()
    // Some refreshes come while others write.
    if (day % every === 0 && day % 2 === 0) await both(today)
    await writing
    if (day % every === 0 && day % 2 === 1) await both(today)
    if (day % every === 0 && day % 4 === 1) await matches(`On ${today}`)
  }
  await both(today)
  await matches('After a year')
  t.ok(parts.loads < parts.looks, `${parts.loads} of ${parts.looks} parts that were looked at had changed`)

  await admin.put('/v1/measures/m1/datapoints/a1/FY2007', { value: 2007.5 })
  await both(today)
  const old = (rows: Row[]) => rows.find(({ measure, area, period }) => measure === 'm1' && area === 'a1' && period === 'FY2007')?.value
  t.equal(old(changes.table()), 2007.5, 'what changed longer ago than the parts that are looked at, the one that asks learns')
  t.not(old(parts.table()), 2007.5, 'and the one in parts does not')
  const anew = new InParts(feed, 2005, window)
  await anew.refresh(Number(today.slice(0, 4)))
  t.equal(old(anew.table()), 2007.5, 'before it loads everything anew')
  const { rows: [count] } = await started.connection.pool.query<{ revisions: number }>('select count(*)::int as revisions from figure_revisions')
  t.comment(`${count!.revisions} former revisions; ${changes.read} rows were asked for by change`)
}
