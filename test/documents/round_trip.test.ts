// A bundle that was read can be put back without a trace, and carried to an empty service without a change.
import t, { type Test } from 'tap'
import { operator } from '../../src/db/actor.js'
import { write } from '../../src/db/write.js'
import { exportBundle, loadBundle } from '../../src/documents/load.js'
import { document } from '../../src/http/openapi.js'
import { buildChecker } from '../../src/http/validation.js'
import { start } from '../support/app.js'
import { testConnection } from '../support/database.js'
import { codes, file, startWithSample, type Bundle, type Item } from './sample.js'

const sections = ['organisations', 'areas', 'measures', 'priorities', 'outcomes', 'actions', 'plan_measures', 'statements', 'reviews', 'updates', 'targets', 'datapoints']
const check = buildChecker()

/** What a service that holds only these exports. */
async function carried (t: Test, text: string, plan: string): Promise<string> {
  const connection = await testConnection(t)
  await write(connection, { actor: operator, request_id: 'test' }, ctx => loadBundle(ctx, check, text))
  return exportBundle(connection.db, plan)
}

const nulls = (value: unknown, at = ''): string[] => value === null || value === undefined
  ? [at]
  : typeof value === 'object' ? Object.entries(value).flatMap(([name, inner]) => nulls(inner, `${at}/${name}`)) : []

const ascending = (values: Array<string | number>) => values.every((value, i) => i === 0 || values[i - 1]! < value)

const backwards = (value: unknown): unknown => typeof value !== 'object' || value === null
  ? value
  : Array.isArray(value) ? value.map(backwards) : Object.fromEntries(Object.entries(value).reverse().map(([name, inner]) => [name, backwards(inner)]))

await t.test('bundles of a service with all plans', async t => {
  const { admin, anonymous, app, connection } = await startWithSample(t)
  const changes = async () => (await admin.get('/v1/changes?limit=1000')).text

  for (const plan of codes) {
    await t.test(`${plan}: what GET gives, PUT takes as unchanged, and nothing is journalled`, async t => {
      const url = `/v1/plans/${plan}/bundle`
      const [read, before] = [await admin.get(url), await changes()]
      for (const options of [{}, { etag: read.etag }, { etag: '"stale"' }]) {
        const { status, etag, body } = await admin.put(url, read.body, options)
        t.match({ status, etag, body }, { status: 200, etag: read.etag, body: { result: 'unchanged', dry_run: false, problems: [], warnings: [] } })
        t.ok(Object.values<any>(body.sections).every(counts => counts.created + counts.updated + counts.deleted === 0))
      }
      t.equal((await admin.get(url)).text, read.text)
      t.equal(await changes(), before)
    })

    await t.test(`${plan} is in canonical form: sections, members and items in order, nothing null`, async t => {
      const { body, text, etag, headers } = await anonymous.get(`/v1/plans/${plan}/bundle`)
      const { schemas } = document(app).components as unknown as { schemas: Record<string, { properties: Record<string, unknown> }> }
      const inOrder = (names: string[], of: string[]) => ascending(names.map(name => of.indexOf(name))) && names.every(name => of.includes(name))
      t.ok(inOrder(Object.keys(body), ['format', 'partial', 'plan', ...sections]), Object.keys(body).join())
      t.same(nulls(body), [])
      t.equal(text, JSON.stringify(body), 'one line, no blanks')
      const components = { organisations: 'Organisation', areas: 'Area', measures: 'Measure', priorities: 'Priority', outcomes: 'Outcome', actions: 'Action', plan_measures: 'PlanMeasure' }
      for (const [name, component] of Object.entries(components)) {
        const order = Object.keys(schemas[`${component}Item`]!.properties)
        const items = body[name] as Item[]
        t.ok(items.every(item => inOrder(Object.keys(item), order)), `members of ${name}`)
        t.notOk(items.some(item => 'version' in item || 'created_at' in item || 'updated_at' in item), `nothing read-only in ${name}`)
        const keys = items.map(item => `${String(item.position ?? 999_999).padStart(9, '0')} ${item.code}`)
        t.ok(ascending(keys), `order of ${name}`)
      }
      const keys = body.datapoints.map((row: any) => [row.measure, row.area].join(' '))
      t.same(keys, [...keys].sort(), 'order of datapoints')
      t.equal(headers.etag, etag)
      t.match(await anonymous.get(`/v1/plans/${plan}/bundle`, { headers: { 'if-none-match': etag } }), { status: 304, text: '' })
    })

    await t.test(`${plan} lists every organisation, area and measure that it names, but in links`, async t => {
      const { body } = await anonymous.get(`/v1/plans/${plan}/bundle`)
      const has = Object.fromEntries(['organisations', 'areas', 'measures'].map(name => [name, new Set(body[name].map((item: Item) => item.code))]))
      const names = (member: string) => (JSON.stringify(body, (name, inner) => name === 'links' ? undefined : inner).match(new RegExp(`"${member}":"([^"]+)"`, 'g')) ?? []).map(found => found.split('"')[3]!)
      for (const member of ['organisation', 'owner', 'steward', 'data_provider', 'provider', 'successor']) t.same(names(member).filter(code => !has.organisations!.has(code)), [], member)
      for (const member of ['area', 'against']) t.same(names(member).filter(code => !has.areas!.has(code)), [], member)
      t.same(names('measure').filter(code => !has.measures!.has(code)), [])
    })

    await t.test(`${plan}, exported from a service with all plans, goes through an empty one byte by byte`, async t => {
      const text = await exportBundle(connection.db, plan)
      t.same(JSON.parse(text), (await admin.get(`/v1/plans/${plan}/bundle`)).body)
      t.equal(await carried(t, text, plan), text)
    })
  }
})

await t.test('bundles of services with one plan', async t => {
  for (const plan of codes) {
    await t.test(`${plan}, exported from a service with nothing else, goes through an empty one byte by byte`, async t => {
      const bundle = await file(plan)
      const text = await carried(t, JSON.stringify(bundle), plan)
      t.equal(await carried(t, text, plan), text)
      const { plan: stored, ...rest } = JSON.parse(text) as Bundle
      t.match(stored, bundle.plan, 'and what the plan says of itself is in it')
      for (const name of sections) if (bundle[name] !== undefined && !['organisations', 'areas'].includes(name)) t.equal((rest[name] as Item[]).length, (bundle[name] as Item[]).length, name)
    })

    await t.test(`${plan} reads the same whatever order its members and items were sent in`, async t => {
      const bundle = await file(plan)
      const sent = Object.entries(backwards(bundle) as Bundle)
      const mixed = Object.fromEntries(sent.map(([name, value]) => [name, Array.isArray(value) ? [...value].reverse() : value]))
      t.equal(await carried(t, JSON.stringify(mixed), plan), await carried(t, JSON.stringify(bundle), plan))
    })
  }

  await t.test('an ETag says what a bundle holds, on whatever service', async t => {
    const [one, two] = [await start(t), await start(t)]
    const plan = 'notts-cypf-2011-14'
    const first = await one.admin.put(`/v1/plans/${plan}/bundle`, await file(plan))
    const second = await two.admin.put(`/v1/plans/${plan}/bundle`, (await one.admin.get(`/v1/plans/${plan}/bundle`)).body)
    t.match([first.status, second.status], [201, 201])
    t.equal(second.etag, first.etag)
    t.equal((await two.admin.get(`/v1/plans/${plan}/bundle`)).etag, first.etag)
  })
})
