// What is measured for Prometheus: what it counts, who may read it, and that every name is explained.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { row } from '../resources/figures.js'

await t.test('metrics', async t => {
  const started = await start(t)
  const { admin, anonymous, client } = started
  await makePlan(admin, 'plan-a', { period: 'FY2016..FY2017' })
  await admin.put('/v1/organisations/keeper', { title: 'Keeper', kind: 'other' })
  await admin.put('/v1/plans/secret-plan', { title: 'Secret', owner: 'keeper', visibility: 'private' })
  await admin.patch('/v1/measures/recycling-rate', { frequency: 'annual' }, { etag: (await admin.get('/v1/measures/recycling-rate')).etag })
  const reader = await client('reader', 'elsewhere')
  /** The values by name and labels. */
  const read = async (as = reader) => {
    const { status, text, headers } = await as.get('/metrics')
    t.equal(status, 200)
    t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/)
    return new Map(text.split('\n').filter(line => line !== '' && !line.startsWith('#')).map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
  }

  await t.test('need a key, and tell of plans no more than it may see', async t => {
    t.match(await anonymous.get('/metrics'), { status: 401 })
    const plans = async (as: typeof reader) => [...(await read(as)).keys()].flatMap(name => /^outturn_plan_overdue_returns\{plan="(.*)"\}/.exec(name)?.[1] ?? [])
    t.same(await plans(reader), ['plan-a'])
    t.same(await plans(admin), ['plan-a', 'secret-plan'])
  })

  await t.test('count answers by operation and status', async t => {
    const name = (status: number) => `outturn_request_duration_seconds_count{operation="getPlan",status="${status}"}`
    const before = await read()
    await reader.get('/v1/plans/plan-a')
    await reader.get('/v1/plans/plan-a')
    await reader.get('/v1/plans/nothing')
    const after = await read()
    t.equal(after.get(name(200))! - (before.get(name(200)) ?? 0), 2)
    t.equal(after.get(name(404))! - (before.get(name(404)) ?? 0), 1)
    t.ok(after.get('outturn_database_connections')! > 0)
    t.ok(after.get('process_resident_memory_bytes')! > 1e6)
  })

  await t.test('count deliveries once, and the rows of those that were applied', async t => {
    const deliver = (rows: unknown[], options = {}) => admin.post('/v1/datapoint-imports', { datapoints: rows }, options)
    const good = [row('recycling-rate', 'FY2016', { value: 40 })]
    await deliver(good, { idempotency: 'a-key-of-sixteen-characters' })
    await deliver(good, { idempotency: 'a-key-of-sixteen-characters' })
    await deliver([row('not-held', 'FY2016', { value: 1 })])
    await deliver(good, { query: { dry_run: true } })
    const counted = await read()
    t.same(['applied', 'rejected', 'validated'].map(result => counted.get(`outturn_deliveries_total{result="${result}"}`)), [1, 1, 1])
    t.same(['created', 'unchanged', 'rejected'].map(outcome => counted.get(`outturn_delivered_rows_total{outcome="${outcome}"}`)), [1, 0, 0])
  })

  await t.test('tell how fresh a plan is, and what is overdue', async t => {
    const fresh = await read()
    const { rows: [{ at } = { at: 0 }] } = await started.connection.pool.query<{ at: number }>('select extract(epoch from max(at))::float8 as at from figures join writes on id = write_id')
    t.equal(fresh.get('outturn_plan_newest_figure_timestamp_seconds{plan="plan-a"}'), at)
    t.equal(fresh.get('outturn_plan_overdue_returns{plan="plan-a"}'), 1, 'FY2017 of two years')
    await makeMeasure(admin, 'other')
    t.notOk((await read()).has('outturn_plan_newest_figure_timestamp_seconds{plan="secret-plan"}'))
  })

  await t.test('are explained by name', async t => {
    const names = new Set([...(await read()).keys()].flatMap(name => /^(outturn_\w+?)(?:_bucket|_sum|_count)?(?:\{|$)/.exec(name)?.[1] ?? []))
    const guide = await readFile(join(root, 'docs/operation.md'), 'utf8')
    t.ok(names.size >= 8)
    for (const name of names) t.match(guide, `\`${name}\``)
    for (const [, name] of guide.matchAll(/`(outturn_\w+)`/g)) t.ok(names.has(name!), `${name!} is there`)
  })
})
