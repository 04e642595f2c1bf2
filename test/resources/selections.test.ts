// What a filter selects does not depend on how it is looked for: held against the same filter applied to everything.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { city, deliver, history, pull, row } from './figures.js'

interface Row extends Record<string, unknown> {
  measure: string
  area: string
  period: string
  period_start: string | null
  period_end: string | null
  breakdown: object
  statistic: string
}
type Query = Record<string, string | boolean | number>

await t.test('selections', async t => {
  const { admin, client } = await start(t)
  await makePlan(admin)
  const dimensions = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }]
  for (const code of ['one', 'two', 'three']) await admin.put(`/v1/measures/${code}`, { title: code, unit: 'count', frequency: 'annual', visibility: code === 'three' ? 'partners' : 'public', dimensions })
  await admin.put('/v1/areas/ward', { title: 'Ward', kind: 'ward', parent: city })
  await admin.put('/v1/areas/elsewhere', { title: 'Elsewhere', kind: 'ward' })
  await admin.put('/v1/plans/plan-a/measures/line-2', { measure: 'two', outcome: '1a' })
  const rows = ['one', 'two', 'three'].flatMap((measure, m) => [city, 'ward', 'elsewhere'].flatMap((area, a) => [{}, { sex: 'f' }].flatMap((breakdown, b) =>
    ['FY2015', 'FY2016', 'FY2016-Q1', 'CY2016', 'undated'].map((period, p) => row(measure, period, { area, breakdown, value: m + a + b + p, status: p % 2 === 0 ? 'final' : 'provisional' })))))
  const ranks = ['one', 'two'].map(measure => row(measure, 'FY2016', { statistic: 'gap', against: 'elsewhere', value: 5 }))
  t.match(await deliver(admin, [...rows, ...ranks]), { status: 200 })
  const states = [(await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']!]
  for (let step = 0; step < 4; step++) {
    await deliver(admin, rows.filter((_, i) => i % 4 === step).map((one, i) => i % 5 === 0 ? { ...one, deleted: true } : { ...one, value: 100 * step + i, status: 'final' }))
    states.push((await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']!)
  }

  const filters: Array<[Query, (row: Row) => boolean]> = [
    [{ measure: 'two' }, one => one.measure === 'two'],
    [{ measure: 'one,three', area: 'ward' }, one => one.measure !== 'two' && one.area === 'ward'],
    [{ within: city }, one => one.area !== 'elsewhere'],
    [{ plan: 'plan-a' }, one => one.measure === 'two'],
    [{ breakdown: 'none' }, one => Object.keys(one.breakdown).length === 0],
    [{ breakdown: 'sex=f', statistic: 'level' }, one => 'sex' in one.breakdown && one.statistic === 'level'],
    [{ statistic: 'gap' }, one => one.statistic === 'gap'],
    [{ area: 'nowhere' }, () => false]
  ]
  const further: typeof filters = [
    [{ period: 'FY2016,CY2016' }, one => ['FY2016', 'CY2016'].includes(one.period)],
    [{ period_kind: 'financial_year' }, one => /^FY\d+$/.test(one.period)],
    [{ from: '2016-04-01' }, one => one.period_start !== null && one.period_start >= '2016-04-01'],
    [{ to: '2016-12-31', measure: 'one' }, one => one.measure === 'one' && one.period_end !== null && one.period_end <= '2016-12-31'],
    [{ status: 'provisional' }, one => one.status === 'provisional']
  ]
  const all = { limit: 1000 }

  for (const at of [undefined, ...states, '1999-01-01T00:00:00Z']) {
    await t.test(`as of ${at ?? 'now'}`, async t => {
      const known: Query = { ...all, ...(at !== undefined && { as_of: at }) }
      const whole = await pull(admin, known) as Row[]
      const latest = await pull(admin, { ...known, latest: true }) as Row[]
      for (const [query, keeps] of [...filters, ...further]) {
        t.same(await pull(admin, { ...known, ...query }), whole.filter(keeps), JSON.stringify(query))
      }
      // Filters of the period choose among which the latest is looked for; those of the series, of which series.
      for (const [query, keeps] of filters) t.same(await pull(admin, { ...known, latest: true, ...query }), latest.filter(keeps), `latest ${JSON.stringify(query)}`)
      t.equal(latest.length > 0, at !== '1999-01-01T00:00:00Z')
    })
  }

  await t.test('the history of a selection is every revision of its keys', async t => {
    const whole = await history(admin, all) as Row[]
    const keyOf = (one: Row) => JSON.stringify([one.measure, one.area, one.period, one.breakdown, one.statistic])
    const now = await pull(admin, { ...all, include_deleted: true }) as Row[]
    for (const [query, keeps] of [...filters, ...further]) {
      const keys = new Set(now.filter(keeps).map(keyOf))
      t.same(await history(admin, { ...all, ...query }), whole.filter(one => keys.has(keyOf(one))), JSON.stringify(query))
    }
  })

  await t.test('none of it shows what the caller may not see', async t => {
    const reader = await client('reader')
    await admin.put('/v1/organisations/steward', { title: 'Steward', kind: 'council' })
    await admin.patch('/v1/measures/three', { visibility: 'private', steward: 'steward' }, { etag: '"1"' })
    for (const query of [{}, { latest: true }, { as_of: states[1]! }, { as_of: states[1]!, latest: true }, { measure: 'three' }] as Query[]) {
      for (const read of [pull, history]) {
        const asked = read === history ? { measure: String(query.measure ?? 'one,two,three') } : query
        const found = await read(reader, { ...all, ...asked }) as Row[]
        t.same(found, (await read(admin, { ...all, ...asked }) as Row[]).filter(one => one.measure !== 'three'), JSON.stringify(asked))
      }
    }
  })
})
