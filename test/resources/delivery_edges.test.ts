// Deliveries that nobody means to send: what is odd, hostile or half right is told with its place, and nothing else happens.
import Papa from 'papaparse'
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { deliver, faults, pull, row } from './figures.js'

await t.test('edges of deliveries', async t => {
  const { admin } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }, { code: 'm', title: 'M' }] }] })
  await makeMeasure(admin, 'share')
  const send = (text: string, type = 'text/csv', query: Record<string, string> = {}) => admin.post('/v1/datapoint-imports', text, { headers: { 'content-type': type }, query })
  const csv = (...lines: string[]) => send(['measure,area,period,value,note', ...lines.map(line => `count,E06000018,${line}`)].join('\r\n'))

  await t.test('a quote amid a quoted text is refused with its line, for it may swallow the rows behind it', async t => {
    const answer = await csv('FY1990,1,fine', 'FY1991,1,"a" b', 'FY1992,2,x', 'FY1993,3,"y"')
    t.match(answer, { status: 400, body: { errors: [{ pointer: 'line 3', code: 'unreadable' }] } })
    t.same(await pull(admin, { period: 'FY1990,FY1991,FY1992,FY1993' }), [])
    t.match(await csv('FY1990,1,5" pipe', 'FY1991,1,"a ""b"""  ', 'FY1992,2,"x"'), { status: 200, body: { counts: { created: 3 } } }, 'others are part of the text')
  })

  await t.test('a dimension stands once in a breakdown', async t => {
    const answer = await send('measure,area,period,value,breakdown\ncount,E06000018,FY2000,1,sex=f;sex=m')
    t.match(answer, { status: 422, body: { problems: [{ code: 'invalid_value', column: 'breakdown', rows: [2] }] } })
  })

  await t.test('rejected rows can be sent again and again, until nothing is wrong with them', async t => {
    const rejected = async (answer: { body: { links: { rejected: string } } }) => (await admin.get(answer.body.links.rejected)).text
    const cells = (text: string) => Papa.parse<string[]>(text, { skipEmptyLines: true }).data.map(line => line.slice(2, 6).concat(line.length === 7 ? [] : ['too wide']))
    const first = await rejected(await csv("soon,-5,'=x", 'soon,"-1,234",-', 'soon,-,+x'))
    t.same(cells(first), [['period', 'value', 'note', 'row'], ['soon', '-5', "'=x", '2'], ['soon', "'-1,234", "'-", '3'], ['soon', "'-", "'+x", '4']])
    const second = await rejected(await send(first))
    t.same(cells(second), cells(first), 'with the columns of the first file, and not those that the first rejection added')
    const good = second.replace('soon', 'FY1980').replace(/soon(?=,"'-1)/, 'FY1981').replace("soon,'-,", "FY1982,'-,")
    t.match(await send(good), { status: 200, body: { counts: { received: 3, created: 3 } } })
    t.match(await pull(admin, { period: 'FY1980,FY1981,FY1982' }), [{ value: -5, note: '=x' }, { value: -1234, note: '-' }, { value: null, missing: 'not_available', note: '+x' }])
  })

  await t.test('what no column can hold is a fault of its row, however odd', async t => {
    for (const [member, value, code] of [
      ['expected_revision', 1e21, 'out_of_range'], ['expected_revision', 2147483648, 'out_of_range'], ['expected_revision', -1, 'out_of_range'],
      ['unit', { toString: 1 }, 'contradiction'], ['per', [[]], 'contradiction'], ['period_start', { valueOf: null, toString: null }, 'contradiction'],
      ['rank_of', 1e300, 'out_of_range'], ['note', { toString: 1 }, 'invalid_value'], ['measure', { toString: 1 }, 'invalid_value'], ['breakdown', { toString: 1 }, 'invalid_value']
    ] as const) {
      const rows = [row('count', 'FY2000', { value: 1, [member]: value }), row('count', 'FY2001', { value: 1 })]
      t.match(await deliver(admin, rows), { status: 422, body: { counts: { received: 2, rejected: 1 } } }, member)
      t.match(faults(await deliver(admin, rows)), [[code, member, [0]]], member)
    }
    t.match((await deliver(admin, [row('count', 'FY2000', { 'a/b~c': 1 })])).body.problems, [{ column: 'a/b~c', value: null, pointer: '/datapoints/0/a~1b~0c' }])
    t.match(await send('measure,area,period,value,deleted\ncount,E06000018,FY2000,1,constructor'), { body: { problems: [{ code: 'invalid_value', value: 'constructor' }] } })
    t.match(await send('measure,area,period,value,expected_revision\ncount,E06000018,FY2000,1,1e21'), { body: { problems: [{ code: 'out_of_range', rows: [2] }] } })
  })

  await t.test('a receipt stays under 100 kB, whatever is wrong and however often', async t => {
    const many = Array.from({ length: 12_000 }, (_, i) => i)
    const lines = (fields: (i: number) => object, length = many.length) => send(many.slice(0, length).map(i => JSON.stringify({ ...row('count', 'FY2000', { value: 1 }), ...fields(i) })).join('\n'), 'application/x-ndjson')
    for (const [what, answer] of [
      ['each its own column', await lines(i => ({ [`x${i}`]: 1 }))],
      ['one column with a name as long as a book', await lines(i => i === 0 ? { ['x'.repeat(300_000)]: 1 } : {})],
      ['a hundred columns each', await lines(i => Object.fromEntries(many.slice(0, 90).map(n => [`x${i}-${n}`, 1])), 300)],
      ['a thousand cells too many', await send(`measure,area,period,value\n${many.slice(0, 200).map(() => `count,E06000018,FY2000,1${',x'.repeat(1000)}`).join('\n')}`)],
      ['as many headings that are none', await send(`measure,area,period,value${many.slice(0, 900).map(i => `,${'x'.repeat(100)}${i}`).join('')}\ncount,E06000018,FY2000,1${',x'.repeat(900)}`)]
    ] as const) {
      t.equal(answer.status, 422, what)
      t.ok(answer.text.length < 100_000, `${what}: ${answer.text.length}`)
      const { counts, problems } = answer.body
      t.ok(problems.length > 0, what)
      for (const { rows, row_count: count } of problems) t.ok(rows.length > 0 && count <= counts.rejected, what)
    }
    const days = many.slice(0, 3000).map(i => new Date(Date.UTC(1960, 0, 1 + i)).toISOString().slice(0, 10))
    await deliver(admin, days.map(day => row('count', `D${day}`, { value: 1 })))
    const twice = await deliver(admin, days.map(day => row('count', `${day}..${day}`, { value: 1 })), { dry_run: true })
    t.match(twice, { status: 200, body: { counts: { created: 3000 } } })
    t.equal(twice.body.warnings.reduce((sum: number, one: { row_count: number }) => sum + one.row_count, 0), 3000)
    t.ok(twice.text.length < 100_000, `warnings: ${twice.text.length}`)
  })
  await t.test('a series of which no row was good is not held, whatever else was written', async t => {
    for (const area of ['E1', 'E2']) await admin.put(`/v1/areas/${area}`, { title: area, kind: 'other' })
    const one = (area: string, value: number) => row('count', 'FY2000', { area, value })
    t.match(await deliver(admin, [one('E1', 1), one('E1', 2), one('E2', 1)], { mode: 'partial' }), { status: 200, body: { counts: { created: 1, rejected: 2 } } })
    for (const [area, status] of [['E1', 204], ['E2', 409]] as const) t.match(await admin.delete(`/v1/areas/${area}`, { etag: '"1"' }), { status }, area)
  })

  await t.test('a cell or a header of any length is told of as quickly as another', async t => {
    // Read step by step with every way to split the blanks, these would take hours: what ends is quick enough.
    const blanks = ' '.repeat(200_000)
    for (const value of [`-${blanks}x`, `1${blanks}x`, `1${blanks}[p]x`, '1 '.repeat(100_000), '1,234'.repeat(50_000), '('.repeat(200_000), '%'.repeat(200_000)]) {
      t.match(await csv(`FY2000,"${value}",`), { status: 422, body: { problems: [{ code: 'invalid_value', column: 'value', rows: [2] }] } })
    }
    const wide = await send(`measure,area,period,value,${'a,'.repeat(250_000)}${'b'.repeat(300_000)}\ncount,E06000018,FY1975,1`)
    t.match(wide, { status: 200, body: { counts: { created: 1 } } }, 'columns without contents do no harm')
  })
})
