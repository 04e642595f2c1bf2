// outturn import of every format that the service takes: what was pulled goes back unchanged, faults have their places, and
// the rejected rows come home to be corrected.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeXlsx } from 'hucre/xlsx'
import t from 'tap'
import { testDatabase } from '../support/database.js'
import { cli, folder, service } from '../support/process.js'

const adminKey = 'a-bootstrap-key-of-32-characters-or-more'

await t.test('files of every format', async t => {
  const running = await service(t, { env: { DATABASE_URL: await testDatabase(t), OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: adminKey } })
  const place = await folder(t)
  const path = (name: string) => join(place, name)
  const run = (...args: string[]) => cli(t, args, { env: { OUTTURN_URL: running.url, OUTTURN_KEY: adminKey } })
  await running.put('/v1/areas/city', { title: 'City', kind: 'unitary' })
  await running.put('/v1/measures/waste', { title: 'Waste', unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }] })
  const rows = [['measure', 'area', 'period', 'breakdown', 'value', 'note'], ['waste', 'city', 'CY2010', '', 1.5, 'one, "two"\nthree'], ['waste', 'city', 'CY2011', 'sex=f', 0, '=1+1'], ['waste', 'city', 'CY2012', '', 'TBC', '']]
  const quoted = (cell: unknown) => `"${String(cell).replaceAll('"', '""')}"`
  const csv = `${rows.map(row => row.map(quoted).join(',')).join('\r\n')}\r\n`

  await t.test('CSV goes in, and comes out again as it was', async t => {
    await writeFile(path('first.csv'), csv)
    t.match(await run('import', path('first.csv')), { code: 0, out: /applied, 3 rows: 3 created/, err: '' })
    const { body } = await running.get('/v1/datapoints')
    t.match(body.items, [{ period: 'CY2010', value: 1.5, note: 'one, "two"\nthree' }, { period: 'CY2012', missing: 'tbc' }, { period: 'CY2011', breakdown: { sex: 'f' }, value: 0, note: '=1+1' }])
  })

  await t.test('the files that pull writes are the text of the service’s own exports', async t => {
    for (const format of ['csv', 'ndjson']) {
      t.match(await run('pull', '--titles', '--out', path(`titles.${format}`)), { code: 0 })
      const { text } = await running.get(`/v1/datapoints?titles=true&format=${format}`)
      t.same((await readFile(path(`titles.${format}`), 'utf8')).split('\n').sort(), text.split('\n').sort(), format)
    }
  })

  await t.test('what was pulled may be sent back in each format, packed or not, and changes nothing', async t => {
    for (const name of ['pulled.csv', 'pulled.ndjson']) {
      t.match(await run('pull', '--out', path(name)), { code: 0, out: /3 rows/ })
      await writeFile(path(`${name}.gz`), gzipSync(await readFile(path(name))))
    }
    await writeFile(path('sheet.xlsx'), await writeXlsx({ sheets: [{ name: 'Return', rows: rows.map(row => row.map(cell => cell === '' ? null : cell)) }] }))
    for (const name of ['pulled.csv', 'pulled.csv.gz', 'pulled.ndjson', 'pulled.ndjson.gz', 'sheet.xlsx']) {
      t.match(await run('import', path(name)), { code: 0, out: /applied, 3 rows: 0 created, 0 updated, 3 unchanged/, err: '' }, name)
    }
    await writeFile(path('text.txt'), csv)
    t.match(await run('import', '--again', '--format', 'csv', path('text.txt')), { code: 0, out: /3 unchanged/ }, 'as --format says')
  })

  await t.test('faults are told by line or cell, and the rejected rows are downloaded, corrected and taken', async t => {
    const faulty = rows.map((row, i) => i === 2 ? ['wastes', ...row.slice(1, 4), 7, 'corrected'] : row)
    await writeFile(path('faulty.csv'), faulty.map(row => row.map(quoted).join(',')).join('\n'))
    await writeFile(path('faulty.xlsx'), await writeXlsx({ sheets: [{ name: 'Return', rows: faulty }] }))
    t.match(await run('import', path('faulty.xlsx')), { code: 3, out: /unknown_measure in measure: .*waste'\?\n\s+cell A3\n/ })
    const { code, out } = await run('import', path('faulty.csv'), '--mode', 'partial', '--rejected', path('rejected.csv'))
    t.equal(code, 3)
    t.match(out, /unknown_measure in measure: .*waste'\?\n\s+row 4\n/, 'the row begins in line 4, after a note of two lines')
    const rejected = await readFile(path('rejected.csv'), 'utf8')
    t.match(rejected, /^"?measure"?,[^]*\r?\n"?wastes"?,/)
    t.notMatch(rejected, /CY2010/, 'and no other row')
    await writeFile(path('corrected.csv'), rejected.replace(/(\n"?)wastes/, '$1waste'))
    t.match(await run('import', path('corrected.csv')), { code: 0, out: /1 row: 0 created, 1 updated/ })
  })

  t.equal(await running.stop(), 0)
})
