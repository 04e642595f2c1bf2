// Clients of the last release go on working with this document; and the comparison that says so finds each thing that breaks them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { breaking } from './breaking.js'
import { compared, silent } from './breaking_schemas.js'
import type { Openapi, Schema, Written } from './operations.js'

const today = new Date().toISOString().slice(0, 10)
const read = async (name: string) => JSON.parse(await readFile(join(root, 'openapi', name), 'utf8')) as Openapi

await t.test('no client of the last release is broken', async t => {
  const [released, now] = [await read('released.json'), await read('openapi.json')]
  t.same(breaking(released, now, today), [], `openapi/openapi.json breaks clients of release ${released.info.version}. Each line says where, what and what to do instead; openapi/released.json is replaced only by a release.`)
})

/** A small document with everything that is compared. */
const document = (): Openapi => structuredClone({
  openapi: '3.1.0',
  info: { version: '1.0.0' },
  tags: [],
  paths: {
    '/v1/things/{thing}': {
      get: operation('getThing', {
        parameters: [{ name: 'thing', in: 'path', required: true, schema: { type: 'string' } }, { name: 'on', in: 'query', schema: { type: 'string', maxLength: 10, default: 'today' } }],
        responses: { 200: { headers: { etag: { schema: { type: 'string' } } }, content: { 'application/json': { schema: ref('Thing') }, 'text/csv': { schema: { type: 'string' } } } }, 404: {} }
      }),
      put: operation('putThing', { 'x-outturn-role': 'editor', security: [{ bearer: [] }], requestBody: { required: false, content: { 'application/json': { schema: ref('ThingBody') }, 'text/csv': { schema: { type: 'string' } } } }, responses: { 200: {} } })
    }
  },
  components: {
    securitySchemes: {},
    schemas: {
      Thing: object({
        title: { type: 'string' },
        count: { type: 'integer', format: 'int32' },
        kind: { type: 'string', enum: ['a', 'b'] },
        reason: { type: 'string', enum: ['c'], 'x-open': true },
        parent: { anyOf: [ref('Thing'), { type: 'null' }] },
        either: { anyOf: [ref('Thing'), { type: 'string' }] },
        marks: { type: 'object', additionalProperties: { type: 'string' } },
        list: { type: 'array', items: { type: 'string' } }
      }, ['title', 'count', 'kind']),
      ThingBody: object({
        title: { type: 'string', minLength: 1, maxLength: 100, pattern: '.' },
        count: { type: ['integer', 'null'], minimum: 0, maximum: 9 },
        size: { type: 'number' },
        kind: { type: 'string', enum: ['a', 'b'], default: 'a' },
        either: { anyOf: [ref('Other'), { type: 'string' }] },
        marks: { type: 'object', additionalProperties: true },
        list: { type: 'array', maxItems: 5, items: { type: 'string' } }
      }, ['title']),
      Other: object({}, [])
    }
  }
})

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: Record<string, Schema>, required: string[]): Schema => ({ type: 'object', properties, required, additionalProperties: false })
const operation = (operationId: string, parts: Partial<Written>): Written =>
  ({ operationId, tags: [], summary: '', description: '', security: [{}, { bearer: [] }, { basic: [] }], 'x-outturn-role': 'public', responses: {}, ...parts })

interface Parts extends Record<'get' | 'put', Written>, Record<'answer' | 'body', Record<string, Schema>>, Record<'thing' | 'thingBody', Schema> {
  document: Openapi
}

function changed (change: (parts: Parts) => unknown): Openapi {
  const made = document()
  const { get, put } = made.paths['/v1/things/{thing}']!
  const { Thing, ThingBody } = made.components.schemas
  change({ get: get!, put: put!, answer: Thing!.properties!, body: ThingBody!.properties!, thing: Thing!, thingBody: ThingBody!, document: made })
  return made
}

