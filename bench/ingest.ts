// Deliveries: new rows, and the same rows again, beside PostgREST's upsert of the same rows into its flat table.
import { ask, must } from './client.js'
import { deliveredColumns, type Bench, type Delivery } from './data.js'
import { memory, resetPeak } from './servers.js'
import { notYet, rounds, thousands, type Measured, type Table } from './table.js'

type Format = 'json' | 'csv'

const type = { json: 'application/json', csv: 'text/csv' }

/** Rows a second of one delivery; what came of its rows must be what was meant. */
async function deliver ({ ours }: Bench, format: Format, delivery: Delivery, meant: 'created' | 'unchanged'): Promise<number | typeof notYet> {
  const body = format === 'json' ? delivery.ours : delivery.oursCsv
  const answer = await ask(ours, '/v1/datapoint-imports', { method: 'POST', headers: { 'content-type': type[format] }, body, keep: true })
  if (answer.status === 415) return notYet
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

type Figures = Record<'oursNew' | 'rivalNew' | 'oursSame' | 'rivalSame', Measured>

async function compare (bench: Bench, format: Format, rows: number, count: number): Promise<Figures> {
  await bench.settle()
  const all: Figures = { oursNew: [], rivalNew: [], oursSame: [], rivalSame: [] }
  // The first round warms up.
  for (let round = 0; round <= count; round++) {
    const delivery = bench.deliveries.take(rows)
    // A turn each, and then the same again; who begins alternates.
    const turns = (meant: 'created' | 'unchanged') => rounds(1, 0, round % 2 === 0
      ? { ours: () => deliver(bench, format, delivery, meant), rival: () => upsert(bench, format, delivery) }
      : { rival: () => upsert(bench, format, delivery), ours: () => deliver(bench, format, delivery, meant) })
    const fresh = await turns('created')
    const again = await turns('unchanged')
    const measured: Figures = { oursNew: fresh.ours, rivalNew: fresh.rival, oursSame: again.ours, rivalSame: again.rival }
    for (const name of Object.keys(all) as Array<keyof Figures>) {
      const values = measured[name]
      if (values === notYet || all[name] === notYet) all[name] = notYet
      else if (round > 0) all[name].push(...values)
    }
  }
  return all
}

export const jsonRows = 10_000
export const csvRows = 50_000

export async function ingest (bench: Bench, table: Table): Promise<void> {
  await resetPeak(bench.ours.pid)
  const json = await compare(bench, 'json', jsonRows, 8)
  table.times('JSON ingest, batches of 10 000, new rows; rival: PostgREST', 'rows/s', json.oursNew, json.rivalNew, 2)
  table.times('JSON ingest, the same batch again; rival: PostgREST', 'rows/s', json.oursSame, json.rivalSame, 3)
  table.below('JSON ingest: peak RSS', 'MB', (await memory(bench.ours.pid))?.peak ?? null, 300)
  await bench.sql.query('alter table rival.figures disable trigger stamp')
  const plain = await compare(bench, 'json', jsonRows, 4)
  await bench.sql.query('alter table rival.figures enable trigger stamp')
  table.times('… new rows, the rival without its stamp of changes', 'rows/s', plain.oursNew, plain.rivalNew, null)
  table.times('… the same batch again, the rival without its stamp', 'rows/s', plain.oursSame, plain.rivalSame, null)
  const csv = await compare(bench, 'csv', csvRows, 4)
  table.times('CSV ingest, files of 50 000 rows, new; rival: PostgREST', 'rows/s', csv.oursNew, csv.rivalNew, 3)
  table.times('CSV ingest, the same file again; rival: PostgREST', 'rows/s', csv.oursSame, csv.rivalSame, 6)
}

/** A file of a million rows goes in at once. */
export async function largeCsv (bench: Bench, table: Table, rows: number): Promise<void> {
  await bench.settle()
  const body = bench.deliveries.takeCsv(rows)
  await resetPeak(bench.ours.pid)
  const answer = await ask(bench.ours, '/v1/datapoint-imports', { method: 'POST', headers: { 'content-type': 'text/csv' }, body, keep: true })
  const what = `CSV ingest of ${thousands(rows)} new rows at once`
  if (answer.status === 415) {
    table.below(`${what}: peak RSS`, 'MB', notYet, 300)
    return
  }
  if (answer.status !== 200) throw new Error(`The large CSV was answered ${answer.status}: ${answer.body.slice(0, 1000)}`)
  const peak = await memory(bench.ours.pid)
  table.below(`${what} (${Math.round(body.length / 1e6)} MB, ${(answer.whole / 1000).toFixed(1)} s): peak RSS`, 'MB', peak?.peak ?? null, 300)
}

/** Our own rates alone, for the comparison with ten times the rows. */
export async function rates (bench: Bench): Promise<Record<'fresh' | 'again', Measured>> {
  await bench.settle()
  const result: Record<'fresh' | 'again', number[]> = { fresh: [], again: [] }
  for (let round = 0; round <= 6; round++) {
    const delivery = bench.deliveries.take(jsonRows)
    const fresh = await deliver(bench, 'json', delivery, 'created')
    const again = await deliver(bench, 'json', delivery, 'unchanged')
    if (round === 0 || fresh === notYet || again === notYet) continue
    result.fresh.push(fresh)
    result.again.push(again)
  }
  return result
}
