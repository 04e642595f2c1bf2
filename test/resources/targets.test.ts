// Targets: what each kind must say, exact numbers, one code within a measure, one list across all, and what holds what.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { city, walk } from './figures.js'

const at = (code: string, measure = 'recycling-rate') => `/v1/measures/${measure}/targets/${code}`

const found = ({ status, body }: { status: number, body: any }) => [status, ...(body.errors ?? []).map((fault: { pointer: string, code: string }) => `${fault.pointer} ${fault.code}`)]

await t.test('targets', async t => {
  const { admin, client, anonymous } = await start(t)
  await makePlan(admin)
  await makeMeasure(admin, 'other-rate')
  await admin.put('/v1/areas/england', { title: 'England', kind: 'nation' })
  await admin.put('/v1/areas/ward-1', { title: 'Ward', kind: 'ward', parent: city })
  await admin.put('/v1/areas/street-1', { title: 'Street', kind: 'other', parent: 'ward-1' })
  let count = 0
  const put = (body: Record<string, unknown>, code = `t-${++count}`) => admin.put(at(code), body)

  await t.test('each kind says what it needs and which operators it has', async t => {
    t.same(found(await put({ kind: 'absolute' })), [422, '/value missing_member', '/operator missing_member'])
    t.same(found(await put({ kind: 'absolute', value: 1, operator: 'between' })), [422, '/operator contradiction'])
    t.same((await put({ kind: 'absolute', value: 1, operator: 'between' })).body.errors[0].allowed, ['at_least', 'at_most', 'equal', 'above', 'below'])
    t.same(found(await put({ kind: 'range', lower: 5 })), [422, '/upper missing_member'])
    t.same(found(await put({ kind: 'range', upper: 5, operator: 'at_most' })), [422, '/lower missing_member', '/operator contradiction'])
    t.same(found(await put({ kind: 'range', lower: 6, upper: 5 })), [422, '/lower contradiction'])
    t.same(found(await put({ kind: 'range', lower: 5, upper: 6, value: 5 })), [422, '/value contradiction'])
    t.same(found(await put({ kind: 'absolute', operator: 'at_least', value: 5, lower: 5, comparator: 'england' })), [422, '/lower contradiction', '/comparator contradiction'])
    t.same(found(await put({ kind: 'milestone', value: 5, operator: 'at_least' })), [422, '/value contradiction', '/operator contradiction'])
    t.same(found(await put({ kind: 'relative', operator: 'at_least' })), [422, '/comparator missing_member'])
    t.same(found(await put({ kind: 'relative', comparator: 'england', operator: 'reduce_by' })), [422, '/operator contradiction'])
    t.same(found(await put({ kind: 'directional' })), [422, '/operator missing_member'])
    t.same(found(await put({ kind: 'directional', operator: 'at_most' })), [422, '/operator contradiction'])
    t.same(found(await put({ kind: 'change', operator: 'reduce_by' })), [422, '/value missing_member'])
    t.same(found(await put({ kind: 'change', value: 3 })), [422, '/operator missing_member'])
    t.same(found(await put({ kind: 'change', value: 3, operator: 'decrease' })), [422, '/operator contradiction'])
    t.match(found(await put({ kind: 'hope' })), [400, '/kind not_allowed'])
    t.match(found(await put({})), [400, '/kind missing_member'])
  })

  await t.test('each kind is taken as it should be said', async t => {
    for (const body of [
      { kind: 'absolute', operator: 'at_most', value: 0 }, { kind: 'range', lower: 5, upper: 5 }, { kind: 'range', lower: -1.5, upper: 5, operator: 'between' },
      { kind: 'relative', operator: 'in_line', comparator: 'england' }, { kind: 'directional', operator: 'increase' },
      { kind: 'change', operator: 'reduce_by', value: 50, unit: 'percent', baseline: { value: 40, period: 'FY2010' } },
      { kind: 'milestone', by: '2018-03-31' }, { kind: 'external_reference', printed: '(Nottingham Plan target)' }
    ]) {
      const code = `kind-${++count}`
      t.match(await put(body, code), { status: 201, body }, JSON.stringify(body))
      t.match(await admin.get(at(code)), { status: 200, body: { ...body, measure: 'recycling-rate', code, level: 'target', each_sub_area: false, breakdown: {} } })
    }
  })

  await t.test('it has a period or a day, not both; a period is named by its code', async t => {
    t.same(found(await put({ kind: 'milestone', period: 'FY2017', by: '2018-03-31' })), [422, '/by contradiction'])
    t.match(await put({ kind: 'milestone', period: 'Q4 2016' }), { status: 422, body: { errors: [{ pointer: '/period', code: 'invalid_period', detail: /CY2016-Q4/ }] } })
    t.match(await put({ kind: 'milestone', period: 'Q4 2016' }), { status: 422, body: { errors: [{ pointer: '/period', detail: /CY2016-Q4/ }] } })
    t.match(await put({ kind: 'milestone', baseline: { value: 1, period: '2010-11' } }), { status: 422, body: { errors: [{ pointer: '/baseline/period', detail: /Write FY2010\./ }] } })
    t.same(found(await put({ kind: 'milestone', baseline: { period: 'FY2010' } })), [400, '/baseline/value missing_member'])
    t.match(found(await put({ kind: 'milestone', by: '2017-02-30' })), [400, '/by wrong_form'])
    t.match(await put({ kind: 'milestone', period: 'FY2014..FY2016', baseline: { value: 8.0 } }), { status: 201, body: { period: 'FY2014..FY2016', baseline: { value: 8 } } })
  })

  await t.test('numbers come back exactly as they were sent', async t => {
    for (const [i, text] of ['0.1', '458', '8.0', '-3.25', '123456789.012345', '0.00000123456789012345', '99999999999999.9', '1e-7', '-0'].entries()) {
      const code = `exact-${i}`
      const headers = { 'content-type': 'application/json' }
      for (const [kind, sent] of [
        ['change', `{"kind":"change","operator":"reduce_by","value":${text},"baseline":{"value":${text}}}`], ['range', `{"kind":"range","lower":${text},"upper":${text}}`]
      ] as const) {
        t.match(await admin.put(at(`${kind}-${code}`), sent, { headers }), { status: 201 }, text)
        const { value, lower, upper, baseline } = (await admin.get(at(`${kind}-${code}`))).body
        t.same([value, lower, upper, baseline?.value], kind === 'range' ? [null, Number(text), Number(text), undefined] : [Number(text), null, null, Number(text)], text)
        t.match(await admin.put(at(`${kind}-${code}`), sent, { headers }), { status: 200, etag: '"1"' }, 'the same number again is no change')
      }
    }
  })

  await t.test('a number of more digits than are kept exactly is refused, not rounded', async t => {
    for (const text of ['0.1234567890123456', '12345678901234567', '1e300']) {
      const body = `{"kind":"absolute","operator":"at_least","value":${text}}`
      const answer = await admin.put(at(`long-${++count}`), body, { headers: { 'content-type': 'application/json' } })
      t.match(answer, { status: /^(400|422)$/, body: { errors: [{ pointer: '/value', code: 'out_of_range' }] } }, text)
    }
  })

  await t.test('the breakdown it is for is one of the measure, and is kept whatever order it was sent in', async t => {
    const dimension = (code: string, value: string) => ({ code, title: code, values: [{ code: value, title: value }] })
    await makeMeasure(admin, 'divided', { dimensions: [dimension('subject', 'reading'), dimension('group', 'looked-after-children')] })
    const breakdown = { subject: 'reading', group: 'looked-after-children' }
    t.match(await admin.put(at('b', 'divided'), { kind: 'milestone', breakdown }), { status: 201, body: { breakdown } })
    t.match(await admin.put(at('b', 'divided'), { kind: 'milestone', breakdown: { group: 'looked-after-children', subject: 'reading' } }), { status: 200, etag: '"1"' })
    t.match(await admin.put(at('c', 'divided'), { kind: 'milestone', breakdown: { subject: 'maths', sex: 'girls' } }), {
      status: 422,
      body: {
        errors: [
          { pointer: '/breakdown/subject', code: 'unknown_breakdown', allowed: ['reading'] }, { pointer: '/breakdown/sex', code: 'unknown_breakdown', allowed: ['subject', 'group'] }
        ]
      }
    })
  })

  await t.test('its code is its own within the measure, ignoring case; on another measure it is another target', async t => {
    t.match(await put({ kind: 'milestone' }, 'Same'), { status: 201 })
    t.match(await put({ kind: 'milestone' }, 'SAME'), { status: 409, body: { code: 'conflict' } })
    t.match(await admin.put(at('SAME', 'other-rate'), { kind: 'directional', operator: 'increase' }), { status: 201 })
    t.match(await admin.get(at('Same')), { body: { kind: 'milestone', measure: 'recycling-rate' } })
    t.match(await admin.delete(at('SAME', 'other-rate'), { etag: '"1"' }), { status: 204 })
    t.match(await admin.get(at('Same')), { status: 200 })
    t.match(await admin.put(at('x', 'no-measure'), { kind: 'milestone' }), { status: 404 })
    t.match(await admin.get('/v1/measures/no-measure/targets'), { status: 404 })
  })

  await t.test('what it names must be there', async t => {
    const answer = await put({ kind: 'relative', operator: 'above', plan: 'no-plan', area: 'nowhere', comparator: 'nobody' })
    t.same(found(answer).sort(), ['/area unknown_area', '/comparator unknown_area', '/plan unknown_plan', 422])
  })

  await t.test('one list across measures can be filtered and paged to its end', async t => {
    await makeMeasure(admin, 'listed')
    await admin.put('/v1/plans/plan-l', { title: 'L', owner: 'council', visibility: 'public' })
    for (const [measure, code, fields] of [
      ['listed', 'a', { plan: 'plan-l', area: city }], ['listed', 'b', { area: 'ward-1' }], ['other-rate', 'a', { plan: 'plan-l', area: 'street-1' }],
      ['other-rate', 'c', { plan: 'plan-l', area: 'england', kind: 'directional', operator: 'increase' }], ['listed', 'd', {}]
    ] as const) await admin.put(at(code, measure), { kind: 'milestone', ...fields })
    const keys = async (query: Record<string, string | number>) => (await walk(anonymous, '/v1/targets', query)).map(item => `${String(item.measure)}/${String(item.code)}`)
    t.same(await keys({ plan: 'plan-l' }), ['listed/a', 'other-rate/a', 'other-rate/c'])
    t.same(await keys({ plan: 'plan-l', limit: 1 }), ['listed/a', 'other-rate/a', 'other-rate/c'])
    t.same(await keys({ measure: 'listed' }), ['listed/a', 'listed/b', 'listed/d'])
    t.same(await keys({ area: 'ward-1' }), ['listed/b'])
    t.same(await keys({ within: city }), ['listed/a', 'other-rate/a', 'listed/b'])
    t.same(await keys({ within: 'ward-1' }), ['other-rate/a', 'listed/b'])
    t.same(await keys({ plan: 'plan-l', kind: 'directional' }), ['other-rate/c'])
    const all = (await anonymous.get('/v1/targets?limit=1000&count=true')).body
    t.equal(all.total, all.items.length)
    t.same(await keys({ limit: 1 }), all.items.map((item: any) => `${item.measure}/${item.code}`), 'nothing twice, nothing skipped')
    for (const [name, code] of [['measure', 'unknown_measure'], ['plan', 'unknown_plan'], ['area', 'unknown_area'], ['within', 'unknown_area']] as const) {
      t.match((await anonymous.get(`/v1/targets?count=true&${name}=nothing`)).body, { items: [], total: 0, warnings: [{ code, parameter: name }] })
    }
    t.match(await anonymous.get('/v1/targets?kind=hope'), { status: 400 })
    t.match((await anonymous.get('/v1/measures/other-rate/targets')).body.items.map((item: any) => item.code), ['a', 'c'])
  })

  await t.test('of a hidden measure or plan it is hidden everywhere', async t => {
    await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'council' })
    await admin.put('/v1/plans/secret-plan', { title: 'S', owner: 'council', visibility: 'private' })
    await admin.put(at('hidden', 'secret-rate'), { kind: 'milestone', plan: 'plan-a' })
    await admin.put(at('planned'), { kind: 'milestone', plan: 'secret-plan' })
    await admin.put(at('both', 'secret-rate'), { kind: 'milestone', plan: 'secret-plan' })
    const paths = [at('hidden', 'secret-rate'), at('planned'), at('both', 'secret-rate')]
    const [owner, reader] = [await client('editor', 'council'), await client('editor', 'elsewhere')]
    for (const [one, sees] of [[owner, true], [admin, true], [reader, false], [anonymous, false]] as const) {
      for (const path of paths) t.equal((await one.get(path)).status, sees ? 200 : 404, path)
      const { text } = await one.get('/v1/targets?limit=1000')
      t.equal(/"(hidden|planned|both)"/.test(text), sees, 'list')
      t.equal(/secret/.test(`${(await one.get('/v1/plans/plan-a/bundle')).text}${(await one.get('/v1/measures/recycling-rate/targets')).text}`), sees, 'bundle and list of the measure')
      for (const [name, value] of [['plan', 'secret-plan'], ['measure', 'secret-rate']] as const) t.match((await one.get(`/v1/targets?count=true&${name}=${value}`)).body, sees ? { total: 2 } : { total: 0, warnings: [{ parameter: name }] })
      t.equal((await one.get('/v1/measures/secret-rate/targets')).status, sees ? 200 : 404)
    }
    t.match((await anonymous.get('/v1/plans/plan-a/bundle')).body, { partial: true }, 'and its plan says that something is missing')
    for (const code of ['planned', 'PLANNED', 'not-there']) t.match(await reader.put(at(code), { kind: 'milestone' }), { status: 403 }, 'the measure is not theirs, whatever is hidden there')
    const steward = await client('editor', 'steward')
    await admin.patch('/v1/measures/recycling-rate', { steward: 'steward' }, { etag: '*' })
    for (const code of ['planned', 'PLANNED']) t.match(await steward.put(at(code), { kind: 'milestone' }), { status: 404 })
    t.match(await reader.delete(at('planned'), { etag: '*' }), { status: 404 })
    t.match(await reader.put(at('mine'), { kind: 'milestone', plan: 'secret-plan' }), { status: 422, body: { errors: [{ pointer: '/plan', code: 'unknown_plan', detail: "No plan has the code 'secret-plan'." }] } })
  })

  await t.test('the area, comparator and measure it names stay, and the answer says where it is', async t => {
    for (const code of ['held-area', 'held-comparator']) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
    await makeMeasure(admin, 'held-measure')
    await admin.put(at('holder', 'held-measure'), { kind: 'relative', operator: 'above', area: 'held-area', comparator: 'held-comparator' })
    for (const path of ['/v1/areas/held-area', '/v1/areas/held-comparator', '/v1/measures/held-measure']) {
      const { status, body } = await admin.delete(path, { etag: '*' })
      t.match({ status, body }, { status: 409, body: { code: 'in_use' } }, path)
      const named = /\/v1\/\S+/.exec(body.errors[0].detail)![0]
      t.match(await admin.get(named), { status: 200, body: { code: 'holder' } }, named)
    }
    await admin.delete(at('holder', 'held-measure'), { etag: '"1"' })
    for (const path of ['/v1/areas/held-area', '/v1/areas/held-comparator', '/v1/measures/held-measure']) t.match(await admin.delete(path, { etag: '*' }), { status: 204 }, path)
  })

  await t.test('one on a measure that the key may not see holds its area without being named', async t => {
    await admin.put('/v1/areas/secretly-held', { title: 'Held', kind: 'other' })
    await admin.put(at('quiet', 'secret-rate'), { kind: 'milestone', area: 'secretly-held' })
    const { status, text } = await (await client('editor', 'elsewhere')).delete('/v1/areas/secretly-held', { etag: '*' })
    t.equal(status, 403)
    t.notMatch(text, /secret-rate|quiet/)
  })

  await t.test('goes with the plan that set it; those of no plan and of other plans stay', async t => {
    for (const code of ['going', 'staying']) await admin.put(`/v1/plans/${code}`, { title: code, owner: 'council' })
    await admin.put('/v1/areas/only-going', { title: 'Only there', kind: 'other' })
    await makeMeasure(admin, 'of-going')
    await admin.put(at('gone', 'of-going'), { kind: 'milestone', plan: 'going', area: 'only-going' })
    await admin.put(at('stays', 'of-going'), { kind: 'milestone', plan: 'staying' })
    await admin.put(at('free', 'of-going'), { kind: 'milestone' })
    await admin.put(at('moved', 'of-going'), { kind: 'milestone', plan: 'going', area: 'england' })
    await admin.patch(at('moved', 'of-going'), { plan: 'staying' }, { etag: '"1"' })
    t.match(await admin.delete('/v1/plans/going', { etag: '*' }), { status: 204 })
    t.same((await walk(admin, '/v1/measures/of-going/targets')).map(item => [item.code, item.plan]), [['free', null], ['moved', 'staying'], ['stays', 'staying']])
    t.match(await admin.delete('/v1/areas/only-going', { etag: '*' }), { status: 204 }, 'and hold nothing any more')
    t.match(await admin.delete('/v1/areas/england', { etag: '*' }), { status: 409, body: { errors: [{ detail: /./ }] } })
  })
})
