// outturn import, and what import and pull have in common: settings, usage, repeating what failed, and progress.
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { testDatabase } from '../support/database.js'
import { asRoot, cli, folder, service, type Service } from '../support/process.js'
import { proxy, type Fate } from './proxy.js'

const adminKey = 'a-bootstrap-key-of-32-characters-or-more'
const row = (period: string, value: number, fields: object = {}) => ({ measure: 'waste', area: 'city', period, value, ...fields })

async function world (t: Test): Promise<Service> {
  const running = await service(t, { env: { DATABASE_URL: await testDatabase(t), OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: adminKey } })
  await running.put('/v1/areas/city', { title: 'City', kind: 'unitary' })
  await running.put('/v1/measures/waste', { title: 'Waste', unit: 'count', visibility: 'public' })
  return running
}

await t.test('import and pull', async t => {
  const running = await world(t)
  const place = await folder(t)
  const env = { OUTTURN_URL: running.url, OUTTURN_KEY: adminKey }
  const file = async (name: string, datapoints: unknown[], more: object = {}) => {
    await writeFile(join(place, name), JSON.stringify({ datapoints, ...more }))
    return join(place, name)
  }
  const run = (args: string[], more: Record<string, string> = {}) => cli(t, args, { env: { ...env, ...more } })
  const deliveries = async () => (await running.get('/v1/datapoint-imports?count=true&limit=1')).body.total as number
  const value = async (period: string) => (await running.get(`/v1/measures/waste/datapoints/city/${period}`)).body.value
  const through = (fate: (count: number) => Fate | undefined) => proxy(t, running.url, ({ method }, count) => method === 'POST' ? fate(count) : 'pass')

  await t.test('settings that are missing or wrong are all told at once, with code 2', async t => {
    for (const args of [['import', await file('any.json', [])], ['pull', '--out', join(place, 'any.csv')]]) {
      const { code, out, err } = await cli(t, args)
      t.match({ code, out }, { code: 2, out: '' }, err)
      t.match(err, /OUTTURN_URL[^]*OUTTURN_KEY/)
      const wrong = await cli(t, [...args, '--key-file', join(place, 'no-key')], { env: { OUTTURN_URL: 'ftp://example.org', OUTTURN_KEY: adminKey } })
      t.match(wrong, { code: 2, err: /ftp:\/\/example\.org[^]*no-key cannot be read/ })
    }
    await writeFile(join(place, 'not-a-key'), '\n')
    t.match(await run(['import', join(place, 'any.json'), '--key-file', join(place, 'not-a-key')]), { code: 2, err: /not-a-key: holds no key/ })
  })

  await t.test('wrong use ends with 2, and no option takes a key', async t => {
    for (const [args, said] of [
      [['import'], /one file or more/], [['import', 'x.json', '--mode', 'some'], /atomic or partial/], [['import', 'figures.pdf'], /figures\.pdf.*\.csv/],
      [['import', 'x.json', '--key', adminKey], /--key/], [['import', 'a.json', 'b.json', '--rejected', 'c.csv'], /one file only/], [['import', 'x.json', '--retries', 'many'], /--retries/],
      [['pull'], /--out/], [['pull', '--out', 'x.csv', 'waste'], /--measure/], [['pull', '--out', 'x', '--format', 'xml'], /csv or ndjson/], [['pull', '--out', 'x', '--mesure', 'y'], /--mesure/]
    ] as Array<[string[], RegExp]>) t.match(await run(args), { code: 2, out: '', err: said }, args.join(' '))
  })

  await t.test('a file goes in, and the answer is a line with its counts', async t => {
    const path = await file('first.json', [row('CY2010', 1), row('CY2011', 2)], { source: 'Returns' })
    const { code, out, err } = await run(['import', path])
    t.match({ code, err }, { code: 0, err: '' })
    t.match(out, /first\.json: applied, 2 rows: 2 created, 0 updated, 0 unchanged, 0 deleted, 0 rejected \(delivery \w{26}\)\n$/)
    t.equal(await value('CY2011'), 2)
    t.equal((await running.get('/v1/measures/waste/datapoints/city/CY2011')).body.source, 'Returns')
  })

  await t.test('the key may come from a file, the address as an option', async t => {
    const keyFile = join(place, 'key')
    await writeFile(keyFile, `${adminKey}\n`)
    await chmod(keyFile, 0o600)
    const path = await file('with-key.json', [row('CY2012', 3)])
    t.match(await cli(t, ['import', path, '--url', `${running.url}/`, '--key-file', keyFile], asRoot ? {} : { env: { OUTTURN_KEY: 'wrong-key-that-is-not-used' } }), { code: 0, out: /1 created/ })
  })

  await t.test('the same file again gets its first answer and is not written again, unless asked to', async t => {
    const path = await file('again.json', [row('CY2013', 4)])
    const first = await run(['import', path])
    await running.put('/v1/measures/waste/datapoints/city/CY2013', { value: 5 })
    const before = await deliveries()
    const second = await run(['import', path])
    t.same([second.code, second.out], [0, first.out])
    t.match(second.err, /delivered before.*--again/)
    t.same([await deliveries(), await value('CY2013')], [before, 5])
    t.match(await run(['import', '--again', path]), { code: 0, out: /1 updated/, err: '' })
    t.same([await deliveries(), await value('CY2013')], [before + 1, 4])
  })

  await t.test('--json prints the receipt as it came', async t => {
    const { code, out } = await run(['import', '--json', await file('json.json', [row('CY2014', 1)])])
    t.equal(code, 0)
    const receipt = JSON.parse(out)
    t.same(receipt, (await running.get(`/v1/datapoint-imports/${receipt.id}`)).body)
  })

  await t.test('rows with faults are told with their places, code 3; what is put right goes in with the same command', async t => {
    const many = Array.from({ length: 14 }, (_, i) => row(`CY19${10 + i}`, 1, { area: 'citty' }))
    const path = await file('faults.json', [row('CY2015', 1), { ...row('CY2015', 2), measure: 'wasted' }, row('Q4 2016', 3), ...many])
    const before = await deliveries()
    const { code, out, err } = await run(['import', path])
    t.match({ code, err }, { code: 3, err: '' })
    t.match(out, /faults\.json: rejected, 17 rows: 0 created.* 16 rejected/)
    t.match(out, /\n {2}Nothing was written\. Correct these and send the file again, or write the good rows with --mode partial\.\n$/)
    t.match(out, /unknown_measure in measure: .*'wasted'.*\n\s+row 1\n/)
    t.match(out, /ambiguous_period in period: .*\n\s+row 2\n/)
    t.match(out, /unknown_area in area: .*'citty'.*\n\s+rows 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, … \(14 in all\)\n/)
    t.equal((await running.get('/v1/measures/waste/datapoints/city/CY2015')).status, 404)
    t.match(await run(['import', path, '--dry-run']), { code: 3, out: /rejected/ })
    t.match(await run(['import', path, '--mode', 'partial']), { code: 3, out: /partially applied, 17 rows: 1 created.*16 rejected/ })
    t.equal(await value('CY2015'), 1)
    await running.put('/v1/measures/wasted', { title: 'Wasted', unit: 'count' })
    await running.put('/v1/areas/citty', { title: 'Citty', kind: 'other' })
    await running.put('/v1/measures/waste', { title: 'Waste', unit: 'count', visibility: 'public', year_kind: 'calendar' })
    const partly = await run(['import', path])
    t.match(partly, { code: 3, out: /rejected/ }, 'the first answer is not repeated')
    t.notMatch(partly.out, /unknown_/)
    t.equal(await deliveries(), before + 3)
  })

  await t.test('a dry run writes nothing', async t => {
    const before = await deliveries()
    t.match(await run(['import', '--dry-run', await file('dry.json', [row('CY2016', 1)])]), { code: 0, out: /validated, 1 row: 1 created/ })
    t.same([await deliveries(), (await running.get('/v1/measures/waste/datapoints/city/CY2016')).status], [before, 404])
  })

  await t.test('failures end with 1 and say what failed; of several files each is tried, and the worst decides', async t => {
    const good = await file('good.json', [row('CY2017', 1)])
    const bad = await file('bad.json', [row('never', 1)])
    await writeFile(join(place, 'broken.json'), '{"datapoints": [')
    t.match(await run(['import', good], { OUTTURN_KEY: 'ot_live_nobody_nothing' }), { code: 1, out: '', err: /good\.json: 401 unauthenticated: / })
    t.match(await run(['import', join(place, 'absent.json')]), { code: 1, err: /absent\.json/ })
    t.match(await run(['import', join(place, 'broken.json')]), { code: 1, err: /broken\.json: 400 invalid_input: .*line 1/ })
    t.match(await run(['import', good], { OUTTURN_URL: `${running.url}/v1` }), { code: 1, err: /404/ })
    const two = await run(['import', bad, good])
    t.match(two, { code: 3, out: /bad\.json: rejected[^]*good\.json: applied/ })
    t.match(await run(['import', join(place, 'broken.json'), bad, await file('next.json', [row('CY2018', 1)])]), { code: 1, out: /bad\.json: rejected[^]*next\.json: applied/ })
    t.notMatch(two.err, /\n\s+at /)
  })

  await t.test('a service out of reach is tried again, but not for ever', async t => {
    const { url, close } = await proxy(t, running.url, () => 'pass')
    await close()
    const { code, err } = await run(['import', join(place, 'first.json'), '--retries', '1'], { OUTTURN_URL: url })
    t.equal(code, 1)
    t.match(err, /^http:\/\/127\.0\.0\.1:\d+ cannot be reached.*ECONNREFUSED.*Trying again in 1 s \(1 of 1\)\.\n.*first\.json: .*Attempts: 2\.\n$/)
  })

  await t.test('a delivery whose answer was lost counts once: repeated by the same run', async t => {
    const before = await deliveries()
    const { url, requests } = await through(count => count === 1 ? 'cut' : 'pass')
    const { code, out, err } = await run(['import', await file('lost.json', [row('CY2020', 1)])], { OUTTURN_URL: url })
    t.match({ code, out }, { code: 0, out: /applied, 1 row: 1 created/ }, err)
    t.match(err, /connection broke.*Trying again/)
    t.same([requests.length, await deliveries()], [2, before + 1])
    t.equal(requests[0]!.headers['idempotency-key'], requests[1]!.headers['idempotency-key'])
  })

  await t.test('or by the next one', async t => {
    const before = await deliveries()
    const { url } = await through(count => count === 1 ? 'cut' : 'pass')
    const path = await file('lost-too.json', [row('CY2021', 1)])
    t.match(await run(['import', path, '--retries', '0'], { OUTTURN_URL: url }), { code: 1, out: '', err: /connection broke/ })
    t.equal(await value('CY2021'), 1)
    t.match(await run(['import', path], { OUTTURN_URL: url }), { code: 0, out: /1 created/, err: /delivered before/ })
    t.equal(await deliveries(), before + 1)
  })

  await t.test('a service that asks to come again is asked again, as often as --retries says', async t => {
    const later = { 'retry-after': '1' }
    const { url, requests } = await through(count => [{ status: 503, headers: later }, { status: 429 }, { status: 409, headers: later }][count - 1])
    t.match(await run(['import', await file('busy.json', [row('CY2022', 1)])], { OUTTURN_URL: url }), { code: 0, out: /1 created/, err: /503.*\n.*429.*\n.*409.*\n$/ })
    t.equal(requests.length, 4)
    const never = await through(() => ({ status: 503 }))
    t.match(await run(['import', await file('down.json', [row('CY2023', 1)]), '--retries', '1'], { OUTTURN_URL: never.url }), { code: 1, out: '', err: /503/ })
    t.equal(never.requests.length, 2)
    const conflict = await through(() => ({ status: 409 }))
    t.match(await run(['import', join(place, 'down.json')], { OUTTURN_URL: conflict.url }), { code: 1, err: /409/ })
    t.equal(conflict.requests.length, 1, 'a conflict that time does not heal is told at once')
  })

  await t.test('progress is drawn on a terminal only', async t => {
    const terminal = { NODE_OPTIONS: '--import "data:text/javascript,process.stderr.isTTY=true"' }
    const big = join(place, 'big.json')
    await writeFile(big, `${' '.repeat(1_000_000)}${JSON.stringify({ datapoints: [row('CY1999', 1)] })}`)
    const seen = await run(['import', big], terminal)
    t.match(seen, { code: 0, out: /1 created/ })
    const shown = seen.err.split('\r\u001b[K')
    t.match(shown[1], /^\[#+\.*\] +\d+ % of 1\.0 MB {2}.*big\.json$/)
    t.match(shown.slice(-2), [/^checking .*big\.json…$/, ''], 'the line is clear again')
    const pulled = await run(['pull', '--out', join(place, 'big.csv')], terminal)
    t.match(pulled, { code: 0, err: /\[#+\.*\] +\d+ % \d+ of \d+ rows {2}.*big\.csv/ })
    for (const args of [['import', '--again', big], ['pull', '--full', '--out', join(place, 'big.csv')]]) t.match(await run(args), { code: 0, err: '' }, args[0]!)
  })

  t.equal(await running.stop(), 0)
})
