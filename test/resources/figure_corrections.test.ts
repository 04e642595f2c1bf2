// A row corrects what it supplies and leaves the rest; nothing of an old value stays beside a new one.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, history, pull, row } from './figures.js'

await t.test('corrections', async t => {
  const { admin } = await start(t)
  await makeMeasure(admin)
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  const url = (period: string) => at('recycling-rate', period)
  const full = { value: 40, numerator: 400, denominator: 1000, lower_95: 37, upper_95: 43, bound: 'around', printed: 'c. 40%', status: 'provisional', note: 'Note', source: 'Source', provider: 'ccg', qualifiers: ['break'], period_label: 'the year' }
  const changes = async () => (await admin.get('/v1/changes', { query: { limit: 1000 } })).body.next_cursor

  await t.test('what a row leaves out stays as stored', async t => {
    await admin.put(url('FY2001'), full)
    const { status, body } = await admin.put(url('FY2001'), { status: 'final' })
    t.match({ status, body }, { status: 200, body: { ...full, status: 'final', revision: 2, revised: true } })
  })

  await t.test('a value that differs clears all that belonged to the old one', async t => {
    await admin.put(url('FY2002'), full)
    const { body } = await admin.put(url('FY2002'), { value: 41 })
    t.match(body, { value: 41, bound: 'exact', status: 'provisional', note: 'Note', source: 'Source', provider: 'ccg', qualifiers: ['break'], period_label: 'the year' })
    t.same([body.numerator, body.denominator, body.lower_95, body.upper_95, body.printed], [null, null, null, null, null])
  })

  await t.test('unless the row supplies it', async t => {
    await admin.put(url('FY2003'), full)
    const again = { value: 41, numerator: 410, denominator: 1000, lower_95: 38, upper_95: 44, bound: 'over', printed: '41%' }
    t.match((await admin.put(url('FY2003'), again)).body, again)
    t.match((await admin.put(url('FY2003'), { value: 42, printed: '42%' })).body, { printed: '42%', numerator: null })
  })

  await t.test('the same value sent with a new numerator keeps the denominator', async t => {
    await admin.put(url('FY2004'), full)
    t.match((await admin.put(url('FY2004'), { value: 40.0, numerator: 401 })).body, { value: 40, numerator: 401, denominator: 1000, printed: 'c. 40%', bound: 'around' })
  })

  await t.test('a value clears the reason why it was missing, and the other way round', async t => {
    await admin.put(url('FY2005'), { missing: 'tbc', printed: 'TBC' })
    const found = (await admin.put(url('FY2005'), { value: 12 })).body
    t.same([found.value, found.missing, found.printed], [12, null, null])
    const gone = (await admin.put(url('FY2005'), { missing: 'suppressed' })).body
    t.same([gone.value, gone.missing, gone.bound], [null, 'suppressed', null])
  })

  await t.test('suppressing a figure leaves none of the numbers behind it', async t => {
    await admin.put(url('FY2006'), full)
    const { body } = await admin.put(url('FY2006'), { missing: 'suppressed' })
    t.same([body.value, body.numerator, body.denominator, body.lower_95, body.upper_95, body.printed], [null, null, null, null, null, null])
  })

  await t.test('null clears, but a figure never ends with nothing', async t => {
    await admin.put(url('FY2007'), full)
    const { body } = await admin.put(url('FY2007'), { note: null, qualifiers: null, lower_95: null, status: null, provider: null, period_label: null })
    t.same([body.note, body.qualifiers, body.lower_95, body.upper_95, body.status, body.provider, body.period_label], [null, [], null, 43, 'not_stated', null, '2007/08'])
    t.match(await admin.put(url('FY2007'), { value: null, numerator: null, denominator: null }), { status: 422, body: { errors: [{ code: 'missing_value' }] } })
    t.match((await admin.put(url('FY2007'), { value: null, numerator: 400 })).body, { value: null, numerator: 400 }, 'a numerator may stand alone')
    await admin.put(url('FY2007'), { missing: 'tbc' })
    t.match(await admin.put(url('FY2007'), { missing: null, numerator: null }), { status: 422 })
  })

  await t.test('5 is 5.00: the same number again makes no revision and no change', async t => {
    await deliver(admin, [row('recycling-rate', 'FY2008', { value: 5, printed: '5.00%', numerator: 10 })])
    const after = await changes()
    for (const value of ['5.00', '5.0', '0.5e1', '5']) {
      const body = `{"datapoints":[${JSON.stringify(row('recycling-rate', 'FY2008')).slice(0, -1)},"value":${value}}]}`
      t.match(await admin.post('/v1/datapoint-imports', body, { headers: { 'content-type': 'application/json' } }), { body: { counts: { unchanged: 1, updated: 0 } } })
    }
    t.match(await admin.put(url('FY2008'), { value: 5, numerator: 10 }), { status: 200, etag: '"1"', body: { printed: '5.00%', revision: 1, revised: false } })
    t.same((await admin.get('/v1/changes', { query: { after } })).body.items, [])
    t.equal((await history(admin, { period: 'FY2008' })).length, 1)
  })

  await t.test('an exported row sent back as it is changes nothing', async t => {
    for (const [period, fields] of [['FY2009', full], ['CY2010-Q4', { value: 0 }], ['R12-2016-12', { missing: 'not_available' }], ['undated-ten-years-ago', { numerator: 3 }]] as const) await admin.put(url(period), fields)
    await deliver(admin, [row('recycling-rate', 'FY2016', { statistic: 'rank', rank_basis: 'best', value: 136, rank_of: 137 }), row('recycling-rate', 'FY2016', { statistic: 'percent_change', base_period: 'CY1998', value: -64 })])
    await admin.put(url('FY2010'), { value: 1 })
    await admin.delete(url('FY2010'))
    const rows = await pull(admin, { include_deleted: true, limit: 1000 })
    const after = await changes()
    const { body } = await deliver(admin, rows)
    t.match(body, { result: 'applied', counts: { received: rows.length, unchanged: rows.length, created: 0, updated: 0, deleted: 0 } })
    t.same((await pull(admin, { include_deleted: true, limit: 1000 })).map(one => one.revision), rows.map(one => one.revision))
    t.same((await admin.get('/v1/changes', { query: { after } })).body.items, [])
  })

  await t.test('one figure without its key may be put back as it was got', async t => {
    const { measure, area, period, breakdown, statistic, against, base_period: base, ...rest } = (await admin.get(url('FY2009'))).body
    t.match(await admin.put(url('FY2009'), rest), { status: 200, body: { revision: 1 } })
  })

  await t.test('a returned column that disagrees with the figure is a contradiction', async t => {
    for (const wrong of [{ unit: 'count' }, { per: 1000 }, { period_start: '2016-01-01' }, { period_end: '2017-01-01' }]) {
      const answer = await deliver(admin, [row('recycling-rate', 'FY2016', { value: 1, ...wrong })])
      t.match(answer, { status: 422, body: { problems: [{ code: 'contradiction', column: Object.keys(wrong)[0], rows: [0] }] } })
    }
    const fine = { unit: 'percent', per: null, period_start: '2016-04-01', period_end: '2017-03-31', period_kind: 'nonsense', shorthand: '[x]', revision: 99, revised: true, recorded_at: 'yesterday', measure_title: 'x', area_title: 'y' }
    t.match(await deliver(admin, [row('recycling-rate', 'FY2016', { value: 1, ...fine })]), { status: 200, body: { counts: { created: 1 } } })
  })

  await t.test('provisional 2.5, then final 2.6: one current value and two in the history', async t => {
    await admin.put(url('FY2011'), { value: 2.5, status: 'provisional' })
    await admin.put(url('FY2011'), { value: 2.6, status: 'final' })
    t.match(await pull(admin, { period: 'FY2011' }), [{ value: 2.6, status: 'final', shorthand: '[r]', revision: 2 }])
    t.match(await history(admin, { period: 'FY2011' }), [{ value: 2.5, revision: 1 }, { value: 2.6, revision: 2 }])
  })

  await t.test('a withdrawn figure leaves every list, and comes back as a new revision without its past', async t => {
    await admin.put(url('FY2012'), full)
    for (const time of ['first', 'again']) t.match(await admin.delete(url('FY2012')), { status: 204, text: '' }, time)
    t.match(await admin.get(url('FY2012')), { status: 404 })
    t.same(await pull(admin, { period: 'FY2012' }), [])
    t.match(await pull(admin, { period: 'FY2012', include_deleted: true }), [{ deleted: true, revision: 2, value: null, note: null, missing: null }])
    const back = await admin.put(url('FY2012'), { value: 9 })
    t.match(back, { status: 201, etag: '"3"', body: { value: 9, revision: 3, deleted: false } })
    t.same([back.body.numerator, back.body.note, back.body.status], [null, null, 'not_stated'])
    t.same((await history(admin, { period: 'FY2012' })).map(one => [one.revision, one.value, one.deleted]), [[1, 40, false], [2, null, true], [3, 9, false]])
  })

  await t.test('deleted true in a delivery withdraws', async t => {
    await admin.put(url('FY2013'), { value: 1 })
    t.match(await deliver(admin, [row('recycling-rate', 'FY2013', { deleted: true })]), { body: { counts: { deleted: 1 } } })
    t.match(await deliver(admin, [row('recycling-rate', 'FY2013', { deleted: true })]), { body: { counts: { deleted: 0, unchanged: 1 } } })
    t.match(await deliver(admin, [row('recycling-rate', 'FY2013', { deleted: false, value: 2 })]), { body: { counts: { created: 1 } } })
  })
})
