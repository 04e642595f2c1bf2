// COPY's text as CSV (RFC 4180), byte by byte: Postgres's own CSV ends lines in LF, and knows nothing of spreadsheets that run
// a text as a formula.
import { backslash, newline, rowByRow, tab, truth, untruth, type PutRow } from './copy_text.js'

/** `text` is what people write freely, and `code` what cannot hold anything that a spreadsheet would run. */
export type CsvKind = 'text' | 'code' | 'boolean'

const quote = 0x22
const comma = 0x2c
const apostrophe = 0x27

/** What a letter behind a backslash stands for; any other byte stands for itself. */
const meant = Uint8Array.from({ length: 256 }, (_, byte) => byte)
for (const [letter, code] of Object.entries({ b: 0x08, t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d })) meant[letter.charCodeAt(0)] = code

const marks = (text: string) => Uint8Array.from({ length: 256 }, (_, byte) => text.includes(String.fromCharCode(byte)) ? 1 : 0)

/** A text that begins so would be run as a formula; an apostrophe before it keeps it a text (OWASP, CSV injection). */
const formula = marks('=+@-\t\r\n')
const needsQuotes = marks('",\r\n')

/** A writer of the rows; a table's first line is headings(). */
export const csvFromCopy = (kinds: CsvKind[]): (chunk: Buffer) => Buffer[] => rowByRow(4 * kinds.length + 2, putRow(kinds))

export const headings = (names: string[]): Buffer => Buffer.from(`${names.join(',')}\r\n`)

const putRow = (kinds: CsvKind[]): PutRow => (bytes, i, out, at) => {
  for (let c = 0; c < kinds.length; c++) {
    if (c > 0) out[at++] = comma
    if (bytes[i] === backslash && bytes[i + 1] === 0x4e) {
      i += 3
      continue
    }
    const end = endOf(bytes, i)
    if (kinds[c] === 'boolean') at += (bytes[i] === 0x74 ? truth : untruth).copy(out, at)
    else at = putText(bytes, i, end, out, at, kinds[c] === 'text')
    i = end + 1
  }
  out[at] = 0x0d
  out[at + 1] = newline
  return at + 2
}

function endOf (bytes: Buffer, i: number): number {
  while (bytes[i] !== tab && bytes[i] !== newline) i++
  return i
}

function putText (bytes: Buffer, i: number, end: number, out: Buffer, at: number, free: boolean): number {
  const quoted = i === end || mustQuote(bytes, i, end)
  if (quoted) out[at++] = quote
  if (free && i < end && formula[bytes[i] === backslash ? meant[bytes[i + 1]!]! : bytes[i]!] === 1) out[at++] = apostrophe
  for (; i < end; i++) {
    const byte = bytes[i] === backslash ? meant[bytes[++i]!]! : bytes[i]!
    if (byte === quote) out[at++] = quote
    out[at++] = byte
  }
  if (quoted) out[at++] = quote
  return at
}

function mustQuote (bytes: Buffer, i: number, end: number): boolean {
  for (; i < end; i++) if (needsQuotes[bytes[i] === backslash ? meant[bytes[++i]!]! : bytes[i]!] === 1) return true
  return false
}
