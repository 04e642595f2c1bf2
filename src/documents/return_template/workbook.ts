// A template as a workbook: the table first, because a delivery is read from the first sheet, with its headings in row 1;
// then how to fill it in and send it back.
import { colToLetter, type WriteSheet } from 'hucre/xlsx'
import { mediaTypes } from '../../http/formats.js'
import { missings, statuses } from '../../resources/datapoints/schema.js'
import { listed, missingWords, plain as words } from '../report/words.js'
import { columnSheet, dataSheet, writeTable } from '../tables/workbook.js'
import { columns, tableColumns, toFill, type ColumnName } from './columns.js'
import type { ReturnTemplate } from './read.js'

export interface Sending { origin: string, file: string }

export const workbookOf = async (template: ReturnTemplate, sending: Sending): Promise<Uint8Array> =>
  await writeTable(sheetOf(template), [guideOf(template, sending)], { title: `Return of ${template.organisation.title}`, subject: template.organisation.code })

const sheetOf = ({ rows }: ReturnTemplate): WriteSheet => ({
  ...dataSheet({ sheet: 'Return', about: 'The figures to fill in, one a row.', columns: tableColumns, rows }),
  dataValidations: rows.length === 0 ? [] : [choice('status', statuses, rows.length), choice('missing', missings, rows.length)]
})

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
const guideOf = (template: ReturnTemplate, sending: Sending): WriteSheet => columnSheet(guide, instructions(template, sending), tableColumns, [
  { name: 'To fill in', of: ({ name }) => (toFill as readonly string[]).includes(name) ? 'yes' : 'no' }
])

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
