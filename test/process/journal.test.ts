// The journal as audit at the command line, and the service as a role that does not own its database.
import t from 'tap'
import pg from 'pg'
import { testDatabase } from '../support/database.js'
import { cli, service } from '../support/process.js'

await t.test('a database that one role owns and another serves from', async t => {
  const url = await testDatabase(t, { migrated: false })
  const owner = { env: { DATABASE_URL: url } }
  const role = `outturn_serving_${process.pid}`
  const database = new pg.Client(url)
  await database.connect()
  await database.query(`create role "${role}" login password 'service'`)
  t.teardown(async () => {
    await database.query(`drop owned by "${role}"; drop role "${role}"`)
    await database.end()
  })
  const served = new URL(url)
  served.username = role
  served.password = 'service'
  const serving = { env: { DATABASE_URL: served.href } }

  t.match(await cli(t, ['migrate', '--grant', 'nobody_here'], owner), { code: 1, err: /no role 'nobody_here'/ })
  t.match(await cli(t, ['migrate', '--grant', role], owner), { code: 0, out: new RegExp(`up to date[^]*${role} may serve`) })
  const running = await service(t, serving)
  await running.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  await running.put('/v1/plans/plan-a', { title: 'Plan A', owner: 'council' })
  await running.put('/v1/plans/plan-a/updates/u', { text: 'Of a child, by name.', sensitivity: 'restricted', note: '=1+1' })
  await running.get('/v1/plans/plan-a/updates/u')

  await t.test('keeps a journal that either may verify', async t => {
    const first = await cli(t, ['audit', 'verify'], serving)
    t.match(first, { code: 0, out: /^The journal is whole: \d+ lines from 1\..*\n\d+:[0-9a-f]{64}\n$/, err: '' })
    const head = first.out.trim().split('\n').at(-1)!
    await running.put('/v1/areas/a', { title: 'A', kind: 'other' })
    t.match(await cli(t, ['audit', 'verify', '--head', head], owner), { code: 0 })
    t.match(await cli(t, ['audit', 'verify', '--head', head.replace(/.$/, last => last === '0' ? '1' : '0')], owner), { code: 3, out: /broken at line \d+ \(.*not the line of the head/ })
  })

  await t.test('erases for its owner only', async t => {
    const path = '/v1/plans/plan-a/updates/u'
    t.match(await cli(t, ['erase', path, '--why', 'Case 17.'], serving), { code: 1, out: '', err: /may only serve. This is for the role that owns/ })
    t.match(await cli(t, ['erase', path, '--why', 'Case 17.', '--member', 'text'], owner), { code: 0, out: /^Erased texts of \/v1\/plans\/plan-a\/updates\/u: .*items 1/, err: '' })
    t.match((await running.get(path)).body, { text: '[erased]', note: '=1+1' })
    t.match(await cli(t, ['erase', '/v1/plans/plan-a/updates/none', '--why', 'x'], owner), { code: 1, err: /nothing is left to erase/ })
  })

  await t.test('lists who did and who read what', async t => {
    t.match(await cli(t, ['audit', 'list'], serving), { code: 1, err: /may only serve/ })
    const { code, out } = await cli(t, ['audit', 'list', '--resource', '/v1/plans/plan-a/updates/u'], owner)
    t.equal(code, 0)
    const [head, ...lines] = out.trim().split('\n')
    t.equal(head, 'at,verb,action,resource,version,organisation,client,key_id,request_id,reason,counts,id')
    t.match(lines.map(line => line.split(',').slice(1, 4).join(',')), ['collection,created,/v1/plans/plan-a/updates/u', 'consultation,read,/v1/plans/plan-a/updates/u', 'erasure,erased,/v1/plans/plan-a/updates/u', 'consultation,read,/v1/plans/plan-a/updates/u'])
    const json = async (...args: string[]) => (await cli(t, ['audit', 'list', '--format', 'ndjson', ...args], owner)).out.trim().split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>)
    t.match(await json('--client', 'operator', '--resource', '/v1/plans'), [{ action: 'erased', reason: 'Case 17.', client: 'operator', request_id: 'command-line', counts: { items: 1 } }])
    t.ok((await json('--client', 'admin')).every(({ client, key_id: key }) => client === 'admin' && /^[0-9a-f]{12}$/.test(String(key))))
    t.same(await json('--from', '2100-01-01'), [])
    t.same(await json('--to', '2000-01-01'), [])
    t.same(await json('--organisation', 'none'), [])
  })

  await t.test('prunes for its owner only', async t => {
    t.match(await cli(t, ['prune', '--before', '2000-01-01'], owner), { code: 0, out: 'Nothing is older than 2000-01-01.\n' })
    const now = new Date().toISOString()
    t.match(await cli(t, ['prune', '--before', now], serving), { code: 1, err: /may only serve/ })
    t.match(await cli(t, ['prune', '--before', now], owner), { code: 0, out: /^Pruned what is older than .*: .*changes \d+/ })
    t.match(await cli(t, ['audit', 'verify'], owner), { code: 0, out: /1 lines from/ })
    t.match(await cli(t, ['audit', 'list', '--format', 'ndjson'], owner), { out: /^\{.*"action":"pruned".*\}\n$/ })
    t.equal(await running.stop(), 0)
    const again = await service(t, { env: { ...serving.env, OUTTURN_SAMPLE: 'on' } })
    t.match((await again.get('/v1/plans')).body.items, [], 'and no sample plans come to where plans were held')
    await again.stop()
  })

  await t.test('shows that it was tampered with', async t => {
    await database.query("set session_replication_role = replica; update changes set client = 'someone else'; set session_replication_role = origin")
    t.match(await cli(t, ['audit', 'verify'], owner), { code: 3, out: /^The journal is broken at line \d+ \(pruned \/v1\/changes, .*\): / })
  })
})

await t.test('wrong use is told before the database is asked', async t => {
  const how = { env: { DATABASE_URL: 'postgres://127.0.0.1:9/none' } }
  const uses: Array<[args: string[], said: RegExp]> = [
    [['erase'], /path/], [['erase', '/v1/plans/a'], /--why/], [['erase', '/v1/plans/a', '--why', ' '], /--why/], [['prune'], /--before/], [['prune', '--before', 'yesterday'], /--before/],
    [['prune', '--before', '2100-01-01'], /past/], [['audit'], /audit verify/], [['audit', 'verify', '--head', 'x'], /--head/], [['audit', 'list', '--format', 'xml'], /csv or ndjson/], [['audit', 'list', '--from', '2026-02-30'], /--from/]
  ]
  for (const [args, said] of uses) t.match(await cli(t, args, how), { code: 2, out: '', err: said }, args.join(' '))
})
