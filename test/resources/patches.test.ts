// Replacing, patching and their preconditions.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

await t.test('patches', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  const put = async (code: string, fields: object) => (await admin.put(`/v1/measures/${code}`, { title: 'Measure', ...fields })).etag

  await t.test('members not named stay, null resets to the default, lists are replaced whole', async t => {
    const etag = await put('patched', { unit: 'percent', polarity: 'lower_is_better', decimals: 1, dimensions: [{ code: 'sex', title: 'Sex', values: [] }] })
    const { status, body } = await admin.patch('/v1/measures/patched', { polarity: null, decimals: null, dimensions: [{ code: 'age', title: 'Age', values: [] }] }, { etag })
    t.match({ status, body }, { status: 200, body: { version: 2, unit: 'percent', polarity: 'none' } })
    t.equal(body.decimals, null)
    t.same(body.dimensions.map((one: { code: string }) => one.code), ['age'])
    t.same((await admin.patch('/v1/measures/patched', { dimensions: null }, { etag: '"2"' })).body.dimensions, [])
  })

  await t.test('both media types of a patch are read', async t => {
    const etag = await put('media', {})
    t.match(await admin.patch('/v1/measures/media', JSON.stringify({ source: 'A' }), { etag, headers: { 'content-type': 'application/merge-patch+json' } }), { status: 200, body: { source: 'A' } })
  })

  await t.test('members inside a member are merged one by one', async t => {
    const etag = await put('merged', { unit: 'score', allowed: { min: 0, max: 10 } })
    const { body } = await admin.patch('/v1/measures/merged', { allowed: { max: 20 } }, { etag })
    t.same(body.allowed, { min: 0, max: 20 })
    t.same((await admin.patch('/v1/measures/merged', { allowed: { min: null } }, { etag: '"2"' })).body.allowed, { max: 20 })
  })

  await t.test('a part of a due date may be changed by naming only that part', async t => {
    const { etag } = await admin.put('/v1/plans/plan-a/actions/due', { title: 'Due', due: { kind: 'by', label: 'by March', latest: '2017-03-31' } })
    const { status, body } = await admin.patch('/v1/plans/plan-a/actions/due', { due: { latest: '2018-03-31' } }, { etag })
    t.match({ status, due: body.due }, { status: 200, due: { kind: 'by', label: 'by March', latest: '2018-03-31' } })
  })

  await t.test('null takes one marker out of the map and leaves the others', async t => {
    const { etag } = await admin.put('/v1/plans/plan-a/actions/marked', { title: 'Marked', markers: { due: 'tbc', lead: 'tbc' } })
    const { status, body } = await admin.patch('/v1/plans/plan-a/actions/marked', { markers: { due: null } }, { etag })
    t.match({ status, markers: body.markers }, { status: 200, markers: { lead: 'tbc' } })
  })

  await t.test('what the patch would make of it must be valid', async t => {
    const etag = await put('valid', { unit: 'rate', per: 1000 })
    t.match(await admin.patch('/v1/measures/valid', { title: null }, { etag }), { status: 400, body: { errors: [{ pointer: '/title' }] } })
    t.match(await admin.patch('/v1/measures/valid', { unit: 'percent' }, { etag }), { status: 422, body: { errors: [{ pointer: '/per' }] } })
    t.match(await admin.patch('/v1/measures/valid', { per: '1000' }, { etag }), { status: 400, body: { errors: [{ pointer: '/per' }] } })
    t.match(await admin.patch('/v1/measures/valid', { titel: 'x' }, { etag }), { status: 400, body: { errors: [{ code: 'unknown_member', detail: /'title'/ }] } })
    t.match(await admin.patch('/v1/measures/valid', { steward: 'nobody' }, { etag }), { status: 422, body: { errors: [{ pointer: '/steward' }] } })
    t.match(await admin.patch('/v1/measures/valid', {}, { etag }), { status: /200|400/ })
    t.match(await admin.patch('/v1/measures/valid', { code: 'other' }, { etag }), { status: 400, body: { errors: [{ pointer: '/code' }] } })
    t.match((await admin.get('/v1/measures/valid')).body, { version: 1, unit: 'rate', per: 1000 })
  })

  await t.test('a patch that changes nothing makes no version and no change', async t => {
    const etag = await put('same', { unit: 'percent' })
    const { next_cursor: after } = (await admin.get('/v1/changes', { query: { limit: 1000 } })).body
    t.match(await admin.patch('/v1/measures/same', { unit: 'percent', note: null }, { etag }), { status: 200, etag: '"1"', body: { version: 1 } })
    t.same((await admin.get('/v1/changes', { query: { after } })).body.items, [])
  })

  await t.test('replacing needs the current ETag, and says which of the two is wrong', async t => {
    const etag = await put('etag', {})
    const body = { title: 'Another' }
    t.match(await admin.put('/v1/measures/etag', body), { status: 428, body: { code: 'precondition_required' } })
    t.match(await admin.patch('/v1/measures/etag', body), { status: 428 })
    t.match(await admin.delete('/v1/measures/etag'), { status: 428 })
    t.match(await admin.put('/v1/measures/etag', body, { etag: '"7"' }), { status: 412, body: { code: 'stale_version' } })
    t.match(await admin.put('/v1/measures/etag', body, { headers: { 'if-none-match': '*' } }), { status: 412 })
    t.match(await admin.put('/v1/measures/new', body, { etag }), { status: 412 }, 'If-Match on nothing')
    t.match(await admin.put('/v1/measures/new', body, { etag: '*' }), { status: 412 })
    t.match(await admin.put('/v1/measures/new', body, { headers: { 'if-none-match': '*' } }), { status: 201 })
    t.match(await admin.put('/v1/measures/etag', body, { etag }), { status: 200, etag: '"2"' })
  })

  await t.test('a body equal to what is stored is 200 whatever precondition comes with it', async t => {
    await put('retry', { unit: 'percent' })
    const body = { unit: 'percent', title: 'Measure' }
    const { next_cursor: after } = (await admin.get('/v1/changes', { query: { limit: 1000 } })).body
    for (const headers of [{}, { 'if-match': '"9"' }, { 'if-none-match': '*' }, { 'if-match': '*' }] as Array<Record<string, string>>) {
      t.match(await admin.put('/v1/measures/retry', body, { headers }), { status: 200, etag: '"1"', body: { version: 1 } }, JSON.stringify(headers))
    }
    t.same((await admin.get('/v1/changes', { query: { after } })).body.items, [], 'and nothing is journalled')
  })

  await t.test('patching or deleting what is not there is 404', async t => {
    t.match(await admin.patch('/v1/measures/none', { title: 'x' }, { etag: '"1"' }), { status: /404|412/ })
    t.match(await admin.delete('/v1/measures/none', { etag: '"1"' }), { status: /404|412/ })
  })

  await t.test('the version already held is answered 304 without a body', async t => {
    t.match(await admin.get('/v1/measures/retry', { headers: { 'if-none-match': '"1"' } }), { status: 304, text: '', etag: '"1"' })
    t.match(await admin.get('/v1/measures/retry', { headers: { 'if-none-match': '"9", W/"1"' } }), { status: 304 })
    t.match(await admin.get('/v1/measures/retry', { headers: { 'if-none-match': '"2"' } }), { status: 200 })
  })

  await t.test('every change is in the journal once, with who, what and from which request', async t => {
    const { next_cursor: after } = (await admin.get('/v1/changes', { query: { limit: 1000 } })).body
    const headers = { 'x-request-id': 'request-of-mine' }
    await admin.put('/v1/areas/journal', { title: 'A', kind: 'other' }, { headers })
    await admin.patch('/v1/areas/journal', { title: 'B' }, { etag: '"1"', headers })
    await admin.delete('/v1/areas/journal', { etag: '"2"', headers })
    const { items } = (await admin.get('/v1/changes', { query: { after } })).body
    t.match(items, [['created', 1], ['updated', 2], ['deleted', 2]].map(([action, version]) =>
      ({ action, version, resource: '/v1/areas/journal', request_id: 'request-of-mine', actor: { client: 'bootstrap' } })))
    t.equal(items.length, 3)
  })
})
