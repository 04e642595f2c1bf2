// The service as a role that does not own the database: every operation works, and what was written is beyond its reach.
import t from 'tap'
import pg from 'pg'
import { connect } from '../../src/db/connection.js'
import { grant } from '../../src/db/grants.js'
import { verify } from '../../src/db/journal.js'
import { migrate } from '../../src/db/migrate.js'
import { testConnection, testDatabase } from '../support/database.js'
import { world } from '../contract/world.js'

await t.test('a role that only serves', async t => {
  const owner = await testConnection(t)
  const role = `outturn_service_${process.pid}`
  await owner.pool.query(`create role "${role}" login password 'service'`)
  t.teardown(() => owner.pool.query(`drop owned by "${role}"; drop role "${role}"`))
  await grant(owner.db, role)
  const url = new URL(owner.url)
  url.username = role
  url.password = 'service'
  const connection = { ...connect(url.href), url: url.href }
  t.teardown(() => connection.close())
  const { pool } = connection
  const w = await world(t, connection)

  await t.test('serves every operation', async t => {
    t.same((await pool.query('select current_user as role')).rows, [{ role }])
    for (const operation of w.operations) {
      const { method, url, body, options } = await w.call(operation)
      const { status, text } = await w.admin.send(method, url, body, options)
      t.ok(status < 300, operation.id, { text: text.slice(0, 300) })
    }
    await w.admin.put('/v1/plans/plan-a/updates/secret', { text: 'Secret.', sensitivity: 'restricted' })
    t.match(await w.admin.get('/v1/plans/plan-a/updates/secret'), { status: 200 }, 'and reads that are recorded')
    t.same((await owner.pool.query('select what from accesses')).rows, [{ what: 'restricted_updates' }])
    t.match(await verify(connection), { whole: true }, 'and may verify')
  })

  await t.test('changes disclosure rules, and with them what was published in the past', async t => {
    const rule = (fields: Record<string, unknown>) => w.admin.patch('/v1/measures/ruled', { disclosure: { rule: 'suppress', suppress_from: 1, ...fields } }, { etag: '*' })
    await w.admin.put('/v1/areas/ruled', { title: 'Somewhere', kind: 'ward' })
    await w.admin.put('/v1/measures/ruled', { title: 'Ruled', unit: 'count', visibility: 'public' })
    for (const value of [30, 3, 40]) await w.admin.put('/v1/measures/ruled/datapoints/ruled/FY2016', { value })
    t.match(await rule({ suppress_to: 7 }), { status: 200 })
    await w.admin.put('/v1/measures/ruled/datapoints/ruled/FY2016', { value: 2 })
    t.match(await rule({ suppress_to: 5 }), { status: 200 })
    t.match(await w.admin.patch('/v1/measures/ruled', { disclosure: { rule: 'none', suppress_from: null, suppress_to: null } }, { etag: '*' }), { status: 200 })
  })

  await t.test('starts where there is nothing to migrate, and else says who must', async t => {
    t.same(await migrate(connection.db), [])
    await owner.pool.query("delete from kysely_migration where name like '0011%'")
    await t.rejects(migrate(connection.db), /lacks 0011_\w+.* Run outturn migrate as the role \w+, which owns it/)
    await owner.pool.query("insert into kysely_migration values ('0011_audit', now()::text)")
  })

  await t.test('can neither change, add to nor take away from what was journalled, recorded and published', async t => {
    const refused = ['update changes set client = null', 'delete from changes', 'truncate changes', 'insert into changes select * from changes limit 1',
      "update reasons set reason = 'x'", 'delete from reasons', "insert into reasons values (1, 'x')", "update journal set hash = sha256('')", 'update journal set position = 0', 'delete from journal',
      'update writes set position = 0', 'delete from writes', 'update accesses set client = null', 'delete from accesses', 'select * from accesses',
      "update publications set note = 'x'", 'delete from publications', 'delete from figure_revisions',
      'delete from kysely_migration', 'alter table changes disable trigger all', 'drop trigger changes_fixed on changes', 'set session_replication_role = replica', 'create table mine ()',
      "select prune(now(), 'x', null, null, null, 'x')", "select erase('x', '{}', '{}', 'x', null, null, null, 'x')",
      'create function append_changes () returns void language sql return null::void']
    for (const statement of refused) await t.rejects(pool.query(statement), { code: '42501' }, statement)
    const client = new pg.Client(url.href)
    await client.connect()
    for (const table of ['changes', 'accesses', 'publications']) {
      await client.query("set outturn.upkeep = 'on'")
      await t.rejects(client.query(`delete from ${table}`), { code: '42501' }, `nor delete from ${table} with the setting of the functions that may`)
    }
    await client.query('create temporary table journal (only_row boolean, position bigint, at timestamptz, hash bytea)')
    await client.query("select append_changes(null, null, 'x', null, 'x', '[{\"action\": \"updated\", \"resource\": \"/v1/areas/x\"}]')")
    await client.end()
    t.match(await verify(owner), { whole: true }, 'a table of its own by the same name does not mislead the function')
  })

  await t.test('is granted the same again after each migration, and never what would make it an owner', async t => {
    await owner.pool.query(`grant delete on changes to "${role}"`)
    await grant(owner.db, role)
    await t.rejects(pool.query('delete from changes'), { code: '42501' })
    await t.rejects(grant(owner.db, 'no_such_role'), /no role 'no_such_role'/)
    await t.rejects(grant(owner.db, (await owner.pool.query('select current_user as name')).rows[0].name as string), /may do all that the owner/)
  })
})

await t.test('the owner of a database needs to be no superuser', async t => {
  const admin = await testConnection(t)
  const role = `outturn_owner_${process.pid}`
  await admin.pool.query(`create role "${role}" login password 'owner'`)
  t.teardown(() => admin.pool.query(`drop role "${role}"`))
  const url = new URL(await testDatabase(t, { migrated: false }))
  await admin.pool.query(`alter database "${url.pathname.slice(1)}" owner to "${role}"`)
  url.username = role
  url.password = 'owner'
  const owner = connect(url.href)
  t.teardown(() => owner.close())
  t.ok((await migrate(owner.db)).length > 0)
})
