// Ranks, gaps and changes, breakdowns, and the periods that figures are about.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, city, deliver, faults, pull, row } from './figures.js'

await t.test('statistics, breakdowns and periods', async t => {
  const { admin } = await start(t)
  const values = (...codes: string[]) => codes.map(code => ({ code, title: code }))
  await makeMeasure(admin, 'share', { dimensions: [{ code: 'subject', title: 'Subject', values: values('reading', 'maths') }, { code: 'age', title: 'Age', values: values('16', '17') }] })
  await makeMeasure(admin, 'cases', { unit: 'count' })
  await makeMeasure(admin, 'rate', { unit: 'rate', per: 1000 })
  await admin.put('/v1/areas/core-cities', { title: 'Core Cities', kind: 'comparator_group' })
  const push = (measure: string, fields: object, period = 'FY2016') => deliver(admin, [row(measure, period, fields as never)])
  const get = (measure: string, query: object, period = 'FY2016') => admin.get(at(measure, period), { query: query as never })

  await t.test('the unit follows the statistic', async t => {
    await push('share', { statistic: 'gap', against: 'core-cities', value: -3 })
    await push('share', { statistic: 'change', base_period: 'FY2015', value: 250 })
    await push('share', { statistic: 'percent_change', value: -64 })
    await push('share', { statistic: 'rank', rank_basis: 'best', value: 136, rank_of: 137 })
    await push('rate', { statistic: 'percent_change', value: 12 })
    await push('rate', { statistic: 'change', value: 12 })
    t.same((await pull(admin, { area: city, measure: 'share,rate' })).map(one => [one.measure, one.statistic, one.unit, one.per]), [
      ['rate', 'change', 'rate', 1000], ['rate', 'percent_change', 'percent', null],
      ['share', 'change', 'percentage_point', null], ['share', 'gap', 'percentage_point', null], ['share', 'percent_change', 'percent', null], ['share', 'rank', null, null]
    ])
  })

  await t.test('gaps and changes may be negative or above 100, levels of a percentage may not', async t => {
    t.match((await get('share', { statistic: 'change', base_period: 'FY2015' })).body, { value: 250 })
    t.match(await push('share', { value: 250 }), { status: 422, body: { problems: [{ code: 'out_of_range' }] } })
  })

  await t.test('a change of a gap has both an area and a base period', async t => {
    t.match(await push('share', { statistic: 'change', against: 'core-cities', base_period: '2015/16', value: 1 }), { status: 200 })
    t.match(await get('share', { statistic: 'change', against: 'core-cities', base_period: 'FY2015' }), { status: 200, body: { against: 'core-cities', base_period: 'FY2015' } })
  })

  await t.test('members that a statistic does not have are refused', async t => {
    for (const [statistic, fields, column] of [
      ['level', { against: 'core-cities' }, 'against'], ['level', { base_period: 'FY2015' }, 'base_period'], ['level', { rank_of: 5 }, 'rank_of'], ['level', { rank_basis: 'best' }, 'rank_basis'],
      ['rank', { base_period: 'FY2015' }, 'base_period'], ['gap', { base_period: 'FY2015' }, 'base_period'], ['gap', { rank_of: 3 }, 'rank_of']
    ] as const) t.match(await push('cases', { statistic, value: 2, ...fields }), { status: 422, body: { problems: [{ code: 'contradiction', column }] } }, `${statistic} ${column}`)
    t.match(await push('cases', { statistic: 'gap', against: 'atlantis', value: 1 }), { status: 422, body: { problems: [{ code: 'unknown_area', column: 'against' }] } })
  })

  await t.test('a rank is a whole number from 1, at most the number that was ranked', async t => {
    for (const value of [0, -1, 1.5]) t.match(await push('cases', { statistic: 'rank', value }), { status: 422, body: { problems: [{ column: 'value' }] } })
    t.match(await push('cases', { statistic: 'rank', value: 138, rank_of: 137 }), { status: 422, body: { problems: [{ column: 'rank_of' }] } })
    t.match(await push('cases', { statistic: 'rank', rank_basis: 'highest', value: 3 }), { status: 200 }, 'third highest, of nobody knows how many')
  })

  await t.test('one series never mixes two meanings of rank 1', async t => {
    await push('rate', { statistic: 'rank', rank_basis: 'lowest', value: 2 })
    t.match(await push('rate', { statistic: 'rank', rank_basis: 'best', value: 2 }, 'FY2017'), { status: 422, body: { problems: [{ code: 'contradiction', column: 'rank_basis' }] } })
    t.match(await push('rate', { statistic: 'rank', value: 3 }, 'FY2017'), { status: 200 })
    t.match((await get('rate', { statistic: 'rank' }, 'FY2017')).body, { rank_basis: 'lowest' })
    t.match(await deliver(admin, [row('share', 'FY2010', { statistic: 'rank', against: 'core-cities', rank_basis: 'best', value: 1 }), row('share', 'FY2011', { statistic: 'rank', against: 'core-cities', rank_basis: 'lowest', value: 1 })]), { status: 422, body: { problems: [{ column: 'rank_basis' }] } })
  })

  await t.test('a breakdown is one series however its dimensions are ordered', async t => {
    await push('share', { breakdown: { subject: 'reading', age: '17' }, value: 80 })
    t.match(await push('share', { breakdown: { age: '17', subject: 'reading' }, value: 81 }), { body: { counts: { updated: 1 } } })
    for (const breakdown of ['age=17;subject=reading', 'subject=reading;age=17']) t.match(await get('share', { breakdown }), { status: 200, body: { value: 81, breakdown: { age: '17', subject: 'reading' } } })
    t.match((await admin.get('/v1/datapoints?measure=share&breakdown=subject%3Dreading%3Bage%3D17&format=csv')).text, ',age=17;subject=reading,level,')
    t.match(await get('share', {}), { status: 404 }, 'and it is not the whole')
  })

  await t.test('a dimension or value that the measure does not list is unknown', async t => {
    t.match(await push('share', { breakdown: { sex: 'f' }, value: 1 }), { status: 422, body: { problems: [{ code: 'unknown_breakdown', column: 'breakdown' }] } })
    t.match(await push('share', { breakdown: { subject: 'physics' }, value: 1 }), { status: 422, body: { problems: [{ code: 'unknown_breakdown', detail: /reading, maths/ }] } })
    t.match(await push('cases', { breakdown: { subject: 'reading' }, value: 1 }), { status: 422, body: { problems: [{ code: 'unknown_breakdown' }] } })
    t.match(await get('share', { breakdown: 'subject' }), { status: 400, body: { errors: [{ pointer: '?breakdown' }] } })
  })

  await t.test('series are listed with their first and last period', async t => {
    for (const period of ['FY2014', 'FY2012', 'undated', 'CY2013-Q1']) await admin.put(at('cases', period), { value: 1 })
    await admin.put(at('cases', 'FY2019'), { value: 1 })
    await admin.delete(at('cases', 'FY2019'))
    const { items } = (await admin.get('/v1/measures/cases/series')).body
    t.match(items, [{ area: city, statistic: 'level', first_period: 'FY2012', last_period: 'FY2014', count: 4 }, { statistic: 'rank', rank_basis: 'highest', count: 1 }])
    t.same(items[0].breakdown, {})
    t.match((await admin.get('/v1/measures/share/series?limit=2')).body, { items: [{}, {}], next_cursor: String })
    await makeMeasure(admin, 'empty')
    t.same((await admin.get('/v1/measures/empty/series')).body.items, [], 'a measure without figures has no series, and is no 404')
  })
})

