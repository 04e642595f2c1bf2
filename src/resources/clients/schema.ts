// Clients and keys on the wire: how an organisation's programs are let in.
import { Type } from '@sinclair/typebox'
import { roles } from '../../db/actor.js'
import { code, enumOf, instant, named, optional, pageOf, resource, text, withDefault } from '../../http/schema.js'

export const Client = resource('Client', 'A program or person of an organisation that calls the service with keys of its own.', {
  organisation: optional(code('The organisation it acts for; only an admin may do without.')),
  role: enumOf(roles, 'What its keys may do, each role including the one before: reader, contributor, editor, publisher, admin.'),
  title: text('What it is for.', 200, { examples: ['Monthly upload from the CCG warehouse'] })
}, { code: 'client-a', organisation: 'nottingham-city-ccg', role: 'contributor', title: 'Monthly upload from the CCG warehouse' })

const key = {
  id: Type.String({ description: 'Public part of the key, by which it is named and revoked.' }),
  kind: enumOf(['standard', 'feed'], 'standard: sent as Bearer; feed: for spreadsheets and BI tools, only reads.'),
  expires_at: instant('When it stops working.')
}

const Key = named('Key', Type.Object({
  ...key,
  created_at: instant('When it was made.'),
  last_used_on: optional(Type.String({ format: 'date', maxLength: 10, description: 'Day it was last used; null: never.' }))
}, {
  additionalProperties: false,
  description: 'A key of a client, without its secret.',
  examples: [{
    id: '61ba336bf251',
    kind: 'standard',
    created_at: '2017-06-30T09:00:00.648833Z',
    expires_at: '2018-06-30T09:00:00.648833Z',
    last_used_on: '2017-07-01'
  }]
}))

export const KeyPage = pageOf('KeyPage', Key)

export const NewKey = named('NewKey', Type.Object({
  ...key,
  key: Type.String({ description: 'The whole key. Shown this once; only its hash is kept.' })
}, { additionalProperties: false, description: 'A key just made.' }))

export const KeyRequest = named('KeyRequest', Type.Object({
  kind: Type.Optional(withDefault(key.kind, 'standard')),
  expires_at: Type.Optional(instant('When it is to stop working; at most 12 months ahead, which is also the default.'))
}, { additionalProperties: false, description: 'What sort of key to make.', examples: [{ kind: 'standard' }] }))
