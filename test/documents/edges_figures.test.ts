// Edge cases 10 to 20: figures that are missing, zero, provisional, forecast, beside or against each other.
import t from 'tap'
import { history, pull } from '../resources/figures.js'
import { all, readCsv, startWithSample } from './sample.js'

const city = 'E06000018'
const county = 'E10000024'

await t.test('edge cases of figures', async t => {
  const { admin, anonymous, loads } = await startWithSample(t)
  const at = (measure: string, area: string, period: string) => `/v1/measures/${measure}/datapoints/${area}/${period}`
  const one = async (measure: string, area: string, period: string, query: Record<string, string> = {}) =>
    (await anonymous.get(at(measure, area, period), { query })).body
  const deliver = (...datapoints: object[]) => admin.post('/v1/datapoint-imports', { datapoints })

  await t.test('10. no value needs a reason; "New indicator" and "tbc" come back as markers, never 0 and never left out', async t => {
    t.match(await admin.put(at('tooth-decay-5', city, 'FY2016'), { value: null }), { status: 422, body: { errors: [{ code: 'missing_value' }] } })
    t.match(await anonymous.get(at('tooth-decay-5', city, 'FY2016')), { status: 404 })
    const rows = (await all(anonymous, '/v1/datapoints')).filter(row => row.missing !== null)
    t.same(rows.map(row => [row.measure, row.area, row.missing, row.printed, row.value]), [
      ['breastfeeding-6-8wk', 'notts-nhs', 'tbc', 'tbc', null], ['ehc-single-assessment', county, 'new_indicator', 'New indicator', null],
      ['excess-weight-reception', county, 'new_indicator', 'New indicator', null], ['excess-weight-y6', county, 'new_indicator', 'New indicator', null]
    ])
    const csv = readCsv((await anonymous.get('/v1/datapoints?format=csv')).text)
    t.same(csv.filter(row => row.missing !== '').map(row => row.value), ['', '', '', ''])
    const { priorities } = (await anonymous.get('/v1/plans/notts-cypf-2011-14/tree')).body
    const lines = new Map<string, any>(priorities.flatMap((priority: any) => priority.measures).map((line: any) => [line.code, line]))
    t.match(lines.get('T11-I02').latest, { missing: 'tbc' })
    t.match(lines.get('T11-I06').undated, [{ missing: 'new_indicator' }])
  })

  await t.test('11. zero is a value: a progress score of +0.0', async t => {
    const zero = await one('ks2-progress', city, 'AY2015', { breakdown: 'subject=reading' })
    t.same([zero.value, zero.missing, zero.printed], [0, null, '+0.0'])
    const scores = await pull(anonymous, { measure: 'ks2-progress', statistic: 'level', sort: 'value' })
    t.same(scores.map(row => row.value), [0, 0.3, 0.7])
    const [row] = readCsv((await anonymous.get('/v1/datapoints?format=csv&measure=ks2-progress&breakdown=subject%3Dreading&statistic=level')).text)
    t.equal(row!.value, '0')
  })

  await t.test('12. 5.00% is the number 5 with both decimals in printed; 15,642 is 15642; "93. 1%" is 93.1 with its raw text', async t => {
    for (const [measure, area, period, value, printed] of [
      ['absence-overall', county, 'AY2011', 5, '5.00%'], ['csc-contacts', county, 'FY2012', 15642, '15,642'], ['dtap-12m', 'E92000001', 'FY2017-Q3', 93.1, '93. 1%']
    ] as const) t.match(await one(measure, area, period), { value, printed })
  })

  await t.test('13. provisional 2.5, then final 2.6: the series shows one current value, the history two', async t => {
    const url = at('neet-years-12-14', county, 'FY2012')
    t.match((await anonymous.get(url)).body, { value: 2.5, status: 'provisional', shorthand: '[p]', revision: 1 })
    await admin.put(url, { value: 2.6, status: 'final', printed: '2.6%' })
    const query = { measure: 'neet-years-12-14' }
    t.match(await pull(anonymous, query), [{ value: 2.6, status: 'final', shorthand: '[r]', revision: 2 }])
    t.equal((await pull(anonymous, query)).length, 1)
    t.same((await history(anonymous, query)).map(row => [row.revision, row.value, row.status]), [[1, 2.5, 'provisional'], [2, 2.6, 'final']])
  })

  await t.test('14. the forecast outturn 2,848 stands beside the outturn 2,345, and status tells them apart', async t => {
    const query = { measure: 'ae-injuries-0-4', area: city, statistic: 'level' }
    t.same((await pull(anonymous, { ...query, from: '2016-04-01' })).map(row => [row.period, row.value, row.status]), [['FY2016', 2345, 'final'], ['FY2017', 2848, 'forecast']])
    t.same((await pull(anonymous, { ...query, status: 'forecast' })).map(row => row.value), [2848])
    t.same((await pull(anonymous, { ...query, status: 'final' })).map(row => row.value), [3114, 2284, 2076, 2345])
    t.match(await pull(anonymous, { ...query, status: 'final', latest: true }), [{ period: 'FY2016' }], 'latest of what is final')
  })

  await t.test('15. a gap or change may be negative or above 100, a percentage may be neither', async t => {
    t.match(await one('eyfs-gld', city, 'AY2016', { statistic: 'gap', against: 'sn-nottingham' }), { value: -0.4, unit: 'percentage_point' })
    t.match(await one('u18-conception', city, 'R12-2016-12', { statistic: 'percent_change', base_period: 'CY1998' }), { value: -64, unit: 'percent' })
    const row = { measure: 'smoking-at-delivery', area: city, period: 'FY2014' }
    t.match(await deliver({ ...row, statistic: 'percent_change', value: 480 }, { ...row, statistic: 'gap', against: 'E92000001', value: -120 }), { status: 200, body: { counts: { created: 2 } } })
    for (const value of [-0.1, 100.1]) t.match(await deliver({ ...row, value }), { status: 422, body: { problems: [{ code: 'out_of_range' }] } })
  })

  await t.test('16. the printed gap of 8 is not 74 less 66.5: all three are held as printed, without a complaint', async t => {
    const query = { breakdown: 'subject=reading' }
    const [own, nation, gap] = await Promise.all([
      one('ks1-national-standard', city, 'AY2015', query), one('ks1-national-standard', 'E92000001', 'AY2015', query),
      one('ks1-national-standard', city, 'AY2015', { ...query, statistic: 'gap', against: 'E92000001' })
    ])
    t.same([own.value, nation.value, gap.value], [66.5, 74, 8])
    const { problems, warnings } = loads.get('nottingham-cypp-2016-20')!.body
    t.same([problems, warnings], [[], []])
  })

  await t.test('17. 136th of 137 and third highest of nobody says how many are held; one series never mixes two meanings of rank 1', async t => {
    t.match(await one('fte-yjs', city, 'undated', { statistic: 'rank', against: 'english-yots-137' }), { value: 136, rank_of: 137, rank_basis: 'best', printed: '136th' })
    const third = { measure: 'infant-mortality', area: city, period: 'CY2014..CY2016', statistic: 'rank', against: 'sn-nottingham' }
    const { measure, area, period, ...key } = third
    t.match(await one(measure, area, period, key), { value: 3, rank_of: null, rank_basis: 'highest', printed: 'third highest' })
    t.match(await deliver({ ...third, period: 'CY2015..CY2017', value: 3, rank_basis: 'lowest' }), { status: 422, body: { problems: [{ code: 'contradiction', column: 'rank_basis' }] } })
  })

  await t.test('18. 83 with any qualification and 10 with none: measures need not add up', async t => {
    const values = async (period: string) => Promise.all(['cic-any-qualification', 'cic-no-qualification'].map(async measure => (await one(measure, city, period)).value))
    t.same([await values('AY2015'), await values('AY2016')], [[75, 9], [83, 10]])
  })

  await t.test('19. 30.7 and 31.8 for one gap are two measures; a second value is a revision that keeps the first, never a silent overwrite', async t => {
    t.match(await one('fsm-gap-16', county, 'AY2011'), { value: 30.7, note: /31\.8/ })
    t.match(await one('fsm-gap-16-narrative', county, 'AY2011'), { value: 31.8, note: /30\.7/ })
    const key = { measure: 'fsm-gap-16', area: county, period: 'AY2011' }
    t.match(await deliver({ ...key, value: 30.7 }, { ...key, value: 31.8 }), { status: 422, body: { problems: [{ code: 'duplicate_key' }] } })
    t.match(await deliver({ ...key, value: 31.8, expected_revision: 0 }), { status: 422, body: { problems: [{ code: 'stale_revision' }] } })
    t.match(await one('fsm-gap-16', county, 'AY2011'), { value: 30.7, revision: 1 })
    await deliver({ ...key, value: 31.8 })
    t.same((await history(anonymous, key)).map(row => row.value), [30.7, 31.8])
  })

  await t.test('20. figures of wards belong to the wards, and the series of the city is not changed by them', async t => {
    const query = { measure: 'eyfs-gld', statistic: 'level', period: 'AY2016' }
    const rows = () => pull(anonymous, { ...query, within: city })
    t.same((await rows()).map(row => [row.area, row.value]), [[city, 66.2], ['ward-arboretum', 54], ['ward-wollaton-west', 84]])
    const before = await pull(anonymous, { ...query, area: city })
    t.match(await admin.put(at('eyfs-gld', 'ward-aspley', 'AY2016'), { value: 60 }), { status: 201 })
    t.same(await pull(anonymous, { ...query, area: city }), before)
    t.equal((await rows()).length, 4)
    const series = (await all(anonymous, '/v1/measures/eyfs-gld/series')).filter(one => one.statistic === 'level')
    t.same(series.map(one => [one.area, one.count]), [[city, 1], ['ward-arboretum', 1], ['ward-aspley', 1], ['ward-wollaton-west', 1]])
    t.match((await anonymous.get('/v1/areas/ward-aspley')).body, { kind: 'ward', parent: city })
  })
})
