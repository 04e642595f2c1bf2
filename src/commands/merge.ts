// A pulled file and what has changed since, made into a new file: streamed, so that memory holds the changes and never the file.
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { keyOf, lineEnd, type Format } from './row_text.js'

/** Records by key; null where the row is to go. */
export type Changes = Map<string, string | null>

export interface Merged { rows: number, changed: number }

/** Without the first half of the line end; a cell that ends so is in quotes. */
const bare = (record: string) => record.endsWith('\r') ? record.slice(0, -1) : record

const quotes = (text: string) => text.split('"').length - 1

/** The file's records in groups, a group for each chunk that is read; in CSV a record may span lines. */
async function * records (file: string, format: Format): AsyncGenerator<string[]> {
  let open = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 }) as AsyncIterable<string>) {
    const lines = (open + chunk).split('\n')
    open = lines.pop()!
    if (format === 'ndjson' || !lines.some(line => line.includes('"'))) {
      yield format === 'csv' ? lines.map(bare) : lines
      continue
    }
    const whole: string[] = []
    let [begun, inside] = ['', false]
    for (const line of lines) {
      inside = inside !== (quotes(line) % 2 === 1)
      begun += inside ? `${line}\n` : line
      if (inside) continue
      whole.push(bare(begun))
      begun = ''
    }
    open = begun + open
    yield whole
  }
}

/** Writes `to`: the records of `from`, those that changed in their new form, those that are new at the end. */
export async function merge (from: string, to: string, format: Format, columns: string[], changes: Changes): Promise<Merged> {
  const key = keyOf(format, columns)
  const left = new Map(changes)
  const merged = { rows: 0, changed: 0 }
  const now = (record: string): string | null => {
    const found = left.get(key(record))
    if (found === undefined) return record
    left.delete(key(record))
    if (found !== record) merged.changed++
    return found
  }
  async function * write (): AsyncGenerator<string> {
    let heading = format === 'csv'
    for await (const group of records(from, format)) {
      let text = ''
      for (const record of group) {
        const kept = heading ? record : now(record)
        if (kept !== null) text += kept + lineEnd[format]
        if (kept !== null && !heading) merged.rows++
        heading = false
      }
      if (text !== '') yield text
    }
    for (const record of left.values()) {
      if (record === null) continue
      merged.rows++
      merged.changed++
      yield record + lineEnd[format]
    }
  }
  await pipeline(write, createWriteStream(to, { flush: true }))
  return merged
}
