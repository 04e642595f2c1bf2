// The scorecard of a plan of 60 measures with three comparators, beside a naive query of the same figures: the latest of each
// measure, the one before and those of the comparators, each looked for in the flat table.
import { load, must } from './client.js'
import { measureCode, type Bench, type Figures } from './data.js'
import type { Server } from './servers.js'
import { rounds, type Table } from './table.js'

const lines = 60
const area = 'A00010'
const comparators = ['A00011', 'A00012', 'A00013']
/** Not broken down. */
const measures = Array.from({ length: 4 * lines / 3 }, (_, i) => i + 1).filter(m => m % 4 !== 0).map(measureCode)

export const naiveScorecard = `create view rival.scorecard as
  select l.measure, latest.period, latest.value, previous.value as previous, c.*
  from unnest(array[${measures.map(code => `'${code}'`).join(', ')}]) as l (measure),
    lateral (select period, period_end, value from rival.figures f where f.measure = l.measure and area = '${area}' and breakdown = '' and not deleted
      order by period_end desc limit 1) latest
    left join lateral (select value from rival.figures f where f.measure = l.measure and area = '${area}' and breakdown = '' and not deleted
      and f.period_end < latest.period_end order by period_end desc limit 1) previous on true,
    lateral (select ${comparators.map((code, i) => `max(value) filter (where area = '${code}') as comparator_${i + 1}`).join(', ')}
      from rival.figures f where f.measure = l.measure and area in (${comparators.map(code => `'${code}'`).join(', ')}) and breakdown = '' and f.period = latest.period) c`

const path = '/v1/plans/bench/scorecard'

async function put (server: Server, path: string, body: unknown): Promise<void> {
  await must(server, path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) })
}

async function makePlan ({ ours }: Figures): Promise<void> {
  await put(ours, '/v1/organisations/council', { title: 'Council', kind: 'council' })
  await put(ours, '/v1/plans/bench', { title: 'Plan', owner: 'council', area, period: 'FY2001..FY2020', comparators, visibility: 'public' })
  await put(ours, '/v1/plans/bench/priorities/1', { title: 'Priority' })
  await put(ours, '/v1/plans/bench/outcomes/1a', { priority: '1', title: 'Outcome' })
  for (const measure of measures) {
    await put(ours, `/v1/plans/bench/measures/${measure}`, { measure, outcome: '1a', organisations: [{ organisation: 'council', role: 'lead' }] })
    await put(ours, `/v1/measures/${measure}/targets/one`, { plan: 'bench', kind: 'absolute', operator: 'at_most', value: 50 })
  }
  const { lines: found } = JSON.parse((await must(ours, path, { keep: true })).body) as { lines: Array<{ latest: unknown, target: unknown }> }
  if (found.length !== lines || found.some(line => line.latest === null || line.target === null)) throw new Error(`The scorecard has ${found.length} lines`)
}

/** Milliseconds of a scorecard that nobody has asked for since the last write, and of one that has been. */
const ownTimes = ({ ours }: Figures) => ({
  cold: async () => {
    await must(ours, '/v1/measures/bench-200', { method: 'PATCH', headers: { 'content-type': 'application/json', 'if-match': '*' }, body: Buffer.from(JSON.stringify({ note: `${Math.random()}` })) })
    return (await must(ours, path)).whole
  },
  hot: async () => (await load(ours, [path], { connections: 1, seconds: 1 })).median
})

export async function scorecard (bench: Bench, table: Table): Promise<void> {
  await makePlan(bench)
  const perSecond = async (server: Server, path: string) => (await load(server, [path], { connections: 1, seconds: 1 })).perSecond
  const rates = await rounds(5, 1, { ours: async () => perSecond(bench.ours, path), rival: async () => perSecond(bench.rival, '/scorecard') })
  table.times(`scorecard of ${lines} measures, again and again, 1 connection; rival: PostgREST on a naive query`, '/s', rates.ours, rates.rival, 8)
  const { cold, hot } = ownTimes(bench)
  const times = await rounds(15, 3, { cold, hot })
  table.below('scorecard, again and again', 'ms', medianOf(times.hot), 2)
  table.below('scorecard, for the first time since a write', 'ms', medianOf(times.cold), null)
}

const medianOf = (values: number[] | symbol) => Array.isArray(values) ? values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]! : null

/** Our own times beside those with more rows. */
export async function growthOfScorecard (small: Figures, large: Figures, table: Table): Promise<void> {
  for (const figures of [small, large]) await makePlan(figures)
  const [before, after] = [ownTimes(small), ownTimes(large)]
  for (const [name, what] of [['cold', 'for the first time since a write'], ['hot', 'again and again']] as const) {
    const times = await rounds(9, 2, { before: before[name], after: after[name] })
    table.growth(`scorecard of ${lines} measures, ${what}`, 'ms', times.before, times.after, { most: 1.2 })
  }
}
