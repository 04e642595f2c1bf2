// The database out of reach: said as 503 with when to come back, on every kind of request, and never a word of why.
import { crc32 } from 'node:zlib'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect } from '../../src/db/connection.js'
import { adminKey, start } from '../support/app.js'
import { makeClients } from '../support/client.js'

await t.test('without a database', async t => {
  // Port 1 is closed everywhere.
  const connection = connect('postgres://user:secret-password@127.0.0.1:1/none')
  const app = await buildApp({ connection, adminKey })
  await app.ready()
  t.teardown(() => app.close())
  t.teardown(() => connection.close())
  const withKey = makeClients(app)
  const [admin, anonymous] = [withKey(adminKey), withKey(null)]

  const requests: Array<[string, string, unknown?]> = [
    ['GET', '/v1/plans'], ['GET', '/v1/plans/x'], ['GET', '/v1/plans/x/tree'], ['GET', '/v1/plans/x/bundle'], ['GET', '/v1/datapoints'], ['GET', '/v1/datapoints?format=csv'], ['GET', '/v1/datapoints/history'], ['GET', '/v1/changes'], ['GET', '/v1/measures/m/series'],
    ['PUT', '/v1/areas/x', { title: 'X', kind: 'other' }], ['PATCH', '/v1/areas/x', { title: 'X' }], ['DELETE', '/v1/areas/x'], ['POST', '/v1/datapoint-imports', { datapoints: [] }], ['PUT', '/v1/measures/m/datapoints/a/FY2016', { value: 1 }], ['GET', '/health/ready']
  ]
  for (const [method, url, body] of requests) {
    await t.test(`${method} ${url} is 503 with Retry-After`, async t => {
      const answer = await admin.send(method, url, body, { etag: '"1"' })
      t.match(answer, { status: 503, headers: { 'retry-after': /^\d+$/ }, body: { code: 'unavailable' } })
      t.notMatch(answer.text, /127\.0\.0\.1|ECONN|secret-password|postgres/i)
    })
  }

  await t.test('a key that cannot be looked up is 503 as well, not 401', async t => {
    // The secret of no key, with a right checksum, so that only the database could tell.
    const head = `ot_live_${'0'.repeat(12)}_${'0'.repeat(64)}`
    const one = withKey(head + crc32(head).toString(16).padStart(8, '0'))
    t.match(await one.get('/v1/plans'), { status: 503 })
  })

  await t.test('what needs no database still answers', async t => {
    t.match(await anonymous.get('/health/live'), { status: 200 })
    t.match(await anonymous.get('/openapi.json'), { status: 200 })
    t.match(await anonymous.get('/problems/unavailable'), { status: 200 })
    t.match(await anonymous.get('/v1/nothing'), { status: 404 })
    t.match(await anonymous.get('/v1/plans?limit=0'), { status: 400 })
  })
})

await t.test('a connection that is lost while it is lent fails one request and not the service', async t => {
  const { admin, connection } = await start(t)
  const lent = await connection.pool.connect()
  const { rows: [{ pid }] } = await lent.query('select pg_backend_pid() as pid')
  await connection.pool.query('select pg_terminate_backend($1)', [pid])
  await t.rejects(lent.query('select 1'))
  lent.release(true)
  t.match(await admin.get('/v1/plans'), { status: 200 })
})

await t.test('a browser is shown a page where there is none, and a program is told a problem', async t => {
  const { app, anonymous } = await start(t)
  const shown = await app.inject({ url: '/plans/none', headers: { accept: 'text/html,*/*' } })
  t.match(shown, { statusCode: 404, headers: { 'content-type': /^text\/html/, 'content-security-policy': /default-src 'none'/ }, body: /There is no plan &#39;none&#39;|There is no plan 'none'/ })
  t.match(await anonymous.get('/plans/none'), { status: 404, body: { code: 'not_found' } })
  t.match(await anonymous.get('/?x=1'), { status: 400, body: { errors: [{ pointer: '?x' }] } })
})
