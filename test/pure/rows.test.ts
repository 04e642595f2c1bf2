// COPY's text as JSON and as CSV, byte by byte: whatever the texts, and wherever the chunks were cut.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { cellsOf } from '../../src/http/copy_text.js'
import { csvFromCopy, type CsvKind } from '../../src/http/csv_rows.js'
import { jsonFromCopy, jsonFromText, jsonRow, type Columns } from '../../src/http/rows.js'

const columns: Columns = [['a', 'text'], ['b "quoted"', 'text'], ['n', 'number'], ['yes', 'boolean'], ['list', 'list'], ['map', 'map'], ['last', 'text']]

type Text = string | null

interface Row { a: Text, b: Text, n: Text, yes: boolean | null, list: string[], map: Record<string, string>, last: Text }

const nasty = [
  '"', '\\', '\\N', '\\n', '\t', '\n', '\r', '\v', '\b', '\f', '\u0001', '\u001f', '\u007f', '\u2028', '\u2029', '😀', 'é', '£', ';', '=', ',', '\\.', "'", ' ', ''
]
const piece = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 4 }), fc.string({ maxLength: 3 }))
// The database holds no NUL and no half of a surrogate pair.
const texts = fc.array(piece, { maxLength: 8 }).map(parts => parts.join('').replaceAll('\u0000', '').replaceAll(/\p{Cs}/gu, ''))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary)
const code = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,5}$/)
const rows = fc.array(fc.record<Row>({
  a: maybe(texts),
  b: maybe(texts),
  n: maybe(fc.constantFrom('0', '-1.5', '123456789012345', '0.1', '1000')),
  yes: maybe(fc.boolean()),
  list: fc.uniqueArray(code, { maxLength: 3 }),
  map: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,4}$/), code, { maxKeys: 3, noNullPrototype: true }),
  last: maybe(texts)
}), { maxLength: 6 })

const escapes: Record<string, string> = { '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' }

/** As the manual of PostgreSQL has it. */
const copied = (text: string | null) => text === null ? '\\N' : text.replace(/[\\\b\f\n\r\t\v]/g, one => escapes[one]!)

const cells = ({ a, b, n, yes, list, map, last }: Row) =>
  [a, b, n, yes === null ? null : yes ? 't' : 'f', list.join(';') || null, Object.entries(map).map(pair => pair.join('=')).join(';') || null, last]

const expected = ({ a, b, n, yes, list, map, last }: Row) =>
  `{"a":${JSON.stringify(a)},"b \\"quoted\\"":${JSON.stringify(b)},"n":${n ?? 'null'},"yes":${String(yes)},"list":${JSON.stringify(list)},"map":${JSON.stringify(map)},"last":${JSON.stringify(last)}}`

/** Runs a writer over the bytes, cut at these places. */
function chunked (bytes: Buffer, cuts: number[], write: (chunk: Buffer) => Buffer | Buffer[]): string {
  const places = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  // Copied at once, as a writer may use its memory again.
  const parts = places.slice(1).flatMap((end, i) => [write(bytes.subarray(places[i], end))].flat().map(part => Buffer.from(part)))
  return Buffer.concat(parts).toString()
}

const cutting = fc.array(fc.nat(2000), { maxLength: 12 })

await t.test('a row of COPY is the JSON that JSON.stringify writes, however the chunks were cut', async () => {
  fc.assert(fc.property(rows, cutting, (rows, cuts) => {
    const copy = Buffer.from(rows.map(row => `${cells(row).map(copied).join('\t')}\tkey of a cursor\n`).join(''))
    return chunked(copy, cuts, jsonFromCopy(columns, '\n')) === rows.map(row => `${expected(row)}\n`).join('')
  }), { numRuns: 1000 })
})

await t.test('so is a text that is there as a whole, also where no more than need be was escaped', async () => {
  const write = jsonFromText(columns, ',')
  const spare = (text: string | null) => text === null ? '\\N' : text.replace(/[\\\n\t]/g, one => escapes[one]!)
  fc.assert(fc.property(rows, rows => {
    const text = Buffer.from(rows.map(row => `${cells(row).map(spare).join('\t')}\n`).join(''))
    return isDeepStrictEqual(JSON.parse(`[${write(text).toString().slice(0, -1)}]`), rows.map(row => JSON.parse(expected(row)) as unknown))
  }), { numRuns: 500 })
})

await t.test('cells read from COPY are the cells that were written, and give the same JSON one by one', async () => {
  fc.assert(fc.property(rows, rows => rows.every(row => {
    const line = cells(row).map(copied).join('\t')
    return JSON.stringify(cellsOf(line)) === JSON.stringify(cells(row)) && jsonRow(columns)(cellsOf(line)) === expected(row)
  })), { numRuns: 500 })
})

await t.test('a row that is longer than any chunk, and more rows than one buffer holds, come out whole', async t => {
  const long = '"\u0001é'.repeat(200_000)
  const text = [long, 'short', long, ...Array.from({ length: 5000 }, (_, i) => `row ${i}`)]
  const copy = Buffer.from(text.map(one => `${one}\n`).join(''))
  const out = chunked(copy, Array.from({ length: 50 }, (_, i) => i * 65_537), jsonFromCopy([['a', 'text']], '\n'))
  t.ok(out === text.map(one => `{"a":${JSON.stringify(one)}}\n`).join(''))
})

await t.test('a row of COPY is a line of CSV: CRLF behind it, quotes where RFC 4180 asks for them, no text that a spreadsheet would run', async () => {
  const kinds: CsvKind[] = ['text', 'text', 'code', 'boolean', 'code', 'code', 'text']
  const quoted = (text: string) => text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const shown = (text: string | null, i: number) => text === null
    ? ''
    : kinds[i] === 'boolean' ? String(text === 't') : quoted(kinds[i] === 'text' && /^[=+@\t\r\n-]/.test(text) ? `'${text}` : text)
  const formulas = fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ''), texts).map(parts => parts.join(''))
  const risky = rows.chain(list => fc.array(formulas, { minLength: list.length, maxLength: list.length })
    .map(begun => list.map((row, i) => ({ ...row, a: begun[i]! }))))
  fc.assert(fc.property(risky, cutting, (rows, cuts) => {
    const copy = Buffer.from(rows.map(row => `${cells(row).map(copied).join('\t')}\t17\n`).join(''))
    return chunked(copy, cuts, csvFromCopy(kinds)) === rows.map(row => `${cells(row).map(shown).join(',')}\r\n`).join('')
  }), { numRuns: 1000 })
})
