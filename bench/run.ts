// npm run bench: builds the data, measures ours, PostgREST and PostgreSQL in turn, and prints the tables of README.md.
// --rows 10000000 compares ours with itself at so many rows as well; fewer than a million serve a quick try.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { connect } from '../src/db/connection.js'
import { migrate } from '../src/db/migrate.js'
import { areasFor, build, buildRival, checkOne, Deliveries, type Bench, type Figures } from './data.js'
import { csvExport, ndjsonExport } from './exports.js'
import { growthOfIngest, ingest, largeCsv } from './ingest.js'
import { odata } from './odata.js'
import { machine, openPlace, type Place } from './place.js'
import { growthOfReads, pages, points } from './reads.js'
import { reportTable } from './report.js'
import { growthOfScorecard, naiveScorecard, scorecard } from './scorecard.js'
import { compile, postgrestVersion, startOurs, startRival, type Build } from './servers.js'
import { Table, thousands } from './table.js'

const million = 1_000_000

const { values: { rows: wanted } } = parseArgs({ options: { rows: { type: 'string', default: String(million) } } })
const rows = Number(wanted)
if (!Number.isInteger(rows) || rows < 100_000) throw new Error('--rows takes a number from 100000 on.')

const say = (line: string) => { process.stdout.write(`${line}\n`) }
const note = (line: string) => { process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`) }

const closers: Array<() => Promise<void>> = []
let closed: Promise<void> | undefined
/** Once, whoever asks: a signal also ends the servers, and with them what was being measured. */
const close = () => (closed ??= (async () => {
  for (const closer of closers.reverse()) await closer().catch(error => { note(String(error)) })
})())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { void close().finally(() => process.exit(130)) })

/** A database of its own, gone at the end. */
async function placeFor (part: string): Promise<Place> {
  const place = await openPlace(part)
  closers.push(place.drop)
  return place
}

async function figures (program: Build, part: string, count: number): Promise<Figures & { place: Place }> {
  note(`building ${thousands(count)} figures`)
  const place = await placeFor(part)
  const connection = connect(place.url)
  await migrate(connection.db)
  await connection.close()
  const areas = areasFor(count)
  await build(place.sql, areas)
  const ours = await startOurs(program, place.url)
  closers.push(ours.stop)
  await checkOne(ours)
  return { url: place.url, sql: place.sql, ours, areas, deliveries: new Deliveries(areas), place }
}

async function withRival (held: Figures): Promise<Bench> {
  note('building the rival')
  await buildRival(held.sql)
  await held.sql.query(naiveScorecard)
  const { rows: [me] } = await held.sql.query<{ name: string }>('select current_user as name')
  const rival = await startRival(held.url, 'rival', me!.name)
  closers.push(rival.stop)
  return { ...held, rival }
}

async function compare (bench: Bench, program: Build): Promise<string> {
  const table = new Table()
  await points(bench, table)
  await pages(bench, table)
  await csvExport(bench, table)
  await ndjsonExport(bench, table)
  await odata(bench, program, table)
  await scorecard(bench, table)
  await ingest(bench, table)
  await largeCsv(bench, table, Math.min(rows, million))
  return table.markdown('rival')
}

async function grow (program: Build): Promise<string> {
  const table = new Table()
  const small = await figures(program, 'small', million)
  const large = await figures(program, 'large', rows)
  await growthOfReads(small, large, table)
  await growthOfScorecard(small, large, table)
  await growthOfIngest(small, large, table)
  return table.markdown(`with ${thousands(million)}`)
}

try {
  const load = () => loadavg()[0]!.toFixed(1)
  const start = load()
  note('compiling')
  const program = await compile()
  closers.push(program.remove)
  const held = await figures(program, 'figures', Math.min(rows, million))
  const { server } = held.place
  const compared = await compare(await withRival(held), program)
  const grown = rows > million ? await grow(program) : undefined
  note('the plan document')
  const report = await reportTable(await placeFor('report'))
  say(`${machine(server, await postgrestVersion())}, load ${start} at the start, ${load()} at the end\n`)
  say(`## Datapoints\n\n${compared}\n`)
  if (grown !== undefined) say(`## From ${thousands(million)} to ${thousands(rows)} rows\n\n${grown}\n`)
  say(`## The plan document\n\n${report}`)
} finally {
  await close()
}
