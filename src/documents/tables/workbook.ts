// A small table as a workbook: headings in row 1, so that any program reads it, and on a second sheet what the columns hold.
// Codes are texts, so that no program takes "2016-17" for a date.
import { colToLetter, writeXlsx, type WriteSheet } from 'hucre/xlsx'
import { clean } from '../../http/cells.js'
import { problem } from '../../problems.js'
import type { Cell } from '../workbook/cells.js'
import { defaultFont, head, laidOut, page, place, plain, widthOf, type Cells } from '../workbook/sheet.js'
import { mostRows, type DataColumn, type DataTable } from './table.js'

export interface Named { title: string, subject?: string }

/** The table, and behind it the sheets that explain it. */
export async function writeTable (table: WriteSheet, others: WriteSheet[], { title, subject }: Named): Promise<Uint8Array> {
  return await writeXlsx({
    sheets: [table, ...others],
    properties: { title, ...(subject !== undefined && { subject }), custom: { Language: 'en-GB' } },
    defaultFont
  })
}

export const workbookOf = async (table: DataTable, named: Named): Promise<Uint8Array> =>
  await writeTable(dataSheet(table), [columnSheet('Columns', [`What the columns of the sheet ${table.sheet} hold.`, table.about], table.columns)], named)

// Not wrapped: one figure a line, as a person reads or types down a column.
const number = { font: defaultFont, alignment: { vertical: 'top' } } as const
const text = { ...number, numFmt: '@' }

function cellOf (column: DataColumn, value: Cell): Cell {
  if (typeof value !== 'string') return value
  return column.number === true ? Number(value) : clean(value)
}

export function dataSheet ({ sheet, about, columns, rows }: DataTable): WriteSheet {
  if (rows.length > mostRows) throw problem('too_large', `There are ${rows.length} rows, and a workbook takes ${mostRows}. Ask for format=csv.`)
  const cells: Cells = new Map(columns.map(({ name }, column) => [`0,${column}`, { value: name, style: head }]))
  const body = rows.map(row => columns.map(column => cellOf(column, row[column.name] ?? null)))
  return {
    name: sheet,
    columns: columns.map((column, i) => ({ width: widthOf(column, i, body), style: column.number === true ? number : text })),
    rows: [columns.map(column => column.name), ...body.map((row, i) => row.map((value, column) => place(cells, i + 1, column, value)))],
    cells,
    freezePane: { rows: 1 },
    autoFilter: { range: `A1:${colToLetter(columns.length - 1)}${rows.length + 1}` },
    pageSetup: page,
    a11y: { summary: about, headerRow: 0 }
  }
}

/** Lines of text, then what each column holds, and whatever else is to be said of it. */
export function columnSheet (
  sheet: string,
  lines: string[],
  columns: readonly DataColumn[],
  more: Array<{ name: string, of: (column: DataColumn) => string }> = []
): WriteSheet {
  const named = ['Column', ...more.map(({ name }) => name), 'What it holds'].map(name => ({ name, about: '' }))
  const rows = columns.map(column => [column.name, ...more.map(({ of }) => of(column)), clean(column.about)])
  const table = { sheet, name: 'columns', title: sheet, about: 'A column of the first sheet, and what it holds.', empty: '', columns: named, rows }
  return { ...laidOut([sheet, ...lines], table, [80, ...more.map(() => 12), 70], plain), pageSetup: page }
}