const breaks: Array<[found: string, change: (parts: Parts) => unknown]> = [
  ['GET /v1/things/{thing}: the operation is gone', ({ document }) => { document.paths = {} }],
  ['PUT /v1/things/{thing}: the operation is gone', ({ document }) => { delete document.paths['/v1/things/{thing}']!.put }],
  ['GET /v1/things/{thing}: its id getThing became readThing', ({ get }) => { get.operationId = 'readThing' }],
  ['PUT /v1/things/{thing}: its role editor rose to admin', ({ put }) => { put['x-outturn-role'] = 'admin' }],
  ['GET /v1/things/{thing}: its role public rose to reader', ({ get }) => { get['x-outturn-role'] = 'reader' }],
  ['GET /v1/things/{thing}: no longer takes no key', ({ get }) => get.security.shift()],
  ['GET /v1/things/{thing}: no longer takes basic', ({ get }) => get.security.pop()],
  ['GET /v1/things/{thing} ?on: the parameter is gone', ({ get }) => get.parameters!.pop()],
  ['GET /v1/things/{thing} ?on: the parameter is required now', ({ get }) => { get.parameters![1]!.required = true }],
  ['GET /v1/things/{thing} ?to: the parameter is required now', ({ get }) => get.parameters!.push({ name: 'to', in: 'query', required: true, schema: {} })],
  ['GET /v1/things/{thing} ?on (request): maxLength fell to 9', ({ get }) => { get.parameters![1]!.schema.maxLength = 9 }],
  ['GET /v1/things/{thing} ?on (request): left out it now means "never"', ({ get }) => { get.parameters![1]!.schema.default = 'never' }],
  ['PUT /v1/things/{thing}: the body is required now', ({ put }) => { put.requestBody!.required = true }],
  ['GET /v1/things/{thing}: the body is required now', ({ get }) => { get.requestBody = { required: true, content: {} } }],
  ['PUT /v1/things/{thing}: no longer takes a body', ({ put }) => { delete put.requestBody }],
  ['PUT /v1/things/{thing} (request): text/csv is gone', ({ put }) => { delete put.requestBody!.content['text/csv'] }],
  ['GET /v1/things/{thing} 200 (answer): text/csv is gone', ({ get }) => { delete get.responses[200]!.content!['text/csv'] }],
  ['GET /v1/things/{thing} 404: the answer is gone', ({ get }) => { delete get.responses[404] }],
  ['GET /v1/things/{thing} 200: the header etag is gone', ({ get }) => { delete get.responses[200]!.headers!.etag }],
  ['GET /v1/things/{thing} 200 etag (answer): the type string became string|null', ({ get }) => { get.responses[200]!.headers!.etag!.schema!.type = ['string', 'null'] }],
  ['Thing.title (answer): the member is gone', ({ answer }) => { delete answer.title }],
  ['Thing.title (answer): the member is gone', ({ answer }) => { answer.name = answer.title!; delete answer.title }],
  ['Thing.title (answer): the member may be left out now', ({ thing }) => thing.required!.shift()],
  ['Thing.title (answer): the type string became string|null', ({ answer }) => { answer.title = { type: ['string', 'null'] } }],
  ['Thing.title (answer): the type string became string|null', ({ answer }) => { answer.title = { anyOf: [{ type: 'string' }, { type: 'null' }] } }],
  ['Thing.count (answer): the type integer became number|integer', ({ answer }) => { answer.count!.type = 'number' }],
  ['Thing.count (answer): the format int32 became int64', ({ answer }) => { answer.count!.format = 'int64' }],
  ['Thing.kind (answer): may be c now, and the list was not open', ({ answer }) => answer.kind!.enum!.push('c')],
  ['Thing.kind (answer): may have any value now', ({ answer }) => { delete answer.kind!.enum }],
  ['Thing.either (answer): may be the form ThingBody', ({ answer }) => answer.either!.anyOf!.push(ref('ThingBody'))],
  ['Thing.marks.* (answer): the type string became number|integer', ({ answer }) => { answer.marks!.additionalProperties = { type: 'number' } }],
  ['Thing.marks (answer): may have members of any form', ({ answer }) => { answer.marks!.additionalProperties = true }],
  ['Thing.list[] (answer): the type string became any', ({ answer }) => { answer.list!.items = {} }],
  ['ThingBody.size (request): the member is gone', ({ body }) => { delete body.size }],
  ['ThingBody.size (request): the type number|integer became integer', ({ body }) => { body.size!.type = 'integer' }],
  ['ThingBody.count (request): the type integer|null became integer', ({ body }) => { body.count!.type = 'integer' }],
  ['ThingBody.size (request): the member is required now', ({ thingBody }) => thingBody.required!.push('size')],
  ['ThingBody.more (request): the member is required now', ({ thingBody, body }) => { body.more = {}; thingBody.required!.push('more') }],
  ['ThingBody.kind (request): no longer takes b', ({ body }) => body.kind!.enum!.pop()],
  ['ThingBody.title (request): takes only x now', ({ body }) => { body.title!.enum = ['x'] }],
  ['ThingBody.title (request): takes only x now', ({ body }) => { body.title!.const = 'x' }],
  ['ThingBody.kind (request): left out it now means "b"', ({ body }) => { body.kind!.default = 'b' }],
  ['ThingBody.title (request): minLength rose to 2', ({ body }) => { body.title!.minLength = 2 }],
  ['ThingBody.title (request): maxLength fell to 99', ({ body }) => { body.title!.maxLength = 99 }],
  ['ThingBody.count (request): minimum rose to 1', ({ body }) => { body.count!.minimum = 1 }],
  ['ThingBody.size (request): maximum fell to 5', ({ body }) => { body.size!.maximum = 5 }],
  ['ThingBody.list (request): maxItems fell to 4', ({ body }) => { body.list!.maxItems = 4 }],
  ['ThingBody.list (request): minItems rose to 1', ({ body }) => { body.list!.minItems = 1 }],
  ['ThingBody (request): minProperties rose to 1', ({ thingBody }) => { thingBody.minProperties = 1 }],
  ['ThingBody.marks (request): maxProperties fell to 1', ({ body }) => { body.marks!.maxProperties = 1 }],
  ['ThingBody.title (request): pattern became "^.$"', ({ body }) => { body.title!.pattern = '^.$' }],
  ['ThingBody.list (request): uniqueItems became true', ({ body }) => { body.list!.uniqueItems = true }],
  ['ThingBody.marks (request): propertyNames became {"pattern":"a"}', ({ body }) => { body.marks!.propertyNames = { pattern: 'a' } }],
  ['ThingBody.title (request): must have the format date now', ({ body }) => { body.title!.format = 'date' }],
  ['ThingBody.marks (request): takes fewer members of other names', ({ body }) => { body.marks!.additionalProperties = false }],
  ['ThingBody.either (request): no longer takes the form Other', ({ body }) => body.either!.anyOf!.shift()]
]

