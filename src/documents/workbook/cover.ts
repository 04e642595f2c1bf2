// The first two sheets and the last: what the workbook is and holds, what its words and marks mean, what its columns are.
import type { BundleBody } from '../bundle_schema.js'
import type { Report } from '../report/view.js'
import type { Table } from './sheet.js'

export function coverLines ({ heading, links }: Report, bundle: BundleBody, origin: string): string[] {
  const { about } = heading
  const frozen = about.kind === 'publication' ? about : null
  return [
    heading.title,
    ...said('Edition', heading.edition),
    `Owner: ${heading.owner}`,
    `Area: ${heading.area ?? 'not stated'}`,
    `Period: ${heading.period ?? 'not stated'}`,
    `Status: ${heading.status}`,
    heading.asAt,
    ...said('Note on the publication', frozen?.note),
    ...said('Digest of what was published', frozen?.digest),
    ...said('Note', heading.note),
    `Source: ${origin}${links.bundle}, the same contents as JSON. The code of the plan is ${heading.plan}.`,
    ...(bundle.partial === true ? ['Parts of the plan are hidden from whoever asked for this workbook, and are not in it.'] : []),
    'Each of the other sheets holds one table. The table below lists them, with the number of rows and what a row is.'
  ]
}

const said = (what: string, text: string | null | undefined) => text == null ? [] : [`${what}: ${text}`]

export const contents = (tables: Table[]): Table => ({
  sheet: 'Cover',
  name: 'contents',
  title: '',
  about: '',
  empty: '',
  columns: [{ name: 'Sheet', about: '' }, { name: 'Rows', about: '' }, { name: 'What a row is', about: '' }],
  rows: tables.map(({ sheet, rows, about }) => [sheet, rows.length, about])
})

const terms: Array<[string, string]> = [
  ['Line', 'One printed line of the plan that lists a measure. A measure exists once and may be listed in many plans.'],
  ['Missing figures', 'A figure that is missing is never written as 0. Its cell of numbers is empty, and the words in Why missing (on the sheet Figures: missing) say why.'],
  ['Empty cells', 'The third line of each sheet says what an empty cell of that sheet means.'],
  ['Numbers', 'Cells of numbers hold numbers, with as many decimals as were given. A percentage is 17.2, not 0.172.'],
  ['Dates', 'Days are written as year-month-day, such as 2018-03-31.'],
  ['Period codes', 'FY2016 is the financial year from April 2016 to March 2017, AY2016 the academic year from September 2016 to August 2017, CY2016 the calendar year; Q1 to Q4 are quarters; D2018-03-31 is the state on that day. The columns period_start and period_end of the sheet Figures give first and last day.'],
  ['Latest', 'The latest figure with a date, of the kind of period that the measure is due for.'],
  ['Codes', 'Organisations, areas and measures stand as codes on the sheets with headings in small letters; the sheets Organisations, Areas and Definitions give their names. Headings in small letters are the names of the same members in the JSON.'],
  ['Lists', 'Several things in one cell are joined by semicolons. An organisation is written as its role and its code: lead: nottingham-city-council. Other members are written as name=value.'],
  ['Long texts', 'A text that is longer than a cell can hold (32,767 characters) is cut, and says so at its end.'],
  ['Formulas', 'There are none. A text that begins with =, +, - or @ is a text.']
]

export const notes = ({ symbols }: Report): Table => ({
  sheet: 'Notes',
  name: 'notes',
  title: 'Notes',
  about: 'A word or a mark that is used in this workbook, and what it means.',
  empty: 'No cell of this table is empty.',
  columns: [{ name: 'Word or mark', about: 'The word or mark.' }, { name: 'Meaning', about: 'What it means.' }],
  rows: [...terms, ...symbols.map(({ mark, meaning }) => [mark, meaning])]
})

/** What every column of every sheet holds. */
export const columnsTable = (tables: Table[]): Table => ({
  sheet: 'Columns',
  name: 'columns',
  title: 'Columns',
  about: 'A column of a sheet, and what it holds.',
  empty: 'No cell of this table is empty.',
  columns: [{ name: 'Sheet', about: 'The sheet.' }, { name: 'Column', about: 'Its heading.' }, { name: 'What it holds', about: 'What it holds.' }],
  rows: tables.flatMap(({ sheet, columns }) => columns.map(({ name, about }) => [sheet, name, about]))
})
