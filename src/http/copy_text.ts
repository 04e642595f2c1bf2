// The text in which Postgres copies rows out: a line each, cells between tabs, \\N where there is none, and escapes that begin
// with a backslash. It is read as bytes; nothing but the text of people ever holds an escape.
export const tab = 0x09
export const newline = 0x0a
export const backslash = 0x5c

/** Bytes that are written before they are passed on. */
export const slab = 1 << 18

export const truth = Buffer.from('true')
export const untruth = Buffer.from('false')

/** Each cell is Postgres's text or null. */
export type TextRow = Array<string | null>

/** Writes the row that begins at `i` into `out` from `at` on, and answers where it ends there. */
export type PutRow = (bytes: Buffer, i: number, out: Buffer, at: number) => number

/**
 * A writer that takes the text in chunks, wherever they were cut, and has each whole row written. A row takes at most `fixed`
 * bytes and six for each of its own.
 */
export function rowByRow (fixed: number, put: PutRow): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  let out = Buffer.allocUnsafe(slab)
  let at = 0
  return chunk => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const done: Buffer[] = []
    let from = at
    let start = 0
    for (let stop = bytes.indexOf(newline); stop !== -1; stop = bytes.indexOf(newline, start)) {
      const most = fixed + 6 * (stop - start)
      if (at + most > out.length) {
        if (at > from) done.push(out.subarray(from, at))
        out = Buffer.allocUnsafe(Math.max(slab, most))
        from = at = 0
      }
      at = put(bytes, start, out, at)
      start = stop + 1
    }
    rest = bytes.subarray(start)
    if (at > from) done.push(out.subarray(from, at))
    return done
  }
}

/** Where so many lines end, or all of them. */
export function endOfLines (text: Buffer, lines: number): number {
  let end = 0
  for (let i = 0; i < lines && end < text.length; i++) end = text.indexOf(newline, end) + 1
  return end
}

/** The cells of the line that ends there. */
export const cellsBefore = (text: Buffer, end: number): TextRow => cellsOf(text.toString('utf8', text.lastIndexOf(newline, end - 2) + 1, end - 1))

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The cells of one row of COPY's text. */
export const cellsOf = (line: string): TextRow => line.split('\t').map(cell => cell === '\\N'
  ? null
  : cell.includes('\\') ? cell.replace(/\\(.)/g, (_, one: string) => escapes[one] ?? one) : cell)
