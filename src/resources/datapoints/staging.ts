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
  private readonly series = new Map<string, number>()
  private readonly periods = new Map<string, { n: number, period: Period }>()
  private readonly keys = new Set<number>()
  private rows = ''
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
    const known = key.rank_basis === null ? this.ids.get(text) : undefined
    const n = known === undefined ? this.seriesNumber(text, key) : -1
    const period = this.periodNumber(key.period)
    this.note((known ?? -1 - n) * 1_000_000 + period)
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
    this.rows += `${place}\t${known ?? '\\N'}\t${known === undefined ? n : '\\N'}\t${period}\t${bits}\t${when}\t${deleted}${cells}\n`
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

  private note (key: number): void {
    if (this.keys.size === remembered || this.keys.has(key)) this.mayRepeat = true
    else this.keys.add(key)
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

const seriesText = ({ measure, area, breakdown, statistic, against, base_period: base }: Key) =>
  `${measure}\t${area}\t${breakdown}\t${statistic}\t${against}\t${base}`
