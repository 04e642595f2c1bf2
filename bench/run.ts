// npm run bench: builds the data, measures ours, PostgREST and PostgreSQL in turn, and prints the tables of README.md.
// --rows 10000000 goes on to that many rows and compares ours with itself; fewer than a million serve a quick try.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { connect } from '../src/db/connection.js'
import { migrate } from '../src/db/migrate.js'
import { areasFor, build, buildRival, checkOne, Deliveries, type Bench } from './data.js'
import { csvExport, ndjsonExport } from './exports.js'
import { ingest, largeCsv, rates } from './ingest.js'
import { machine, openPlace, type Place } from './place.js'
import { pages, points, times } from './reads.js'
import { reportTable } from './report.js'
import { postgrestVersion, startOurs, startRival } from './servers.js'
import { Table } from './table.js'

const million = 1_000_000

const { values: { rows: wanted } } = parseArgs({ options: { rows: { type: 'string', default: String(million) } } })
const rows = Number(wanted)
if (!Number.isInteger(rows) || rows < 100_000) throw new Error('--rows takes a number from 100000 on.')

const say = (line: string) => { process.stdout.write(`${line}\n`) }
const note = (line: string) => { process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`) }

const closers: Array<() => Promise<void>> = []
async function close (): Promise<void> {
  for (const closer of closers.splice(0).reverse()) await closer().catch(error => { note(String(error)) })
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { void close().finally(() => process.exit(130)) })

async function figures (place: Place): Promise<Bench> {
  const connection = connect(place.url)
  await migrate(connection.db)
  await connection.close()
  const areas = areasFor(Math.min(rows, million))
  note('building the figures')
  await build(place.sql, 0, areas)
  await buildRival(place.sql)
  note('starting the servers')
  const ours = await startOurs(place.url)
  closers.push(ours.stop)
  const { rows: [me] } = await place.sql.query<{ name: string }>('select current_user as name')
  const rival = await startRival(place.url, 'rival', me!.name)
  closers.push(rival.stop)
  await checkOne(ours)
  const settle = async () => {
    await place.sql.query('vacuum analyze')
    // Not every user may ask for it.
    await place.sql.query('checkpoint').catch(() => {})
  }
  return { url: place.url, sql: place.sql, ours, rival, areas, deliveries: new Deliveries(areas), settle }
}

async function compare (bench: Bench): Promise<string> {
  const table = new Table()
  await points(bench, table)
  await pages(bench, table)
  await csvExport(bench, table)
  await ndjsonExport(bench, table)
  await ingest(bench, table)
  await largeCsv(bench, table, Math.min(rows, million))
  return table.markdown('rival')
}

/** Our own times and rates, of which more rows should not make other ones. */
const alone = async (bench: Bench) => ({ ...await times(bench), ...await rates(bench) })

async function grow (bench: Bench, before: Awaited<ReturnType<typeof alone>>): Promise<string> {
  const table = new Table()
  const areas = areasFor(rows)
  note(`building ${rows} figures`)
  await build(bench.sql, bench.areas, areas)
  const after = await alone({ ...bench, areas, deliveries: new Deliveries(areas, bench.deliveries.untouchedYear) })
  table.growth('one datapoint by key', 'ms', before.point, after.point, { most: 1.2 })
  table.growth('JSON page of 1000 in the middle', 'ms', before.page, after.page, { most: 1.3 })
  table.growth('pull of 10 000 changed rows since a cursor', 'ms', before.since, after.since, { most: 1.3 })
  table.growth('JSON ingest, new rows', 'rows/s', before.fresh, after.fresh, { least: 0.8 })
  table.growth('JSON ingest, the same batch again', 'rows/s', before.again, after.again, { least: 0.8 })
  return table.markdown('before')
}

/** A database of its own, gone at the end. */
async function placeFor (part: string): Promise<Place> {
  const place = await openPlace(part)
  closers.push(place.drop)
  return place
}

try {
  const load = () => loadavg()[0]!.toFixed(1)
  const start = load()
  const place = await placeFor('figures')
  const bench = await figures(place)
  const before = rows > million ? await alone(bench) : undefined
  const compared = await compare(bench)
  const grown = before === undefined ? undefined : await grow(bench, before)
  note('the plan document')
  const report = await reportTable(await placeFor('report'))
  say(`${machine(place.server, await postgrestVersion())}, load ${start} at the start, ${load()} at the end\n`)
  say(`## Datapoints\n\n${compared}\n`)
  if (grown !== undefined) say(`## From ${million / 1e6} M to ${rows / 1e6} M rows\n\n${grown}\n`)
  say(`## The plan document\n\n${report}`)
} finally {
  await close()
}
