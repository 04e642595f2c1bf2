// The journal as audit: nothing in it is changed, what was changed all the same is found, and its beginning goes only by the one way.
import t, { type Test } from 'tap'
import { Migrator } from 'kysely'
import pg from 'pg'
import { operator } from '../../src/db/actor.js'
import { writeBookmark } from '../../src/db/bookmark.js'
import { connect } from '../../src/db/connection.js'
import { prune, verify } from '../../src/db/journal.js'
import { migrate, migrations } from '../../src/db/migrate.js'
import { write } from '../../src/db/write.js'
import { start } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { makeMeasure } from '../support/make.js'
import { dice } from '../support/random.js'
import { at } from '../resources/figures.js'

const origin = { actor: operator, request_id: 'command-line' }

await t.test('the journal', async t => {
  const { admin, client, connection } = await start(t)
  const { pool } = connection
  const whole = (t: Test, name: string) => verify(connection).then(verdict => t.match(verdict, { whole: true }, name))
  await makeMeasure(admin, 'count', { unit: 'count' })
  const [reader, editor] = [await client('reader'), await client('editor', 'ccg')]
  await admin.put(at('count', 'FY2016'), { value: 1 })
  await admin.put(at('count', 'FY2016'), { value: 2, reason: 'Counted anew.' })

  await t.test('refuses to be changed, as do the reasons and reads beside it', async t => {
    await pool.query("insert into accesses (what, resource, request_id) values ('raw_figures', '/v1/datapoints', 'x')")
    for (const statement of [
      "update changes set client = 'someone'", 'update changes set client = client where false', 'delete from changes', 'delete from changes where id = 1', 'truncate changes',
      "update reasons set reason = 'x'", 'delete from reasons', 'truncate reasons', 'update accesses set client = null', 'delete from accesses', 'truncate accesses'
    ]) await t.rejects(pool.query(statement), { code: '23001', message: /only added to: use outturn (prune|erase)/ }, statement)
    await whole(t, 'and nothing happened')
  })

  await t.test('is whole after many writes of several writers at once, each with its reason', async t => {
    const chance = dice(11)
    await Promise.all(Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 50; i++) {
        const url = at('count', `FY${1950 + writer * 10 + chance.roll(8)}`)
        const kind = chance.roll(10)
        if (kind < 6) await admin.put(url, { value: chance.roll(1000), ...(chance.once(2) && { reason: `Reason “${i}” of ${writer}: é` }) })
        else if (kind < 8) await editor.put(`/v1/areas/area-${writer}-${i}`, { title: 'A', kind: 'other' })
        else await admin.delete(url)
      }
    }))
    const { rows: [{ lines, reasons }] } = await pool.query('select (select count(*) from changes) as lines, (select count(*) from reasons) as reasons')
    t.ok(lines > 150 && reasons > 30, 'many were written', { lines, reasons })
    await whole(t, 'whole')
  })

  /** As one who may switch the trigger off: what is done is found, and undone again. */
  const tampering = async (t: Test, statements: string[], found: object) => {
    const { rows: [{ position }] } = await pool.query('select position from journal')
    const name = statements.join('; ')
    const one = new pg.Client(connection.url)
    await one.connect()
    await one.query(`create table before_changes as table changes; create table before_reasons as table reasons; create table before_journal as table journal;
      set session_replication_role = replica; ${statements.join('; ').replaceAll('$last', String(position))}`)
    t.match(await verify(connection), { whole: false, ...found }, name)
    await one.query(`truncate changes, reasons; update journal set (position, at, hash, pruned_to, pruned_hash) = (select position, at, hash, pruned_to, pruned_hash from before_journal);
      insert into changes select * from before_changes; insert into reasons select * from before_reasons; drop table before_changes, before_reasons, before_journal`)
    await one.end()
    await whole(t, 'undone')
  }

  await t.test('shows what was altered by one who switched the trigger off', async t => {
    const relink = 'update changes set hash = sha256((select hash from changes where id = 6) || journal_line(id, at, action, resource, version, organisation, client, key_id, request_id, counts, plan, measure, visibility, owner, reason_digest)) where id = 7'
    await tampering(t, ["update changes set client = 'someone' where id = 7"], { at: 7, line: /^\w+ \/v1\// })
    await tampering(t, ["update changes set at = at + interval '1 microsecond' where id = 7"], { at: 7 })
    await tampering(t, ["update changes set client = 'someone' where id = 7", relink], { at: 8 })
    await tampering(t, ['delete from changes where id = 7'], { at: 8 })
    await tampering(t, ['delete from changes where id = 1'], { at: 2 })
    await tampering(t, ['delete from changes where id = $last'], {})
    await tampering(t, ['delete from changes'], { at: 1 })
    await tampering(t, ["insert into changes (id, at, action, resource, request_id, hash) values ($last + 1, now(), 'created', '/v1/areas/x', 'x', sha256(''))"], {})
    await tampering(t, ['update changes set id = -id where id in (7, 8)', 'update changes set id = 15 + id where id < 0'], { at: 7 })
    await tampering(t, ["update reasons set reason = 'Nothing to see.' where reason = 'Counted anew.'"], { line: /FY2016/ })
    await tampering(t, ["delete from reasons where reason = 'Counted anew.'"], { line: /FY2016/ })
    await tampering(t, ["update reasons set reason = '[erased]', salt = null, erased_by = 1 where reason = 'Counted anew.'"], { line: /FY2016/ })
    await tampering(t, ['delete from changes where id < 8', 'update journal set pruned_to = 7, pruned_hash = (select hash from before_changes where id = 7)'], { at: 8, why: /none says that they were pruned/ })
  })

  await t.test('rewritten from some line to its end is told by a head that was kept elsewhere', async t => {
    const verdict = await verify(connection)
    if (!verdict.whole) return t.fail('whole')
    t.match(await verify(connection, verdict.head), { whole: true })
    await admin.put(at('count', 'FY2016'), { value: 3 })
    t.match(await verify(connection, verdict.head), { whole: true }, 'also later')
    t.match(await verify(connection, { ...verdict.head, hash: '0'.repeat(64) }), { whole: false, at: verdict.head.position })
  })

  await t.test('is pruned from its beginning, says so, and stays whole', async t => {
    const { rows: [middle] } = await pool.query<{ id: number, at: string }>('select id, at from changes order by id offset 40 limit 1')
    const bookmark = async (limit: number) => (await reader.get('/v1/changes', { query: { limit } })).body.next_cursor as string
    const { rows: [{ kept }] } = await pool.query('select hash as kept from changes where id = $1', [middle!.id - 1])
    const [early, edge] = [await bookmark(10), writeBookmark(middle!.id - 1, kept.toString('hex').slice(0, 16))]
    t.match(await write(connection, origin, ctx => prune(ctx, middle!.at, 'Kept for seven years.')), { changes: 40, to: middle!.id - 1 })
    t.match(await verify(connection), { whole: true, from: middle!.id })
    t.match(await verify(connection, { position: middle!.id - 1, hash: kept.toString('hex') }), { whole: true }, 'with a head of what just went')
    t.match(await reader.get('/v1/changes', { query: { after: early } }), { status: 410, body: { code: 'expired_cursor', detail: /older than the service keeps/ } })
    t.match((await reader.get('/v1/changes', { query: { after: edge, limit: 1 } })).body.items, [{ id: middle!.id }], 'a bookmark at the edge goes on')
    t.match((await reader.get('/v1/changes', { query: { limit: 1 } })).body.items, [{ id: middle!.id }], 'and without one it begins there')
    t.match((await admin.get('/v1/changes?limit=1000')).body.items.at(-1), { action: 'pruned', resource: '/v1/changes', reason: 'Kept for seven years.', actor: { client: 'operator' }, counts: { changes: 40 } })
    await editor.put('/v1/areas/after', { title: 'After', kind: 'other' })
    await whole(t, 'and goes on')
    await write(connection, origin, ctx => prune(ctx, new Date().toISOString(), 'Again.'))
    t.match(await verify(connection), { whole: true, lines: 1 }, 'pruned to its end')
    await editor.put('/v1/areas/later', { title: 'Later', kind: 'other' })
    await whole(t, 'and goes on from there')
    t.match((await admin.get(`${at('count', 'FY2016')}`)).body, { value: 3 }, 'contents stay')
    await t.rejects(write(connection, origin, ctx => prune(ctx, new Date(Date.now() + 86_400_000).toISOString(), 'x')), /what is to come/)
  })

  await t.test('leaves answers for repeats alone for seven days, and drops receipts and reads with it', async t => {
    const post = () => admin.post('/v1/datapoint-imports', { datapoints: [] }, { idempotency: 'prune-key-0123456789' })
    const { body } = await post()
    const counts = await write(connection, origin, ctx => prune(ctx, new Date().toISOString(), 'x'))
    t.match(counts, { deliveries: 1, answers: 0 })
    t.match(await admin.get(`/v1/datapoint-imports/${body.id as string}`), { status: 404 })
    t.match(await post(), { headers: { 'idempotent-replayed': 'true' }, body: { id: body.id } })
  })
})

await t.test('lines and reasons from before there was a chain get their places in it', async t => {
  const url = await testDatabase(t, { migrated: false })
  const connection = connect(url)
  t.teardown(() => connection.close())
  const known = await migrations()
  const earlier = Object.fromEntries(Object.entries(known).filter(([name]) => name < '0011'))
  await new Migrator({ db: connection.db, provider: { getMigrations: async () => earlier } }).migrateToLatest()
  await connection.pool.query(`insert into changes (id, at, action, resource, request_id, reason) select n, now(), 'updated', '/v1/areas/' || n, 'x', case when n % 2 = 0 then 'Because of ' || n end
    from generate_series(1, 100) n; update journal set position = 100`)
  await migrate(connection.db)
  t.match(await verify(connection), { whole: true, lines: 100 })
  const { rows } = await connection.pool.query('select reason from reasons where id = 42')
  t.same(rows, [{ reason: 'Because of 42' }])
})
