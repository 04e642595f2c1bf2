// Keys of clients, for administrators, and me: what the caller's own key may do.
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { reaches, roles } from '../../db/actor.js'
import { reading, writing } from '../../http/context.js'
import { codeParam, operation } from '../../http/operation.js'
import { enumOf, instant, named, optional } from '../../http/schema.js'
import * as keys from './keys.js'
import { KeyPage, KeyRequest, NewKey } from './schema.js'

const nullableText = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description })

const Me = named('Me', Type.Object({
  client: nullableText('Code of the client; null without a key.'),
  organisation: nullableText('The organisation it acts for.'),
  role: Type.Unsafe<string | null>({ type: ['string', 'null'], enum: [...roles, null], description: 'Role of the client; null without a key.' }),
  key_id: nullableText('Id of the key that was sent.'),
  expires_at: optional(instant('When the key stops working; null where it does not.')),
  may_write: Type.Array(enumOf(['figures', 'updates', 'plans_and_measures', 'publications', 'clients'], 'A part.'), { description: 'What the role may write, where its organisation has a part in it: figures that it answers for; updates in its name, and the status of actions, where it has a role; plans that it owns and measures of which it is steward, with new organisations and areas; publications of its plans; clients, and all else, as an administrator.' })
}, {
  additionalProperties: false,
  description: 'Who the service takes the caller for.',
  examples: [{
    client: 'client-a',
    organisation: 'nottingham-city-ccg',
    role: 'contributor',
    key_id: '61ba336bf251',
    expires_at: '2018-06-30T09:00:00.648833Z',
    may_write: ['figures', 'updates']
  }]
}))

const client = { client: codeParam('Code of the client.', 'client-a') }

export function clientRoutes (app: FastifyInstance): void {
  app.get('/v1/clients/:client/keys', operation({
    id: 'listKeys',
    tag: 'clients',
    summary: 'List keys of a client',
    description: 'Its keys without their secrets, oldest first; two may be live at a time, so one page holds them all.',
    role: 'admin',
    params: client,
    answers: { 200: { schema: KeyPage, description: 'The keys.' } },
    problems: ['not_found']
  }), async request => {
    const items = await keys.ofClient(reading(request), (request.params as { client: string }).client)
    return { items, next_cursor: null, next: null }
  })

  app.post('/v1/clients/:client/keys', operation({
    id: 'createKey',
    tag: 'clients',
    summary: 'Make a key for a client',
    description: 'The key is shown in this answer and never again, which is why this POST keeps no answer for an Idempotency-Key. A client has at most two live keys, so that one can be rotated while the other works.',
    role: 'admin',
    params: client,
    body: KeyRequest,
    answers: { 201: { schema: NewKey, description: 'The key.' } },
    problems: ['not_found', 'conflict', 'unprocessable', 'too_large', 'unsupported_media_type']
  }), async (request, reply) => {
    const { kind = 'standard', expires_at: expires } = request.body as { kind?: 'standard' | 'feed', expires_at?: string }
    reply.code(201)
    return writing(request, ctx => keys.make(ctx, (request.params as { client: string }).client, kind, expires))
  })

  app.delete('/v1/clients/:client/keys/:id', operation({
    id: 'deleteKey',
    tag: 'clients',
    summary: 'Revoke a key',
    description: 'Takes effect at once.',
    role: 'admin',
    params: { ...client, id: codeParam('Id of the key.') },
    answers: { 204: { schema: null, description: 'Revoked.' } },
    problems: ['not_found']
  }), async (request, reply) => {
    const { client, id } = request.params as { client: string, id: string }
    await writing(request, ctx => keys.revoke(ctx, client, id))
    return reply.code(204).send()
  })
}

export function meRoute (app: FastifyInstance): void {
  app.get('/v1/me', operation({
    id: 'getMe',
    primary: true,
    tag: 'clients',
    summary: 'Get the caller',
    description: 'Who the service takes the caller for, and what its role may write.',
    role: 'reader',
    answers: { 200: { schema: Me, description: 'The caller.' } },
    problems: []
  }), async request => {
    const { actor } = request
    const may = [['contributor', 'figures'], ['contributor', 'updates'], ['editor', 'plans_and_measures'], ['publisher', 'publications'], ['admin', 'clients']] as const
    return {
      client: actor.client,
      organisation: actor.organisation,
      role: actor.role,
      key_id: actor.key,
      expires_at: await keys.expiry(reading(request), actor.key),
      may_write: may.filter(([role]) => reaches(actor, role)).map(([, what]) => what)
    }
  })
}