const fine: Array<[what: string, change: (parts: Parts) => unknown]> = [
  ['a new operation', ({ document, get }) => { document.paths['/v1/others'] = { get } }],
  ['a new optional parameter', ({ get }) => get.parameters!.push({ name: 'to', in: 'query', schema: { type: 'string' } })],
  ['a new answer, header and media type', ({ get }) => { get.responses[410] = {}; get.responses[200]!.headers!.link = {}; get.responses[200]!.content!['text/html'] = { schema: {} } }],
  ['a lower role and another way to send a key', ({ put }) => { put['x-outturn-role'] = 'reader'; put.security.push({ basic: [] }) }],
  ['a new member of an answer, and one that is always there now', ({ answer, thing }) => { answer.more = {}; thing.required!.push('list') }],
  ['a narrower answer', ({ answer }) => { answer.kind!.enum!.pop(); answer.title!.maxLength = 9; answer.either!.anyOf!.pop() }],
  ['a value added to an open list', ({ answer }) => answer.reason!.enum!.push('d')],
  ['a new optional member of a request, and one that is optional now', ({ body, thingBody }) => { body.more = {}; thingBody.required!.pop() }],
  ['wider limits and more values of a request', ({ body }) => { body.title!.maxLength = 200; delete body.title!.pattern; body.kind!.enum!.push('c'); body.size!.type = ['number', 'null']; body.count!.minimum = -1 }],
  ['other words', ({ body, answer }) => { body.title!.description = 'New'; answer.title!.examples = ['New'] }]
]

await t.test('the comparison', async t => {
  await t.test('finds nothing between a document and itself', async t => t.same(breaking(document(), document(), today), []))

  await t.test('finds what breaks clients, says where, and what to do', async t => {
    for (const [found, change] of breaks) {
      const told = breaking(document(), changed(change), today)
      t.ok(told.some(line => line.startsWith(found)), found, { told })
      for (const line of told) t.match(line, /^(?:[A-Z]+ \/v1|Thing)[^\n]*\. [A-Z][^\n]+\.$/)
    }
  })

  await t.test('lets the contract grow', async t => {
    for (const [what, change] of fine) t.same(breaking(document(), changed(change), today), [], what)
  })

  await t.test('lets go what was announced long enough', async t => {
    const announced = (sunset: string) => changed(({ get, put, answer, body }) => {
      for (const one of [put, get.parameters![1]!, answer.title!, body.size!]) Object.assign(one, { deprecated: true, 'x-sunset': sunset })
    })
    const without = changed(({ document, get, answer }) => { delete document.paths['/v1/things/{thing}']!.put; get.parameters!.pop(); delete answer.title })
    t.same(breaking(announced('2027-01-01'), without, '2027-01-01'), [])
    t.equal(breaking(announced('2027-01-01'), without, '2026-12-31').length, 3)
  })

  await t.test('knows every keyword that the document uses', async t => {
    const used = new Set<string>()
    const walk = (schema: Schema | undefined): void => {
      if (typeof schema !== 'object') return
      for (const name of Object.keys(schema)) used.add(name)
      const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema
      const inner = [...Object.values(properties), items, additionalProperties, ...anyOf, ...oneOf, ...allOf]
      for (const one of inner) if (typeof one === 'object') walk(one)
    }
    const { components, paths } = await read('openapi.json')
    Object.values(components.schemas).forEach(walk)
    for (const { parameters, requestBody, responses } of Object.values(paths).flatMap(methods => Object.values(methods))) {
      for (const { schema } of [...parameters ?? [], ...Object.values(requestBody?.content ?? {})]) walk(schema)
      for (const { content = {}, headers = {} } of Object.values(responses)) {
        for (const { schema } of [...Object.values(content), ...Object.values(headers)]) walk(schema)
      }
    }
    t.same([...used].filter(name => ![...compared, ...silent].includes(name)), [])
  })
})
