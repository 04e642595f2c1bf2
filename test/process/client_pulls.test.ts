// outturn pull: the file is what the service has, however often the way there was broken off, and what changed comes in.
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { testDatabase } from '../support/database.js'
import { cli, folder, running as begin, service, until } from '../support/process.js'
import { proxy, type Fate, type Seen } from './proxy.js'

const adminKey = 'a-bootstrap-key-of-32-characters-or-more'

type Fields = Record<string, unknown>
const row = (area: string, period: string, fields: Fields): Fields => ({ measure: 'waste', area, period, ...fields })
const years = Array.from({ length: 70 }, (_, i) => `CY${1930 + i}`)
const areas = Array.from({ length: 40 }, (_, i) => `area-${String(i).padStart(2, '0')}`)

async function world (t: Test) {
  const running = await service(t, { env: { DATABASE_URL: await testDatabase(t), OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: adminKey } })
  for (const code of areas) await running.put(`/v1/areas/${code}`, { title: `Area, "${code}"`, kind: 'ward' })
  const dimensions = ['sex', 'age'].map(code => ({ code, title: code, values: [{ code: 'a', title: 'A' }, { code: 'b', title: 'B' }] }))
  for (const code of ['waste', 'odd']) await running.put(`/v1/measures/${code}`, { title: `Measure ${code}`, unit: 'count', visibility: 'public', dimensions })
  await running.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  const deliver = async (datapoints: unknown[]) => {
    const { status, text } = await running.post('/v1/datapoint-imports', { datapoints })
    if (status !== 200) throw new Error(text)
  }
  await deliver(areas.flatMap((area, i) => years.map((period, j) => row(area, period, { value: i * 100 + j, status: j % 2 === 0 ? 'final' : 'provisional' }))))
  const odd = (period: string, fields: Fields) => row('area-00', period, { measure: 'odd', ...fields })
  await deliver([
    odd('CY2000', { value: 0.0000001, note: 'He said: "no, not, £5"\nand left;\r\nünï 😀\u2028', qualifiers: ['break', 'low_reliability'] }), odd('CY2001', { value: 123456789012345 }),
    odd('CY2002', { value: -5.25, printed: '-5.25', source: ' leading and trailing ' }), odd('CY2003', { value: 3, breakdown: { sex: 'b', age: 'a' }, note: '=1+1', provider: 'council' }),
    odd('CY2004', { missing: 'tbc', note: '@home, "quoted"' }), odd('undated-long-ago', { value: 0.1 }), odd('CY2005', { value: 2, statistic: 'change', base_period: 'CY2004' }),
    odd('CY2005', { value: 3, statistic: 'rank', against: 'area-01', rank_of: 7 }), odd('CY2006', { value: -0.00000123456789 })
  ])
  return { ...running, deliver, odd }
}

