// How much one client may ask: by client and not by address, and never at the cost of another. Allowances of these tests hardly
// fill again, so that no test waits.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { limits, unlimited, type Limits } from '../../src/http/limits.js'
import { Budget } from '../../src/http/budget.js'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { deliver, fill, row } from '../resources/figures.js'

const hardly = (burst: number) => ({ rate: 0.01, burst })
const limited = { status: 429, headers: { 'retry-after': /^[1-9]\d*$/ }, body: { code: 'rate_limited' } }

await t.test('an allowance', async t => {
  await t.test('is used up at once and fills again steadily, however late one comes', async t => {
    const budget = new Budget({ rate: 50, burst: 1000 })
    t.same(Array.from({ length: 1000 }, () => budget.take('a', 0)).filter(wait => wait > 0), [])
    t.equal(budget.take('a', 0), 20)
    t.equal(budget.take('a', 19), 1)
    t.equal(budget.take('a', 20), 0)
    t.equal(budget.take('a', 20), 20)
    t.same(Array.from({ length: 1001 }, () => budget.take('a', 1e9)).filter(wait => wait > 0), [20], 'no more than the burst is saved up')
  })

  await t.test('is everyone’s own', async t => {
    const budget = new Budget(hardly(1))
    t.equal(budget.take('a', 0), 0)
    t.ok(budget.take('a', 0) > 0)
    t.equal(budget.take('b', 0), 0)
    t.ok(budget.owes('a', 0))
    t.notOk(budget.owes('c', 0))
  })

  await t.test('of more names than are remembered those who owe least are forgotten', async t => {
    const budget = new Budget({ rate: 1, burst: 100 }, 100)
    for (let i = 0; i < 50; i++) budget.take('greedy', 0)
    for (let i = 0; i < 10_000; i++) budget.take(`one-${i}`, 0)
    t.ok(budget.owes('greedy', 49_000))
    t.equal(Array.from({ length: 10_000 }, (_, i) => budget.owes(`one-${i}`, 0)).filter(Boolean).length <= 100, true)
  })

  await t.test('is 50 a second with a burst of 1000, of a client and of all without a key', async t => {
    t.same([limits.requests, limits.anonymous], [{ rate: 50, burst: 1000 }, { rate: 50, burst: 1000 }])
  })
})

await t.test('requests', async t => {
  const { admin, anonymous, client, withKey } = await start(t, { limits: { ...unlimited, requests: hardly(5), anonymous: hardly(3) } })

  await t.test('a client that has used up its allowance is told when to come again; others go on', async t => {
    const [greedy, other] = [await client('reader'), await client('reader')]
    for (let i = 0; i < 5; i++) t.match(await greedy.get('/v1/plans'), { status: 200 })
    const refused = await greedy.get('/v1/plans')
    t.match(refused, { ...limited, headers: { 'retry-after': /^(9\d|100)$/, ratelimit: /^"requests";r=0;t=(9\d|100)$/, 'ratelimit-policy': '"requests";q=5;w=500', 'cache-control': 'private, no-cache' } })
    t.match(await greedy.put('/v1/areas/x', 'not json'), { status: 403 }, 'what its role never does is told as ever')
    t.match(await other.get('/v1/plans'), { status: 200 })
    t.match(await admin.get('/v1/plans'), { status: 200 })
  })

  await t.test('both keys of a client have one allowance', async t => {
    await admin.put('/v1/clients/two-keys', { organisation: 'test-council', role: 'reader', title: 'x' })
    const keys = [(await admin.post('/v1/clients/two-keys/keys', {})).body.key, (await admin.post('/v1/clients/two-keys/keys', { kind: 'feed' })).body.key] as string[]
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await withKey(keys[i % 2]!).get('/v1/me')).status)
    t.same(statuses, [200, 200, 200, 200, 200, 429])
  })

  await t.test('those without a key share one allowance, which is nobody else’s', async t => {
    const one = await client('reader')
    for (let i = 0; i < 3; i++) t.match(await anonymous.get('/v1/plans'), { status: 200 })
    t.match(await anonymous.get('/v1/plans'), limited)
    t.match(await anonymous.get('/'), limited, 'pages as well')
    t.match(await anonymous.get('/v1/nothing'), limited, 'and what is not there')
    t.match(await anonymous.get('/v1/me'), { status: 401 }, 'what needs a key costs nothing and says so')
    t.match(await one.get('/v1/plans'), { status: 200 })
  })

  await t.test('whoever watches the service gets through', async t => {
    for (const url of ['/health/live', '/health/ready']) t.match(await anonymous.get(url), { status: 200 })
  })

  await t.test('the bootstrap key is exempt, which a client of that name is not', async t => {
    for (let i = 0; i < 20; i++) t.match(await admin.get('/v1/plans'), { status: 200 })
    await admin.put('/v1/clients/bootstrap', { role: 'admin', title: 'x' })
    const { key } = (await admin.post('/v1/clients/bootstrap/keys', {})).body
    for (let i = 0; i < 5; i++) t.match(await withKey(key).get('/v1/me'), { status: 200 })
    t.match(await withKey(key).get('/v1/me'), limited)
  })
})

