// Canaries: secrets of every kind, sent in every place where one may end up, rightly or by mistake. None may show in the log, at
// its most talkative, nor in an error, the journal, or what watches the service.
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import { Writable } from 'node:stream'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { connect } from '../../src/db/connection.js'
import { logger } from '../../src/http/log.js'
import { keyForm, withoutKeys } from '../../src/http/secrets.js'
import { adminKey, start } from '../support/app.js'
import { makePlan } from '../support/make.js'

const words = { body: 'canary-in-a-body', query: 'canary-in-a-query', cookie: 'canary-in-a-cookie', user: 'canary-of-a-user', database: 'canary-of-a-database' }

await t.test('secrets that were sent', async t => {
  let log = ''
  const sink = new Writable({ write (chunk: Buffer, _, done) { log += chunk.toString(); done() } })
  const { app, admin, connection } = await start(t, { log: logger('trace', sink) })
  await makePlan(admin)
  await admin.put('/v1/clients/one', { organisation: 'council', role: 'editor', title: 'One' })
  const standard = (await admin.post('/v1/clients/one/keys', {})).body.key as string
  const feed = (await admin.post('/v1/clients/one/keys', { kind: 'feed' })).body.key as string
  const secretOf = (key: string) => key.split('_')[3]!
  const wrong = `${standard.slice(0, 21)}${'ab'.repeat(32)}${standard.slice(-8)}`
  const keys = [standard, feed, wrong, standard.slice(0, -1), standard.toUpperCase()]
  /** Cut short, for a part would be one too many. */
  const canaries = [...keys.map(key => secretOf(key).slice(0, 24)), adminKey, ...Object.values(words)]
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const encoded = [basic(words.user, feed), basic(words.user, standard)].map(header => header.slice(6, 60))
  const errors: string[] = []

  async function send (method: string, url: string, headers: Record<string, string> = {}, payload?: object | string): Promise<number> {
    const answer = await app.inject({ method: method as 'GET', url, headers: { cookie: words.cookie, ...headers }, ...(payload !== undefined && { payload }) })
    if (answer.statusCode >= 400) errors.push(answer.body)
    return answer.statusCode
  }
  const asAdmin = { authorization: `Bearer ${adminKey}` }
  const area = (title: string) => ({ title, kind: 'other' })

  await t.test('as credentials, right and wrong', async t => {
    t.equal(await send('GET', '/v1/me', { authorization: `Bearer ${standard}` }), 200)
    t.equal(await send('GET', '/v1/me', { authorization: basic(words.user, feed) }), 200)
    for (const key of [...keys.slice(2), `${adminKey}x`]) t.equal(await send('GET', '/v1/me', { authorization: `Bearer ${key}` }), 401)
    t.equal(await send('GET', '/v1/me', { authorization: basic(words.user, standard) }), 401)
    t.equal(await send('GET', '/v1/me', { authorization: standard }), 401)
    t.equal(await send('PUT', '/v1/areas/x', { authorization: `Bearer ${feed}` }, area('X')), 403)
  })

  await t.test('in addresses, queries and ids of requests, where none belongs', async t => {
    for (const [i, key] of [...keys, wrong.slice(0, 30)].entries()) {
      t.equal(await send('GET', `/v1/plans?key=${key}`), 400)
      t.equal(await send('GET', `/v1/plans/${key}`), key.length > 80 ? 400 : 404)
      t.equal(await send('DELETE', `/v1/clients/one/keys/${key}`, asAdmin), key.length > 80 ? 400 : 404)
      t.equal(await send('GET', `/nothing/${key}`), 404)
      t.equal(await send('GET', `/plans/${key.slice(0, 80)}`, { accept: 'text/html' }), 404)
      t.equal(await send('GET', '/v1/plans', { 'x-request-id': key }), 200)
      t.equal(await send('PUT', `/v1/areas/y-${i}`, { ...asAdmin, 'x-request-id': key }, area('Y')), 201)
    }
    t.equal(await send('GET', `/v1/plans?password=${words.query}`), 400)
    t.equal(await send('GET', `/v1/datapoints?q=%zz${words.query}`), 400)
  })

  await t.test('in bodies that are taken, refused or broken', async t => {
    const text = `${words.body} ${standard}`
    t.equal(await send('PUT', '/v1/areas/taken', asAdmin, area(text)), 201)
    t.equal(await send('POST', '/v1/plans/plan-a/updates', asAdmin, { text, organisations: [{ organisation: 'council', role: 'reporter' }], sensitivity: 'public' }), 201)
    t.equal(await send('PUT', '/v1/areas/refused', asAdmin, { title: text.repeat(20), kind: 'other' }), 400)
    t.equal(await send('PUT', '/v1/areas/refused', { ...asAdmin, 'content-type': 'application/json' }, `{"title": "${text}" ${text}`), 400)
    t.equal(await send('POST', '/v1/datapoint-imports', { ...asAdmin, 'content-type': 'text/csv' }, `measure,area,period,value\n${standard},x,FY2016,${feed}\n`), 422)
  })

  await t.test('when the database fails with them in hand', async t => {
    const pool = connection.pool
    await pool.query(`alter table areas add constraint no_canary check (title not like '%${words.body}-now%')`)
    t.equal(await send('PUT', '/v1/areas/failing', asAdmin, area(`${words.body}-now`)), 500)
    await pool.query('alter table plans rename to plans_gone')
    t.equal(await send('GET', '/v1/plans', { authorization: `Bearer ${standard}` }), 500)
    await pool.query('alter table plans_gone rename to plans')
    await pool.query('alter table keys rename to keys_gone')
    t.equal(await send('GET', '/v1/plans', { authorization: `Bearer ${standard}` }), 500)
    await pool.query('alter table keys_gone rename to keys')
    const gone = connect(`postgres://${words.user}:${words.database}@127.0.0.1:1/none`)
    const broken = await buildApp({ connection: gone, adminKey, log: logger('trace', sink) })
    for (const url of ['/v1/plans', '/v1/datapoints?format=csv', '/health/ready', '/plans/x']) {
      const answer = await broken.inject({ url, headers: { authorization: `Bearer ${adminKey}` } })
      t.equal(answer.statusCode, 503)
      errors.push(answer.body)
    }
    await broken.close()
    await gone.close()
  })

  await t.test('to a connection that speaks no HTTP', async t => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const socket = dial(Number(new URL(address).port), '127.0.0.1').on('error', () => {})
    socket.write(`GET /v1/plans HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${standard}\r\nno header\r\n\r\n`)
    const [answer] = await once(socket.setEncoding('utf8'), 'data') as [string]
    errors.push(answer)
    t.match(answer, /^HTTP\/1.1 400 /)
  })

  const quiet = (t: Test, text: string, where: string) => {
    const lower = text.toLowerCase()
    t.same([...canaries, ...encoded].filter(canary => lower.includes(canary.toLowerCase())), [], where)
  }

  await t.test('are not in the log, which still says what happened, when, and by which key', async t => {
    const lines = log.trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, any>)
    t.ok(lines.length > 60, String(lines.length))
    quiet(t, log, 'log')
    for (const sent of canaries.slice(0, 2)) quiet(t, Buffer.from(sent).toString('base64'), 'nor encoded')
    t.match(lines.find(line => line.path === '/v1/me' && line.status === 200), { msg: 'answered', method: 'GET', key: standard.split('_')[2], reqId: /./, milliseconds: Number })
    t.ok(lines.some(line => line.msg === 'a wrong key' && line.address === '127.0.0.1'))
    t.match(lines.find(line => line.err?.constraint === 'no_canary'), { msg: 'request failed', err: { code: '23514', table: 'areas', stack: /^\s+at / } })
    t.notMatch(log, /Failing row|DETAIL|rawPacket/)
  })

  await t.test('are in no error, not even in that which is told to their sender', async t => {
    t.ok(errors.length > 40)
    // What is wrong with a text is told to whoever sent it; that is no secret of anybody else's.
    for (const error of errors) quiet(t, error, 'error')
  })

  await t.test('are not in the journal, nor in what watches the service', async t => {
    const { rows } = await connection.pool.query('select to_jsonb(changes)::text as line from changes')
    t.ok(rows.length > 10)
    quiet(t, JSON.stringify(rows), 'journal')
    quiet(t, (await admin.get('/v1/changes?limit=1000')).text, 'change feed')
    for (const url of ['/health/live', '/health/ready', '/metrics']) quiet(t, (await app.inject(url)).body, url)
  })
})

await t.test('a key in a text is made unreadable, whether whole, cut or mistyped, and nothing else is', async t => {
  const key = `ot_live_0123456789ab_${'c'.repeat(64)}01234567`
  t.match(key, keyForm)
  for (const [text, wanted] of [
    [`no '${key}'`, "no 'ot_live_0123456789ab_…'"],
    [key.slice(0, 30), 'ot_live_0123456789ab_…'],
    [`${key}${key}`, 'ot_live_0123456789ab_…'],
    [key.toUpperCase(), 'OT_LIVE_0123456789AB_…'],
    ['ot_live_ and not_live_at_all', 'ot_live_ and not_live_at_all']
  ] as const) t.equal(withoutKeys(text), wanted)
})
