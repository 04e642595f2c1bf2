// What a connection says when it opens, and what it is then set to.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { connect, session, type Connection } from '../../src/db/connection.js'
import { wire } from '../faults/wire.js'
import { testDatabase } from '../support/database.js'

await t.test('a connection opens without options, which a pooler in between would refuse', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { db, close } = connect(`postgres://somebody@127.0.0.1:${(server.address() as AddressInfo).port}/any`)
  const asked = db.selectNoFrom(sql`1`.as('one')).execute().catch(() => {})
  const [socket] = await once(server, 'connection') as [Socket]
  const [start] = await once(socket, 'data') as [Buffer]
  const names = start.subarray(8).toString().split('\0').filter((_, i) => i % 2 === 0).filter(name => name !== '')
  t.same(names.sort(), ['application_name', 'client_encoding', 'database', 'user'])
  socket.destroy()
  server.close()
  await asked
  await close()
})

await t.test('instants, dates and limits are the same whatever the database is set to', async t => {
  const url = await testDatabase(t)
  const before = connect(url)
  const name = sql.id(new URL(url).pathname.slice(1))
  for (const setting of [sql`timezone to 'America/St_Johns'`, sql`datestyle to 'German'`, sql`statement_timeout to '1min'`, sql`jit to on`]) {
    await sql`alter database ${name} set ${setting}`.execute(before.db)
  }
  await before.close()
  const { db, close } = connect(url, { timeout: 7 })
  t.teardown(close)
  const { rows } = await sql`
    select timestamptz '2016-07-01T12:00:00Z' as at, date '2016-07-01' as day, current_setting('statement_timeout') as timeout, current_setting('jit') as jit`.execute(db)
  t.same(rows, [{ at: '2016-07-01T12:00:00.000000Z', day: '2016-07-01', timeout: '7s', jit: 'off' }])
})

await t.test('a statement that took long is not given up while its answer is on the way', async t => {
  const url = new URL(await testDatabase(t))
  const host = url.searchParams.get('host')
  const line = await wire(t, host === null ? Number(url.port || 5432) : `${host}/.s.PGSQL.5432`)
  url.searchParams.delete('host')
  url.host = `127.0.0.1:${line.port}`
  const { db, close } = connect(url.href)
  t.teardown(close)
  await sql`select 1`.execute(db)
  const asked = sql<{ answer: number }>`select 42 as answer from pg_sleep(4.5)`.execute(db)
  await sleep(3000)
  line.become('late')
  // After five seconds without a word the database is asked about the connection, and has answered already.
  await sleep(4000)
  line.become('pass')
  t.same((await asked).rows, [{ answer: 42 }])
})

await t.test('what was connected is closed at once, whoever has used it', async t => {
  const url = await testDatabase(t)
  for (const use of [() => {}, (one: Connection) => sql`select 1`.execute(one.db), (one: Connection) => session(one, async db => sql`select 1`.execute(db)), (one: Connection) => one.pool.query('select 1')]) {
    const connection = connect(url)
    await use(connection)
    await connection.close()
    t.equal(connection.pool.totalCount, 0)
    await t.rejects(connection.pool.query('select 1'), /after calling end/)
    await connection.close()
  }
})

await t.test('who loses the connection in the middle of a transaction is told that, and not that it could not be rolled back', async t => {
  const connection = connect(await testDatabase(t))
  t.teardown(() => connection.close())
  const broken = session(connection, (db, client) => db.transaction().execute(async db => {
    const asked = sql`select pg_sleep(10)`.execute(db)
    const { connection: { stream } } = client as unknown as { connection: { stream: Socket } }
    stream.destroy(new Error('The wire broke.'))
    await asked
  }))
  await t.rejects(broken, { message: 'The wire broke.' })
  t.same((await sql`select 1 as one`.execute(connection.db)).rows, [{ one: 1 }], 'and the next gets another')
})
