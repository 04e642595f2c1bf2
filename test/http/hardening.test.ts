// What every answer carries, whom the service believes, and how long it lets others keep it waiting.
import { once } from 'node:events'
import { connect as dial, type AddressInfo } from 'node:net'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { sql } from 'kysely'
import { anonymous as nobody } from '../../src/db/actor.js'
import { readStream } from '../../src/db/bulk.js'
import { connect } from '../../src/db/connection.js'
import { buildApp } from '../../src/app.js'
import { unlimited } from '../../src/http/limits.js'
import { selectFigures } from '../../src/resources/datapoints/select.js'
import { adminKey, start } from '../support/app.js'
import { makeClients } from '../support/client.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { deliver, row } from '../resources/figures.js'

const strict = /^default-src 'none'; (?:.*; )?frame-ancestors 'none'$/

await t.test('every answer', async t => {
  const { app, admin, anonymous, client } = await start(t)
  await makePlan(admin)
  const { etag } = await admin.get('/v1/plans/plan-a')
  const reader = await client('reader')
  const bearer = { authorization: `Bearer ${adminKey}` }
  const requests: Array<[name: string, request: InjectOptions]> = [
    ['data', { url: '/v1/plans' }],
    ['a page', { url: '/plans/plan-a' }],
    ['the front page', { url: '/' }],
    ['a stylesheet', { url: '/assets/outturn.css' }],
    ['a download', { url: '/v1/datapoints?format=csv' }],
    ['the document', { url: '/openapi.json' }],
    ['health', { url: '/health/ready' }],
    ['not modified', { url: '/v1/plans/plan-a', headers: { 'if-none-match': etag } }],
    ['something written', { method: 'PUT', url: '/v1/areas/x', headers: bearer, payload: { title: 'X', kind: 'other' } }],
    ['a fault', { url: '/v1/plans?nonsense=1' }],
    ['no key', { url: '/v1/me' }],
    ['a wrong key', { url: '/v1/plans', headers: { authorization: 'Bearer wrong' } }],
    ['nothing', { url: '/nothing' }],
    ['a wrong method', { method: 'DELETE', url: '/v1/plans' }],
    ['a page that is not there', { url: '/plans/none', headers: { accept: 'text/html' } }],
    ['an address that is none', { url: '/v1/plans/%zz' }]
  ]

  await t.test('says that nothing of it runs, is framed, is read by other sites or is guessed at', async t => {
    for (const [name, request] of requests) {
      const { headers } = await app.inject(request)
      t.match(headers, {
        'content-security-policy': strict, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin', 'cache-control': /./
      }, name)
      t.notOk(headers['strict-transport-security'], `${name}: over http there is nothing to say of https`)
    }
  })

  await t.test('is for no other site', async t => {
    for (const [name, { headers, ...request }] of requests) {
      const answer = await app.inject({ ...request, headers: { ...headers, origin: 'https://elsewhere.example' } })
      t.same(Object.keys(answer.headers).filter(header => header.startsWith('access-control-')), [], name)
    }
    t.match(await app.inject({ method: 'OPTIONS', url: '/v1/plans', headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' } }), { statusCode: 405 })
  })

  await t.test('may be kept by its reader alone, and not at all where it may hold more than readers see', async t => {
    for (const one of [anonymous, reader]) t.match((await one.get('/v1/plans')).headers, { 'cache-control': 'private, no-cache', vary: /authorization/ })
    for (const role of ['contributor', 'editor', 'publisher', 'admin'] as const) t.match((await (await client(role)).get('/v1/plans')).headers, { 'cache-control': 'no-store' }, role)
    t.match((await app.inject({ url: '/v1/plans', headers: { authorization: 'Bearer wrong' } })).headers, { 'cache-control': 'no-store' })
  })

  await t.test('to what is no request is a problem as well', async t => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    for (const sent of ['rubbish\r\n\r\n', `GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(100_000)}\r\n\r\n`]) {
      const socket = dial(Number(new URL(address).port), '127.0.0.1')
      socket.on('error', () => {}).write(sent)
      let text = ''
      for await (const chunk of socket.setEncoding('latin1')) text += chunk as string
      t.match(text, /^HTTP\/1.1 400 [^]*content-type: application\/problem\+json\r\n[^]*\r\n\r\n\{"type":"\/problems\/invalid_input"/)
      t.match(text, /content-security-policy: default-src 'none'/)
      t.notMatch(text, /rubbish|xxx|HPE/)
    }
  })

  await t.test('asks browsers to keep to https where clients use that', async t => {
    const connection = connect('postgres://nowhere.invalid/none')
    t.teardown(() => connection.close())
    for (const [publicUrl, wanted] of [['https://outturn.example.gov.uk', 'max-age=31536000'], ['http://outturn.example.gov.uk', undefined]] as const) {
      const other = await buildApp({ connection, publicUrl })
      t.equal((await other.inject('/health/live')).headers['strict-transport-security'], wanted)
      await other.close()
    }
  })
})

await t.test('a proxy', async t => {
  const forwarded = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-host': 'outturn.example.gov.uk', 'x-forwarded-proto': 'https' }
  const list = { url: '/v1/areas?limit=1', headers: { ...forwarded, host: 'inside:3000' } }
  const areas = async (one: Awaited<ReturnType<typeof start>>) => {
    for (const code of ['a', 'b']) await one.admin.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
  }

  await t.test('is not believed where none was named', async t => {
    const one = await start(t)
    await areas(one)
    t.match((await one.app.inject({ ...list, remoteAddress: '127.0.0.1' })).json().next, /^http:\/\/inside:3000\//)
  })

  await t.test('is believed by its address, of clients as well, and nobody else is', async t => {
    const failures = { address: { rate: 0.01, burst: 1 }, all: { rate: 0.01, burst: 100 } }
    const one = await start(t, { trustProxy: ['loopback', '10.1.0.0/16'], limits: { ...unlimited, failures } })
    await areas(one)
    for (const remoteAddress of ['127.0.0.1', '10.1.2.3']) t.match((await one.app.inject({ ...list, remoteAddress })).json().next, /^https:\/\/outturn\.example\.gov\.uk\//)
    t.match((await one.app.inject({ ...list, remoteAddress: '10.2.0.1' })).json().next, /^http:\/\/inside:3000\//)
    const wrong = async (from: string) => (await one.app.inject({ url: '/v1/plans', remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': from, authorization: 'Bearer wrong' } })).statusCode
    t.same([await wrong('203.0.113.7'), await wrong('203.0.113.7'), await wrong('203.0.113.8')], [401, 429, 401])
    t.equal(await wrong('198.51.100.1, 203.0.113.7'), 429, 'what a client claims in front of the proxy counts for nothing')
  })
})

await t.test('security.txt names the contact of the operator, for a time, and is not there without', async t => {
  const connection = connect('postgres://nowhere.invalid/none')
  t.teardown(() => connection.close())
  const named = await buildApp({ connection, securityContact: 'mailto:security@example.gov.uk', publicUrl: 'https://outturn.example.gov.uk' })
  const { statusCode, headers, body } = await named.inject('/.well-known/security.txt')
  t.match({ statusCode, type: headers['content-type'] }, { statusCode: 200, type: 'text/plain; charset=utf-8' })
  t.match(body, /^Contact: mailto:security@example\.gov\.uk\nExpires: \d{4}-\d\d-\d\dT00:00:00Z\n/)
  t.match(body, 'Canonical: https://outturn.example.gov.uk/.well-known/security.txt\n')
  const ahead = Date.parse(/^Expires: (.*)$/m.exec(body)![1]!) - Date.now()
  t.ok(ahead > 0 && ahead < 366 * 86_400_000)
  await named.close()
  const other = await buildApp({ connection })
  t.match(await other.inject('/.well-known/security.txt'), { statusCode: 404 })
  await other.close()
})

await t.test('a sender', async t => {
  const { app, admin } = await start(t, { slowest: { bytes: 1, milliseconds: 150 } })
  await makeMeasure(admin, 'count', { unit: 'count' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const begin = async (type: string, length: number, path = '/v1/datapoint-imports', method = 'POST', key = adminKey) => {
    const socket = dial(port, '127.0.0.1').on('error', () => {})
    await once(socket, 'connect')
    socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`)
    return socket
  }

  await t.test('that stops amid a body is cut off, also where it was refused', async t => {
    const put = ['application/json', 100, '/v1/areas/x', 'PUT'] as const
    for (const opening of [() => begin('text/csv', 100), () => begin(...put), () => begin(...put, 'wrong')]) {
      const socket = await opening()
      socket.resume().write('measure,')
      await once(socket, 'close')
    }
    t.pass('all were closed')
  })

  await t.test('that is slow but goes on is heard to the end, however long it takes', async t => {
    const body = `measure,area,period,value\ncount,E06000018,FY2016,1\n${'\n'.repeat(100)}`
    const socket = await begin('text/csv', body.length)
    for (let i = 0; i < body.length; i += 4) {
      socket.write(body.slice(i, i + 4))
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    const [answer] = await once(socket.setEncoding('utf8'), 'data') as [string]
    t.match(answer, /^HTTP\/1.1 200 /)
    socket.destroy()
  })

  await t.test('of no request at all is let go after a while', async t => {
    t.equal(app.server.headersTimeout, 20_000)
  })
})

await t.test('a stop does not wait for connections on which nothing is under way', { timeout: 30_000 }, async t => {
  const { app } = await start(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const heard = { unused: '', kept: '' }
  const sockets = Object.keys(heard).map(name => dial(port, '127.0.0.1').on('data', (text: Buffer) => { heard[name as keyof typeof heard] += text.toString() }))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  sockets[1]!.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(sockets[1]!, 'data')
  const ended = Promise.all(sockets.map(socket => once(socket, 'close')))
  await Promise.all([app.close(), ended])
  t.equal(heard.unused, '', 'not even that it took too long')
  t.match(heard.kept, /^HTTP\/1\.1 200 [^]*\}$/)
})

await t.test('a database that takes too long', async t => {
  const { admin, connection } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  const hurried = connect(connection.url, { timeout: 0.2 })
  const app = await buildApp({ connection: hurried, adminKey })
  await app.ready()
  t.teardown(() => app.close())
  t.teardown(() => hurried.close())
  const one = makeClients(app)(adminKey)

  await t.test('is given up, which is told in words, and the request may be repeated', async t => {
    const other = await connection.pool.connect()
    await other.query('begin; lock table plans in access exclusive mode')
    t.match(await one.get('/v1/plans'), { status: 503, headers: { 'retry-after': '1' }, body: { code: 'unavailable', detail: /took too long/ } })
    await other.query('rollback')
    other.release()
    t.match(await one.get('/v1/plans'), { status: 200 })
  })

  await t.test('may take its time for a download', async t => {
    const query = selectFigures({ db: hurried.db, actor: nobody }, {}).select(sql`1`.as('one'))
    const { stream } = await readStream(hurried, sql<{ one: string }>`select current_setting('statement_timeout') from (${query}) q right join (values (1)) v on true`.compile(hurried.db))
    let text = ''
    for await (const chunk of stream.setEncoding('utf8')) text += chunk as string
    t.match(text, /^0\n/)
    t.equal((await hurried.pool.query('show statement_timeout')).rows[0].statement_timeout, '200ms', 'and only for that')
  })

  await t.test('may take its time for a delivery, and for taking it back', async t => {
    await connection.pool.query(`create function patient() returns trigger language plpgsql as $$ begin
      if current_setting('statement_timeout') <> '0' then raise exception 'in a hurry'; end if; return null; end $$`)
    await connection.pool.query('create trigger patient after insert or update on figures for each statement execute function patient()')
    const { status, body } = await deliver(one, [row('count', 'FY2016', { value: 1 })])
    t.equal(status, 200)
    t.match(await one.post(`/v1/datapoint-imports/${body.id as string}/revert`), { status: 200 })
    t.equal((await hurried.pool.query('show statement_timeout')).rows[0].statement_timeout, '200ms')
  })
})
