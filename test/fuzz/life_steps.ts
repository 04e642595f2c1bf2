// What may happen in such a life, each step asked of the service and held against the model.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Client } from '../support/client.js'
import { revertible, standing, wrote, type Figure, type Life } from './life_model.js'

export interface Real {
  admin: Client
  plan: string
  measure: string
  /** Which answers came, so that a run that meets none of the refusals is noticed. */
  seen: Set<string>
}

type Step = fc.AsyncCommand<Life, Real>

const periods = ['FY2015', 'FY2016', 'FY2017']
const titles = ['First', 'Second', 'Third']
const labels = ['V1', 'V2']

const planAt = ({ plan }: Real) => `/v1/plans/${plan}`
const measureAt = ({ measure }: Real) => `/v1/measures/${measure}`
const figureAt = (real: Real, period: string) => `${measureAt(real)}/datapoints/city/${period}`

function step (name: string, run: (life: Life, real: Real) => Promise<void>, check: (life: Readonly<Life>) => boolean = () => true): Step {
  return { toString: () => name, check, run }
}

function came ({ seen }: Real, what: string, status: number, wanted: number): void {
  seen.add(`${what} ${status}`)
  assert.equal(status, wanted, what)
}

const putPlan = (title: string) => step(`plan ${title}`, async (life, real) => {
  const { status } = await real.admin.put(planAt(real), { title, owner: 'council', area: 'city' }, life.plan === null ? {} : { etag: '*' })
  came(real, 'plan put', status, life.plan === null ? 201 : 200)
  life.plan = { title, line: life.plan?.line ?? false }
})

const deletePlan = step('plan deleted', async (life, real) => {
  const { status, body } = await real.admin.delete(planAt(real), { etag: '*' })
  real.seen.add(`plan deleted ${status}`)
  assert.deepEqual([status, body?.code], life.plan === null ? [404, 'not_found'] : life.published.size > 0 ? [409, 'in_use'] : [204, undefined])
  if (status === 204) life.plan = null
})

const putMeasure = (title: string) => step(`measure ${title}`, async (life, real) => {
  const { status } = await real.admin.put(measureAt(real), { title, unit: 'count' }, life.measure === null ? {} : { etag: '*' })
  came(real, 'measure put', status, life.measure === null ? 201 : 200)
  life.measure = { title }
})

const deleteMeasure = step('measure deleted', async (life, real) => {
  const { status } = await real.admin.delete(measureAt(real), { etag: '*' })
  const used = life.plan?.line === true || life.figures.size > 0
  came(real, 'measure deleted', status, life.measure === null ? 404 : used ? 409 : 204)
  if (status === 204) life.measure = null
})

const putLine = step('line on the measure', async (life, real) => {
  await real.admin.put(`${planAt(real)}/priorities/first`, { title: 'First' })
  const home = { priorities: [{ priority: 'first', relation: 'primary' }] }
  const { status } = await real.admin.put(`${planAt(real)}/measures/line`, { measure: real.measure, ...home }, life.plan?.line === true ? { etag: '*' } : {})
  came(real, 'line put', status, life.plan === null ? 404 : life.measure === null ? 422 : life.plan.line ? 200 : 201)
  if (status === 201) life.plan!.line = true
})

const deleteLine = step('line deleted', async (life, real) => {
  const { status } = await real.admin.delete(`${planAt(real)}/measures/line`, { etag: '*' })
  came(real, 'line deleted', status, life.plan?.line === true ? 204 : 404)
  if (status === 204) life.plan!.line = false
})

