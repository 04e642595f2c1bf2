// The whole of it: as CSV beside PostgreSQL's own COPY, as NDJSON beside PostgREST's JSON, and what it takes in memory.
import { execFile } from 'node:child_process'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { to as copyTo } from 'pg-copy-streams'
import { median, must } from './client.js'
import type { Bench } from './data.js'
import { has } from './place.js'
import { memory, resetPeak, type Server } from './servers.js'
import { rounds, thousands, type Table } from './table.js'

const columns = `measure, area, period, period_label, period_kind, period_start, period_end, breakdown, statistic, against, base_period, value, numerator, denominator,
  lower_95, upper_95, unit, per, bound, status, missing, qualifiers, shorthand, rank_of, rank_basis, printed, note, source, provider, revision, revised, recorded_at, deleted`

/** Milliseconds of a COPY that nobody reads: by psql, or without it through the driver. */
async function copy ({ url, sql }: Bench, from: string): Promise<number> {
  const statement = `copy (select ${columns.replaceAll(/\s+/g, ' ')} from ${from}) to stdout with (format csv, header)`
  const start = performance.now()
  if (has('psql')) await promisify(execFile)('sh', ['-c', 'psql "$0" -q -c "$1" > /dev/null', url, statement])
  else await finished(sql.query(copyTo(statement)).resume())
  return performance.now() - start
}

const countOf = async (sql: Bench['sql'], from: string, values: unknown[] = []) =>
  (await sql.query<{ count: number }>(`select count(*)::integer as count from ${from}`, values)).rows[0]!.count

/** How far the memory of a process rises above what it holds now; null where the system does not say. */
export async function rise (server: Server, work: () => Promise<void>): Promise<number | null> {
  const before = await memory(server.pid)
  await resetPeak(server.pid)
  await work()
  const after = await memory(server.pid)
  return before === null || after === null ? null : after.peak - before.now
}

const most = (values: Array<number | null>) => values.length === 0 || values.includes(null) ? null : Math.max(...values as number[])

export async function csvExport (bench: Bench, table: Table): Promise<void> {
  const { ours, sql } = bench
  const count = await countOf(sql, 'figures')
  const flat = await countOf(sql, 'rival.figures')
  const firsts: number[] = []
  const rises: Array<number | null> = []
  const figures = await rounds(3, 1, {
    ours: async round => {
      let whole = 0
      const risen = await rise(ours, async () => {
        const answer = await must(ours, '/v1/datapoints?format=csv')
        whole = answer.whole
        if (round > 0) firsts.push(answer.first)
      })
      rises.push(risen)
      return count / whole * 1000
    },
    flat: async () => flat / await copy(bench, 'rival.figures') * 1000,
    view: async () => count / await copy(bench, 'figures_raw') * 1000
  })
  const all = thousands(count)
  table.times(`CSV export of ${all} rows; rival: psql COPY of a flat table`, 'rows/s', figures.ours, figures.flat, 0.9)
  table.times(`CSV export of ${all} rows; rival: psql COPY of our own view`, 'rows/s', figures.ours, figures.view, 0.9)
  table.below('CSV export: first byte', 'ms', median(firsts), 20)
  table.below('CSV export: rise of RSS', 'MB', most(rises), 40)
}

/** Measures whose figures both are asked for: PostgREST builds an answer in memory, so not for all. */
const some = 40

export async function ndjsonExport ({ ours, rival, sql }: Bench, table: Table): Promise<void> {
  const list = Array.from({ length: some }, (_, i) => `bench-${String(i + 1).padStart(3, '0')}`)
  const count = await countOf(sql, 'figures_raw where measure = any($1)', [list])
  const rivalCount = await countOf(sql, 'rival.figures where measure = any($1)', [list])
  const rival40 = `/figures?measure=lte.${list.at(-1)}`
  let rivalRise: number | null = null
  const firsts: number[] = []
  const figures = await rounds(3, 1, {
    ours: async () => {
      const { first, whole } = await must(ours, `/v1/datapoints?format=ndjson&measure=${list.join(',')}`)
      firsts.push(first)
      return count / whole * 1000
    },
    rival: async () => {
      let whole = 0
      const risen = await rise(rival, async () => { whole = (await must(rival, rival40)).whole })
      rivalRise ??= risen
      return rivalCount / whole * 1000
    }
  })
  table.times(`NDJSON export of ${thousands(count)} rows; rival: PostgREST, JSON`, 'rows/s', figures.ours, figures.rival, 2.2)
  table.below('NDJSON export: first byte', 'ms', median(firsts), 20)
  const rises: Array<number | null> = []
  for (let n = 0; n < 2; n++) rises.push(await rise(ours, async () => { await must(ours, '/v1/datapoints?format=ndjson') }))
  const beside = rivalRise === null ? '–' : `${Math.round(rivalRise)} MB for ${thousands(rivalCount)} rows`
  table.below('NDJSON export of all rows: rise of RSS', 'MB', most(rises), 60, beside)
}
