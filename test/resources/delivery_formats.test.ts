// Deliveries as CSV, NDJSON and xlsx, in the dialects and spellings that people send: the same rows, each fault in its place.
import { gzipSync } from 'node:zlib'
import { writeXlsx } from 'hucre/xlsx'
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, faults, history, pull, row } from './figures.js'

const sheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** What stands in the place of a value, and what it means. */
const marks = {
  TBC: 'tbc',
  'to be confirmed': 'tbc',
  'n/a': 'not_applicable',
  '[z]': 'not_applicable',
  '-': 'not_available',
  '..': 'not_available',
  '[x]': 'not_available',
  '#N/A': 'not_available',
  c: 'suppressed',
  '*': 'suppressed',
  '[c]': 'suppressed',
  '<5': 'suppressed',
  '[low]': 'low',
  'New indicator': 'new_indicator',
  'Not Collected': 'not_collected',
  'awaiting data': 'not_yet_published'
}

await t.test('formats of deliveries', async t => {
  const { admin, client } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }, { code: 'age', title: 'Age', values: [{ code: '16', title: '16' }] }] })
  await makeMeasure(admin, 'share')
  const send = (body: string | Buffer, type = 'text/csv', query: Record<string, string | boolean> = {}, headers: Record<string, string> = {}) =>
    admin.send('POST', '/v1/datapoint-imports', body, { headers: { 'content-type': type, ...headers }, query })
  const created = (count: number, more: object = {}) => ({ status: 200, body: { result: 'applied', counts: { received: count, created: count, rejected: 0 }, ...more } })
  /** Takes the figures of the measure out of the way. */
  const clear = async (measure = 'count') => {
    const rows = (await pull(admin, { measure })).map(({ measure, area, period, breakdown }) => ({ measure, area, period, breakdown, deleted: true }))
    await deliver(admin, rows)
  }
  const heading = 'measure,area,period,value,note'
  const key = 'count,E06000018'

  await t.test('CSV with any separator, line end and mark of order', async t => {
    for (const [what, text] of Object.entries({
      commas: `${heading}\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`,
      'CRLF and no last one': `${heading}\r\n${key},FY2000,1234.5,ä\r\n${key},FY2001,2,`,
      'CR alone': `${heading}\r${key},FY2000,1234.5,ä\r${key},FY2001,2,\r`,
      semicolons: `${heading}\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`.replaceAll(',', ';'),
      tabs: `${heading}\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`.replaceAll(',', '\t'),
      'a line that names the separator': `sep=;\n${heading}\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`.replaceAll(',', ';'),
      'a byte order mark': `\uFEFF${heading}\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`,
      'quotes around all': `${heading}\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`.replaceAll(/[^,\n]+/g, '"$&"'),
      'headings as people write them': `Measure, AREA ,"Period",VALUE,Note\n${key},FY2000,1234.5,ä\n${key},FY2001,2,\n`,
      'a title above and blank lines between': `Return of 2001\n\n${heading}\n\n${key},FY2000,1234.5,ä\n,,,,\n${key},FY2001,2,\n\n`,
      'spare columns without contents': `${heading},,\n${key},FY2000,1234.5,ä,,\n${key},FY2001,2,,,`
    })) {
      t.match(await send(text), created(2, { warnings: [] }), what)
      t.match(await pull(admin, { measure: 'count' }), [{ period: 'FY2000', value: 1234.5, note: 'ä' }, { period: 'FY2001', value: 2, note: null }], what)
      await clear()
    }
    for (const [encoding, bytes] of [['utf-16le', Buffer.from(`\uFEFF${heading}\n${key},FY2000,1,ä`, 'utf16le')], ['utf-16be', Buffer.from(`\uFEFF${heading}\n${key},FY2000,1,ä`, 'utf16le').swap16()]] as const) {
      t.match(await send(bytes), created(1), encoding)
      t.match(await pull(admin, { measure: 'count' }), [{ note: 'ä' }], encoding)
      await clear()
    }
  })

  await t.test('what Excel writes in Western Europe is read, and said', async t => {
    const text = `${heading}\n${key},FY2000,1,Cost £5 \x96 \xe9t\xe9 \xc3\xa9\n`
    t.match(await send(Buffer.from(text, 'latin1')), created(1, { warnings: [{ code: 'read_as_windows_1252', rows: [], row_count: 0 }] }))
    t.match(await pull(admin, { measure: 'count' }), [{ note: 'Cost £5 – été Ã©' }])
    t.match(await send(Buffer.from(text, 'latin1'), 'text/csv; charset=iso-8859-1'), { body: { counts: { unchanged: 1 }, warnings: [] } }, 'and not said where the charset is announced')
    t.match(await send(text, 'text/csv; charset=klingon'), { status: 415 })
    await clear()
  })

  await t.test('characters and quoted texts are whole, wherever a chunk of the body ends', async t => {
    // The pound sign, the quote and the line end each fall on either side of 256 kB for one of these.
    const chunk = 256 * 1024
    for (const before of [1, 2, 3, 4, 5, 6]) {
      const first = `${heading}\r\n${key},FY1999,1,${'x'.repeat(3000)}\r\n`
      const filler = (size: number) => `"${'y'.repeat(size - 2)}"`
      const open = `${key},FY2000,1,`
      let text = first
      for (let i = 0; Buffer.byteLength(text) + 4000 < chunk; i++) text += `${key},FY19${10 + i % 80},${i},\r\n,,,,${' '.repeat(3000)}\r\n`
      const left = chunk - text.length - open.length - before
      text += `,,,,${' '.repeat(left - 6)}\r\n${open}"£"\r\n${key},FY2001,2,${filler(100)}\r\nnone,E06000018,FY2002,1,\r\n`
      const answer = await send(text, 'text/csv', { mode: 'partial' })
      const line = text.split('\r\n').length - 1
      t.match(answer.body.problems.find((one: { code: string }) => one.code === 'unknown_measure'), { rows: [line] }, `${before}`)
      t.match(await pull(admin, { measure: 'count', period: 'FY2000,FY2001' }), [{ note: '£' }, { note: 'y'.repeat(98) }], `${before}`)
      await clear()
    }
  })

  await t.test('numbers, marks and words are read as people type them', async t => {
    const read: Array<[cell: string, fields: object]> = [
      ['0', { value: 0 }], ['-0', { value: 0 }], ['1,234', { value: 1234 }], ['1 234 567.5', { value: 1234567.5 }], ['£1,234.50', { value: 1234.5 }],
      [' 93. 1 ', { value: 93.1 }], ['-5', { value: -5 }], ['−5', { value: -5 }], ['+5', { value: 5 }], ['.5', { value: 0.5 }], ['1e5', { value: 100000 }],
      ['16.9 [p]', { value: 16.9, status: 'provisional' }], ['7 [b][u]', { value: 7, qualifiers: ['break', 'low_reliability'] }],
      ...Object.entries(marks).map(([cell, missing]): [string, object] => [cell, { value: null, missing }])
    ]
    const years = read.map((_, i) => `FY${1950 + i}`)
    t.match(await send([heading, ...read.map(([cell], i) => `${key},${years[i]!},"${cell}",`)].join('\n')), created(read.length))
    const held = new Map((await pull(admin, { measure: 'count', limit: 1000 })).map(one => [one.period, one]))
    for (const [i, [cell, fields]] of read.entries()) t.match(held.get(years[i]!), fields, cell)
    await clear()
    const refused = ['1,5', '1.234,5', '12-13', '£1.2m', '½', '١٢', '5%%', '1,23', '12,3456', '1 23', '5 people', '(5)', '0x10', 'NaN', 'Infinity', '1.2.3', '--5', 'e5', '%', '£', '#REF!', '#DIV/0!', '> 5', '5+', 'yes']
    const answer = await send([heading, ...refused.map((cell, i) => `${key},FY${1950 + i},"${cell}",`)].join('\n'))
    t.match(answer, { status: 422, body: { counts: { received: refused.length, rejected: refused.length } } })
    t.ok(answer.body.problems.every((one: { code: string, column: string }) => one.code === 'invalid_value' && one.column === 'value'))
    t.match(await send(`${heading}\n${key},FY2000,1e-400,\n${key},FY2001,1e400,\n${key},FY2002,1234567890.1234567,`), { body: { problems: [{ code: 'out_of_range', rows: [2] }, { code: 'out_of_range', rows: [3] }, { code: 'out_of_range', rows: [4] }] } })
  })

  await t.test('where semicolons separate, a comma that may be of thousands or of decimals is refused', async t => {
    const table = (cell: string) => `${heading}\n${key},FY2000,VALUE,`.replaceAll(',', ';').replace('VALUE', cell)
    for (const cell of ['17,234', '-1,234', '0,125']) t.match(faults(await send(table(cell))), [['invalid_value', 'value', [2]]], cell)
    t.match((await send(table('17,234'))).body.problems, [{ detail: /may be 17234 or 17\.234/ }])
    for (const [cell, value] of [['1,234.5', 1234.5], ['1,234,567', 1234567], ['17.25', 17.25]] as const) {
      t.match(await send(table(cell)), { status: 200 }, cell)
      t.match(await pull(admin, { measure: 'count' }), [{ value }])
    }
    await clear()
  })

  await t.test('a percent sign agrees with the unit of the measure, and is none of a count', async t => {
    t.match(await send('measure,area,period,value,lower_95,numerator\nshare,E06000018,FY2000,17.2 %,16%,17'), created(1))
    t.match(await pull(admin, { measure: 'share' }), [{ value: 17.2, lower_95: 16, numerator: 17 }])
    t.match(faults(await send(`${heading}\n${key},FY2000,5%,`)), [['contradiction', 'value', [2]]])
    t.match(faults(await send('measure,area,period,value,numerator\nshare,E06000018,FY2001,5,17%')), [['invalid_value', 'numerator', [2]]])
  })

  await t.test('each fault is told with the line in which its row begins', async t => {
    const answer = await send(['Title,,,,', '', `${heading},colour`, `${key},FY2000,1,"two\nlines ""and\nthree"`, 'none,E06000018,FY2001,1,', '', `${key},FY2002,many,,`, `${key},,1,,`, `${key},FY2003,1,,red`, `${key},FY2004,1,,,more`].join('\n'))
    t.same(faults(answer), [['unknown_measure', 'measure', [7]], ['invalid_value', 'value', [9]], ['missing_column', 'period', [10]], ['unknown_column', 'colour', [11]], ['unknown_column', null, [12]]])
    t.match(faults(await send('area,period,value\nE06000018,FY2000,1\nE06000018,FY2001,1')), [['missing_column', 'measure', [2, 3]]])
    t.match(faults(await send(`${heading},Value\n${key},FY2000,1,,2`)), [['unknown_column', 'value', [2]]], 'a column that stands twice')
    t.match((await send('measure,area,period,valeu\ncount,E06000018,FY2000,1')).body.problems, [{ code: 'unknown_column', suggestion: 'value' }])
    t.match((await send('Indicator,Area,Year,Actual\ncount,E06000018,FY2000,1')).body.problems.filter(({ code }: { code: string }) => code === 'unknown_column')
      .map(({ suggestion }: { suggestion: string }) => suggestion), ['measure', 'period', 'value'], 'the names of a spreadsheet of their own')
    t.match((await send('measure,area,period,value,year\ncount,E06000018,FY2000,1,2000')).body.problems[0].detail, /'year' here\. Take it out/, 'nothing that is there already')
    for (const [text, line] of [[`${heading}\n${key},FY2000,1,"open\n${key},FY2001,1,\n`, 'line 2'], ['count,E06000018,FY2000,1\n', 'line 1'], [`${heading}\n${key},FY2000,1,${'x'.repeat(2_000_000)}\n`, 'line 2'], [`${heading}\n${key},FY2000,1,\0\n`, /^line/]] as const) {
      t.match(await send(text), { status: 400, body: { errors: [{ code: 'unreadable', pointer: line }] } })
    }
    t.match(await send('\n\n'), { status: 400 })
    t.same(await pull(admin, { measure: 'count' }), [])
  })

  await t.test('an export comes back as it went, and changes nothing', async t => {
    await deliver(admin, [row('count', 'FY2000', { value: 1, note: '=1+1', source: "'quoted", qualifiers: ['break'], breakdown: { sex: 'f', age: '16' } }), row('count', 'FY2001', { missing: 'suppressed', printed: '*' }), row('share', 'FY2016', { value: 5, status: 'provisional' })])
    const { text } = await admin.get('/v1/datapoints?format=csv&titles=true')
    const rows = text.trim().split('\r\n').length - 1
    t.match(await send(text), { status: 200, body: { counts: { received: rows, unchanged: rows } } })
    const lines = (await admin.get('/v1/datapoints?format=ndjson')).text
    t.match(await send(lines, 'application/x-ndjson'), { status: 200, body: { counts: { received: rows, unchanged: rows } } })
    t.match(await send(gzipSync(text), 'text/csv', {}, { 'content-encoding': 'gzip' }), { body: { counts: { unchanged: rows } } })
    t.match(faults(await send('measure,area,period,value,unit,period_start\nshare,E06000018,FY2016,5,count,01/04/2016\nshare,E06000018,FY2016,5,percent,2/4/2016')), [['contradiction', 'unit', [2]], ['contradiction', 'period_start', [3]]])
    await clear()
  })

  await t.test('rows of a return into which nothing was typed change nothing, and are said', async t => {
    const form = 'measure,area,period,last_value,value,note,reason'
    const answer = await send(`${form}\n${key},FY2000,5,,,\n${key},FY2001,5,6,,\n${key},FY2002,5,,,\n`)
    t.match(answer, { status: 200, body: { counts: { received: 3, created: 1, unchanged: 2 }, warnings: [{ code: 'not_filled_in', rows: [2, 4], row_count: 2 }] } })
    t.match(faults(await send(`${form}\n${key},FY2000,5,,a note alone,\n`)), [['missing_value', 'value', [2]]])
    t.match(faults(await send(`${form},comment\n${key},FY2000,5,,,,typed\n${key},FY2001,5,,,,,more`)), [['unknown_column', 'comment', [2]], ['unknown_column', null, [3]]], 'what stands in a column that there is not was typed')
    t.match(faults(await send(`${heading}\n${key},FY2000,,\n`)), [['missing_value', 'value', [2]]], 'in a table that is no return they are faults')
    await clear()
  })

  await t.test('NDJSON has one row a line, and each fault its line', async t => {
    const good = (period: string) => JSON.stringify(row('count', period, { value: 1 }))
    t.match(await send(`\uFEFF${good('FY2000')}\r\n\r\n${good('FY2001')}`, 'application/x-ndjson'), created(2))
    const answer = await send(Buffer.concat([Buffer.from(`${good('FY2002')}\n\n{"measure":\n[1]\n7\n"\\ud800"\n${good('soon')}\n{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}\n{"measure":"caf`), Buffer.from([0xe9]), Buffer.from('"}\n')]), 'application/x-ndjson')
    t.match(answer, { status: 422, body: { counts: { received: 8, rejected: 7 } } })
    const lines = new Set(answer.body.problems.flatMap((one: { rows: number[] }) => one.rows))
    t.same([...lines].sort(), [3, 4, 5, 6, 7, 8, 9])
    t.match(await send(`${good('FY2003')}\n${'x'.repeat(1_500_000)}\n`, 'application/x-ndjson'), { status: 400, body: { errors: [{ pointer: 'line 2' }] } })
    t.match(await send('', 'application/x-ndjson', {}, { 'transfer-encoding': 'chunked' }), { status: 200, body: { counts: { received: 0 } } })
    await clear()
  })

  await t.test('texts that mean something to COPY are texts', async t => {
    const notes = ['\\N', '\\.', 'a\tb', 'a\\b', '\\', '\r\n', 'a\nb', '\\x41', '\u2028', "'; drop table figures; --"]
    t.match(await deliver(admin, notes.map((note, i) => row('count', `FY${2000 + i}`, { value: 1, note }))), { status: /200|422/ })
    const kept = notes.filter(note => note.trim() !== '')
    t.match(await deliver(admin, kept.map((note, i) => row('count', `FY${2000 + i}`, { value: 1, note }))), { status: 200 })
    t.same((await pull(admin, { measure: 'count' })).map(one => one.note), kept)
    await clear()
  })

  await t.test('the first sheet of a workbook, each fault with its cell', async t => {
    const rows = [['Return'], [], ['Measure', 'Area', 'Period', 'Value', 'Note'], ['count', 'E06000018', '2000/01', 12, 'a'], ['count', 'E06000018', 'FY2001', '1,234', null], ['count', 'E06000018', 'FY2002', 'TBC', null]]
    const book = async (rows: Array<Array<string | number | null>>) => Buffer.from(await writeXlsx({ sheets: [{ name: 'Figures', rows }, { name: 'Other', rows: [['x']] }] }))
    t.match(await send(await book(rows), sheet), created(3))
    t.match(await pull(admin, { measure: 'count' }), [{ period: 'FY2000', value: 12, note: 'a' }, { value: 1234 }, { missing: 'tbc' }])
    const answer = await send(await book([...rows, ['count', 'nowhere', 'FY2003', 'many', null]]), sheet)
    t.match(answer, { status: 422, body: { problems: [{ code: 'invalid_value', rows: [7], cells: ['D7'] }, { code: 'unknown_area', rows: [7], cells: ['B7'] }] } })
    t.match(await send(`${heading}\n`, sheet), { status: 400, body: { errors: [{ code: 'unreadable' }] } })
    await clear()
  })

  await t.test('rejected.csv has the columns that came, and is for who sent it', async t => {
    const mine = await client('contributor', 'ccg')
    const other = await client('contributor', 'ccg')
    await admin.patch('/v1/measures/count', { data_provider: 'ccg' }, { etag: '*' })
    const text = 'Note;Area;Measure;Period;Value\n"a;b";E06000018;count;FY2000;1\n"c ""d""";nowhere;count;FY2001;2\n'
    const answer = await mine.post('/v1/datapoint-imports', text, { headers: { 'content-type': 'text/csv' }, query: { mode: 'partial' } })
    t.match(answer, { status: 200, body: { result: 'partially_applied' } })
    const { rejected } = answer.body.links
    t.equal((await mine.get(rejected)).text, "Note,Area,Measure,Period,Value,row,problems\r\n\"c \"\"d\"\"\",nowhere,count,FY2001,2,3,area: No area has the code 'nowhere'.\r\n")
    t.match(await other.get(rejected), { status: 404 })
    const json = await deliver(mine, [row('count', 'soon', { value: 1, breakdown: { sex: 'f', age: '16' }, qualifiers: ['break', 'x'] })])
    t.match((await mine.get(json.body.links.rejected)).text, /^measure,area,period,breakdown,value,qualifiers,row,problems\r\ncount,E06000018,soon,age=16;sex=f,1,break;x,0,/)
    await clear()
  })

  await t.test('a delivery taken back, and that taken back, and again', async t => {
    const revert = (id: string) => admin.post(`/v1/datapoint-imports/${id}/revert`, {})
    const [kept, gone, fresh] = ['FY2000', 'FY2001', 'FY2002'].map(period => at('count', period)) as [string, string, string]
    await deliver(admin, [row('count', 'FY2000', { value: 1, numerator: 5, note: 'first', status: 'final' }), row('count', 'FY2001', { value: 2, note: 'second' })])
    const { id } = (await deliver(admin, [row('count', 'FY2000', { value: 9 }), row('count', 'FY2001', { deleted: true }), row('count', 'FY2002', { value: 3 })])).body
    const state = async () => Promise.all([kept, gone, fresh].map(async path => (await admin.get(path)).body))
    const after = await state()
    const back = await revert(id)
    t.match(back, { status: 200, body: { reverts: id, counts: { received: 3, created: 1, updated: 1, deleted: 1 } } })
    t.match(await state(), [{ value: 1, numerator: 5, note: 'first', status: 'final' }, { value: 2, note: 'second' }, { code: 'not_found' }])
    t.match(await revert(id), { status: 409 }, 'once')
    const again = await revert(back.body.id)
    t.match(again, { status: 200, body: { counts: { created: 1, updated: 1, deleted: 1 } } })
    const said = ({ value, numerator, note, code }: Record<string, unknown>) => ({ value, numerator, note, code })
    t.same((await state()).map(said), after.map(said))
    t.match(await revert(again.body.id), { status: 200 })
    t.match(await state(), [{ value: 1, numerator: 5 }, { value: 2 }, { code: 'not_found' }])
    t.same((await history(admin, { measure: 'count', period: 'FY2002' }))
      .map(one => one.deleted).slice(-4), [false, true, false, true])
    const { id: touched } = (await deliver(admin, [row('count', 'FY2000', { value: 4 }), row('count', 'FY2003', { value: 4 })])).body
    await admin.put(kept, { value: 5 })
    t.match(await revert(touched), { status: 409, body: { errors: [{ code: 'stale_revision', detail: /FY2000/ }] } })
    t.match(await admin.get(at('count', 'FY2003')), { status: 200 }, 'and nothing was taken back')
    t.match(await revert((await deliver(admin, [])).body.id), { status: 422 })
  })
})
