// Who sees what: a private plan or measure is absent wherever it could show, a partner's thing is absent for the public.
import t from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { makePlan } from '../support/make.js'
import { at, city, deliver, history, pull, row, walk } from './figures.js'

await t.test('visibility', async t => {
  const { admin, anonymous, client } = await start(t)
  await makePlan(admin)
  for (const code of ['steward', 'owner']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  for (const [code, visibility] of [['for-partners', 'partners'], ['secret-measure', 'private']] as const) {
    await admin.put(`/v1/measures/${code}`, { title: `Measure ${code}`, visibility, steward: 'steward' })
    await admin.put(`/v1/plans/plan-a/measures/line-${code}`, { measure: code, outcome: '1a', supporting: ['recycling-rate'] })
  }
  await admin.patch('/v1/plans/plan-a', { supporting_measures: ['secret-measure', 'recycling-rate'] }, { etag: '"1"' })
  await admin.patch('/v1/plans/plan-a/measures/line-1', { supporting: ['secret-measure'] }, { etag: '"1"' })
  await admin.put('/v1/plans/plan-a/actions/act', { title: 'Act', plan_measures: ['line-1', 'line-secret-measure'] })
  for (const [code, visibility] of [['plan-partners', 'partners'], ['plan-secret', 'private']] as const) {
    await admin.put(`/v1/plans/${code}`, { title: `Plan ${code}`, owner: 'owner', visibility, supporting_measures: ['recycling-rate'], area: 'E06000018' })
    await admin.put(`/v1/plans/${code}/priorities/1`, { title: 'Hidden words' })
  }
  await admin.put('/v1/areas/only-there', { title: 'Only there', kind: 'ward' })
  await deliver(admin, [row('recycling-rate', 'FY2016', { value: 1 }), row('for-partners', 'FY2016', { value: 2 }), row('secret-measure', 'FY2016', { value: 3 }), row('secret-measure', 'FY2016', { area: 'only-there', value: 4 })])
  await admin.put(at('secret-measure', 'FY2017'), { value: 5 })
  const [reader, steward, owner] = [await client('reader', 'test-council'), await client('editor', 'steward'), await client('editor', 'owner')]
  const insiders = { measures: ['for-partners', 'recycling-rate', 'secret-measure'], plans: ['plan-a', 'plan-partners', 'plan-secret'] }
  const seen: Array<[string, Client, { measures: string[], plans: string[] }]> = [
    ['anyone', anonymous, { measures: ['recycling-rate'], plans: ['plan-a'] }],
    ['a reader elsewhere', reader, { measures: ['for-partners', 'recycling-rate'], plans: ['plan-a', 'plan-partners'] }],
    ['the steward', steward, { measures: insiders.measures, plans: ['plan-a', 'plan-partners'] }],
    ['the owner', owner, { measures: ['for-partners', 'recycling-rate'], plans: insiders.plans }],
    ['an administrator', admin, insiders]
  ]

  for (const [who, one, { measures, plans }] of seen) {
    const sees = (code: string) => measures.includes(code) || plans.includes(code)

    await t.test(`${who} finds exactly what is theirs to see in lists, counts and searches`, async t => {
      const codes = async (url: string) => (await walk(one, url)).map(item => item.code)
      t.same(await codes('/v1/measures'), measures)
      t.same(await codes('/v1/plans'), plans)
      t.match((await one.get('/v1/measures?count=true&limit=1')).body, { total: measures.length })
      t.match((await one.get('/v1/plans?count=true&q=plan')).body, { total: plans.length })
      t.equal((await one.get('/v1/measures?q=secret')).body.items.length, sees('secret-measure') ? 1 : 0)
      t.same((await codes('/v1/plans/plan-a/measures')).sort(), ['line-1', ...measures.filter(code => code !== 'recycling-rate').map(code => `line-${code}`)].sort())
      t.match((await one.get('/v1/plans/plan-a/measures?count=true')).body, { total: measures.length })
    })

    await t.test(`${who} gets 404 for the rest, whatever the address`, async t => {
      for (const code of insiders.measures) for (const path of ['', '/series', `/datapoints/${city}/FY2016`]) t.match(await one.get(`/v1/measures/${code}${path}`), { status: sees(code) ? 200 : 404 }, `${code}${path}`)
      for (const code of insiders.plans) for (const path of ['', '/priorities', '/tree', '/bundle', '/measures']) t.match(await one.get(`/v1/plans/${code}${path}`), { status: sees(code) ? 200 : 404 }, `${code}${path}`)
      t.match(await one.get('/v1/plans/plan-secret/priorities/1'), { status: sees('plan-secret') ? 200 : 404 })
      t.match(await one.get('/v1/plans/plan-a/measures/line-secret-measure'), { status: sees('secret-measure') ? 200 : 404 })
    })

    await t.test(`${who} reads the figures of what they see and no others`, async t => {
      for (const figures of [await pull(one), await pull(one, { latest: true }), await pull(one, { as_of: '2190-01-01T00:00:00Z' }), await history(one)]) {
        t.same([...new Set(figures.map(figure => figure.measure))].sort(), measures)
      }
      t.equal((await pull(one, { plan: 'plan-secret' })).length, sees('plan-secret') ? 1 : 0)
      t.equal((await pull(one, { measure: 'secret-measure' })).length, sees('secret-measure') ? 3 : 0)
      const { text } = await one.get('/v1/datapoints?format=csv')
      t.equal(text.includes('secret-measure'), sees('secret-measure'))
      t.equal((await one.get('/v1/datapoints?measure=secret-measure')).body.warnings?.[0]?.code, sees('secret-measure') ? undefined : 'unknown_measure')
    })

    await t.test(`${who} finds no trace of the rest in what they may read`, async t => {
      for (const path of ['', '/measures', '/actions', '/actions/act', '/measures/line-1', '/tree', '/bundle']) {
        const { text } = await one.get(`/v1/plans/plan-a${path}`)
        for (const code of ['secret-measure', 'for-partners']) if (!sees(code)) t.notOk(text.includes(code), `${code} in plan-a${path}`)
      }
      const bundle = (await one.get('/v1/plans/plan-a/bundle')).body
      t.equal(bundle.partial ?? false, measures.length < 3, 'a bundle says that it is partial')
      t.same(bundle.measures.map((item: { code: string }) => item.code), measures)
    })

    await t.test(`${who} learns nothing of the rest by filtering`, async t => {
      t.equal((await one.get('/v1/measures?plan=plan-secret')).body.items.length, sees('plan-secret') ? 1 : 0)
      t.equal((await one.get('/v1/plans/plan-a/actions?plan_measure=line-secret-measure')).body.items.length, sees('secret-measure') ? 1 : 0)
    })
  }

  await t.test('a private thing is in the changes of its owner only', async t => {
    const resources = async (one: Client) => (await one.get('/v1/changes?limit=1000')).body.items.map((item: { resource: string }) => item.resource).join(' ')
    t.notMatch(await resources(reader), 'secret')
    t.notMatch(await resources(reader), '/clients/')
    t.match(await resources(reader), '/v1/plans/plan-partners/priorities/1')
    t.match(await resources(steward), at('secret-measure', 'FY2017'))
    t.match(await resources(steward), '/v1/plans/plan-a/measures/line-secret-measure')
    t.notMatch(await resources(steward), 'plan-secret')
    t.match(await resources(owner), '/v1/plans/plan-secret/priorities/1')
    t.match(await anonymous.get('/v1/changes'), { status: 401 })
  })

  await t.test('no suggestion and no error names what the caller may not see', async t => {
    const contributor = await client('contributor', 'test-council')
    const { text } = await deliver(contributor, [row('secret-measur', 'FY2016', { value: 1 })])
    t.notMatch(text, "'secret-measure'")
    t.match((await deliver(steward, [row('secret-measur', 'FY2016', { value: 1 })])).body.problems, [{ suggestion: 'secret-measure' }])
    t.match(await deliver(contributor, [row('secret-measure', 'FY2016', { value: 1 })]), { status: 422, body: { problems: [{ code: 'unknown_measure' }] } })
    t.match(await contributor.put(at('secret-measure', 'FY2016'), { value: 1 }), { status: 404 })
    const { etag } = await owner.get('/v1/areas/only-there')
    const refused = await owner.delete('/v1/areas/only-there', { etag })
    t.match(refused, { status: 403 })
    t.notMatch(refused.text, 'secret-measure')
    const held = await steward.delete('/v1/organisations/owner', { etag: '"1"' })
    t.match(held, { status: 403 })
    t.notMatch(held.text, 'plan-secret')
    t.match(await owner.put('/v1/plans/plan-secret/measures/x', { measure: 'secret-measure', priorities: [{ priority: '1', relation: 'primary' }] }), { status: 422, body: { errors: [{ code: 'unknown_measure' }] } })
  })

  await t.test('who may not see all of a plan loses none of it by a patch', async t => {
    const council = await client('editor', 'council')
    const { etag, body } = await council.get('/v1/plans/plan-a')
    t.same(body.supporting_measures, ['recycling-rate'])
    t.match(await council.patch('/v1/plans/plan-a', { edition: 'Second' }, { etag }), { status: 200 })
    t.same((await admin.get('/v1/plans/plan-a')).body.supporting_measures, ['secret-measure', 'recycling-rate'])
    await council.patch('/v1/plans/plan-a/actions/act', { heading: 'Heading' }, { etag: '"1"' })
    t.same((await admin.get('/v1/plans/plan-a/actions/act')).body.plan_measures, ['line-1', 'line-secret-measure'])
    t.match(await council.put('/v1/plans/plan-a/bundle', (await council.get('/v1/plans/plan-a/bundle')).body, { etag: '*' }), { status: 422 }, 'nor by putting a partial bundle back')
  })

  await t.test('what becomes private is gone at once, with its past', async t => {
    const { etag } = await admin.get('/v1/measures/for-partners')
    await admin.patch('/v1/measures/for-partners', { visibility: 'private' }, { etag })
    t.match(await reader.get('/v1/measures/for-partners'), { status: 404 })
    t.same(await history(reader, { measure: 'for-partners' }), [])
    t.notMatch((await reader.get('/v1/changes?limit=1000')).text, '/v1/measures/for-partners')
  })
})
