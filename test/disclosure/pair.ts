// Two services with the same history, which differ in nothing but what a disclosure rule hides; and what a reader may ask
// of them.
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { start, type Started } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { city } from '../resources/figures.js'

/** A member that is a list of two is the one's and the other's. */
type Row = Record<string, unknown>

export interface Pair { one: Started, other: Started }

const side = (row: Row, which: number): Row =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, Array.isArray(cell) ? cell[which] as unknown : cell]))

const small = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
/** Two numbers that round to the same multiple of 5, and are not small. */
const near = (fives: number, spread: number) => 5 * fives - 2 + spread
const alike = fc.tuple(fc.integer({ min: 2, max: 12 }), fc.nat({ max: 4 }), fc.nat({ max: 4 }))
  .map(([fives, a, b]): [number, number] => [near(fives, a), near(fives, b)])
const words = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 })).map(numbers => numbers.map(n => `seen ${n} times`))

export const measures = ['rounded', 'shared', 'parted', 'open']
export const areas = [city, 'ward-1', 'ward-2', 'england']
export const periods = ['FY2014', 'FY2015', 'FY2016', 'FY2016-Q1', 'FY2016-Q2', 'FY2016-Q1..Q2', 'R12-2016-09']

const place = fc.record({ area: fc.constantFrom(city, 'ward-1', 'ward-2'), period: fc.constantFrom(...periods) })

/** A figure of a rounded measure: hidden in both, or rounded alike; printed and noted otherwise in each. */
const roundedRow = fc.tuple(place, fc.oneof(small, alike), words, fc.constantFrom('final', 'provisional')).map(([where, value, note, status]): Row =>
  ({ measure: 'rounded', ...where, value, note, printed: note, status, lower_95: value.map(n => n / 2), upper_95: value.map(n => n * 2) }))
const sharedRow = fc.tuple(place, fc.oneof(small, alike), alike, words).map(([where, numerator, more, note]): Row => {
  const denominator = more.map(n => n + 100)
  return { measure: 'shared', ...where, numerator, denominator, value: numerator.map((n, i) => Math.round(1000 * n / denominator[i]!) / 10), note }
})
/** A family of which one part is hidden, and so the others: the total is the same in both. */
const partedRows = fc.tuple(fc.constantFrom('FY2014', 'FY2015', 'FY2016'), small, fc.integer({ min: 40, max: 80 })).map(([period, girls, total]): Row[] => [
  { measure: 'parted', area: city, period, value: total },
  { measure: 'parted', area: city, period, breakdown: { sex: 'f' }, value: girls, note: girls.map(n => `only ${n}`) },
  { measure: 'parted', area: city, period, breakdown: { sex: 'm' }, value: girls.map(n => total - n) }
])
const openRow = fc.tuple(place, fc.integer({ min: 0, max: 99 })).map(([where, value]): Row => ({ measure: 'open', ...where, value }))
const derivedRow = fc.tuple(place, fc.constantFrom('gap', 'rank'), small).map(([where, statistic, value]): Row =>
  ({ measure: 'rounded', ...where, statistic, against: 'england', value: statistic === 'gap' ? value : 1, ...(statistic === 'rank' && { rank_of: 8 }) }))

const keyOf = ({ measure, area, period, breakdown, statistic }: Row) => JSON.stringify([measure, area, period, breakdown, statistic])

const single = fc.oneof(roundedRow, sharedRow, openRow, derivedRow)

export const delivery = fc.tuple(fc.array(single, { minLength: 1, maxLength: 12 }), fc.option(partedRows, { nil: [] }))
  .map(([rows, family]) => [...new Map([...rows, ...family].map(row => [keyOf(row), row])).values()])

const rule = { rule: 'suppress', suppress_from: 1, suppress_to: 7 }
const sexes = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Girls' }, { code: 'm', title: 'Boys' }] }]
const definitions: Record<string, Row> = {
  rounded: { unit: 'count', polarity: 'lower_is_better', frequency: 'annual', disclosure: { ...rule, round_to: 5 } },
  shared: { unit: 'percent', decimals: 1, polarity: 'higher_is_better', disclosure: { ...rule, round_to: 5 } },
  parted: { unit: 'count', polarity: 'lower_is_better', dimensions: sexes, disclosure: rule },
  open: { unit: 'count' }
}

async function build ({ admin }: Started): Promise<void> {
  await makePlan(admin)
  await admin.put('/v1/areas/england', { title: 'England', kind: 'nation' })
  for (const ward of ['ward-1', 'ward-2']) await admin.put(`/v1/areas/${ward}`, { title: ward, kind: 'ward', parent: city })
  await admin.patch('/v1/plans/plan-a', { comparators: ['england', 'ward-1'], rag_rule: { kind: 'previous', version: 1 } }, { etag: '*' })
  for (const [measure, fields] of Object.entries(definitions)) {
    await admin.put(`/v1/measures/${measure}`, { title: measure, visibility: 'public', ...fields })
    await admin.put(`/v1/plans/plan-a/measures/${measure}`, { measure, outcome: '1a', organisations: [{ organisation: 'council', role: 'lead' }] })
    await admin.put(`/v1/measures/${measure}/targets/one`, { plan: 'plan-a', kind: 'absolute', operator: 'at_most', value: 20, period: 'FY2016', baseline: { value: 30, period: 'FY2014' } })
  }
}

