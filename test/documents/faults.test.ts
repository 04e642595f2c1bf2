// What is wrong in a bundle is said with a pointer to where, and nothing of such a bundle is held.
import t, { type Test } from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

const url = '/v1/plans/plan-a/bundle'

await t.test('a bundle with a fault', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  const { body: bundle, etag } = await admin.get(url)
  const changes = (await admin.get('/v1/changes?limit=1000')).text
  const row = { measure: 'recycling-rate', area: 'E06000018', period: 'FY2017', value: 44 }
  const line = bundle.plan_measures[0]

  async function faults (t: Test, body: unknown, at = url, options: Parameters<typeof admin.put>[2] = { etag }) {
    const answer = await admin.put(at, body, options)
    t.equal((await admin.get(url)).etag, etag, 'nothing is changed')
    t.equal((await admin.get('/v1/changes?limit=1000')).text, changes, 'nothing is journalled')
    const errors = (answer.body.errors ?? []) as Array<{ pointer: string, code: string, detail: string }>
    return { status: answer.status, code: answer.body.code as string, errors, problems: answer.body.problems as Array<{ rows: number[] }> }
  }
  const found = ({ status, errors }: Awaited<ReturnType<typeof faults>>) => [status, ...errors.map(({ pointer, code }) => `${pointer} ${code}`)]

  await t.test('in the form of its members is refused as a whole, each fault with its place', async t => {
    t.same(found(await faults(t, { ...bundle, outcomes: [{ ...bundle.outcomes[0], position: '1' }], priorities: [{ title: 'No code' }] })), [400, '/priorities/0/code missing_member', '/outcomes/0/position wrong_type'])
    t.match(found(await faults(t, { ...bundle, outcomes: [{ ...bundle.outcomes[0], code: 'with blank' }] })), [400, '/outcomes/0/code wrong_form'])
    t.match(found(await faults(t, { format: bundle.format })), [400, '/plan missing_member'])
    t.match(found(await faults(t, { ...bundle, datapoints: {} })), [400, '/datapoints wrong_type'])
  })

  await t.test('in the rules of its items points into the section', async t => {
    t.same(found(await faults(t, { ...bundle, plan_measures: [line, { ...line, code: 'line-2', outcome: '1a', priorities: [{ priority: '1', relation: 'primary' }] }] })), [422, '/plan_measures/1 one_home'])
    t.same(found(await faults(t, { ...bundle, plan_measures: [{ code: 'line-3', measure: 'recycling-rate' }] })), [422, '/plan_measures/0 one_home'])
    t.same(found(await faults(t, { ...bundle, plan: { ...bundle.plan, period: '2016-20' } })), [422, '/plan/period invalid_period'])
    t.same(found(await faults(t, { ...bundle, outcomes: [...bundle.outcomes, { ...bundle.outcomes[0], code: '1A' }] })), [422, '/outcomes/1/code repeated'])
    t.same(found(await faults(t, { ...bundle, measures: [{ ...bundle.measures[0], per: 1000 }] })), [422, '/measures/0/per contradiction'])
  })

  await t.test('in what its items name points at the name', async t => {
    t.same(found(await faults(t, {
      ...bundle,
      outcomes: [{ ...bundle.outcomes[0], priority: '9' }],
      plan_measures: [{ ...line, measure: 'no-such', organisations: [{ organisation: 'council', role: 'lead' }, { organisation: 'nobody', role: 'partner' }] }]
    })).sort(), [422, '/outcomes/0/priority unknown_priority', '/plan_measures/0/measure unknown_measure', '/plan_measures/0/organisations/1/organisation unknown_organisation'].sort())
    t.same(found(await faults(t, { ...bundle, plan: { ...bundle.plan, owner: 'nobody', comparators: ['E06000018', 'nowhere'] } })), [422, '/plan/owner unknown_organisation', '/plan/comparators/1 unknown_area'])
    t.same(found(await faults(t, { ...bundle, areas: [{ ...bundle.areas[0], parent: 'nowhere' }] })), [422, '/areas/0/parent unknown_area'])
  })

  await t.test('in a circle of parts is refused', async t => {
    const circle = [{ code: 'a1', title: 'One', parent: 'a2' }, { code: 'a2', title: 'Two', parent: 'a1' }]
    const { status, errors } = await faults(t, { ...bundle, actions: circle })
    t.match({ status, errors }, { status: 422, errors: [{ code: 'cycle', pointer: /^\/actions\/[01]\/parent$/ }] })
  })

  await t.test('in its datapoints points at each row', async t => {
    t.same(found(await faults(t, {
      ...bundle,
      datapoints: [row, { ...row, measure: 'no-such' }, { ...row, period: 'Q4 2016' }, { ...row, period: 'FY2018', area: 'nowhere' }]
    })).sort(), [422, '/datapoints/1/measure unknown_measure', '/datapoints/2/period ambiguous_period', '/datapoints/3/area unknown_area'].sort())
    t.same(found(await faults(t, { ...bundle, datapoints: [{ ...row, value: 101 }] })), [422, '/datapoints/0/value out_of_range'])
    t.same(found(await faults(t, { ...bundle, datapoints: [{ ...row, valeu: 4 }] })), [422, '/datapoints/0/valeu unknown_column'])
    t.match(found(await faults(t, { ...bundle, datapoints: [row, { ...row, value: undefined, period: 'FY2018' }] })), [422, /^\/datapoints\/1\/value missing_value$/])
    t.match(found(await faults(t, { ...bundle, datapoints: [{ ...row, missing: 'tbc' }] })), [422, /^\/datapoints\/0(\/\w+)? value_and_missing$/])
    t.equal((await faults(t, { ...bundle, datapoints: [row, { ...row, value: 45 }] })).status, 422, 'two values for one key')
  })

  await t.test('that many rows share points at the first of them and lists the others', async t => {
    const twice = { ...row, period: 'Q4 2016' }
    const { errors, problems } = await faults(t, { ...bundle, datapoints: [row, twice, { ...row, period: 'FY2018' }, { ...twice, note: 'again' }] })
    t.same(errors.map(({ pointer }) => pointer), ['/datapoints/1/period'])
    t.match(problems, [{ code: 'ambiguous_period', rows: [1, 3], row_count: 2 }])
  })

  await t.test('that leaves out what another section names is refused, naming who names it', async t => {
    const { format, plan } = bundle
    const outcome = await faults(t, { format, plan, outcomes: [] })
    t.match(outcome, { status: 409, code: 'in_use', errors: [{ pointer: '/outcomes', code: 'in_use', detail: /'1a'.*line-1/ }] })
    const priority = await faults(t, { format, plan, priorities: [{ code: '2', title: 'Another' }] })
    t.match(priority, { status: 409, code: 'in_use', errors: [{ pointer: '/priorities', code: 'in_use', detail: /'1'.*outcomes '1a'/ }] })
  })

  await t.test('of case in a code that is taken is a conflict', async t => {
    t.match(await faults(t, { ...bundle, organisations: [{ code: 'COUNCIL', title: 'Council', kind: 'council' }] }), { status: 409, code: 'conflict' })
    t.match(await faults(t, { ...bundle, measures: [{ code: 'Recycling-Rate', title: 'Other' }] }), { status: 409, code: 'conflict' })
    t.match(await faults(t, { ...bundle, outcomes: [{ ...bundle.outcomes[0], code: '1A' }], plan_measures: [{ ...line, outcome: '1A' }] }), { status: 409, code: 'conflict' })
    for (const options of [{}, { etag }]) t.match(await faults(t, { ...bundle, plan: { ...bundle.plan, code: 'Plan-A' } }, '/v1/plans/Plan-A/bundle', options), { code: options.etag === undefined ? 'conflict' : /conflict|stale_version/ })
  })

  await t.test('in the last section leaves nothing of the first', async t => {
    const fresh = {
      format: bundle.format,
      plan: { code: 'plan-x', title: 'Plan X', owner: 'newcomer' },
      organisations: [{ code: 'newcomer', title: 'Newcomer', kind: 'other' }],
      measures: [{ code: 'new-measure', title: 'New measure', unit: 'percent' }],
      priorities: [{ code: '1', title: 'One' }],
      plan_measures: [{ code: 'l1', measure: 'new-measure', priorities: [{ priority: '1', relation: 'primary' }] }],
      datapoints: [{ measure: 'new-measure', area: 'E06000018', period: 'FY2017', value: 1 }, { measure: 'new-measure', area: 'nowhere', period: 'FY2017', value: 1 }]
    }
    t.same(found(await faults(t, fresh, '/v1/plans/plan-x/bundle', {})), [422, '/datapoints/1/area unknown_area'])
    for (const path of ['/v1/plans/plan-x', '/v1/organisations/newcomer', '/v1/measures/new-measure']) t.match(await admin.get(path), { status: 404 }, path)
  })
})
