// From a table with a header to rows of the wire: which column is which, however its heading is written, and what each
// cell means. CSV and sheets alike.
import { nearest } from '../../db/nearest.js'
import type { Row, RowFault } from '../datapoints/row.js'
import { DatapointRow } from '../datapoints/schema.js'
import type { SourceRow } from '../datapoints/source.js'
import { resolve } from '../../http/schema.js'
import { readDate, readNumber, readTruth, readValue, readWord } from './cells.js'

export type Cells = Array<string | null>

/** A row as a person sees it. */
export interface TableRow { place: number, cells: Cells }

const members = new Set(Object.keys(resolve(DatapointRow).properties as object))

/** Columns of a return that are there to be read, and come back with it. */
const companions = ['plan', 'plan_measure', 'ref', 'last_period', 'last_value', 'last_numerator', 'last_denominator', 'last_status', 'last_missing']

/** What rejected.csv adds to a row. */
export const reported = ['row', 'problems'] as const

/** Whether a column was added by an earlier rejected.csv. */
export const isReported = (heading: string | null) => (reported as readonly string[]).includes(nameOf(heading))

const ignored = new Set(['period_kind', 'shorthand', 'revision', 'revised', 'recorded_at', 'measure_title', 'area_title', ...companions, ...reported])
const known = (name: string) => members.has(name) || ignored.has(name)
const required = ['measure', 'area', 'period'] as const
const numbers = new Set(['value', 'numerator', 'denominator', 'lower_95', 'upper_95'])
const wholes = new Set(['rank_of', 'expected_revision', 'per'])
const enums = new Set(['statistic', 'bound', 'status', 'missing', 'rank_basis', 'unit'])
const texts = new Set(['period_label', 'printed', 'note', 'source', 'reason'])

const trimmed = (cell: string | null | undefined) => cell === null || cell === undefined ? '' : cell.trim()

