// Who writes which figures, by every way there is: a partner its own, and of others none, which it leaves as they were.
import { gzipSync } from 'node:zlib'
import { writeXlsx } from 'hucre/xlsx'
import t, { type Test } from 'tap'
import { roles as parts } from '../../src/resources/schema.js'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { contents } from '../support/contents.js'
import { makePlan } from '../support/make.js'
import { at, city, deliver, row } from './figures.js'

const own = 'recycling-rate'
const foreign = ['crime-rate', 'pupil-rate']
const sheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

await t.test('figures', async t => {
  const { admin, client, connection } = await start(t)
  for (const code of ['ccg', 'police', 'school', 'keeper', 'whisper']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  await makePlan(admin)
  for (const [code, fields] of [['ward', { parent: city }], ['street', { parent: 'ward' }], ['county', {}]] as const) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'other', ...fields })
  const measure = (code: string, fields: object = {}) => admin.put(`/v1/measures/${code}`, { title: code, unit: 'count', visibility: 'public', ...fields })
  const line = async (code: string, of: string, organisation: string, role: string, fields: object = {}, plan = 'plan-a') => {
    const url = `/v1/plans/${plan}/measures/${code}`
    const { status } = await admin.get(url)
    await admin.put(url, { measure: of, outcome: '1a', organisations: [{ organisation, role }], ...fields }, status === 200 ? { etag: '*' } : {})
  }
  await line('line-1', own, 'ccg', 'lead')
  await measure('crime-rate', { steward: 'police' })
  await line('line-2', 'crime-rate', 'police', 'lead')
  await measure('pupil-rate', { data_provider: 'school' })
  await measure('secret-rate', { visibility: 'private', steward: 'keeper' })
  await admin.put('/v1/plans/secret-plan', { title: 'Secret', owner: 'keeper', area: city, visibility: 'private' })
  await admin.put('/v1/plans/secret-plan/priorities/1', { title: 'x' })
  await admin.put('/v1/plans/secret-plan/measures/quiet', { measure: 'crime-rate', priorities: [{ priority: '1', relation: 'primary' }], organisations: [{ organisation: 'whisper', role: 'lead' }] })
  for (const code of [own, ...foreign, 'secret-rate']) await admin.put(at(code, 'FY2015'), { value: 5, note: 'As it was.' })
  const contributor = await client('contributor', 'ccg')
  const keys: Array<[string, Client]> = [['a contributor', contributor], ['an editor', await client('editor', 'ccg')], ['a publisher', await client('publisher', 'ccg')]]

  /** The work is refused with these statuses, leaves the database as it was, and names nothing hidden. */
  async function refused (t: Test, work: () => Promise<{ status: number, text: string, body: any }>, statuses: number[], what: string) {
    const before = await contents(connection)
    const { status, text, body } = await work()
    t.ok(statuses.includes(status), `${what} is ${status}`, { text })
    t.same(await contents(connection), before, `${what} writes nothing`)
    t.notMatch(text, /whisper|secret-plan|quiet/, `${what} reveals nothing`)
    return body
  }

  for (const [who, key] of keys) {
    await t.test(`of others are not written by ${who}, whatever they come in`, async t => {
      const csv = (code: string, period: string) => `measure,area,period,value\n${code},${city},${period},6\n`
      const post = (body: unknown, type: string, query = {}, headers = {}) => () => key.send('POST', '/v1/datapoint-imports', body, { headers: { 'content-type': type, ...headers }, query })
      for (const code of foreign) {
        for (const period of ['FY2015', 'FY2016']) {
          const sent: Array<[string, () => Promise<any>]> = [
            ['JSON', () => deliver(key, [row(code, period, { value: 6 })])],
            ['JSON in part', () => deliver(key, [row(code, period, { value: 6 })], { mode: 'partial' })],
            ['a dry run', () => deliver(key, [row(code, period, { value: 6 })], { dry_run: true })],
            ['what is stored', () => deliver(key, [row(code, 'FY2015', { value: 5 })])],
            ['a withdrawal', () => deliver(key, [row(code, period, { deleted: true })])],
            ['a rank', () => deliver(key, [row(code, period, { statistic: 'rank', against: 'county', value: 1, rank_of: 2, rank_basis: 'best' })])],
            ['a row among its own', () => deliver(key, [row(own, 'FY2030', { value: 6 }), row(code, period, { value: 6 })])],
            ['NDJSON', post(`${JSON.stringify(row(code, period, { value: 6 }))}\n`, 'application/x-ndjson')],
            ['CSV', post(csv(code, period), 'text/csv')],
            ['CSV packed', post(gzipSync(csv(code, period)), 'text/csv', {}, { 'content-encoding': 'gzip' })],
            ['xlsx', post(Buffer.from(await writeXlsx({ sheets: [{ name: 'S', rows: [['measure', 'area', 'period', 'value'], [code, city, period, 6]] }] })), sheet)]
          ]
          for (const [what, send] of sent) {
            const body = await refused(t, send, [422], `${what} of ${code}`)
            t.match(body.problems, [{ code: 'not_permitted', column: 'measure', value: code, row_count: 1 }], what)
          }
          for (const [what, send] of [
            ['PUT', () => key.put(at(code, period), { value: 6 })],
            ['PUT of nonsense', () => key.put(at(code, period), '{')],
            ['PUT with a stale tag', () => key.put(at(code, period), { value: 6 }, { etag: '"9"' })],
            ['DELETE', () => key.delete(at(code, period))]
          ] as const) t.match(await refused(t, send, [403], `${what} of ${code}`), { code: 'forbidden' })
        }
      }
      t.match(await key.get(at('crime-rate', 'FY2015')), { status: 200, body: { value: 5, revision: 1 } })
    })

    await t.test(`that are hidden are not there for ${who}`, async t => {
      for (const code of ['secret-rate', 'secret-nothing']) {
        const body = await refused(t, () => deliver(key, [row(code, 'FY2015', { value: 6 })]), [422], code)
        t.match(body.problems, [{ code: 'unknown_measure', detail: `No measure has the code '${code}'.` }])
        await refused(t, () => key.put(at(code, 'FY2015'), { value: 6 }), [404], code)
        await refused(t, () => key.delete(at(code, 'FY2015')), [404], code)
      }
    })
  }

  await t.test('of others are named with their rows, and with whom to ask', async t => {
    const { body } = await deliver(contributor, [row('crime-rate', 'FY2016', { value: 1 }), row(own, 'FY2031', { value: 1 }), row('pupil-rate', 'FY2016', { value: 1 }), row('crime-rate', 'FY2017', { area: 'ward', value: 1 })])
    t.match(body.problems, [
      { code: 'not_permitted', rows: [0, 3], detail: "'ccg' does not write the figures of 'crime-rate' in this area. Ask 'police', which answers for them, or an administrator." },
      { code: 'not_permitted', rows: [2], detail: /Ask 'school'/ }
    ])
    const part = await deliver(contributor, [row('crime-rate', 'FY2016', { value: 1 }), row(own, 'FY2031', { value: 1 })], { mode: 'partial' })
    t.match(part, { status: 200, body: { result: 'partially_applied', counts: { created: 1, rejected: 1 } } })
    t.match((await contributor.get(part.body.links.rejected)).text, /crime-rate.*Ask 'police'/)
  })

  await t.test('are written by who leads, provides or delivers the line, and by no other part in it', async t => {
    await measure('parted')
    for (const role of parts) {
      await line('parted', 'parted', 'ccg', role)
      const { status } = await contributor.put(at('parted', 'FY2015'), { value: 1 })
      t.equal(status < 300, ['lead', 'data_provider', 'delivery'].includes(role), role)
    }
  })

  await t.test('are written in the area of the plan and inside it, or of the line, and nowhere else', async t => {
    const may = async (of: string) => Object.fromEntries(await Promise.all([city, 'ward', 'street', 'county'].map(async area =>
      [area, (await deliver(contributor, [row(of, 'FY2020', { area, value: 1 })], { dry_run: true })).status === 200] as const)))
    t.same(await may(own), { [city]: true, ward: true, street: true, county: false })
    await measure('lined')
    await admin.put('/v1/plans/no-area', { title: 'No area', owner: 'council' })
    await admin.put('/v1/plans/no-area/priorities/1', { title: 'x' })
    await line('lined', 'lined', 'ccg', 'lead', { outcome: null, priorities: [{ priority: '1', relation: 'primary' }], area: 'ward' }, 'no-area')
    t.same(await may('lined'), { [city]: false, ward: true, street: true, county: false })
    await measure('provided', { data_provider: 'ccg' })
    t.same(await may('provided'), { [city]: true, ward: true, street: true, county: true })
  })

  await t.test('of a measure are written by editors of its steward, not by its contributors', async t => {
    await measure('stewarded', { steward: 'ccg' })
    for (const [who, key] of keys) t.equal((await key.put(at('stewarded', 'FY2015'), { value: 1 })).status < 300, who !== 'a contributor', who)
  })

  await t.test('that a delivery wrote are taken back only by who may write them all', async t => {
    await measure('lost', { data_provider: 'ccg' })
    const { body: { id } } = await deliver(contributor, [row('lost', 'FY2015', { value: 1 }), row(own, 'FY2040', { value: 1 })])
    await admin.patch('/v1/measures/lost', { data_provider: 'school' }, { etag: '*' })
    await refused(t, () => contributor.post(`/v1/datapoint-imports/${id as string}/revert`), [403], 'a revert')
    await admin.patch('/v1/measures/lost', { data_provider: 'ccg' }, { etag: '*' })
    t.match(await contributor.post(`/v1/datapoint-imports/${id as string}/revert`), { status: 200, body: { counts: { deleted: 2 } } })
  })

  await t.test('in many areas are told apart in one delivery', async t => {
    const areas = Array.from({ length: 60 }, (_, i) => `part-${i}`)
    for (const [i, code] of areas.entries()) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'ward', parent: i % 2 === 0 ? 'ward' : 'county' })
    const rows = Array.from({ length: 2500 }, (_, i) => row(own, `FY${2000 + i % 30}`, { area: areas[i % 60], value: i % 90, breakdown: {} }))
    const distinct = [...new Map(rows.map(one => [`${one.area as string} ${one.period as string}`, one])).values()]
    const { body } = await deliver(contributor, distinct, { mode: 'partial' })
    t.match(body, { result: 'partially_applied', problems: [{ code: 'not_permitted' }], counts: { created: distinct.length / 2, rejected: distinct.length / 2 } })
  })
})
