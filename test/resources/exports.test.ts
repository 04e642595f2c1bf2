// The whole selection in each format: the same rows and numbers everywhere, within what the format can hold.
import { readXlsx } from 'hucre/xlsx'
import papaparse from 'papaparse'
import t from 'tap'
import { adminKey, start, type Started } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, fill, pull, row, walk } from './figures.js'

type Row = Record<string, unknown>
type Query = Record<string, string | boolean>

const listed = (name: string, value: unknown) => name === 'breakdown'
  ? Object.entries(value as object).map(pair => pair.join('=')).join(';') || null
  : Array.isArray(value) ? value.join(';') || null : value

/** A row of JSON as a table holds it. */
const flat = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, listed(name, value)]))

const numbers = new Set(['value', 'numerator', 'denominator', 'lower_95', 'upper_95', 'per', 'rank_of', 'revision'])

const csvCell = (name: string, text: string) => text === ''
  ? null
  : numbers.has(name) ? Number(text) : name === 'revised' || name === 'deleted' ? text === 'true' : text.replace(/^'(?=[=+@\t\r\n-])/, '')

async function sheet ({ app }: Started, url: string, query: Query, headers: Record<string, string> = {}) {
  const { rawPayload, headers: answered, statusCode } = await app.inject({ url, query: { ...query, format: 'xlsx' } as Record<string, string>, headers })
  const { sheets } = await readXlsx(rawPayload)
  return { statusCode, headers: answered, rows: sheets[0]!.rows, names: sheets.map(one => one.name) }
}

const as = (header: unknown[], rows: unknown[][]): Row[] => rows.map(cells => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? null])))