await t.test('pull', async t => {
  const { url, get, put, send, post, deliver, odd, stop } = await world(t)
  const place = await folder(t)
  const run = (args: string[], env: Record<string, string> = {}) => cli(t, ['pull', ...args], { env: { OUTTURN_URL: url, OUTTURN_KEY: adminKey, ...env } })
  const content = (file: string) => readFile(join(place, file), 'utf8')
  const csv = async (query = '', as = adminKey) => (await send('GET', `/v1/datapoints?format=csv${query}`, undefined, { as })).text
  /** As a set of lines, for what is new comes last. */
  const sorted = (text: string) => text.split('\n').sort()
  const watched = (fate: (seen: Seen, page: number) => Fate | undefined | Promise<Fate | undefined> = () => 'pass') => {
    let page = 0
    return proxy(t, url, seen => seen.url.startsWith('/v1/datapoints') ? fate(seen, ++page) : 'pass')
  }
  const pages = (requests: Seen[]) => requests.filter(({ url }) => url.startsWith('/v1/datapoints') && !url.includes('changed_since') && !url.includes('limit=1&')).length
  const edit = (area: string, period: string, fields: Fields) => put(`/v1/measures/waste/datapoints/${area}/${period}`, fields)
  const withdraw = (area: string, period: string) => send('DELETE', `/v1/measures/waste/datapoints/${area}/${period}`)

  await t.test('a file holds the text of the service’s own export, and nothing else is left beside it but its state', async t => {
    const { code, out, err } = await run(['--out', join(place, 'all.csv')])
    t.match({ code, out, err }, { code: 0, out: /all\.csv: 2809 rows, pulled whole\n$/, err: '' })
    t.same(sorted(await content('all.csv')), sorted(await csv()))
    t.same((await readdir(place)).sort(), ['all.csv', 'all.csv.state'])
  })

  await t.test('NDJSON holds the rows as JSON has them, each with exact numbers', async t => {
    t.match(await run(['--out', join(place, 'odd.ndjson'), '--measure', 'odd', '--titles']), { code: 0, err: '' })
    const text = await content('odd.ndjson')
    t.same(text.trimEnd().split('\n').map(line => JSON.parse(line)), (await get('/v1/datapoints?measure=odd&titles=true')).body.items)
    t.match(text, /"value":0\.0000001,/)
    t.match(text, /"value":-0\.00000123456789,/)
  })

  await t.test('filters and titles are those of the service; nothing selected is a header, and a filter that names nothing is told', async t => {
    const uses: Array<[args: string[], query: string]> = [
      [['--measure', 'odd', '--titles'], '&measure=odd&titles=true'], [['--area', 'area-03,area-04', '--from', '1950-01-01', '--to', '1959-12-31'], '&area=area-03,area-04&from=1950-01-01&to=1959-12-31'],
      [['--breakdown', 'age=a;sex=b'], '&breakdown=age%3Da;sex%3Db'], [['--latest'], '&latest=true'], [['--status', 'provisional', '--period-kind', 'calendar_year'], '&status=provisional&period_kind=calendar_year'],
      [['--provider', 'council', '--statistic', 'level'], '&provider=council&statistic=level'], [['--within', 'area-05', '--period', 'CY1990'], '&within=area-05&period=CY1990']
    ]
    for (const [args, query] of uses) {
      t.match(await run(['--out', join(place, 'some.csv'), '--full', ...args]), { code: 0, err: '' }, args.join(' '))
      t.same(sorted(await content('some.csv')), sorted(await csv(query)), args.join(' '))
    }
    t.match(await run(['--out', join(place, 'none.csv'), '--measure', 'wast']), { code: 0, out: /0 rows/, err: /'wast'/ })
    t.same(sorted(await content('none.csv')), sorted(await csv('&measure=wast')))
    t.match(await run(['--out', join(place, 'x.csv'), '--from', 'May']), { code: 1, out: '', err: /400 invalid_input[^]*from/ })
  })

  await t.test('killed midway, the next run goes on where it was', async t => {
    const file = join(place, 'killed.csv')
    const { url: to, requests } = await watched((_, page) => page === 3 ? 'hold' : 'pass')
    const env = { OUTTURN_URL: to, OUTTURN_KEY: adminKey }
    const { child, ended } = await begin(t, ['pull', '--out', file], { env })
    await until('the third page', () => requests.length === 3)
    child.kill('SIGKILL')
    t.equal(await ended, 'SIGKILL')
    t.same((await readdir(place)).filter(name => name.startsWith('killed')).sort(), ['killed.csv.lock', 'killed.csv.part', 'killed.csv.state'])
    // What a write that was cut leaves behind.
    await writeFile(`${file}.part`, 'waste,area-', { flag: 'a' })
    t.match(await run(['--out', file], env), { code: 0, out: /2809 rows/, err: '' })
    t.same(sorted(await content('killed.csv')), sorted(await csv()))
    t.equal(pages(requests), 4, 'two pages, one in vain, and the last')
  })

  await t.test('stopped by Ctrl-C it says so, ends with 1, and goes on the next time', async t => {
    const file = join(place, 'stopped.csv')
    const { url: to, requests } = await watched((_, page) => page === 2 ? 'hold' : 'pass')
    const env = { OUTTURN_URL: to, OUTTURN_KEY: adminKey }
    const { child, ended, said } = await begin(t, ['pull', '--out', file], { env })
    await until('the second page', () => requests.length === 2)
    child.kill('SIGINT')
    t.equal(await ended, 1)
    t.match(said, { out: '', err: /stopped\.csv: stopped; the same command goes on/ })
    t.match(await run(['--out', file], env), { code: 0 })
    t.same(sorted(await content('stopped.csv')), sorted(await csv()))
    t.equal(pages(requests), 4)
  })

  await t.test('a page that breaks off is asked for again', async t => {
    const { url: to } = await watched((_, page) => page === 2 ? 'cut' : 'pass')
    t.match(await run(['--out', join(place, 'cut.csv')], { OUTTURN_URL: to }), { code: 0, err: /connection broke.*Trying again/ })
    t.same(sorted(await content('cut.csv')), sorted(await csv()))
  })

  await t.test('what is written while it walks is in the file at the end', async t => {
    await run(['--out', join(place, 'meanwhile.csv'), '--measure', 'odd'])
    const { url: to } = await watched(async (_, page): Promise<Fate> => {
      if (page !== 2) return 'pass'
      await withdraw('area-00', 'CY1930')
      await edit('area-00', 'CY1931', { value: 7777, note: 'changed, meanwhile' })
      await deliver([row('area-00', 'CY2010', { value: 1 }), row('area-39', 'CY2010', { value: 2 })])
      return 'pass'
    })
    t.match(await run(['--out', join(place, 'meanwhile.csv')], { OUTTURN_URL: to }), { code: 0, out: /2810 rows/, err: /starting over: it is another selection/ })
    t.same(sorted(await content('meanwhile.csv')), sorted(await csv()))
  })

  await t.test('a later run fetches what changed, and ends with what a whole pull gives', async t => {
    const { url: to, requests } = await watched()
    const again = (name: string) => run(['--out', join(place, name), ...name === 'final.csv' ? ['--status', 'final', '--measure', 'waste'] : []], { OUTTURN_URL: to })
    const files = ['later.csv', 'later.ndjson', 'final.csv']
    for (const name of files) t.match(await again(name), { code: 0, out: /pulled whole/ })
    requests.length = 0
    for (const name of files) {
      const before = await stat(join(place, name))
      t.match(await again(name), { code: 0, out: /nothing changed/, err: '' })
      const { ino, mtimeMs } = await stat(join(place, name))
      t.same([ino, mtimeMs], [before.ino, before.mtimeMs], 'without changes the file is not touched')
    }
    await withdraw('area-01', 'CY1940')
    await withdraw('area-01', 'CY1941')
    await edit('area-01', 'CY1941', { value: 5, status: 'final' })
    await withdraw('area-00', 'undated')
    await deliver([
      ...years.slice(0, 30).map(period => row('area-20', period, { value: 1, status: 'final' })), row('area-21', 'CY1930', { status: 'provisional' }), row('area-21', 'CY1931', { status: 'final' }),
      row('area-21', 'CY1932', { deleted: true }), odd('CY2003', { breakdown: { age: 'a', sex: 'b' }, value: 33 }), odd('CY2005', { statistic: 'rank', against: 'area-01', value: 4 }),
      odd('CY2005', { statistic: 'change', base_period: 'CY2004', deleted: true }), odd('CY2000', { note: '"A new", note\nof two lines' }), odd('CY2015', { value: 1e-10 })
    ])
    t.match(await again('later.csv'), { code: 0, out: /40 changed/, err: '' })
    t.same(sorted(await content('later.csv')), sorted(await csv()))
    t.match(await again('final.csv'), { code: 0, err: '' })
    t.same(sorted(await content('final.csv')), sorted(await csv('&status=final&measure=waste')), 'and a row that is not selected any more is gone')
    t.match(await again('later.ndjson'), { code: 0, err: '' })
    await run(['--out', join(place, 'whole.ndjson')])
    t.same(sorted(await content('later.ndjson')), sorted(await content('whole.ndjson')))
    t.equal(pages(requests), 0, 'no page of all rows was read')
  })

  await t.test('it starts over, and says why, where changes are not enough', async t => {
    const file = join(place, 'over.csv')
    const args = ['--out', file, '--measure', 'odd']
    await put('/v1/clients/reader', { role: 'reader', title: 'Reader', organisation: 'council' })
    const { body: { key } } = await post('/v1/clients/reader/keys', {})
    await run(args)
    const again = async (why: RegExp, as = adminKey, more: string[] = []) => {
      t.match(await run([...args, ...more], { OUTTURN_KEY: as }), { code: 0, out: /pulled whole/, err: why }, String(why))
      t.same(sorted(await content('over.csv')), sorted(await csv(more.length > 0 ? '&measure=odd&titles=true' : '&measure=odd', as)), String(why))
    }
    await again(/^$/, adminKey, ['--titles', '--full'])
    await again(/another selection/)
    await truncate(file, 100)
    await again(/over\.csv is not as it was left/)
    const { body: measure, headers } = await get('/v1/measures/odd')
    await send('PATCH', '/v1/measures/odd', { unit: 'score', visibility: 'private' }, { ifMatch: headers.get('etag')! })
    await again(/\/v1\/measures\/odd was updated/)
    await again(/has 9 rows where the service shows 0/, key as string)
    await send('PUT', '/v1/measures/odd', { ...measure }, { ifMatch: (await get('/v1/measures/odd')).headers.get('etag')! })
    await again(/odd was updated/)
    const state = JSON.parse(await content('over.csv.state'))
    await writeFile(`${file}.state`, JSON.stringify({ ...state, changed_since: 'long-ago' }))
    await again(/no longer knows/)
    await writeFile(`${file}.state`, '{"form"')
    await again(/state file cannot be read/)
  })

  await t.test('a second pull into the same file leaves it to the first', async t => {
    const file = join(place, 'twice.csv')
    const { url: to, requests } = await watched((_, page) => page === 2 ? 'hold' : 'pass')
    const { child, ended } = await begin(t, ['pull', '--out', file], { env: { OUTTURN_URL: to, OUTTURN_KEY: adminKey } })
    await until('the second page', () => requests.length === 2)
    t.match(await run(['--out', file]), { code: 1, out: '', err: /Another pull into .*twice\.csv is running/ })
    child.kill('SIGTERM')
    t.equal(await ended, 1)
    t.match(await run(['--out', file]), { code: 0, out: /pulled whole/ })
  })

  t.equal(await stop(), 0)
})
