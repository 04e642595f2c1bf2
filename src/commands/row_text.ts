// A row of the service as the text of a file, the same that the service's own CSV and NDJSON have, and back to its key.
import papaparse from 'papaparse'

export type Format = 'csv' | 'ndjson'

export type Row = Record<string, unknown>

/** As RFC 4180 and NDJSON have them. */
export const lineEnd = { csv: '\r\n', ndjson: '\n' } as const satisfies Record<Format, string>

const keyColumns = ['measure', 'area', 'period', 'breakdown', 'statistic', 'against', 'base_period']

/** An exact decimal without exponent. Numbers of at most 15 digits come through JSON unharmed; only their form may change. */
export function decimal (value: number): string {
  const text = String(value)
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? []
  if (whole === undefined) return text
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  return `${sign}${point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : digits.padEnd(point, '0')}`
}

/** A breakdown as its canonical text, qualifiers joined. */
const plain = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return decimal(value)
  if (Array.isArray(value)) return value.join(';')
  if (typeof value === 'object') return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([name, code]) => `${name}=${code}`).join(';')
  return String(value)
}

/** What a spreadsheet would run as a formula is led by an apostrophe, as in the service's export. */
const inert = (value: unknown) => typeof value === 'string' && /^[=+@\t\r\n-]/.test(value) ? `'${value}` : plain(value)

/** Quoted as PostgreSQL quotes, whose COPY writes the service's CSV; a library's own habits would make other text of the same row. */
const cell = (text: string) => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

export const header = (columns: string[]) => columns.map(cell).join(',')

/** The record of a row, without its line end. */
export function recordOf (format: Format, columns: string[]): (row: Row) => string {
  if (format === 'csv') return row => columns.map(name => cell(inert(row[name]))).join(',')
  return row => `{${columns.map(name => `${JSON.stringify(name)}:${typeof row[name] === 'number' ? decimal(row[name]) : JSON.stringify(row[name] ?? null)}`).join(',')}}`
}

const joined = (cells: unknown[]) => cells.map(plain).join('|')

/** What makes a row the same figure, whatever it says. */
export const keyOfRow = (row: Row) => joined(keyColumns.map(name => row[name]))

/** The same from a record. */
export function keyOf (format: Format, columns: string[]): (record: string) => string {
  if (format === 'ndjson') return record => keyOfRow(JSON.parse(record) as Row)
  const places = keyColumns.map(name => columns.indexOf(name))
  return record => {
    const cells = record.includes('"') ? papaparse.parse<string[]>(record, { delimiter: ',' }).data[0]! : record.split(',')
    return joined(places.map(place => cells[place]))
  }
}
