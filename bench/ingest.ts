// Deliveries: new rows, and the same rows again, beside PostgREST's upsert of the same rows into its flat table.
import { ask, must } from './client.js'
import { deliveredColumns, settle, type Bench, type Delivery, type Figures } from './data.js'
import { memory, resetPeak } from './servers.js'
import { notYet, thousands, type Measured, type Step, type Table } from './table.js'

type Format = 'json' | 'csv'

const type = { json: 'application/json', csv: 'text/csv' }

/** Rows a second of one delivery; what came of its rows must be what was meant. */
async function deliver ({ ours }: Figures, format: Format, delivery: Delivery, meant: 'created' | 'unchanged'): Promise<number> {
  const body = format === 'json' ? delivery.ours : delivery.oursCsv
  const answer = await ask(ours, '/v1/datapoint-imports', { method: 'POST', headers: { 'content-type': type[format] }, body, keep: true })
  const { counts } = JSON.parse(answer.body) as { counts?: Record<string, number> }
  if (counts?.[meant] !== delivery.rows) throw new Error(`${delivery.rows} rows should be ${meant}: ${answer.body.slice(0, 1000)}`)
  return delivery.rows / answer.whole * 1000
}

/** columns= spares PostgREST the look into the body, as its client libraries do. */
async function upsert ({ rival }: Bench, format: Format, delivery: Delivery): Promise<number> {
  const path = format === 'json' ? `/figures?columns=${deliveredColumns.join(',')}` : '/figures'
  const headers = { 'content-type': type[format], prefer: 'resolution=merge-duplicates,return=minimal' }
  const answer = await must(rival, path, { method: 'POST', headers, body: format === 'json' ? delivery.rival : delivery.rivalCsv })
  return delivery.rows / answer.whole * 1000
}

/** Turns at new rows, then at the same rows again, and so on; who begins alternates. The first round warms up. */
async function alternating<K extends string> (count: number, fresh: Record<K, Step>, again: Record<K, Step>): Promise<Record<'fresh' | 'again', Record<K, Measured>>> {
  const names = Object.keys(fresh) as K[]
  const all = { fresh: none(names), again: none(names) }
  for (let round = 0; round <= count; round++) {
    const order = round % 2 === 0 ? names : names.toReversed()
    for (const [part, steps] of [['fresh', fresh], ['again', again]] as const) {
      for (const name of order) {
        const value = await steps[name](round)
        const values = all[part][name]
        if (value === notYet || values === notYet) all[part][name] = notYet
        else if (round > 0) values.push(value)
      }
    }
  }
  return all
}

const none = <K extends string>(names: K[]) => Object.fromEntries(names.map(name => [name, []])) as unknown as Record<K, Measured>

async function compare (bench: Bench, format: Format, rows: number, count: number): Promise<Record<'fresh' | 'again', Record<'ours' | 'rival', Measured>>> {
  await settle(bench)
  const made: Delivery[] = []
  const delivery = (round: number) => (made[round] ??= bench.deliveries.take(rows))
  return alternating(count, {
    ours: round => deliver(bench, format, delivery(round), 'created'),
    rival: round => upsert(bench, format, delivery(round))
  }, {
    ours: round => deliver(bench, format, delivery(round), 'unchanged'),
    rival: round => upsert(bench, format, delivery(round))
  })
}

const jsonRows = 10_000
const csvRows = 50_000

export async function ingest (bench: Bench, table: Table): Promise<void> {
  await resetPeak(bench.ours.pid)
  const json = await compare(bench, 'json', jsonRows, 8)
  table.times('JSON ingest, batches of 10 000, new rows; rival: PostgREST', 'rows/s', json.fresh.ours, json.fresh.rival, 2)
  table.times('JSON ingest, the same batch again; rival: PostgREST', 'rows/s', json.again.ours, json.again.rival, 3)
  table.below('JSON ingest: peak RSS', 'MB', (await memory(bench.ours.pid))?.peak ?? null, null)
  await bench.sql.query('alter table rival.figures disable trigger stamp')
  const plain = await compare(bench, 'json', jsonRows, 4)
  await bench.sql.query('alter table rival.figures enable trigger stamp')
  table.times('… new rows, the rival without its stamp of changes', 'rows/s', plain.fresh.ours, plain.fresh.rival, null)
  table.times('… the same batch again, the rival without its stamp', 'rows/s', plain.again.ours, plain.again.rival, null)
  const csv = await compare(bench, 'csv', csvRows, 4)
  table.times('CSV ingest, files of 50 000 rows, new; rival: PostgREST', 'rows/s', csv.fresh.ours, csv.fresh.rival, 3)
  table.times('CSV ingest, the same file again; rival: PostgREST', 'rows/s', csv.again.ours, csv.again.rival, 6)
}

/** A file of a million rows goes in at once. */
export async function largeCsv (bench: Bench, table: Table, rows: number): Promise<void> {
  await settle(bench)
  const body = bench.deliveries.takeCsv(rows)
  await resetPeak(bench.ours.pid)
  const answer = await ask(bench.ours, '/v1/datapoint-imports', { method: 'POST', headers: { 'content-type': 'text/csv' }, body, keep: true })
  const what = `CSV ingest of ${thousands(rows)} new rows at once`
  if (answer.status !== 200) throw new Error(`The large CSV was answered ${answer.status}: ${answer.body.slice(0, 1000)}`)
  const peak = await memory(bench.ours.pid)
  table.below(`${what} (${Math.round(body.length / 1e6)} MB, ${(answer.whole / 1000).toFixed(1)} s): peak RSS`, 'MB', peak?.peak ?? null, 300)
}

/** Our own rates beside those with more rows. */
export async function growthOfIngest (small: Figures, large: Figures, table: Table): Promise<void> {
  await settle(small)
  await settle(large)
  const of = (figures: Figures) => {
    let delivery: Delivery
    return {
      fresh: () => {
        delivery = figures.deliveries.take(jsonRows)
        return deliver(figures, 'json', delivery, 'created')
      },
      again: () => deliver(figures, 'json', delivery, 'unchanged')
    }
  }
  const [before, after] = [of(small), of(large)]
  const rates = await alternating(7, { before: before.fresh, after: after.fresh }, { before: before.again, after: after.again })
  table.growth('JSON ingest, new rows', 'rows/s', rates.fresh.before, rates.fresh.after, { least: 0.8 })
  table.growth('JSON ingest, the same batch again', 'rows/s', rates.again.before, rates.again.after, { least: 0.8 })
}
