// The sections of a bundle that hold words, reviews, updates and targets: whole, left alone, or refused with the place.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { walk } from '../resources/figures.js'

const plan = '/v1/plans/plan-a'
const url = `${plan}/bundle`
const format = 'outturn-bundle/1'

await t.test('bundles with every section', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  for (const code of ['only-broken', 'only-target', 'only-comparator', 'only-statement']) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
  for (const code of ['only-review', 'only-update']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  await makeMeasure(admin, 'other-rate', {
    breaks: [{ from: '2017-04-01', why: 'New scales' }, { from: '2018-04-01', area: 'only-broken', why: 'Boundary' }],
    links: [{ measure: 'not-held', relation: 'replaced_by', joinable: 'no', note: 'Elsewhere' }]
  })
  await admin.patch(`${plan}/outcomes/1a`, { ref_printed: '1.a)' }, { etag: '*' })
  await admin.put(`${plan}/actions/act`, { title: 'Act' })
  await admin.put(`${plan}/statements/s-1`, { kind: 'comparison', plan_measure: 'line-1', data: { direction: 'higher', against: 'only-statement', period: '2016/17' }, position: 2 })
  await admin.put(`${plan}/statements/s-2`, { kind: 'status_summary', data: { total: 61, counts: { on_track: 2, achieved: 1 } }, position: 1 })
  await admin.put(`${plan}/statements/s-3`, { kind: 'figure', priority: '1', outcome: '1a', action: 'act', text: 'Words', data: { value: '75000', number: 75000.5, bound: 'over' } })
  await admin.put(`${plan}/reviews/r-1`, { kind: 'six_month', period: 'FY2015-H1', organisation: 'only-review', due: { kind: 'by', label: 'by March', latest: '2016-03-31' } })
  await admin.put(`${plan}/updates/u-1`, { text: 'Whole', review: 'r-1', plan_measures: ['line-1'], actions: ['act'], outcomes: ['1a'], priorities: ['1'], organisations: [{ organisation: 'only-update', role: 'reporter' }], sensitivity: 'restricted' })
  await admin.put(`${plan}/updates/u-0`, { text: 'Part', parent: 'u-1', period: 'FY2015', truncated: true })
  const target = { kind: 'change', operator: 'reduce_by', value: 12.5, baseline: { value: 40.1, period: 'FY2010' }, plan: 'plan-a', area: 'only-target', each_sub_area: true, level: 'stretch' }
  await admin.put('/v1/measures/recycling-rate/targets/t', target)
  await admin.put('/v1/measures/other-rate/targets/t', { kind: 'relative', operator: 'in_line', comparator: 'only-comparator', plan: 'plan-a' })
  await admin.put('/v1/plans/plan-b', { title: 'B', owner: 'council' })
  await admin.put('/v1/measures/recycling-rate/targets/of-b', { kind: 'milestone', plan: 'plan-b' })
  await admin.put('/v1/measures/recycling-rate/targets/of-none', { kind: 'milestone' })
  const read = await admin.get(url)
  const bundle = read.body
  const changes = async () => (await admin.get('/v1/changes?limit=1000')).text
  const put = (body: Record<string, unknown>, query = {}) => admin.put(url, { format, plan: bundle.plan, ...body }, { etag: '*', query })
  const faults = ({ status, body }: Awaited<ReturnType<typeof put>>) => [status, ...(body.errors ?? []).map((fault: any) => `${fault.pointer} ${fault.code}`)]
  const back = async () => { t.equal((await admin.put(url, bundle, { etag: '*' })).status, 200); t.equal((await admin.get(url)).text, read.text, 'and back as it was') }

  await t.test('hold all that the plan owns and every register that this names', async t => {
    for (const [name, codes] of [
      ['statements', ['s-2', 's-1', 's-3']], ['reviews', ['r-1']], ['updates', ['u-0', 'u-1']], ['targets', ['t', 't']],
      ['areas', ['E06000018', 'only-broken', 'only-comparator', 'only-statement', 'only-target']], ['organisations', ['council', 'only-review', 'only-update']], ['measures', ['other-rate', 'recycling-rate']]
    ] as const) t.same(bundle[name].map((item: any) => item.code), codes, name)
    t.same(bundle.targets.map((item: any) => item.measure), ['other-rate', 'recycling-rate'])
    t.match(bundle.targets[1], { code: 't', measure: 'recycling-rate', ...target })
    t.match(bundle.outcomes[0], { ref_printed: '1.a)' })
    t.match(bundle.measures[0], { breaks: [{ why: 'New scales' }, { area: 'only-broken' }], links: [{ measure: 'not-held' }] })
  })

  await t.test('are put back without a trace, and carried whole to a plan of another code', async t => {
    const before = await changes()
    const answer = await admin.put(url, bundle)
    t.match(answer, { status: 200, etag: read.etag, body: { result: 'unchanged' } })
    t.match(answer.body.sections, { statements: { unchanged: 3 }, reviews: { unchanged: 1 }, updates: { unchanged: 2 } })
    t.same(answer.body.sections.targets, { created: 0, updated: 0, unchanged: 2, deleted: 0 })
    t.equal((await admin.get(url)).text, read.text)
    t.equal(await changes(), before)
    const copy = { ...bundle, plan: { ...bundle.plan, code: 'plan-copy' }, targets: bundle.targets.map((item: any) => ({ ...item, code: 'copied', plan: undefined })) }
    t.match(await admin.put('/v1/plans/plan-copy/bundle', copy), { status: 201, body: { sections: { statements: { created: 3 }, updates: { created: 2 }, targets: { created: 2 } } } })
    const copied = (await admin.get('/v1/plans/plan-copy/bundle')).body
    for (const name of ['statements', 'reviews', 'updates']) t.same(copied[name], bundle[name], name)
    t.same(copied.targets.map((item: any) => item.plan), ['plan-copy', 'plan-copy'], 'a target without a plan is of the bundle')
    await admin.delete('/v1/plans/plan-copy', { etag: '*' })
    t.equal((await admin.get(url)).text, read.text, 'and the first plan is as it was')
  })

  await t.test('leave alone the sections that they leave out, and targets of other plans and of none', async t => {
    t.match(await put({}), { status: 200, body: { result: 'unchanged', sections: { plan: { unchanged: 1 } } } })
    t.match(await put({ updates: [], targets: [] }), { status: 200, body: { result: 'applied', sections: { updates: { deleted: 2 }, targets: { deleted: 2 } } } })
    const left = (await admin.get(url)).body
    t.same([left.updates, left.targets, left.statements, left.reviews], [[], [], bundle.statements, bundle.reviews])
    t.same((await walk(admin, '/v1/targets')).map(item => item.code), ['of-b', 'of-none'])
    t.match(await admin.delete('/v1/areas/only-target', { etag: '*' }), { status: 204 }, 'what the deleted targets named is free')
    await admin.put('/v1/areas/only-target', { title: 'only-target', kind: 'other' })
    await back()
  })

  await t.test('change, add and delete exactly what a section says', async t => {
    const { next_cursor: after } = (await admin.get('/v1/changes?limit=1000')).body
    const [one, two] = bundle.targets
    t.match(await put({ targets: [{ ...two, value: 13 }, { code: 'new', measure: 'other-rate', kind: 'milestone' }] }), { status: 200, body: { sections: { targets: { created: 1, updated: 1, unchanged: 0, deleted: 1 } } } })
    t.same((await admin.get(`/v1/changes?after=${after}`)).body.items.map((change: any) => `${change.action} ${change.resource}`).sort(), [
      'created /v1/measures/other-rate/targets/new', `deleted /v1/measures/other-rate/targets/${one.code}`, 'updated /v1/measures/recycling-rate/targets/t'
    ])
    t.match(await admin.get('/v1/measures/recycling-rate/targets/t'), { etag: /"[2-9]"/, body: { value: 13, plan: 'plan-a' } })
    await back()
  })

  await t.test('do not take a target code that another plan or none uses, in whatever case', async t => {
    for (const code of ['of-b', 'OF-B', 'of-none', 'Of-None']) {
      const answer = await put({ targets: [...bundle.targets, { code, measure: 'recycling-rate', kind: 'milestone' }] })
      t.match(answer, { status: 409, body: { code: 'conflict' } }, code)
      t.equal((await admin.get(url)).text, read.text)
    }
    t.match(await put({ targets: [...bundle.targets, { code: 'T', measure: 'recycling-rate', kind: 'milestone' }] }), { status: /^(409|422)$/ })
    t.match(await put({ targets: [...bundle.targets, { code: 'of-b', measure: 'other-rate', kind: 'milestone' }] }), { status: 200 }, 'on another measure the code is free')
    await back()
  })

  await t.test('are refused with the place of what is wrong', async t => {
    const before = await changes()
    const [one, two] = bundle.targets
    t.same(faults(await put({ targets: [one, { ...two, plan: 'plan-b' }] })), [422, '/targets/1/plan contradiction'])
    t.same(faults(await put({ targets: [one, { ...two, measure: 'no-measure', area: 'nowhere' }] })).toSorted(), ['/targets/1/area unknown_area', '/targets/1/measure unknown_measure', 422])
    t.same(faults(await put({ targets: [one, one] })), [422, '/targets/1/code repeated'])
    t.same(faults(await put({ targets: [one, { ...two, period: 'Q4 2016' }] })), [422, '/targets/1/period invalid_period'])
    t.same(faults(await put({ targets: [{ code: 'x', kind: 'milestone' }] })), [400, '/targets/0/measure missing_member'])
    t.same(faults(await put({ updates: [...bundle.updates, { code: 'u-9', text: 'x', review: 'r-9', parent: 'u-8', plan_measures: ['line-1', 'line-9'], organisations: [{ organisation: 'nobody', role: 'lead' }] }] })).toSorted(), [
      '/updates/2/organisations/0/organisation unknown_organisation', '/updates/2/parent unknown_update', '/updates/2/plan_measures/1 unknown_plan_measure', '/updates/2/review unknown_review', 422
    ])
    t.same(faults(await put({ statements: [{ code: 's', kind: 'trend', plan_measure: 'line-9', data: { direction: 'better', measure: 'none', against: 'nowhere' } }] })).toSorted(), [
      '/statements/0/data/against unknown_area', '/statements/0/data/measure unknown_measure', '/statements/0/plan_measure unknown_plan_measure', 422
    ])
    t.same(faults(await put({ statements: [{ code: 's', kind: 'aim', data: { url: 'x' } }] })), [422, '/statements/0/data/url contradiction', '/statements/0/text missing_member'].slice(0, 2))
    t.same(faults(await put({ reviews: [{ code: 'r-1', kind: 'annual', organisation: 'nobody', period: 'FY2015' }] })), [422, '/reviews/0/organisation unknown_organisation'])
    const circle = [{ code: 'c-1', text: 'x', parent: 'c-2' }, { code: 'c-2', text: 'x', parent: 'c-1' }]
    t.match(faults(await put({ updates: circle })), [422, /^\/updates\/[01]\/parent cycle$/])
    t.equal((await admin.get(url)).text, read.text, 'and nothing is changed')
    t.equal(await changes(), before)
  })

  await t.test('do not delete what a section left alone still names', async t => {
    const { plan_measures: lines, ...rest } = bundle
    t.match(await put({ plan_measures: [] }), { status: 409, body: { code: 'in_use' } })
    t.same(faults(await put({ plan_measures: [] })).slice(1), Array(2).fill('/plan_measures in_use'), 'by a statement and an update')
    t.match(await put({ reviews: [] }), { status: 409, body: { errors: [{ pointer: '/reviews', detail: /'r-1'.*updates 'u-1'/ }] } })
    t.match(await put({ updates: bundle.updates.filter((item: any) => item.code !== 'u-1') }), { status: /^(409|422)$/ }, 'nor a whole whose part stays')
    t.match(await put({ plan_measures: [], statements: [], updates: [] }), { status: 200 }, 'but with what names it')
    t.equal(lines.length, 1)
    t.match(await admin.put(url, { ...rest, plan_measures: lines }, { etag: '*' }), { status: 200 })
    t.equal((await admin.get(url)).text, read.text)
  })

  await t.test('hold measures whose breaks name areas that stay, and whose links may name what is not held', async t => {
    t.match(await admin.delete('/v1/areas/only-broken', { etag: '*' }), { status: 409, body: { errors: [{ detail: /^\/v1\/measures\/other-rate names it as breaks/ }] } })
    const patch = (body: Record<string, unknown>) => admin.patch('/v1/measures/other-rate', body, { etag: '*' })
    t.same(faults(await patch({ breaks: [{ from: '2017-04-01', why: 'x', area: 'nowhere' }] })), [422, '/breaks/0/area unknown_area'])
    t.same(faults(await patch({ breaks: [{ from: '2017-02-30', why: 'x' }] })), [400, '/breaks/0/from wrong_form'])
    t.same(faults(await patch({ breaks: [{ from: '2017-04-01' }] })), [400, '/breaks/0/why missing_member'])
    t.same(faults(await patch({ links: [{ measure: 'x', relation: 'cousin' }] })), [400, '/links/0/relation not_allowed'])
    t.equal((await admin.get(url)).text, read.text)
  })

  await t.test('in a dry run are checked as in a real one, and write nothing', async t => {
    const before = await changes()
    t.match(await put({ updates: [], targets: [bundle.targets[0]], statements: [{ code: 's-9', kind: 'aim', text: 'New' }] }, { dry_run: true }), {
      status: 200, body: { result: 'validated', dry_run: true, sections: { updates: { deleted: 2 }, targets: { unchanged: 1, deleted: 1 }, statements: { created: 1, deleted: 3 } } }
    })
    t.match(await put({ targets: [{ code: 'of-b', measure: 'recycling-rate', kind: 'milestone' }] }, { dry_run: true }), { status: 409 })
    t.match(await put({ reviews: [] }, { dry_run: true }), { status: 409 })
    t.equal((await admin.get(url)).text, read.text)
    t.equal(await changes(), before)
  })

  await t.test('may be large: two thousand updates in parts of parts, put, read and changed', async t => {
    const updates = Array.from({ length: 2000 }, (_, i) => ({
      code: `u-${String(i).padStart(4, '0')}`, text: `Update ${i}. `.repeat(20).trim(), plan_measures: ['line-1'], position: i, ...(i % 10 !== 0 && { parent: `u-${String(i - 1).padStart(4, '0')}` })
    }))
    const targets = Array.from({ length: 500 }, (_, i) => ({ code: `t-${String(i).padStart(3, '0')}`, measure: 'other-rate', kind: 'absolute', operator: 'at_least', value: i / 10 }))
    const large = { format, plan: { code: 'large', title: 'Large', owner: 'council' }, priorities: bundle.priorities, outcomes: bundle.outcomes, plan_measures: bundle.plan_measures, updates, targets }
    const began = Date.now()
    t.match(await admin.put('/v1/plans/large/bundle', large), { status: 201, body: { sections: { updates: { created: 2000 }, targets: { created: 500 } } } })
    const whole = await admin.get('/v1/plans/large/bundle')
    t.same(whole.body.updates.map((item: any) => item.code), updates.map(({ code }) => code))
    t.match(await admin.put('/v1/plans/large/bundle', whole.body), { status: 200, body: { result: 'unchanged' } })
    const changed = whole.body.updates.map((item: any, i: number) => ({ ...item, text: `${item.text as string} Changed ${i}.` })).slice(0, 1990)
    t.match(await admin.put('/v1/plans/large/bundle', { ...whole.body, updates: changed }, { etag: whole.etag }), { status: 200, body: { sections: { updates: { updated: 1990, deleted: 10 } } } })
    t.ok(Date.now() - began < 60_000, `${Date.now() - began} ms`)
    t.match((await admin.get('/v1/plans/large/tree')).body.priorities[0].outcomes[0].measures[0].updates.length, 1990)
  })
})
