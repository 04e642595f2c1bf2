// Pushing datapoints: deliveries with their receipts.
import { Type, type Static } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cut } from '../../db/keyset.js'
import { idempotencyKey, posting, reading } from '../../http/context.js'
import { gate } from '../../http/gate.js'
import { jsonReader } from '../../http/json.js'
import { operation, ProblemBody } from '../../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../../http/pages.js'
import { enumOf } from '../../http/schema.js'
import { spoolBodies, spooledBody, withSpool } from '../../http/spooling.js'
import type { Spool } from '../../http/spool.js'
import { importDatapoints } from './import.js'
import { limits, readBody } from './read.js'
import { countReceipts, findImport, findRejected, listReceipts } from './receipts.js'
import { revertImport } from './revert.js'
import { DatapointImport, ImportReceipt, ImportReceiptPage, ImportRejection, Lines, Rejected, Sheet, Table } from './schema.js'

const path = '/v1/datapoint-imports'
const params = { id: Type.String({ minLength: 1, maxLength: 40, description: 'Id of the delivery.' }) }

/** Deliveries carried out at once, so that they leave connections to others, and how long one waits for its turn. */
const atOnce = 4
const patience = 60_000

export function datapointImportRoutes (app: FastifyInstance): void {
  app.register(async scope => importRoute(scope))
  receiptRoutes(app)
  revertRoute(app)
}

type Receipt = Static<typeof ImportReceipt>

interface ImportQuery { mode?: 'atomic' | 'partial', dry_run?: boolean }

function importRoute (app: FastifyInstance): void {
  const deliveries = gate(atOnce, patience)
  const json = jsonReader(app)
  spoolBodies(app, limits)
  app.post(path, {
    ...spooledBody(limits),
    ...operation({
      id: 'importDatapoints',
      tag: 'datapoints',
      summary: 'Push datapoints',
      description: `A delivery of figures: JSON up to 10 MB, NDJSON or CSV up to 1 GB, the first sheet of an xlsx up to 50 MB; gzip is taken (Content-Encoding), and counts as unpacked. Each row is a correction: what it leaves out stays as stored, and a row that says what is stored is unchanged, so a delivery can be sent again. Every fault of every row is answered at once, grouped by cause. atomic, the default, writes all rows or none; partial writes the good ones.

CSV and xlsx have a header row with the names of columns; commas, semicolons and tabs separate; a blank cell is not supplied. Numbers may have thousands separators and percent signs; words and marks such as TBC, n/a, [c], [x] in value become missing.`,
      role: 'contributor',
      query: {
        mode: Type.Optional(Type.Unsafe<'atomic' | 'partial'>({ ...enumOf(['atomic', 'partial'], 'atomic: all rows or none; partial: the good rows.'), default: 'atomic' })),
        dry_run: Type.Optional(Type.Boolean({ default: false, description: 'true: run every check, write nothing, answer as the real run would.' }))
      },
      headers: idempotencyKey,
      body: DatapointImport,
      otherMedia: { 'application/x-ndjson': Lines, 'text/csv': Table, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': Sheet },
      answers: {
        200: { schema: ImportReceipt, description: 'The receipt.' },
        422: { schema: Type.Union([ImportRejection, ProblemBody]), description: '`import_rejected`: rows have faults and nothing was written; `idempotency_mismatch`: the Idempotency-Key was used for something else', media: 'application/problem+json' }
      },
      problems: ['conflict', 'too_large', 'unsupported_media_type']
    })
  }, (request, reply) => withSpool(request, spool => deliveries.pass(() => carryOut(request, reply, spool, bytes => json(request, bytes)))))
}

async function carryOut (request: FastifyRequest, reply: FastifyReply, spool: Spool, json: (bytes: Buffer) => Promise<unknown>): Promise<unknown> {
  const { mode = 'atomic', dry_run: dryRun = false } = request.query as ImportQuery
  const { faults } = request.server
  const body = await readBody(spool, { json, envelope: value => faults('DatapointImport', value) })
  const options = { mode, dry_run: dryRun, url: request.url, check: (row: unknown) => faults('DatapointRow', row) }
  // Nothing is made where an answer is given once more.
  let receipt: Receipt | undefined
  const answer = await posting(request, reply, async ctx => {
    const made = await importDatapoints(ctx, body, options)
    receipt = made.body as Receipt
    return made
  }, spool.digest)
  if (receipt !== undefined) request.server.metrics.delivered(receipt.result, receipt.counts)
  return answer
}

function receiptRoutes (app: FastifyInstance): void {
  app.get(path, operation({
    id: 'listDatapointImports',
    tag: 'datapoints',
    summary: 'List deliveries',
    description: "Receipts of the caller's own deliveries, newest first; administrators see all.",
    role: 'contributor',
    query: pageQuery,
    answers: { 200: { schema: ImportReceiptPage, description: 'A page.', headers: pageHeaders } },
    problems: ['expired_cursor']
  }), async (request, reply) => {
    const page = pageRequest(request)
    const rows = await listReceipts(reading(request), page.limit, page.after === null ? null : String(page.after[0]))
    const { items, next } = cut(rows, page, row => [row.id])
    const total = page.count ? { total: await countReceipts(reading(request)) } : {}
    return pageBody(request, reply, { items: items.map(row => row.receipt), next, ...total }, [])
  })

  app.get(`${path}/:id`, operation({
    id: 'getDatapointImport',
    tag: 'datapoints',
    summary: 'Get a delivery',
    description: 'The receipt as it was answered.',
    role: 'contributor',
    params,
    answers: { 200: { schema: ImportReceipt, description: 'The receipt.' } },
    problems: ['not_found']
  }), async request => (await findImport(reading(request), (request.params as { id: string }).id)).receipt)

  app.get(`${path}/:id/rejected.csv`, operation({
    id: 'getRejectedRows',
    tag: 'datapoints',
    summary: 'Get the rejected rows of a delivery',
    description: 'The rows that have faults, with the columns they came with, and two more: row, where it stood, and problems, what is wrong with it in which column. Corrected, it can be sent as it is. Lists at most 50 000 rows.',
    role: 'contributor',
    params,
    answers: { 200: { schema: Rejected, description: 'The rows.', media: 'text/csv' } },
    formats: { csv: Rejected },
    problems: ['not_found']
  }), async (request, reply) => reply.type('text/csv; charset=utf-8; header=present')
    .header('content-disposition', 'attachment; filename="rejected.csv"').send(await findRejected(reading(request), (request.params as { id: string }).id)))
}

function revertRoute (app: FastifyInstance): void {
  app.post(`${path}/:id/revert`, operation({
    id: 'revertDatapointImport',
    tag: 'datapoints',
    summary: 'Take a delivery back',
    description: 'Writes the figures of the delivery back as they were before it, as new revisions; figures that were new are withdrawn. Refused as a whole, with their addresses, where figures were changed since. The answer is a receipt of its own.',
    role: 'contributor',
    params,
    headers: idempotencyKey,
    answers: { 200: { schema: ImportReceipt, description: 'The receipt of the revert.' } },
    problems: ['not_found', 'conflict', 'unprocessable', 'idempotency_mismatch']
  }), async (request, reply) => posting(request, reply, ctx => revertImport(ctx, (request.params as { id: string }).id)))
}
