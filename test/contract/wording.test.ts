// The document says of every operation and every field what a client needs to know, and its examples are true.
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect } from '../../src/db/connection.js'
import { roles } from '../../src/db/actor.js'
import { version } from '../../src/http/openapi.js'
import { nameOf, namesIn, openapiOf, operationsOf, type Schema } from './operations.js'

const id = /^(list|get|put|patch|delete|create|import|revert|compare)[A-Z][A-Za-z]+$/

await t.test('the words of the document', async t => {
  const app = await buildApp({ connection: connect('postgres://nowhere.invalid/none') })
  await app.ready()
  t.teardown(() => app.close())
  const openapi = openapiOf(app)
  const operations = operationsOf(openapi)
  const { schemas } = openapi.components
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(openapi, 'openapi')

  await t.test('it is OpenAPI 3.1 of this version', async t => {
    t.match(openapi.openapi, /^3\.1\.\d$/)
    t.equal(openapi.info.version, version)
    for (const { name, description } of openapi.tags) t.ok(description, `the tag ${name} is described`)
  })

  await t.test('every operation has an id of verb and noun, one tag, its words and its role', async t => {
    const tags = openapi.tags.map(tag => tag.name)
    t.equal(new Set(operations.map(operation => operation.id)).size, operations.length, 'ids are unique')
    for (const operation of operations) {
      const { tags: own, summary, description, security } = operation.written
      t.match(operation.id, id, operation.path)
      t.ok(own.length === 1 && tags.includes(own[0]!), `${operation.id} has one tag that is declared`)
      t.match(summary, /^[A-Z][^.\n]{5,80}$/, `${operation.id} has a summary`)
      t.match(description, /^[^]{20,}\.\n\nRole: .+\.$/, `${operation.id} has a description that ends with its role`)
      t.ok(['public', ...roles].includes(operation.role), `${operation.id} has a role`)
      t.ok(security.some(one => 'bearer' in one), `${operation.id} takes a key`)
    }
    t.same(tags.filter(tag => !operations.some(operation => operation.written.tags.includes(tag))), [], 'every tag is used')
  })

  await t.test('every parameter is described, and those of the path are those in the path', async t => {
    for (const { id, path, parameters } of operations) {
      t.same(parameters.filter(one => one.in === 'path').map(one => one.name).sort(), namesIn(path).sort(), id)
      for (const { name, description, schema, in: at } of parameters) {
        t.ok(description, `${id} describes ${name}`)
        t.ok(at !== 'path' || /^[a-z_]+$/.test(name), `${id} names ${name} in snake_case`)
        for (const example of schema.examples ?? []) t.ok(ajv.validate(schema, example), `${id} ${name} takes its example`)
      }
    }
  })

  await t.test('every operation documents its answers and refusals', async t => {
    for (const { id, path, role, body, method, responses } of operations) {
      const wanted = [400, 401, 406, ...role === 'public' ? [] : [403], ...path.includes('{') ? [404] : [], ...body ? [413, 415] : [], ...method === 'POST' ? [422] : []]
      t.same(wanted.filter(status => responses[status] === undefined), [], `${id} documents its refusals`)
      const good = Object.entries(responses).filter(([status]) => Number(status) < 400)
      t.ok(good.length > 0, `${id} documents its answers`)
      for (const [status, { description, content, headers }] of good) {
        t.ok(description, `${id} ${status} is described`)
        t.equal(content === undefined, status === '204' || status === '304', `${id} ${status} has a body or says that it has none`)
        for (const [name, header] of Object.entries(headers ?? {})) t.ok(header.description, `${id} ${status} describes ${name}`)
      }
    }
  })

  /** Pointers of everything below a schema that has no description of its own and refers to none. */
  function undescribed (schema: Schema, at: string): string[] {
    const inner = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      [...described(member) ? [] : [`${at}/${name}`], ...undescribed(member, `${at}/${name}`)])
    const others = [schema.items, ...schema.anyOf ?? [], ...schema.oneOf ?? [], ...schema.allOf ?? [], schema.additionalProperties]
    return [...inner, ...others.flatMap(other => typeof other === 'object' ? undescribed(other, at) : [])]
  }
  /** By itself, or as a reference to what is, also one that may be null. */
  const described = (schema: Schema): boolean => Boolean(schema.description) ||
    (schema.$ref !== undefined && Boolean(schemas[nameOf(schema)]?.description)) || (schema.anyOf ?? []).some(described)

  await t.test('every component and every member is described', async t => {
    for (const [name, schema] of Object.entries(schemas)) {
      t.ok(schema.description, name)
      t.same(undescribed(schema, name), [], `${name} describes its members`)
    }
  })

  await t.test('every member is in snake_case', async t => {
    for (const [name, schema] of Object.entries(schemas)) {
      t.match(name, /^[A-Z][A-Za-z]+$/, 'components are in PascalCase')
      t.same(Object.keys(schema.properties ?? {}).filter(member => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(member)), [], name)
    }
  })

  await t.test('every reference leads to a component, and every component is referred to', async t => {
    const found = new Set([...JSON.stringify(openapi).matchAll(/"\$ref":"([^"]*)"/g)].map(match => match[1]!))
    for (const ref of found) t.ok(ref.startsWith('#/components/schemas/') && schemas[ref.split('/').at(-1)!] !== undefined, ref)
    t.same(Object.keys(schemas).filter(name => !found.has(`#/components/schemas/${name}`)), [])
  })

  await t.test('every request body has examples, and they are valid', async t => {
    for (const component of new Set(operations.flatMap(operation => operation.body === null ? [] : [operation.body.component]))) {
      t.ok(schemas[component]?.examples?.length, `${component} has an example`)
    }
    for (const [name, schema] of Object.entries(schemas)) {
      for (const example of schema.examples ?? []) {
        t.ok(ajv.validate(`openapi#/components/schemas/${name}`, example), `${name} takes its example`, { errors: ajv.errorsText() })
      }
    }
  })
})
