// A public plan with something private in it: its readers get the rest, and no trace of what they may not see.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

await t.test('a plan with a private measure', async t => {
  const { admin, anonymous, client } = await start(t)
  await makePlan(admin)
  const words = /hushed|Whispered/i
  await admin.put('/v1/organisations/hushed-lead', { title: 'Hushed lead', kind: 'other' })
  await admin.put('/v1/areas/hushed-area', { title: 'Hushed area', kind: 'ward', parent: 'E06000018' })
  for (const [code, visibility] of [['hushed-private', 'private'], ['hushed-partners', 'partners'], ['hushed-support', 'private']]) {
    await admin.put(`/v1/measures/${code}`, { title: `Whispered ${code}`, unit: 'count', visibility })
    await admin.put(`/v1/measures/${code}/datapoints/hushed-area/FY2017`, { value: 7, provider: 'hushed-lead', note: 'Whispered note' })
  }
  for (const [line, measure] of [['hushed-1', 'hushed-private'], ['hushed-2', 'hushed-partners']]) {
    await admin.put(`/v1/plans/plan-a/measures/${line}`, { measure, outcome: '1a', title: 'Whispered line', area: 'hushed-area', organisations: [{ organisation: 'hushed-lead', role: 'lead' }] })
  }
  await admin.put('/v1/plans/plan-a/actions/a1', { title: 'Talk', plan_measures: ['line-1', 'hushed-1', 'hushed-2'] })
  await admin.patch('/v1/plans/plan-a/measures/line-1', { supporting: ['hushed-support'] }, { etag: '*' })
  await admin.patch('/v1/plans/plan-a', { supporting_measures: ['hushed-support'] }, { etag: '*' })
  const full = await admin.get('/v1/plans/plan-a/bundle')

  await t.test('reads whole to whoever may see all of it', async t => {
    t.notOk('partial' in full.body)
    t.equal(full.body.plan_measures.length, 3)
    t.equal(full.body.datapoints.length, 3)
  })

  await t.test('reads partial to the public, which finds the private measure in no corner of it', async t => {
    const { body, text, etag } = await anonymous.get('/v1/plans/plan-a/bundle')
    t.match(body, { partial: true, plan_measures: [{ code: 'line-1' }], actions: [{ plan_measures: ['line-1'] }] })
    t.notMatch(text, words)
    t.not(etag, full.etag)
    t.notMatch((await anonymous.get('/v1/plans/plan-a/tree')).text, words)
  })

  await t.test('reads partial to a partner, which finds what partners may see', async t => {
    const reader = await client('reader', 'other-council')
    const { body, text } = await reader.get('/v1/plans/plan-a/bundle')
    t.match(body, { partial: true })
    t.same(body.plan_measures.map((line: any) => line.code), ['line-1', 'hushed-2'])
    t.notMatch(text, /hushed-private|hushed-support|hushed-1/)
  })

  await t.test('is not emptied by putting back what a reader got', async t => {
    const { body } = await anonymous.get('/v1/plans/plan-a/bundle')
    t.match(await admin.put('/v1/plans/plan-a/bundle', body, { etag: full.etag }), { status: 422, body: { code: 'unprocessable' } })
    t.equal((await admin.get('/v1/plans/plan-a/bundle')).etag, full.etag)
  })

  await t.test('that is itself private is there for nobody else', async t => {
    await admin.patch('/v1/plans/plan-a', { visibility: 'private' }, { etag: '*' })
    for (const path of ['bundle', 'tree']) {
      t.match(await anonymous.get(`/v1/plans/plan-a/${path}`), { status: 404, body: { code: 'not_found' } })
      t.match(await (await client('editor', 'other-council')).get(`/v1/plans/plan-a/${path}`), { status: 404 })
    }
  })
})
