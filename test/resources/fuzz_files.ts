// Files as nobody should send them: small good deliveries in every format, and what can happen to them on the way from
// a spreadsheet to here. Everything follows from the dice, so a file can be had again.
import { gzipSync } from 'node:zlib'
import { writeXlsx } from 'hucre/xlsx'
import type { Dice } from '../support/random.js'

export interface File { bytes: Buffer, type: string, encoding?: string, story: string[] }

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const otherTypes = ['application/json', 'application/x-ndjson', 'text/csv', xlsxType, 'text/plain', 'application/octet-stream', 'text/csv; charset=utf-16',
  'text/csv; charset=nonsense', 'APPLICATION/JSON', 'text/csv;;', 'application/json; charset=latin1']
const header = ['measure', 'area', 'period', 'breakdown', 'value', 'numerator', 'status', 'note']

type Row = Record<string, string | number>

/** Ten rows that could be written; the values differ from file to file. */
function goodRows ({ roll, pick }: Dice): Row[] {
  return Array.from({ length: 10 }, (_, i) => ({
    measure: pick(['count', 'share']),
    area: `ward-${i % 3}`,
    period: ['2016/17', 'FY2015', 'CY2016-M03', 'Year to Dec 2016', 'undated'][i % 5]!,
    breakdown: i === 3 ? 'sex=f' : '',
    value: i === 5 ? 'TBC' : roll(100),
    numerator: i === 6 ? roll(50) : '',
    status: pick(['', 'final', 'provisional']),
    note: pick(['', 'Größe, “quoted”', 'two\nlines', '=1+1'])
  }))
}

const cells = (row: Row) => header.map(name => String(row[name]))
const quoted = (cell: string) => /[",;\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

function table (rows: Row[], delimiter: string): string {
  return [header, ...rows.map(cells)].map(line => line.map(quoted).join(delimiter)).join('\r\n')
}

function objects (rows: Row[]): Array<Record<string, unknown>> {
  return rows.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '').map(([name, value]) =>
    name === 'breakdown' ? [name, { sex: 'f' }] : value === 'TBC' ? ['missing', 'tbc'] : [name, value])))
}

/** Sheets take longest to make, so a few of them serve for all. */
export const sheets = (dice: Dice): Promise<Buffer[]> => Promise.all(Array.from({ length: 60 }, async () => {
  const rows = goodRows(dice).map(row => header.map(name => row[name] === '' ? null : row[name]!))
  for (let n = dice.roll(4); n > 0; n--) {
    rows[dice.roll(10)]![dice.roll(8)] = dice.pick(['#N/A', 1e300, true, new Date(0), '\u0001', 'x'.repeat(5000), -0, null, '=1+1', '[c]', 'cuont']) as never
  }
  const heads = dice.once(6) ? header.map(name => dice.once(4) ? dice.pick(['', 'Value', 'vlaue', 'note']) : name) : header
  return Buffer.from(await writeXlsx({ sheets: [{ name: 'Figures', rows: [heads, ...rows] }] }))
}))

const text = (bytes: Buffer) => bytes.toString('latin1')
const bytes = (text: string) => Buffer.from(text, 'latin1')

function goodFile (dice: Dice, pool: Buffer[]): File {
  const rows = goodRows(dice)
  switch (dice.roll(7)) {
    case 0: return { bytes: Buffer.from(JSON.stringify({ datapoints: objects(rows) })), type: 'application/json', story: ['json'] }
    case 1: return { bytes: Buffer.from(objects(rows).map(row => JSON.stringify(row)).join('\n')), type: 'application/x-ndjson', story: ['ndjson'] }
    case 2: return { bytes: Buffer.from(table(rows, ';')), type: 'text/csv', story: ['csv ;'] }
    case 3: return { bytes: Buffer.from(table(rows, '\t')), type: 'text/csv; charset=utf-8', story: ['csv tab'] }
    case 4: return { bytes: dice.pick(pool), type: xlsxType, story: ['xlsx'] }
    case 5: return { bytes: bytes(table(rows, ',').replaceAll(/[“”]/g, '\x93').replaceAll('ö', '\xf6')), type: 'text/csv', story: ['csv windows-1252'] }
    default: return { bytes: Buffer.from(table(rows, ',')), type: 'text/csv', story: ['csv'] }
  }
}

type Mutation = (file: File, dice: Dice) => Partial<File>

const at = (file: File, { roll }: Dice) => roll(file.bytes.length + 1)
const inserted = ({ bytes }: File, place: number, more: Buffer) => ({ bytes: Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]) })
const lines = (file: File, change: (lines: string[]) => string[]) => ({ bytes: bytes(change(text(file.bytes).split('\n')).join('\n')) })
const numbers = ['1e309', '-1e309', '9'.repeat(400), '0.'.padEnd(60, '1'), 'NaN', 'Infinity', '1,234,567.8', '1.234,5', '-0', '0x10', '١٢', '5%', '1e-400', '99999999999999999999', '']
const strays = ['"', "'", ',', ';', '\t', '\r', '\n', '\0', '\\', '{', '}', '[', ']', '<', '&', '\xff', '\xc3', '\xed\xa0\x80', '\\ud800', '\\u0000', '\u00a0', '"__proto__":1,', ',"value":2', '=cmd|x', 'null']

