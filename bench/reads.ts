// One figure, a page of them, and what changed since a bookmark.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ask, load, must, type Answer } from './client.js'
import { keys, measures, periodCode, settle, type Bench, type Figures } from './data.js'
import { has } from './place.js'
import { notYet, rounds, type Step, type Table } from './table.js'

export const pageSize = 1000
const seconds = 2
/** As many as the dashboards of a place show. */
const some = 1000

const oursPoint = (areas: number) => keys(areas, 20_000)
  .map(key => `/v1/measures/${key.measure}/datapoints/${key.area}/${key.period}${key.breakdown === '' ? '' : `?breakdown=${key.breakdown}`}`)

const rivalPoint = (areas: number) => keys(areas, 20_000).map(key =>
  `/figures?measure=eq.${key.measure}&area=eq.${key.area}&period=eq.${key.period}&breakdown=eq.${key.breakdown}&statistic=eq.level&against=eq.&base_period=eq.`)

/** One row of the flat table by its whole key, which is the least that PostgreSQL can be asked for. */
function pgbench (url: string, areas: number): () => Promise<number | typeof notYet> {
  if (!has('pgbench')) return async () => notYet
  const script = `\\set m 4 * random(0, ${measures / 4 - 1}) + 1
\\set a random(0, ${areas - 1})
\\set p random(${periodCode(0).slice(2)}, ${periodCode(19).slice(2)})
select * from rival.figures where measure = 'bench-' || lpad(:m, 3, '0') and area = 'A' || lpad(:a, 5, '0') and period = 'FY' || :p
  and breakdown = '' and statistic = 'level' and against = '' and base_period = '';\n`
  return async () => {
    // The script comes by the standard input: -f -.
    const run = promisify(execFile)('pgbench', ['-n', '-M', 'prepared', '-c', '4', '-j', '2', '-T', String(seconds), '-f', '-', url])
    run.child.stdin!.end(script)
    const { stdout } = await run
    return Number(/tps = ([\d.]+)/.exec(stdout)![1])
  }
}

export async function points (bench: Bench, table: Table): Promise<void> {
  const { ours, rival, url, areas } = bench
  const raw = pgbench(url, areas)
  const paths = { ours: oursPoint(areas), rival: rivalPoint(areas) }
  const hot = paths.ours.slice(0, some)
  const figures = await rounds(5, 1, {
    ours: async round => {
      await touch(bench, round)
      return (await load(ours, paths.ours, { connections: 4, seconds })).perSecond
    },
    hot: async () => (await load(ours, hot, { connections: 4, seconds })).perSecond,
    rival: async () => (await load(rival, paths.rival, { connections: 4, seconds, headers: { accept: 'application/vnd.pgrst.object+json' } })).perSecond,
    pgbench: raw
  })
  const first = 'one datapoint by key, each asked for the first time since a write, 4 connections'
  table.times(`${first}; rival: PostgREST`, '/s', figures.ours, figures.rival, 6)
  table.times(`${first}; rival: pgbench -M prepared`, '/s', figures.ours, figures.pgbench, 0.33)
  const again = `one datapoint of ${some} by key, again and again, 4 connections`
  table.times(`${again}; rival: PostgREST`, '/s', figures.hot, figures.rival, 6)
  table.times(`${again}; rival: pgbench -M prepared`, '/s', figures.hot, figures.pgbench, 0.33)
}

const firstPage = `/v1/datapoints?limit=${pageSize}`

interface Page { items: Array<{ measure: string, area: string, period: string }>, next_cursor: string | null }

const pageOf = (answer: Answer) => JSON.parse(answer.body) as Page

interface Walked { paths: string[], middle: string, measure: string }

/** Walks from the start over at most so many pages, and answers the way, and the place of it where a measure ends, at most in the middle. */
async function walk ({ ours, areas }: Figures, most: number): Promise<Walked> {
  const pages = areas * 20 / pageSize
  const until = performance.now() + 15_000
  const walked: Walked = { paths: [firstPage], middle: '', measure: '' }
  for (let n = 1; n < most && performance.now() < until; n++) {
    const page = pageOf(await must(ours, walked.paths.at(-1)!, { keep: true }))
    if (page.next_cursor === null) break
    walked.paths.push(`${firstPage}&cursor=${encodeURIComponent(page.next_cursor)}`)
    if (n % pages === 0 && n / pages <= measures / 2) Object.assign(walked, { middle: walked.paths.at(-1)!, measure: page.items.at(-1)!.measure })
  }
  if (walked.middle === '') throw new Error('There are too few figures for a page in the middle')
  return walked
}