/** "Lower 95 " is lower_95. */
const nameOf = (heading: string | null | undefined) => trimmed(heading).replace(/^'/, '').toLowerCase().replaceAll(/[\s-]+/g, '_')

/** How many of a row's cells name a column that is known: what a header is recognised by. */
export const headings = (cells: Cells) => new Set(cells.map(nameOf).filter(known)).size

/** An apostrophe that keeps a text from being run as a formula is no part of it. */
const unescaped = (text: string) => text.startsWith("'") && /^'[=+@\t\r-]/.test(text) ? text.slice(1) : text

interface Column { name: string, heading: string, known: boolean, twice: boolean }

export interface TableReader {
  /** The headings as they were written. */
  header: Cells
  read (row: TableRow): SourceRow & { cells: Cells }
  /** Number of the column with this name, from 0. */
  columnOf (name: string): number | undefined
}

/** Headings for which it is looked what was meant. */
const guessed = 50
const longestGuessed = 80

/** What the columns are called in spreadsheets that were not made for this. */
const elsewhere = {
  measure: ['indicator', 'kpi'],
  area: ['area_code', 'authority', 'district', 'geography', 'ward'],
  period: ['date', 'month', 'quarter', 'year'],
  value: ['actual', 'figure', 'outturn', 'result']
}

/** `decimalCommas`: by what separates the cells, a comma in a number may be either. */
export function tableReader (header: Cells, decimalCommas = false): TableReader {
  const before = new Set<string>()
  const columns = header.map((heading): Column => {
    const name = nameOf(heading)
    const twice = name !== '' && before.has(name)
    before.add(name)
    return { name: known(name) ? name : trimmed(heading), heading: trimmed(heading), known: known(name), twice }
  })
  const lacking = required.filter(name => !columns.some(column => column.name === name))
    .map((column): RowFault => ({ code: 'missing_column', detail: `The table has no column '${column}'. Its first row must hold the names of the columns.`, column }))
  const isReturn = columns.some(({ name }) => companions.includes(name))
  const strangers = columns.filter(column => !column.known && column.heading.length <= longestGuessed).slice(0, guessed)
  const free = [...members].filter(name => !columns.some(column => column.name === name))
  const guesses = new Map(strangers.map(({ heading }) => [heading, meantBy(nameOf(heading), free)]))
  return {
    header,
    columnOf: name => {
      const found = columns.findIndex(column => column.name === name)
      return found === -1 ? undefined : found
    },
    read: ({ place, cells }) => {
      const { row, faults, percents, empty } = readRow(cells, columns, guesses, decimalCommas)
      if (isReturn && empty) return { place, row, cells, blank: true }
      return { place, row, cells, faults: lacking.length === 0 ? faults : [...lacking, ...faults], ...(percents.length > 0 && { percents }) }
    }
  }
}

function meantBy (name: string, free: string[]): string | undefined {
  const [meant] = Object.entries(elsewhere).find(([, names]) => names.includes(name)) ?? []
  if (meant === undefined) return nearest(name, free)
  return free.includes(meant) ? meant : undefined
}

function readRow (cells: Cells, columns: Column[], guesses: Map<string, string | undefined>, decimalCommas: boolean) {
  const row: Row = {}
  const faults: RowFault[] = []
  const percents: string[] = []
  let empty = true
  for (let i = 0; i < cells.length; i++) {
    const raw = cells[i]
    if (raw === null || raw === undefined || raw === '') continue
    const text = unescaped(raw.trim())
    if (text === '') continue
    const column = columns[i]
    if (column === undefined) {
      faults.push(unknownColumn(column, guesses, columns.length))
      empty = false
      break
    }
    // Something was typed here, even if not where it should be.
    if (!column.known || column.twice) empty = false
    if (!column.known) faults.push(unknownColumn(column, guesses, columns.length))
    else if (column.twice) faults.push({ code: 'unknown_column', detail: `The column '${column.heading}' stands twice in the table. Keep one of them.`, column: column.name })
    else if (!ignored.has(column.name)) {
      if (decimalCommas && numbers.has(column.name) && oneComma.test(text)) faults.push(eitherComma(column.name, text))
      else readCell(row, column.name, text, raw, percents, faults)
      if (!keyColumns.has(column.name)) empty = false
    }
  }
  for (const name of required) {
    if (row[name] === undefined && columns.some(column => column.name === name)) {
      faults.push({ code: 'missing_column', detail: `The cell of '${name}' is empty. Fill it in.`, column: name })
    }
  }
  return { row, faults, percents, empty }
}

const oneComma = /^[^\d]*\d{1,3},\d{3}[^\d]*$/

const eitherComma = (column: string, text: string): RowFault => ({
  code: 'invalid_value',
  detail: `'${text.slice(0, 60)}' may be ${text.replace(',', '').slice(0, 60)} or ${text.replace(',', '.').slice(0, 60)} in a table separated by ";". Write it without a comma.`,
  column,
  value: text
})

/** What names a figure, and what only echoes it, is nothing that was typed into a return. */
const keyColumns = new Set(['measure', 'area', 'period', 'breakdown', 'statistic', 'against', 'base_period', 'unit', 'per', 'period_start', 'period_end', 'period_label'])

function unknownColumn (column: Column | undefined, guesses: Map<string, string | undefined>, width: number): RowFault {
  if (column === undefined || column.heading === '') {
    return { code: 'unknown_column', detail: `The row has something in a column that has no heading; ${width} columns have one. Perhaps a separator stands in a text that should be quoted.`, column: null }
  }
  const meant = guesses.get(column.heading)
  return { code: 'unknown_column', detail: `There is no column '${column.heading}' here.${meant === undefined ? ' Take it out.' : ` Did you mean '${meant}'?`}`, column: column.heading, ...(meant !== undefined && { suggestion: meant }) }
}

function readCell (row: Row, name: string, text: string, raw: string, percents: string[], faults: RowFault[]): void {
  if (numbers.has(name)) readValue(row, name, text, percents, faults)
  else if (texts.has(name)) row[name] = unescaped(raw)
  else if (wholes.has(name)) {
    const found = readNumber(text)
    row[name] = typeof found === 'object' && !found.percent ? found.number : text
  } else if (enums.has(name)) row[name] = readWord(name, text)
  else if (name === 'deleted') row[name] = readTruth(text) ?? text
  else if (name === 'qualifiers') row[name] = text.split(/[;,]/).map(one => readWord(name, one.trim()).replaceAll(' ', '_')).filter(one => one !== '')
  else if (name === 'breakdown') readBreakdown(row, text, faults)
  else if (name === 'period_start' || name === 'period_end') row[name] = readDate(text)
  else row[name] = text
}

function readBreakdown (row: Row, text: string, faults: RowFault[]): void {
  const pairs = text.split(';').map(pair => pair.split('=').map(part => part.trim()))
  if (text.toLowerCase() === 'none') row.breakdown = {}
  else if (pairs.every(pair => pair.length === 2 && pair[0] !== '' && pair[1] !== '') && new Set(pairs.map(pair => pair[0])).size === pairs.length) row.breakdown = Object.fromEntries(pairs as Array<[string, string]>)
  else faults.push({ code: 'invalid_value', detail: `'${text.slice(0, 60)}' is not a breakdown. Write dimension=value, such as subject=reading; several joined by ";", each dimension once.`, column: 'breakdown', value: text })
}
