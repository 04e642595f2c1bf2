// Three processes of the service on a primary and a streaming replica, behind no balancer but chance: a client reads its own writes,
// a revoked key is none at once, and a replica that lags or is gone is passed over.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { several } from '../replica/world.js'
import { until, type Service } from '../support/process.js'

await t.test('several processes on a primary and a replica', async t => {
  const { replica, services, keyOf, caughtUp } = await several(t)
  const first = services[0]!
  let turn = 0
  const any = (): Service => services[turn++ % services.length]!
  const { key: writer } = await keyOf('writer')
  const { key: reader, id: readerId } = await keyOf('reader')
  const put = (value: number) => any().send('PUT', '/v1/measures/count/datapoints/place/FY2016', { value }, { as: writer })
  const path = '/v1/measures/count/datapoints/place/FY2016'
  const get = async (as: string, on = any()) => (await on.send('GET', path, undefined, { as })).body?.value as number | undefined
  /** Without a key. */
  const seen = async (on = any()) => ((await (await fetch(on.url + path)).json()) as { value: number }).value

  /** Nothing but the replica has this. It may be passed over for a while where the machine is so busy that it was slow to answer. */
  const ofReplica = <T>(ask: () => Promise<T>, value: T) => until(`the replica answers ${String(value)}`, async () => await ask() === value)

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
      await ofReplica(() => get(reader, on), 1)
      await ofReplica(() => seen(on), 1)
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
    for (const path of paths) {
      for (const turn of [1, 2]) {
        await ofReplica(() => value(path, reader), '29')
        t.equal(await value(path, writer), '30', `${path}, ${turn}`)
      }
    }
    await replica.query('select pg_wal_replay_resume()')
    await caughtUp()
    for (const path of paths) t.equal(await value(path, reader), '30', path)
  })

  await t.test('who follows goes on from what the primary told, whoever answers', async t => {
    await replica.query('select pg_wal_replay_pause()')
    await put(31)
    const changed = (bookmark: string, as: string) => first.send('GET', `/v1/datapoints?measure=count&changed_since=${encodeURIComponent(bookmark)}`, undefined, { as })
    const list = await first.send('GET', '/v1/datapoints?measure=count', undefined, { as: writer })
    const { body: feed } = await first.send('GET', '/v1/changes?limit=1000', undefined, { as: reader })
    for (const bookmark of [list.headers.get('outturn-cursor')!, feed.next_cursor as string]) {
      for (const as of [reader, writer]) t.match(await changed(bookmark, as), { status: 200, body: { items: [] } })
    }
    await put(32)
    t.match((await changed(feed.next_cursor, writer)).body.items, [{ value: 32 }], 'and gets what came after it')
    await replica.query('select pg_wal_replay_resume()')
    await caughtUp()
  })

  await t.test('pages of one walk never go back to what was before its first', async t => {
    const later = path.replace('2016', '2017')
    const second = (value: number) => first.send('PUT', later, { value }, { as: writer })
    await second(1)
    await caughtUp()
    await replica.query("alter system set recovery_min_apply_delay = '1h'")
    await replica.stop()
    await second(2)
    const page = (more = '') => first.send('GET', `/v1/datapoints?measure=count&limit=1${more}`, undefined, { as: reader })
    const { body } = await page()
    t.match(body, { items: [{ period: 'FY2016' }] }, 'the primary answers, for nobody else does')
    await replica.start()
    await until('the replica, which is behind, is asked again', async () => (await first.send('GET', later, undefined, { as: reader })).body.value === 1)
    t.equal((await page(`&cursor=${encodeURIComponent(body.next_cursor)}`)).body.items[0].value, 2, 'who began with the primary goes on as far')
    await replica.query('alter system reset recovery_min_apply_delay')
    await replica.query('select pg_reload_conf()')
    await caughtUp()
    await first.send('DELETE', later, undefined, { as: writer })
    await caughtUp()
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
    const heard = <A extends { status: number, headers: Headers }>(answer: A): A => {
      if (answer.status !== 200) t.ok(answer.status === 503 && answer.headers.get('retry-after') !== null, `${answer.status}, to be asked for again`)
      return answer
    }
    let written = 100
    const writes = (async () => {
      while (!load.over) {
        t.ok([200, 201].includes((await put(++written)).status))
        let answer
        do answer = heard(await any().send('GET', path, undefined, { as: writer })); while (answer.status !== 200)
        t.equal(answer.body.value, written, 'never stale')
      }
    })()
    const reads = Promise.all(services.map(async on => {
      while (!load.over) statuses.add(heard(await fetch(`${on.url}/v1/datapoints?measure=count`)).status)
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
    await replica.query('select pg_wal_replay_pause()')
    const before = await seen()
    await put(7)
    await ofReplica(seen, before)
    await replica.query('select pg_wal_replay_resume()')
  })
})
