// Deliveries: atomic or partial, dry or real, receipts, and every fault at once.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, city, deliver, faults, pull, row } from './figures.js'

await t.test('deliveries', async t => {
  const { admin, client, connection } = await start(t)
  await makeMeasure(admin, 'smoking-at-delivery')
  await makeMeasure(admin, 'count', { unit: 'count' })
  const good = (period: string, value = 1) => row('count', period, { value })
  const bad = (period: string) => row('count', period)

  await t.test('all faults of all rows come in one answer, grouped by cause', async t => {
    const answer = await deliver(admin, [
      row('smokng-at-delivery', 'FY2016', { value: 1 }), good('FY2016'), row('count', 'FY2016', { area: 'E0600001', value: 1 }), row('smokng-at-delivery', 'FY2017', { value: 1 }),
      row('count', 'soon', { value: 1, denominator: 0 }), row('count', 'FY2018', { value: 1, colour: 'red' }), 7, { ...good('FY2019'), area: undefined }, bad('FY2020')
    ])
    t.match(answer, { status: 422, body: { code: 'import_rejected', result: 'rejected', mode: 'atomic', dry_run: false, counts: { received: 9, rejected: 8, created: 0 } } })
    const of = (code: string) => answer.body.problems.find((one: { code: string }) => one.code === code)
    t.match(of('unknown_measure'), { detail: "No measure has the code 'smokng-at-delivery'. Did you mean 'smoking-at-delivery'?", column: 'measure', value: 'smokng-at-delivery', rows: [0, 3], row_count: 2, suggestion: 'smoking-at-delivery' })
    t.match(of('unknown_area'), { column: 'area', rows: [2], suggestion: city })
    t.match(of('invalid_period'), { column: 'period', value: 'soon', rows: [4] })
    t.match(of('out_of_range'), { column: 'denominator', rows: [4] }, 'the second fault of that row')
    t.match(of('unknown_column'), { column: 'colour', rows: [5] })
    t.ok(faults(answer).some(([, , rows]) => (rows as number[]).includes(6)) && faults(answer).some(([, column, rows]) => column === 'area' && (rows as number[]).includes(7)))
    t.ok(faults(answer).some(([code, column, rows]) => code === 'missing_value' && column === 'value' && (rows as number[]).join() === '8'))
    t.same(await pull(admin, { measure: 'count' }), [], 'and the good row is not written either')
  })

  await t.test('a row with several faults is told of all of them at once', async t => {
    const answer = await deliver(admin, [{ measure: 'nothing', area: 'nowhere', period: 'soon', value: 'x', colour: 'red', provider: 'nobody' }])
    t.same(faults(answer).map(([code]) => code).sort(), ['invalid_period', 'invalid_value', 'unknown_area', 'unknown_column', 'unknown_measure', 'unknown_organisation'])
  })

  await t.test('the first hundred rows of a fault are named and all are counted', async t => {
    const { body } = await deliver(admin, Array.from({ length: 150 }, (_, i) => row('none', `FY${1950 + i}`, { value: 1 })))
    t.match(body.problems, [{ row_count: 150 }])
    t.equal(body.problems.length, 1)
    t.same([body.problems[0].rows.length, body.problems[0].rows[99]], [100, 99])
  })

  await t.test('partial writes the good rows, and with no good row it is rejected', async t => {
    const { status, body } = await deliver(admin, [good('FY2001'), bad('FY2002'), good('FY2003')], { mode: 'partial' })
    t.match({ status, body }, { status: 200, body: { result: 'partially_applied', counts: { received: 3, created: 2, rejected: 1 }, problems: [{ code: 'missing_value', rows: [1] }] } })
    t.same((await pull(admin, { measure: 'count' })).map(one => one.period), ['FY2001', 'FY2003'])
    t.match(await deliver(admin, [bad('FY2004')], { mode: 'partial' }), { status: 422, body: { result: 'rejected', mode: 'partial' } })
  })

  await t.test('two different values for one key are an error of both rows, not a race', async t => {
    const answer = await deliver(admin, [good('FY2005'), good('2005/06', 2), good('FY2006')])
    t.equal(answer.status, 422)
    t.same(faults(answer).map(([code, , rows]) => [code, rows]), [['duplicate_key', [0, 1]]])
    t.match(await deliver(admin, [good('FY2005'), good('FY2005', 2), good('FY2006')], { mode: 'partial' }), { status: 200, body: { counts: { created: 1, rejected: 2 } } })
    t.match(await admin.get(at('count', 'FY2005')), { status: 404 })
  })

  await t.test('the same figure twice in one delivery is written once', async t => {
    t.match(await deliver(admin, [good('FY2007'), good('2007/08'), good('FY2007')]), { status: 200, body: { counts: { received: 3, created: 1, unchanged: 2 } } })
    t.match(await deliver(admin, [good('FY2008'), { value: 1, period: 'FY2008', area: city, measure: 'count' }]), { status: 200, body: { counts: { created: 1, unchanged: 1 } } }, 'also with its members in another order')
    t.match(await deliver(admin, [good('FY2009'), { ...good('FY2009'), statistic: 'level', breakdown: {} }]), { status: 200, body: { counts: { created: 1, unchanged: 1 } } }, 'or with the defaults spelt out')
  })

  await t.test('a row may say which revision it was made from', async t => {
    const expecting = (revision: number, value: number) => deliver(admin, [{ ...good('FY2010', value), expected_revision: revision }])
    t.match(await expecting(1, 1), { status: 422, body: { problems: [{ code: 'stale_revision', column: 'expected_revision' }] } })
    t.match(await expecting(0, 1), { status: 200, body: { counts: { created: 1 } } })
    t.match(await expecting(0, 2), { status: 422, body: { problems: [{ code: 'stale_revision' }] } })
    t.match(await expecting(1, 2), { status: 200, body: { counts: { updated: 1 } } })
    t.match(await expecting(1, 3), { status: 422 })
    await admin.delete(at('count', 'FY2010'))
    t.match(await expecting(0, 4), { status: 200, body: { counts: { created: 1 } } }, 'a withdrawn figure counts as new')
  })

  await t.test('a dry run checks everything, writes nothing and answers as the real run would', async t => {
    const held = async () => (await connection.pool.query('select (select count(*) from series) s, (select count(*) from periods) p, (select count(*) from imports) i, (select count(*) from figures) f, (select count(*) from figure_revisions) r, (select count(*) from writes) w, (select position from journal) j, (select count(*) from figure_providers) o')).rows[0]
    const before = await held()
    for (const [rows, query, status] of [[[good('FY2055')], {}, 200], [[bad('FY2055')], {}, 422], [[good('FY2056'), bad('FY2057')], { mode: 'partial' }, 200], [[bad('FY2057')], { mode: 'partial' }, 422], [[{ ...good('FY2001', 9), provider: 'test-council' }], {}, /200|422/], [[], {}, 200]] as const) {
      const dry = await deliver(admin, [...rows], { ...query, dry_run: true })
      t.match(dry, { status, body: { dry_run: true, links: { self: null } } })
      t.same(await held(), before)
    }
    const dry = (await deliver(admin, [good('FY2056'), bad('FY2057')], { mode: 'partial', dry_run: true })).body
    const real = (await deliver(admin, [good('FY2056'), bad('FY2057')], { mode: 'partial' })).body
    t.same([dry.counts, dry.problems], [real.counts, real.problems])
    t.equal((await deliver(admin, [good('FY2058')], { dry_run: true })).body.result, 'validated')
  })

  await t.test('an empty list is a delivery; only a body that cannot be read is 400', async t => {
    t.match(await deliver(admin, []), { status: 200, body: { result: 'applied', counts: { received: 0, created: 0 } } })
    for (const body of [{}, { datapoints: 'x' }, { datapoints: null }, { datapoints: [], colour: 'red' }, []]) t.match(await admin.post('/v1/datapoint-imports', body), { status: 400 }, JSON.stringify(body))
    for (const text of ['', '{', '[1,]', '{"datapoints":[NaN]}']) t.match(await admin.post('/v1/datapoint-imports', text, { headers: { 'content-type': 'application/json' } }), { status: 400 }, text)
    t.match(await deliver(admin, [null, 'x', [], {}]), { status: 422, body: { counts: { received: 4, rejected: 4 } } })
  })

  await t.test('the source of a delivery is that of every row that names none', async t => {
    await admin.post('/v1/datapoint-imports', { source: 'Hospital returns', note: 'March', datapoints: [good('FY2030'), { ...good('FY2031'), source: 'Census' }, { ...good('FY2032'), source: null }] })
    t.same((await pull(admin, { period: 'FY2030,FY2031,FY2032' })).map(one => one.source), ['Hospital returns', 'Census', null])
  })

  await t.test('receipts are for their own client and for administrators', async t => {
    const [mine, other] = [await client('contributor', 'ccg'), await client('contributor', 'ccg')]
    await admin.patch('/v1/measures/count', { data_provider: 'ccg' }, { etag: '*' })
    const { body } = await deliver(mine, [good('FY2040')])
    const refused = (await deliver(mine, [bad('FY2041')])).body
    t.match(body, { submitted_by: 'ccg', links: { self: `/v1/datapoint-imports/${body.id}` } })
    for (const who of [mine, admin]) t.same((await who.get(body.links.self)).body, body, 'as it was answered')
    t.match(await mine.get(refused.links.self), { status: 200, body: { result: 'rejected', problems: [{ code: 'missing_value' }] } })
    t.match(await other.get(body.links.self), { status: 404 })
    t.same((await mine.get('/v1/datapoint-imports')).body.items.map((one: { id: string }) => one.id), [refused.id, body.id], 'newest first')
    t.same((await other.get('/v1/datapoint-imports')).body.items, [])
    t.match(await (await client('reader')).get('/v1/datapoint-imports'), { status: 403 })
  })

  await t.test('a delivery is one change with its counts; one that changes nothing is none', async t => {
    const { next_cursor: after } = (await admin.get('/v1/changes', { query: { limit: 1000 } })).body
    const { body } = await deliver(admin, [good('FY2050'), good('FY2051'), good('FY2001')])
    await deliver(admin, [good('FY2050')])
    const { items } = (await admin.get('/v1/changes', { query: { after } })).body
    t.match(items, [{ action: 'imported', resource: body.links.self, counts: { created: 2, unchanged: 1 } }])
    t.equal(items.length, 1)
    t.match(await pull(admin, { changed_since: after, include_deleted: true }), [{ period: 'FY2050' }, { period: 'FY2051' }])
  })
})
