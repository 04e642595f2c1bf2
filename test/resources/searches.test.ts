// Lists of registers: searched, filtered, counted, paged.
import t from 'tap'
import { start } from '../support/app.js'
import { walk } from './figures.js'

await t.test('searches', async t => {
  const { admin } = await start(t)
  const codes = async (url: string, query: Record<string, string | number | boolean> = {}) => (await walk(admin, url, query)).map(item => item.code)
  for (const [code, title, kind, parent] of [
    ['england', 'England', 'nation'], ['midlands', 'East Midlands', 'region', 'england'], ['city', 'Nottingham', 'unitary', 'midlands'],
    ['ward-1', 'Arboretum 100%', 'ward', 'city'], ['ward_2', 'Aspley', 'ward', 'city'], ['leeds', 'Leeds', 'metropolitan_district', 'england']
  ] as const) await admin.put(`/v1/areas/${code}`, { title, kind, parent: parent ?? null })

  await t.test('q finds parts of titles and codes, ignoring case', async t => {
    t.same(await codes('/v1/areas', { q: 'nott' }), ['city'])
    t.same(await codes('/v1/areas', { q: 'WARD' }), ['ward-1', 'ward_2'])
  })

  await t.test('q takes per cent signs, underscores and backslashes as what they are', async t => {
    t.same(await codes('/v1/areas', { q: '%' }), ['ward-1'])
    t.same(await codes('/v1/areas', { q: '_' }), ['ward_2'])
    t.same(await codes('/v1/areas', { q: '\\' }), [])
    t.same(await codes('/v1/areas', { q: "'; drop table areas; --" }), [])
  })

  await t.test('within is an area and everything inside it, however deep', async t => {
    t.same(await codes('/v1/areas', { within: 'midlands' }), ['city', 'midlands', 'ward-1', 'ward_2'])
    t.same(await codes('/v1/areas', { within: 'ward-1' }), ['ward-1'])
    t.same(await codes('/v1/areas', { within: 'midlands', kind: 'ward', q: 'asp' }), ['ward_2'], 'filters combine')
  })

  await t.test('a filter that names nothing known matches nothing and says so', async t => {
    const { status, body } = await admin.get('/v1/areas', { query: { within: 'atlantis', count: true } })
    t.match({ status, body }, { status: 200, body: { total: 0, warnings: [{ code: 'unknown_area', parameter: 'within', value: 'atlantis' }] } })
    t.same(body.items, [])
    t.equal((await admin.get('/v1/areas', { query: { within: 'city' } })).body.warnings, undefined)
    t.match(await admin.get('/v1/measures', { query: { steward: 'a', data_provider: 'b', plan: 'c' } }), { body: { warnings: [{ parameter: 'steward' }, { parameter: 'data_provider' }, { parameter: 'plan' }] } })
  })

  await t.test('a filter value outside its list is refused', async t => {
    t.match(await admin.get('/v1/areas', { query: { kind: 'planet' } }), { status: 400, body: { errors: [{ pointer: '?kind' }] } })
    t.match(await admin.get('/v1/plans', { query: { active_on: '31/03/2018' } }), { status: 400 })
    for (const limit of [0, 1001, -1, 1.5, 'ten']) t.match(await admin.get('/v1/areas', { query: { limit } }), { status: 400, body: { errors: [{ pointer: '?limit' }] } })
  })

  await t.test('small pages put together are the one big page', async t => {
    const whole = await codes('/v1/areas')
    t.same(whole, ['city', 'england', 'leeds', 'midlands', 'ward-1', 'ward_2'], 'by code')
    t.same(await codes('/v1/areas', { limit: 1 }), whole)
    t.same(await codes('/v1/areas', { limit: 4 }), whole)
  })

  await t.test('a page leads to the next by an absolute URL and by Link', async t => {
    const { body, headers } = await admin.get('/v1/areas?limit=4&count=true')
    t.equal(body.total, 6)
    t.equal(headers.link, `<${body.next}>; rel="next"`)
    const next = new URL(body.next)
    const last = await admin.get(next.pathname + next.search)
    t.match(last.body, { items: [{ code: 'ward-1' }, { code: 'ward_2' }], next_cursor: null, next: null })
    t.equal(last.headers.link, undefined)
  })

  await t.test('a page that ends exactly with the list is the last', async t => {
    t.equal((await admin.get('/v1/areas?limit=6')).body.next_cursor, null)
  })

  await t.test('a cursor serves only the list and filters it was made for', async t => {
    const { body } = await admin.get('/v1/areas?limit=1')
    t.match(await admin.get('/v1/organisations', { query: { cursor: body.next_cursor } }), { status: 410, body: { code: 'expired_cursor' } })
    t.match(await admin.get('/v1/areas', { query: { cursor: body.next_cursor, kind: 'ward' } }), { status: 410 })
    for (const cursor of ['x', 'e30', `${body.next_cursor}A`]) t.match(await admin.get('/v1/areas', { query: { cursor } }), { status: /410|200/ }, cursor)
    t.match(await admin.get('/v1/areas', { query: { cursor: body.next_cursor, limit: 2 } }), { status: 200, body: { items: [{ code: 'england' }, { code: 'leeds' }] } }, 'the limit may change on the way')
  })

  await t.test('what is deleted on the way does not disturb the walk', async t => {
    const { body } = await admin.get('/v1/areas?limit=3')
    await admin.delete('/v1/areas/leeds', { etag: '"1"' })
    t.match((await admin.get('/v1/areas', { query: { cursor: body.next_cursor } })).body.items, [{ code: 'midlands' }, { code: 'ward-1' }, { code: 'ward_2' }])
  })
})
