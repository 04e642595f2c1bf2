// One figure at its own address: statuses, preconditions, and what a retry may count on.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, city } from './figures.js'

await t.test('one figure', async t => {
  const { admin, anonymous, client } = await start(t)
  await makeMeasure(admin)
  const url = (period: string) => at('recycling-rate', period)

  await t.test('the first put creates, the next corrects, the same again is no change', async t => {
    t.match(await admin.put(url('FY2001'), { value: 17.2 }), { status: 201, etag: '"1"', body: { value: 17.2, revision: 1, revised: false } })
    t.match(await admin.put(url('FY2001'), { value: 17.3 }), { status: 200, etag: '"2"', body: { value: 17.3, revision: 2 } })
    t.match(await admin.put(url('FY2001'), { value: 17.3 }), { status: 200, etag: '"2"' })
    t.match(await anonymous.get(url('FY2001')), { status: 200, etag: '"2"' })
    t.match(await anonymous.get(url('FY2001'), { headers: { 'if-none-match': '"2"' } }), { status: 304 })
    t.match(await admin.get(url('2001/02')), { status: 200, body: { period: 'FY2001' } })
  })

  await t.test('a revision in If-Match is honoured', async t => {
    await admin.put(url('FY2002'), { value: 1 })
    t.match(await admin.put(url('FY2002'), { value: 2 }, { etag: '"1"' }), { status: 200, etag: '"2"' })
    t.match(await admin.put(url('FY2002'), { value: 3 }, { etag: '"1"' }), { status: 412, body: { code: 'stale_version' } })
    t.match(await admin.put(url('FY2002'), { value: 3 }, { headers: { 'if-none-match': '*' } }), { status: 412 })
    t.match(await admin.put(url('FY2003'), { value: 3 }, { etag: '"1"' }), { status: 412 }, 'If-Match on nothing')
    t.match(await admin.put(url('FY2003'), { value: 3 }, { etag: '*' }), { status: 412 })
    t.match(await admin.put(url('FY2003'), { value: 3 }, { headers: { 'if-none-match': '*' } }), { status: 201 })
    t.match(await admin.delete(url('FY2002'), { etag: '"1"' }), { status: 412 })
    t.match(await admin.delete(url('FY2002'), { etag: '"2"' }), { status: 204 })
  })

  await t.test('a put repeated after a lost answer is 200, whatever precondition it carries', async t => {
    await admin.put(url('FY2004'), { value: 1 })
    for (const time of ['first', 'again']) t.match(await admin.put(url('FY2004'), { value: 2 }, { etag: '"1"' }), { status: 200, etag: '"2"' }, time)
    for (const status of [201, 200]) t.match(await admin.put(url('FY2005'), { value: 2 }, { headers: { 'if-none-match': '*' } }), { status })
  })

  await t.test('a measure or area that is not there is 404, a member of the key in the body is refused', async t => {
    t.match(await admin.put(at('nothing', 'FY2001'), { value: 1 }), { status: 404 })
    t.match(await admin.put('/v1/measures/recycling-rate/datapoints/atlantis/FY2001', { value: 1 }), { status: 404 })
    t.match(await admin.delete(at('nothing', 'FY2001')), { status: 404 })
    t.match(await admin.put(url('FY2001'), { value: 1, area: city }), { status: 400, body: { errors: [{ pointer: '/area' }] } })
    t.match(await admin.put(url('FY2001'), { vlaue: 1 }), { status: 400, body: { errors: [{ pointer: '/vlaue', detail: /'value'/ }] } })
    t.match(await admin.put(url('FY2001'), { value: 1, provider: 'nobody' }), { status: 422, body: { errors: [{ pointer: '/provider', code: 'unknown_organisation' }] } })
    t.match(await admin.put(`${url('FY2001')}?statistc=gap`, { value: 1 }), { status: 400 })
  })

  await t.test('a key that no figure of the measure has cannot be withdrawn either', async t => {
    t.match(await admin.delete(`${url('FY2001')}?breakdown=nothing=x`), { status: 422, body: { errors: [{ code: 'unknown_breakdown' }] } })
    t.match(await admin.delete(`${url('FY2001')}?base_period=FY2000`), { status: 422, body: { errors: [{ pointer: '/base_period' }] } })
  })

  await t.test('each change is in the journal with its address, revision and reason', async t => {
    const contributor = await client('contributor', 'ccg')
    await admin.patch('/v1/measures/recycling-rate', { data_provider: 'ccg' }, { etag: '*' })
    const { next_cursor: after } = (await admin.get('/v1/changes', { query: { limit: 1000 } })).body
    await contributor.put(url('FY2006'), { value: 1 })
    await contributor.put(url('FY2006'), { value: 2, reason: 'Misread.' })
    await contributor.delete(url('FY2006'))
    t.match((await admin.get('/v1/changes', { query: { after } })).body.items, [['created', 1, null], ['updated', 2, 'Misread.'], ['deleted', 3, null]].map(([action, version, reason]) =>
      ({ action, version, ...(reason && { reason }), resource: url('FY2006'), actor: { organisation: 'ccg' } })))
  })

  await t.test('a reader may not write, and anyone may read what is public', async t => {
    const reader = await client('reader')
    t.match(await reader.put(url('FY2001'), { value: 1 }), { status: 403, body: { code: 'forbidden' } })
    t.match(await reader.put(url('FY2001'), 'not even json'), { status: 403 }, 'said before the body is read')
    t.match(await anonymous.put(url('FY2001'), { value: 1 }), { status: 401 })
    t.match(await anonymous.get(url('FY2001')), { status: 200 })
  })
})
