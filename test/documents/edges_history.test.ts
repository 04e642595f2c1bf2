// Edge cases 42 to 50: measures that end or change, series that must not mix, versions, and the same thing said twice.
import t from 'tap'
import { history, pull } from '../resources/figures.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { all, codes, facts, startWithSample, without } from './sample.js'

const city = 'E06000018'
const county = 'E10000024'
const newer = '/v1/plans/nottingham-cypp-2016-20'

await t.test('edge cases of change over time', async t => {
  const { admin, anonymous } = await startWithSample(t)
  await makePlan(admin)
  const get = async (path: string) => (await anonymous.get(path)).body

  await t.test('42. a measure that ended has a break at 2013/14 Q2, and no line of a chart runs across a break', async t => {
    for (const code of ['csc-initial-assessments-timely', 'csc-core-assessments-timely']) {
      t.match(await get(`/v1/measures/${code}`), { breaks: [{ from: '2013-07-01', area: county, why: /single assessment from 2013\/14 Q2/ }] })
    }
    await makeMeasure(admin, 'assessments', { unit: 'count', status: 'retired', breaks: [{ from: '2013-07-01', why: 'Counted otherwise.' }] })
    await admin.put('/v1/plans/plan-a/measures/broken', { measure: 'assessments', outcome: '1a', position: 2 })
    for (const [period, value] of [['FY2012-Q4', 1], ['FY2013-Q1', 2], ['FY2013-Q2', 3]] as const) await admin.put(`/v1/measures/assessments/datapoints/${city}/${period}`, { value })
    const page = (await anonymous.get('/v1/plans/plan-a/report')).text
    const charts = page.match(/<svg class="chart".*?<\/svg>/gs) ?? []
    const count = (what: RegExp) => charts.map(chart => chart.match(what)?.length ?? 0)
    t.same([count(/<circle/g), count(/<path/g)], [[3], [1]], 'three points, and only the two before the break are joined')
  })

  await t.test('43. Key Stage 2 progress was redefined: two measures with a link that forbids joining, and no merged series', async t => {
    t.match((await get('/v1/measures/ks2-progress')).links, [{ measure: 'ks2-expected-progress', relation: 'definition_changed', joinable: 'no' }])
    t.match((await get(`${newer}/measures/N16-3b-04`)).links, [{ plan: 'nottingham-cypp-2015-16', plan_measure: 'N15-3b-04', relation: 'definition_changed', joinable: 'no' }])
    const series = () => all(anonymous, '/v1/measures/ks2-progress/series')
    const before = await series()
    await admin.put(`/v1/measures/ks2-expected-progress/datapoints/${city}/AY2014`, { value: 85 })
    t.equal((await all(anonymous, '/v1/measures/ks2-expected-progress/series')).length, 1)
    t.same(await series(), before)
  })

  await t.test('44. in-year and cumulative counts never share a series', async t => {
    const series = async (measure: string) => (await all(anonymous, `/v1/measures/${measure}/series`)).map(one => [one.breakdown, one.count])
    t.same(await series('priority-families-turned-around'), [[{ basis: 'cumulative' }, 1], [{ basis: 'in-year' }, 1]])
    const values = async (measure: string) => (await pull(anonymous, { measure })).map(row => [(row.breakdown as any).basis, row.value])
    t.same(await values('priority-families-turned-around'), [['cumulative', 1472], ['in-year', 797]])
    t.same(await values('priority-families-supported'), [['worked-with-cumulative', 3010]])
    const targets = await all(anonymous, '/v1/targets?measure=priority-families-supported')
    t.same(targets.map(one => [one.breakdown.basis, one.value]), [['in-year', 941], ['worked-with-cumulative', 3840]])
  })

  await t.test('45. a figure without a date sorts last, either way round; a period that is our reading has the qualifier period_inferred', async t => {
    for (const sort of ['period_end', '-period_end']) {
      const rows = await pull(anonymous, { measure: 'fte-yjs', statistic: 'level', sort })
      t.same(rows.map(row => row.period_end), ['2012-12-31', null, null], sort)
    }
    const inferred = (await all(anonymous, '/v1/datapoints')).filter(row => row.qualifiers.includes('period_inferred'))
    const told = facts.filter(fact => fact.qualifiers!.includes('period_inferred'))
    const keyOf = (row: Record<string, any>) => [row.measure, row.area, row.period, row.statistic, row.against ?? '', row.base_period ?? '', row.value].join()
    t.same(inferred.map(keyOf).sort(), told.map(keyOf).sort())
    t.match(inferred.find(row => row.measure === 'cpp-second-2y' && row.period === 'FY2017'), { period_label: 'this year', value: 12.8 })
    t.match(await anonymous.get('/v1/datapoints?period_basis=inferred'), { status: 400, body: { errors: [{ pointer: '?period_basis' }] } }, 'ours: no filter of that name')
  })

  await t.test('46. partners and numbered leads come back in printed order; a version is a publication that no one changes, with the codes of its lines and measures', async t => {
    const partners = (await get('/v1/plans/notts-cypf-2011-14')).organisations.filter((one: any) => one.role === 'partner')
    t.same([partners.length, partners.slice(0, 14).every((one: any) => one.statutory), partners[0].organisation, partners[14]], [15, true, 'nottinghamshire-county-council', { organisation: 'navo', role: 'partner' }])
    const leads = (await get('/v1/plans/notts-cypf-2016-18/actions/C16-1.5')).organisations.filter((one: any) => one.role === 'lead')
    t.same(leads.map((one: any) => one.label), ['1 SEND', '1 SEND', '1 SEND', '2 JTAI', '2 JTAI', '2 JTAI', '2 JTAI'])

    const before = await get(`${newer}/bundle`)
    t.match(await admin.post(`${newer}/publications`, { label: 'V6', date: '2018-06-15' }), { status: 201 })
    const published = await anonymous.get(`${newer}/publications/V6`)
    t.same(published.body.bundle, before)
    await admin.patch(`${newer}/measures/N16-1a-01`, { title: 'Something else' }, { etag: '*' })
    t.equal((await anonymous.get(`${newer}/publications/V6`)).text, published.text)
    t.match(await admin.post(`${newer}/publications`, { label: 'V6' }), { status: 409, body: { code: 'conflict' } })
    for (const method of ['PUT', 'PATCH', 'DELETE']) t.match(await admin.send(method, `${newer}/publications/V6`, method === 'DELETE' ? undefined : {}), { status: 405 }, method)
    await admin.post(`${newer}/publications`, { label: 'V7' })
    const { changes } = await get(`${newer}/publications/V7/diff?from=V6`)
    t.match(changes, [{ section: 'plan_measures', change: 'changed', resource: `${newer}/measures/N16-1a-01`, members: [{ member: 'title' }] }])
    t.equal(changes.length, 1, 'ours: no new ids from version to version')
  })

  await t.test('47. a measure without any figure has an empty series and an empty place in the tree, and is no 404', async t => {
    t.match(await anonymous.get('/v1/measures/tooth-decay-5'), { status: 200, body: { status: 'active' } })
    for (const url of ['/v1/measures/tooth-decay-5/series', '/v1/datapoints?measure=tooth-decay-5']) t.same(await all(anonymous, url), [], url)
    const lines = (await get(`${newer}/tree`)).priorities.flatMap((one: any) => one.outcomes).flatMap((one: any) => one.measures)
    const line = lines.find((one: any) => one.code === 'N16-1b-02')
    t.same([line.latest, line.breakdowns, line.undated], [null, [], []])
  })

  await t.test('48. 60.6 printed twice is one figure; both places are in its note, for references to a source are not held', async t => {
    const rows = await pull(anonymous, { measure: 'gcse-5ac-em', area: county, period: 'AY2011' })
    t.match(rows, [{ value: 60.6, printed: '60.6%', revision: 1, note: /table and in the narrative/ }])
    t.equal(rows.length, 1)
  })

  await t.test('49. titles of 255 characters, with quotes, en dashes and asterisks go round unchanged', async t => {
    t.equal((await get(`${newer}/measures/N16-3a-02`)).title.length, 255)
    t.match(await get('/v1/plans/nottingham-cypp-2015-16/measures/N15-3b-01'), { title: "Number of schools rated 'Good' or 'Outstanding'" })
    t.match(await get('/v1/plans/notts-cypf-2011-14/measures/T11-I15'), { title: 'Excess weight ages 4-5, 10-11 – PH 2.06i' })
    t.match(await get('/v1/plans/notts-cypf-2011-14/measures/T11-I12'), { title: /5 or more A\*-C grades/ })
    const title = ` “Good” or 'Outstanding' – "A*–C" \\ <b>&amp;</b> * 100 % ${'é'.repeat(255)} `
    await admin.put('/v1/plans/plan-a/measures/odd', { measure: 'recycling-rate', outcome: '1a', title })
    t.equal((await get('/v1/plans/plan-a/measures/odd')).title, title)
    for (const plan of codes) {
      const bundle = (await admin.get(`/v1/plans/${plan}/bundle`)).body
      await admin.put(`/v1/plans/${plan}-again/bundle`, { ...without(bundle, 'targets', 'datapoints'), plan: { ...bundle.plan, code: `${plan}-again` } })
      const again = await get(`/v1/plans/${plan}-again/bundle`)
      t.same(['outcomes', 'actions', 'plan_measures'].map(name => again[name]), ['outcomes', 'actions', 'plan_measures'].map(name => bundle[name]), plan)
    }
  })

  await t.test('50. a datapoint sent twice is unchanged, one that differs is a revision, and two that differ in one delivery are a duplicate key', async t => {
    const row = { measure: 'tooth-decay-5', area: city, period: 'FY2015', value: 35.8 }
    const deliver = (...datapoints: object[]) => admin.post('/v1/datapoint-imports', { datapoints })
    t.match(await deliver(row), { status: 200, body: { counts: { created: 1 } } })
    t.match(await deliver(row), { status: 200, body: { counts: { created: 0, updated: 0, unchanged: 1 } } }, 'ours: no 409')
    const other = { ...row, value: 36.1 }
    t.match(await deliver(row, other), { status: 422, body: { code: 'import_rejected', problems: [{ code: 'duplicate_key' }] } })
    t.match(await deliver(other), { status: 200, body: { counts: { updated: 1 } } })
    t.same((await history(anonymous, { measure: 'tooth-decay-5' })).map(one => [one.revision, one.value]), [[1, 35.8], [2, 36.1]])
  })
})
