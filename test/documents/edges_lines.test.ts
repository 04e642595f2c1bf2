// Edge cases 1 to 9: printed numbers that repeat or are odd, titles that are missing, and measures under many lines.
import t from 'tap'
import { makePlan } from '../support/make.js'
import { all, startWithSample, without, type Bundle } from './sample.js'

const city = 'E06000018'
const older = '/v1/plans/nottingham-cypp-2015-16'
const newer = '/v1/plans/nottingham-cypp-2016-20'

await t.test('edge cases of lines', async t => {
  const { admin, anonymous } = await startWithSample(t)
  await makePlan(admin)
  const get = async (path: string) => (await anonymous.get(path)).body
  const codesOf = async (url: string) => (await all(anonymous, url)).map(item => item.code)
  const linesIn = async (plan: string) => (await get(`${plan}/tree`)).priorities.flatMap((one: any) => one.outcomes).flatMap((one: any) => one.measures) as any[]

  await t.test('1. two lines of outcome 1a are printed iv; both come back, in printed order, and one deleted and added again keeps its code', async t => {
    const twins = await all(anonymous, `${newer}/measures?outcome=1a&ref=iv`)
    t.same(twins.map(line => [line.code, line.ref_printed, line.measure]), [['N16-1a-04', 'iv).', 'infant-mortality'], ['N16-1a-05', 'iv).', 'dtap-12m']])

    const line = (position: number) => ({ measure: 'recycling-rate', outcome: '1a', ref: 'iv', position })
    for (const [code, position] of [['first-iv', 4], ['second-iv', 5]] as const) await admin.put(`/v1/plans/plan-a/measures/${code}`, line(position))
    await admin.put(`/v1/measures/recycling-rate/datapoints/${city}/FY2017`, { value: 44 })
    const url = '/v1/plans/plan-a/measures/first-iv'
    t.match(await admin.delete(url, { etag: (await admin.get(url)).etag }), { status: 204 })
    t.same(await codesOf('/v1/plans/plan-a/measures?outcome=1a&ref=iv'), ['second-iv'])
    t.match(await admin.put(url, line(4)), { status: 201, body: { code: 'first-iv' } })
    t.same(await codesOf('/v1/plans/plan-a/measures?outcome=1a&ref=iv'), ['first-iv', 'second-iv'])
    t.same((await linesIn('/v1/plans/plan-a')).filter(one => one.ref === 'iv').map(one => one.latest.value), [44, 44], 'with the figures, which never were the line’s')
  })

  await t.test('2. "i) i)" and "ii) ii)" survive a round trip in ref_printed, beside the ref i and ii', async t => {
    const { body } = await admin.get(`${newer}/bundle`)
    const copy = { ...without(body as Bundle, 'targets', 'datapoints'), plan: { ...body.plan, code: 'round-trip' } }
    t.match(await admin.put('/v1/plans/round-trip/bundle', copy), { status: 201 })
    for (const [code, ref, printed] of [['N16-1b-01', 'i', 'i) i)'], ['N16-4a-02', 'ii', 'ii) ii)']]) {
      t.match(await get(`${newer}/measures/${code}`), { ref, ref_printed: printed })
      t.match(await get(`/v1/plans/round-trip/measures/${code}`), { ref, ref_printed: printed })
    }
    t.same((await get('/v1/plans/round-trip/bundle')).plan_measures, body.plan_measures)
  })

  await t.test('3. the outcome printed "2.a" answers to 2a, and its printed form is kept', async t => {
    t.match(await get(`${newer}/outcomes/2a`), { code: '2a', ref: '2a', ref_printed: '2.a', title: 'Children and young people are safe' })
    t.equal((await codesOf(`${newer}/measures?outcome=2a`)).length, 7)
    t.match(await anonymous.get(`${newer}/outcomes/2.a`), { status: 404 })
  })

  await t.test('4. a priority without a title is legal, and priorities are listed by position all the same', async t => {
    t.same((await all(anonymous, `${newer}/priorities`)).map(one => [one.code, one.position, one.title === null]), [['1', 1, false], ['2', 2, true], ['3', 3, false], ['4', 4, false]])
    t.match(await admin.put('/v1/plans/plan-a/priorities/a-later', { ref: '2', position: 9 }), { status: 201, body: { title: null } })
    t.match(await admin.put('/v1/plans/plan-a/priorities/z-sooner', { position: 5 }), { status: 201, body: { title: null, ref: null } })
    t.same(await codesOf('/v1/plans/plan-a/priorities'), ['1', 'z-sooner', 'a-later'])
  })

  await t.test('5. the domestic-violence measure stands under 1a and 4a of one plan: one measure, two lines, the series once', async t => {
    const measure = 'dv-incidents-children'
    const lines = await all(anonymous, `${older}/measures?measure=${measure}`)
    t.same(lines.map(line => [line.code, line.outcome]), [['N15-1a-06', '1a'], ['N15-4a-01', '4a']])
    t.not(lines[0].title, lines[1].title)
    t.equal((await codesOf('/v1/measures?plan=nottingham-cypp-2015-16')).filter(code => code === measure).length, 1)
    await admin.put(`/v1/measures/${measure}/datapoints/${city}/FY2015`, { value: 1234 })
    t.same((await all(anonymous, `/v1/measures/${measure}/series`)).map(one => [one.area, one.count]), [[city, 1]])
    t.equal((await all(anonymous, `/v1/datapoints?plan=nottingham-cypp-2015-16&measure=${measure}`)).length, 1)
    t.same((await linesIn(older)).filter(line => line.measure === measure).map(line => line.latest.value), [1234, 1234])
  })

  await t.test('6. a "% and number" measure takes the percentage without the number and the number without the percentage, and invents neither', async t => {
    const one = await get(`/v1/measures/neet-16-18/datapoints/${city}/D2018-03-31`)
    t.same([one.value, one.numerator, one.denominator, one.missing], [5.4, null, null, null])
    t.match(await get(`${newer}/measures/N16-1e-01`), { title: 'Percentage and number of 16-18 year olds who are NEET' })
    const { body, status } = await admin.put(`/v1/measures/not-known-16-18/datapoints/${city}/D2017-03-31`, { numerator: 120, denominator: 7500 })
    t.same([status, body.value, body.numerator, body.denominator, body.missing], [201, null, 120, 7500, null], 'not even where it could be worked out')
  })

  await t.test('7. a rate measure takes a count of 57 as numerator, and shows no rate', async t => {
    t.match(await get('/v1/measures/mh-admissions-0-17'), { unit: 'rate', per: null })
    const { latest } = (await linesIn(newer)).find(line => line.code === 'N16-1c-03')
    t.match(latest, { period: 'FY2017', unit: 'rate', printed: '57' })
    t.same([latest.value, latest.numerator, latest.missing], [null, 57, null])
    t.match((await anonymous.get(`${newer}/report`)).text, '57 (number only)')
    await admin.put(`/v1/measures/mh-admissions-0-17/datapoints/${city}/FY2018`, { value: 91.2 })
    const rows = await all(anonymous, `/v1/datapoints?measure=mh-admissions-0-17&area=${city}`)
    t.same(rows.map(row => [row.value, row.numerator]), [[null, 57], [91.2, null]], 'nor is a count ever among the rates')
  })

  await t.test('8. 26.9 per 1000 and 127 conceptions of one period are value and numerator of one figure; title and definition may differ in the denominator', async t => {
    const rows = await all(anonymous, `/v1/datapoints?measure=u18-conception&area=${city}&period=R12-2016-12&statistic=level`)
    t.same(rows.map(row => [row.value, row.numerator, row.unit, row.per]), [[26.9, 127, 'rate', 1000]], 'ours: not two datapoints')
    t.match(await get(`${newer}/measures/N16-1d-01`), { title: /per 1000 live births/, measure: 'u18-conception' })
    t.match(await get('/v1/measures/u18-conception'), { title: 'Under-18 conception rate', note: /girls aged 15-17/ })
  })

  await t.test('9. the year to December 2016 and calendar 2016 have the same bounds, and both exist', async t => {
    const row = { measure: 'u18-conception', area: city, period: '2016', value: 27.3 }
    const { body } = await admin.post('/v1/datapoint-imports', { datapoints: [row] })
    t.match(body, { result: 'applied', warnings: [{ code: 'same_bounds', detail: /R12-2016-12/ }] })
    const rows = await all(anonymous, `/v1/datapoints?measure=u18-conception&area=${city}&breakdown=none&statistic=level&from=2016-01-01`)
    t.same(rows.map(one => [one.period, one.period_start, one.period_end, one.value]), [
      ['CY2016', '2016-01-01', '2016-12-31', 27.3], ['R12-2016-12', '2016-01-01', '2016-12-31', 26.9]
    ])
  })
})
