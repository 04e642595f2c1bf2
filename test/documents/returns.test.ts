// Returns as they are asked for: what is received, late and overdue, by whom, for whom, and in which formats.
import { readXlsx } from 'hucre/xlsx'
import t, { type Test } from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { makePlan } from '../support/make.js'
import { at, deliver, row, walk } from '../resources/figures.js'
import { readCsv } from './sample.js'

type Query = Record<string, string | number | boolean>
type Item = Record<string, unknown> & { period: string, state: string }

const returns = async (client: Client, query: Query = {}): Promise<Item[]> => (await client.get('/v1/returns', { query: { limit: 1000, ...query } })).body.items
const states = async (client: Client, query: Query = {}) => Object.fromEntries((await returns(client, query)).map(one => [one.period, one.state]))

const put = async (client: Client, url: string, body: Record<string, unknown>): Promise<void> => {
  const { status, text } = await client.put(url, body)
  if (status > 201) throw new Error(`${url}: ${text}`)
}

/** Today as the service knows it. */
const today = () => new Date().toISOString().slice(0, 10)

/** A plan of two years with a line on an annual measure that the council leads. */
async function small (t: Test) {
  const started = await start(t)
  const { admin } = started
  await makePlan(admin, 'plan-a', { period: 'FY2016..FY2017', status: 'in_progress' })
  const change = async (url: string, patch: Record<string, unknown>) => admin.patch(url, patch, { etag: (await admin.get(url)).etag })
  await change('/v1/measures/recycling-rate', { frequency: 'annual', collection_lag_days: 30 })
  const line = (code: string, measure: string, fields: Record<string, unknown> = {}) =>
    put(admin, `/v1/plans/plan-a/measures/${code}`, { measure, outcome: '1a', organisations: [{ organisation: 'council', role: 'lead' }], ...fields })
  const measure = (code: string, fields: Record<string, unknown> = {}) =>
    put(admin, `/v1/measures/${code}`, { title: code, unit: 'percent', frequency: 'annual', visibility: 'public', ...fields })
  return { ...started, change, line, measure }
}

