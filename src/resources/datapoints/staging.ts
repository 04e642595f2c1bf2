// Rows on their way into the stage: written as COPY's text and sent a batch at a time, while the next batch is read.
import { once } from 'node:events'
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Period } from '../../periods/period.js'
import { members, saidIn, type Key, type Row } from './row.js'
import { seriesIds } from './series_ids.js'
import { openStage } from './stage.js'
import { stagedColumns } from './stage_sql.js'

/** Revisions of which a figure must have one; `some`: any, but it must be there. */
export type Expected = number[] | 'some' | undefined

/** Series and keys that are remembered of a delivery; beyond it the database is asked, for memory's sake. */
const remembered = 100_000
const chunk = 65_536

/** Bytes of COPY's text that are worth a round trip. */
const enough = 512 * 1024

const tab = 0x09
const newline = 0x0a
const backslash = 0x5c
const letters: Record<number, number> = { 0x09: 0x74, 0x0a: 0x6e, 0x0d: 0x72, 0x5c: 0x5c }

/** COPY's text, written byte by byte: to put strings together from so many cells would be most of a delivery's work. */
class CopyText {
  size = 0
  private memory = Buffer.alloc(0)

  cell (value: unknown): void {
    if (typeof value === 'string') this.text(value)
    else if (value === undefined || value === null) this.nothing()
    else this.text(Array.isArray(value) ? value.join(';') : String(value))
  }

  nothing (): void {
    this.room(3)
    this.memory[this.size++] = backslash
    this.memory[this.size++] = 0x4e
    this.memory[this.size++] = tab
  }

  text (text: string): void {
    this.room(3 * text.length + 1)
    const { memory } = this
    let at = this.size
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) {
        this.size = at
        this.written(text.slice(i))
        return
      }
      const letter = code < 0x20 || code === backslash ? letters[code] : undefined
      if (letter === undefined) memory[at++] = code
      else {
        memory[at++] = backslash
        memory[at++] = letter
      }
    }
    memory[at++] = tab
    this.size = at
  }

  /** The last cell ends the line. */
  end (): void {
    this.memory[this.size - 1] = newline
  }

  /** Good until something is added. */
  take (): Buffer {
    const bytes = this.memory.subarray(0, this.size)
    this.size = 0
    return bytes
  }

  private written (text: string): void {
    this.size += this.memory.write(text.replaceAll(/[\\\t\n\r]/g, found => `\\${String.fromCharCode(letters[found.charCodeAt(0)]!)}`), this.size)
    this.memory[this.size++] = tab
  }

  private room (most: number): void {
    if (this.size + most <= this.memory.length) return
    const larger = Buffer.allocUnsafeSlow(2 * (this.size + most))
    this.memory.copy(larger, 0, 0, this.size)
    this.memory = larger
  }
}

const withdrawal = members.length - 1

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
  private filled = new CopyText()
  private empty = new CopyText()
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
    const known = key.rank_basis === null && (this.series.size === 0 || !this.series.has(text)) ? this.ids.get(text) : undefined
    // Ids that were forgotten meanwhile would let a series go by its id and by a number of the delivery.
    if (this.ids.size < this.idsKnown) this.mayRepeat = true
    this.idsKnown = this.ids.size
    const n = known === undefined ? this.seriesNumber(text, key) : -1
    const period = this.periodNumber(key.period)
    this.note(known ?? -1 - n, period)
    this.measures.add(key.measure)
    const said = saidIn(row)
    let bits = 0
    for (let i = 0; i <= withdrawal; i++) if (said[i] !== undefined) bits |= 1 << i
    const { filled } = this
    filled.cell(place)
    filled.cell(known)
    filled.cell(known === undefined ? n : null)
    filled.cell(period)
    filled.cell(bits)
    filled.cell(Array.isArray(expected) ? `{${expected.join(',')}}` : null)
    filled.text(expected === 'some' ? 't' : 'f')
    filled.cell(said[withdrawal])
    for (let i = 0; i < withdrawal; i++) filled.cell(said[i])
    filled.end()
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
