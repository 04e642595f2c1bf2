// One sheet that holds one table, after the guidance "Releasing statistics in spreadsheets" of the UK Analysis Function:
// title in A1, what the sheet holds below it, one header row, no merged, hidden or coloured cells, and never a formula.
import type { CellStyle, TableDefinition, WriteSheet } from 'hucre/xlsx'
import { colToLetter } from 'hucre/xlsx'
import type { NamedRange } from 'hucre'
import { clean, type Cell } from './cells.js'

export interface Column { name: string, about: string }

export interface Table {
  sheet: string
  /** Name of the marked-up table, unique in the workbook. */
  name: string
  title: string
  /** What a row is, for the list of contents. */
  about: string
  /** What an empty cell of this sheet means. */
  empty: string
  columns: Column[]
  rows: Cell[][]
}

/** Number of the header row, the same on every sheet but the cover. */
const headerRow = 4

const font = { name: 'Arial', size: 12 }
export const defaultFont = font

export type Cells = NonNullable<WriteSheet['cells']>

const top = { vertical: 'top', wrapText: true } as const
export const plain: CellStyle = { font, alignment: top }
const title: CellStyle = { font: { ...font, size: 15, bold: true } }
export const head: CellStyle = { font: { ...font, bold: true }, alignment: top, border: { bottom: { style: 'thin' } } }
// Of the format "text", so that a text which looks like a formula does not become one when somebody edits the cell.
const inert: CellStyle = { ...plain, numFmt: '@' }
const link: CellStyle = { font: { ...font, underline: true, color: { rgb: '0B4C8C' } }, alignment: top }

const numbers = Array.from({ length: 16 }, (_, decimals): CellStyle => ({ ...plain, numFmt: decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}` }))

// As exact as the number is: a format with fewer decimals would show another number.
function numberStyle (value: number): CellStyle {
  const text = String(value)
  return text.includes('e') ? plain : numbers[text.split('.')[1]?.length ?? 0] ?? plain
}

/** In the file "_x0041_" would be read as the letter A. */
const written = (text: string) => text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')

export function place (cells: Cells, row: number, column: number, value: Cell): Cell {
  if (typeof value === 'number') cells.set(`${row},${column}`, { value, style: numberStyle(value) })
  if (typeof value !== 'string') return value
  const text = written(value)
  if (/^[=+@\t-]/.test(text)) cells.set(`${row},${column}`, { value: text, style: inert })
  // hucre writes a lone "#N/A" as an error, but never inside a rich text.
  else if (text.startsWith('#')) cells.set(`${row},${column}`, { value: text, richText: [{ text }], style: plain })
  return text
}

const longestLine = (value: Cell) => Math.max(0, ...String(value ?? '').split('\n', 50).map(line => line.length))

/** Wide enough for most, and no wider than a reader's eye goes; the rest is wrapped. */
export function widthOf ({ name }: Column, column: number, rows: Cell[][]): number {
  const widest = rows.reduce((most, row) => Math.max(most, longestLine(row[column] ?? null)), name.length)
  return Math.min(60, Math.max(12, Math.ceil(widest * 1.1) + 2))
}

const linesIn = (value: Cell, width: number) => typeof value !== 'string'
  ? 1
  : value.split('\n', 30).reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length * 1.1 / width)), 0)

/** In points, of which a row has at most 409. Not every program finds the height of wrapped texts by itself. */
const heightOf = (lines: number, line = 15.5) => ({ height: Math.min(409, lines * line) })

export const page: WriteSheet['pageSetup'] = { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 }

export function sheetOf (table: Table): WriteSheet {
  const lines = [
    table.title,
    `This sheet holds one table with ${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'}, which begins with its headings in cell A${headerRow}. Words and marks are explained on the sheet Notes.`,
    table.empty
  ]
  const widths = table.columns.map((column, i) => widthOf(column, i, table.rows))
  return { ...laidOut(lines, table, widths, { font }), freezePane: { rows: headerRow }, pageSetup: page }
}

/** Prints the headings on every page. Written out because hucre's printTitlesRow forgets to quote the name of the sheet. */
export const printedHead = ({ sheet }: Table): NamedRange => ({ name: '_xlnm.Print_Titles', scope: sheet, range: `'${sheet}'!$${headerRow}:$${headerRow}` })

/** The first sheet: lines of text, then the list of the other sheets, each a link. */
export function coverOf (lines: string[], table: Table): WriteSheet {
  const sheet = laidOut(lines, table, [80, 12, 60], plain)
  for (const [i, [name]] of table.rows.entries()) {
    const value = String(name)
    sheet.cells!.set(`${lines.length + 1 + i},0`, { value, style: link, hyperlink: { target: '', location: `'${value}'!A1` } })
  }
  return { ...sheet, pageSetup: page }
}

export function laidOut (lines: string[], table: Table, widths: number[], lineStyle: CellStyle): WriteSheet & { cells: Cells } {
  const { sheet, name, columns, rows, about } = table
  const cells: Cells = new Map()
  const wraps = lineStyle.alignment?.wrapText === true
  const heights = lines.map((line, row) => row === 0 ? heightOf(1, 20) : heightOf(wraps ? linesIn(line, widths[0]!) : 1))
  const above = lines.map((line, row) => {
    const value = written(clean(line))
    cells.set(`${row},0`, { value, style: row === 0 ? title : lineStyle })
    return [value]
  })
  const headings = columns.map(column => column.name)
  for (const [column, value] of headings.entries()) cells.set(`${lines.length},${column}`, { value, style: head })
  const body = rows.map((row, i) => row.map((value, column) => place(cells, lines.length + 1 + i, column, value)))
  for (const row of [headings, ...rows]) heights.push(heightOf(Math.max(...row.map((value, i) => linesIn(value, widths[i]!)))))
  return {
    name: sheet,
    columns: widths.map(width => ({ width, style: plain })),
    rows: [...above, headings, ...body],
    rowDefs: new Map(heights.entries()),
    cells,
    tables: [markedUp(name, columns, lines.length + 1, rows.length)],
    a11y: { summary: about, headerRow: lines.length }
  }
}

const markedUp = (name: string, columns: Column[], first: number, rows: number): TableDefinition => ({
  name,
  range: `A${first}:${colToLetter(columns.length - 1)}${first + rows}`,
  columns: columns.map(({ name }) => ({ name })),
  style: 'TableStyleLight1'
})
