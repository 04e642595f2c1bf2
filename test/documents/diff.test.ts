// What differs between two publications: exactly what was changed, with before and after, in both directions.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { at, deliver, row } from '../resources/figures.js'
import { codes, startWithSample } from './sample.js'

interface Member { member: string, before: unknown, after: unknown }

interface Change { section: string, resource: string, change: string, title: string | null, members: Member[] }

const told = (changes: Change[]) => changes.map(({ section, change, resource }) => `${section} ${change} ${resource}`)
const members = (change: Change) => Object.fromEntries(change.members.map(({ member, before, after }) => [member, [before, after]]))

await t.test('the sample plans', async t => {
  const { admin, anonymous } = await startWithSample(t)
  const plan = '/v1/plans/nottingham-cypp-2016-20'
  const list = `${plan}/publications`

  await t.test('are loaded unpublished', async t => {
    for (const code of codes) t.match((await admin.get(`/v1/plans/${code}/publications?count=true`)).body, { total: 0, items: [] }, code)
  })

  await t.test('published as V6, changed in four places and published as V7 differ in exactly these', async t => {
    // Updates of the sample name each of its actions, so none of those can be deleted.
    await admin.put(`${plan}/actions/N16-A099`, { title: 'Do one thing more', position: 99, status: 'planned' })
    await admin.post(list, { label: 'V6', date: '2018-06-15' })
    const line = (await admin.get(`${plan}/measures/N16-1a-01`)).body
    const outcome = (await admin.get(`${plan}/outcomes/1b`)).body
    const action = (await admin.get(`${plan}/actions/N16-A099`)).body
    await admin.put('/v1/organisations/new-lead', { title: 'New lead', kind: 'health' })
    const organisations = line.organisations.map((one: any, i: number) => i === 0 ? { ...one, organisation: 'new-lead' } : one)
    t.equal(line.organisations[0].role, 'lead')
    for (const answer of [
      await admin.put('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2016', { value: 16.9 }),
      await admin.patch(`${plan}/outcomes/1b`, { title: 'Changed title' }, { etag: '*' }),
      await admin.patch(`${plan}/measures/N16-1a-01`, { organisations }, { etag: '*' }),
      await admin.delete(`${plan}/actions/N16-A099`, { etag: '*' })
    ]) t.ok(answer.status < 300, answer.text)
    await admin.post(list, { label: 'V7' })
    const { body } = await anonymous.get(`${list}/V7/diff`)
    t.match(body, { plan: 'nottingham-cypp-2016-20', from: { label: 'V6', date: '2018-06-15' }, to: { label: 'V7' } })
    t.same(told(body.changes), [
      `outcomes changed ${plan}/outcomes/1b`, `actions removed ${plan}/actions/N16-A099`, `plan_measures changed ${plan}/measures/N16-1a-01`,
      'datapoints changed /v1/measures/smoking-at-delivery/datapoints/E06000018/FY2016'
    ])
    const [ofOutcome, ofAction, ofLine, ofFigure] = body.changes.map(members)
    t.same(ofOutcome, { title: [outcome.title, 'Changed title'] })
    t.same(ofLine, { organisations: [line.organisations, organisations] })
    t.same(ofFigure.value, [17.2, 16.9])
    t.same(Object.keys(ofFigure).filter(name => !['value', 'printed', 'numerator', 'denominator', 'lower_95', 'upper_95', 'bound'].includes(name)), [], 'a new value clears what was printed for the old')
    t.same(ofAction.title, [action.title, null])
    t.match(body.changes[1], { title: action.title })
    t.same((await anonymous.get(`${list}/V7/diff?from=V6`)).body, body, 'from is the one before where it is left out')
  })

  await t.test('compared with itself a publication has no changes', async t => {
    for (const label of ['V6', 'V7']) t.same((await anonymous.get(`${list}/${label}/diff?from=${label}`)).body.changes, [])
  })

  await t.test('the first has none before it, and an unknown label is not found', async t => {
    t.match(await anonymous.get(`${list}/V6/diff`), { status: 404, body: { code: 'not_found' } })
    for (const path of ['V6/diff?from=V5', 'V5/diff', 'V5/diff?from=V6']) t.match(await anonymous.get(`${list}/${path}`), { status: 404 }, path)
    t.match(await anonymous.get(`${list}/V7/diff?form=V6`), { status: 400 })
    t.match(await anonymous.get(`${list}/V7/diff?from=no%20label`), { status: 400 })
  })
})

