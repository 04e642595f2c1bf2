// Pushing datapoints: deliveries with their receipts.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { cut } from '../../db/keyset.js'
import { idempotencyKey, posting, reading } from '../../http/context.js'
import { operation } from '../../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../../http/pages.js'
import { enumOf } from '../../http/schema.js'
import { countReceipts, findReceipt, importDatapoints, listReceipts, type ImportRequest } from './import.js'
import { DatapointImport, ImportReceipt, ImportReceiptPage, ImportRejection } from './schema.js'

const megabytes = 1_048_576

export function datapointWrites (app: FastifyInstance): void {
  app.post('/v1/datapoint-imports', {
    bodyLimit: 10 * megabytes,
    ...operation({
      id: 'importDatapoints',
      tag: 'datapoints',
      summary: 'Push datapoints',
      description: 'A delivery of figures, up to 10 MB. Each row is a correction: what it leaves out stays as stored, and a row that says what is stored is unchanged, so a delivery can be sent again. Every fault of every row is answered at once, grouped by cause. atomic, the default, writes all rows or none; partial writes the good ones.',
      role: 'contributor',
      query: {
        mode: Type.Optional(Type.Unsafe<'atomic' | 'partial'>({ ...enumOf(['atomic', 'partial'], 'atomic: all rows or none; partial: the good rows.'), default: 'atomic' })),
        dry_run: Type.Optional(Type.Boolean({ default: false, description: 'true: run every check, write nothing, answer as the real run would.' }))
      },
      headers: idempotencyKey,
      body: DatapointImport,
      answers: {
        200: { schema: ImportReceipt, description: 'The receipt.' },
        422: { schema: ImportRejection, description: '`import_rejected`: rows have faults and nothing was written; `idempotency_mismatch`: the Idempotency-Key was used for something else', media: 'application/problem+json' }
      },
      problems: ['conflict', 'too_large', 'unsupported_media_type']
    })
  }, async (request, reply) => {
    const { mode = 'atomic', dry_run: dryRun = false } = request.query as { mode?: 'atomic' | 'partial', dry_run?: boolean }
    const check = (row: unknown) => app.faults('DatapointRow', row)
    return posting(request, reply, ctx => importDatapoints(ctx, request.body as ImportRequest, { mode, dry_run: dryRun, url: request.url, check }))
  })

  app.get('/v1/datapoint-imports', operation({
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

  app.get('/v1/datapoint-imports/:id', operation({
    id: 'getDatapointImport',
    tag: 'datapoints',
    summary: 'Get a delivery',
    description: 'The receipt as it was answered.',
    role: 'contributor',
    params: { id: Type.String({ minLength: 1, maxLength: 40, description: 'Id of the delivery.' }) },
    answers: { 200: { schema: ImportReceipt, description: 'The receipt.' } },
    problems: ['not_found']
  }), async request => findReceipt(reading(request), (request.params as { id: string }).id))
}