await t.test('a return', async t => {
  const { admin, anonymous, change, line, measure } = await small(t)

  await t.test('says who owes which figure by when', async t => {
    t.same(await returns(anonymous, { on: '2017-05-01' }), [{
      organisation: 'council',
      plan: 'plan-a',
      plan_measure: 'line-1',
      measure: 'recycling-rate',
      area: 'E06000018',
      period: 'FY2016',
      period_start: '2016-04-01',
      period_end: '2017-03-31',
      due_on: '2017-04-30',
      state: 'overdue',
      received_on: null,
      late: null
    }, {
      organisation: 'council',
      plan: 'plan-a',
      plan_measure: 'line-1',
      measure: 'recycling-rate',
      area: 'E06000018',
      period: 'FY2017',
      period_start: '2017-04-01',
      period_end: '2018-03-31',
      due_on: '2018-04-30',
      state: 'expected',
      received_on: null,
      late: null
    }])
    t.same(await states(anonymous, { on: '2017-04-30' }), { FY2016: 'expected', FY2017: 'expected' })
    t.same(await states(anonymous), { FY2016: 'overdue', FY2017: 'overdue' }, 'today where no day is said')
  })

  await t.test('is received when its figure comes, late or not, and overdue again when that is withdrawn', async t => {
    await admin.put(at('recycling-rate', 'FY2016'), { value: 40 })
    t.match(await returns(anonymous, { on: '2018-05-01' }), [{ period: 'FY2016', state: 'received', received_on: today(), late: true }, { state: 'overdue' }])
    await change('/v1/measures/recycling-rate', { collection_lag_days: 3650 })
    await admin.put(at('recycling-rate', 'FY2017'), { value: 41 })
    t.match(await returns(anonymous), [{ late: today() > '2027-03-29' }, { period: 'FY2017', state: 'received', received_on: today(), late: today() > '2028-03-28' }])
    await change('/v1/measures/recycling-rate', { collection_lag_days: 30 })
    await admin.delete(at('recycling-rate', 'FY2016'))
    t.match(await returns(anonymous, { on: '2018-05-01' }), [{ period: 'FY2016', state: 'overdue', received_on: null, late: null }, { state: 'received' }])
  })

  await t.test('takes a figure with the same days, of whatever kind, whole or broken down, and no other', async t => {
    await measure('days', { year_kind: 'calendar', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Girls' }] }] })
    await put(admin, '/v1/areas/elsewhere', { title: 'Elsewhere', kind: 'county' })
    await line('line-days', 'days')
    const state = async () => (await states(anonymous, { measure: 'days' })).CY2017
    type Form = [period: string, fields: Record<string, unknown>, held: boolean]
    const without = (held: boolean, ...reasons: string[]) => reasons.map((missing): Form => ['CY2017', { missing }, held])
    const forms: Form[] = [
      ['CY2017', { value: 1 }, true], ['R12-2017-12', { value: 1 }, true], ['2017-01-01..2017-12-31', { value: 1 }, true],
      ['CY2017', { value: 1, breakdown: { sex: 'f' } }, true], ['CY2017', { numerator: 4 }, true], ['CY2017', { value: 1, status: 'provisional' }, true],
      ['FY2017', { value: 1 }, false], ['D2017-12-31', { value: 1 }, false], ['undated', { value: 1 }, false], ['CY2017', { value: 1, area: 'elsewhere' }, false],
      ['CY2017', { value: 1, statistic: 'gap', against: 'elsewhere' }, false], ['CY2017', { value: 1, status: 'forecast' }, false], ['CY2017', { value: 1, status: 'projected' }, false],
      ...without(false, 'tbc', 'new_indicator', 'not_yet_published', 'not_stated'),
      ...without(true, 'suppressed', 'not_applicable', 'not_collected', 'not_available', 'low')
    ]
    for (const [period, fields, held] of forms) {
      t.match(await deliver(admin, [row('days', period, fields)]), { status: 200 }, `${period} ${JSON.stringify(fields)}`)
      t.equal(await state(), held ? 'received' : 'overdue', `${period} ${JSON.stringify(fields)}`)
      await deliver(admin, [row('days', period, { ...fields, deleted: true })])
      t.equal(await state(), 'overdue', `${period} withdrawn`)
    }
  })

  await t.test('of a state is the day that ends the period', async t => {
    await measure('state', { timing: 'as_at' })
    await line('line-state', 'state')
    const mine = { measure: 'state', on: '2018-05-01' }
    t.same(await states(anonymous, mine), { 'D2017-03-31': 'overdue', 'D2018-03-31': 'overdue' })
    await deliver(admin, [row('state', 'D2017-03-31', { value: 3 }), row('state', 'FY2017', { value: 4 })])
    t.same(await states(anonymous, mine), { 'D2017-03-31': 'received', 'D2018-03-31': 'received' })
  })
})

await t.test('what had arrived at an instant', async t => {
  const { admin, anonymous, connection } = await small(t)
  const on = '2018-05-01'
  /** Moves the last write into the past. */
  const wasAt = (at: string) => connection.pool.query('update writes set at = $1 where id = (select max(id) from writes)', [at])
  await admin.put(at('recycling-rate', 'FY2016'), { missing: 'tbc' })
  await wasAt('2017-04-02T10:00:00Z')
  await admin.put(at('recycling-rate', 'FY2016'), { value: 40 })
  await wasAt('2017-04-20T23:59:00Z')
  await admin.put(at('recycling-rate', 'FY2016'), { value: 41 })
  await wasAt('2017-06-01T10:00:00Z')

  const known = async (as_of?: string) => (await returns(anonymous, { on, ...(as_of !== undefined && { as_of }) }))[0]!

  await t.test('is received since its first revision with a figure, whatever was corrected later', async t => {
    t.match(await known(), { state: 'received', received_on: '2017-04-20', late: false })
  })

  await t.test('is what was known then', async t => {
    t.match(await known('2017-04-03T00:00:00Z'), { state: 'overdue', received_on: null })
    t.match(await known('2017-04-20T23:59:00Z'), { state: 'received', received_on: '2017-04-20' })
    t.match(await anonymous.get('/v1/returns', { query: { as_of: '2017-02-30T00:00:00Z' } }), { status: 400, body: { code: 'invalid_input' } })
  })

  await t.test('is received anew where it was withdrawn in between', async t => {
    await admin.delete(at('recycling-rate', 'FY2016'))
    await wasAt('2017-07-01T10:00:00Z')
    await admin.put(at('recycling-rate', 'FY2016'), { value: 42 })
    await wasAt('2017-08-01T10:00:00Z')
    t.match(await known('2017-06-30T00:00:00Z'), { state: 'received', received_on: '2017-04-20', late: false })
    t.match(await known('2017-07-15T00:00:00Z'), { state: 'overdue', received_on: null })
    t.match(await known(), { state: 'received', received_on: '2017-08-01', late: true })
  })

  await t.test('is counted in the summary', async t => {
    const summary = async (query: Query) => (await anonymous.get('/v1/returns/summary', { query })).body
    t.same(await summary({ on }), { on, organisations: [{ organisation: 'council', expected: 0, received: 1, overdue: 1, due: 2, on_time: 0, on_time_rate: 0 }] })
    t.same((await summary({ on, as_of: '2017-06-30T00:00:00Z' })).organisations, [{ organisation: 'council', expected: 0, received: 1, overdue: 1, due: 2, on_time: 1, on_time_rate: 50 }])
    t.same((await summary({ on: '2017-01-01', as_of: '2017-01-01T00:00:00Z' })).organisations, [{ organisation: 'council', expected: 2, received: 0, overdue: 0, due: 0, on_time: 0, on_time_rate: null }])
    t.same((await summary({ on, organisation: 'nobody' })).organisations, [])
    t.same((await summary({})).on, today())
  })
})

await t.test('the list of returns', async t => {
  const { admin, anonymous, app, client, line, measure } = await small(t)
  for (const code of ['partner', 'provider']) await put(admin, `/v1/organisations/${code}`, { title: code, kind: 'health' })
  await measure('quarterly', { frequency: 'quarterly', data_provider: 'provider' })
  await measure('for-partners', { visibility: 'partners' })
  await measure('secret', { visibility: 'private', steward: 'partner' })
  await line('line-2', 'quarterly')
  for (const code of ['for-partners', 'secret']) await line(`line-${code}`, code, { organisations: ['council', 'partner'].map(organisation => ({ organisation, role: 'lead' })) })
  for (const visibility of ['partners', 'private']) {
    const plan = `/v1/plans/plan-${visibility}`
    await put(admin, plan, { title: visibility, owner: 'provider', area: 'E06000018', period: 'FY2016', visibility })
    await put(admin, `${plan}/priorities/1`, { title: 'One' })
    await put(admin, `${plan}/outcomes/1a`, { priority: '1', title: 'One a' })
    await put(admin, `${plan}/measures/line-1`, { measure: 'recycling-rate', outcome: '1a', organisations: [{ organisation: 'provider', role: 'lead' }] })
  }
  await deliver(admin, [row('quarterly', 'FY2016-Q1', { value: 5 }), row('secret', 'FY2016', { value: 5 })])

  await t.test('holds for everybody what they may see', async t => {
    const seen = async (who: Client) => [...new Set((await returns(who)).map(one => `${one.plan as string}/${one.measure as string}`))].sort()
    const open = ['plan-a/quarterly', 'plan-a/recycling-rate']
    t.same(await seen(anonymous), open)
    t.same(await seen(await client('reader', 'test-council')), ['plan-a/for-partners', ...open, 'plan-partners/recycling-rate'])
    t.same(await seen(await client('reader', 'partner')), ['plan-a/for-partners', ...open, 'plan-a/secret', 'plan-partners/recycling-rate'], 'the steward of a measure')
    t.same(await seen(await client('contributor', 'provider')), ['plan-a/for-partners', ...open, 'plan-partners/recycling-rate', 'plan-private/recycling-rate'], 'the owner of a plan')
    t.equal((await seen(admin)).length, 6)
    t.match(await anonymous.get('/v1/returns', { query: { measure: 'secret' } }), { body: { items: [], warnings: [{ code: 'unknown_measure', parameter: 'measure' }] } })
    const { body } = await anonymous.get('/v1/returns/summary')
    t.same(body.organisations.map((one: Item) => one.organisation), ['council', 'provider'])
  })

  await t.test('takes filters, and says where one names nothing known', async t => {
    const all = await returns(admin)
    for (const [name, values] of [['organisation', ['council', 'provider', 'partner']], ['plan', ['plan-a', 'plan-private']], ['measure', ['quarterly', 'secret']], ['state', ['received', 'overdue', 'expected']]] as const) {
      for (const value of values) t.same(await returns(admin, { [name]: value }), all.filter(one => one[name] === value), `${name}=${value}`)
    }
    t.same(await returns(admin, { organisation: 'provider', state: 'received' }), all.filter(one => one.period === 'FY2016-Q1'))
    for (const [name, noun] of [['organisation', 'organisation'], ['plan', 'plan'], ['measure', 'measure']]) {
      t.match(await admin.get('/v1/returns', { query: { [name!]: 'nobody' } }), { status: 200, body: { items: [], warnings: [{ code: `unknown_${noun!}`, parameter: name, value: 'nobody' }] } })
    }
    for (const query of [{ state: 'lost' }, { on: 'today' }, { on: '2018-02-30' }, { by: 'x' }] as Query[]) t.match(await admin.get('/v1/returns', { query }), { status: 400 }, JSON.stringify(query))
  })

  await t.test('is ordered by organisation and due date, and comes in pages', async t => {
    const all = await returns(admin)
    const keys = all.map(one => [one.organisation, one.due_on, one.plan, one.plan_measure, one.period].join('\n'))
    t.same(keys, [...keys].sort())
    t.same(await walk(admin, '/v1/returns', { limit: 3 }), all)
    t.equal((await admin.get('/v1/returns', { query: { limit: 1, count: true } })).body.total, all.length)
  })

  await t.test('is the same as CSV and as a workbook, row for row', async t => {
    const all = await returns(admin, { on: '2017-05-01' })
    const names = Object.keys(all[0]!)
    const text = (one: Record<string, unknown>) => Object.fromEntries(names.map(name => [name, String(one[name] ?? '')]))
    const csv = await admin.get('/v1/returns', { query: { on: '2017-05-01', format: 'csv' } })
    t.match(csv.headers, { 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': 'attachment; filename="returns-2017-05-01.csv"' })
    t.ok(csv.text.startsWith(`${names.join(',')}\r\n`))
    t.same(readCsv(csv.text), all.map(text))
    t.ok((await admin.get('/v1/returns', { query: { excel: '1' }, headers: { accept: 'text/csv' } })).text.startsWith('\uFEFForganisation,'))
    const { rawPayload } = await app.inject('/v1/returns?on=2017-05-01&format=xlsx')
    const { sheets: [sheet, about] } = await readXlsx(new Uint8Array(rawPayload))
    const mine = await returns(anonymous, { on: '2017-05-01' })
    t.same(sheet!.rows[0], names)
    t.same(sheet!.rows.slice(1).map(row => text(Object.fromEntries(names.map((name, i) => [name, row[i]])))), mine.map(text))
    t.same(about!.rows.slice(-names.length).map(([name]) => name), names)
    t.equal((await anonymous.get('/v1/returns', { query: { organisation: 'nobody', format: 'csv' } })).text, `${names.join(',')}\r\n`)
    for (const paging of [{ limit: 5 }, { count: true }, { cursor: 'x' }] as Query[]) {
      t.match(await admin.get('/v1/returns', { query: { format: 'csv', ...paging } }), { status: 400, body: { errors: [{ code: 'contradiction' }] } })
    }
  })
})
