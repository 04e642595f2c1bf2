// Three processes of the service on a primary and a streaming replica, behind no balancer but chance: a client reads its own writes,
// a revoked key is none at once, and a replica that lags or is gone is passed over.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { service, type Service } from '../support/process.js'
import { withReplica } from '../support/replica.js'

const adminKey = 'the-key-of-this-test-has-32-characters'

await t.test('several processes on a primary and a replica', async t => {
  const { primary, replica } = await withReplica(t)
  const env = { DATABASE_URL: primary.url, DATABASE_READ_URL: replica.url, OUTTURN_ADMIN_KEY: adminKey, OUTTURN_RATE_LIMIT: 'off', OUTTURN_ANONYMOUS_RATE_LIMIT: 'off' }
  const first = await service(t, { env })
  const services = [first, await service(t, { env }), await service(t, { env })]
  let turn = 0
  const any = (): Service => services[turn++ % services.length]!
  await first.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  await first.put('/v1/areas/place', { title: 'Place', kind: 'ward' })
  const keyOf = async (code: string) => {
    await first.put(`/v1/clients/${code}`, { organisation: 'council', role: 'editor', title: code })
    return (await first.post(`/v1/clients/${code}/keys`, {})).body as { key: string, id: string }
  }
  const { key: writer } = await keyOf('writer')
  const { key: reader, id: readerId } = await keyOf('reader')
  await first.put('/v1/measures/count', { title: 'Count', unit: 'count', visibility: 'public', steward: 'council' })
  const put = (value: number) => any().send('PUT', '/v1/measures/count/datapoints/place/FY2016', { value }, { as: writer })
  const path = '/v1/measures/count/datapoints/place/FY2016'
  const get = async (as: string, on = any()) => (await on.send('GET', path, undefined, { as })).body?.value as number | undefined
  /** Without a key. */
  const seen = async (on = any()) => ((await (await fetch(on.url + path)).json()) as { value: number }).value
  const caughtUp = async () => {
    const { rows: [at] } = await primary.query('select pg_current_wal_lsn() as lsn')
    for (;;) {
      const { rows: [row] } = await replica.query(`select pg_last_wal_replay_lsn() >= '${at.lsn as string}'::pg_lsn as there`)
      if (row.there === true) return
      await sleep(20)
    }
  }

  await t.test('who only reads gets what the replica has, and who wrote gets that', async t => {
    await put(1)
    await caughtUp()
    t.equal(await get(reader), 1)
    await replica.query('select pg_wal_replay_pause()')
    for (let value = 2; value < 30; value++) {
      await put(value)
      t.equal(await get(writer), value, 'what it wrote, from any process')
    }
    for (const on of services) {
      t.equal(await get(reader, on), 1, 'the replica answers')
      t.equal(await seen(on), 1, 'also those without a key')
    }
    t.match((await first.send('GET', '/v1/changes?limit=1000', undefined, { as: reader })).body.items.at(-1), { resource: /FY2016/ }, 'as the primary has it')
    await replica.query('select pg_wal_replay_resume()')
    await caughtUp()
    t.equal(await get(reader), 29)
    t.equal(await get(writer), 29)
  })

  await t.test('pages, exports, the feed and kept answers follow their client as well', async t => {
    const value = async (path: string, as: string) => /29|30/.exec((await first.send('GET', path, undefined, { as })).text.replace(/^.*?value/s, ''))?.[0]
    const paths = ['/v1/datapoints?measure=count', '/v1/datapoints?measure=count&format=ndjson', '/odata/v1/Datapoints?$select=value']
    for (const path of paths) for (const as of [reader, writer, reader, writer]) t.equal(await value(path, as), '29', path)
    await replica.query('select pg_wal_replay_pause()')
    await put(30)
    for (const path of paths) for (const as of [reader, writer, reader, writer]) t.equal(await value(path, as), as === writer ? '30' : '29', path)
    await replica.query('select pg_wal_replay_resume()')
    await caughtUp()
    for (const path of paths) t.equal(await value(path, reader), '30', path)
  })

  await t.test('a revoked key is refused at once by every process', async t => {
    for (const on of services) t.equal((await on.send('GET', '/v1/measures/count', undefined, { as: reader })).status, 200)
    await replica.query('select pg_wal_replay_pause()')
    await first.send('DELETE', `/v1/clients/reader/keys/${readerId}`)
    for (const on of services) t.equal((await on.send('GET', '/v1/measures/count', undefined, { as: reader })).status, 401)
    await replica.query('select pg_wal_replay_resume()')
  })

  await t.test('a replica that stops costs no more than answers that can be asked for again, and is used again when it is back', async t => {
    const statuses = new Set<number>()
    const load = { over: false }
    let written = 100
    const writes = (async () => {
      while (!load.over) {
        t.ok([200, 201].includes((await put(++written)).status))
        t.equal(await get(writer), written, 'never stale')
      }
    })()
    const reads = Promise.all(services.map(async on => {
      while (!load.over) {
        const { status, headers } = await fetch(`${on.url}/v1/datapoints?measure=count`)
        statuses.add(status)
        if (status !== 200) t.ok(status === 503 && headers.get('retry-after') !== null, 'to be asked for again')
      }
    }))
    await sleep(500)
    await replica.stop()
    await sleep(1500)
    t.equal((await fetch(`${first.url}/v1/datapoints?measure=count`)).status, 200, 'the primary answers')
    await replica.start()
    await sleep(500)
    load.over = true
    await Promise.all([writes, reads])
    t.ok(statuses.has(200))
    await caughtUp()
    await sleep(5500)
    await replica.query('select pg_wal_replay_pause()')
    const before = await seen()
    await put(7)
    t.equal(await seen(), before, 'the replica answers again')
    await replica.query('select pg_wal_replay_resume()')
  })
})
