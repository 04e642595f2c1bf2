// Whole selections as streams from one consistent state: CSV, NDJSON, and a workbook up to what one can sensibly hold.
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeXlsxStream } from 'hucre/xlsx'
import { sql } from 'kysely'
import { readStream, type State } from '../../db/bulk.js'
import { clean, written } from '../../http/cells.js'
import { reading } from '../../http/context.js'
import { mediaTypes } from '../../http/formats.js'
import { cellsOf } from '../../http/copy_text.js'
import { csvFromCopy, headings } from '../../http/csv_rows.js'
import { byteOrderMark, refusePaging, wantsMark } from '../../http/downloads.js'
import { jsonFromCopy } from '../../http/rows.js'
import { begun, tie, turned, whenClosed } from '../../http/streams.js'
import { cellKinds, columnNames, csvKinds, isFree, plainColumns } from './columns.js'
import { describedBy } from './columns_route.js'
import { orderBy, type Order, type selectFigures } from './select.js'
import { filterWarnings } from './warnings.js'

/** Rows that a workbook holds at most: more is no sheet that anybody reads. */
const mostRows = 100_000

export const exportFormats = {
  csv: Type.String({ description: 'RFC 4180, UTF-8, header row; one line a datapoint with the columns of Datapoint in its order, numbers or empty; text that a spreadsheet would run as a formula is led by an apostrophe. The columns are described at /v1/datapoints/columns, as the Link header says.' }),
  ndjson: Type.String({ description: 'One Datapoint a line, as JSON.' }),
  xlsx: Type.String({ format: 'binary', description: 'A workbook with the sheet datapoints: names of the columns in row 1, a row a datapoint, numbers as numbers, dates as text YYYY-MM-DD, nothing as a formula. Up to 100 000 rows; 413 above.' })
}

export const exportHeaders = {
  'outturn-as-of': Type.String({ description: 'Instant of the state that was read.' }),
  'outturn-cursor': Type.String({ description: 'Bookmark of that state: send it as changed_since to get what changed after it. Of a walk of several pages keep that of the first.' }),
  'outturn-warnings': Type.String({ description: 'What a page says in warnings, where the answer is no page: up to ten filters that match nothing, each as code=value with the value percent-encoded, joined by ", ".' })
}

export const announce = (reply: FastifyReply, state: State) => reply.header('outturn-as-of', state.at).header('outturn-cursor', state.cursor)

type Query = ReturnType<typeof selectFigures>

export async function sendExport (
  request: FastifyRequest,
  reply: FastifyReply,
  format: keyof typeof exportFormats,
  query: Query,
  sorted: Order,
  titles: boolean
): Promise<unknown> {
  refusePaging(request)
  whenClosed(reply.raw, request.server.places.downloads(request.actor))
  const columns = plainColumns(titles).map((value, i) => sql`${value} as ${sql.ref(`c${i}`)}`)
  const rows = query.select(columns as never).orderBy(orderBy(sorted)).compile()
  const warnings = await filterWarnings(reading(request), request.query as Record<string, unknown>)
  const { stream, state } = await readStream(request.source, rows, format === 'xlsx' ? most(request, query) : undefined)
  tie(reply.raw, stream)
  if (request.method !== 'HEAD') await begun(stream)
  announce(reply, state)
    .header('content-type', format === 'csv' ? `${mediaTypes.csv}; charset=utf-8; header=present` : mediaTypes[format])
    .header('content-disposition', `${format === 'xlsx' ? 'attachment' : 'inline'}; filename="datapoints.${format}"`)
  if (warnings.length > 0) reply.header('outturn-warnings', warnings.slice(0, 10).map(({ code, value }) => `${code}=${encodeURIComponent(value)}`).join(', '))
  if (format === 'csv') reply.header('link', describedBy(request, titles))
  if (request.method === 'HEAD') return sendHead(reply, stream)
  return reply.send(bodies[format](stream, titles, request.query as { excel?: string }))
}

/** Nothing is sent, and no length is told: that of the answer to GET is not known, and it is not zero. */
function sendHead (reply: FastifyReply, stream: Readable): FastifyReply {
  stream.destroy()
  return reply.send(Readable.from([]))
}

/** Counted before the first byte, and no further than the answer needs. */
const most = (request: FastifyRequest, query: Query) => ({
  rows: mostRows,
  counted: request.source.db.selectFrom(query.select(sql`1`.as('one')).limit(mostRows + 1).as('some')).select(eb => eb.fn.countAll().as('total')).compile(),
  refuse: `The selection has more than the ${mostRows} rows that a workbook holds. Narrow it with filters, or ask for format=csv, which has no limit.`
})

const bodies: Record<keyof typeof exportFormats, (stream: Readable, titles: boolean, query: { excel?: string }) => Readable> = {
  csv: (stream, titles, query) => {
    const body = turned(stream, csvFromCopy(csvKinds(titles)))
    body.unshift(headings(columnNames(titles)))
    if (wantsMark(query)) body.unshift(byteOrderMark)
    return body
  },
  ndjson: (stream, titles) => turned(stream, jsonFromCopy(cellKinds(titles), '\n')),
  xlsx: (stream, titles) => {
    // Of the format "text", so that what looks like a formula does not become one when somebody edits the cell.
    const columns = columnNames(titles).map(name => ({ header: name, ...(isFree(name) && { numFmt: '@' }) }))
    return Readable.fromWeb(writeXlsxStream(sheetRows(stream, titles), { name: 'datapoints', columns, freezePane: { rows: 1 } }) as ReadableStream)
  }
}

async function * sheetRows (stream: Readable, titles: boolean) {
  const kinds = cellKinds(titles).map(([, kind]) => kind)
  let rest = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + (chunk as string)).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield cellsOf(line).map((text, i) => cell(text, kinds[i]!))
  }
}

function cell (text: string | null, kind: string): string | number | boolean | null {
  if (text === null || text === '') return null
  return kind === 'number' ? Number(text) : kind === 'boolean' ? text === 't' : written(clean(text))
}