await t.test('what was spent when the service stops is still spent after its next start', async t => {
  const { app, client, connection } = await start(t, { limits: { ...unlimited, requests: hardly(300) } })
  const one = await client('reader')
  for (let i = 0; i < 2; i++) await one.get('/v1/plans')
  await app.close()
  const { rows: [row] } = await connection.pool.query("select extract(epoch from full_at - now()) / 100 as owed from allowances where name = 'requests of reader-1'")
  t.ok(row.owed > 1 && row.owed <= 2, `${row.owed as string} of 2`)
})

await t.test('failed logins', async t => {
  const failures: Limits['failures'] = { address: hardly(4), all: hardly(10) }
  const { app, admin, client, connection } = await start(t, { limits: { ...unlimited, failures } })
  const made = async () => (await admin.post(`/v1/clients/${await newClient()}/keys`, {})).body.key as string
  let count = 0
  const newClient = async () => {
    await admin.put(`/v1/clients/login-${++count}`, { role: 'admin', title: 'x' })
    return `login-${count}`
  }
  const from = async (remoteAddress: string, key: string) =>
    (await app.inject({ url: '/v1/me', remoteAddress, headers: { authorization: `Bearer ${key}` } })).statusCode
  const [used, unused] = [await made(), await made()]
  await client('reader')

  await t.test('an address that sends wrong keys is told to wait, and costs no look-up any more', async t => {
    t.equal(await from('10.0.0.1', used), 200)
    for (let i = 0; i < 4; i++) t.equal(await from('10.0.0.1', 'wrong'), 401)
    let asked = 0
    connection.pool.on('acquire', () => { asked++ })
    const answer = await app.inject({ url: '/v1/plans', remoteAddress: '10.0.0.1', headers: { authorization: `Bearer ${unused}` } })
    t.match({ status: answer.statusCode, headers: answer.headers, body: answer.json() }, limited)
    t.equal(asked, 0)
  })

  await t.test('a key that was good here goes on from the same address; and so do those without', async t => {
    t.equal(await from('10.0.0.1', used), 200)
    t.match(await app.inject({ url: '/v1/plans', remoteAddress: '10.0.0.1' }), { statusCode: 200 })
    t.equal(await from('10.0.0.1', 'test-bootstrap-key-of-32-characters-or-more'), 200, 'the bootstrap key always')
  })

  await t.test('a key that was good and is revoked is not good any more', async t => {
    const code = await newClient()
    const { body: { id, key } } = await admin.post(`/v1/clients/${code}/keys`, {})
    t.equal(await from('10.0.0.1', key), 429)
    t.equal(await from('10.0.0.9', key), 200)
    t.equal(await from('10.0.0.1', key), 200)
    await admin.delete(`/v1/clients/${code}/keys/${id}`)
    t.equal(await from('10.0.0.1', key), 401)
    t.equal(await from('10.0.0.1', key), 429)
  })

  await t.test('another address is not locked out, also while too many failures come from everywhere', async t => {
    t.equal(await from('10.0.0.2', unused), 200)
    for (let i = 10; i < 20; i++) await from(`10.0.1.${i}`, 'wrong')
    t.equal(await from('10.0.1.10', 'wrong'), 429, 'one failure is too often now')
    t.equal(await from('10.0.2.1', await made()), 200, 'but who has not failed is heard')
  })
})

