// A small table as CSV (RFC 4180), by the rules of every CSV of the service.
import Papa from 'papaparse'
import type { Cell } from '../workbook/cells.js'
import type { DataColumn, DataTable } from './table.js'

/** A text that begins so would be run as a formula; an apostrophe before it keeps it a text. */
const formula = /^[=+@\t\r\n-]/

const csvCell = ({ number }: DataColumn, value: Cell): Cell =>
  number !== true && typeof value === 'string' && formula.test(value) ? `'${value}` : value

export function csvOf ({ columns, rows }: Pick<DataTable, 'columns' | 'rows'>): string {
  const lines = rows.map(row => columns.map(column => csvCell(column, row[column.name] ?? null)))
  return `${Papa.unparse([columns.map(column => column.name), ...lines], { newline: '\r\n' })}\r\n`
}
