// The whole selection as CSV: the same figures as in JSON, safe in a spreadsheet, from one state, and described for machines.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, pull, row } from './figures.js'

/** RFC 4180, as strictly as it is written. */
function parse (text: string): string[][] {
  const rows: string[][] = [[]]
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/y
  while (cell.lastIndex < text.length) {
    const [, content, end] = cell.exec(text)!
    rows.at(-1)!.push(content!.startsWith('"') ? content!.slice(1, -1).replaceAll('""', '"') : content!)
    if (end !== ',') rows.push([])
  }
  return rows.filter(one => one.length > 0)
}

const cellOf = (name: string, value: unknown) => value === null
  ? ''
  : name === 'breakdown'
    ? Object.entries(value as object).map(pair => pair.join('=')).join(';')
    : Array.isArray(value) ? value.join(';') : String(value)

await t.test('csv', async t => {
  const { admin, anonymous } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }, { code: 'age', title: 'Age', values: [{ code: '16', title: '16' }] }] })
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  const note = 'He said: "no, not, £5"\nand left; – ünï 😀'
  await deliver(admin, [
    row('count', 'FY2010', { value: 0.1, note, provider: 'ccg', qualifiers: ['break', 'low_reliability'] }), row('count', 'FY2011', { missing: 'tbc', printed: 'TBC' }), row('count', 'undated-long-ago', { value: -5, source: ' leading and trailing ' }),
    row('count', 'FY2010', { breakdown: { sex: 'f', age: '16' }, value: 3, numerator: 0 }), row('count', 'FY2012', { value: 1 }), row('count', 'FY2013', { value: 2, note: '\\.' })
  ])
  await admin.delete(at('count', 'FY2012'))
  const csv = async (query: Record<string, string | boolean> = {}) => await admin.get('/v1/datapoints', { query: { format: 'csv', ...query } })

  await t.test('the rows are those of JSON, cell by cell, in the same order', async t => {
    for (const query of [{}, { include_deleted: true }, { sort: '-value' }, { breakdown: 'age=16;sex=f' }, { latest: true }] as Array<Record<string, string>>) {
      const [header, ...rows] = parse((await csv(query)).text)
      const figures = await pull(admin, query)
      t.same(header, Object.keys(figures[0]!))
      t.same(rows, figures.map(one => header!.map(name => cellOf(name, one[name]))))
    }
  })

  await t.test('the history streams in the same form', async t => {
    const [header, ...rows] = parse((await admin.get('/v1/datapoints/history?format=csv')).text)
    t.equal(rows.length, 7)
    t.equal(header![0], 'measure')
    t.equal(rows.filter(cells => cells[header!.indexOf('deleted')] === 'true').length, 1)
  })

  await t.test('Accept asks for CSV as well, and format outranks it', async t => {
    t.match(await anonymous.get('/v1/datapoints', { headers: { accept: 'text/csv' } }), { status: 200, headers: { 'content-type': /^text\/csv; charset=utf-8/ } })
    t.match(await anonymous.get('/v1/datapoints?format=json', { headers: { accept: 'text/csv' } }), { headers: { 'content-type': /^application\/json/ } })
    t.match(await anonymous.get('/v1/datapoints', { headers: { accept: 'image/png' } }), { status: 406, body: { code: 'not_acceptable' } })
    t.match(await anonymous.get('/v1/datapoints?format=pdf'), { status: 400 })
    t.match(await anonymous.get('/v1/datapoints', { headers: { accept: '*/*' } }), { headers: { 'content-type': /^application\/json/ } })
  })

  await t.test('text that a spreadsheet would run as a formula is led by an apostrophe', async t => {
    const texts = ['=1+1', '+44', '-5%', '@sum', '\tcmd', '\r=1']
    await deliver(admin, texts.map((text, i) => row('count', `FY20${30 + i}`, { value: -1, printed: text, note: text, source: text, period_label: text })))
    const [header, ...rows] = parse((await csv({ from: '2030-01-01' })).text)
    texts.forEach((text, i) => {
      for (const name of ['printed', 'note', 'source', 'period_label']) t.equal(rows[i]![header!.indexOf(name)], `'${text}`, name)
      t.equal(rows[i]![header!.indexOf('value')], '-1', 'while numbers stay numbers')
    })
    t.match((await pull(admin, { period: 'FY2030' })), [{ printed: '=1+1' }], 'and JSON has the text itself')
  })

  await t.test('a title that looks like a formula is inert too', async t => {
    await makeMeasure(admin, 'formula', { title: '=HYPERLINK("http://x")' })
    await admin.put(at('formula', 'FY2016'), { value: 1 })
    const [header, cells] = parse((await csv({ measure: 'formula', titles: true })).text)
    t.same(header!.slice(-2), ['measure_title', 'area_title'])
    t.same(cells!.slice(-2), ['\'=HYPERLINK("http://x")', 'Nottingham'])
  })

  await t.test('script in a title is text of a file in which no browser looks for script', async t => {
    const script = '<script>alert("1")</script>'
    await makeMeasure(admin, 'script', { title: script })
    await admin.put(at('script', 'FY2016'), { value: 1, note: script })
    const answer = await csv({ measure: 'script', titles: true })
    t.match(answer.headers, { 'content-type': /^text\/csv/, 'x-content-type-options': 'nosniff' })
    const [header, cells] = parse(answer.text)
    t.same([cells![header!.indexOf('note')], cells!.at(-2)], [script, script])
  })

  await t.test('a byte order mark comes only when Excel asks', async t => {
    t.ok((await csv({ excel: true })).text.startsWith('\uFEFFmeasure,'))
    t.ok((await csv({ excel: '1' })).text.startsWith('\uFEFFmeasure,'), 'also as excel=1')
    t.ok((await csv()).text.startsWith('measure,'))
  })

  await t.test('an answer names its state, by instant and by bookmark', async t => {
    const { headers } = await csv()
    t.match(headers, { 'outturn-as-of': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'outturn-cursor': /./ })
    await admin.put(at('count', 'FY2050'), { value: 1 })
    t.equal(parse((await csv({ changed_since: headers['outturn-cursor']! })).text).length, 2)
    t.notOk((await csv({ as_of: headers['outturn-as-of']! })).text.includes('FY2050'))
  })

  await t.test('an empty selection is a header row', async t => {
    t.equal(parse((await csv({ measure: 'nothing' })).text).length, 1)
  })

  await t.test('limit and cursor are refused, as nothing would be cut', async t => {
    t.match(await csv({ limit: '5' }), { status: 400, body: { errors: [{ pointer: '?limit' }] } })
    t.match(await csv({ cursor: 'x' }), { status: 400 })
  })

  await t.test('the Link header leads to a description of just this table', async t => {
    for (const query of [{}, { titles: true, measure: 'count', excel: '1' }] as Array<Record<string, string | boolean>>) {
      const { headers, text } = await csv(query)
      const [, path] = /^<(\/v1\/datapoints\/columns\?[!-~]+)>; rel="describedby"; type="application\/csvm\+json"$/.exec(headers.link!) ?? []
      const { body, headers: described } = await anonymous.get(path!)
      t.match(described['content-type'], /^application\/csvm\+json/)
      const [header] = parse(text.replace(/^\uFEFF/, ''))
      t.same(body.tableSchema.columns.map((one: { titles: string }) => one.titles), header)
      const table = new URL(body.url as string, 'http://x/')
      t.same(Object.fromEntries(table.searchParams), Object.fromEntries(Object.entries({ format: 'csv', ...query }).map(([name, value]) => [name, String(value)])))
      t.equal((await admin.get(table.pathname + table.search)).text, text, 'which is at the address that it names')
      for (const one of body.tableSchema.columns) t.ok(one['dc:description'] && one.datatype.base, one.name)
      t.same(body.tableSchema.primaryKey.filter((name: string) => !header!.includes(name)), [])
    }
  })

  await t.test('cells are of the types and in the sets that the description says, and its key is one', async t => {
    const { body: { tableSchema } } = await anonymous.get('/v1/datapoints/columns', { query: { of: '/v1/datapoints/history?format=csv' }, headers: { accept: 'application/json' } })
    const [, ...rows] = parse((await admin.get('/v1/datapoints/history?format=csv')).text)
    const forms: Record<string, RegExp> = {
      string: /./s, decimal: /^-?\d+(\.\d+)?$/, integer: /^\d+$/, boolean: /^(true|false)$/, date: /^\d{4}-\d\d-\d\d$/, dateTimeStamp: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
    }
    const columns = tableSchema.columns as Array<{ name: string, required?: boolean, datatype: { base: string } }>
    for (const cells of rows) {
      columns.forEach(({ name, required, datatype }, i) => {
        if (cells[i] === '') t.notOk(required, name)
        else t.match(cells[i], forms[datatype.base]!, name)
      })
    }
    const key = columns.flatMap(({ name }, i) => tableSchema.primaryKey.includes(name) ? [i] : [])
    t.equal(new Set(rows.map(cells => key.map(i => cells[i]).join('|'))).size, rows.length)
    t.match(await anonymous.get('/v1/datapoints/columns?of=http://elsewhere/'), { status: 400 })
  })
})
