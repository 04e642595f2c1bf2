// Rows as Postgres writes them (COPY text), turned into JSON by one loop over the bytes and never into objects: numbers
// pass through as the exact decimals they are, and most escapes of COPY are those of JSON already.
import { backslash, newline, rowByRow, slab, tab, truth, untruth, type TextRow } from './copy_text.js'

export type CellKind = 'text' | 'number' | 'boolean' | 'list' | 'map'

export type Columns = ReadonlyArray<readonly [name: string, kind: CellKind]>

/** What a byte of a cell means to the loop; anything else is copied as it is. */
const end = 1
const quote = 2
const escape = 3
const control = 4
const item = 5
const value = 6

function meanings (kind: CellKind): Uint8Array {
  const table = new Uint8Array(256)
  table.fill(control, 0, 0x20)
  table[tab] = table[newline] = end
  table[0x22] = quote
  table[backslash] = escape
  if (kind === 'list' || kind === 'map') table[0x3b] = item
  if (kind === 'map') table[0x3d] = value
  return table
}

const ends: Record<CellKind, [open: string, close: string, absent: string]> = {
  text: ['"', '"', 'null'], number: ['', '', 'null'], boolean: ['', '', 'null'], list: ['["', '"]', '[]'], map: ['{"', '"}', '{}']
}
const betweenItems = Buffer.from('","')
const betweenPair = Buffer.from('":"')

/** Writes bytes and answers where they end. */
function put (out: Buffer, at: number, bytes: Buffer): number {
  for (let k = 0; k < bytes.length; k++) out[at + k] = bytes[k]!
  return at + bytes.length
}

/** Writes one escape of COPY, or one character that JSON does not hold bare. */
function putSpecial (out: Buffer, at: number, meaning: number, byte: number, next: number): number {
  if (meaning === item) return put(out, at, betweenItems)
  if (meaning === value) return put(out, at, betweenPair)
  const code = meaning === escape && next === 0x76 ? 0x0b : byte
  if (meaning === control || code === 0x0b) return put(out, at, Buffer.from(`\\u00${code.toString(16).padStart(2, '0')}`))
  out[at] = backslash
  out[at + 1] = meaning === escape ? next : byte
  return at + 2
}

interface Column { open: Buffer, close: Buffer, absent: Buffer, table: Uint8Array, boolean: boolean }

interface Prepared { columns: Column[], fixed: number }

function prepare (named: Columns, after: string): Prepared {
  const columns = columnsOf(named, after)
  return { columns, fixed: columns.reduce((sum, { open, close, absent }) => sum + open.length + close.length + absent.length + 8, 0) }
}

function columnsOf (columns: Columns, after: string): Column[] {
  return columns.map(([name, kind], i) => {
    const [open, close, absent] = ends[kind]
    const [head, tail] = [`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`, i === columns.length - 1 ? `}${after}` : '']
    return { open: Buffer.from(head + open), close: Buffer.from(close + tail), absent: Buffer.from(head + absent + tail), table: meanings(kind), boolean: kind === 'boolean' }
  })
}

/** Writes the row that begins at `i`, and answers where it ends. */
function putRow (columns: Column[], bytes: Buffer, i: number, out: Buffer, at: number): number {
  for (let c = 0; c < columns.length; c++) {
    const { open, close, absent, table, boolean } = columns[c]!
    if (bytes[i] === backslash && bytes[i + 1] === 0x4e) {
      at = put(out, at, absent)
      i += 3
      continue
    }
    at = put(out, at, open)
    if (boolean) {
      at = put(out, at, bytes[i] === 0x74 ? truth : untruth)
      i++
    } else {
      for (let byte = bytes[i]!, meaning = table[byte]!; meaning !== end; byte = bytes[i]!, meaning = table[byte]!) {
        if (meaning === 0) {
          out[at++] = byte
          i++
        } else {
          at = putSpecial(out, at, meaning, byte, bytes[i + 1]!)
          i += meaning === escape ? 2 : 1
        }
      }
    }
    at = put(out, at, close)
    i++
  }
  return at
}

/**
 * A writer that takes COPY's text in chunks, wherever they were cut, and answers each whole row as a JSON object followed by
 * `after`. Columns of a row behind the named ones are passed over.
 */
export function jsonFromCopy (named: Columns, after: string): (chunk: Buffer) => Buffer[] {
  const { columns, fixed } = prepare(named, after)
  return rowByRow(fixed, (bytes, i, out, at) => putRow(columns, bytes, i, out, at))
}

/** Written into by all texts, one after the other: memory that is not given back need not be cleaned up. */
let shared = Buffer.allocUnsafe(0)

/** The same for a text that is there as a whole; what is answered holds until the next one. */
export function jsonFromText (named: Columns, after: string): (text: Buffer) => Buffer {
  const { columns, fixed } = prepare(named, after)
  return text => {
    let at = 0
    for (let start = 0, stop = text.indexOf(newline); stop !== -1; start = stop + 1, stop = text.indexOf(newline, start)) {
      const most = at + fixed + 6 * (stop - start)
      if (most > shared.length) {
        const larger = Buffer.allocUnsafe(Math.max(2 * most, slab))
        shared.copy(larger, 0, 0, at)
        shared = larger
      }
      at = putRow(columns, text, start, shared, at)
    }
    return shared.subarray(0, at)
  }
}

const json: Record<CellKind, (text: string) => string> = {
  text: text => JSON.stringify(text),
  number: text => text,
  boolean: text => text === 't' || text === 'true' ? 'true' : 'false',
  list: text => JSON.stringify(text.split(';')),
  map: text => JSON.stringify(Object.fromEntries(text.split(';').map(pair => pair.split('=') as [string, string])))
}

/** The same for a single row whose cells came one by one. */
export function jsonRow (columns: Columns): (row: TextRow) => string {
  const parts = columns.map(([name, kind], i) => [`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`, json[kind], ends[kind][2]] as const)
  return row => {
    let text = ''
    for (let i = 0; i < parts.length; i++) {
      const [head, write, absent] = parts[i]!
      const cell = row[i] ?? null
      text += head + (cell === null ? absent : write(cell))
    }
    return `${text}}`
  }
}
