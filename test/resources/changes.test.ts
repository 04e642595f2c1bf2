// The change feed by its parameters: bookmarks that never end, filters, and what an entry says.
import t from 'tap'
import { connect } from '../../src/db/connection.js'
import { start } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { at } from './figures.js'

await t.test('changes', async t => {
  const { admin, client, anonymous } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  const [reader, editor] = [await client('reader'), await client('editor', 'ccg')]
  const feed = async (query: Record<string, string | number> = {}) => (await reader.get('/v1/changes', { query })).body
  const bookmark = (await feed({ limit: 1000 })).next_cursor
  for (const code of ['one', 'one-more', 'two']) await editor.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
  await admin.put(at('count', 'FY2016'), { value: 1 })

  await t.test('a bookmark gives what came after it, and a new bookmark even where nothing did', async t => {
    const first = await feed({ after: bookmark, limit: 3 })
    t.match(first, { has_more: true, items: [{ resource: '/v1/areas/one' }, { resource: '/v1/areas/one-more' }, { resource: '/v1/areas/two' }] })
    const second = await feed({ after: first.next_cursor })
    t.match(second, { has_more: false, items: [{ resource: at('count', 'FY2016') }] })
    const third = await feed({ after: second.next_cursor })
    t.match(third, { has_more: false, next_cursor: String })
    t.same(third.items, [])
    await editor.put('/v1/areas/three', { title: 'Three', kind: 'other' })
    t.match((await feed({ after: third.next_cursor })).items, [{ resource: '/v1/areas/three' }])
  })

  await t.test('a resource selects itself and what lies under it, not its namesakes', async t => {
    t.same((await feed({ resource: '/v1/areas/one' })).items.map((one: { resource: string }) => one.resource), ['/v1/areas/one'])
    t.same((await feed({ resource: '/v1/measures/count' })).items.map((one: { resource: string }) => one.resource), ['/v1/measures/count', at('count', 'FY2016')])
    t.equal((await feed({ resource: '/v1/areas' })).items.length, 5)
    t.match(await reader.get('/v1/changes?resource=areas'), { status: 400 })
  })

  await t.test('an organisation selects what its clients did', async t => {
    const { items } = await feed({ organisation: 'ccg' })
    t.equal(items.length, 4)
    t.match(items[0], { action: 'created', version: 1, actor: { organisation: 'ccg', client: /^editor/ }, request_id: /./, at: /Z$/ })
  })

  await t.test('an entry says what was done, never what it holds', async t => {
    await admin.put(at('count', 'FY2016'), { value: 424242, note: 'A word of caution.' })
    const { text } = await admin.get('/v1/changes?limit=1000')
    t.notMatch(text, '424242')
    t.notMatch(text, 'caution')
  })

  await t.test('a bookmark that is damaged, foreign or ahead of all is gone', async t => {
    const ahead = Buffer.from(JSON.stringify([1, 'changes', 1_000_000])).toString('base64url')
    const list = (await admin.get('/v1/areas?limit=1')).body.next_cursor
    for (const after of ['x', list, ahead, `${bookmark.slice(0, -2)}`]) t.match(await reader.get('/v1/changes', { query: { after } }), { status: 410, body: { code: 'expired_cursor' } })
    for (const limit of [0, 1001]) t.match(await reader.get('/v1/changes', { query: { limit } }), { status: 400 })
    t.match(await anonymous.get('/v1/changes'), { status: 401 })
  })

  await t.test('what was refused is no change', async t => {
    const { next_cursor: after } = await feed({ limit: 1000 })
    await editor.put('/v1/areas/one', { title: 'Without a tag', kind: 'other' })
    await editor.put('/v1/areas/bad', { title: 'Bad', kind: 'other', parent: 'nowhere' })
    await admin.put(at('count', 'FY2016'), { value: 'x' })
    await editor.delete('/v1/areas/one', { etag: '"9"' })
    t.same((await feed({ after })).items, [])
  })
})

await t.test('a page of a long walk reads of the journal no more than it gives', async t => {
  const url = await testDatabase(t)
  // One connection, so that what it has read is counted when it is asked.
  const connection = connect(url, { max: 1 })
  t.teardown(() => connection.close())
  const { admin, client } = await start(t, { connection: { ...connection, url } })
  for (let i = 0; i < 100; i++) await admin.put(`/v1/measures/measure-${i}`, { title: 'Measure', unit: 'count' })
  for (let i = 0; i < 10; i++) await makePlan(admin, `plan-${i}`)
  const reader = await client('reader')
  await connection.pool.query(`select append_changes(null, 'o', 'c', null, 'r', json_agg(case i % 3
      when 0 then json_build_object('action', 'updated', 'resource', '/v1/plans/plan-' || i % 20 || '/updates/' || i, 'version', i, 'plan', 'plan-' || i % 20)
      when 1 then json_build_object('action', 'updated', 'resource', '/v1/areas/area-' || i % 500, 'version', i)
      else json_build_object('action', 'updated', 'resource', '/v1/measures/measure-' || i % 200, 'version', i, 'measure', 'measure-' || i % 200) end))
    from generate_series(1, 30000) i`)
  await connection.pool.query('analyze')
  const read = async () => {
    await connection.pool.query('select pg_stat_force_next_flush()')
    return (await connection.pool.query<{ read: number }>("select seq_tup_read + coalesce(idx_tup_fetch, 0) as read from pg_stat_user_tables where relname = 'changes'")).rows[0]!.read
  }
  for (const one of [admin, reader]) {
    const before = await read()
    t.match((await one.get('/v1/changes?limit=1000')).body, { items: { length: 1000 }, has_more: true })
    const lines = await read() - before
    t.ok(lines >= 1000 && lines < 3000, `${lines} lines were read`)
  }
})
