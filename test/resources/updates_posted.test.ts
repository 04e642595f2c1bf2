// Updates: posted by partners with a code of the service's making, on several lines at once, in parts that form no circle.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { walk } from './figures.js'

const plan = '/v1/plans/plan-a'
const list = `${plan}/updates`

await t.test('updates', async t => {
  const { admin, client, anonymous } = await start(t)
  for (const code of ['ccg', 'school']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  const part = { organisations: [{ organisation: 'ccg', role: 'partner' }] }
  await makePlan(admin, 'plan-a', part)
  await admin.patch(`${plan}/measures/line-1`, part, { etag: '"1"' })
  await admin.put(`${plan}/measures/line-2`, { measure: 'recycling-rate', outcome: '1a', position: 2, ...part })
  await admin.put(`${plan}/reviews/six-month`, { kind: 'six_month' })
  await admin.put(`${plan}/actions/act`, { title: 'Act' })
  const [contributor, reader] = [await client('contributor', 'ccg'), await client('reader', 'ccg')]

  await t.test('a contributor posts one, and is told its code, place and tag', async t => {
    const { status, headers, etag, body } = await contributor.post(list, { text: 'Going well.', plan_measures: ['line-1', 'line-2'] })
    t.match({ status, etag, body }, { status: 201, etag: '"1"', body: { text: 'Going well.', version: 1, kind: 'progress', sensitivity: 'partners', truncated: false } })
    t.match(body.code, /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/)
    t.equal(headers.location, `${list}/${body.code}`)
    const read = await reader.get(headers.location!)
    t.same([read.body, read.etag], [body, etag])
    const second = await contributor.post(list, { text: 'Going well.', plan_measures: ['line-1', 'line-2'] })
    t.not(second.body.code, body.code, 'the same words without a key are another update')
  })

  await t.test('a reader may not, a stranger needs a key, and neither leaves anything', async t => {
    const { total } = (await admin.get(`${list}?count=true`)).body
    t.match(await reader.post(list, { text: 'x' }), { status: 403, body: { code: 'forbidden' } })
    t.match(await reader.post(list, 'no JSON'), { status: 403 }, 'before the body is read')
    t.match(await reader.put(`${list}/u`, { text: 'x' }), { status: 403 })
    t.match(await anonymous.post(list, { text: 'x' }), { status: 401, body: { code: 'unauthenticated' } })
    t.match((await admin.get(`${list}?count=true`)).body, { total })
    t.match(await contributor.post('/v1/plans/no-plan/updates', { text: 'x' }), { status: 404 })
  })

  await t.test('the code is made by the service: one of the body is refused', async t => {
    t.match(await contributor.post(list, { text: 'x', code: 'mine' }), { status: 400, body: { code: 'invalid_input', errors: [{ pointer: '/code' }] } })
    t.match(await contributor.post(list, { text: 'x', code: null, version: 7 }), { status: /^(201|400)$/ })
  })

  await t.test('the same key and body replay the first answer and make no second update', async t => {
    const idempotency = 'update-key-0123456789'
    const body = { text: 'Once only.', plan_measures: ['line-1'], organisations: [{ organisation: 'ccg', role: 'reporter' }] }
    const first = await contributor.post(list, body, { idempotency })
    const again = await contributor.post(list, body, { idempotency })
    t.match(again, { status: 201, text: first.text, headers: { 'idempotent-replayed': 'true', location: first.headers.location, etag: '"1"' } })
    t.match(await contributor.post(list, { ...body, text: 'Twice.' }, { idempotency }), { status: 422, body: { code: 'idempotency_mismatch' } })
    t.equal((await walk(admin, list)).filter(item => item.text === 'Once only.').length, 1)
    const many = await Promise.all(Array.from({ length: 10 }, () => contributor.post(list, { text: 'Crowd.' }, { idempotency: 'crowd-key-0123456789' })))
    t.ok(many.every(({ status }) => [201, 409].includes(status)), many.map(({ status }) => status).join())
    t.equal((await walk(admin, list)).filter(item => item.text === 'Crowd.').length, 1)
  })

  await t.test('a refused post with a key can be mended and sent with another', async t => {
    t.match(await contributor.post(list, { text: 'Mended.', plan_measures: ['line-9'] }, { idempotency: 'mended-key-012345678' }), { status: 422 })
    t.match(await contributor.post(list, { text: 'Mended.', plan_measures: ['line-1'] }, { idempotency: 'mended-key-112345678' }), { status: 201 })
  })

  await t.test('what it names must be there, each told with its place', async t => {
    const { status, body } = await contributor.post(list, {
      text: 'x', plan_measures: ['line-1', 'line-9'], actions: ['none'], outcomes: ['1a', '9z'], priorities: ['9'], review: 'never', parent: 'nothing', organisations: [{ organisation: 'ccg', role: 'reporter' }, { organisation: 'nobody', role: 'reporter' }]
    })
    t.equal(status, 422)
    t.same(body.errors.map((fault: any) => `${fault.pointer} ${fault.code}`).sort(), [
      '/actions/0 unknown_action', '/organisations/1/organisation unknown_organisation', '/outcomes/1 unknown_outcome', '/parent unknown_update',
      '/plan_measures/1 unknown_plan_measure', '/priorities/0 unknown_priority', '/review unknown_review'
    ])
    t.match(await contributor.post(list, {}), { status: 400, body: { errors: [{ pointer: '/text', code: 'missing_member' }] } })
    t.match(await contributor.post(list, { text: ' ' }), { status: 400, body: { errors: [{ pointer: '/text' }] } })
  })

  await t.test('a period that is spelt is kept as its code, and one that leaves doubt refused', async t => {
    t.match(await contributor.post(list, { text: 'x', period: '2017/18 Q3' }), { status: 201, body: { period: 'FY2017-Q3' } })
    t.match(await contributor.post(list, { text: 'x', period: 'Q4 2016' }), { status: 422, body: { errors: [{ pointer: '/period', code: 'invalid_period', detail: /CY2016-Q4/ }] } })
    t.match(await contributor.post(list, { text: 'x', period: 'Q4 2016' }), { status: 422, body: { errors: [{ pointer: '/period', detail: /CY2016-Q4.*FY2016-Q4|FY2016-Q4.*CY2016-Q4/ }] } })
    t.match(await contributor.post(list, { text: 'x', due: { kind: 'by', label: 'soon' } }), { status: 422, body: { errors: [{ pointer: '/due' }] } })
    t.match(await contributor.post(list, { text: 'x', period: 'FY2017-Q3' }), { status: 201, body: { period: 'FY2017-Q3' } })
  })

  await t.test('it may have parts, but is no part of itself, however far up', async t => {
    for (const [code, parent] of [['top', null], ['middle', 'top'], ['bottom', 'middle']] as const) await admin.put(`${list}/${code}`, { text: code, parent, ...part })
    t.match(await contributor.patch(`${list}/top`, { parent: 'bottom' }, { etag: '"1"' }), { status: 422, body: { errors: [{ pointer: '/parent', code: 'cycle' }] } })
    t.match(await contributor.put(`${list}/self`, { text: 'x', parent: 'self' }), { status: 422 })
    t.match(await admin.get(`${list}/top`), { etag: '"1"', body: { parent: null } })
    t.match(await contributor.delete(`${list}/top`, { etag: '"1"' }), { status: 409, body: { code: 'in_use', errors: [{ detail: /^\/v1\/plans\/plan-a\/updates\/middle names it as parent\.$/ }] } })
    for (const code of ['bottom', 'middle', 'top']) t.match(await contributor.delete(`${list}/${code}`, { etag: '"1"' }), { status: 204 }, code)
    t.match(await admin.get(`${list}/top`), { status: 404 })
  })

  await t.test('two who would make each other a part of themselves do not both succeed', async t => {
    for (const round of [1, 2, 3, 4]) {
      for (const code of ['left', 'right']) await admin.put(`${list}/${code}-${round}`, { text: code, ...part })
      const answers = await Promise.all([['left', 'right'], ['right', 'left']].map(([code, parent]) => contributor.patch(`${list}/${code}-${round}`, { parent: `${parent}-${round}` }, { etag: '"1"' })))
      const parents = await Promise.all(['left', 'right'].map(async code => (await admin.get(`${list}/${code}-${round}`)).body.parent as string | null))
      t.ok(parents.includes(null), `${answers.map(({ status }) => status).join()} ${parents.join()}`)
    }
  })

  await t.test('it can be put, patched and deleted with its tag', async t => {
    const { body: { code } } = await contributor.post(list, { text: 'First words.', plan_measures: ['line-1'], period: 'FY2017' })
    t.match(await contributor.patch(`${list}/${code}`, { text: 'Better words.' }), { status: 428 })
    const patched = await contributor.patch(`${list}/${code}`, { text: 'Better words.', period: null }, { etag: '"1"' })
    t.match(patched, { status: 200, etag: '"2"', body: { text: 'Better words.', period: null, plan_measures: ['line-1'] } })
    t.match(await contributor.put(`${list}/${code}`, { text: 'Last words.' }, { etag: '"1"' }), { status: 412 })
    t.match(await contributor.put(`${list}/${code}`, { text: 'Last words.' }, { etag: '"2"' }), { status: 200, body: { plan_measures: [], version: 3 } })
    t.match(await contributor.patch(`${list}/${code}`, { period: 'Q4 2016' }, { etag: '"3"' }), { status: 422, body: { errors: [{ detail: /CY2016-Q4/ }] } })
    t.match(await contributor.delete(`${list}/${code}`, { etag: '"3"' }), { status: 204 })
    t.match(await contributor.get(`${list}/${code}`), { status: 404 })
  })

  await t.test('lists are filtered by what an update is on, by whom and when', async t => {
    await admin.put(`${list}/f-1`, { text: 'x', kind: 'context', period: 'FY1999', organisations: [{ organisation: 'school', role: 'reporter' }], plan_measures: ['line-1', 'line-2'], position: 1 })
    await admin.put(`${list}/f-2`, { text: 'x', kind: 'commitment', period: 'FY1999', review: 'six-month', actions: ['act'], outcomes: ['1a'], position: 2 })
    await admin.put(`${list}/f-3`, { text: 'x', kind: 'minute_item', period: 'FY1999', priorities: ['1'], organisations: [{ organisation: 'school', role: 'lead' }, { organisation: 'ccg', role: 'lead' }], position: 3 })
    const found = async (query: string) => (await walk(reader, `${list}?${query}`)).map(item => item.code)
    for (const [query, codes] of [
      ['period=FY1999', ['f-1', 'f-2', 'f-3']], ['organisation=school', ['f-1', 'f-3']], ['plan_measure=line-2&period=FY1999', ['f-1']],
      ['action=act', ['f-2']], ['review=six-month', ['f-2']], ['kind=minute_item', ['f-3']], ['priority=1&period=FY1999', ['f-1', 'f-2', 'f-3']], ['outcome=1a&period=FY1999', ['f-1', 'f-2']],
      ['organisation=ccg&period=FY1999&kind=minute_item', ['f-3']], ['period=FY1998', []]
    ] as const) t.same(await found(query), codes, query)
    for (const name of ['organisation', 'plan_measure', 'action', 'review', 'priority', 'outcome']) t.match((await reader.get(`${list}?count=true&${name}=nothing`)).body, { items: [], total: 0, warnings: [{ parameter: name, value: 'nothing', code: `unknown_${name}` }] })
    t.match(await reader.get(`${list}?kind=rumour`), { status: 400 })
    t.same((await found('limit=1&period=FY1999')), ['f-1', 'f-2', 'f-3'])
  })

  await t.test('the tree shows it whole under each of its lines', async t => {
    const { body } = await reader.get(`${plan}/tree`)
    const lines = body.priorities[0].outcomes[0].measures as Array<{ code: string, updates: Array<{ code: string }> }>
    for (const code of ['line-1', 'line-2']) t.same(lines.find(line => line.code === code)!.updates.find(update => update.code === 'f-1'), (await reader.get(`${list}/f-1`)).body, code)
    t.equal(JSON.stringify(body).split('"f-2"').length, 1, 'and one on no line under none')
  })

  await t.test('its line, action, outcome and organisations stay while it names them', async t => {
    await admin.put(`${plan}/measures/line-3`, { measure: 'recycling-rate', outcome: '1a' })
    await admin.put(`${list}/holder`, { text: 'x', plan_measures: ['line-3'] })
    t.match(await admin.delete(`${plan}/measures/line-3`, { etag: '*' }), { status: 409, body: { errors: [{ detail: /updates\/holder names it as plan_measures/ }] } })
    t.match(await admin.delete('/v1/organisations/school', { etag: '*' }), { status: 409 })
    await admin.delete(`${list}/holder`, { etag: '*' })
    t.match(await admin.delete(`${plan}/measures/line-3`, { etag: '*' }), { status: 204 })
  })
})