/** The clock of both runs alike, and names that chance gave are the same. */
export async function level ({ connection: { db } }: Started): Promise<void> {
  const start = "timestamptz '2026-01-01 00:00:00Z'"
  await db.transaction().execute(async transaction => {
    await sql`set local session_replication_role = replica`.execute(transaction)
    for (const [table, column, place] of [['writes', 'at', 'position'], ['journal', 'at', 'position'], ['changes', 'at', 'id']] as const) {
      await sql.raw(`update ${table} set ${column} = ${start} + ${place} * interval '1 second'`).execute(transaction)
    }
    await sql`update changes set request_id = 'request-' || id, resource = regexp_replace(resource, '^/v1/datapoint-imports/.*', '/v1/datapoint-imports/x')`.execute(transaction)
    // 64 bits of a digest over all that was written, with salts and ids that nobody can guess, seal a bookmark: they differ and tell nothing.
    for (const [table, place] of [['journal', 'position'], ['changes', 'id']] as const) {
      await sql.raw(`update ${table} set hash = sha256(convert_to(${place}::text, 'UTF8'))`).execute(transaction)
    }
    for (const table of ['organisations', 'areas', 'measures', 'plans', 'priorities', 'outcomes', 'plan_measures', 'targets']) {
      await sql.raw(`update ${table} set created_at = ${start}, updated_at = ${start}`).execute(transaction)
    }
    await sql.raw(`update publications set published_at = ${start}`).execute(transaction)
  })
}

export async function makePair (t: Test, deliveries: Row[][]): Promise<Pair> {
  const [one, other] = [await start(t), await start(t)]
  for (const [which, service] of [one, other].entries()) {
    await build(service)
    for (const [step, rows] of deliveries.entries()) {
      // Each step says something new of all its figures, so that both change at the same time.
      const sent = rows.map(row => ({ ...side(row, which), source: `Step ${step}` }))
      const { status, text } = await service.admin.post('/v1/datapoint-imports', { datapoints: sent })
      if (status !== 200) throw new Error(text)
      if (step === 2) await service.admin.post('/v1/plans/plan-a/publications', { label: 'V1', date: '2026-01-01' })
    }
    await service.admin.post('/v1/plans/plan-a/publications', { label: 'V2', date: '2026-01-02' })
  }
  return { one, other }
}

/** When something was written. */
export const momentsOf = async ({ one }: Pair): Promise<string[]> =>
  (await sql<{ at: string }>`select at_text as at from writes order by position`.execute(one.connection.db)).rows.map(({ at }) => at)

/** Addresses that a reader may ask for, good and bad ones. */
export function requests (moments: string[]): fc.Arbitrary<string> {
  const some = <T>(...values: T[]) => fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.constantFrom(...values) })
  const filters = fc.record({
    measure: some(...measures, 'rounded,parted', 'none'),
    area: some(...areas),
    within: some(city),
    plan: some('plan-a'),
    period: some(...periods, 'FY2014,FY2015'),
    period_kind: some('financial_year', 'financial_quarter'),
    from: some('2015-04-01'),
    breakdown: some('any', 'none', 'sex=f'),
    statistic: some('level', 'rank', 'gap', 'level,rank,gap'),
    status: some('final', 'provisional', 'not_stated'),
    changed_since: some(...moments),
    include_deleted: some('true')
  })
  const lists = fc.record({
    sort: some('value', '-value', '-recorded_at', 'period_end'),
    latest: some('true'),
    as_of: some(...moments),
    limit: some('1', '3', '50'),
    count: some('true')
  })
  const cards = fc.record({
    area: some(...areas),
    period: some('FY2015', 'FY2016-Q2'),
    as_of: some(...moments),
    comparators: some('england', 'ward-1,ward-2'),
    format: some('csv', 'json')
  })
  const address = (path: string, query: Record<string, string | undefined> = {}) => {
    const text = new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString()
    return text === '' ? path : `${path}?${text}`
  }
  const one = fc.tuple(fc.constantFrom(...measures), fc.constantFrom(...areas), fc.constantFrom(...periods), some('sex=f', 'sex=m'))
    .map(([measure, area, period, breakdown]) => address(`/v1/measures/${measure}/datapoints/${area}/${period}`, { breakdown }))
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(filters, lists).map(([a, b]) => address('/v1/datapoints', { ...a, ...b })) },
    { weight: 2, arbitrary: fc.tuple(filters, fc.constantFrom('csv', 'ndjson', 'xlsx')).map(([a, format]) => address('/v1/datapoints', { ...a, format })) },
    { weight: 3, arbitrary: filters.map(query => address('/v1/datapoints/history', query)) },
    { weight: 2, arbitrary: one },
    { weight: 2, arbitrary: cards.map(query => address('/v1/plans/plan-a/scorecard', query)) },
    fc.constantFrom(...measures).map(measure => `/v1/measures/${measure}/series?count=true`),
    fc.constantFrom('tree', 'bundle', 'report', 'publications', 'publications/V1', 'publications/V2', 'publications/V2/diff?from=V1', 'report?publication=V1')
      .map(path => `/v1/plans/plan-a/${path}`),
    fc.constantFrom('/v1/changes?limit=1000', '/v1/measures', '/v1/targets', '/plans/plan-a', '/', '/v1/plans/plan-a/measures'),
    fc.constantFrom('/v1/returns', '/v1/returns?on=2016-12-31&format=csv', '/v1/returns/summary', '/v1/organisations/council/return-template?format=csv'),
    fc.constantFrom('/v1/measures/rounded', '/v1/plans/plan-a/scorecard?format=xlsx', '/v1/plans/plan-a/report?format=xlsx', '/v1/datapoints/columns'),
    fc.constantFrom('/v1/datapoints?value=3', '/v1/datapoints?sort=numerator', '/v1/measures/rounded/datapoints/nowhere/FY2015', '/v1/datapoints?as_of=then')
  )
}
