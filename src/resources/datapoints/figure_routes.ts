// One figure at its own address, for a curl line, and the list of a measure's series.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '../../db/connection.js'
import { reading, writing } from '../../http/context.js'
import { fresh, ifMatch, ifNoneMatch, precondition } from '../../http/etag.js'
import { keeping } from '../../http/kept.js'
import { recordRead } from '../../http/reads.js'
import { codeParam, createdHeaders, etagHeader, operation } from '../../http/operation.js'
import { enumOf } from '../../http/schema.js'
import { problem } from '../../problems.js'
import { breakdownPattern } from './breakdown.js'
import { addressOf, pathOf, putFigure, type FigureQuery } from './figure.js'
import { readAt, readByKey } from './figure_read.js'
import { permitFigure } from './permission.js'
import { Datapoint, FigureBody, statistics } from './schema.js'
import { seriesRoute } from './series_route.js'

const params = {
  measure: codeParam('Code of the measure.', 'smoking-at-delivery'),
  area: codeParam('Code of the area.', 'E06000018'),
  period: Type.String({ minLength: 1, maxLength: 120, description: 'Period code, or a spelling that names one period without doubt; write / as %2F.', examples: ['FY2016'] })
}

const query = {
  breakdown: Type.Optional(Type.String({ pattern: `^(?:none|${breakdownPattern})$`, maxLength: 1000, description: 'Canonical text "subject=reading"; the whole where not given.', examples: ['none'] })),
  statistic: Type.Optional({ ...enumOf(statistics, 'Statistic.'), default: 'level' }),
  against: Type.Optional(codeParam('Area or group that a rank or gap is against.')),
  base_period: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'Period that a change is against.' }))
}

const path = '/v1/measures/:measure/datapoints/:area/:period'
const common = { tag: 'datapoints', params, query }

const address = (ctx: Ctx, request: FastifyRequest) => addressOf(ctx, request.params as never, request.query as FigureQuery)

/** Whoever may not write the figure is refused before the body is read. */
const permitting = <T extends object>(operation: T) => ({
  ...operation,
  onRequest: (request: FastifyRequest) => permitFigure(reading(request), request.params as { measure: string, area: string })
})

const send = (reply: FastifyReply, json: string) => reply.header('content-type', 'application/json; charset=utf-8').send(json)

function refuseWithdrawal (body: Record<string, unknown>): void {
  if (body.deleted !== true) return
  const detail = 'A figure is withdrawn with DELETE, not by a PUT.'
  throw problem('unprocessable', detail, { errors: [{ pointer: '/deleted', code: 'not_allowed', detail }] })
}

export function figureRoutes (app: FastifyInstance): void {
  seriesRoute(app)
  app.get(path, operation({
    ...common,
    id: 'getDatapoint',
    summary: 'Get one figure',
    description: 'The figure of a measure in an area at a period; its ETag is its revision.',
    role: 'public',
    headers: ifNoneMatch,
    answers: { 200: { schema: Datapoint, description: 'The figure.', headers: etagHeader }, 304: { schema: null, description: 'The revision named in If-None-Match is still current.' } },
    problems: ['not_found']
  }), async (request, reply) => {
    const ctx = reading(request)
    // What is not found so may be spelt generously; and why there is nothing takes more questions to say.
    const byKey = () => readByKey(request.source, request.actor, request.params as never, request.query as FigureQuery)
    const found = await keeping(request, async () => await byKey() ?? await readAt(ctx, await address(ctx, request)))
    if (found === undefined) throw problem('not_found', 'There is no such figure.')
    if (found.raw) await recordRead(request, 'raw_figures')
    return fresh(request, reply, found.revision) ? reply.send() : send(reply, found.body)
  })

  app.put(path, permitting(operation({
    ...common,
    id: 'putDatapoint',
    summary: 'Put one figure',
    description: 'Writes one figure by the rules of a delivery: what the body leaves out stays as stored. Needs no precondition; an If-Match with the revision is honoured. Written by who answers for it: the provider of the measure; who leads, provides or delivers it on a line of a plan, in its area and inside it; and editors of its steward.',
    role: 'contributor',
    headers: { ...ifMatch, 'if-none-match': Type.Optional(Type.String({ maxLength: 2000, description: '* to create only.' })) },
    body: FigureBody,
    answers: { 200: { schema: Datapoint, description: 'Corrected, or already so.', headers: etagHeader }, 201: { schema: Datapoint, description: 'Created.', headers: createdHeaders } },
    problems: ['not_found', 'conflict', 'stale_version', 'too_large', 'unsupported_media_type', 'unprocessable']
  })), async (request, reply) => {
    const when = precondition(request)
    refuseWithdrawal(request.body as Record<string, unknown>)
    const { action, path, found } = await writing(request, async ctx => {
      const at = await address(ctx, request)
      const action = await putFigure(ctx, at, request.body as Record<string, unknown>, when, row => app.faults('DatapointRow', row))
      return { action, path: pathOf(at), found: (await readAt(ctx, at))! }
    })
    if (action === 'created') reply.header('location', path)
    return send(reply.code(action === 'created' ? 201 : 200).header('etag', `"${found.revision}"`), found.body)
  })

  app.delete(path, operation({
    ...common,
    id: 'deleteDatapoint',
    summary: 'Withdraw one figure',
    description: 'Withdraws it: it leaves every list but include_deleted and the history, and a later PUT brings it back. Answers 204 each time. For who may put it.',
    role: 'contributor',
    headers: ifMatch,
    answers: { 204: { schema: null, description: 'Withdrawn.' } },
    problems: ['not_found', 'conflict', 'stale_version', 'unprocessable']
  }), async (request, reply) => {
    const when = precondition(request)
    await writing(request, async ctx => putFigure(ctx, await address(ctx, request), { deleted: true }, when, row => app.faults('DatapointRow', row)))
    return reply.code(204).send()
  })
}
