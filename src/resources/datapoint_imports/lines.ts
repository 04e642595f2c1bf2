// Deliveries as NDJSON: one row a line, read in chunks.
import { StringDecoder } from 'node:string_decoder'
import { placeOf, storable, suspect, tooDeep } from '../../http/json.js'
import { validUtf8, type Spool } from '../../http/spool.js'
import { unreadable } from '../../problems.js'
import type { Source, SourceRow } from '../datapoints/source.js'

const longestLine = 1024 * 1024
const deepest = 8

export function linesSource (spool: Spool): Source {
  let whole: Promise<boolean> | undefined
  /** What the decoder put in the place of bytes that are no UTF-8 may also have been sent. */
  const damaged = async (rows: SourceRow[], texts: string[]): Promise<SourceRow[]> =>
    texts.some(text => text.includes(replaced)) && !await (whole ??= validUtf8(spool.chunks())) ? rows.map(refuseReplaced) : rows
  return {
    async * batches () {
      const decoder = new StringDecoder('utf8')
      let rest = ''
      let line = 0
      const take = (lines: string[]) => damaged(lines.flatMap((text, i) => rowOf(text, line + i + 1)), lines)
      for await (const chunk of spool.chunks()) {
        const lines = (rest + decoder.write(chunk)).split('\n')
        rest = lines.pop()!
        if (rest.length > longestLine) throw unreadable(`Line ${line + lines.length + 1} is longer than ${longestLine / 1_048_576} MB. NDJSON has one row a line.`, `line ${line + lines.length + 1}`)
        yield await take(lines)
        line += lines.length
      }
      yield await take([rest + decoder.end()])
    }
  }
}

const replaced = '\uFFFD'

const faulty = (place: number, detail: string, value: unknown): SourceRow => ({ place, row: {}, faults: [{ code: 'invalid_value', detail, column: null, value }] })

const refuseReplaced = (one: SourceRow): SourceRow => JSON.stringify(one.row).includes(replaced)
  ? faulty(one.place, 'The line contains bytes that are not UTF-8. Save or send it as UTF-8.', null)
  : one

function rowOf (line: string, place: number): SourceRow[] {
  const text = place === 1 ? line.replace(/^\uFEFF/, '') : line
  if (text.trim() === '') return []
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch {
    return [faulty(place, `The line is not valid JSON${placeOf(text)}`, text)]
  }
  if (tooDeep(row, deepest)) return [faulty(place, 'The line is nested deeper than any row.', text)]
  if (suspect.test(text) && !storable(row)) return [faulty(place, 'A text contains a character that cannot be stored: NUL, or half of a surrogate pair.', null)]
  return [{ place, row }]
}