const mutations: Record<string, Mutation> = {
  'bytes flipped': (file, dice) => {
    const copy = Buffer.from(file.bytes)
    for (let n = 1 + dice.roll(5); n > 0 && copy.length > 0; n--) copy[dice.roll(copy.length)]! ^= 1 << dice.roll(8)
    return { bytes: copy }
  },
  truncated: (file, dice) => ({ bytes: file.bytes.subarray(0, at(file, dice)) }),
  'head cut off': (file, dice) => ({ bytes: file.bytes.subarray(at(file, dice)) }),
  'line twice': (file, { roll }) => lines(file, all => all.toSpliced(roll(all.length), 0, all[roll(all.length)]!)),
  'line lost': (file, { roll }) => lines(file, all => all.toSpliced(roll(all.length), 1)),
  'lines in another order': file => lines(file, all => all.toReversed()),
  'delimiters swapped': (file, { pick }) => ({ bytes: bytes(text(file.bytes).replaceAll(/[,;\t|]/g, pick([',', ';', '\t', '|', ' ']))) }),
  'stray characters': (file, dice) => {
    let next = file
    for (let n = 1 + dice.roll(4); n > 0; n--) next = { ...next, ...inserted(next, at(next, dice), bytes(dice.pick(strays))) }
    return next
  },
  'odd number': (file, dice) => {
    const whole = text(file.bytes)
    const found = [...whole.matchAll(/\d+/g)]
    if (found.length === 0) return {}
    const { index, 0: one } = dice.pick(found)
    return { bytes: Buffer.concat([bytes(whole.slice(0, index)), Buffer.from(dice.pick(numbers)), bytes(whole.slice(index + one.length))]) }
  },
  'byte order mark': (file, dice) => inserted(file, dice.once(3) ? at(file, dice) : 0, dice.pick([Buffer.from('\uFEFF'), Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])])),
  'as UTF-16': (file, { once }) => ({ bytes: Buffer.from(`${once(2) ? '\uFEFF' : ''}${file.bytes.toString()}`, 'utf16le') }),
  'other media type': (_, { pick }) => ({ type: pick(otherTypes) }),
  gzip: file => ({ bytes: gzipSync(file.bytes, { level: 1 }), encoding: 'gzip' }),
  'gzip cut off': (file, { roll }) => {
    const packed = gzipSync(file.bytes, { level: 1 })
    return { bytes: packed.subarray(0, roll(packed.length)), encoding: 'gzip' }
  },
  'said to be packed': (_, { pick }) => ({ encoding: pick(['gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x-gzip', 'nonsense']) }),
  'header mangled': (file, { pick }) => lines(file, ([first = '', ...rest]) => {
    const without = (letters: string) => first.replaceAll(letters, '')
    return [pick([first.toUpperCase(), first.replace('value', 'vlaue'), first.replace('measure', 'area'), without('e'), ` ${first} `, without('period'), '', `${first},value`]), ...rest]
  }),
  'title above': (file, { pick }) => lines(file, all => [pick(['Return for 2016/17', ',,,', '#', '{}']), '', ...all]),
  'long text': (file, dice) => inserted(file, at(file, dice), Buffer.alloc(dice.pick([5_000, 70_000, 200_000]), dice.pick(['x', '"', ',', '[', '\n', '9']))),
  'words swapped': (file, { pick }) => ({ bytes: bytes(text(file.bytes).replace(pick(['count', 'ward-1', '2016/17', 'final', 'FY2015', 'note', 'value', 'TBC']), pick(['', 'cuont', '[c]', 'Q4 2016', '-', 'measure', '\x00', '=1', 'undated-x']))) }),
  'CR for line ends': file => ({ bytes: bytes(text(file.bytes).replaceAll(/\r?\n/g, '\r')) }),
  nothing: () => ({})
}

const names = Object.keys(mutations)

/** A good file after one to three misfortunes. */
export function mutated (dice: Dice, pool: Buffer[]): File {
  let file = goodFile(dice, pool)
  // Of sheets the cells are odd already, and a damaged package is seldom read as far as its cells.
  if (file.type === xlsxType && dice.once(2)) return file
  for (let n = 1 + dice.roll(3); n > 0; n--) {
    const name = dice.pick(names)
    // What is packed is not changed as if it were text, except byte by byte.
    file = { ...file, ...mutations[name]!(file, dice), story: [...file.story, name] }
  }
  return file
}
