// Backup and restore: the same service afterwards, from one sort of database to the other, and nothing from half a file.
import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connect } from '../../src/db/connection.js'
import { migrateTo, migrations } from '../../src/db/migrate.js'
import { testDatabase } from '../support/database.js'
import { row } from '../resources/figures.js'
import { codes } from '../documents/sample.js'
import { cli, folder, service, type Service } from '../support/process.js'

const adminKey = 'the-key-of-this-test-has-32-characters'
const empty = (t: Test) => testDatabase(t, { migrated: false })

/** All that a client can see of a service, and when it was seen makes no difference. */
async function everything (running: Service): Promise<Map<string, unknown>> {
  const paths = [
    ...codes.flatMap(plan => [`/v1/plans/${plan}/bundle`, `/v1/plans/${plan}/publications`]),
    '/v1/datapoints/history?format=ndjson', '/v1/datapoints?format=csv&include_deleted=true', '/v1/changes?limit=1000', '/v1/datapoint-imports', '/v1/clients/partner/keys'
  ]
  return new Map(await Promise.all(paths.map(async path => {
    const { status, body, text } = await running.get(path)
    return [path, [status, body ?? text]] as const
  })))
}

await t.test('a backup of a running service', async t => {
  const place = await folder(t)
  const [file, dataDir] = [join(place, 'all.backup'), join(place, 'data')]
  const embedded = await service(t, { env: { OUTTURN_DATA_DIR: dataDir, OUTTURN_ADMIN_KEY: adminKey, OUTTURN_RATE_LIMIT: 'off' } })
  await embedded.put('/v1/measures/tab\u002dand-more', { title: 'Text with \\. and \\N, a tab\t, and\nlines\n\\.\n', unit: 'count', disclosure: { rule: 'suppress', suppress_from: 1, suppress_to: 7 } })
  await embedded.put('/v1/clients/partner', { organisation: 'nottingham-city-ccg', role: 'contributor', title: 'Partner' })
  const { body: { key } } = await embedded.post('/v1/clients/partner/keys', {})
  for (const value of [40, 41, 3]) await embedded.post('/v1/datapoint-imports', { datapoints: [row('tab-and-more', 'FY2016', { value }), row('tab-and-more', 'FY2017', { value: value + 1 })] })
  await embedded.post(`/v1/plans/${codes[0]!}/publications`, { label: 'V1' })
  const before = await everything(embedded)
  const taken = await cli(t, ['backup', file], { env: { OUTTURN_DATA_DIR: dataDir } })
  t.match(taken, { code: 0, err: '', out: /\d+ rows of \d+ tables/ })
  t.equal((await stat(file)).mode & 0o777, 0o600, 'is for its owner only')
  await embedded.stop()

  await t.test('restored to a PostgreSQL server is the same service, which goes on', async t => {
    const env = { DATABASE_URL: await empty(t), OUTTURN_ADMIN_KEY: adminKey, OUTTURN_RATE_LIMIT: 'off' }
    t.match(await cli(t, ['restore', file], { env }), { code: 0, err: '', out: /^Restored \d+ rows/ })
    const restored = await service(t, { env })
    t.strictSame(await everything(restored), before)
    t.match(await restored.send('GET', '/v1/me', undefined, { as: key }), { status: 200, body: { client: 'partner' } }, 'keys are good')
    t.match(await restored.post('/v1/datapoint-imports', { datapoints: [row('tab-and-more', 'FY2018', { value: 9 })] }), { body: { counts: { created: 1 } } })
    t.match(await restored.put('/v1/areas/new-area', { title: 'New', kind: 'ward' }), { status: 201 })
    t.match(await cli(t, ['audit', 'verify'], { env }), { code: 0 })
    const again = join(place, 'again.backup')
    t.match(await cli(t, ['backup', again], { env }), { code: 0 })
    t.match(await cli(t, ['restore', file], { env }), { code: 1, err: /holds something already/ })
    const back = { OUTTURN_DATA_DIR: join(place, 'back'), OUTTURN_ADMIN_KEY: adminKey, OUTTURN_RATE_LIMIT: 'off' }
    t.match(await cli(t, ['restore', again], { env: back }), { code: 0 }, 'and to an embedded database')
    t.strictSame(await everything(await service(t, { env: back })), await everything(restored))
  })

  await t.test('that breaks off, or is damaged or something else, leaves nothing', async t => {
    const env = { DATABASE_URL: await empty(t) }
    const whole = await readFile(file)
    const bad = join(place, 'bad.backup')
    for (const [what, bytes, said] of [
      ['half of it', whole.subarray(0, whole.length / 2), /damaged|breaks off/],
      ['all but the end', whole.subarray(0, -9), /damaged|breaks off/],
      ['a byte that differs', Buffer.concat([whole.subarray(0, 50_000), Buffer.from([whole[50_000]! ^ 1]), whole.subarray(50_001)]), /damaged|Nothing was restored/],
      ['one behind the other', Buffer.concat([whole, whole]), /goes on behind its end/],
      ['a text', Buffer.from('plan,value\n'), /is no backup/],
      ['nothing', Buffer.alloc(0), /breaks off|is no backup/]
    ] as const) {
      await writeFile(bad, bytes)
      t.match(await cli(t, ['restore', bad], { env }), { code: 1, err: said }, what)
    }
    await truncate(bad)
    t.match(await cli(t, ['restore', join(place, 'none')], { env }), { code: 1, err: /There is no file/ })
    t.match(await cli(t, ['restore', file], { env }), { code: 0 }, 'so that the whole file still fits')
  })

  await t.test('asks for one file', async t => {
    for (const args of [['backup'], ['restore'], ['backup', 'a', 'b']]) t.match(await cli(t, args), { code: 2, err: /needs one file/ }, args.join(' '))
    t.match(await cli(t, ['backup', join(place, 'x')], { env: { DATABASE_URL: await empty(t) } }), { code: 1, err: /holds nothing of Outturn/ })
  })
})

await t.test('a backup of an older release is restored in its form, and brought to this one', async t => {
  const [from, to] = [await empty(t), await empty(t)]
  const names = Object.keys(await migrations())
  const older = connect(from)
  t.teardown(() => older.close())
  await migrateTo(older.db, names.slice(0, 8))
  await older.pool.query("insert into areas (code, title, kind, members) values ('a', 'A', 'ward', '[]')")
  const file = join(await folder(t), 'older.backup')
  t.match(await cli(t, ['backup', file], { env: { DATABASE_URL: from } }), { code: 0 })
  t.match(await cli(t, ['restore', file], { env: { DATABASE_URL: to } }), { code: 0, out: new RegExp(`migrated: ${names[8]!}.*${names.at(-1)!}`) })
  const { rows } = await older.pool.query('select name from kysely_migration order by name')
  t.equal(rows.length, 8, 'the older one is as it was')
  t.match(await (await service(t, { env: { DATABASE_URL: to, OUTTURN_ADMIN_KEY: adminKey } })).get('/v1/areas/a'), { status: 200, body: { title: 'A' } })
})
