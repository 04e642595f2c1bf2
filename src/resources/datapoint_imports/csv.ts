// Deliveries as CSV: in UTF-8 or what Excel writes, separated by commas, semicolons, tabs or bars. Read in chunks, each
// record with the line in which it begins.
import { StringDecoder } from 'node:string_decoder'
import Papa from 'papaparse'
import { validUtf8, type Spool } from '../../http/spool.js'
import { problem, unreadable } from '../../problems.js'
import type { Source } from '../datapoints/source.js'
import { headings, tableReader, type Cells, type TableReader, type TableRow } from './table.js'

/** A record beyond it is no row of figures, but a quote that was never closed, or no CSV at all. */
const longestRecord = 1024 * 1024
/** A title and remarks may stand above the header. */
const linesAbove = 20
const delimiters = [',', ';', '\t', '|']

export async function csvSource (spool: Spool): Promise<Source & { header: () => Cells }> {
  const encoding = await encodingOf(spool)
  let reader: TableReader | undefined
  return {
    header: () => reader!.header,
    remarks: () => encoding.guessed
      ? [{ code: 'read_as_windows_1252', detail: 'The text is not UTF-8, so it was read as Windows-1252, as Excel writes it in Western Europe. Look whether letters with accents, £ and – are as they were.' }]
      : [],
    async * batches () {
      reader = undefined
      const dialect: Dialect = { delimiter: ',' }
      for await (const records of recordsOf(spool, encoding.name, dialect)) {
        // Where semicolons separate, the comma is often that of decimals.
        const begun: Begun = reader === undefined ? begin(records, dialect.delimiter === ';') : { reader, body: records }
        reader = begun.reader
        const filled = begun.body.filter(({ cells }) => cells.some(cell => cell !== null && cell.trim() !== ''))
        yield filled.map(begun.reader.read)
      }
      if (reader === undefined) throw unreadable('The body is empty: it has no header row. Its first line names the columns: measure,area,period,value.')
    }
  }
}

export interface Begun { reader: TableReader, body: TableRow[] }

/** The header is the first of the upper lines that names most columns. */
export function begin (records: TableRow[], decimalCommas = false): Begun {
  const scores = records.slice(0, linesAbove).map(({ cells }) => headings(cells))
  const best = scores.indexOf(Math.max(...scores))
  if (!(scores[best]! > 0)) {
    throw unreadable('The body has no header row: none of its first lines names a known column. Its first line must be such as measure,area,period,value.', `line ${records[0]?.place ?? 1}`)
  }
  return { reader: tableReader(records[best]!.cells, decimalCommas), body: records.slice(best + 1) }
}

interface Encoding { name: string, guessed: boolean }

async function encodingOf (spool: Spool): Promise<Encoding> {
  const [, said] = /charset="?([\w-]+)/i.exec(spool.type) ?? []
  if (said !== undefined && !/^utf-?8$/i.test(said)) return { name: known(said), guessed: false }
  const mark = spool.start.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return { name: 'utf-16le', guessed: false }
  if (mark === 'feff') return { name: 'utf-16be', guessed: false }
  return await validUtf8(spool.chunks()) ? { name: 'utf-8', guessed: false } : { name: 'windows-1252', guessed: true }
}

function known (charset: string): string {
  try {
    return new TextDecoder(charset).encoding
  } catch {
    throw problem('unsupported_media_type', `The charset '${charset}' is not known. Send UTF-8.`)
  }
}

async function * textOf (spool: Spool, encoding: string): AsyncGenerator<string> {
  const utf8 = new StringDecoder('utf8')
  const other = encoding === 'utf-8' ? undefined : new TextDecoder(encoding)
  let first = true
  for await (const chunk of spool.chunks()) {
    const text = other === undefined ? utf8.write(chunk) : other.decode(chunk, { stream: true })
    yield first ? text.replace(/^\uFEFF/, '') : text
    first = false
  }
  yield other === undefined ? utf8.end() : other.decode()
}

/** What is found out at the beginning. */
interface Dialect { delimiter: string }

async function * recordsOf (spool: Spool, encoding: string, dialect: Dialect): AsyncGenerator<TableRow[]> {
  let parser: Papa.Parser | undefined
  let newline: '\n' | '\r' = '\n'
  let rest = ''
  let line = 1
  const take = (last: boolean): TableRow[] => {
    const { data, meta, errors } = parser!.parse(rest, 0, !last) as Papa.ParseResult<string[]>
    const quoted = rest.includes('"')
    rest = last ? '' : rest.slice(meta.cursor)
    const open = errors.find(({ code }) => code === 'MissingQuotes')
    // Of a record that is cut, the next chunk tells.
    const stray = errors.find(({ code, row }) => code === 'InvalidQuotes' && row! < data.length)
    const rows = data.map(cells => {
      const place = line
      line += 1 + (quoted ? breaksIn(cells, newline) : 0)
      if (newline === '\n') cells[cells.length - 1] = cells.at(-1)!.replace(/\r$/, '')
      return { place, cells }
    })
    if (open !== undefined) throw unreadable(`A quote is opened in line ${rows.at(-1)?.place ?? line} and never closed. Close it, or double the quotes that belong to the text.`, `line ${rows.at(-1)?.place ?? line}`)
    if (stray !== undefined) throw unreadable(`In line ${rows[stray.row!]!.place} something stands behind a closing quote, so it cannot be told where the text ends. Double the quotes that belong to the text: "a ""b"" c".`, `line ${rows[stray.row!]!.place}`)
    if (rest.length > longestRecord) throw unreadable(`The record that begins in line ${line} is longer than ${longestRecord / 1_048_576} MB. A quote may have been opened and never closed, or this is no CSV.`, `line ${line}`)
    return rows
  }
  for await (const text of textOf(spool, encoding)) {
    rest += text
    if (text.includes('\0')) throw unreadable(`There is a NUL in line ${line} or behind it, so this is no CSV. Save the file as CSV UTF-8, or send it with the Content-Type of what it is.`, `line ${line}`)
    if (parser === undefined) {
      if (!rest.includes('\n') && rest.includes('\r')) newline = '\r'
      dialect.delimiter = delimiterOf(rest)
      parser = new Papa.Parser({ ...dialect, newline })
    }
    const rows = take(false)
    if (rows.length > 0) yield rows
  }
  if (rest !== '') yield take(true)
}

const breaksIn = (cells: string[], newline: string) => cells.reduce((sum, cell) => {
  let count = 0
  for (let at = cell.indexOf(newline); at !== -1; at = cell.indexOf(newline, at + 1)) count++
  return sum + count
}, 0)

/** The separator by which the upper lines name most columns. */
function delimiterOf (text: string): string {
  const upper = text.slice(0, 65_536)
  const score = (delimiter: string) => Math.max(0, ...Papa.parse<string[]>(upper, { delimiter, preview: linesAbove }).data.map(headings))
  const scores = delimiters.map(score)
  return delimiters[scores.indexOf(Math.max(...scores))]!
}
