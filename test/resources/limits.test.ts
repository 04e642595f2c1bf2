// What a request may not do to the service: take it down, slow it for others, or make it answer 500.
import { once } from 'node:events'
import t from 'tap'
import { sql } from 'kysely'
import { anonymous as nobody } from '../../src/db/actor.js'
import { readStream } from '../../src/db/bulk.js'
import { selectFigures } from '../../src/resources/datapoints/select.js'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { city, deliver, row } from './figures.js'

await t.test('limits', async t => {
  const { admin, client, connection } = await start(t)
  await makePlan(admin)
  await makeMeasure(admin, 'count', { unit: 'count' })
  const figure = (period: string, query = '') => `/v1/measures/count/datapoints/${city}/${period}${query}`

  await t.test('downloads never take every connection, and give theirs back', async t => {
    const query = () => readStream(connection, selectFigures({ db: connection.db, actor: nobody }, {}).select(sql<number>`1`.as('one')).compile())
    const open = await Promise.all(Array.from({ length: 4 }, query))
    await t.rejects(query(), { code: 'unavailable' })
    t.match(await admin.get('/v1/areas'), { status: 200 })
    await Promise.all(open.map(({ stream }) => once(stream.destroy(), 'close')))
    const { stream } = await query()
    stream.destroy()
  })

  await t.test('dates and offsets that the database does not have are refused', async t => {
    for (const url of ['/v1/datapoints?from=0000-01-01', '/v1/plans?active_on=0000-01-01', '/v1/datapoints?as_of=0000-01-01T00:00:00Z',
      '/v1/datapoints?as_of=2018-01-01T00:00:00%2B20:00', '/v1/datapoints?changed_since=2018-01-01T00:00:00%2B20:00']) {
      t.match(await admin.get(url), { status: 400 }, url)
    }
    t.match(await admin.put('/v1/plans/plan-a/actions/due', { title: 'Due', due: { kind: 'by', label: 'by then', latest: '0000-12-31' } }), { status: 400 })
  })

  await t.test('a Host that is no host name is refused', async t => {
    await admin.put('/v1/areas/other', { title: 'Other', kind: 'other' })
    t.match(await admin.get('/v1/areas?limit=1', { headers: { host: 'a b' } }), { status: 400 })
  })

  await t.test('a delivery of many periods or unknown codes is read, however many', async t => {
    const start = Date.UTC(1960, 0, 1)
    const days = Array.from({ length: 14_000 }, (_, i) => `D${new Date(start + i * 86_400_000).toISOString().slice(0, 10)}`)
    t.match(await deliver(admin, days.map(period => row('count', period, { value: 1 }))), { status: 200, body: { counts: { created: 14_000 } } })
    const unknown = Array.from({ length: 70_000 }, (_, i) => row('count', 'FY2016', { area: `nowhere-${i}`, value: 1 }))
    t.match(await deliver(admin, unknown), { status: 422, body: { counts: { rejected: 70_000 } } })
  })

  await t.test('a list or map beyond any meant is one fault, and what is given back is short', async t => {
    const wide = { qualifiers: Array(100_000).fill(1), value: 1 }
    const deep = { note: 'x'.repeat(10_000), value: 1 }
    const { status, text } = await deliver(admin, [row('count', 'FY2016', wide), row('count', 'FY2017', deep)])
    t.equal(status, 422)
    t.ok(text.length < 3000, String(text.length))
  })

  await t.test('JSON that is nested without end is refused', async t => {
    const body = `{"datapoints":[{"note":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`
    t.match(await admin.send('POST', '/v1/datapoint-imports', body, { headers: { 'content-type': 'application/json' } }), { status: 400 })
  })

  await t.test('the same row many times over is still one figure', async t => {
    const rows = Array.from({ length: 20_000 }, () => row('count', 'FY1999', { value: 1 }))
    t.match(await deliver(admin, rows), { status: 200, body: { counts: { created: 1, unchanged: 19_999 } } })
  })

  await t.test('a withdrawal is a DELETE', async t => {
    t.match(await admin.put(figure('FY2001'), { deleted: true }), { status: 422 })
    await admin.put(figure('FY2001'), { value: 1 })
    t.match(await admin.put(figure('FY2001'), { deleted: true }), { status: 422 })
    t.match(await admin.get(figure('FY2001')), { status: 200 })
  })

  await t.test('a breakdown has one form, whatever its dimensions are called', async t => {
    const values = [{ code: 'x', title: 'X' }, { code: 'y', title: 'Y' }]
    await admin.put('/v1/measures/split', { title: 'Split', unit: 'count', dimensions: [{ code: 'g', title: 'G', values }, { code: 'g2', title: 'G2', values }] })
    const at = `/v1/measures/split/datapoints/${city}/FY2016?breakdown=g2=y;g=x`
    t.match(await admin.put(at, { value: 1 }), { status: 201 })
    t.match(await admin.get(at), { status: 200, body: { breakdown: { g: 'x', g2: 'y' } } })
    t.equal((await admin.get('/v1/datapoints?breakdown=g2=y;g=x')).body.items.length, 1)
    t.match(await admin.get('/v1/datapoints?breakdown=reading'), { status: 400 })
  })

  await t.test('why rows were corrected stands in the journal, and deliveries of private measures are not shown to others', async t => {
    const reader = await client('reader', 'elsewhere')
    const { next_cursor: after } = (await reader.get('/v1/changes', { query: { limit: 1000 } })).body
    await deliver(admin, [row('count', 'FY2002', { value: 1, reason: 'Recounted' })])
    await admin.put('/v1/measures/private-one', { title: 'Private', unit: 'count', visibility: 'private' })
    await deliver(admin, [row('private-one', 'FY2002', { value: 1 })])
    const seen = (await reader.get('/v1/changes', { query: { after } })).body.items
    t.match(seen.map((change: { action: string, reason: string }) => [change.action, change.reason]), [['imported', 'Recounted']])
    t.equal(seen.length, 1)
  })

  await t.test('a DELETE may announce JSON and send none', async t => {
    const { etag } = await admin.put('/v1/areas/short-lived', { title: 'Short-lived', kind: 'other' })
    t.match(await admin.delete('/v1/areas/short-lived', { etag, headers: { 'content-type': 'application/json' } }), { status: 204 })
  })

  await t.test('a key activity under an outcome shows its lines in the tree', async t => {
    await admin.put('/v1/plans/plan-a/actions/activity', { title: 'Activity', kind: 'key_activity', outcomes: ['1a'] })
    await admin.put('/v1/plans/plan-a/measures/line-of-activity', { measure: 'count', action: 'activity' })
    const { body } = await admin.get('/v1/plans/plan-a/tree')
    t.match(body.priorities[0].outcomes[0].actions, [{ code: 'activity', measures: [{ code: 'line-of-activity' }] }])
  })

  await t.test('what is hidden is not named by what it holds', async t => {
    await admin.put('/v1/measures/secret', { title: 'Secret', unit: 'count', visibility: 'private' })
    await admin.put('/v1/plans/plan-a/outcomes/1z', { priority: '1' })
    await admin.put('/v1/plans/plan-a/measures/secret-line', { measure: 'secret', outcome: '1z' })
    const editor = await client('editor', 'council')
    const { etag } = await editor.get('/v1/plans/plan-a/outcomes/1z')
    const refused = await editor.delete('/v1/plans/plan-a/outcomes/1z', { etag })
    t.match(refused, { status: 409 })
    t.notMatch(refused.text, /secret/)
    const { partial: _, ...bundle } = (await editor.get('/v1/plans/plan-a/bundle')).body
    const emptied = await editor.put('/v1/plans/plan-a/bundle', { ...bundle, plan_measures: [] }, { etag: '*' })
    t.equal(emptied.status, 404)
    t.notMatch(emptied.text, /secret/)
  })
})
