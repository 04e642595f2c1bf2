// How long the plan document takes, beside the bundle it is made from: npm run bench. Both are asked for in turn, in
// one run, so that the ratios hold on any machine; the milliseconds are this machine's.
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { buildApp } from '../src/app.js'
import { root } from '../src/config.js'
import { operator } from '../src/db/actor.js'
import { connect } from '../src/db/connection.js'
import { openEmbedded } from '../src/db/embedded.js'
import { migrate } from '../src/db/migrate.js'
import { write } from '../src/db/write.js'
import { loadBundle } from '../src/documents/load.js'
import { buildChecker } from '../src/http/validation.js'

const plan = 'nottingham-cypp-2016-20'
const rounds = 40
const warmUp = 10

const faces = {
  report: `/v1/plans/${plan}/report`,
  workbook: `/v1/plans/${plan}/report?format=xlsx`,
  bundle: `/v1/plans/${plan}/bundle`,
  tree: `/v1/plans/${plan}/tree`
}

interface Timing { first: number, whole: number, bytes: number }

/** Time to the first byte of the body and to the last. */
async function ask (url: string): Promise<Timing> {
  const start = performance.now()
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  let first = 0
  let bytes = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    if (bytes === 0) first = performance.now() - start
    bytes += chunk.length
  }
  return { first, whole: performance.now() - start, bytes }
}

const quantile = (values: number[], q: number) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!

async function measure (url: string): Promise<void> {
  const timings: Record<string, Timing[]> = Object.fromEntries(Object.keys(faces).map(name => [name, []]))
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [name, path] of Object.entries(faces)) {
      const timing = await ask(url + path)
      if (round >= warmUp) timings[name]!.push(timing)
    }
  }
  const median = (name: string, what: keyof Timing) => quantile(timings[name]!.map(timing => timing[what]), 0.5)
  process.stdout.write('| face | first byte, ms | whole, ms (median) | 95 % | bytes | ÷ bundle |\n|---|---|---|---|---|---|\n')
  for (const name of Object.keys(faces)) {
    const cells = [median(name, 'first').toFixed(1), median(name, 'whole').toFixed(1), quantile(timings[name]!.map(({ whole }) => whole), 0.95).toFixed(1),
      median(name, 'bytes'), (median(name, 'whole') / median('bundle', 'whole')).toFixed(2)]
    process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`)
  }
}

/** A database of the bench's own: on the server of DATABASE_URL, or embedded. */
async function database (): Promise<{ url: string, drop (): Promise<void> }> {
  if (process.env.DATABASE_URL === undefined) {
    const embedded = await openEmbedded({ dataDir: join(root, '.bench'), durable: false })
    return { url: embedded.url, drop: () => embedded.stop() }
  }
  const name = `outturn_bench_${process.pid}`
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${name}`)
  const url = new URL(process.env.DATABASE_URL)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) }
}

const { url, drop } = await database()
const connection = connect(url)
try {
  await migrate(connection.db)
  const text = await readFile(join(root, `data/${plan}.json`), 'utf8')
  await write(connection, { actor: operator, request_id: 'bench' }, ctx => loadBundle(ctx, buildChecker(), text))
  const app = await buildApp({ connection })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]!.model}, Node ${process.version}, ${process.env.DATABASE_URL === undefined ? 'embedded PostgreSQL' : 'PostgreSQL server'}, ${rounds} rounds after ${warmUp}\n\n`)
  await measure(address)
  await app.close()
} finally {
  await connection.close()
  await drop()
}
