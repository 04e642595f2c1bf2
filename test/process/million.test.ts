// A million rows as CSV in over HTTP and out again: the same rows, whatever their order, and the service never holds
// more than a window of them. Takes minutes, so it is no part of npm test: npm run test:long
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import Papa from 'papaparse'
import t, { type Test } from 'tap'
import { testDatabase } from '../support/database.js'
import { folder, service } from '../support/process.js'

const rows = Number(process.env.MILLION_ROWS ?? 1_000_000)
const mostMegabytes = 300
const adminKey = 'a-bootstrap-key-of-32-characters-or-more'
const columns = ['measure', 'area', 'period', 'value', 'numerator', 'denominator', 'status', 'printed', 'note', 'source']
const measures = Array.from({ length: 10 }, (_, i) => `measure-of-the-plan-${i}`)
const areas = Array.from({ length: 250 }, (_, i) => `E0500${String(i).padStart(4, '0')}`)
const notes = ['', 'Counted at the end of the month, "as returned"', 'Größer als im Vorjahr – geprüft', "'=checked by hand, 3 of 4", 'Two lines:\nsecond line', '']

/** The cells of the row with this number; no two rows are of one figure. */
function cellsOf (i: number): string[] {
  const month = Math.floor(i / 2500)
  const denominator = 1000 + i % 9001
  const numerator = i % 1000
  return [
    measures[i % 10]!, areas[Math.floor(i / 10) % 250]!, `CY${1950 + Math.floor(month / 12)}-M${String(1 + month % 12).padStart(2, '0')}`,
    String(Number((i % 99_991 / 100).toFixed(2))), String(numerator), String(denominator), i % 7 === 0 ? 'provisional' : 'final',
    i % 3 === 0 ? `${i % 100}.0%` : '', notes[i % notes.length]!, i % 2 === 0 ? 'Nottinghamshire County Council, return of the service' : 'Office for National Statistics'
  ]
}

const quoted = (cell: string) => /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Adds up the digests of rows, so that two files with the same rows in any order have the same sum. */
class Sum {
  count = 0
  private readonly halves = [0n, 0n]

  add (cells: string[]): void {
    const digest = createHash('sha1').update(JSON.stringify(cells)).digest()
    this.count++
    this.halves.forEach((half, i) => { this.halves[i] = BigInt.asUintN(64, half + digest.readBigUInt64LE(i * 8)) })
  }

  toString (): string {
    return `${this.count} rows, ${this.halves.map(half => half.toString(16)).join(' ')}`
  }
}

function * lines (sum: Sum): Generator<string> {
  let chunk = `${columns.join(',')}\r\n`
  for (let i = 0; i < rows; i++) {
    // Rows come as they do from a system: by area and measure, not by what is convenient here.
    const cells = cellsOf((i * 7919) % rows)
    sum.add(cells)
    chunk += `${cells.map(quoted).join(',')}\r\n`
    if (chunk.length > 65_536) {
      yield chunk
      chunk = ''
    }
  }
  yield chunk
}

/** The most memory that the process has had since the last time that this was asked. */
async function peakOf (pid: number): Promise<number> {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))!
  await writeFile(`/proc/${pid}/clear_refs`, '5')
  return Math.round(Number(kilobytes) / 1024)
}

/** Through node:http, for fetch gives up on an answer that takes its time. */
function talk (url: string, method: string, headers: Record<string, string>, body: Readable): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { authorization: `Bearer ${adminKey}`, ...headers } }, resolve).on('error', reject)
    pipeline(body, sent).catch(reject)
  })
}

async function environment (t: Test): Promise<Record<string, string>> {
  if (process.env.OUTTURN_TEST_SERVER === 'server') return { DATABASE_URL: await testDatabase(t, { migrated: false }) }
  return { OUTTURN_DATA_DIR: await folder(t), OUTTURN_SAMPLE: 'off' }
}

await t.test(`${rows} rows in and out again`, { skip: existsSync('/proc/self/clear_refs') ? false : 'needs /proc' }, async t => {
  const running = await service(t, { env: { ...await environment(t), OUTTURN_ADMIN_KEY: adminKey } })
  const pid = running.child.pid!
  for (const measure of measures) await running.put(`/v1/measures/${measure}`, { title: measure, unit: 'count' })
  for (const area of areas) await running.put(`/v1/areas/${area}`, { title: area, kind: 'ward' })
  const file = join(await folder(t), 'million.csv')
  const sent = new Sum()
  await pipeline(Readable.from(lines(sent)), createWriteStream(file))
  t.comment(`the file has ${Math.round((await stat(file)).size / 1e6)} MB`)

  await t.test('they go in as one delivery', async t => {
    const idle = await peakOf(pid)
    const begin = Date.now()
    const answer = await talk(`${running.url}/v1/datapoint-imports`, 'POST', { 'content-type': 'text/csv' }, createReadStream(file))
    const body = JSON.parse(await text(answer))
    const peak = await peakOf(pid)
    t.match({ status: answer.statusCode, body }, { status: 200, body: { result: 'applied', counts: { received: rows, created: rows, rejected: 0 } } })
    t.ok(peak < mostMegabytes, `the service had ${peak} MB at most, ${idle} MB before`)
    t.comment(`${Math.round((Date.now() - begin) / 1000)} s in, ${peak} MB`)
  })

  await t.test('and come out as they were', async t => {
    const begin = Date.now()
    await peakOf(pid)
    const answer = await talk(`${running.url}/v1/datapoints?format=csv`, 'GET', {}, Readable.from([]))
    const found = new Sum()
    await new Promise<void>((resolve, reject) => {
      // Encoding set, for Papa would decode chunk by chunk and break letters of several bytes.
      Papa.parse<Record<string, string>>(answer.setEncoding('utf8'), {
        header: true,
        skipEmptyLines: true,
        chunk: ({ data }) => { for (const row of data) found.add(columns.map(name => row[name]!)) },
        complete: () => { resolve() },
        error: reject
      })
    })
    const peak = await peakOf(pid)
    t.equal(String(found), String(sent))
    t.ok(peak < mostMegabytes, `the service had ${peak} MB at most`)
    t.comment(`${Math.round((Date.now() - begin) / 1000)} s out, ${peak} MB`)
  })

  await t.test('the same file again changes nothing', async t => {
    const answer = await talk(`${running.url}/v1/datapoint-imports`, 'POST', { 'content-type': 'text/csv' }, createReadStream(file))
    const body = JSON.parse(await text(answer))
    const peak = await peakOf(pid)
    t.match(body, { result: 'applied', counts: { received: rows, unchanged: rows, created: 0, updated: 0 } })
    t.ok(peak < mostMegabytes, `the service had ${peak} MB at most`)
  })

  t.equal(await running.stop(), 0)
})
