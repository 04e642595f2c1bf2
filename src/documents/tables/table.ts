// A small table that people download: what its columns are and hold, declared once for the API's document, the CSV and the workbook.
import { Type, type TProperties, type TString } from '@sinclair/typebox'
import type { Cell } from '../workbook/cells.js'
import type { Column } from '../workbook/sheet.js'

/** A column of numbers holds them as numbers or as exact decimals in text; any other holds texts, never anything to be run. */
export interface DataColumn extends Column { number?: boolean }

export interface DataTable {
  /** Name of its sheet. */
  sheet: string
  /** What a row is. */
  about: string
  columns: readonly DataColumn[]
  rows: Array<Record<string, Cell>>
}

/** More is nothing that a person reads or types into, and would keep the service busy for seconds. */
export const mostRows = 20_000

/** The members of a flat row as columns: one word and one description for JSON, CSV and workbook. */
export const columnsOf = (fields: TProperties): DataColumn[] => Object.entries(fields).map(([name, { description, type }]) => ({
  name,
  about: (description as string).replaceAll(/\bnull\b/g, 'empty'),
  number: [type].flat().some(one => one === 'number' || one === 'integer')
}))

/** What the API's document says of the two formats. */
export function tableFormats (about: string, columns: readonly DataColumn[]): Record<'csv' | 'xlsx', TString> {
  const held = columns.map(column => `- \`${column.name}\`: ${column.about}`).join('\n')
  return {
    csv: Type.String({ description: `RFC 4180, UTF-8, header row. ${about} Text that a spreadsheet would run as a formula is led by an apostrophe. The columns:\n\n${held}` }),
    xlsx: Type.String({ format: 'binary', description: `A workbook with the columns of the CSV in row 1 of its first sheet and what they hold on its second, numbers as numbers, nothing as a formula. At most ${mostRows / 1000} 000 rows; a CSV takes any number.` })
  }
}
