// What a figure may hold: a value or why it is missing, exact numbers, and what is refused.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, city, deliver, faults, pull, row } from './figures.js'

await t.test('values of figures', async t => {
  const { admin } = await start(t)
  await makeMeasure(admin)
  await makeMeasure(admin, 'count', { unit: 'count' })
  await makeMeasure(admin, 'rate', { unit: 'rate', per: 1000 })
  await makeMeasure(admin, 'free', { unit: 'score' })
  const put = (measure: string, period: string, body: object) => admin.put(at(measure, period), body)

  await t.test('a figure is a value, or a reason why it is missing, never neither and never both', async t => {
    t.match(await put('count', 'FY2010', {}), { status: 422, body: { errors: [{ code: 'missing_value' }] } })
    t.match(await put('count', 'FY2010', { note: 'Only a note.' }), { status: 422, body: { errors: [{ code: 'missing_value' }] } })
    t.match(await put('count', 'FY2010', { value: null }), { status: 422, body: { errors: [{ code: 'missing_value' }] } })
    t.match(await put('count', 'FY2010', { value: 5, missing: 'tbc' }), { status: 422, body: { errors: [{ code: 'value_and_missing' }] } })
    t.match(await admin.get(at('count', 'FY2010')), { status: 404 })
    t.match(await put('count', 'FY2010', { value: 5, missing: null }), { status: 201, body: { value: 5, bound: 'exact', status: 'not_stated' } })
    const { body } = await put('count', 'FY2011', { missing: 'new_indicator', printed: 'New indicator' })
    t.match(body, { missing: 'new_indicator', printed: 'New indicator' })
    t.same([body.value, body.bound, body.numerator], [null, null, null], 'and it is not 0')
  })

  await t.test('zero is a value', async t => {
    const { body } = await put('count', 'FY2012', { value: 0 })
    t.same([body.value, body.missing], [0, null])
    t.equal((await put('count', 'FY2013', { value: -0, numerator: 0 })).body.value, 0)
    t.equal((await pull(admin, { measure: 'count', period: 'FY2012', format: 'json' }))[0]!.value, 0)
  })

  await t.test('a count may stand without its rate, and neither is made from the other', async t => {
    const { body } = await put('rate', 'FY2010', { numerator: 57 })
    t.same([body.value, body.numerator, body.missing, body.per], [null, 57, null, 1000])
    t.same((await put('recycling-rate', 'FY2010', { numerator: 54, denominator: 1000 })).body.value, null)
    const dual = (await put('recycling-rate', 'FY2011', { value: 5.4, numerator: 1230 })).body
    t.same([dual.value, dual.numerator, dual.denominator], [5.4, 1230, null])
    t.match(await put('rate', 'FY2011', { denominator: 100 }), { status: 201 })
  })

  await t.test('a denominator is above zero and limits stand in order', async t => {
    t.match(await put('count', 'FY2014', { value: 5, denominator: 0 }), { status: 422, body: { errors: [{ pointer: '/denominator', code: 'out_of_range' }] } })
    t.match(await put('count', 'FY2014', { value: 5, denominator: -1 }), { status: 422 })
    t.match(await put('count', 'FY2014', { value: 5, lower_95: 6, upper_95: 4 }), { status: 422, body: { errors: [{ code: 'contradiction' }] } })
    t.match(await put('count', 'FY2014', { value: 5, lower_95: 4, upper_95: 6, denominator: 0.5 }), { status: 201 })
  })

  const exact = ['0.1', '17.2', '123456789012345', '12345678901234.5', '0.123456789012345', '0.000000000000001', '-0.000000000000001', '99999999999999', '100000000000000', '-123456789012345', '1.10', '1e14', '2.5e-3', '0.3']
  const plain: Record<string, string> = { 1.10: '1.1', '1e14': '100000000000000', '2.5e-3': '0.0025' }

  await t.test('15 digits come back digit by digit, in JSON and in CSV', async t => {
    const body = `{"datapoints":[${exact.map((value, i) => `{"measure":"free","area":"${city}","period":"FY${1950 + i}","value":${value}}`).join()}]}`
    t.match(await admin.post('/v1/datapoint-imports', body, { headers: { 'content-type': 'application/json' } }), { status: 200, body: { counts: { created: exact.length } } })
    const json = (await admin.get('/v1/datapoints?measure=free')).text
    const csv = (await admin.get('/v1/datapoints?measure=free&format=csv')).text.split('\n').slice(1)
    exact.forEach((value, i) => {
      const shown = plain[value] ?? plain[String(Number(value))] ?? value
      t.ok(json.includes(`"period":"FY${1950 + i}"`) && new RegExp(`"FY${1950 + i}".*?"value":${shown.replace('.', '\\.')},`).test(json), `${value} in JSON`)
      t.ok(csv[i]!.includes(`,level,,,${shown},`), `${value} in CSV: ${csv[i]}`)
    })
    const one = (await admin.get(at('free', 'FY1955'))).text
    t.match(one, '"value":0.000000000000001,', 'and at the address of one figure')
  })

  await t.test('more digits than 15 are refused, not rounded', async t => {
    const values = ['0.1234567890123456', '1234567890123456', '123456789012345678', '12345678901234.56', '17.200000000000003', '0.30000000000000004', '1e300', '1e-300']
    const body = `{"datapoints":[${values.map((value, i) => `{"measure":"free","area":"${city}","period":"FY${2000 + i}","value":${value}}`).join()}]}`
    const answer = await admin.post('/v1/datapoint-imports', body, { headers: { 'content-type': 'application/json' } })
    t.equal(answer.status, 422)
    t.same(faults(answer).map(([code]) => code), values.map(() => 'out_of_range'))
    t.equal(answer.body.counts.rejected, values.length)
    for (const column of ['numerator', 'denominator', 'lower_95', 'upper_95']) {
      t.match(await put('free', 'FY2000', { value: 1, [column]: 0.1234567890123456 }), { status: 422, body: { errors: [{ pointer: `/${column}`, code: 'out_of_range' }] } })
    }
  })

  await t.test('a value of the wrong type is refused, never turned into another', async t => {
    const wrong: Array<[string, unknown]> = [['value', '12'], ['value', true], ['value', [1]], ['value', ''], ['status', 'Final'], ['missing', 'TBC'], ['missing', ''], ['bound', '<'], ['qualifiers', 'break'], ['qualifiers', ['odd']], ['breakdown', 'sex=f'], ['rank_of', 1.5], ['provider', 7], ['printed', 5], ['deleted', 'true'], ['statistic', 'mean'], ['expected_revision', '1']]
    const answer = await deliver(admin, wrong.map(([column, value]) => row('free', 'FY2000', { value: 1, [column]: value })))
    t.equal(answer.status, 422)
    t.same(faults(answer).map(([code, column]) => [code, column]), wrong.map(([column]) => ['invalid_value', column]))
    t.match(await put('free', 'FY2000', { value: '12' }), { status: /400|422/, body: { errors: [{ pointer: '/value' }] } })
  })

  await t.test('what is printed is kept to the letter beside the number', async t => {
    for (const [period, value, printed] of [['FY2014', 5, '5.00%'], ['FY2015', 93.1, '93. 1%'], ['FY2016', 15.642, '15,642'], ['FY2017', 12, ' 12 % ']] as const) {
      const { body } = await put('recycling-rate', period, { value, printed })
      t.same([body.value, body.printed], [value, printed])
    }
  })

  await t.test('a level stays inside what the measure allows; a percentage inside 0 to 100', async t => {
    for (const value of [-0.1, 100.1, 1000]) t.match(await put('recycling-rate', 'FY2020', { value }), { status: 422, body: { errors: [{ pointer: '/value', code: 'out_of_range', detail: /from 0 to 100/ }] } })
    for (const value of [0, 100]) t.match(await put('recycling-rate', `FY20${20 + value / 100}`, { value }), { status: 201 })
    await makeMeasure(admin, 'wide', { allowed: { min: -50, max: 250 } })
    t.match(await put('wide', 'FY2016', { value: 110 }), { status: 201 })
    t.match(await put('wide', 'FY2017', { value: 251 }), { status: 422 })
    t.match(await put('count', 'FY2020', { value: -3 }), { status: 201 }, 'a measure without bounds takes any number')
  })

  await t.test('a future period is accepted', async t => {
    t.match(await put('count', 'FY2190', { value: 5, status: 'projected' }), { status: 201, body: { shorthand: '[f]' } })
  })

  await t.test('shorthand marks follow status, revision, missing and qualifiers', async t => {
    const marks = async (period: string, fields: object) => (await put('count', period, fields)).body.shorthand
    t.equal(await marks('CY2010', { value: 1, status: 'final' }), null)
    t.equal(await marks('CY2011', { value: 1, status: 'provisional' }), '[p]')
    t.equal(await marks('CY2011', { status: 'final' }), '[r]')
    t.equal(await marks('CY2012', { value: 1, status: 'estimated', qualifiers: ['low_reliability', 'break'] }), '[e][b][u]')
    t.equal(await marks('CY2013', { value: 1, status: 'forecast' }), '[f]')
    const missing = { suppressed: '[c]', not_applicable: '[z]', low: '[low]', not_yet_published: '[x]', not_available: '[x]', not_collected: '[x]', tbc: null, new_indicator: null, not_stated: null }
    for (const [i, [reason, mark]] of Object.entries(missing).entries()) t.equal(await marks(`CY20${20 + i}`, { missing: reason }), mark, reason)
  })
})
