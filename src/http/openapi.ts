// The contract, published: made from the schemas of the routes and from nothing else, so it can be produced without a
// database. /openapi.json, /openapi.yaml and the interactive reference.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { stringify } from 'yaml'
import { root } from '../config.js'
import { components } from './schema.js'

export const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version

const tags: Record<string, string> = {
  organisations: 'Bodies that own plans, lead, provide data, deliver or govern.',
  areas: 'Places and comparator groups.',
  measures: 'What is measured; a measure exists once and is listed in many plans.',
  plans: 'Partnership plans, read whole as a tree or a bundle.',
  priorities: 'Priorities of a plan.',
  outcomes: 'Outcomes of a plan.',
  actions: 'Actions, key activities and milestones of a plan.',
  plan_measures: 'Printed lines of a plan, each listing a measure.',
  targets: 'What measures are meant to reach, set by plans.',
  statements: 'What a plan says beside its measures: themes, aims, success, comparisons, cautions, context figures.',
  reviews: 'Occasions on which progress of a plan is looked at.',
  updates: 'Reports of partners, in words.',
  publications: 'Versions of a plan as they were published, which never change.',
  datapoints: 'Figures of measures: pulled, pushed, with their history.',
  returns: 'Who owes which figures by when, and what has arrived.',
  changes: 'The change feed, in commit order.',
  clients: 'Clients, their keys, and the caller itself.'
}

const info = {
  title: 'Outturn',
  version,
  summary: 'The open performance API for partnership plans.',
  description: `Priorities, outcomes, measures, actions and datapoints of partnership plans, as live data.

Everything has a **code** that never changes and that everything else refers to. Lists come in pages (\`limit\`, \`cursor\`).
Replacing, changing and deleting need the current **ETag** in \`If-Match\`; a PUT or a POST with an \`Idempotency-Key\` can always be repeated.
Errors are problem details (RFC 9457) that say where and what to do. Missing is not zero: a figure is a value, or a \`missing\` that says why.`,
  contact: { name: 'The operator of this service; for weaknesses see /.well-known/security.txt' },
  license: { name: 'MIT', identifier: 'MIT' }
}

/** Its audience is not a house of its own, which x-internal says to tools that keep inventories of APIs. */
const servers = [{ url: '/', description: 'The service that serves this document.', 'x-internal': false }]

export async function addOpenapi (app: FastifyInstance): Promise<void> {
  for (const schema of components.values()) app.addSchema(schema)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      servers,
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A key: ot_live_… or, to read only, ot_feed_….' },
          basic: { type: 'http', scheme: 'basic', description: 'For spreadsheets and BI tools: any user name, and a feed key (ot_feed_…) as password. Only reads.' }
        }
      }
    },
    refResolver: { buildLocalReference: json => String(json.$id) }
  })
}

/** The document, also where no server listens. */
export const document = (app: FastifyInstance) => app.swagger() as unknown as Record<string, unknown>

/** The reference is the one page with a script: its own. */
const staticCSP = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"]
}

export async function addReference (app: FastifyInstance): Promise<void> {
  const hidden = { config: { role: 'public' as const }, schema: { hide: true } }
  app.get('/openapi.json', hidden, async (_, reply) => reply.header('content-type', 'application/json').send(JSON.stringify(document(app), null, 2)))
  app.get('/openapi.yaml', { config: { role: 'public', formats: ['yaml'] }, schema: { hide: true } }, async (_, reply) =>
    reply.header('content-type', 'application/yaml').send(stringify(document(app))))
  await app.register(async reference => {
    reference.addHook('onRoute', route => { route.config = { ...route.config, role: 'public', formats: ['html'] } })
    await reference.register(swaggerUi, { routePrefix: '/docs/reference', logLevel: 'warn', staticCSP })
  })
}