await t.test('exports', async t => {
  const started = await start(t)
  const { admin, anonymous, client, connection } = started
  await makeMeasure(admin, 'count', { unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }, { code: 'age', title: 'Age', values: [{ code: '16', title: '16' }] }] })
  await makeMeasure(admin, 'rate', { unit: 'rate', per: 100000, title: 'Rate – "quoted"' })
  await makeMeasure(admin, 'secret', { visibility: 'partners' })
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  const texts = ['He said: "no, not, £5"\nand left; – ünï 😀', '=1+1', '-5%', '#N/A', 'back\\slash \\N \\n', '\ttab', 'line\r\nbreak', '_x0041_', "'quoted'", 'a\u2028b', ' spaced ', '007', '1e5', 'TRUE']
  const { status } = await deliver(admin, [
    row('count', 'FY2010', { value: 0.1, provider: 'ccg', qualifiers: ['break', 'low_reliability'] }), row('count', 'FY2011', { missing: 'tbc', printed: 'TBC' }),
    row('count', 'undated-long-ago', { value: -5 }), row('count', 'FY2010', { breakdown: { sex: 'f', age: '16' }, value: 3, numerator: 0 }),
    row('count', 'FY2012', { value: 123456789012345 }), row('count', 'FY2013', { value: 2 }), row('rate', 'CY2016', { value: 12.50, lower_95: 10, upper_95: 15.25 }), row('secret', 'FY2016', { value: 9 }),
    ...texts.map((note, i) => row('count', `CY19${40 + i}`, { value: i, note, source: note }))
  ])
  t.equal(status, 200)
  await deliver(admin, [row('count', 'FY2010', { value: 0.2, status: 'provisional' })])
  await admin.delete(at('count', 'FY2012'))
  const ndjson = async (url: string, query: Query) => (await admin.get(url, { query: { ...query, format: 'ndjson' } })).text.split('\n').slice(0, -1).map(line => JSON.parse(line) as Row)
  const csv = async (url: string, query: Query) => {
    const { data: [header, ...rows] } = papaparse.parse<string[]>((await admin.get(url, { query: { ...query, format: 'csv' } })).text, { skipEmptyLines: true, newline: '\r\n' })
    return rows.map(cells => Object.fromEntries(header!.map((name, i) => [name, csvCell(name, cells[i]!)])))
  }

  await t.test('each says the same rows and numbers in the same order', async t => {
    const key = (await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']!
    for (const url of ['/v1/datapoints', '/v1/datapoints/history']) {
      const own: Query[] = url.endsWith('history') ? [] : [{ include_deleted: true }, { sort: '-value' }, { latest: true }, { as_of: key, latest: true }]
      for (const query of [{}, { titles: true }, { measure: 'rate' }, { breakdown: 'age=16;sex=f' }, { status: 'provisional' }, { measure: 'nothing' }, ...own] as Query[]) {
        const what = `${url} ${JSON.stringify(query)}`
        const pages = await walk(admin, url, { ...query, limit: 5 })
        t.same(await ndjson(url, query), pages, `${what} as NDJSON`)
        t.same(await csv(url, query), pages.map(flat), `${what} as CSV`)
        const { rows: [header, ...rows] } = await sheet(started, url, query, { authorization: `Bearer ${adminKey}` })
        const expected = pages.map(flat).map(one => Object.fromEntries(Object.entries(one).map(([name, value]) => [name, typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value])))
        t.same(as(header!, rows), expected, `${what} as xlsx`)
      }
    }
  })

  await t.test('each is asked for by its media type as well', async t => {
    for (const [accept, disposition] of [['application/x-ndjson', 'inline; filename="datapoints.ndjson"'], ['text/csv', 'inline; filename="datapoints.csv"'], ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'attachment; filename="datapoints.xlsx"']] as const) {
      const { headers } = await admin.get('/v1/datapoints', { headers: { accept } })
      t.ok(headers['content-type']!.startsWith(accept))
      t.equal(headers['content-disposition'], disposition)
      t.match(headers, { 'outturn-as-of': /^\d{4}-/, 'outturn-cursor': /./ })
    }
  })

  await t.test('each shows a reader what the pages show', async t => {
    const reader = await client('reader')
    for (const format of ['csv', 'ndjson']) {
      t.notMatch((await anonymous.get(`/v1/datapoints?format=${format}`)).text, /secret/)
      t.match((await reader.get(`/v1/datapoints?format=${format}`)).text, /secret/)
    }
    const cells = (rows: unknown[][]) => rows.map(cells => cells[0])
    t.notOk(cells((await sheet(started, '/v1/datapoints', {})).rows).includes('secret'))
  })

  await t.test('none has pages', async t => {
    for (const format of ['csv', 'ndjson', 'xlsx']) {
      for (const paging of ['limit=5', 'cursor=x', 'count=true']) {
        t.match(await admin.get(`/v1/datapoints?format=${format}&${paging}`), { status: 400, body: { errors: [{ pointer: `?${paging.split('=')[0]!}` }] } }, `${format} ${paging}`)
      }
    }
  })

  await t.test('a filter that matches nothing is told in a header, as there is no page to tell it in', async t => {
    const query = { measure: 'count,cuont', area: 'Nirgendwo–ü', format: 'ndjson' }
    const { headers, text } = await admin.get('/v1/datapoints', { query })
    t.equal(headers['outturn-warnings'], 'unknown_measure=cuont, unknown_area=Nirgendwo%E2%80%93%C3%BC')
    t.equal(text, '')
    t.notOk('outturn-warnings' in (await admin.get('/v1/datapoints?measure=count&format=ndjson')).headers)
  })

  await t.test('HEAD tells the state, sends nothing, and tells no length that is not that of GET', async t => {
    for (let i = 0; i < 6; i++) {
      const { status, text, headers } = await admin.send('HEAD', '/v1/datapoints?format=csv')
      t.match({ status, text, headers }, { status: 200, text: '', headers: { 'outturn-cursor': /./ } })
      t.notOk('content-length' in headers)
    }
  })

  await t.test('a workbook is one sheet that takes no formula, with numbers as numbers', async t => {
    const { rows: [header, ...rows], names } = await sheet(started, '/v1/datapoints', { measure: 'count' })
    t.same(names, ['datapoints'])
    t.same(header, Object.keys((await pull(admin))[0]!))
    t.ok(rows.every(cells => typeof cells[header!.indexOf('revision')] === 'number'))
    t.same(rows.flatMap(cells => cells[header!.indexOf('note')] ?? []).filter(note => /^[=#-]/.test(String(note))).sort(), ['#N/A', '-5%', '=1+1'])
  })

  await t.test('a selection that a workbook cannot hold is refused before the first byte, and other formats have it', async t => {
    await fill(connection.pool, 100_001, 0)
    const { status, body, headers } = await admin.get('/v1/datapoints?format=xlsx&period_kind=range')
    t.match({ status, body }, { status: 413, body: { code: 'too_large', detail: /100000 rows.*format=csv/ } })
    t.match(headers['content-type'], /problem/)
    t.equal((await admin.get('/v1/datapoints?format=ndjson&period_kind=range')).text.split('\n').length, 100_002)
    await connection.pool.query("delete from figures using periods where period_id = id and code = 'R-100001'")
    t.equal((await sheet(started, '/v1/datapoints', { period_kind: 'range' })).rows.length, 100_001)
  })
})
