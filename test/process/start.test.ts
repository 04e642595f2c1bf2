// First starts, later starts and stops of the service, on the embedded database and on a server.
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { codes, expected } from '../documents/sample.js'
import { testDatabase } from '../support/database.js'
import { failing, folder, postmaster, service, until, type Service } from '../support/process.js'

const held = async (running: Service) => (await running.get('/v1/plans?limit=1000')).body.items.map((plan: any) => plan.code).sort()
const adminKey = 'a-bootstrap-key-of-32-characters-or-more'

async function sql (url: string, text: string): Promise<any[]> {
  const client = new pg.Client(url)
  await client.connect()
  return client.query(text).then(result => result.rows).finally(() => client.end())
}

await t.test('on an empty folder', async t => {
  const dataDir = await folder(t)
  const env = { OUTTURN_DATA_DIR: dataDir }
  const first = await service(t, { env })

  await t.test('the service brings its database, loads the sample plans, and prints its address and a key', async t => {
    t.equal(first.said.out.match(/ready at http:\/\/127\.0\.0\.1:\d+$/gm)?.length, 1, first.said.out)
    t.equal(first.said.out.match(/ot_live_\w+/g)?.length, 1, 'the key, once')
    t.same(await held(first), [...codes].sort())
    for (const plan of codes) {
      const bundle = (await first.get(`/v1/plans/${plan}/bundle`)).body
      for (const name of ['priorities', 'outcomes', 'plan_measures', 'actions'] as const) t.equal((bundle[name] ?? []).length, expected.plans[plan]![name], `${plan} ${name}`)
    }
    t.equal((await first.get('/v1/datapoints?limit=1000')).body.items.length, expected.together.datapoints)
  })

  await t.test('the key is an administrator\'s', async t => {
    t.match((await first.get('/v1/me')).body, { role: 'admin' })
    t.equal((await first.put('/v1/organisations/kept', { title: 'Kept', kind: 'other' })).status, 201)
  })

  await t.test('it is live and ready', async t => {
    for (const path of ['/health/live', '/health/ready']) t.equal((await fetch(first.url + path)).status, 200, path)
  })

  await t.test('a second service on the folder is refused, saying who has it, and the first goes on', async t => {
    const { code, out, err } = await failing(t, { env })
    t.equal(code, 1)
    t.equal(out, '')
    t.match(err, new RegExp(`in use by process ${first.child.pid}[^]*OUTTURN_DATA_DIR`))
    t.notMatch(err, /\n\s+at /, 'without a stack')
    t.equal((await first.get('/health/ready')).status, 200)
  })

  await t.test('it stops with code 0 and takes its database along', async t => {
    t.equal(await first.stop(), 0, first.said.err)
    t.equal(await postmaster(dataDir), undefined)
  })

  await t.test('the next start keeps everything and shows no key; the old one works', async t => {
    const next = await service(t, { env })
    t.notMatch(next.said.out, /ot_live_/)
    t.notMatch(next.said.out, /loaded/i)
    t.match(await next.send('GET', '/v1/organisations/kept', undefined, { as: first.key }), { status: 200, body: { title: 'Kept', version: 1 } })
    t.match(await next.send('GET', '/v1/me', undefined, { as: first.key }), { body: { role: 'admin' } })
    t.same(await held(next), [...codes].sort())
    t.equal(await next.stop(), 0)
  })

  await t.test('a plan that was deleted does not come back', async t => {
    const third = await service(t, { env })
    const { status } = await third.send('DELETE', `/v1/plans/${codes[0]}`, undefined, { as: first.key, ifMatch: '*' })
    t.equal(status, 204)
    await third.stop()
    const fourth = await service(t, { env })
    t.same(await held(fourth), codes.slice(1).sort())
    await fourth.stop()
  })
})

await t.test('with OUTTURN_SAMPLE=off and a key of one\'s own the service starts empty, and the key works', async t => {
  const running = await service(t, { env: { OUTTURN_DATA_DIR: await folder(t), OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: adminKey } })
  t.same(await held(running), [])
  t.notMatch(running.said.out + running.said.err, /ot_live_|a-bootstrap-key/, 'no key is shown')
  t.match(await running.get('/v1/me'), { status: 200, body: { role: 'admin' } })
  t.match(await running.send('GET', '/v1/me', undefined, { as: `${adminKey}x` }), { status: 401 })
  t.equal(await running.stop(), 0)
})

await t.test('two services that start at once on one empty folder: one has it, the other is refused', async t => {
  const env = { OUTTURN_DATA_DIR: await folder(t), OUTTURN_SAMPLE: 'off' }
  const both = await Promise.allSettled([service(t, { env }), service(t, { env })])
  const up = both.flatMap(one => one.status === 'fulfilled' ? [one.value] : [])
  const down = both.flatMap(one => one.status === 'rejected' ? [String(one.reason)] : [])
  t.equal(up.length, 1, down.join('\n'))
  t.match(down[0], /ended with 1[^]*in use by process/)
  t.equal((await up[0]!.get('/health/ready')).status, 200)
  t.equal(await up[0]!.stop(), 0)
})

