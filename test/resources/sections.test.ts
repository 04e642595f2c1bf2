// What a plan owns: one home for each line, due dates that make sense, printed order, codes of one's own.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

await t.test('sections of a plan', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  const plan = '/v1/plans/plan-a'
  await admin.put(`${plan}/priorities/2`, {})
  const line = (code: string, fields: object) => admin.put(`${plan}/measures/${code}`, { measure: 'recycling-rate', ...fields })
  const action = (code: string, fields: object = {}) => admin.put(`${plan}/actions/${code}`, { title: 'Do it', ...fields })

  await t.test('a priority needs no title, and what is not printed is null', async t => {
    const { body } = await admin.get(`${plan}/priorities/2`)
    t.same([body.title, body.ref, body.position, body.rationale], [null, null, null, null])
  })

  await t.test('a line has exactly one home', async t => {
    await action('key', { kind: 'key_activity' })
    const priorities = [{ priority: '1', relation: 'primary' }]
    for (const homes of [{}, { outcome: '1a', action: 'key' }, { outcome: '1a', priorities }, { action: 'key', priorities }, { outcome: '1a', action: 'key', priorities }]) {
      t.match(await line('homeless', homes), { status: 422, body: { errors: [{ code: 'one_home' }] } }, Object.keys(homes).join())
    }
    for (const [code, home] of [['h-1', { outcome: '1a' }], ['h-2', { action: 'key' }], ['h-3', { priorities }]] as const) t.match(await line(code, home), { status: 201 })
  })

  await t.test('of several priorities exactly one is primary', async t => {
    const link = (priority: string, relation: string) => ({ priority, relation })
    t.match(await line('p', { priorities: [link('1', 'additional')] }), { status: 422, body: { errors: [{ pointer: '/priorities', code: 'one_primary' }] } })
    t.match(await line('p', { priorities: [link('1', 'primary'), link('2', 'primary')] }), { status: 422 })
    t.match(await line('p', { priorities: [link('1', 'primary'), link('2', 'additional')] }), { status: 201 })
  })

  await t.test('what a line names is in its own plan', async t => {
    await admin.put('/v1/plans/plan-b', { title: 'Plan B', owner: 'council' })
    await admin.put('/v1/plans/plan-b/priorities/b', {})
    const { status, body } = await line('stray', { priorities: [{ priority: 'b', relation: 'primary' }], area: 'atlantis', supporting: ['recycling-rate', 'nothing'], organisations: [{ organisation: 'council', role: 'lead' }, { organisation: 'nobody', role: 'partner' }] })
    t.equal(status, 422)
    t.same(body.errors.map((fault: { pointer: string, code: string }) => [fault.pointer, fault.code]).sort(), [
      ['/area', 'unknown_area'], ['/organisations/1/organisation', 'unknown_organisation'], ['/priorities/0/priority', 'unknown_priority'], ['/supporting/1', 'unknown_measure']
    ])
    t.match(await admin.put('/v1/plans/nowhere/priorities/1', {}), { status: 404 })
    t.match(await admin.put('/v1/plans/plan-b/outcomes/o', { priority: '1' }), { status: 422, body: { errors: [{ pointer: '/priority' }] } })
  })

  await t.test('codes are unique within their plan, ignoring case', async t => {
    t.match(await admin.put('/v1/plans/plan-b/priorities/1', {}), { status: 201 })
    await action('Twice')
    t.match(await action('TWICE'), { status: 409, body: { code: 'conflict' } })
  })

  await t.test('an unknown lead is a lead with a marker', async t => {
    const { body } = await line('tbc', { outcome: '1a', organisations: [{ role: 'lead', marker: 'tbc' }], markers: { due: 'tbc', measures: 'to_be_established' } })
    t.same(body.organisations, [{ role: 'lead', marker: 'tbc' }])
    t.same(body.markers, { due: 'tbc', measures: 'to_be_established' })
  })

  await t.test('organisations keep their printed order', async t => {
    const organisations = ['z', 'a', 'm'].map(organisation => ({ organisation, role: 'partner', label: `1 ${organisation}` }))
    for (const { organisation } of organisations) await admin.put(`/v1/organisations/${organisation}`, { title: organisation, kind: 'other' })
    await line('ordered', { outcome: '1a', organisations })
    t.same((await admin.get(`${plan}/measures/ordered`)).body.organisations, organisations)
  })

  await t.test('a due date that cannot be is refused in words', async t => {
    const due = (fields: object) => action('dated', { due: { label: 'as printed', ...fields } })
    const refusals = [
      { kind: 'by' }, { kind: 'on' }, { kind: 'from' }, { kind: 'between', earliest: '2017-01-01' }, { kind: 'during', latest: '2017-01-01' },
      { kind: 'ongoing', latest: '2017-01-01' }, { kind: 'tbc', latest: '2017-01-01' }, { kind: 'tbc', earliest: '2017-01-01' },
      { kind: 'between', earliest: '2018-01-01', latest: '2017-01-01' }, { kind: 'on', earliest: '2017-01-01', latest: '2017-01-02' }
    ]
    for (const fields of refusals) t.match(await due(fields), { status: 422, body: { errors: [{ pointer: '/due', code: 'contradiction' }] } }, JSON.stringify(fields))
    t.match(await due({ kind: 'by', latest: '2017-02-30' }), { status: 400 })
    t.match(await due({ kind: 'someday' }), { status: 400 })
    t.match(await admin.put(`${plan}/outcomes/dated`, { priority: '1', due: { kind: 'by', label: 'by then' } }), { status: 422, body: { errors: [{ pointer: '/due' }] } })
    t.match(await due({ kind: 'by', latest: '2017-03-31' }), { status: 201, body: { due: { kind: 'by', label: 'as printed', latest: '2017-03-31' } } })
  })

  await t.test('a plan covers a period, kept as its code; a spelling that leaves doubt is refused with its readings', async t => {
    const put = (period: string) => admin.put('/v1/plans/timed', { title: 'Timed', owner: 'council', period })
    t.match(await put('Q4 2016'), { status: 422, body: { errors: [{ pointer: '/period', detail: /CY2016-Q4/ }] } })
    t.match(await put('soon'), { status: 422 })
    t.match(await put('2016/17'), { status: 201, body: { period: 'FY2016' } })
    t.match(await put('FY2016'), { status: 200, body: { version: 1 } }, 'which says the same')
  })

  await t.test('an action is not part of itself, however far up', async t => {
    await action('top')
    await action('middle', { parent: 'top' })
    await action('bottom', { parent: 'middle' })
    t.match(await admin.patch(`${plan}/actions/top`, { parent: 'bottom' }, { etag: '"1"' }), { status: 422, body: { errors: [{ pointer: '/parent', code: 'cycle' }] } })
    t.match(await admin.put('/v1/plans/plan-b/actions/top', { title: 'Same code', parent: 'bottom' }), { status: 422, body: { errors: [{ code: 'unknown_action' }] } })
  })

  await t.test('lists go by printed position, then by code; what has no position comes last', async t => {
    for (const [code, position] of [['d', 2], ['c', null], ['b', 1], ['a', 2], ['e', 0]] as const) await admin.put(`/v1/plans/timed/priorities/${code}`, { position })
    const codes = async (query = '') => (await admin.get(`/v1/plans/timed/priorities${query}`)).body.items.map((item: { code: string }) => item.code)
    t.same(await codes(), ['e', 'b', 'a', 'd', 'c'])
    const { body } = await admin.get('/v1/plans/timed/priorities?limit=2')
    t.same(await codes(`?limit=2&cursor=${body.next_cursor}`), ['a', 'd'])
  })
})
