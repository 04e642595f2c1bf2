// The templates of the sample plans: the lines of each organisation with their latest figures, the same as a workbook and as CSV.
import { readXlsx } from 'hucre/xlsx'
import t from 'tap'
import { columns, numbers, type ColumnName, type Row } from '../../src/documents/return_template/columns.js'
import { workbookOf } from '../../src/documents/return_template/workbook.js'
import { missings, statuses } from '../../src/resources/datapoints/schema.js'
import { pull } from '../resources/figures.js'
import { all, codes, startWithSample } from './sample.js'
import { ask, bytesOf, keys, path, rowsOf, type Cells, type Query } from './template.js'

/** Pairs of plan and line that a row names. */
const linesOf = (row: Cells) => row.plan.split('; ').map((plan, i) => `${plan}/${row.plan_measure.split('; ')[i]}`)

const council = 'nottingham-city-council'
const partners = ['nottingham-city-ccg', 'nottingham-futures', 'notts-police', 'cdp', 'nhs-england', council]

await t.test('the templates of the sample plans', async t => {
  const sample = await startWithSample(t)
  const { admin, anonymous } = sample

  await t.test('hold the lines on which the organisation leads, provides or delivers, and no other', async t => {
    for (const organisation of partners) {
      const wanted: string[] = []
      for (const plan of codes) {
        const lines = await all(admin, `/v1/plans/${plan}/measures`)
        const theirs = (one: { organisation?: string, role: string }) => one.organisation === organisation && ['lead', 'data_provider', 'delivery'].includes(one.role)
        wanted.push(...lines.filter(line => line.organisations.some(theirs)).map(line => `${plan}/${line.code}`))
      }
      const rows = await rowsOf(anonymous, organisation)
      t.ok(wanted.length > 0, organisation)
      t.same([...new Set(rows.flatMap(linesOf))].sort(), wanted.sort(), organisation)
      t.equal(new Set(keys(rows).map(String)).size, rows.length, `${organisation} has no key twice`)
    }
  })

  await t.test('show the latest figure beside what is to be typed', async t => {
    const rows = await rowsOf(anonymous, 'nottingham-city-ccg', { period: '2017/18' })
    t.same(rows.find(row => row.measure === 'smoking-at-delivery'), {
      measure: 'smoking-at-delivery',
      area: 'E06000018',
      period: 'FY2017',
      breakdown: '',
      value: '',
      numerator: '',
      denominator: '',
      status: '',
      missing: '',
      note: '',
      measure_title: 'Women smoking at time of delivery',
      area_title: 'Nottingham City',
      unit: 'percent',
      plan: 'nottingham-cypp-2015-16; nottingham-cypp-2016-20',
      plan_measure: 'N15-2a-01; N16-1a-01',
      ref: 'i',
      last_period: 'FY2016',
      last_value: '17.2',
      last_numerator: '',
      last_denominator: '',
      last_status: 'not_stated',
      last_missing: ''
    })
  })

  await t.test('show of each series the latest dated level figure up to the end of the period, of any kind', async t => {
    for (const [period, to] of [['FY2015', '2016-03-31'], ['D2018-03-31', '2018-03-31'], [undefined, undefined]]) {
      for (const row of await rowsOf(anonymous, council, period === undefined ? {} : { period })) {
        const { measure, area, breakdown } = row
        const held = await pull(anonymous, { measure, area, breakdown: breakdown || 'none', statistic: 'level', sort: '-period_end', ...(to && { to }) })
        const dated = held.filter(one => one.period_end !== null)
        const newest = dated.filter(one => one.period_end === dated[0]!.period_end).sort((a, b) => a.period_start! > b.period_start! ? -1 : 1)[0]
        const shown = ['period', 'value', 'numerator', 'denominator', 'status', 'missing'].map(name => row[`last_${name}` as ColumnName])
        t.same(shown, [newest?.period, newest?.value, newest?.numerator, newest?.denominator, newest?.status, newest?.missing].map(cell => String(cell ?? '')), `${measure} ${breakdown} ${period}`)
      }
    }
  })

  await t.test('stand in the order in which the plans print their lines', async t => {
    const printed: string[] = []
    for (const plan of [...codes].sort()) {
      const { body } = await anonymous.get(`/v1/plans/${plan}/tree`)
      const walk = (one: { measures?: Array<{ code: string }>, outcomes?: unknown[] }): void => {
        for (const outcome of one.outcomes ?? []) walk(outcome as object)
        for (const line of one.measures ?? []) printed.push(`${plan}/${line.code}`)
      }
      for (const priority of body.priorities) walk(priority)
    }
    const rows = await rowsOf(anonymous, council)
    const firsts = [...new Set(rows.map(row => linesOf(row)[0]!))]
    t.same(firsts, printed.filter(line => firsts.includes(line)))
  })

  await t.test('have a row for each part of the latest broken-down period, beside the whole', async t => {
    const rows = await rowsOf(anonymous, council, { period: '2017/18' })
    const parted = rows.filter(row => row.breakdown !== '')
    t.ok(parted.length > 10)
    for (const { measure, area } of parted) {
      const held = (await pull(anonymous, { measure, area, statistic: 'level', limit: 1000 })).filter(one => Object.keys(one.breakdown as object).length > 0)
      const latest = held.map(one => one.period_end as string ?? '').sort().at(-1)
      const wanted = held.filter(one => (one.period_end ?? '') === latest).map(one => Object.entries(one.breakdown as object).map(pair => pair.join('=')).sort().join(';'))
      t.same(rows.filter(row => row.measure === measure && row.area === area).map(row => row.breakdown), ['', ...new Set(wanted.sort())], measure)
    }
  })

  await t.test('read the period as each measure would', async t => {
    const kinds = new Map((await all(admin, '/v1/measures')).map(one => [one.code as string, one.year_kind as string | null]))
    const year = { academic: 'AY2017', financial: 'FY2017' } as Record<string, string>
    for (const row of await rowsOf(anonymous, council, { period: '2017/18' })) t.equal(row.period, year[kinds.get(row.measure) ?? 'financial'] ?? 'FY2017', row.measure)
    for (const row of await rowsOf(anonymous, council, { period: 'CY2016-Q4' })) t.equal(row.period, 'CY2016-Q4', row.measure)
    const blank = await rowsOf(anonymous, council, { period: '2016' })
    for (const row of blank) t.equal(row.period, ['academic', 'financial'].includes(kinds.get(row.measure)!) ? '' : 'CY2016', row.measure)
    t.ok(blank.some(row => row.period === '') && blank.some(row => row.period !== ''))
    t.ok((await rowsOf(anonymous, council)).every(row => row.period === ''), 'and leave it open where none is named')
  })

  await t.test('refuse what is a period of none of the measures, and say what to type', async t => {
    for (const [period, code] of [['last year', 'invalid_period'], ['2014-16', 'ambiguous_period']] as const) {
      const { status, body } = await ask(anonymous, 'notts-police', { period })
      t.match({ status, body }, { status: 400, body: { code: 'invalid_input', errors: [{ pointer: '?period', code }] } }, period)
      t.match(body.detail, /Write/)
    }
    t.match(await ask(anonymous, 'notts-police', { period: '' }), { status: 400 })
  })

  await t.test('say the same as a workbook and as CSV', async t => {
    for (const organisation of partners) {
      const { sheets: [sheet] } = await readXlsx(await bytesOf(sample.app, organisation, '?period=2017/18'))
      const [head, ...body] = sheet!.rows
      t.same(head, columns)
      const text = body.map(row => Object.fromEntries(columns.map((name, i) => [name, String(row[i] ?? '')])))
      t.same(text, await rowsOf(anonymous, organisation, { period: '2017/18' }), organisation)
      for (const row of body) {
        columns.forEach((name, i) => t.ok((row[i] ?? null) === null || (typeof row[i] === 'number') === numbers.has(name), name))
      }
    }
  })

  await t.test('take what is typed and sent back', async t => {
    const typed: Record<string, object> = {
      'smoking-at-delivery': { value: 16.4, numerator: 700 }, 'perinatal-mh-placeholder': { missing: 'new_indicator' }, 'behmh-referrals': { value: 2001 }
    }
    const rows = await rowsOf(anonymous, 'nottingham-city-ccg', { period: '2018/19' })
    const filled = rows.filter(row => typed[row.measure])
      .map(({ measure, area, period, unit }) => ({ measure, area, period, unit: unit || null, ...typed[measure] }))
    t.match(await admin.post('/v1/datapoint-imports', { datapoints: filled }), { status: 200, body: { counts: { received: 3, created: 3 } } })
    const again = await rowsOf(anonymous, 'nottingham-city-ccg', { period: '2018/19' })
    t.match(again.find(row => row.measure === 'smoking-at-delivery'), { value: '', last_period: 'FY2018', last_value: '16.4', last_numerator: '700' })
    t.match(again.find(row => row.measure === 'perinatal-mh-placeholder'), { last_period: 'FY2018', last_value: '', last_missing: 'new_indicator' })
    t.match(again.find(row => row.measure === 'behmh-referrals'), { last_period: 'FY2018', last_value: '2001' })
  })

  await t.test('are a workbook unless something else is asked for', async t => {
    const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    const typeFor = async (accept: string | undefined, query: Query = {}) =>
      (await anonymous.get(path('notts-police'), { query, headers: accept === undefined ? {} : { accept } })).headers['content-type']
    for (const accept of [undefined, '*/*', xlsx, `text/html, ${xlsx}`]) t.match(await typeFor(accept), xlsx, String(accept))
    for (const accept of ['text/csv', `${xlsx};q=0.5, text/csv`]) t.match(await typeFor(accept), 'text/csv', accept)
    t.match(await typeFor('text/csv', { format: 'xlsx' }), xlsx, 'format= comes first')
    t.match(await ask(anonymous, 'notts-police', { period: '2017/18' }), { headers: { 'content-disposition': 'attachment; filename="notts-police-FY2017-return.csv"' } })
    t.match(await ask(anonymous, council, { period: '2017/18' }), { headers: { 'content-disposition': `attachment; filename="${council}-return.csv"` } }, 'whose rows have two periods')
    t.match((await ask(anonymous, 'notts-police', { excel: '1' })).text, /^\uFEFFmeasure,/)
    t.match((await ask(anonymous, 'notts-police', { excel: '0' })).text, /^measure,/)
  })
})