await t.test('periods of figures', async t => {
  const { admin } = await start(t)
  const kinds = { any: {}, financial: { year_kind: 'financial' }, academic: { year_kind: 'academic' }, calendar: { year_kind: 'calendar' }, day: { timing: 'as_at' } }
  for (const [code, fields] of Object.entries(kinds)) await makeMeasure(admin, code, { unit: 'count', ...fields })

  await t.test("spellings are read as the measure's years ask for", async t => {
    const readings: Array<[string, string, string]> = [
      ['any', '2016/17', 'FY2016'], ['any', '201617', 'FY2016'], ['academic', '2016-17', 'AY2016'], ['financial', 'Q4 2016', 'FY2016-Q4'], ['calendar', 'Q4 2016', 'CY2016-Q4'],
      ['any', 'Year to Dec 2016', 'R12-2016-12'], ['any', 'March 2018', 'CY2018-M03'], ['day', 'March 2018', 'D2018-03-31'], ['any', '2017/18 Q3', 'FY2017-Q3'], ['any', 'Spring Term 2018', 'AY2017-T2'],
      ['any', '2014 to 2016', 'CY2014..CY2016'], ['any', '2016', 'CY2016'], ['any', 'Q1–Q3 2017/18', 'FY2017-Q1..Q3'], ['any', 'undated-ten-years-ago', 'undated-ten-years-ago']
    ]
    const rows = readings.map(([measure, period]) => row(measure, period, { value: 1 }))
    t.match(await deliver(admin, rows), { status: 200, body: { counts: { created: rows.length - 1, unchanged: 1 } } })
    for (const [measure, period, code] of readings) t.match(await admin.get(at(measure, period)), { status: 200, body: { period: code } }, `${period} of ${measure}`)
  })

  await t.test('a period with two readings is refused with both, in a delivery and in the address', async t => {
    const both = { detail: /CY2016-Q4.*FY2016-Q4/ }
    t.match(await deliver(admin, [row('any', 'Q4 2016', { value: 1 })]), { status: 422, body: { problems: [{ code: 'ambiguous_period', column: 'period', ...both }] } })
    for (const verb of ['get', 'delete'] as const) t.match(await admin[verb](at('any', 'Q4 2016')), { status: 400, body: { errors: [{ code: 'ambiguous_period', allowed: ['CY2016-Q4', 'FY2016-Q4'] }] } })
    t.match(await admin.put(at('any', 'Q4 2016'), { value: 1 }), { status: 400, body: { ...both } })
    t.match(await deliver(admin, [row('financial', '2016', { value: 1 }), row('any', '2014-16', { value: 1 }), row('any', 'FY17', { value: 1 }), row('any', 'soon', { value: 1 })]), { status: 422, body: { problems: [{ code: 'ambiguous_period' }, { code: 'ambiguous_period' }, { code: 'ambiguous_period' }, { code: 'invalid_period' }] } })
  })

  await t.test('a rolling year and the calendar year of the same days both exist, with a warning', async t => {
    await deliver(admin, [row('any', 'CY2020', { value: 1 })])
    const { body } = await deliver(admin, [row('any', 'Year to December 2020', { value: 2 })])
    t.match(body, { result: 'applied', warnings: [{ code: 'same_bounds', rows: [0], row_count: 1, detail: /CY2020/ }] })
    t.same((await pull(admin, { measure: 'any', from: '2020-01-01', to: '2020-12-31' })).map(one => [one.period, one.value]), [['CY2020', 1], ['R12-2020-12', 2]])
    t.same((await deliver(admin, [row('any', 'CY2020', { value: 3 })])).body.warnings, [], 'said once, when it is new')
    t.same(faults(await deliver(admin, [row('any', 'CY2020', { value: 'x' })])), [['invalid_value', 'value', [0]]])
  })

  await t.test('what was printed for a period is its label', async t => {
    t.match((await admin.put(at('any', 'FY2005'), { value: 1 })).body, { period_label: '2005/06', period_kind: 'financial_year', period_start: '2005-04-01', period_end: '2006-03-31' })
    t.match((await admin.put(at('any', 'FY2005'), { period_label: 'Yr 05/06' })).body, { period_label: 'Yr 05/06', revision: 2 })
    const { body } = await admin.put(at('any', 'undated-long-ago'), { value: 1 })
    t.same([body.period_start, body.period_end, body.period_kind], [null, null, 'undated'])
  })
})
