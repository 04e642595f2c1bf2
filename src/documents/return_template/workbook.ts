// A template as a workbook: the table first, because a delivery is read from the first sheet, with its headings in row 1;
// then how to fill it in and send it back. Codes are texts, so that no program takes "2016-17" for a date.
import { colToLetter, writeXlsx, type WriteSheet } from 'hucre/xlsx'
import { mediaTypes } from '../../http/formats.js'
import { problem } from '../../problems.js'
import { missings, statuses } from '../../resources/datapoints/schema.js'
import { listed, missingWords, plain as words } from '../report/words.js'
import { clean, type Cell } from '../workbook/cells.js'
import { defaultFont, head, laidOut, page, place, plain, widthOf, type Cells } from '../workbook/sheet.js'
import { aboutOf, columns, numbers, toFill, type ColumnName, type Row } from './columns.js'
import type { ReturnTemplate } from './read.js'

export interface Sending { origin: string, file: string }

/** More is nothing that a person types into, and would keep the service busy for seconds. */
const mostRows = 20_000

export async function workbookOf (template: ReturnTemplate, sending: Sending): Promise<Uint8Array> {
  const { organisation, rows } = template
  if (rows.length > mostRows) throw problem('too_large', `The template has ${rows.length} rows, and a workbook takes ${mostRows}. Ask for format=csv.`)
  return await writeXlsx({
    sheets: [tableOf(rows), guideOf(template, sending)],
    properties: { title: `Return of ${organisation.title}`, subject: organisation.code, custom: { Language: 'en-GB' } },
    defaultFont
  })
}

const cellOf = (name: ColumnName, text: string | null): Cell => text === null ? null : numbers.has(name) ? Number(text) : clean(text)

// Not wrapped: one figure a line, as a person types down a column.
const typed = { font: defaultFont, alignment: { vertical: 'top' } } as const
const text = { ...typed, numFmt: '@' }

function tableOf (rows: Row[]): WriteSheet {
  const cells: Cells = new Map(columns.map((value, column) => [`0,${column}`, { value, style: head }]))
  const body = rows.map(row => columns.map(name => cellOf(name, row[name])))
  return {
    name: 'Return',
    columns: columns.map((name, column) => ({ width: widthOf({ name, about: '' }, column, body), style: numbers.has(name) ? typed : text })),
    rows: [[...columns], ...body.map((row, i) => row.map((value, column) => place(cells, i + 1, column, value)))],
    cells,
    freezePane: { rows: 1 },
    autoFilter: { range: `A1:${colToLetter(columns.length - 1)}${rows.length + 1}` },
    dataValidations: rows.length === 0 ? [] : [choice('status', statuses, rows.length), choice('missing', missings, rows.length)],
    pageSetup: page,
    a11y: { summary: 'The figures to fill in, one a row.', headerRow: 0 }
  }
}

function choice (name: ColumnName, values: readonly string[], rows: number): NonNullable<WriteSheet['dataValidations']>[number] {
  const column = colToLetter(columns.indexOf(name))
  return {
    type: 'list',
    range: `${column}2:${column}${rows + 1}`,
    values: [...values],
    allowBlank: true,
    showErrorMessage: true,
    errorStyle: 'stop',
    errorTitle: name,
    errorMessage: `Choose a word from the list, or leave the cell empty. The sheet ${guide} says what the words mean.`
  }
}

const guide = 'How to fill this in'

/** Instructions as lines of text, then what each column holds. */
function guideOf (template: ReturnTemplate, sending: Sending): WriteSheet {
  const table = {
    sheet: guide,
    name: 'columns',
    title: guide,
    about: 'A column of the sheet Return, and what it holds.',
    empty: '',
    columns: [{ name: 'Column', about: '' }, { name: 'To fill in', about: '' }, { name: 'What it holds', about: '' }],
    rows: columns.map(name => [name, (toFill as readonly string[]).includes(name) ? 'yes' : 'no', clean(aboutOf(name))])
  }
  return { ...laidOut([guide, ...instructions(template, sending)], table, [80, 12, 70], plain), pageSetup: page }
}

function instructions ({ organisation, asked, rows }: ReturnTemplate, { origin, file }: Sending): string[] {
  const blank = [...new Set([...asked.unread.values()].map(({ detail }) => detail))]
  return [
    `The sheet Return has a row for each figure that ${organisation.title} answers for. ${rows.length === 0 ? 'Now there is none.' : `There are ${rows.length}.`}`,
    `Type into the columns ${listed([...toFill])}. Leave the other columns as they are: they say which figure a row is.`,
    'A percentage is typed as 17.2, not as 0.172. A zero is a figure: where there is none, leave value empty and choose in missing why.',
    'Where the figure is not there, TBC, n/a, [c] and the like are understood in value as well.',
    `Words for missing: ${meanings(missings, missingWords)}.`,
    `Words for status: ${meanings(statuses, words)}.`,
    `A row in which ${listed([...toFill])} are all left blank is passed over: it changes nothing.`,
    'The columns that begin with last_ show the latest figure that is held, to compare with. A figure that is typed for the same period replaces it, and the old one is kept as an earlier revision.',
    ...(rows.some(row => row.period === null) ? ['Where the column period is empty, type the period of the figure there, such as 2016/17 or FY2016.'] : []),
    ...blank.map(detail => `The period that was asked for is not filled in everywhere. ${detail}`),
    'Save the workbook and send it back as it is: only its first sheet is read. On a command line that is, with your key in place of KEY:',
    `curl "${origin}/v1/datapoint-imports" -H "Authorization: Bearer KEY" -H "Content-Type: ${mediaTypes.xlsx}" --data-binary "@${file}"`,
    'With ?dry_run=true after the address everything is checked and nothing is written. The answer says what was recorded, and names every cell that has a fault.',
    'The columns:'
  ]
}

/** "tbc (to be confirmed), suppressed": a word that says it all is not explained. */
const meanings = (codes: readonly string[], wordsOf: (code: string) => string) => codes.map(code => {
  const meaning = wordsOf(code).replace(`${code}: `, '')
  return meaning === words(code) ? code : `${code} (${meaning})`
}).join(', ')