await t.test('a workbook to fill in', async t => {
  const sample = await startWithSample(t)
  const { sheets: [sheet, guide, ...more] } = await readXlsx(await bytesOf(sample.app, council, '?period=2016'), { readStyles: true })
  const rows = sheet!.rows.length

  await t.test('has its headings in row 1, in bold, and they stay in view', async t => {
    t.match(sheet!.freezePane, { rows: 1 })
    columns.forEach((_, i) => t.equal(sheet!.cells?.get(`0,${i}`)?.style?.font?.bold, true))
  })

  await t.test('keeps codes and what is typed beside them as text, and numbers as numbers', async t => {
    for (let row = 1; row < rows; row++) {
      columns.forEach((name, i) => {
        const format = sheet!.cells?.get(`${row},${i}`)?.style?.numFmt
        if (!numbers.has(name)) t.equal(format, '@', name)
        else if (!name.startsWith('last_')) t.equal(format, undefined, name)
      })
    }
  })

  await t.test('offers the words for status and missing', async t => {
    t.same(sheet!.dataValidations?.map(({ type, range, values }) => ({ type, range, values })), [
      { type: 'list', range: `H2:H${rows}`, values: [...statuses] }, { type: 'list', range: `I2:I${rows}`, values: [...missings] }
    ])
  })

  await t.test('says on its second sheet how to fill it in, how to send it, and what each column holds', async t => {
    t.same(more, [])
    const lines = guide!.rows.map(([first]) => String(first))
    t.match(lines.find(line => line.startsWith('curl')), /^curl "http:\/\/localhost:80\/v1\/datapoint-imports" -H "Authorization: Bearer KEY" -H "Content-Type: application\/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet" --data-binary "@nottingham-city-council-return\.xlsx"$/)
    for (const words of [...missings, ...statuses]) t.ok(lines.some(line => line.startsWith('Words for') && line.includes(words)), words)
    t.ok(lines.some(line => line.includes("'2016' can be read as FY2015")), 'and why a period is left open')
    const told = guide!.rows.slice(guide!.rows.findIndex(([first]) => first === 'Column') + 1)
    t.same(told.map(([name]) => name), columns)
    t.same(told.filter(([, , about]) => typeof about !== 'string' || about === ''), [])
    t.same(told.filter(([, fill]) => fill === 'yes').map(([name]) => name), ['value', 'numerator', 'denominator', 'status', 'missing', 'note'])
  })
})

await t.test('a template of more rows than anybody types comes as CSV only', async t => {
  const row = Object.fromEntries(columns.map(name => [name, null])) as Row
  const template = (rows: number) => ({ organisation: { code: 'big', title: 'Big' }, asked: { periods: new Map(), unread: new Map() }, rows: Array<Row>(rows).fill(row) })
  const sending = { origin: 'https://plans.example', file: 'big.xlsx' }
  await t.rejects(workbookOf(template(20_001), sending), { code: 'too_large', status: 413 })
  await t.resolves(workbookOf(template(100), sending))
})
