// Every example of the document is valid and works: parameters and bodies are sent as they stand there, and answers come as they stand.
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { hold } from './exceptions.js'
import { nameOf, type Operation, type Schema } from './operations.js'
import { exampleOf, patchOf, world } from './world.js'

await t.test('examples', async t => {
  const w = await world(t)
  const { schemas } = w.openapi.components
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(w.openapi as unknown as AnySchema, 'openapi')

  /** Every example beside or below a schema, with the schema that it is of. */
  function * examplesIn (schema: Schema, at: string): Generator<{ at: string, schema: Schema, example: unknown }> {
    for (const example of schema.examples ?? []) yield { at, schema, example }
    for (const [name, member] of Object.entries(schema.properties ?? {})) yield * examplesIn(member, `${at}.${name}`)
    const others = [schema.items, schema.additionalProperties, ...schema.anyOf ?? [], ...schema.oneOf ?? []]
    for (const other of others) if (typeof other === 'object') yield * examplesIn(other, `${at}[]`)
  }

  const contents = ({ written: { requestBody, responses } }: Operation) =>
    [...Object.entries(requestBody?.content ?? {}), ...Object.values(responses).flatMap(({ content = {} }) => Object.entries(content))]

  await t.test('are valid, wherever they stand', async t => {
    const all = [
      ...Object.entries(schemas).flatMap(([name, schema]) => [...examplesIn(schema, name)]),
      ...w.operations.flatMap(operation => [
        ...operation.parameters.filter(({ example }) => example !== undefined).map(({ name, schema, example }) => ({ at: `${operation.id} ?${name}`, schema, example })),
        ...contents(operation).flatMap(([media, { schema, example }]) => example === undefined ? [...examplesIn(schema, `${operation.id} ${media}`)] : [{ at: `${operation.id} ${media}`, schema, example }])
      ])
    ]
    t.ok(all.length > 200, String(all.length))
    for (const { at, schema, example } of all) {
      const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as Schema
      t.ok(ajv.validate(absolute, example), at, { example, errors: ajv.errorsText() })
    }
  })

  await t.test('stand at every part of a path, every body that is text, and every item that is answered', async t => {
    for (const operation of w.operations) {
      for (const { name, example } of operation.parameters.filter(one => one.in === 'path' && one.name !== 'id')) t.type(example, 'string', `${operation.id} {${name}}`)
      for (const [media, { schema, example }] of Object.entries(operation.written.requestBody?.content ?? {})) {
        if (schema.format === 'binary') continue
        t.ok(example ?? schema.examples ?? schemas[nameOf(schema)]!.examples, `${operation.id} ${media}`)
      }
      const answer = schemas[nameOf(Object.values(operation.responses[200]?.content ?? {})[0]?.schema)]
      const item = answer?.properties?.items?.items
      const one = item === undefined ? answer : schemas[nameOf(item)]
      if (one !== undefined) hold(t, 'has an example of its answer', operation.id, one.examples !== undefined)
    }
  })

  /** The address with the examples of its parts; what has ids of the service's making is taken from the world. */
  const address = (operation: Operation) => w.url(operation, Object.fromEntries(operation.parameters.filter(({ in: at, example }) => at === 'path' && example !== undefined)
    .map(({ name, example }) => [name, example as string])))

  await t.test('of bodies are taken where they stand', async t => {
    for (const operation of w.operations.filter(({ method, body }) => body !== null && method === 'PUT')) {
      // The example of a bundle makes a plan of its own.
      const { url, body } = operation.id === 'putBundle' ? w.vacant(operation) : { url: address(operation), body: exampleOf(operation) }
      const { etag } = await w.admin.get(url)
      const answer = await w.admin.put(url, body, etag === '' ? {} : { etag })
      t.match(answer.status, /^20[01]$/, operation.id, { answer: answer.text })
    }
    for (const operation of w.operations.filter(({ method, body }) => body !== null && method === 'POST')) {
      const { url } = await w.call(operation)
      t.match((await w.admin.post(url, exampleOf(operation))).status, /^20[01]$/, operation.id)
    }
    for (const operation of w.operations.filter(({ method }) => method === 'PATCH')) {
      const { url, etag } = await w.make(operation)
      const [member, words] = Object.entries(exampleOf(operation))[0]!
      t.same(Object.keys(patchOf(operation)), [member])
      t.match(await w.admin.patch(url, exampleOf(operation), { etag }), { status: 200, body: { [member]: words } }, operation.id)
    }
  })

  await t.test('of bodies in other forms are taken as well', async t => {
    for (const operation of w.operations) {
      for (const [media, { example }] of Object.entries(operation.written.requestBody?.content ?? {})) {
        if (example === undefined) continue
        const answer = await w.admin.send(operation.method, address(operation), example, { headers: { 'content-type': media } })
        t.match(answer, { status: 200, body: { result: 'applied', counts: { received: 1, rejected: 0 } } }, `${operation.id} ${media}`)
      }
    }
  })

  await t.test('of addresses and queries lead to something', async t => {
    for (const operation of w.operations.filter(({ method, id }) => method === 'GET' && id !== 'getRejectedRows')) {
      t.match((await w.admin.get(address(operation))).status, 200, operation.id)
      for (const { name, example } of operation.parameters.filter(one => one.in === 'query' && one.example !== undefined)) {
        t.match((await w.admin.get(address(operation), { query: { [name]: String(example) } })).status, 200, `${operation.id} ?${name}`)
      }
    }
  })

  await t.test('of answers are what is answered where the example of the body was written', async t => {
    for (const operation of w.operations.filter(({ method, body }) => method === 'PUT' && body?.schema.properties?.version !== undefined)) {
      const [example] = schemas[nameOf(operation.responses[200]!.content!['application/json']!.schema)]!.examples as [Record<string, unknown>]
      const { url } = await w.make(operation)
      const plain = exampleOf(operation)
      const { etag } = await w.admin.get(url)
      const answer = await w.admin.put(url, plain, { etag })
      const { code, version, created_at: created, updated_at: updated } = example
      t.same({ ...answer.body as object, code, version, created_at: created, updated_at: updated }, example, operation.id)
    }
  })

  await t.test('of a problem is what is answered', async t => {
    t.same((await w.anonymous.get('/v1/plans?ownr=cdp')).body, schemas.Problem!.examples![0])
  })
})
