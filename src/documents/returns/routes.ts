// Who owes which figures by when: a list as pages, CSV or a workbook, and how each organisation stands.
import { Type, type TProperties } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cut } from '../../db/keyset.js'
import { reading } from '../../http/context.js'
import { refusePaging, sendTable } from '../../http/downloads.js'
import { formatOf } from '../../http/formats.js'
import { codeParam, excelParam, formatParam, operation } from '../../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../../http/pages.js'
import { date, enumOf, instant } from '../../http/schema.js'
import { today } from '../../http/today.js'
import { filterWarnings } from '../../resources/datapoints/warnings.js'
import { csvOf } from '../tables/csv.js'
import { columnsOf, tableFormats } from '../tables/table.js'
import { workbookOf } from '../tables/workbook.js'
import { readReturns, type Wanted } from './read.js'
import { compareKeys, keyOf, standings } from './rules.js'
import { fields, ReturnPage, ReturnSummary, states } from './schema.js'

const columns = columnsOf(fields)
const about = 'One row a figure that an organisation owes.'

const filters: TProperties = {
  organisation: Type.Optional(codeParam('Only what this organisation owes.')),
  plan: Type.Optional(codeParam('Only what this plan asks for.')),
  measure: Type.Optional(codeParam('Only figures of this measure.')),
  on: Type.Optional(date('The day for which it is decided what is overdue; today, in UTC, where left out.')),
  as_of: Type.Optional(instant('What had arrived as it was known at this instant; as it is now where left out. Plans and measures are always as they are now.'))
}

const rule = 'A line of a plan asks for a figure for each period of the frequency of its measure (years, halves and quarters of the year_kind, financial where it has none) that lies wholly inside the period of the plan, in the area of the line, else of the plan. It is owed by the data_provider of the line, where there is none by that of the measure, then by those who lead, then by those who deliver: by each where there are several. Superseded and archived plans, plans without a period, lines without an area, and measures that are no longer or not yet active or have no regular frequency ask for nothing. A figure is received when a level figure with the same first and last day is held, of whatever kind its period is, whole or broken down; for a measure as at a day also one at the last day, for a cumulative one also one for the year so far. A forecast or projection is not the figure yet, nor is a missing that is tbc, new_indicator, not_yet_published or not_stated; any other missing is an answer.'

export function returnRoutes (app: FastifyInstance): void {
  app.get('/v1/returns', operation({
    id: 'listReturns',
    tag: 'returns',
    summary: 'List who owes which figures by when',
    description: `By organisation and due date. ${rule} JSON comes in pages; CSV and xlsx hold the whole selection and take no limit, cursor or count.`,
    role: 'public',
    query: { ...pageQuery, ...filters, state: Type.Optional(enumOf(states, 'Only returns in this state.')), format: formatParam(['json', 'csv', 'xlsx']), excel: excelParam },
    answers: { 200: { schema: ReturnPage, description: 'A page, or the whole selection in another format.', headers: pageHeaders } },
    formats: { json: ReturnPage, ...tableFormats(about, columns) },
    problems: ['expired_cursor', 'too_large']
  }), async (request, reply) => formatOf(request) === 'json' ? sendPage(request, reply) : sendWhole(request, reply))

  app.get('/v1/returns/summary', operation({
    id: 'getReturnSummary',
    tag: 'returns',
    summary: 'Get how organisations stand with their returns',
    description: 'For each organisation how many figures are expected, received and overdue, and what share of those that are due came in time. What is owed and received is decided as in the list of returns.',
    role: 'public',
    query: filters,
    answers: { 200: { schema: ReturnSummary, description: 'The standing of each organisation.' } },
    problems: []
  }), async request => {
    const wanted = wantedOf(request)
    return { on: wanted.on, organisations: standings(wanted.on, await readReturns(reading(request), wanted)) }
  })
}

const wantedOf = (request: FastifyRequest): Wanted => ({ on: today(), ...request.query as Partial<Wanted> })

async function sendPage (request: FastifyRequest, reply: FastifyReply) {
  const page = pageRequest(request)
  const all = await readReturns(reading(request), wantedOf(request))
  const { after } = page
  const rest = after === null ? all : all.filter(one => compareKeys(keyOf(one), after) > 0)
  const warnings = await filterWarnings(reading(request), request.query as Record<string, unknown>)
  return pageBody(request, reply, { ...cut(rest, page, keyOf), ...(page.count && { total: all.length }) }, warnings)
}

async function sendWhole (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  refusePaging(request)
  const wanted = wantedOf(request)
  const table = { sheet: 'Returns', about, columns, rows: await readReturns(reading(request), wanted) }
  return sendTable(request, reply, formatOf(request), `returns-${wanted.on}`, {
    csv: () => csvOf(table),
    xlsx: () => workbookOf(table, { title: `Returns on ${wanted.on}` })
  })
}
