// Clients of others at a running service, with a feed key as Excel sends it: o.js, which builds requests and reads answers, with the
// query strings of odata-query; and the OASIS converter, with the schema of what it gives. Clients that generate from $metadata are
// in test/tools.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import t from 'tap'
import { o } from 'odata'
import { compared, rowsOfV1 } from './as_v1.js'
import { described, jsonOf, type Described } from './described.js'
import { feedService } from './feed_service.js'

const require = createRequire(import.meta.url)
// For what it exports looks different to compiler and runtime.
const { default: buildQuery } = require('odata-query') as typeof import('odata-query')

const forms: Record<string, (value: unknown) => boolean> = {
  'Edm.String': value => typeof value === 'string',
  'Edm.Decimal': value => typeof value === 'number',
  'Edm.Int32': value => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  'Edm.Boolean': value => typeof value === 'boolean',
  'Edm.Date': value => /^\d{4}-\d\d-\d\d$/.test(String(value)),
  'Edm.DateTimeOffset': value => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(value))
}

const fits = (value: unknown, { type, nullable, maxLength = Infinity }: Described['properties'][number]) =>
  value === null ? nullable : forms[type]!(value) && (typeof value !== 'string' || [...value].length <= maxLength)

await t.test('clients of the feed', async t => {
  const { running, key, basic } = await feedService(t)
  const metadata = (await fetch(`${running.url}/odata/v1/$metadata`, { headers: { authorization: basic } }).then(answer => answer.text()))
  const sets = described(metadata)
  const client = o(`${running.url}/odata/v1/`, { headers: { authorization: basic, prefer: 'odata.maxpagesize=60' } })

  /** Pages by the links that the service gives. */
  async function all (set: string, query: object = {}): Promise<Array<Record<string, unknown>>> {
    const rows = []
    let answer = await client.get(set).fetch(query as never) as Response
    for (;;) {
      if (answer.status !== 200) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`)
      const { value, '@odata.nextLink': next } = await answer.json() as { value: Array<Record<string, unknown>>, '@odata.nextLink'?: string }
      rows.push(...value)
      if (next === undefined) return rows
      answer = await o(next, { headers: { authorization: basic, prefer: 'odata.maxpagesize=60' } }).get().fetch() as Response
    }
  }

  await t.test('find in $metadata what the schema of the standard allows', async t => {
    const schema = JSON.parse(await readFile(require.resolve('odata-csdl/schemas/csdl.schema.json'), 'utf8'))
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)
    t.ok(validate(jsonOf(metadata)), 'it is CSDL', { errors: validate.errors?.slice(0, 5) })
    t.equal(jsonOf(metadata).$Version, '4.0')
    t.equal(sets.length, 13)
  })

  await t.test('read all rows of all sets, and find what /v1 says', async t => {
    const [read, wanted] = [{} as Record<string, Array<Record<string, unknown>>>, await rowsOfV1(running, key)]
    for (const { name } of sets) read[name] = await all(name)
    t.same(Object.keys(read).sort(), Object.keys(wanted).sort())
    const [found, expected] = [compared(read), compared(wanted)]
    for (const { name, key, properties } of sets) {
      t.ok(found[name]!.length > 3, `${name}: ${found[name]!.length} rows`)
      t.same(found[name], expected[name], name)
      t.equal(new Set(read[name]!.map(row => JSON.stringify(key.map(part => row[part])))).size, read[name]!.length, `the key of ${name} tells its rows apart`)
      const faults = read[name]!.flatMap(row => properties.filter(one => !fits(row[one.name], one)).map(({ name }) => [name, row[name]]))
      t.same(faults.slice(0, 5), [], `values of ${name} are of the types that were said`)
    }
  })

  await t.test('ask by what odata-query makes of their questions', async t => {
    const figures = await all('Datapoints')
    const asked: Array<[query: Record<string, unknown>, holds: (row: Record<string, any>) => boolean]> = [
      [{ value: { gt: 40 } }, ({ value }) => value !== null && value > 40],
      [{ measure: 'smoking-at-delivery', deleted: false }, ({ measure, deleted }) => measure === 'smoking-at-delivery' && deleted === false],
      [{ or: [{ value: null }, { value: { lt: 10 } }] }, ({ value }) => value === null || value < 10],
      [{ not: { status: 'final' } }, ({ status }) => status !== 'final'],
      [{ measure: { contains: 'smok' } }, ({ measure }) => measure.includes('smok')],
      [{ period: { in: ['FY2015', 'FY2016'] } }, ({ period }) => ['FY2015', 'FY2016'].includes(period)],
      [{ period_start: { ge: { type: 'raw', value: '2016-04-01' } } }, ({ period_start: start }) => start !== null && start >= '2016-04-01'],
      [{ period_start_at: { ge: new Date('2016-04-01T00:00:00Z'), lt: new Date('2017-04-01T00:00:00Z') } }, ({ period_start_at: at }) => at !== null && at >= '2016-04-01' && at < '2017-04-01'],
      [{ area_title: "O'Neill's" }, () => false],
      [{ 'tolower(measure)': { startswith: 'smok' } }, ({ measure }) => measure.startsWith('smok')]
    ]
    for (const [filter, holds] of asked) {
      const query = buildQuery({ filter: filter as never, orderBy: ['measure', 'id'] as never })
      const answer = await fetch(`${running.url}/odata/v1/Datapoints${query}`, { headers: { authorization: basic } })
      const { value, error } = await answer.json() as { value: Array<Record<string, unknown>>, error?: unknown }
      t.equal(answer.status, 200, query, { error })
      t.same(value?.map(({ id }) => id).sort(), figures.filter(holds).map(({ id }) => id).sort(), query)
    }
    const { length } = figures
    t.equal(await client.get('Datapoints/$count').fetch().then(async answer => (answer as Response).text()), String(length))
    t.match(await client.get('Datapoints').query({ $top: 3, $select: 'measure,value', $orderby: 'value desc' } as never), { length: 3 })
  })
})
