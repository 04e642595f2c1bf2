// Rows on their way into the stage: written as COPY's text and sent a batch at a time, while the next batch is read.
import { once } from 'node:events'
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Period } from '../../periods/period.js'
import { members, type Key, type Row } from './row.js'
import { seriesIds } from './series_ids.js'
import { openStage } from './stage.js'
import { stagedColumns } from './stage_sql.js'

/** Revisions of which a figure must have one; `some`: any, but it must be there. */
export type Expected = number[] | 'some' | undefined

/** Series and keys that are remembered of a delivery; beyond it the database is asked, for memory's sake. */
const remembered = 100_000
const chunk = 65_536

const special = /[\\\t\n\r]/
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const textCell = (text: string) => special.test(text) ? text.replaceAll(/[\\\t\n\r]/g, found => escapes[found]!) : text

function cell (value: unknown): string {
  if (typeof value === 'string') return textCell(value)
  if (value === undefined || value === null) return '\\N'
  return Array.isArray(value) ? value.join(';') : String(value)
}

const withdrawal = members.length - 1

/** Bytes of COPY's text that are worth a round trip. */
const enough = 512 * 1024

class TextBuffer {
  size = 0
  private memory = Buffer.allocUnsafe(0)

  add (text: string): void {
    const most = this.size + text.length * 3
    if (this.memory.length < most) {
      const larger = Buffer.allocUnsafeSlow(Math.max(most, 2 * this.memory.length))
      this.memory.copy(larger, 0, 0, this.size)
      this.memory = larger
    }
    this.size += this.memory.write(text, this.size)
  }

  /** Good until something is added. */
  take (): Buffer {
    const bytes = this.memory.subarray(0, this.size)
    this.size = 0
    return bytes
  }
}

export class Staging {
  /** Rows put so far. */
  size = 0
  readonly measures = new Set<string>()
  /** Whether a key may stand in the delivery more than once, as far as can be told here. */
  mayRepeat = false
  /** Whether any row says what number 1 of a rank means. */
  saysBases = false
  /** Series whose ids were not known, by their numbers. */
  seriesCount = 0
  private readonly ids: Map<string, number>
  private idsKnown = 0
  private readonly series = new Map<string, number>()
  private readonly periods = new Map<string, { n: number, period: Period }>()
  private readonly seen: Array<Set<number>> = []
  /** One is filled while the other is on its way; the same memory again, for a long delivery would leave the collector all of it. */
  private filled = new TextBuffer()
  private empty = new TextBuffer()
  private newSeries = ''
  private sending: Promise<void> = Promise.resolve()

  private constructor (private readonly ctx: WriteCtx) {
    this.ids = seriesIds(ctx.connection)
  }

  static async open (ctx: WriteCtx): Promise<Staging> {
    await openStage(ctx)
    return new Staging(ctx)
  }

  put (place: number, row: Row, key: Key, expected: Expected): void {
    this.size++
    const text = seriesText(key)
    const known = key.rank_basis === null && !this.series.has(text) ? this.ids.get(text) : undefined
    // Ids that were forgotten meanwhile would let a series go by its id and by a number of the delivery.
    if (this.ids.size < this.idsKnown) this.mayRepeat = true
    this.idsKnown = this.ids.size
    const n = known === undefined ? this.seriesNumber(text, key) : -1
    const period = this.periodNumber(key.period)
    this.note(known ?? -1 - n, period)
    this.measures.add(key.measure)
    let bits = 0
    let cells = ''
    for (let i = 0; i < withdrawal; i++) {
      const value = row[members[i]!]
      if (value !== undefined) bits |= 1 << i
      cells += `\t${cell(value)}`
    }
    if (row.deleted !== undefined) bits |= 1 << withdrawal
    const when = expected === undefined ? '\\N\tf' : expected === 'some' ? '\\N\tt' : `{${expected.join(',')}}\tf`
    const deleted = row.deleted === true ? 't' : row.deleted === false ? 'f' : '\\N'
    this.filled.add(`${place}\t${known ?? '\\N'}\t${known === undefined ? n : '\\N'}\t${period}\t${bits}\t${when}\t${deleted}${cells}\n`)
  }

  /** After each batch: sends what was put, once it is worth a round trip. */
  async send (worth = enough): Promise<void> {
    if (this.filled.size < worth) return
    await this.sending
    const { filled, newSeries } = this
    this.filled = this.empty
    this.empty = filled
    this.newSeries = ''
    this.sending = this.copy('staged_series', Buffer.from(newSeries)).then(() => this.copy(`staged (${stagedColumns.join(', ')})`, filled.take()))
    // Whoever waits learns of a failure; until then it is no unhandled one.
    this.sending.catch(() => {})
  }

  /** Whoever asks the database for something else waits for this first. */
  settled (): Promise<void> {
    return this.sending
  }

  /** After the last row. */
  async end (): Promise<void> {
    await this.send(0)
    await this.settled()
    if (this.periods.size === 0) return
    const periods = [...this.periods.values()].map(({ n, period: { code, kind, start, end, label } }) => ({ n, code, kind, starts: start ?? 'infinity', ends: end ?? 'infinity', label }))
    await sql`insert into staged_periods select n, code, kind, starts, ends, label
      from json_to_recordset(${JSON.stringify(periods)}) as p (n integer, code text, kind text, starts date, ends date, label text)`.execute(this.ctx.db)
  }

  /** Sets of small numbers, for these are kept without a box each. */
  private note (series: number, period: number): void {
    const seen = this.seen[period] ??= new Set<number>()
    if (seen.has(series) || this.size > remembered) this.mayRepeat = true
    else seen.add(series)
  }

  private seriesNumber (text: string, { rank_basis: basis }: Key): number {
    const mark = basis === null ? text : `${text}\t${basis}`
    if (basis !== null) this.saysBases = this.mayRepeat = true
    let n = this.series.get(mark)
    if (n !== undefined) return n
    if (this.series.size === remembered) {
      this.series.clear()
      this.mayRepeat = true
    }
    this.series.set(mark, n = this.seriesCount++)
    this.newSeries += `${n}\t${text}\t${basis ?? '\\N'}\n`
    return n
  }

  private periodNumber (period: Period): number {
    let known = this.periods.get(period.code)
    if (known === undefined) this.periods.set(period.code, known = { n: this.periods.size, period })
    return known.n
  }

  private async copy (into: string, bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    const stream = this.ctx.copy(into)
    // Everything is at hand: nothing can go wrong between the first chunk and the last but the connection.
    const done = once(stream, 'finish')
    for (let start = 0; start < bytes.length; start += chunk) {
      if (!stream.write(bytes.subarray(start, start + chunk))) await Promise.race([once(stream, 'drain'), done])
    }
    stream.end()
    await done
  }
}

const seriesText = ({ measure, area, breakdown, statistic, against, base_period: base }: Key) =>
  `${measure}\t${area}\t${breakdown}\t${statistic}\t${against}\t${base}`
