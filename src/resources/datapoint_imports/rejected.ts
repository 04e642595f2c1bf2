// The rejected rows of a delivery as a CSV to correct and send again: its own columns as they came, then the place of
// the row and what is wrong with it.
import Papa from 'papaparse'
import { breakdownText } from '../datapoints/breakdown.js'
import type { Row, RowFault } from '../datapoints/row.js'
import { columns } from '../datapoints/schema.js'
import type { Source, SourceRow } from '../datapoints/source.js'
import { isReported, reported } from './table.js'

/** The text is kept with the receipt; rows beyond it are counted there and not listed here. */
const longest = 16 * 1024 * 1024

/** Of the rows whose faults were kept; the delivery is read once more for them. */
export async function rejectedCsv (source: Source, faults: Map<number, RowFault[]>): Promise<string> {
  const found: SourceRow[] = []
  let size = 0
  for await (const batch of source.batches()) {
    for (const one of batch) {
      if (!faults.has(one.place)) continue
      found.push(one)
      size += one.cells === undefined ? JSON.stringify(one.row)?.length ?? 0 : one.cells.reduce((sum, cell) => sum + (cell?.length ?? 0) + 1, 0)
    }
    if (found.length === faults.size || size > longest) break
  }
  const header = source.header?.().map(heading => heading ?? '') ?? membersOf(found)
  const width = Math.max(header.length, ...found.map(({ cells }) => cells?.length ?? 0))
  const headings = [...header, ...Array.from({ length: width - header.length }, () => '')]
  // What an earlier one said gives way to what this one says.
  const own = headings.flatMap((name, i) => isReported(name) ? [] : [[name, i] as const])
  const lines = found.map(({ place, row, cells }) => [
    ...own.map(([name, i]) => inert(cells === undefined ? cellOf(row, name) : cells[i] ?? '')),
    String(place),
    inert(faults.get(place)!.map(({ column, detail }) => column === null ? detail : `${column}: ${detail}`).join(' | '))
  ])
  return `${Papa.unparse([[...own.map(([name]) => inert(name)), ...reported], ...lines], { newline: '\r\n' })}\r\n`
}

/** The members that any of the rows has, those of a row first and in its order. */
function membersOf (rows: SourceRow[]): string[] {
  const names = new Set<string>(rows.flatMap(({ row }) => typeof row === 'object' && row !== null && !Array.isArray(row) ? Object.keys(row).slice(0, 100) : []))
  const known = columns.filter(name => names.has(name))
  return [...known, ...[...names].filter(name => !(columns as readonly string[]).includes(name)).slice(0, 100)]
}

function cellOf (row: unknown, name: string): string {
  const value = typeof row === 'object' && row !== null ? (row as Row)[name] : undefined
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? value.join(';') : name === 'breakdown' ? breakdownText(value as Record<string, string>) : JSON.stringify(value)
}

const number = /^-?\d+(\.\d+)?$/

/** What a spreadsheet would run as a formula is led by an apostrophe, which is taken off again when it is sent. */
const inert = (text: string) => /^[=+@\t\r-]/.test(text) && !number.test(text) ? `'${text}` : text
