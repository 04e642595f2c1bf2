// Pulling figures: every filter, every order, latest, and what the pages and warnings say.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { city, deliver, pull, row, walk } from './figures.js'

await t.test('pulls', async t => {
  const { admin, client } = await start(t)
  await makePlan(admin)
  const sexes = ['f', 'm'].map(code => ({ code, title: code }))
  for (const [code, fields] of Object.entries({
    quarterly: { frequency: 'quarterly', dimensions: [{ code: 'sex', title: 'Sex', values: sexes }] }, yearly: { frequency: 'annual' }, daily: { frequency: 'annual', timing: 'as_at' }, supporting: {}, unlisted: {}
  })) await admin.put(`/v1/measures/${code}`, { title: `Measure ${code}`, unit: 'count', visibility: 'public', ...fields })
  await admin.put('/v1/plans/plan-a/measures/line-2', { measure: 'quarterly', outcome: '1a', supporting: ['yearly'] })
  await admin.patch('/v1/plans/plan-a', { supporting_measures: ['supporting'] }, { etag: '"1"' })
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  for (const [code, parent] of [['ward', city], ['block', 'ward'], ['elsewhere', null]] as const) await admin.put(`/v1/areas/${code}`, { title: `Area ${code}`, kind: 'ward', parent })
  await deliver(admin, [
    row('quarterly', 'FY2016-Q1', { value: 1, status: 'final', provider: 'ccg' }), row('quarterly', 'FY2016-Q2', { value: 2, status: 'provisional' }), row('quarterly', 'FY2016', { value: 3, status: 'final' }),
    row('quarterly', 'undated', { value: 9 }), row('quarterly', 'FY2016-Q1', { breakdown: { sex: 'f' }, value: 4 }), row('quarterly', 'FY2016-Q3', { statistic: 'change', value: -1 }),
    row('quarterly', 'FY2016-Q1', { area: 'ward', value: 5 }), row('quarterly', 'FY2016-Q1', { area: 'block', value: 6 }), row('quarterly', 'FY2016-Q1', { area: 'elsewhere', missing: 'tbc' }),
    row('yearly', 'CY2016', { value: 7 }), row('yearly', 'CY2014..CY2016', { value: 8 }), row('yearly', 'CY2017-Q1', { value: 8.5 }), row('yearly', 'undated-now', { missing: 'new_indicator' }),
    row('daily', 'D2017-03-31', { value: 10 }), row('daily', 'CY2017-M06', { value: 11 }), row('supporting', 'FY2015-Q1', { value: 12 }), row('supporting', 'FY2016', { value: 12.5 }), row('unlisted', 'FY2016', { value: 13 })
  ])
  const values = async (query: Record<string, string | number | boolean>) => (await pull(admin, query)).map(one => one.value)

  await t.test('each filter selects what it says, and filters combine', async t => {
    t.same(await values({ measure: 'yearly,unlisted', period_kind: 'calendar_year,financial_year' }), [13, 7])
    t.same(await values({ measure: 'quarterly', area: 'ward,block' }), [6, 5])
    t.same(await values({ measure: 'quarterly', period: 'FY2016-Q1', area: city }), [1, 4])
    t.same(await values({ measure: 'quarterly', period: '2016/17,2016/17 Q2' }), [2, 3], 'periods as generously as on write')
    t.same(await values({ status: 'final' }), [1, 3])
    t.same(await values({ status: 'final,provisional' }), [1, 2, 3])
    t.same(await values({ provider: 'ccg' }), [1])
    t.same(await values({ statistic: 'change' }), [-1])
    t.same(await values({ statistic: 'rank' }), [])
  })

  await t.test('breakdown is none for the whole, any for everything, or one breakdown', async t => {
    t.same(await values({ measure: 'quarterly', area: city, period: 'FY2016-Q1', breakdown: 'none' }), [1])
    t.same(await values({ measure: 'quarterly', area: city, period: 'FY2016-Q1', breakdown: 'any' }), [1, 4])
    t.same(await values({ breakdown: 'sex=f' }), [4])
  })

  await t.test('within is an area and all inside it', async t => {
    t.same(await values({ measure: 'quarterly', within: 'ward' }), [6, 5])
    t.same(await values({ measure: 'quarterly', within: city, period: 'FY2016-Q1', breakdown: 'none' }), [1, 6, 5])
  })

  await t.test('from and to hold whole periods, and undated figures drop out', async t => {
    const periods = async (query: Record<string, string>) => (await pull(admin, { measure: 'quarterly', area: city, statistic: 'level', breakdown: 'none', ...query })).map(one => one.period)
    t.same(await periods({}), ['FY2016-Q1', 'FY2016-Q2', 'FY2016', 'undated'])
    t.same(await periods({ from: '2016-04-01' }), ['FY2016-Q1', 'FY2016-Q2', 'FY2016'])
    t.same(await periods({ from: '2016-04-02' }), ['FY2016-Q2'])
    t.same(await periods({ to: '2016-09-30' }), ['FY2016-Q1', 'FY2016-Q2'])
    t.same(await periods({ from: '2016-07-01', to: '2016-09-30' }), ['FY2016-Q2'])
    t.same(await periods({ from: '1900-01-01', to: '2199-12-31' }), ['FY2016-Q1', 'FY2016-Q2', 'FY2016'])
  })

  await t.test('a plan selects its measures, listed or supporting, in any area', async t => {
    const found = await pull(admin, { plan: 'plan-a' })
    t.same([...new Set(found.map(one => one.measure))], ['quarterly', 'supporting', 'yearly'])
    t.ok(found.some(one => one.area === 'elsewhere'))
  })

  await t.test('latest is of the kind that the frequency names, never undated', async t => {
    t.same((await pull(admin, { latest: true, area: city })).map(one => [one.measure, one.breakdown, one.period]), [
      ['daily', {}, 'D2017-03-31'], ['quarterly', {}, 'FY2016-Q2'], ['quarterly', { sex: 'f' }, 'FY2016-Q1'], ['supporting', {}, 'FY2016'], ['unlisted', {}, 'FY2016'], ['yearly', {}, 'CY2016']
    ])
  })

  await t.test('latest takes another kind where the named one has no figure, and skips what was withdrawn', async t => {
    await deliver(admin, [row('quarterly', 'FY2016-Q1', { deleted: true }), row('quarterly', 'FY2016-Q2', { deleted: true })])
    t.match(await pull(admin, { latest: true, area: city, measure: 'quarterly', breakdown: 'none' }), [{ period: 'FY2016' }])
    await deliver(admin, [row('quarterly', 'FY2016-Q1', { value: 1, status: 'final', provider: 'ccg' }), row('quarterly', 'FY2016-Q2', { value: 2, status: 'provisional' })])
  })

  await t.test('without an order figures go by measure, area, breakdown, statistic and period; undated last', async t => {
    const key = (one: Record<string, unknown>) => [one.measure, one.area, JSON.stringify(one.breakdown), one.statistic, one.period_end ?? '9999', one.period_start ?? '9999', one.period].join(' ')
    const keys = (await pull(admin, { measure: 'yearly,daily,supporting,unlisted', limit: 1000 })).map(key)
    t.same(keys, [...keys].sort())
    t.match((await pull(admin)).map(one => one.measure), ['daily', 'daily', 'quarterly'])
  })

  for (const [sort, member] of [['period_end', 'period_end'], ['value', 'value'], ['recorded_at', 'recorded_at']] as const) {
    for (const sign of ['', '-']) {
      await t.test(`pages sorted by ${sign}${sort} are the one big page, and what has none comes last`, async t => {
        const whole = await pull(admin, { sort: `${sign}${sort}`, limit: 1000 })
        t.same(await walk(admin, '/v1/datapoints', { sort: `${sign}${sort}`, limit: 4 }), whole)
        const found = whole.map(one => one[member] as string | number | null)
        const known = found.filter(value => value !== null)
        t.same(found.slice(known.length), found.slice(known.length).map(() => null))
        const sorted = [...known].sort((a, b) => a < b ? -1 : a > b ? 1 : 0)
        t.same(known, sign === '' ? sorted : sorted.reverse())
        t.ok(known.length > 10)
      })
    }
  }

  await t.test('small pages in the default order are the one big page', async t => {
    const whole = await pull(admin, { limit: 1000, include_deleted: true })
    for (const limit of [1, 3, whole.length]) t.same(await walk(admin, '/v1/datapoints', { limit, include_deleted: true }), whole)
    const { body } = await admin.get('/v1/datapoints?limit=2')
    const next = new URL(body.next)
    t.same((await admin.get(next.pathname + next.search)).body.items, whole.slice(2, 4))
    t.match(await admin.get('/v1/datapoints', { query: { cursor: body.next_cursor, sort: 'value' } }), { status: 410 })
  })

  await t.test('filter values that name nothing known are warnings, misspelt ones of a list are refused', async t => {
    const { body } = await admin.get('/v1/datapoints', { query: { measure: 'yearly,yerly', area: 'x', within: 'y', plan: 'z', provider: 'p', period: 'Q4 2016,soon' } })
    t.same(body.warnings.map((one: { parameter: string, code: string, value: string }) => `${one.parameter} ${one.code} ${one.value}`).sort(), [
      'area unknown_area x', 'measure unknown_measure yerly', 'period ambiguous_period Q4 2016', 'period invalid_period soon', 'plan unknown_plan z', 'provider unknown_organisation p', 'within unknown_area y'
    ])
    for (const query of [{ statistic: 'mean' }, { status: 'finl' }, { period_kind: 'year' }, { from: '2016-13-01' }, { sort: 'measure' }, { latest: 'maybe' }, { mesure: 'x' }, { as_of: 'yesterday' }, { changed_since: '2018' }] as Array<Record<string, string>>) {
      t.match(await admin.get('/v1/datapoints', { query }), { status: /400|410/ }, JSON.stringify(query))
    }
  })

  await t.test('changed_since gives what changed strictly after an instant or a bookmark, withdrawn figures when asked', async t => {
    const first = await admin.get('/v1/datapoints?limit=1')
    const since = [first.headers['outturn-as-of']!, first.headers['outturn-cursor']!]
    await deliver(admin, [row('unlisted', 'FY2017', { value: 1 }), row('unlisted', 'FY2016', { deleted: true }), row('supporting', 'FY2016', { value: 12.5 })])
    for (const changed_since of since) {
      t.match((await pull(admin, { changed_since })).map(one => one.period), ['FY2017'])
      t.same((await pull(admin, { changed_since, include_deleted: true })).map(one => [one.period, one.deleted]), [['FY2016', true], ['FY2017', false]])
    }
    const { headers } = await admin.get('/v1/datapoints?limit=1')
    for (const changed_since of [headers['outturn-as-of']!, headers['outturn-cursor']!]) t.same(await pull(admin, { changed_since, include_deleted: true }), [])
    t.match(await admin.get('/v1/datapoints?changed_since=nonsense'), { status: 410, body: { code: 'expired_cursor' } })
  })

  await t.test('titles stand last where they are asked for', async t => {
    const reader = await client('reader')
    const [one] = await pull(reader, { measure: 'daily', titles: true })
    t.same(Object.keys(one!).slice(-2), ['measure_title', 'area_title'])
    t.match(one, { measure_title: 'Measure daily', area_title: 'Nottingham' })
    t.equal(Object.keys((await pull(reader, { measure: 'daily' }))[0]!).at(-1), 'deleted')
  })
})
