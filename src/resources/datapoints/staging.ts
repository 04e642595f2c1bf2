// Rows on their way into the stage: written as COPY's text and sent a batch at a time, while the next batch is read.
import { once } from 'node:events'
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Period } from '../../periods/period.js'
import { members, supplied, type Key, type Row } from './row.js'
import { openStage } from './stage.js'
import { stagedColumns } from './stage_sql.js'

/** Revisions of which a figure must have one; `some`: any, but it must be there. */
export type Expected = number[] | 'some' | undefined

/** Series that are known by a number of the delivery; beyond it they are numbered anew, for memory's sake. */
const seriesRemembered = 100_000
const chunk = 65_536

const special = /[\\\t\n\r]/
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const textCell = (text: string) => special.test(text) ? text.replaceAll(/[\\\t\n\r]/g, found => escapes[found]!) : text

const cell = (value: unknown) => value === undefined || value === null ? '\\N' : typeof value === 'string' ? textCell(value) : String(value)

const contents = members.filter(name => name !== 'deleted')

export class Staging {
  /** Rows put so far. */
  size = 0
  private readonly series = new Map<string, number>()
  private seriesCount = 0
  private readonly periods = new Map<string, { n: number, period: Period }>()
  private rows = ''
  private newSeries = ''
  private sending: Promise<void> = Promise.resolve()

  private constructor (private readonly ctx: WriteCtx) {}

  static async open (ctx: WriteCtx): Promise<Staging> {
    await openStage(ctx)
    return new Staging(ctx)
  }

  put (place: number, row: Row, key: Key, expected: Expected): void {
    this.size++
    let line = `${place}\t${this.seriesNumber(key)}\t${this.periodNumber(key.period)}\t${supplied(row)}`
    line += typeof expected === 'object' ? `\t{${expected.join(',')}}\tf` : expected === 'some' ? '\t\\N\tt' : '\t\\N\tf'
    line += row.deleted === true ? '\tt' : row.deleted === false ? '\tf' : '\t\\N'
    for (const name of contents) {
      const value = row[name]
      line += `\t${Array.isArray(value) ? value.join(';') : cell(value)}`
    }
    this.rows += `${line}\n`
  }

  /** Sends what was put; whoever asks the database for something else meanwhile waits for `settled` first. */
  async send (): Promise<void> {
    await this.sending
    const { rows, newSeries } = this
    this.rows = this.newSeries = ''
    this.sending = this.copy('staged_series', newSeries).then(() => this.copy(`staged (${stagedColumns.join(', ')})`, rows))
    // Whoever waits learns of a failure; until then it is no unhandled one.
    this.sending.catch(() => {})
  }

  settled (): Promise<void> {
    return this.sending
  }

  /** After the last row. */
  async end (): Promise<void> {
    await this.send()
    await this.settled()
    if (this.periods.size === 0) return
    const periods = [...this.periods.values()].map(({ n, period: { code, kind, start, end, label } }) => ({ n, code, kind, starts: start ?? 'infinity', ends: end ?? 'infinity', label }))
    await sql`insert into staged_periods select n, code, kind, starts, ends, label
      from json_to_recordset(${JSON.stringify(periods)}) as p (n integer, code text, kind text, starts date, ends date, label text)`.execute(this.ctx.db)
  }

  private seriesNumber ({ measure, area, breakdown, statistic, against, base_period: base, rank_basis: basis }: Key): number {
    const text = `${measure}\t${area}\t${breakdown}\t${statistic}\t${against}\t${base}\t${basis ?? '\\N'}`
    let n = this.series.get(text)
    if (n !== undefined) return n
    if (this.series.size === seriesRemembered) this.series.clear()
    this.series.set(text, n = this.seriesCount++)
    this.newSeries += `${n}\t${text}\n`
    return n
  }

  private periodNumber (period: Period): number {
    let known = this.periods.get(period.code)
    if (known === undefined) this.periods.set(period.code, known = { n: this.periods.size, period })
    return known.n
  }

  private async copy (into: string, text: string): Promise<void> {
    if (text === '') return
    const stream = this.ctx.copy(into)
    // Everything is at hand: nothing can go wrong between the first chunk and the last but the connection.
    const bytes = Buffer.from(text)
    const done = once(stream, 'finish')
    for (let start = 0; start < bytes.length; start += chunk) {
      if (!stream.write(bytes.subarray(start, start + chunk))) await Promise.race([once(stream, 'drain'), done])
    }
    stream.end()
    await done
  }
}
