// Who writes which plans, measures, updates and registers, singly and by a bundle; whoever may not leaves them as they were.
import t, { type Test } from 'tap'
import { start } from '../support/app.js'
import { contents } from '../support/contents.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { at, city } from './figures.js'

const plan = '/v1/plans/plan-a'
const list = `${plan}/updates`
const forbidden = { status: 403, body: { code: 'forbidden' } }
const of = (...organisations: string[]) => ({ organisations: organisations.map(organisation => ({ organisation, role: 'partner' })) })

await t.test('records', async t => {
  const { admin, client, connection } = await start(t)
  for (const code of ['ccg', 'police', 'keeper']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  await makePlan(admin, 'plan-a', of('ccg'))
  await admin.patch(`${plan}/measures/line-1`, of('ccg', 'council'), { etag: '*' })
  await admin.put(`${plan}/measures/line-2`, { measure: 'recycling-rate', outcome: '1a', ...of('police') })
  await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'keeper' })
  await admin.put(`${plan}/measures/secret-line`, { measure: 'secret-rate', outcome: '1a', ...of('keeper') })
  await admin.put(`${plan}/actions/ours`, { title: 'Ours', ...of('ccg'), plan_measures: ['secret-line'] })
  await admin.put(`${plan}/actions/theirs`, { title: 'Theirs', ...of('police') })
  const [ccg, police, council] = [await client('contributor', 'ccg'), await client('contributor', 'police'), await client('editor', 'council')]
  const stranger = await client('editor', 'police')

  async function untouched (t: Test, work: () => Promise<unknown>) {
    const before = await contents(connection)
    await work()
    t.same(await contents(connection), before)
  }

  await t.test('an update is posted in the name of the key, on lines and actions on which it has a role', async t => {
    t.match(await ccg.post(list, { text: 'x', plan_measures: ['line-1'] }), { status: 201, body: { organisations: [{ organisation: 'ccg', role: 'reporter' }] } })
    t.match(await ccg.post(list, { text: 'x', actions: ['ours'], ...of('police', 'ccg') }), { status: 201 }, 'also with others')
    t.match(await ccg.post(list, { text: 'x', outcomes: ['1a'] }), { status: 201 }, 'on none: as a partner of the plan')
    t.match(await (await client('contributor', 'council')).post(list, { text: 'x' }), { status: 201 }, 'or as its owner')
    t.match(await council.post(list, { text: 'x', plan_measures: ['line-2'], ...of('police') }), { status: 201 }, 'the owner reports for anyone')
    t.match(await council.post(list, { text: 'x' }), { status: 201, body: { organisations: [] } }, 'and for nobody')
    await untouched(t, async () => {
      t.match(await ccg.post(list, { text: 'x', plan_measures: ['line-1', 'line-2'] }), { ...forbidden, body: { detail: "'ccg' reports on plan measures and actions on which it has a role, and has none on plan measure 'line-2'." } })
      t.match(await ccg.post(list, { text: 'x', actions: ['theirs'] }), { ...forbidden, body: { detail: /action 'theirs'/ } })
      t.match(await ccg.post(list, { text: 'x', plan_measures: ['line-1'], ...of('police') }), { ...forbidden, body: { detail: /name it in organisations/ } })
      t.match(await police.post(list, { text: 'x' }), { ...forbidden, body: { detail: /among its organisations/ } }, 'no partner of the plan')
      for (const code of ['secret-line', 'no-line']) t.match(await ccg.post(list, { text: 'x', plan_measures: [code] }), { status: 422, body: { errors: [{ code: 'unknown_plan_measure' }] } })
    })
  })

  await t.test('an update that names others is not reworded, deleted or made the whole of another', async t => {
    await admin.put(`${list}/theirs`, { text: 'Theirs.', plan_measures: ['line-1'], ...of('police') })
    await untouched(t, async () => {
      for (const body of [{ text: 'Mine.' }, { text: 'Theirs.', plan_measures: ['line-1'], ...of('police') }, '{']) t.match(await ccg.put(`${list}/theirs`, body, { etag: '"9"' }), forbidden, 'before the body is read')
      t.match(await ccg.patch(`${list}/theirs`, { ...of('ccg') }, { etag: '"1"' }), forbidden)
      t.match(await ccg.delete(`${list}/theirs`, { etag: '"1"' }), forbidden)
      t.match(await ccg.post(list, { text: 'x', parent: 'theirs' }), { ...forbidden, body: { detail: /part of one that does not name 'ccg'/ } })
    })
    const { headers: { location = '' } } = await ccg.post(list, { text: 'Ours.', plan_measures: ['line-1'] })
    await untouched(t, async () => {
      t.match(await ccg.patch(location, { plan_measures: ['line-2'] }, { etag: '"1"' }), forbidden, 'nor is one moved where it has no role')
      t.match(await ccg.patch(location, of('police'), { etag: '"1"' }), forbidden, 'or given to others')
      t.match(await police.patch(location, { text: 'x' }, { etag: '"1"' }), forbidden)
    })
    t.match(await ccg.put(location, { text: 'Better.' }, { etag: '"1"' }), { status: 200, body: { organisations: [{ organisation: 'ccg' }] } })
    t.match(await ccg.put(location, { text: 'Better.' }), { status: 200, etag: '"2"' }, 'a repeat is safe')
    t.match(await council.patch(location, { text: 'Edited.' }, { etag: '"2"' }), { status: 200 })
    t.match(await ccg.delete(location, { etag: '"3"' }), { status: 204 })
  })

  await t.test('the status of an action is for whoever has a role on it, and the rest is not', async t => {
    const url = `${plan}/actions/ours`
    t.match(await ccg.patch(url, { status: 'delayed' }, { etag: '"1"' }), { status: 200, body: { status: 'delayed', plan_measures: [] } })
    t.same((await admin.get(url)).body.plan_measures, ['secret-line'], 'what it does not see is kept')
    await untouched(t, async () => {
      t.match(await ccg.patch(url, { status: 'achieved', title: 'Mine' }, { etag: '"2"' }), { ...forbidden, body: { detail: /may change its status and nothing else. The request changes title\.$/ } })
      t.match(await ccg.patch(url, { organisations: [] }), forbidden, 'told before the precondition')
      t.match(await ccg.put(url, { title: 'Ours', status: 'achieved' }, { etag: '"2"' }), forbidden)
      t.match(await police.patch(url, { status: 'achieved' }, { etag: '"2"' }), forbidden)
      t.match(await stranger.delete(url, { etag: '"2"' }), forbidden)
      t.match(await ccg.patch(`${plan}/actions/theirs`, { status: 'achieved' }, { etag: '"1"' }), forbidden)
    })
  })

  await t.test('a plan or measure is made in one’s own name, and given away by administrators only', async t => {
    t.match(await stranger.put('/v1/plans/plan-p', { title: 'P', owner: 'police' }), { status: 201 })
    t.match(await stranger.put('/v1/measures/rate-p', { title: 'P', steward: 'police' }), { status: 201 })
    await untouched(t, async () => {
      t.match(await stranger.put('/v1/plans/other', { title: 'P', owner: 'council' }), { ...forbidden, body: { detail: /name it as owner/ } })
      t.match(await stranger.put('/v1/measures/other', { title: 'P' }), { ...forbidden, body: { detail: /name it as steward/ } })
      t.match(await stranger.patch('/v1/plans/plan-p', { owner: 'council' }, { etag: '"1"' }), forbidden)
      t.match(await stranger.patch('/v1/measures/rate-p', { steward: null }, { etag: '"1"' }), forbidden)
      t.match(await stranger.patch('/v1/measures/recycling-rate', { title: 'x' }, { etag: '"1"' }), { ...forbidden, body: { detail: /no steward/ } })
      t.match(await stranger.put(`${plan}/bundle`, { format: 'outturn-bundle/1', plan: { code: 'plan-a', title: 'Mine', owner: 'police' } }, { etag: '*' }), forbidden)
      t.match(await stranger.post(`${plan}/publications`, { label: 'V1' }), forbidden)
    })
  })

  await t.test('a target is written by who owns the plan that sets it, or looks after the measure', async t => {
    const url = (code: string) => `/v1/measures/rate-p/targets/${code}`
    t.match(await council.put(url('of-plan'), { kind: 'milestone', plan: 'plan-a' }), { status: 201 })
    t.match(await stranger.put(url('of-none'), { kind: 'milestone' }), { status: 201 })
    await untouched(t, async () => {
      t.match(await council.put(url('x'), { kind: 'milestone' }), { ...forbidden, body: { detail: /'police'/ } })
      t.match(await stranger.put(url('x'), { kind: 'milestone', plan: 'plan-a' }), { ...forbidden, body: { detail: /'council'/ } })
      t.match(await stranger.patch(url('of-none'), { plan: 'plan-a' }, { etag: '"1"' }), forbidden, 'nor moved into a plan')
      t.match(await council.patch(url('of-plan'), { plan: null }, { etag: '"1"' }), forbidden, 'or out of it')
      t.match(await stranger.delete(url('of-plan'), { etag: '"1"' }), forbidden)
    })
  })

  await t.test('what a hidden plan uses is held without being named to who looks after it', async t => {
    await admin.put('/v1/plans/secret-plan', { title: 'S', owner: 'keeper', visibility: 'private', supporting_measures: ['rate-p'] })
    await admin.delete('/v1/measures/rate-p/targets/of-plan', { etag: '*' })
    await admin.delete('/v1/measures/rate-p/targets/of-none', { etag: '*' })
    const { status, text } = await stranger.delete('/v1/measures/rate-p', { etag: '*' })
    t.equal(status, 409)
    t.notMatch(text, /secret-plan/)
  })

  await t.test('a bundle is put back by the owner of its plan with the figures of others as they are, and not otherwise', async t => {
    const url = '/v1/plans/plan-b/bundle'
    await admin.put('/v1/plans/plan-b', { title: 'B', owner: 'council', area: city, visibility: 'public' })
    await admin.put('/v1/plans/plan-b/priorities/1', { title: 'x' })
    await admin.put('/v1/plans/plan-b/measures/l', { measure: 'recycling-rate', priorities: [{ priority: '1', relation: 'primary' }], ...of('police') })
    await admin.put(at('recycling-rate', 'FY2015'), { value: 5 })
    const { body, etag } = await council.get(url)
    t.match(body.datapoints, [{ value: 5 }])
    t.match(await council.put(url, body, { etag }), { status: 200, body: { result: 'unchanged' } })
    t.match(await council.put(url, { ...body, plan: { ...body.plan, title: 'Better' } }, { etag }), { status: 200, body: { result: 'applied', sections: { datapoints: { unchanged: 1 } } } })
    const put = (more: object) => council.put(url, { ...body, ...more }, { etag: '*' })
    const [point] = body.datapoints
    const fresh = { title: 'F', unit: 'count' }
    await untouched(t, async () => {
      for (const datapoints of [[{ ...point, value: 6 }], [{ ...point, period: 'FY2016' }], [{ ...point, deleted: true }]]) {
        t.match(await put({ datapoints }), { status: 422, body: { errors: [{ pointer: '/datapoints/0/measure', code: 'not_permitted' }] } })
      }
      t.match(await put({ areas: [{ ...body.areas[0], title: 'Mine' }] }), { ...forbidden, body: { errors: [{ code: 'not_permitted', detail: `The area '${city}': Only administrators may change an area that is there.` }] } })
      t.match(await put({ measures: [{ ...body.measures[0], title: 'Mine' }] }), forbidden)
      t.match(await put({ measures: [{ code: 'fresh', ...fresh }] }), forbidden)
      t.match(await put({ measures: [{ code: 'fresh', ...fresh, steward: 'police' }] }), forbidden)
      t.match(await put({ organisations: [{ code: 'police', title: 'Mine', kind: 'other' }] }), forbidden)
      t.match(await put({ plan: { ...body.plan, owner: 'police' } }), forbidden)
    })
    await admin.put('/v1/areas/england', { title: 'England', kind: 'nation' })
    await admin.put(`${at('recycling-rate', 'FY2015')}?statistic=rank&against=england`, { value: 1, rank_of: 2 })
    const { body: now } = await council.get(url)
    const ranked = now.datapoints.map((one: object) => 'rank_of' in one ? { ...one, rank_basis: 'best' } : one)
    await untouched(t, async () => { t.match(await council.put(url, { ...now, datapoints: ranked }, { etag: '*' }), { status: 200, body: { result: 'unchanged' } }, 'nor is said what a rank of others means') })
    const more = {
      organisations: [...body.organisations, { code: 'new-one', title: 'New', kind: 'other' }],
      measures: [...body.measures, { code: 'fresh', ...fresh, steward: 'council' }],
      datapoints: [{ measure: 'fresh', area: city, period: 'FY2015', value: 1 }]
    }
    const made = { created: 1 }
    t.match(await put(more), { status: 200, body: { sections: { organisations: made, measures: made, datapoints: made } } })
  })

  await t.test('an organisation is changed by its own editors, an area by administrators, and anyone adds one', async t => {
    t.match(await stranger.patch('/v1/organisations/police', { title: 'The police' }, { etag: '*' }), { status: 200 })
    t.match(await stranger.put('/v1/organisations/added', { title: 'x', kind: 'other' }), { status: 201 })
    t.match(await stranger.put('/v1/organisations/added', { title: 'x', kind: 'other' }), forbidden, 'which then belongs to itself')
    await untouched(t, async () => {
      t.match(await stranger.patch('/v1/organisations/council', { title: 'x' }, { etag: '*' }), forbidden)
      t.match(await stranger.put(`/v1/areas/${city}`, { title: 'x', kind: 'other' }, { etag: '*' }), forbidden)
    })
  })
})
