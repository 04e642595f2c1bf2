// The rules of putting a bundle: whole or not at all, sections exactly as given, registers never less.
import t, { type Test } from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { without, type Bundle } from './sample.js'

const url = '/v1/plans/plan-a/bundle'
const none = { created: 0, updated: 0, unchanged: 0, deleted: 0 }

await t.test('putting a bundle', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  await admin.put('/v1/plans/plan-a/outcomes/1b', { priority: '1', ref: '1b', title: 'More reuse', position: 2 })
  await admin.put('/v1/measures/recycling-rate/datapoints/E06000018/FY2017', { value: 44.1 })

  const read = async () => {
    const { body, etag } = await admin.get(url)
    return { bundle: body as Bundle & Record<'outcomes' | 'plan_measures' | 'priorities' | 'organisations', any[]>, etag }
  }
  const changes = async () => (await admin.get('/v1/changes?limit=1000')).body.items as any[]

  /** Holds that the request is refused like this, and that nothing came of it. */
  async function refused (t: Test, body: unknown, wanted: Record<string, unknown>, options: Parameters<typeof admin.put>[2] = {}, at = url) {
    const [{ bundle, etag }, before] = [await read(), await changes()]
    const answer = await admin.put(at, body, { etag, ...options })
    t.match({ status: answer.status, ...answer.body }, wanted)
    t.same(await changes(), before, 'nothing is journalled')
    t.same((await read()).bundle, bundle, 'nothing is changed')
    return answer
  }

  const pointers = (wanted: Array<[pointer: string, code: string]>) => wanted.map(([pointer, code]) => ({ pointer, code }))

  await t.test('an unknown section or member is refused by name, not dropped', async t => {
    const { bundle } = await read()
    await refused(t, { ...bundle, appendices: [] }, { status: 400, code: 'invalid_input', errors: pointers([['/appendices', 'unknown_member']]) })
    await refused(t, { ...bundle, outcomes: [bundle.outcomes[0], { ...bundle.outcomes[1], titel: 'x' }] },
      { status: 400, code: 'invalid_input', errors: pointers([['/outcomes/1/titel', 'unknown_member']]) })
    await refused(t, { ...bundle, format: 'outturn-bundle/2' }, { status: 400, errors: [{ pointer: '/format' }] })
    await refused(t, { ...bundle, plan: { ...bundle.plan, code: 'plan-b' } }, { status: 400, errors: [{ pointer: '/plan/code' }] })
  })

  await t.test('a partial bundle is refused', async t => {
    const { bundle } = await read()
    await refused(t, { ...bundle, partial: true }, { status: 422, code: 'unprocessable' })
    t.match(await admin.put('/v1/plans/plan-p/bundle', { ...bundle, plan: { ...bundle.plan, code: 'plan-p' }, partial: true }), { status: 422 }, 'for a new plan as well')
    t.match(await admin.get('/v1/plans/plan-p'), { status: 404 })
  })

  await t.test('a section left out is left alone, one given becomes exactly so', async t => {
    const { bundle, etag } = await read()
    const { format } = bundle
    const first = await admin.put(url, { format, plan: { ...bundle.plan, title: 'Plan A, second edition' } }, { etag })
    t.match(first, { status: 200, body: { result: 'applied', sections: { plan: { ...none, updated: 1 } } } })
    t.same(Object.keys(first.body.sections), ['plan'])
    t.same(without((await read()).bundle, 'plan'), without(bundle, 'plan'))

    const before = await changes()
    const outcomes = [
      { code: '1c', priority: '1', title: 'Less litter', position: 3 },
      { ...bundle.outcomes[0], title: 'Much less waste' }
    ]
    const { plan } = (await read()).bundle
    const second = await admin.put(url, { format, plan, outcomes, plan_measures: bundle.plan_measures }, { etag: first.etag })
    t.match(second, {
      status: 200,
      body: {
        sections: {
          plan: { ...none, unchanged: 1 },
          outcomes: { created: 1, updated: 1, unchanged: 0, deleted: 1 },
          plan_measures: { ...none, unchanged: 1 }
        }
      }
    })
    const stored = (await admin.get('/v1/plans/plan-a/outcomes')).body.items as any[]
    t.same(stored.map(one => [one.code, one.title, one.version]), [['1a', 'Much less waste', 2], ['1c', 'Less litter', 1]])
    t.same((await changes()).slice(before.length).map(change => [change.action, change.resource]).sort(), [
      ['created', '/v1/plans/plan-a/outcomes/1c'], ['deleted', '/v1/plans/plan-a/outcomes/1b'], ['updated', '/v1/plans/plan-a/outcomes/1a']
    ])
    t.equal(second.etag, (await read()).etag, 'the answer carries the new ETag')
  })

  await t.test('an empty section empties it', async t => {
    const { bundle, etag } = await read()
    const emptied = await admin.put(url, { ...bundle, plan_measures: [], outcomes: [] }, { etag })
    t.match(emptied, { status: 200, body: { sections: { plan_measures: { deleted: 1 }, outcomes: { deleted: 2 } } } })
    t.match(await admin.get('/v1/plans/plan-a/measures/line-1'), { status: 404 })
    const filled = await admin.put(url, bundle, { etag: emptied.etag })
    t.match(filled, { status: 200, body: { sections: { plan_measures: { created: 1 }, outcomes: { created: 2 } } } })
    t.same((await read()).bundle, bundle, 'and what was there can be put back')
  })

  await t.test('registers and figures are added to and corrected, never removed', async t => {
    const { bundle, etag } = await read()
    const answer = await admin.put(url, {
      ...bundle,
      organisations: [{ code: 'charity', title: 'A charity', kind: 'voluntary' }],
      measures: [{ ...(bundle.measures as any[])[0], title: 'Recycling rate' }],
      areas: [],
      datapoints: [{ measure: 'recycling-rate', area: 'E06000018', period: 'FY2018', value: 45 }]
    }, { etag })
    t.match(answer, {
      status: 200,
      body: {
        sections: {
          organisations: { ...none, created: 1 },
          areas: none,
          measures: { ...none, updated: 1 },
          datapoints: { ...none, created: 1 }
        }
      }
    })
    t.match(await admin.get('/v1/organisations/council'), { status: 200 })
    t.match(await admin.get('/v1/areas/E06000018'), { status: 200 })
    t.match(await admin.get('/v1/measures/recycling-rate'), { body: { title: 'Recycling rate', version: 2 } })
    t.same((await read()).bundle.datapoints.map(row => [row.period, row.value]), [['FY2017', 44.1], ['FY2018', 45]])
    t.match((await changes()).at(-1), { action: 'imported', counts: { created: 1 } }, 'a delivery of figures is one change')
  })

  await t.test('replacing needs the ETag of the bundle', async t => {
    const { bundle, etag } = await read()
    const changed = { ...bundle, plan: { ...bundle.plan, note: 'Changed' } }
    await refused(t, changed, { status: 428, code: 'precondition_required' }, { etag: undefined } as never)
    await refused(t, changed, { status: 412, code: 'stale_version' }, { etag: '"1"' })
    await refused(t, changed, { status: 412, code: 'stale_version' }, { etag: undefined, headers: { 'if-none-match': '*' } } as never)
    await refused(t, { ...changed, plan: { ...changed.plan, code: 'plan-n' } }, { status: 412, code: 'stale_version' }, { etag: '"1"' }, '/v1/plans/plan-n/bundle')
    await refused(t, { ...changed, plan: { ...changed.plan, code: 'plan-n' } }, { status: 412, code: 'stale_version' }, { etag: '*' }, '/v1/plans/plan-n/bundle')
    t.match(await admin.put(url, changed, { etag: `W/${etag}` }), { status: 200 }, 'a W/ that a proxy put in front is ignored')
    t.match(await admin.put(url, changed, { etag }), { status: 200, body: { result: 'unchanged' } }, 'repeated after a lost answer')
  })

  await t.test('a change of anything in it makes another ETag: a figure, an organisation, a line', async t => {
    const seen = new Set([(await read()).etag])
    await admin.put('/v1/measures/recycling-rate/datapoints/E06000018/FY2018', { value: 46 })
    seen.add((await read()).etag)
    await admin.patch('/v1/organisations/council', { title: 'The Council' }, { etag: '*' })
    seen.add((await read()).etag)
    await admin.patch('/v1/plans/plan-a/measures/line-1', { ref: 'ii' }, { etag: '*' })
    seen.add((await read()).etag)
    t.equal(seen.size, 4)
  })

  await t.test('of writers with the same ETag exactly one wins', async t => {
    const { bundle, etag } = await read()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => admin.put(url, { ...bundle, plan: { ...bundle.plan, note: `Writer ${i}` } }, { etag })))
    t.same(answers.map(answer => answer.status).sort(), [200, ...Array<number>(7).fill(412)])
    t.equal((await read()).bundle.plan.note, `Writer ${answers.findIndex(answer => answer.status === 200)}`)
  })

  await t.test('writers of one new plan create it once', async t => {
    const { bundle } = await read()
    const body = { ...bundle, plan: { ...bundle.plan, code: 'plan-c' } }
    const answers = await Promise.all(Array.from({ length: 8 }, () => admin.put('/v1/plans/plan-c/bundle', body)))
    t.equal(answers.filter(answer => answer.status === 201).length, 1)
    t.ok(answers.every(answer => [200, 201, 409].includes(answer.status)), answers.map(answer => answer.status).join())
    t.equal((await changes()).filter(change => change.resource === '/v1/plans/plan-c').length, 1)
    t.match(await admin.put('/v1/plans/plan-c/bundle', body), { status: 200, body: { result: 'unchanged' } })
  })

  await t.test('a dry run says what would be and writes nothing', async t => {
    const { bundle } = await read()
    const query = { dry_run: true }
    const changed = { ...bundle, outcomes: [{ ...bundle.outcomes[0], title: 'Other' }, { code: '1z', priority: '1' }], organisations: [{ code: 'newcomer', title: 'Newcomer', kind: 'other' }] }
    await refused(t, changed, {
      status: 200,
      result: 'validated',
      dry_run: true,
      sections: { organisations: { ...none, created: 1 }, outcomes: { created: 1, updated: 1, unchanged: 0, deleted: 1 } }
    }, { query })
    t.match(await admin.get('/v1/organisations/newcomer'), { status: 404 })
    await refused(t, changed, { status: 428 }, { query, etag: undefined } as never)
    await refused(t, changed, { status: 412 }, { query, etag: '"1"' })
    await refused(t, { ...changed, datapoints: [{ measure: 'nothing', area: 'E06000018', period: 'FY2017', value: 1 }] }, { status: 422 }, { query })
    const fresh = { ...bundle, plan: { ...bundle.plan, code: 'plan-d' }, datapoints: [{ measure: 'recycling-rate', area: 'E06000018', period: 'FY2010', value: 1 }] }
    await refused(t, fresh, { status: 201, result: 'validated', sections: { plan: { created: 1 }, datapoints: { created: 1 } } }, { query, etag: undefined } as never, '/v1/plans/plan-d/bundle')
    t.match(await admin.get('/v1/plans/plan-d'), { status: 404 })
    t.match(await admin.get('/v1/measures/recycling-rate/datapoints/E06000018/FY2010'), { status: 404 })
    t.match(await admin.put('/v1/plans/plan-d/bundle', fresh), { status: 201 }, 'and the real run does it')
  })
})