await t.test('downloads and deliveries at once', async t => {
  const { app, admin, client, connection } = await start(t, { limits: { ...unlimited, atOnce: 2 } })
  await makeMeasure(admin, 'count', { unit: 'count' })
  await deliver(admin, [row('count', 'FY2016', { value: 1 })])
  await fill(connection.pool, 9000, 3200)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const [one, other] = [await client('reader', 'ccg'), await client('reader', 'ccg')]
  const { key } = (await admin.post('/v1/clients/reader-1/keys', {})).body as { key: string }
  const url = '/v1/datapoints?format=csv'

  await t.test('a client has so many downloads under way; pages, and other clients, go on', async t => {
    const open = await Promise.all([1, 2].map(() => fetch(address + url, { headers: { authorization: `Bearer ${key}` } })))
    t.same(open.map(({ status }) => status), [200, 200])
    t.match(await one.get(url), limited)
    t.match(await one.get('/v1/datapoints?limit=1'), { status: 200 })
    t.match(await other.get(url), { status: 200 })
    t.match(await admin.get(url), { status: 200 }, 'the bootstrap key is exempt')
    for (const { body } of open) await body!.cancel()
  })

  await t.test('a place is given back with the answer, however that ends', async t => {
    const later = async () => {
      for (let n = 0; n < 500; n++) {
        if ((await one.get(url)).status === 200) return true
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      return false
    }
    t.ok(await later(), 'after a reader who went')
    for (let i = 0; i < 4; i++) {
      t.match(await one.get(url), { status: 200 })
      t.match(await one.get(`${url}&limit=1`), { status: 400 })
      t.match(await one.send('HEAD', url), { status: 200 })
    }
  })

  await t.test('a client has so many deliveries under way, from before they are received', async t => {
    const contributor = await client('contributor', 'ccg')
    const { key } = (await admin.post('/v1/clients/contributor-3/keys', {})).body as { key: string }
    const { port } = app.server.address() as AddressInfo
    const { connect } = await import('node:net')
    const begin = async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`POST /v1/datapoint-imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: text/csv\r\ncontent-length: 30\r\n\r\nmeasure,area,`)
      return socket
    }
    const send = () => contributor.send('POST', '/v1/datapoint-imports?dry_run=true', 'measure,area,period,value\n', { headers: { 'content-type': 'text/csv' } })
    const sockets = [await begin(), await begin()]
    const until = async (wanted: (status: number) => boolean) => {
      for (let n = 0; n < 100; n++) {
        // Also before the first, which would be in the way of those two otherwise.
        await new Promise(resolve => setTimeout(resolve, 100))
        const answer = await send()
        if (wanted(answer.status)) return answer
        // One that came while a place was taken was refused, and never holds one.
        for (const [i, socket] of sockets.entries()) {
          if (socket.destroyed || socket.bytesRead === 0) continue
          socket.destroy()
          sockets[i] = await begin()
        }
      }
      throw new Error('Waited in vain')
    }
    t.match(await until(status => status === 429), limited)
    for (const socket of sockets) socket.destroy()
    t.ok(await until(status => status !== 429), 'and the places are free again')
  })
})
