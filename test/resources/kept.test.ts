// Answers kept in memory: what is asked again and again is always what the database holds, whoever wrote it, and never what
// somebody else may see.
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect } from '../../src/db/connection.js'
import { Kept } from '../../src/http/kept.js'
import { adminKey, start } from '../support/app.js'
import { makeClients, type Client } from '../support/client.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, row } from './figures.js'

/** Twice more than it takes to be kept. */
async function often (client: Client, url: string): Promise<Awaited<ReturnType<Client['get']>>> {
  for (let n = 0; n < 3; n++) await client.get(url)
  return client.get(url)
}

await t.test('answers that are kept', async t => {
  const { admin, anonymous, client, connection, withKey } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  const editor = await client('editor', 'council-a')
  const stranger = await client('editor', 'council-b')
  const [page, figure] = ['/v1/datapoints?measure=count', at('count', 'FY2016')]
  const onPage = (answer: { body: { items: Array<{ value: unknown }> } }) => answer.body.items.map(one => one.value)
  const values = async (client: Client) => [onPage(await often(client, page)), (await often(client, figure)).body.value]

  await t.test('a write is seen at once, with its instant and bookmark', async t => {
    await deliver(admin, [row('count', 'FY2016', { value: 1 })])
    t.same(await values(anonymous), [[1], 1])
    const before = await often(anonymous, page)
    for (const value of [2, 3]) {
      await deliver(admin, [row('count', 'FY2016', { value })])
      t.equal((await anonymous.get(figure)).body.value, value)
      t.same(onPage(await anonymous.get(page)), [value])
      t.same(await values(anonymous), [[value], value])
    }
    const after = await often(anonymous, page)
    t.not(after.headers['outturn-cursor'], before.headers['outturn-cursor'])
    t.ok(after.headers['outturn-as-of']! > before.headers['outturn-as-of']!)
  })

  await t.test('so is one that another process made', async t => {
    const elsewhere = connect(connection.url)
    const other = await buildApp({ connection: elsewhere, adminKey })
    t.teardown(async () => {
      await other.close()
      await elsewhere.close()
    })
    await other.ready()
    const there = makeClients(other)(adminKey)
    for (const value of [4, 5]) {
      await values(anonymous)
      await deliver(there, [row('count', 'FY2016', { value })])
      t.equal((await anonymous.get(figure)).body.value, value)
      t.same(onPage(await anonymous.get(page)), [value])
    }
  })

  await t.test('what comes with the figure follows its register, too', async t => {
    const titled = `${page}&titles=true`
    t.equal((await often(anonymous, titled)).body.items[0].unit, 'count')
    const change = async (patch: object) => admin.patch('/v1/measures/count', patch, { etag: (await admin.get('/v1/measures/count')).etag })
    await change({ title: 'Another title' })
    t.equal((await anonymous.get(titled)).body.items[0].measure_title, 'Another title')
    await often(anonymous, titled)
    const area = '/v1/areas/E06000018'
    await admin.patch(area, { title: 'Another area' }, { etag: (await admin.get(area)).etag })
    t.equal((await anonymous.get(titled)).body.items[0].area_title, 'Another area')
  })

  await t.test('an ETag is as before', async t => {
    const { etag } = await often(anonymous, figure)
    t.equal((await anonymous.get(figure, { headers: { 'if-none-match': etag } })).status, 304)
    await deliver(admin, [row('count', 'FY2016', { value: 6 })])
    const changed = await anonymous.get(figure, { headers: { 'if-none-match': etag } })
    t.equal(changed.status, 200)
    t.not(changed.etag, etag)
    t.equal((await often(anonymous, figure)).etag, changed.etag)
  })

  await t.test('a measure that turns private is gone at once, and open only to whom it was', async t => {
    for (const one of [anonymous, stranger, editor, admin]) await values(one)
    const turn = async (patch: object) => admin.patch('/v1/measures/count', patch, { etag: (await admin.get('/v1/measures/count')).etag })
    const seen = async (one: Client) => [(await one.get(page)).body.items.length, (await one.get(figure)).status]
    await turn({ visibility: 'private', steward: 'council-a' })
    for (let n = 0; n < 4; n++) {
      for (const one of [admin, editor]) t.same(await seen(one), [1, 200])
      for (const one of [anonymous, stranger]) t.same(await seen(one), [0, 404])
    }
    await turn({ visibility: 'partners' })
    for (let n = 0; n < 4; n++) {
      for (const one of [stranger, admin, editor]) t.same(await seen(one), [1, 200])
      t.same(await seen(anonymous), [0, 404])
    }
  })

  await t.test('a key that was revoked opens nothing that it opened', async t => {
    await admin.put('/v1/clients/leaver', { organisation: 'council-a', role: 'reader', title: 'Leaver' })
    const { body } = await admin.post('/v1/clients/leaver/keys', {})
    const leaver = withKey(body.key as string)
    t.equal((await often(leaver, figure)).status, 200)
    await admin.delete(`/v1/clients/leaver/keys/${body.id as string}`)
    t.equal((await leaver.get(figure)).status, 401)
    t.equal((await leaver.get(page)).status, 401)
  })
})

await t.test('a store of one state', async t => {
  const answer = (body: string) => ({ body })
  const store = new Kept(10_000)

  await t.test('keeps what is asked for twice, for the state that was read', async t => {
    store.set('a', answer('1'), 'one')
    t.notOk(store.has('a'), 'who walks through all leaves nothing')
    store.set('a', answer('1'), 'one')
    t.equal(store.get('a', 'one')?.body, '1')
    t.equal(store.get('a', 'two'), undefined)
    t.equal(store.get('a', 'one'), undefined, 'nor does it come back')
  })

  await t.test('drops what was used least lately, and takes nothing too large', async t => {
    const put = (key: string, size: number) => [1, 2].forEach(() => { store.set(key, answer('x'.repeat(size)), 'one') })
    for (let n = 0; n < 30; n++) {
      put(`k${n}`, 500)
      store.get('k0', 'one')
    }
    t.ok(store.get('k0', 'one'))
    t.ok(store.get('k29', 'one'))
    t.notOk(store.get('k1', 'one'))
    put('large', 2000)
    t.notOk(store.has('large'))
  })
})