await t.test('on a server database', async t => {
  const env = async () => ({ DATABASE_URL: await testDatabase(t, { migrated: false }) })

  await t.test('the sample is off unless asked for, nothing is written to a folder, and the database outlives the service', async t => {
    const where = await env()
    const dataDir = `${await folder(t)}/never`
    const first = await service(t, { env: { ...where, OUTTURN_DATA_DIR: dataDir } })
    t.same(await held(first), [])
    t.equal(existsSync(dataDir), false)
    t.match(await first.put('/v1/organisations/kept', { title: 'Kept', kind: 'other' }), { status: 201 })
    t.equal(await first.stop(), 0)
    const second = await service(t, { env: { ...where, OUTTURN_SAMPLE: 'on' } })
    t.same(await held(second), [...codes].sort())
    t.notMatch(second.said.out, /ot_live_/)
    t.match(await second.send('GET', '/v1/organisations/kept', undefined, { as: first.key }), { status: 200 })
    t.equal(await second.stop(), 0)
  })

  for (const round of [1, 2, 3]) {
    await t.test(`two services that start at once both come up; the sample is loaded once and one key is made (round ${round})`, async t => {
      const where = { ...await env(), OUTTURN_SAMPLE: 'on' }
      const both = await Promise.all([service(t, { env: where }), service(t, { env: where })])
      t.equal(both.filter(one => one.key !== undefined).length, 1, 'one shows a key')
      const as = both.map(one => one.key).find(key => key !== undefined)
      for (const one of both) t.same(await held(one), [...codes].sort())
      const changes: any[] = []
      for (let after = '', more = true; more;) {
        const { body } = await both[0].send('GET', `/v1/changes?limit=1000${after}`, undefined, { as })
        changes.push(...body.items)
        more = body.has_more
        after = `&after=${encodeURIComponent(body.next_cursor)}`
      }
      const made = changes.filter(change => change.action === 'created').map(change => change.resource)
      t.equal(made.length, new Set(made).size, 'nothing is created twice')
      t.equal(changes.filter(change => change.action === 'imported').length, codes.length)
      t.equal((await both[1].get('/v1/datapoints?limit=1000')).body.items.length, expected.together.datapoints)
      t.same(await Promise.all(both.map(one => one.stop())), [0, 0])
    })
  }

  await t.test('a database that a newer release has changed is refused with advice and left alone', async t => {
    const where = await env()
    await (await service(t, { env: where })).stop()
    await sql(where.DATABASE_URL, "insert into kysely_migration values ('9999_future', '2999-01-01T00:00:00.000Z')")
    const { code, out, err } = await failing(t, { env: where })
    t.equal(code, 1)
    t.equal(out, '')
    t.match(err, /newer release.*9999_future/)
    t.notMatch(err, /\n\s+at /, 'without a stack')
  })

  await t.test('a database out of reach is told, and ends the start', async t => {
    const { code, err } = await failing(t, { env: { DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:9/none' } })
    t.equal(code, 1)
    t.match(err, /ECONNREFUSED|refused|reach/i)
    t.notMatch(err, /hunter2|\n\s+at /)
  })

  await t.test('a port in use is told; the first key is not lost with it', async t => {
    const where = await env()
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    t.teardown(() => other.close())
    const { port } = other.address() as { port: number }
    const { code, err } = await failing(t, { env: { ...where, PORT: String(port) } })
    t.equal(code, 1)
    t.match(err, new RegExp(`127\\.0\\.0\\.1:${port} is in use by another program: stop that one first, or set PORT`))
    t.notMatch(err, /\n\s+at /, 'without a stack')
    const next = await service(t, { env: where })
    t.type(next.key, 'string', 'the next start shows a key, for the first could not')
    await next.stop()
  })

  await t.test('a stop lets a slow request finish, takes no new ones, and ends with 0', async t => {
    const where = await env()
    const running = await service(t, { env: where })
    const blocker = new pg.Client(where.DATABASE_URL)
    await blocker.connect()
    await blocker.query('begin; lock table organisations in access exclusive mode')
    const slow = running.put('/v1/organisations/slow', { title: 'Slow', kind: 'other' })
    await until('a request that waits', async () => (await sql(where.DATABASE_URL, 'select from pg_stat_activity where wait_event_type = \'Lock\' and datname = current_database()')).length > 0)
    let ended = false
    void running.ended.then(() => { ended = true })
    running.signal('SIGTERM')
    await until('a listener that is closed', () => fetch(`${running.url}/health/live`).then(answer => answer.status === 503, () => true))
    t.equal(ended, false, 'it waits')
    await blocker.query('commit')
    await blocker.end()
    t.match(await slow, { status: 201 })
    // The client keeps its connection open, as clients do; the service must not wait for it.
    t.equal(await Promise.race([running.ended, sleep(20_000, 'still running 20 s after the last answer')]), 0, running.said.err)
    t.equal((await sql(where.DATABASE_URL, "select from organisations where code = 'slow'")).length, 1)
  })
})
