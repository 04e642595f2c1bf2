// Deleting: refused while something refers to it, naming what; a plan takes what it owns with it.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { at, city, deliver, row } from './figures.js'

await t.test('deletes', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  for (const code of ['ccg', 'partner', 'supplier', 'steward', 'former']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  for (const code of ['england', 'core-cities']) await admin.put(`/v1/areas/${code}`, { title: code, kind: code === 'england' ? 'nation' : 'comparator_group' })
  for (const code of ['supports-plan', 'supports-line']) await admin.put(`/v1/measures/${code}`, { title: code, steward: 'steward' })
  await admin.put('/v1/organisations/ccg', { title: 'ccg', kind: 'other' })
  await admin.patch('/v1/plans/plan-a', { organisations: [{ organisation: 'partner', role: 'partner' }], comparators: ['england'], supporting_measures: ['supports-plan'] }, { etag: '"1"' })
  await admin.patch('/v1/plans/plan-a/measures/line-1', { supporting: ['supports-line'], area: city }, { etag: '"1"' })
  await admin.put('/v1/plans/plan-a/actions/a', { title: 'A', outcomes: ['1a'], plan_measures: ['line-1'], priorities: [{ priority: '1', relation: 'primary' }] })
  await admin.put('/v1/plans/plan-a/actions/b', { title: 'B', parent: 'a' })
  await admin.put('/v1/organisations/child', { title: 'Child', kind: 'other', parent: 'former', successor: 'former' })

  const refusal = async (path: string) => {
    const { etag } = await admin.get(path)
    const { status, body } = await admin.delete(path, { etag })
    return { status, code: body?.code, said: (body?.errors ?? []).map((fault: { detail: string }) => fault.detail).join(' ') }
  }

  await t.test('what something else names stays, and the answer says what names it', async t => {
    for (const [path, user] of [
      ['/v1/organisations/partner', '/v1/plans/plan-a '], ['/v1/organisations/steward', '/v1/measures/supports-plan '], ['/v1/organisations/former', '/v1/organisations/child '],
      ['/v1/organisations/council', '/v1/plans/plan-a/measures/line-1 '], [`/v1/areas/${city}`, '/v1/plans/plan-a '], ['/v1/areas/england', '/v1/plans/plan-a names it as comparators'],
      ['/v1/measures/recycling-rate', '/v1/plans/plan-a/measures/line-1 '], ['/v1/measures/supports-plan', 'supporting_measures'], ['/v1/measures/supports-line', 'supporting'],
      ['/v1/plans/plan-a/priorities/1', '/v1/plans/plan-a/outcomes/1a '], ['/v1/plans/plan-a/outcomes/1a', '/v1/plans/plan-a/actions/a '],
      ['/v1/plans/plan-a/measures/line-1', '/v1/plans/plan-a/actions/a '], ['/v1/plans/plan-a/actions/a', '/v1/plans/plan-a/actions/b ']
    ] as const) {
      const { status, code, said } = await refusal(path)
      t.same({ status, code }, { status: 409, code: 'in_use' }, path)
      t.ok(`${said} `.includes(user), `${path}: ${said}`)
    }
  })

  await t.test('figures hold their measure, their area, the area they are against, and their provider', async t => {
    for (const code of ['held', 'compared']) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
    await admin.put('/v1/measures/measured', { title: 'Measured' })
    await deliver(admin, [row('measured', 'FY2016', { area: 'held', value: 3, provider: 'supplier' }), row('measured', 'FY2016', { area: 'held', statistic: 'rank', rank_basis: 'best', against: 'compared', value: 3 })])
    for (const path of ['/v1/areas/held', '/v1/areas/compared', '/v1/measures/measured', '/v1/organisations/supplier']) t.match(await refusal(path), { status: 409, code: 'in_use', said: /\/v1\/datapoints/ }, path)
  })

  await t.test('what names only itself can be deleted', async t => {
    await admin.put('/v1/organisations/self', { title: 'Self', kind: 'other' })
    await admin.patch('/v1/organisations/self', { successor: 'self' }, { etag: '"1"' })
    t.match(await refusal('/v1/organisations/self'), { status: 204 })
    t.match(await admin.get('/v1/organisations/self'), { status: 404 })
  })

  await t.test('once nothing names it any more it can be deleted, and its code taken again', async t => {
    const { etag } = await admin.get('/v1/organisations/child')
    await admin.patch('/v1/organisations/child', { parent: null, successor: null }, { etag })
    t.match(await refusal('/v1/organisations/former'), { status: 204 })
    t.match(await admin.put('/v1/organisations/former', { title: 'Again', kind: 'other' }), { status: 201, body: { version: 1 } })
  })

  await t.test('withdrawing a figure that never was leaves nothing that would hold its measure', async t => {
    await admin.put('/v1/measures/untouched', { title: 'Untouched' })
    t.match(await admin.delete(at('untouched', 'FY2016')), { status: 204 })
    t.match(await refusal('/v1/measures/untouched'), { status: 204 })
  })

  await t.test('a rejected row leaves nothing that would hold its area', async t => {
    await admin.put('/v1/areas/rejected', { title: 'Rejected', kind: 'other' })
    t.match(await deliver(admin, [row('measured', 'FY2017', { value: 4 }), row('measured', 'FY2017', { area: 'rejected' })], { mode: 'partial' }), { status: 200, body: { result: 'partially_applied' } })
    t.match(await refusal('/v1/areas/rejected'), { status: 204 })
  })

  await t.test('deleting a plan deletes what it owns; measures and their figures stay', async t => {
    await deliver(admin, [row('recycling-rate', 'FY2016', { value: 44 })])
    t.match(await refusal('/v1/plans/plan-a'), { status: 204 })
    for (const path of ['', '/priorities', '/priorities/1', '/outcomes/1a', '/measures/line-1', '/actions/a', '/tree', '/bundle']) t.match(await admin.get(`/v1/plans/plan-a${path}`), { status: 404 }, path)
    t.match(await admin.get('/v1/measures/recycling-rate'), { status: 200 })
    t.match(await admin.get(at('recycling-rate', 'FY2016')), { status: 200, body: { value: 44 } })
    t.match(await refusal('/v1/measures/supports-line'), { status: 204 }, 'which nothing names any more')
    t.match(await refusal('/v1/organisations/partner'), { status: 204 })
    t.match(await makePlan(admin), { code: 'plan-a', version: 1 }, 'and the code is free again')
    t.match((await admin.get('/v1/plans/plan-a/actions')).body.items, [])
  })
})