/** Behind the last row of a measure the keyset condition is the simplest there is, and the order is that of the rival's primary key. */
const rivalPage = (measure: string) => `/figures?measure=gt.${measure}&order=measure,area,period,breakdown,statistic,against,base_period&limit=${pageSize}`

const rivalPages = Array.from({ length: measures - 5 }, (_, m) => rivalPage(`bench-${String(m + 1).padStart(3, '0')}`))

/** Something is written, so nothing that the service keeps in memory is good any longer. */
export const touch = async ({ ours }: Pick<Figures, 'ours'>, round: number) => {
  const { status } = await ask(ours, '/v1/measures/bench-001', { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json', 'if-match': '*' }, body: Buffer.from(JSON.stringify({ note: `Round ${round}` })) })
  if (status !== 200) throw new Error(`The measure could not be changed: ${status}`)
}

export async function pages (bench: Bench, table: Table): Promise<void> {
  const { ours, rival } = bench
  const { paths, middle, measure } = await walk(bench, 500)
  const mine = pageOf(await must(ours, middle, { keep: true })).items
  const theirs = JSON.parse((await must(rival, rivalPage(measure), { keep: true })).body) as Page['items']
  const first = (items: Page['items']) => `${items.length} ${items[0]!.measure} ${items[0]!.area} ${items[0]!.period}`
  if (first(mine) !== first(theirs)) throw new Error(`The pages differ: ${first(mine)}, ${first(theirs)}`)
  for (const connections of [1, 4]) {
    const per = `${connections} connection${connections === 1 ? '' : 's'}; rival: PostgREST`
    const cold = await rounds(5, 1, {
      ours: async round => {
        await touch(bench, round)
        return (await load(ours, paths, { connections, seconds: 1 })).perSecond
      },
      rival: async () => (await load(rival, rivalPages, { connections, seconds: 1 })).perSecond
    })
    table.times(`JSON pages of ${pageSize}, each asked for the first time since a write, ${per}`, '/s', cold.ours, cold.rival, 2)
    const hot = await rounds(5, 1, {
      ours: async () => (await load(ours, [middle], { connections, seconds: 1 })).perSecond,
      rival: async () => (await load(rival, [rivalPage(measure)], { connections, seconds: 1 })).perSecond
    })
    table.times(`the same JSON page of ${pageSize} again and again, ${per}`, '/s', hot.ours, hot.rival, 2)
  }
}

/** Milliseconds of a single figure, of a page, and of a pull of what a delivery has changed. */
async function ownTimes (figures: Figures): Promise<Record<'point' | 'page' | 'since', Step>> {
  const { ours, areas, deliveries } = figures
  const cursor = String((await must(ours, '/v1/datapoints?limit=1')).headers['outturn-cursor'])
  const changed = deliveries.take(10_000)
  await must(ours, '/v1/datapoint-imports', { method: 'POST', headers: { 'content-type': 'application/json' }, body: changed.ours })
  await settle(figures)
  const since = `/v1/datapoints?format=csv&include_deleted=true&changed_since=${encodeURIComponent(cursor)}`
  const pulled = (await must(ours, since, { keep: true })).body.split('\n').length - 2
  if (pulled !== changed.rows) throw new Error(`${pulled} rows were pulled where ${changed.rows} had changed`)
  const { paths } = await walk(figures, 500)
  const point = oursPoint(areas)
  return {
    point: async () => (await load(ours, point, { connections: 1, seconds: 1 })).median,
    page: async round => {
      await touch(figures, round)
      return (await load(ours, paths, { connections: 1, seconds: 1 })).median
    },
    since: async () => (await must(ours, since)).whole
  }
}

/** Our own times beside those with more rows. */
export async function growthOfReads (small: Figures, large: Figures, table: Table): Promise<void> {
  const before = await ownTimes(small)
  const after = await ownTimes(large)
  const compared = [['point', 'one datapoint by key', 1.2], ['page', `JSON page of ${pageSize}, asked for the first time since a write`, 1.3], ['since', 'pull of 10 000 changed rows since a cursor', 1.3]] as const
  for (const [name, what, most] of compared) {
    const times = await rounds(7, 2, { before: before[name], after: after[name] })
    table.growth(what, 'ms', times.before, times.after, { most })
  }
}