const now = async ({ admin }: Real) => (await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']!

async function remember (life: Life, real: Real, changes: Array<{ period: string, after: Figure }>): Promise<void> {
  for (const { period, after } of changes) life.figures.set(period, after)
  life.past.push({ at: await now(real), figures: new Map(life.figures) })
}

const putFigure = (period: string, value: number) => step(`${period} ${value}`, async (life, real) => {
  const { status, body } = await real.admin.put(figureAt(real, period), { value })
  if (life.measure === null) return came(real, 'figure put', status, 404)
  const before = life.figures.get(period)
  const { outcome, after = before! } = wrote(before, value)
  real.seen.add(`figure put ${status}`)
  assert.deepEqual([status, body.revision, body.value], [outcome === 'created' ? 201 : 200, after.revision, value])
  if (outcome !== 'unchanged') await remember(life, real, [{ period, after }])
})

const withdraw = (period: string) => step(`${period} withdrawn`, async (life, real) => {
  const { status } = await real.admin.delete(figureAt(real, period))
  if (life.measure === null) return came(real, 'figure withdrawn', status, 404)
  came(real, 'figure withdrawn', status, 204)
  const { after } = wrote(life.figures.get(period), null)
  if (after !== undefined) await remember(life, real, [{ period, after }])
})

const deliver = (values: number[]) => step(`delivery ${values.join(' ')}`, async (life, real) => {
  const rows = values.map((value, i) => ({ period: periods[i]!, value }))
  const { status, body } = await real.admin.post('/v1/datapoint-imports', { datapoints: rows.map(row => ({ measure: real.measure, area: 'city', ...row })) })
  if (life.measure === null) return came(real, 'delivered', status, 422)
  const written = rows.map(({ period, value }) => ({ period, before: life.figures.get(period), ...wrote(life.figures.get(period), value) }))
  const count = (outcome: string) => written.filter(one => one.outcome === outcome).length
  assert.deepEqual(body.counts, { received: rows.length, created: count('created'), updated: count('updated'), unchanged: count('unchanged'), deleted: 0, rejected: 0 })
  const changes = written.flatMap(({ period, before, after }) => after === undefined ? [] : [{ period, before, after }])
  life.deliveries.push({ id: body.id as string, changes })
  if (changes.length > 0) await remember(life, real, changes)
})

const revert = (which: number) => step(`delivery ${which} taken back`, async (life, real) => {
  const delivery = life.deliveries[which % life.deliveries.length]!
  const { status } = await real.admin.post(`/v1/datapoint-imports/${delivery.id}/revert`)
  if (delivery.changes.length === 0) return came(real, 'taken back', status, 422)
  if (!revertible(life, delivery)) return came(real, 'taken back', status, 409)
  came(real, 'taken back', status, 200)
  const back = delivery.changes.map(({ period, before, after }) =>
    ({ period, after: { revision: after.revision + 1, value: before?.value ?? null } }))
  await remember(life, real, back)
}, life => life.deliveries.length > 0)

const publish = (label: string) => step(`published ${label}`, async (life, real) => {
  const { status } = await real.admin.post(`${planAt(real)}/publications`, { label })
  came(real, 'published', status, life.plan === null ? 404 : life.published.has(label) ? 409 : 201)
  if (status !== 201) return
  const { title, line } = life.plan!
  const { text } = await real.admin.get(`${planAt(real)}/publications/${label}`)
  life.published.set(label, { text, title, line, figures: new Map(line ? standing(life.figures) : []) })
})

const compare = (from: string, to: string) => step(`${from} against ${to}`, async (life, real) => {
  const { status, body } = await real.admin.get(`${planAt(real)}/publications/${to}/diff`, { query: { from } })
  const [a, b] = [life.published.get(from), life.published.get(to)]
  if (a === undefined || b === undefined) return came(real, 'compared', Math.min(status, 404), 404)
  came(real, 'compared', status, 200)
  const changed = (section: string) => (body.changes as Array<{ section: string }>).filter(one => one.section === section)
  assert.equal(changed('plan').length, a.title === b.title ? 0 : 1, 'the plan')
  assert.equal(changed('plan_measures').length, a.line === b.line ? 0 : 1, 'its line')
  const differing = periods.filter(period => a.figures.get(period) !== b.figures.get(period))
  assert.equal(changed('datapoints').filter(one => differing.some(period => JSON.stringify(one).includes(period))).length, differing.length, 'its figures')
}, life => life.published.size > 0)

/** All that the model knows is so. */
const look = step('looked at', async (life, real) => {
  const { admin } = real
  assert.equal((await admin.get(planAt(real))).body.title, life.plan?.title ?? 'Nothing is there')
  assert.equal((await admin.get(`${planAt(real)}/measures/line`)).status, life.plan?.line === true ? 200 : 404)
  for (const [label, { text }] of life.published) assert.equal((await admin.get(`${planAt(real)}/publications/${label}`)).text, text, `${label} says what it said`)
  if (life.measure === null) return
  const pulled = async (query: Record<string, string>) => (await admin.get('/v1/datapoints', { query: { measure: real.measure, ...query } })).body.items
    .map(({ period, value }: { period: string, value: number }) => [period, value])
  assert.deepEqual(await pulled({}), standing(life.figures), 'the figures that stand')
  for (const { at, figures } of life.past.slice(-4)) assert.deepEqual(await pulled({ as_of: at }), standing(figures), `as known at ${at}`)
})

const or = <T>(...values: T[]) => fc.constantFrom(...values)
const value = or(1, 2)

/** A delivery that says what is stored changes nothing, so there is nothing to take back; what was just sent is there again soonest. */
const again = step('delivery repeated', async (life, real) => {
  const [{ value: given } = { value: null }] = periods.map(period => life.figures.get(period) ?? { value: null })
  await deliver([given ?? 1]).run(life, real)
})

export const steps = [
  or(...titles).map(putPlan), fc.constant(deletePlan), or(...titles).map(putMeasure), fc.constant(deleteMeasure),
  fc.constant(putLine), fc.constant(deleteLine),
  fc.tuple(or(...periods), value).map(given => putFigure(...given)), or(...periods).map(withdraw),
  fc.array(value, { minLength: 1, maxLength: 3 }).map(deliver), fc.constant(again),
  fc.nat({ max: 5 }).map(revert), or(...labels).map(publish), or(...labels).map(publish),
  fc.tuple(or(...labels), or(...labels)).map(given => compare(...given)), fc.constant(look)
]