await t.test('each kind of change', async t => {
  const { admin, anonymous } = await start(t)
  await makePlan(admin)
  const plan = '/v1/plans/plan-a'
  const list = `${plan}/publications`
  const sections: Array<[path: string, body: Record<string, unknown>, changed: Record<string, unknown>]> = [
    ['priorities', { title: 'Words' }, { title: 'Other words' }], ['outcomes', { priority: '1', title: 'Words' }, { ref_printed: '2.a', ref: '2a' }],
    ['actions', { title: 'Words' }, { status: 'achieved' }], ['measures', { measure: 'recycling-rate', outcome: '1a', title: 'Words' }, { tier: 'key' }],
    ['statements', { kind: 'comparison', data: { direction: 'better' } }, { data: { direction: 'worse' } }], ['reviews', { kind: 'annual' }, { held_on: '2018-01-31' }],
    ['updates', { text: 'Words', sensitivity: 'public' }, { text: 'Other words' }]
  ]
  const all = [...sections.map(([path, ...rest]) => [`${plan}/${path}`, ...rest] as const), ['/v1/measures/recycling-rate/targets', { kind: 'absolute', operator: 'at_least', value: 50, plan: 'plan-a' }, { value: 50.5 }] as const]
  for (const code of ['named-before', 'named-after']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  await makeMeasure(admin, 'left', {})
  for (const [path, body] of all) for (const code of ['goes', 'changes', 'stays']) await admin.put(`${path}/${code}`, body)
  await admin.put(`${plan}/measures/left-line`, { measure: 'left', outcome: '1a' })
  await admin.patch(`${plan}/actions/stays`, { organisations: [{ organisation: 'council', role: 'lead' }] }, { etag: '*' })
  await admin.patch(`${plan}/actions/goes`, { organisations: [{ organisation: 'named-before', role: 'lead' }] }, { etag: '*' })
  const gap = { statistic: 'percent_change', base_period: 'FY2010', value: -12 }
  await deliver(admin, [row('recycling-rate', 'FY2014', { value: 1 }), row('recycling-rate', 'FY2015', { value: 2 }), row('recycling-rate', 'FY2016', { value: 3 }), row('recycling-rate', 'FY2016', gap), row('left', 'FY2016', { value: 9 })])
  await admin.post(list, { label: 'A' })

  for (const [path, body, changed] of all) {
    await admin.delete(`${path}/goes`, { etag: '*' })
    await admin.patch(`${path}/changes`, changed, { etag: '*' })
    await admin.put(`${path}/comes`, body)
  }
  await admin.patch(`${plan}/actions/comes`, { organisations: [{ organisation: 'named-after', role: 'lead' }] }, { etag: '*' })
  await admin.delete(`${plan}/measures/left-line`, { etag: '*' })
  await admin.patch(plan, { status: 'superseded', note: 'Now over' }, { etag: '*' })
  await admin.patch('/v1/measures/recycling-rate', { definition: 'Counted anew', breaks: [{ from: '2017-04-01', why: 'Weighed' }] }, { etag: '*' })
  await admin.patch('/v1/organisations/council', { title: 'City Council' }, { etag: '*' })
  await admin.patch('/v1/areas/E06000018', { title: 'City of Nottingham' }, { etag: '*' })
  await admin.delete(at('recycling-rate', 'FY2014'))
  await deliver(admin, [row('recycling-rate', 'FY2015', { value: 2.5 }), row('recycling-rate', 'FY2017', { value: 4 }), row('recycling-rate', 'FY2016', { ...gap, value: -13 })])
  await admin.post(list, { label: 'B' })
  const forth = (await anonymous.get(`${list}/B/diff`)).body.changes as Change[]
  const back = (await anonymous.get(`${list}/A/diff?from=B`)).body.changes as Change[]

  await t.test('is told once, and nothing that stayed', t => {
    const section = (path: string) => path.endsWith('/targets') ? 'targets' : path === `${plan}/measures` ? 'plan_measures' : path.split('/').at(-1)!
    t.same(told(forth).sort(), [
      `plan changed ${plan}`, 'organisations changed /v1/organisations/council', 'areas changed /v1/areas/E06000018', 'measures changed /v1/measures/recycling-rate',
      ...all.flatMap(([path]) => [['removed', 'goes'], ['changed', 'changes'], ['added', 'comes']].map(([change, code]) => `${section(path)} ${change} ${path}/${code}`)),
      `plan_measures removed ${plan}/measures/left-line`, `datapoints removed ${at('left', 'FY2016')}`,
      `datapoints removed ${at('recycling-rate', 'FY2014')}`, `datapoints changed ${at('recycling-rate', 'FY2015')}`, `datapoints added ${at('recycling-rate', 'FY2017')}`,
      `datapoints changed ${at('recycling-rate', 'FY2016')}?statistic=percent_change&base_period=FY2010`
    ].sort())
    t.end()
  })

  await t.test('names the members that differ, with before and after', t => {
    const of = (resource: string) => members(forth.find(change => change.resource === resource)!)
    t.same(of(plan), { status: ['draft', 'superseded'], note: [null, 'Now over'] })
    t.same(of('/v1/measures/recycling-rate'), { definition: [null, 'Counted anew'], breaks: [[], [{ from: '2017-04-01', why: 'Weighed' }]] })
    t.same(of('/v1/organisations/council'), { title: ['Council', 'City Council'] })
    t.same(of(`${plan}/statements/changes`), { data: [{ direction: 'better' }, { direction: 'worse' }] })
    t.same(of(`${plan}/outcomes/changes`), { ref: [null, '2a'], ref_printed: [null, '2.a'] })
    t.same(of('/v1/measures/recycling-rate/targets/changes'), { value: [50, 50.5] })
    t.same(of(at('recycling-rate', 'FY2015')), { value: [2, 2.5] })
    t.match(of(`${plan}/updates/comes`), { text: [null, 'Words'], sensitivity: [null, 'public'] })
    t.match(of(`${plan}/reviews/goes`), { kind: ['annual', null] })
    t.end()
  })

  await t.test('leads to the thing while it is there', async t => {
    for (const { resource, change } of forth) {
      if (resource.endsWith('/left/datapoints/E06000018/FY2016')) continue
      t.equal((await anonymous.get(resource)).status, change === 'removed' ? 404 : 200, resource)
    }
  })

  await t.test('reads the other way round in the other direction', t => {
    const mirrored = forth.map(change => ({
      ...change,
      change: { added: 'removed', removed: 'added', changed: 'changed' }[change.change]!,
      members: change.members.map(({ member, before, after }) => ({ member, before: after, after: before }))
    }))
    const byName = (a: Member, b: Member) => a.member < b.member ? -1 : 1
    const byResource = (a: { resource: string }, b: { resource: string }) => a.resource < b.resource ? -1 : 1
    const sorted = (changes: Change[]) => changes
      .map(({ title: _, ...change }) => ({ ...change, members: change.members.toSorted(byName) })).sort(byResource)
    t.same(sorted(back), sorted(mirrored))
    t.end()
  })

  await t.test('goes in the order of the sections of a bundle', t => {
    const order = ['plan', 'organisations', 'areas', 'measures', 'priorities', 'outcomes', 'actions', 'plan_measures', 'statements', 'reviews', 'updates', 'targets', 'datapoints']
    for (const changes of [forth, back]) t.same([...new Set(changes.map(({ section }) => section))], order)
    t.end()
  })
})
