// What may not be seen is not named either: in links, aliases and predecessors, by a filter, or as what was meant.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'

const plan = '/v1/plans/plan-a'

await t.test('names of hidden things', async t => {
  const { admin, anonymous, client } = await start(t)
  await makePlan(admin)
  await admin.put('/v1/organisations/keeper', { title: 'Keeper', kind: 'other' })
  await admin.patch('/v1/measures/recycling-rate', { steward: 'council' }, { etag: '"1"' })
  await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'keeper' })
  await admin.put('/v1/plans/secret-plan', { title: 'Secret', owner: 'keeper', visibility: 'private' })
  const editor = await client('editor', 'council')

  await t.test('stand in no link, alias or predecessor, and stay there when someone who sees less writes', async t => {
    const cases: Array<[url: string, member: string, value: unknown, shown: unknown]> = [
      ['/v1/measures/recycling-rate', 'links', [{ measure: 'secret-rate', relation: 'same' }, { measure: 'not-held', relation: 'related' }], [{ measure: 'not-held', relation: 'related' }]],
      [`${plan}/measures/line-1`, 'links', [{ plan: 'secret-plan', plan_measure: 'x', relation: 'same' }], []],
      ['/v1/organisations/council', 'aliases', [{ alias: 'C', plan: 'secret-plan' }, { alias: 'Council' }], [{ alias: 'Council' }]],
      [plan, 'predecessor', 'secret-plan', null]
    ]
    for (const [url, member, value, shown] of cases) {
      const { etag } = await admin.get(url)
      await admin.patch(url, { [member]: value }, { etag })
      for (const reader of [anonymous, editor]) t.same((await reader.get(url)).body[member], shown, `${url} ${member}`)
      t.notMatch((await anonymous.get(`${plan}/bundle`)).text, /secret/, 'nor in the bundle')
      const read = await editor.get(url)
      t.match(await editor.put(url, { ...read.body, note: 'Changed.' }, { etag: read.etag }), { status: 200 })
      t.same((await admin.get(url)).body[member], value, `${url} keeps its ${member}`)
    }
  })

  await t.test('are not found out by a filter of updates', async t => {
    await admin.put(`${plan}/priorities/2`, { ref: '2', title: 'Quiet', position: 2 })
    await admin.put(`${plan}/outcomes/2a`, { priority: '2', ref: '2a' })
    await admin.put(`${plan}/measures/secret-line`, { measure: 'secret-rate', outcome: '2a' })
    await admin.put(`${plan}/updates/mixed`, { text: 'On both.', plan_measures: ['line-1', 'secret-line'], sensitivity: 'public' })
    for (const filter of ['priority=2', 'outcome=2a']) {
      t.same((await anonymous.get(`${plan}/updates?${filter}`)).body.items, [], filter)
      t.equal((await admin.get(`${plan}/updates?${filter}`)).body.items.length, 1, filter)
    }
    t.equal((await anonymous.get(`${plan}/updates?priority=1`)).body.items.length, 1, 'by what it is openly on it is found')
  })

  await t.test('are not suggested, while what may be seen is', async t => {
    const faults = async (client: typeof admin, measure: string) => (await client.put(`${plan}/measures/new`, { measure, outcome: '1a' })).body.errors
    t.match(await faults(editor, 'secret-rat'), [{ code: 'unknown_measure', detail: /^(?!.*Did you mean)/ }])
    t.match(await faults(admin, 'secret-rat'), [{ detail: /Did you mean 'secret-rate'\?/ }])
    t.match(await faults(editor, 'recycling-rat'), [{ detail: /Did you mean 'recycling-rate'\?/ }])
  })

  await t.test('what is written can be read back by who writes it', async t => {
    t.match(await editor.put('/v1/measures/lost', { title: 'Lost', visibility: 'private' }), { status: 403, body: { code: 'forbidden', detail: /name it as steward/ } })
    t.match(await editor.put('/v1/measures/kept', { title: 'Kept', visibility: 'private', steward: 'council' }), { status: 201 })
  })

  await t.test('nothing of a plan lies more than 20 levels deep', async t => {
    const chain = (length: number) => Array.from({ length }, (_, i) => ({ code: `deep-${i}`, text: 'x', sensitivity: 'public', ...(i > 0 && { parent: `deep-${i - 1}` }) }))
    const bundle = (updates: unknown[]) => ({ format: 'outturn-bundle/1', plan: { code: 'deep', title: 'Deep', owner: 'council' }, updates })
    t.match(await admin.put('/v1/plans/deep/bundle', bundle(chain(21))), { status: 422, body: { errors: [{ code: 'too_deep' }] } })
    t.match(await admin.put('/v1/plans/deep/bundle', bundle(chain(20))), { status: 201 })
    t.match(await admin.put('/v1/plans/deep/updates/lower', { text: 'x', parent: 'deep-19' }), { status: 422, body: { errors: [{ pointer: '/parent', code: 'too_deep' }] } })
    await admin.put('/v1/plans/deep/updates/upper', { text: 'x' })
    t.match(await admin.patch('/v1/plans/deep/updates/deep-0', { parent: 'upper' }, { etag: '"1"' }), { status: 422, body: { errors: [{ code: 'too_deep' }] } }, 'from above neither')
  })
})
