// Keys: shown once, recognised, rotated, revoked; and which roles they carry.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import pg from 'pg'
import t from 'tap'
import { root } from '../../src/config.js'
import { keyForm, keyPattern } from '../../src/http/secrets.js'
import { adminKey, start } from '../support/app.js'
import type { Answer } from '../support/client.js'

/** With a right checksum, whatever the rest is. */
function made (kind: string, id: string, secret: string): string {
  const head = `${kind}_${id}_${secret}`
  return head + crc32(head).toString(16).padStart(8, '0')
}

/** But those that tell one request from another. */
function headersOf ({ headers: { date: _, 'x-request-id': __, ...headers } }: Answer) {
  return headers
}

await t.test('keys', async t => {
  const { admin, anonymous, withKey, client, connection } = await start(t)
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  const make = async (code: string, body: object = {}, role = 'reader') => {
    await admin.put(`/v1/clients/${code}`, { organisation: 'ccg', role, title: code })
    return await admin.post(`/v1/clients/${code}/keys`, body)
  }
  const refused = { status: 401, headers: { 'www-authenticate': /Bearer.*Basic realm="Outturn"/ }, body: { code: 'unauthenticated' } }

  await t.test('a key is shown once and never again', async t => {
    const { status, body } = await make('shown')
    t.match({ status, body }, { status: 201, body: { key: /^ot_live_[0-9a-z]+_[0-9A-Za-z]+$/, kind: 'standard', id: /./ } })
    const listed = await admin.get('/v1/clients/shown/keys')
    t.match(listed.body.items, [{ id: body.id, last_used_on: null }])
    t.notMatch(listed.text, body.key)
    t.notOk(JSON.stringify((await connection.pool.query('select * from keys')).rows).includes(body.key), 'nor is it stored')
    t.notMatch((await admin.get('/v1/changes?limit=1000')).text, body.key)
    t.match((await make('feed', { kind: 'feed' })).body, { kind: 'feed', key: /^ot_feed_/ })
  })

  await t.test('using a key leaves the day in the list', async t => {
    const { body } = await make('used')
    t.match(await withKey(body.key).get('/v1/me'), { status: 200 })
    t.match((await admin.get('/v1/clients/used/keys')).body.items, [{ last_used_on: new Date().toISOString().slice(0, 10) }])
  })

  await t.test('me says who the key is taken for', async t => {
    const { body } = await make('me', {}, 'editor')
    t.match((await withKey(body.key).get('/v1/me')).body, { client: 'me', organisation: 'ccg', role: 'editor', key_id: body.id, expires_at: body.expires_at, may_write: ['figures', 'updates', 'plans_and_measures'] })
    t.match((await admin.get('/v1/me')).body, { role: 'admin', organisation: null })
    t.match(await anonymous.get('/v1/me'), refused)
  })

  await t.test('a wrong key is 401, even where none is needed', async t => {
    const { key } = (await make('wrong')).body as { key: string }
    const flipped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    const other = key.replace(/_[^_]+$/, secret => `_${[...secret.slice(1)].reverse().join('')}`)
    for (const wrong of [flipped, other, key.slice(0, -1), `${key}0`, key.toUpperCase(), 'x', adminKey.slice(0, -1), 'ot_live_', key.replace('live', 'feed')]) {
      t.match(await withKey(wrong).get('/v1/organisations'), refused, wrong.slice(0, 20))
    }
    for (const authorization of ['', 'Bearer', `Bearer ${key} x`, key, `Token ${key}`, `Basic ${Buffer.from(`x:${key}`).toString('base64')}`]) t.match(await anonymous.get('/v1/organisations', { headers: { authorization } }), refused, authorization.slice(0, 12))
    t.match(await anonymous.get('/v1/me', { headers: { authorization: `bearer ${key}` } }), { status: 200 }, 'the scheme is read in any case')
  })

  await t.test('whatever is wrong with a key, the answer is the same', async t => {
    const [revoked, expired] = [(await make('gone')).body, (await make('gone')).body] as Array<{ id: string, key: string }>
    const { key } = (await make('there')).body as { key: string }
    await admin.delete(`/v1/clients/gone/keys/${revoked!.id}`)
    await connection.pool.query("update keys set expires_at = now() - interval '1 second' where id = $1", [expired!.id])
    const wrong: Record<string, string> = {
      unknown: made('ot_live', '0'.repeat(12), '1'.repeat(64)),
      revoked: revoked!.key,
      expired: expired!.key,
      'cut short': key.slice(0, -1),
      'with a wrong checksum': key.slice(0, -1) + (key.endsWith('0') ? '1' : '0'),
      'with a wrong secret': made('ot_live', key.split('_')[2]!, '1'.repeat(64)),
      'of another kind': made('ot_feed', key.split('_')[2]!, key.split('_')[3]!.slice(0, 64)),
      'no key at all': 'x'
    }
    const told = await Promise.all(Object.values(wrong).map(async one => withKey(one).get('/v1/plans')))
    for (const [i, name] of Object.keys(wrong).entries()) {
      t.match(told[i], refused, name)
      t.equal(told[i]!.text, told[0]!.text, name)
      t.same(headersOf(told[i]!), headersOf(told[0]!), name)
    }
    const basic = await anonymous.get('/v1/plans', { headers: { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` } })
    t.equal(basic.text, told[0]!.text, 'a standard key sent as Basic')
  })

  await t.test('an unknown id costs the same work as a known one with a wrong secret', async t => {
    const { key } = (await make('work')).body as { key: string }
    const [, , id] = key.split('_')
    const asked: string[] = []
    const { query } = pg.Client.prototype
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      asked.push(String((args[0] as { text?: string }).text ?? args[0]))
      return (query as (...all: unknown[]) => unknown).apply(this, args)
    } as typeof query
    t.teardown(() => { pg.Client.prototype.query = query })
    const work = async (one: string) => {
      asked.length = 0
      t.match(await withKey(one).get('/v1/me'), refused)
      return [...asked]
    }
    const unknown = await work(made('ot_live', '0'.repeat(12), '1'.repeat(64)))
    t.equal(unknown.length, 1)
    t.same(await work(made('ot_live', id!, '1'.repeat(64))), unknown)
    // That each is hashed once and compared once is to be read in actorOf: no way leads round it.
  })

  await t.test('scanners find a key by the expression that the documentation publishes', async t => {
    const guide = await readFile(join(root, 'docs/keys.md'), 'utf8')
    const [, published = ''] = /```regex\n(.*)\n```/.exec(guide) ?? []
    t.equal(published, keyPattern)
    for (const kind of ['standard', 'feed']) {
      const { key } = (await make(`scanned-${kind}`, { kind })).body as { key: string }
      t.match(`KEY="${key}"`, new RegExp(published))
      t.match(key, keyForm)
    }
  })

  await t.test('a revoked key stops at once', async t => {
    const { body } = await make('revoked')
    const one = withKey(body.key)
    t.match(await one.get('/v1/me'), { status: 200 })
    t.match(await admin.delete(`/v1/clients/revoked/keys/${body.id}`), { status: 204 })
    t.match(await one.get('/v1/me'), refused)
    t.match(await admin.delete(`/v1/clients/revoked/keys/${body.id}`), { status: 404 })
    t.match(await admin.delete('/v1/clients/shown/keys/none'), { status: 404 })
  })

  await t.test('an expired key is refused and does not count against the two', async t => {
    const { body } = await make('expired')
    await connection.pool.query("update keys set expires_at = now() - interval '1 second' where id = $1", [body.id])
    t.match(await withKey(body.key).get('/v1/me'), refused)
    for (const status of [201, 201, 409]) t.match(await make('expired'), { status })
  })

  await t.test('two keys live side by side for a rotation, a third is refused', async t => {
    const [one, two] = [(await make('rotated')).body, (await make('rotated')).body]
    for (const { key } of [one, two]) t.match(await withKey(key).get('/v1/me'), { status: 200 })
    t.match(await make('rotated'), { status: 409, body: { code: 'conflict' } })
    await admin.delete(`/v1/clients/rotated/keys/${one.id}`)
    t.match(await make('rotated'), { status: 201 })
    t.match(await withKey(two.key).get('/v1/me'), { status: 200 })
  })

  await t.test('of many keys asked for at once two are made', async t => {
    await admin.put('/v1/clients/crowd', { organisation: 'ccg', role: 'reader', title: 'crowd' })
    const statuses = (await Promise.all(Array.from({ length: 8 }, () => admin.post('/v1/clients/crowd/keys', {})))).map(({ status }) => status)
    t.same(statuses.sort(), [201, 201, 409, 409, 409, 409, 409, 409])
  })

  await t.test('a key lives for at most twelve months', async t => {
    const months = (count: number) => new Date(Date.now() + count * 30.4 * 86_400_000).toISOString()
    t.match(await make('lives', { expires_at: months(13) }), { status: 422, body: { errors: [{ pointer: '/expires_at' }] } })
    t.match(await make('lives', { expires_at: months(-1) }), { status: 422 })
    t.match(await make('lives', { expires_at: 'tomorrow' }), { status: 400 })
    const expires = months(3)
    t.equal(new Date((await make('lives', { expires_at: expires })).body.expires_at).getTime(), new Date(expires).getTime())
  })

  await t.test('deleting a client ends its keys, changing its role changes theirs', async t => {
    const { body } = await make('changed')
    const one = withKey(body.key)
    t.match(await one.put('/v1/areas/x', { title: 'X', kind: 'other' }), { status: 403, body: { code: 'forbidden' } })
    await admin.patch('/v1/clients/changed', { role: 'editor' }, { etag: '"1"' })
    t.match(await one.put('/v1/areas/x', { title: 'X', kind: 'other' }), { status: 201 })
    t.match(await admin.delete('/v1/clients/changed', { etag: '"2"' }), { status: 204 })
    t.match(await one.get('/v1/me'), refused)
  })

  await t.test('a feed key only reads, and is also taken as the password of Basic', async t => {
    const { key } = (await make('only-reads', { kind: 'feed' }, 'editor')).body
    const basic = (user: string, password: string) => ({ headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } })
    t.match(await anonymous.get('/v1/me', basic('anyone', key)), { status: 200, body: { client: 'only-reads' } })
    t.match(await anonymous.get('/v1/me', basic('', key)), { status: 200 })
    for (const password of ['', 'x', key.slice(0, -1), adminKey]) t.match(await anonymous.get('/v1/me', basic('anyone', password)), refused)
    t.match(await anonymous.send('PUT', '/v1/areas/fed', { title: 'Fed', kind: 'other' }, basic('anyone', key)), { status: 403 })
    t.match(await withKey(key).get('/v1/organisations'), { status: 200 })
    t.match(await withKey(key).put('/v1/areas/fed', { title: 'Fed', kind: 'other' }), { status: 403 })
  })

  await t.test('clients and their keys are for administrators', async t => {
    for (const role of ['reader', 'contributor', 'editor', 'publisher'] as const) {
      const one = await client(role)
      for (const [method, url] of [['GET', '/v1/clients'], ['GET', '/v1/clients/shown'], ['GET', '/v1/clients/shown/keys'], ['POST', '/v1/clients/shown/keys'], ['PUT', '/v1/clients/mine']] as const) t.match(await one.send(method, url), { status: 403 }, `${role} ${method} ${url}`)
    }
    t.match(await anonymous.get('/v1/clients'), refused)
    t.match(await admin.put('/v1/clients/nobodys', { role: 'editor', title: 'x' }), { status: 422, body: { errors: [{ pointer: '/organisation' }] } })
    t.match(await admin.put('/v1/clients/odd', { organisation: 'ccg', role: 'king', title: 'x' }), { status: 400, body: { errors: [{ pointer: '/role', allowed: ['reader'] }] } })
    t.match(await admin.post('/v1/clients/nobody/keys', {}), { status: 404 })
    t.match(await admin.delete('/v1/organisations/ccg', { etag: '"1"' }), { status: 409, body: { code: 'in_use' } }, 'and hold their organisation')
  })

  await t.test('what a role never does is refused before the body is read, without a key 401', async t => {
    const contributor = await client('contributor')
    t.match(await contributor.put('/v1/plans/x', 'not json'), { status: 403 })
    t.match(await anonymous.put('/v1/plans/x', 'not json'), refused)
    t.match(await anonymous.post('/v1/datapoint-imports', { datapoints: [] }), refused)
    t.match(await contributor.put('/v1/areas/y', { title: 'Y', kind: 'other' }), { status: 403 })
  })
})
