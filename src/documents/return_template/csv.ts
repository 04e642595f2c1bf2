// A template as CSV (RFC 4180), by the rules of every CSV of the service.
import Papa from 'papaparse'
import { columns, type Row } from './columns.js'

/** What a spreadsheet would run as a formula; a negative number is none. */
const formula = /^(?:[=+@\t\r\n]|-(?!\d+(?:\.\d+)?$))/

export const csvOf = (rows: Row[]): string =>
  `${Papa.unparse([columns, ...rows.map(row => columns.map(name => row[name]))], { escapeFormulae: formula, newline: '\n' })}\n`
