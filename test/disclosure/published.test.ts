// What readers get of a measure under a disclosure rule, and who sees it as it is.
import { sql } from 'kysely'
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { city, deliver, history, pull, row } from '../resources/figures.js'

const sexes = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Girls' }, { code: 'm', title: 'Boys' }] }]
const suppress = { rule: 'suppress', suppress_from: 1, suppress_to: 7 }
const round5 = { ...suppress, round_to: 5 }

const value = (rows: any[], where: Record<string, unknown> = {}) => rows
  .filter(one => Object.entries(where).every(([name, wanted]) => JSON.stringify(one[name]) === JSON.stringify(wanted)))
  .map(({ value, missing }) => missing ?? value)

await t.test('a measure under a disclosure rule', async t => {
  const { admin, anonymous, client, connection } = await start(t)
  await makePlan(admin)
  const reader = await client('reader', 'elsewhere')
  const own = await client('contributor', 'ccg')
  const stranger = await client('contributor', 'stranger')
  const owner = await client('editor', 'council')
  const make = (code: string, fields: Record<string, unknown>) => makeMeasure(admin, code, { unit: 'count', visibility: 'public', dimensions: sexes, ...fields })

  await t.test('hides small counts, rounds the others, and shows owners and admins what was supplied', async t => {
    await make('rounded', { disclosure: round5 })
    await admin.put('/v1/plans/plan-a/measures/rounded', { measure: 'rounded', outcome: '1a', organisations: [{ organisation: 'ccg', role: 'data_provider' }] })
    await deliver(admin, [
      row('rounded', 'FY2015', { value: 3, printed: '3 children', note: 'three' }),
      row('rounded', 'FY2016', { value: 12, printed: '12', note: 'a dozen', lower_95: 6, upper_95: 20 }),
      row('rounded', 'FY2017', { value: 0 }),
      row('rounded', 'FY2018', { missing: 'tbc' })
    ])
    const raw = [3, 12, 0, 'tbc']
    const published = ['suppressed', 10, 0, 'tbc']
    for (const insider of [admin, own, owner]) t.same(value(await pull(insider, { measure: 'rounded' })), raw)
    for (const outsider of [anonymous, reader, stranger]) t.same(value(await pull(outsider, { measure: 'rounded' })), published)
    t.match(await pull(anonymous, { measure: 'rounded', period: 'FY2015,FY2016' }), [
      { value: null, missing: 'suppressed', shorthand: '[c]', printed: null, note: null, bound: null },
      { value: 10, printed: null, note: null, lower_95: null, upper_95: null }
    ])
  })

  await t.test('works rates out of rounded parts', async t => {
    await make('share', { unit: 'percent', decimals: 1, disclosure: round5 })
    await deliver(admin, [
      row('share', 'FY2015', { value: 25.3, numerator: 23, denominator: 91 }),
      row('share', 'FY2016', { value: 5.5, numerator: 5, denominator: 91 }),
      row('share', 'FY2017', { value: 40, denominator: 5 }),
      row('share', 'FY2018', { value: 41.2 })
    ])
    t.match(await pull(reader, { measure: 'share' }), [
      { value: 27.8, numerator: 25, denominator: 90 },
      { value: null, missing: 'suppressed', numerator: null, denominator: null },
      { value: null, missing: 'suppressed', denominator: null },
      { value: 41.2 }
    ])
  })

  await t.test('is published as its total only where a part is hidden and nothing is rounded', async t => {
    await make('parts', { disclosure: suppress })
    const part = (sex: string, period: string, value: number) => row('parts', period, { breakdown: { sex }, value })
    await deliver(admin, [row('parts', 'FY2015', { value: 20 }), part('f', 'FY2015', 17), part('m', 'FY2015', 3), row('parts', 'FY2016', { value: 40 }), part('f', 'FY2016', 22), part('m', 'FY2016', 18)])
    const shown = async () => value(await pull(reader, { measure: 'parts', breakdown: 'any' }))
    t.same(await shown(), [20, 40, 'suppressed', 22, 'suppressed', 18])
    await deliver(admin, [part('m', 'FY2016', 2)])
    t.same(await shown(), [20, 40, 'suppressed', 'suppressed', 'suppressed', 'suppressed'])
    t.same(value(await history(reader, { measure: 'parts', breakdown: 'sex=f', period: 'FY2016' })), ['suppressed', 'suppressed'], 'nor what was shown before')
    await deliver(admin, [part('m', 'FY2016', 19)])
    t.same(await shown(), [20, 40, 'suppressed', 22, 'suppressed', 19])
  })

  await t.test('hides quarters that a year would give away, and running totals that differ by little', async t => {
    await make('quarters', { disclosure: suppress })
    const quarters = [11, 12, 3, 14].map((value, i) => row('quarters', `FY2015-Q${i + 1}`, { value }))
    await deliver(admin, [...quarters, row('quarters', 'FY2015', { value: 40 })])
    t.same(value(await pull(reader, { measure: 'quarters', period_kind: 'financial_quarter' })), Array(4).fill('suppressed'))
    t.same(value(await pull(reader, { measure: 'quarters', period_kind: 'financial_year' })), [40])
    await make('running', { disclosure: suppress, timing: 'cumulative' })
    await deliver(admin, [row('running', 'FY2015-Q1..Q2', { value: 20 }), row('running', 'FY2015-Q1..Q3', { value: 23 }), row('running', 'FY2015', { value: 60 })])
    t.same(value(await pull(reader, { measure: 'running' })), ['suppressed', 'suppressed', 60])
  })

  await t.test('counts only published changes in revision and recorded_at', async t => {
    await make('still', { disclosure: round5 })
    await deliver(admin, [row('still', 'FY2015', { value: 11 })])
    const [before] = await pull(reader, { measure: 'still' })
    await deliver(admin, [row('still', 'FY2015', { value: 12, note: 'corrected' })])
    t.same(await pull(reader, { measure: 'still' }), [before])
    t.match(await pull(admin, { measure: 'still' }), [{ value: 12, revision: 2 }])
    const { body } = await reader.get('/v1/changes?limit=1000')
    const told = body.items.filter((one: any) => one.at >= before!.recorded_at! && one.action === 'imported')
    t.match(told, [{ version: null, counts: null, reason: null }], 'the second delivery is not told at all')
  })

  await t.test('applies a rule that is new, changed or gone to all that is held, also as of the past, and tells those who follow', async t => {
    await make('late', {})
    await deliver(admin, [row('late', 'FY2015', { value: 4 }), row('late', 'FY2016', { value: 52 })])
    const at = String((await reader.get('/v1/datapoints?limit=1')).headers['outturn-as-of'])
    const cursor = String((await reader.get('/v1/datapoints?limit=1')).headers['outturn-cursor'])
    t.same(value(await pull(reader, { measure: 'late' })), [4, 52])
    const rule = (disclosure: unknown) => admin.patch('/v1/measures/late', { disclosure }, { etag: '*' })
    t.equal((await rule(round5)).status, 200)
    t.same(value(await pull(reader, { measure: 'late' })), ['suppressed', 50])
    t.same(value(await pull(reader, { measure: 'late', as_of: at })), ['suppressed', 50], 'by the rule of today')
    t.same(value(await pull(reader, { measure: 'late', changed_since: cursor })), ['suppressed', 50])
    t.same(value(await pull(admin, { measure: 'late' })), [4, 52])
    await rule({ suppress_to: 2, round_to: null })
    t.same(value(await pull(reader, { measure: 'late' })), [4, 52])
    await rule({ rule: 'none', suppress_from: null, suppress_to: null, round_to: null })
    t.same(await pull(reader, { measure: 'late' }).then(value), [4, 52])
    await rule({ ...round5, suppress_to: 3 })
    t.same(value(await pull(reader, { measure: 'late', latest: true })), [50])
  })

  await t.test('leaves nations alone, and takes a place for what it is now', async t => {
    await admin.put('/v1/areas/somewhere', { title: 'Somewhere', kind: 'nation' })
    await make('national', { disclosure: round5 })
    await deliver(admin, [{ measure: 'national', area: 'somewhere', period: 'FY2015', value: 3 }])
    t.same(value(await pull(reader, { measure: 'national' })), [3])
    await admin.patch('/v1/areas/somewhere', { kind: 'ward' }, { etag: '*' })
    t.same(value(await pull(reader, { measure: 'national' })), ['suppressed'])
  })

  await t.test('is published by its rule wherever it is read', async t => {
    const [scorecard, tree, bundle] = await Promise.all(['scorecard', 'tree', 'bundle'].map(async path => (await reader.get(`/v1/plans/plan-a/${path}`)).text))
    for (const text of [scorecard, tree, bundle]) t.notMatch(text, /"value":12\b|a dozen|3 children/)
    t.match((await reader.get(`/v1/measures/rounded/datapoints/${city}/FY2016`)).body, { value: 10, revision: 1 })
    t.match((await admin.get(`/v1/measures/rounded/datapoints/${city}/FY2016`)).body, { value: 12 })
    t.same(value(await pull(reader, { measure: 'rounded', latest: true })), ['tbc'])
    const back = (await reader.get('/v1/datapoints?measure=rounded&format=csv')).text
    t.notMatch(back, /dozen|,12,/)
  })

  await t.test('has the texts beside it that name a number read before they are published', async t => {
    await admin.post('/v1/plans/plan-a/updates', { text: 'Only three children in 2016/17, down from 5', plan_measures: ['rounded'], sensitivity: 'public' })
    await admin.post('/v1/plans/plan-a/updates', { text: 'Better than in 2015-16', plan_measures: ['rounded'], sensitivity: 'public' })
    const publish = (fields: Record<string, unknown>) => admin.post('/v1/plans/plan-a/publications', { label: 'V1', ...fields })
    const { status, body } = await publish({})
    t.match([status, body.errors.map((one: any) => [one.pointer, one.code])], [422, [['/updates/0/text', 'number_beside_hidden']]])
    t.equal((await publish({ texts_read: true })).status, 201)
    t.notMatch((await reader.get('/v1/plans/plan-a/publications/V1')).text, /a dozen|"value":12\b/)
  })

  await t.test('is read as it is by few, and that is recorded; readers are not', async t => {
    const reads = async () => (await sql<{ client: string, resource: string }>`select client, resource from accesses where what = 'raw_figures' order by id`.execute(connection.db)).rows
    const before = (await reads()).length
    await pull(reader, { measure: 'rounded' })
    await pull(stranger, { measure: 'rounded' })
    await pull(own, { measure: 'recycling-rate' })
    await own.get(`/v1/measures/rounded/datapoints/${city}/FY2016`)
    await own.get(`/v1/measures/rounded/datapoints/${city}/FY2016`)
    for (const path of ['tree', 'bundle', 'scorecard', 'report']) await owner.get(`/v1/plans/plan-a/${path}`)
    await pull(owner, { plan: 'plan-a', as_of: '2099-01-01T00:00:00Z' })
    t.same((await reads()).slice(before).map(({ resource }) => resource.replace(/\?.*/, '')), [
      ...Array(2).fill(`/v1/measures/rounded/datapoints/${city}/FY2016`),
      ...['tree', 'bundle', 'scorecard', 'report'].map(path => `/v1/plans/plan-a/${path}`),
      '/v1/datapoints'
    ])
  })

  await t.test('is taken back with a delivery', async t => {
    await make('reverted', { disclosure: suppress })
    await deliver(admin, [row('reverted', 'FY2015', { value: 30 })])
    const { body } = await deliver(admin, [row('reverted', 'FY2015', { value: 3 })])
    t.same(value(await pull(reader, { measure: 'reverted' })), ['suppressed'])
    t.equal((await admin.post(`/v1/datapoint-imports/${body.id}/revert`, {})).status, 200)
    t.same(value(await pull(reader, { measure: 'reverted' })), [30])
    await admin.delete(`/v1/measures/reverted/datapoints/${city}/FY2015`)
    t.same(await pull(reader, { measure: 'reverted' }), [])
  })
})
