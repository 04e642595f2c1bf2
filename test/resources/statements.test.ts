// Statements and reviews: a coded form for each kind, references inside it, and silence about what is hidden.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { walk } from './figures.js'

const plan = '/v1/plans/plan-a'

await t.test('statements', async t => {
  const { admin, client, anonymous } = await start(t)
  await makePlan(admin)
  await admin.put('/v1/areas/england', { title: 'England', kind: 'nation' })
  const put = (code: string, body: Record<string, unknown>) => admin.put(`${plan}/statements/${code}`, body)
  const forms: Record<string, Record<string, unknown>> = {
    comparison: { direction: 'higher', measure: 'recycling-rate', area: 'E06000018', against: 'england', against_printed: 'the average', significance: 'significant', period: '2016/17' },
    figure: { value: '16 and 36', number: 16.5, unit: 'schools', bound: 'at_least', period: '2016', measure: 'recycling-rate', area: 'england' },
    status_summary: { total: 61, counts: { achieved: 19, on_track: 40 }, period: '2011/12' },
    equality: { characteristic: 'Age', positive: 'Yes', adverse: 'No', unmet: 'Unknown', evidence: 'Needs assessment' },
    reference: { url: 'www.example.org/jsna' }
  }
  for (const kind of ['trend', 'target_attainment', 'availability', 'caution', 'method_change']) forms[kind] = { ...forms.comparison, direction: 'no_change' }

  await t.test('each kind has its own coded form and needs no words beside it', async t => {
    for (const [kind, data] of Object.entries(forms)) {
      t.match(await put(`form-${kind}`, { kind, data }), { status: 201 }, kind)
      t.same((await admin.get(`${plan}/statements/form-${kind}`)).body.data, data, kind)
    }
  })

  await t.test('a member of another kind is refused with those it may have', async t => {
    for (const [kind, data] of Object.entries(forms)) {
      for (const [other, foreign] of Object.entries(forms)) {
        const names = Object.keys(foreign).filter(name => !(name in data))
        if (names.length === 0) continue
        const { status, body } = await put('foreign', { kind, text: 'Words.', data: { ...foreign } })
        t.equal(status, 422, `${kind} with the form of ${other}`)
        t.same(body.errors.map((fault: any) => [fault.pointer, fault.code]), names.map(name => [`/data/${name}`, 'contradiction']))
        t.same(body.errors[0].allowed.toSorted(), Object.keys(data).sort())
      }
    }
    for (const kind of ['theme', 'aim', 'success', 'impact', 'scope', 'rationale']) {
      t.match(await put('foreign', { kind, text: 'Words.', data: { url: 'x' } }), { status: 422, body: { errors: [{ pointer: '/data/url', detail: /no coded form/ }] } }, kind)
      t.match(await put(`words-${kind}`, { kind, text: 'Words.' }), { status: 201 })
    }
    t.match(await put('foreign', { kind: 'figure', data: { colour: 'red' } }), { status: 400, body: { errors: [{ pointer: '/data/colour', code: 'unknown_member' }] } })
    t.match(await put('foreign', { kind: 'trend', data: { direction: 'sideways' } }), { status: 400, body: { errors: [{ pointer: '/data/direction', code: 'not_allowed' }] } })
    t.match(await put('foreign', { kind: 'status_summary', data: { counts: { achieved: -1 } } }), { status: 400 })
  })

  await t.test('it says something: in words, in coded form or both', async t => {
    for (const body of [{ kind: 'aim' }, { kind: 'figure', data: {} }, { kind: 'figure', data: { value: null } }]) t.match(await put('mute', body), { status: 422, body: { errors: [{ pointer: '/text', code: 'missing_member' }] } })
    t.match(await put('mute', { kind: 'aim', text: '  ' }), { status: 400 })
  })

  await t.test('what it names, in its form too, must be there', async t => {
    const { status, body } = await put('stray', { kind: 'comparison', priority: '9', outcome: '9z', plan_measure: 'line-9', action: 'none', data: { measure: 'no-measure', area: 'nowhere', against: 'nobody' } })
    t.equal(status, 422)
    t.same(body.errors.map((fault: any) => `${fault.pointer} ${fault.code}`).sort(), [
      '/action unknown_action', '/data/against unknown_area', '/data/area unknown_area', '/data/measure unknown_measure', '/outcome unknown_outcome', '/plan_measure unknown_plan_measure', '/priority unknown_priority'
    ])
    await admin.put('/v1/plans/plan-b', { title: 'B', owner: 'council' })
    t.match(await admin.put('/v1/plans/plan-b/statements/stray', { kind: 'aim', text: 'x', priority: '1' }), { status: 422 }, 'and in the same plan')
  })

  await t.test('what its form names stays, until it is changed', async t => {
    for (const code of ['seen-area', 'seen-against']) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
    await makeMeasure(admin, 'seen-measure')
    await admin.put(`${plan}/priorities/held`, {})
    await put('holder', { kind: 'comparison', priority: 'held', data: { measure: 'seen-measure', area: 'seen-area', against: 'seen-against' } })
    const held = ['/v1/areas/seen-area', '/v1/areas/seen-against', '/v1/measures/seen-measure', `${plan}/priorities/held`]
    for (const path of held) t.match(await admin.delete(path, { etag: '*' }), { status: 409, body: { code: 'in_use', errors: [{ detail: /^\/v1\/plans\/plan-a\/statements\/holder / }] } }, path)
    await admin.patch(`${plan}/statements/holder`, { priority: null, data: { measure: null, area: null, against: null, direction: 'better' } }, { etag: '"1"' })
    t.same((await admin.get(`${plan}/statements/holder`)).body.data, { direction: 'better' })
    for (const path of held) t.match(await admin.delete(path, { etag: '*' }), { status: 204 }, path)
  })

  await t.test('lists are filtered by kind, priority and line', async t => {
    await admin.put(`${plan}/priorities/f`, {})
    for (const [code, fields] of [['f-1', { kind: 'aim', priority: 'f' }], ['f-2', { kind: 'success', priority: 'f' }], ['f-3', { kind: 'caution', plan_measure: 'line-1' }]] as const) await put(code, { text: 'x', ...fields })
    const listed = async (query: string) => (await anonymous.get(`${plan}/statements?count=true&${query}`)).body
    t.match(await listed('priority=f'), { total: 2, items: [{ code: 'f-1' }, { code: 'f-2' }] })
    t.match(await listed('priority=f&kind=success'), { total: 1, items: [{ code: 'f-2' }] })
    t.match(await listed('plan_measure=line-1'), { total: 1, items: [{ code: 'f-3' }] })
    t.match(await listed('plan_measure=no-line'), { total: 0, warnings: [{ parameter: 'plan_measure', value: 'no-line' }] })
    t.match(await anonymous.get(`${plan}/statements?kind=poem`), { status: 400 })
  })

  await t.test('about a hidden line or measure it is hidden everywhere', async t => {
    await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'steward' })
    await admin.put('/v1/organisations/steward', { title: 'Steward', kind: 'other' })
    await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'steward' })
    await admin.put(`${plan}/measures/secret-line`, { measure: 'secret-rate', outcome: '1a' })
    await put('whispered-1', { kind: 'caution', text: 'Unspeakable.', plan_measure: 'secret-line' })
    await put('whispered-2', { kind: 'comparison', text: 'Unspeakable.', data: { measure: 'secret-rate' } })
    await put('whispered-3', { kind: 'comparison', text: 'Unspeakable.', plan_measure: 'line-1', data: { measure: 'secret-rate' } })
    const [reader, steward] = [await client('editor', 'elsewhere'), await client('reader', 'steward')]
    for (const [one, sees] of [[anonymous, false], [reader, false], [steward, true], [admin, true]] as const) {
      for (const code of ['whispered-1', 'whispered-2', 'whispered-3']) t.equal((await one.get(`${plan}/statements/${code}`)).status, sees ? 200 : 404)
      t.equal((await walk(one, `${plan}/statements`, { limit: 3 })).filter(item => item.text === 'Unspeakable.').length, sees ? 3 : 0)
      for (const path of ['bundle', 'tree', 'statements?plan_measure=line-1']) if (!sees) t.notMatch((await one.get(`${plan}/${path}`)).text, /Unspeakable|whispered|secret/, path)
      t.match((await one.get(`${plan}/statements?plan_measure=secret-line&count=true`)).body, sees ? { total: 1 } : { total: 0, warnings: [{ parameter: 'plan_measure' }] })
    }
    t.equal((await anonymous.get(`${plan}/bundle`)).body.partial, true)
    const council = await client('editor', 'council')
    for (const code of ['whispered-1', 'new']) t.match(await reader.put(`${plan}/statements/${code}`, { kind: 'aim', text: 'Mine now' }), { status: 403 }, 'the plan is not theirs, whatever is hidden there')
    t.match(await council.put(`${plan}/statements/whispered-1`, { kind: 'aim', text: 'Mine now' }), { status: 404 })
    t.match(await council.put(`${plan}/statements/new`, { kind: 'trend', data: { measure: 'secret-rate' } }), { status: 422, body: { errors: [{ pointer: '/data/measure', code: 'unknown_measure' }] } })
    const { body } = await reader.get('/v1/changes?limit=1000')
    t.notOk(body.items.some((change: any) => /whispered/.test(change.resource)), 'nor is its path in the changes')
  })

  await t.test('about a hidden measure it holds its area without being named', async t => {
    await admin.put('/v1/areas/quiet', { title: 'Quiet', kind: 'other' })
    await put('whispered-4', { kind: 'comparison', data: { measure: 'secret-rate', against: 'quiet' } })
    const { status, text } = await (await client('editor', 'elsewhere')).delete('/v1/areas/quiet', { etag: '*' })
    t.equal(status, 403)
    t.notMatch(text, /whispered|secret/)
  })

  await t.test('a review has a readable period and a due date that makes sense', async t => {
    const review = (body: Record<string, unknown>) => admin.put(`${plan}/reviews/r`, { kind: 'annual', ...body })
    t.match(await review({ period: 'Q4 2015' }), { status: 422, body: { errors: [{ pointer: '/period', code: 'invalid_period', detail: /CY2015-Q4/ }] } })
    t.match(await review({ due: { kind: 'by', label: 'by then' } }), { status: 422, body: { errors: [{ pointer: '/due' }] } })
    t.match(await review({ organisation: 'nobody' }), { status: 422, body: { errors: [{ pointer: '/organisation', code: 'unknown_organisation' }] } })
    t.match(await review({ kind: 'monthly' }), { status: 400 })
    t.match(await review({ period: 'FY2015', held_on: '2015-12-16', organisation: 'council', item: '32', document: 'Report', due: { kind: 'during', label: 'autumn 2015', earliest: '2015-09-01', latest: '2015-11-30' } }), { status: 201 })
    await admin.put(`${plan}/reviews/s`, { kind: 'six_month' })
    t.same((await anonymous.get(`${plan}/reviews?kind=annual`)).body.items.map((item: any) => item.code), ['r'])
    await admin.put(`${plan}/updates/u`, { text: 'Said there', review: 'r' })
    t.match(await admin.delete(`${plan}/reviews/r`, { etag: '*' }), { status: 409, body: { errors: [{ detail: /^\/v1\/plans\/plan-a\/updates\/u / }] } })
  })
})
