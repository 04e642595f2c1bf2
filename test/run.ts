// npm test: one PostgreSQL for the whole run (the embedded one, or the server of DATABASE_URL), one migrated template,
// then tap. Ends with the line "N passed, N failed".
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { connect } from '../src/db/connection.js'
import { openEmbedded } from '../src/db/embedded.js'
import { migrate } from '../src/db/migrate.js'

const template = `outturn_test_${process.pid}`

async function cluster (): Promise<{ url: string, stop (): Promise<void> }> {
  if (process.env.DATABASE_URL !== undefined) return { url: process.env.DATABASE_URL, stop: async () => {} }
  const dataDir = await mkdtemp(join(tmpdir(), 'outturn-test-'))
  const embedded = await openEmbedded({ dataDir, durable: false })
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}

export const withDatabase = (url: string, database: string) => {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function sql (url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

async function prepare (url: string): Promise<void> {
  await sql(url, `create database ${template}`)
  const { db, close } = connect(withDatabase(url, template))
  await migrate(db)
  await close()
}

function tap (env: NodeJS.ProcessEnv): Promise<{ code: number, output: string }> {
  const child = spawn(process.execPath, ['node_modules/tap/dist/esm/run.mjs', '--reporter=tap', ...process.argv.slice(2)], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
  return new Promise(resolve => child.on('close', code => resolve({ code: code ?? 1, output })))
}

/** What a person wants to see of a run: what failed, and one line a file with how long it took. */
function report (output: string): string {
  const lines = output.split('\n')
  if (process.env.VERBOSE !== undefined) return output
  const telling: string[] = []
  let failing = false
  for (const line of lines) {
    if (/^\s*not ok/.test(line)) failing = true
    else if (/^\s*ok|^# /.test(line)) failing = false
    if (failing || /^(ok|not ok) /.test(line)) telling.push(line.replace(/ # time=([\d.]+)ms/, (_, time: string) => ` (${(Number(time) / 1000).toFixed(1)} s)`))
  }
  return telling.join('\n')
}

const { url, stop } = await cluster()
await prepare(url)
// The tests decide themselves what the programs they start see of the environment.
const { DATABASE_URL: _, ...env } = process.env
const { code, output } = await tap({ ...env, OUTTURN_TEST_URL: url, OUTTURN_TEST_TEMPLATE: template, OUTTURN_TEST_SERVER: process.env.DATABASE_URL === undefined ? 'embedded' : 'server' })
await sql(url, `drop database ${template} with (force)`)
await stop()

const [, pass = '0', fail = '0'] = /^# \{ total: \d+(?:, pass: (\d+))?(?:, fail: (\d+))?/m.exec(output) ?? []
process.exitCode = code
process.stdout.write(`${report(output)}\n${pass} passed, ${code !== 0 && fail === '0' ? '1' : fail} failed\n`)
