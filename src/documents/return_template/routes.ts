// GET of the template: which figures an organisation owes, as a file to fill in and send back.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { reading } from '../../http/context.js'
import { sendTable } from '../../http/downloads.js'
import { formatOf, mediaTypes } from '../../http/formats.js'
import { codeParam, excelParam, formatParam, operation } from '../../http/operation.js'
import { origin } from '../../http/pages.js'
import { csvOf } from '../tables/csv.js'
import { columns, tableColumns } from './columns.js'
import { readTemplate, type ReturnTemplate } from './read.js'
import { workbookOf } from './workbook.js'

const Workbook = Type.String({ contentMediaType: mediaTypes.xlsx, description: 'A workbook: the table on its first sheet with its headings in row 1, then how to fill it in and send it back. At most 20 000 rows; a CSV takes any number.' })
const Csv = Type.String({ description: `RFC 4180, UTF-8, header row; the columns ${columns.join(', ')}. Text that a spreadsheet would run as a formula is led by an apostrophe.` })

export function returnTemplateRoute (app: FastifyInstance): void {
  app.get('/v1/organisations/:organisation/return-template', operation({
    id: 'getReturnTemplate',
    tag: 'organisations',
    summary: 'Get a template to fill in with figures',
    description: 'A file that comes back unchanged as a delivery of figures (POST /v1/datapoint-imports). It has a row for each measure that a plan lists with the organisation as lead, data_provider or delivery, or that names it as its data_provider: one for the area of the line, one for each area inside it that has figures, and one for each breakdown of the latest broken-down period there. A measure on several lines has its rows once. Retired measures, and superseded and archived plans, are left out. The columns value, numerator, denominator, status, missing and note are blank, to be typed into; those that begin with last_ show the latest figure with a date up to the period asked for.',
    role: 'public',
    params: { organisation: codeParam('Code of the organisation.', 'nottingham-city-ccg') },
    query: {
      period: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'The period to fill in: a period code, or a spelling as generous as in a delivery, which each measure reads by its year_kind: "2017/18" is FY2017, of an academic measure AY2017. Where it can mean two periods of a measure, its cells are left empty, to be typed; where it is a period of none, it is refused. Left out: all period cells are empty.', examples: ['2017/18'] })),
      format: formatParam(['xlsx', 'csv']),
      excel: excelParam
    },
    answers: { 200: { schema: Workbook, description: 'The template.', media: mediaTypes.xlsx } },
    formats: { xlsx: Workbook, csv: Csv },
    problems: ['not_found', 'too_large']
  }), async (request, reply) => {
    const format = formatOf(request)
    const { organisation } = request.params as { organisation: string }
    const template = await readTemplate(reading(request), organisation, (request.query as { period?: string }).period)
    const name = fileOf(template)
    return sendTable(request, reply, format, name, {
      csv: () => csvOf({ columns: tableColumns, rows: template.rows }),
      xlsx: () => workbookOf(template, { origin: origin(request), file: `${name}.xlsx` })
    })
  })
}

/** Named after the period where all rows have the same. */
function fileOf ({ organisation, rows }: ReturnTemplate): string {
  const periods = [...new Set(rows.map(row => row.period))]
  return [organisation.code, ...(periods.length === 1 && periods[0] !== null ? periods : []), 'return'].join('-')
}
