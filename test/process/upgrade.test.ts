// Upgrades: databases that earlier states of the program filled, as backups in test/fixtures/upgrades, one for each form that the tables
// had before the first release and one for each release since. This program starts on them and serves what was there.
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import t from 'tap'
import { restoreFrom } from '../../src/db/backup.js'
import { connect, type Connection } from '../../src/db/connection.js'
import { SectionedReader } from '../../src/db/sectioned.js'
import { root } from '../../src/config.js'
import { testDatabase } from '../support/database.js'
import { cli, service } from '../support/process.js'

const place = join(root, 'test/fixtures/upgrades')
const adminKey = 'the-key-of-this-test-has-32-characters'

type Columns = Record<string, string[]>

async function columnsOf ({ pool }: Connection): Promise<Columns> {
  const { rows } = await pool.query<{ table: string, columns: string[] }>(`
    select table_name as table, array_agg(column_name::text order by column_name) as columns from information_schema.columns
    where table_schema = current_schema and table_name not like 'kysely%' group by 1`)
  return Object.fromEntries(rows.map(({ table, columns }) => [table, columns]))
}

async function contents ({ pool }: Connection, tables: Columns): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>()
  for (const [table, columns] of Object.entries(tables)) {
    const { rows } = await pool.query<{ line: string }>(`select row_to_json(r)::text as line from (select ${columns.map(name => `"${name}"`).join()} from "${table}") r order by 1`)
    all.set(table, rows.map(({ line }) => line))
  }
  return all
}

/** Columns that a migration took elsewhere, and where their contents are now; every other stays under its name. */
const moved: Record<string, string> = {
  'changes.reason': 'select id, reason from reasons order by id'
}

for (const file of (await readdir(place)).sort()) {
  await t.test(`a database of ${file.replace('.backup', '')} is brought to this form by the start of the service, and holds what it held`, async t => {
    const url = await testDatabase(t, { migrated: false })
    const connection = connect(url)
    t.teardown(() => connection.close())
    await restoreFrom(connection, new SectionedReader(createReadStream(join(place, file)).pipe(createGunzip())), () => {})
    const old = await columnsOf(connection)
    const hadReason = old.changes!.includes('reason')
    if (hadReason) await connection.pool.query("update changes set reason = 'typed wrongly' where id = 7")
    const kept = Object.fromEntries(Object.entries(old).map(([table, columns]) => [table, columns.filter(column => !(`${table}.${column}` in moved))]))
    const before = await contents(connection, kept)

    const env = { DATABASE_URL: url, OUTTURN_ADMIN_KEY: adminKey }
    const running = await service(t, { env })
    t.strictSame(await contents(connection, kept), before)
    t.same((await connection.pool.query(moved['changes.reason']!)).rows, hadReason ? [{ id: 7, reason: 'typed wrongly' }] : [])

    const { body: { items: plans } } = await running.get('/v1/plans')
    t.equal(plans.length, 4)
    for (const { code } of plans) {
      for (const part of ['tree', 'scorecard', 'bundle', 'report', 'publications']) t.match(await running.get(`/v1/plans/${code}/${part}`), { status: 200 }, `${code} ${part}`)
    }
    if ('publications' in old) t.match(await running.get('/v1/plans/nottingham-cypp-2016-20/report?publication=V9'), { status: 200 }, 'what was published is still there')
    const { rows: [{ figures }] } = await connection.pool.query('select count(*)::integer as figures from figures')
    t.equal((await running.get('/v1/datapoints?format=ndjson&include_deleted=true')).text.trim().split('\n').length, figures)
    t.match(await running.put('/v1/measures/smoking-at-delivery/datapoints/E06000018/2018-19', { value: 15 }), { status: 201 })
    await running.stop()
    t.match(await cli(t, ['audit', 'verify'], { env }), { code: 0 })
  })
}
