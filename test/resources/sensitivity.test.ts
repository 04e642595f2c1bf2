// Who reads an update: by its own sensitivity, by that of all it is a part of, and by the lines that it is on.
import t from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { walk } from './figures.js'

const plan = '/v1/plans/plan-a'
const list = `${plan}/updates`

await t.test('sensitivity', async t => {
  const { admin, client, anonymous } = await start(t)
  for (const code of ['named', 'steward', 'elsewhere', 'only-restricted']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  const partners = ['named', 'elsewhere'].map(organisation => ({ organisation, role: 'partner' }))
  await makePlan(admin, 'plan-a', { organisations: partners })
  await admin.patch(`${plan}/measures/line-1`, { organisations: partners }, { etag: '"1"' })
  await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'steward' })
  await admin.put(`${plan}/measures/secret-line`, { measure: 'secret-rate', outcome: '1a' })
  await admin.put(`${plan}/reviews/rev`, { kind: 'annual' })
  const put = (code: string, body: Record<string, unknown>) => admin.put(`${list}/${code}`, { text: `Words of ${code}.`, period: 'FY2017', ...body })
  const named = [{ organisation: 'named', role: 'reporter' }]
  await put('u-public', { sensitivity: 'public', plan_measures: ['line-1'] })
  await put('u-partners', { plan_measures: ['line-1'] })
  await put('u-restricted', { sensitivity: 'restricted', plan_measures: ['line-1'], review: 'rev', organisations: [...named, { organisation: 'only-restricted', role: 'partner' }] })
  await put('p-open', { sensitivity: 'public', parent: 'u-restricted' })
  await put('p-partners', { parent: 'p-open' })
  await put('h-only', { sensitivity: 'public', plan_measures: ['secret-line'] })
  await put('h-part', { sensitivity: 'public', parent: 'h-only' })
  await put('h-mixed', { sensitivity: 'public', plan_measures: ['secret-line', 'line-1'] })
  await put('n-lines', { sensitivity: 'public' })
  const [reader, insider, owner, steward] = [await client('reader', 'elsewhere'), await client('contributor', 'named'), await client('reader', 'council'), await client('contributor', 'steward')]
  const open = ['h-mixed', 'n-lines', 'u-public']
  const restricted = ['p-open', 'p-partners', 'u-partners', 'u-restricted']
  const everything = [...open, ...restricted, 'h-only', 'h-part'].sort()
  const seen: Array<[string, Client, string[]]> = [
    ['anyone', anonymous, open],
    ['a reader elsewhere', reader, [...open, 'u-partners']],
    ['an organisation that it names', insider, [...open, ...restricted]],
    ["the plan's owner", owner, [...open, ...restricted]],
    ['the steward of the hidden measure', steward, [...open, 'u-partners', 'h-only', 'h-part']],
    ['an administrator', admin, everything]
  ]

  for (const [who, one, unsorted] of seen) {
    const codes = unsorted.toSorted()
    const shown = (text: string) => everything.filter(code => text.includes(`"${code}"`) || text.includes(`Words of ${code}.`))

    await t.test(`${who} finds in lists, counts and filters what is theirs to read, and gets 404 for the rest`, async t => {
      t.same((await walk(one, list, { limit: 2 })).map(item => item.code), codes)
      t.match((await one.get(`${list}?count=true&limit=1`)).body, { total: codes.length })
      t.match((await one.get(`${list}?count=true&period=FY2017`)).body, { total: codes.length })
      for (const code of everything) t.equal((await one.get(`${list}/${code}`)).status, codes.includes(code) ? 200 : 404, code)
      t.same((await walk(one, `${list}?plan_measure=line-1`)).map(item => item.code), ['h-mixed', 'u-partners', 'u-public', 'u-restricted'].filter(code => codes.includes(code)))
      t.same((await walk(one, `${list}?organisation=named`)).map(item => item.code), ['u-restricted'].filter(code => codes.includes(code)))
      t.match((await one.get(`${list}?review=rev&count=true`)).body, { total: codes.includes('u-restricted') ? 1 : 0 })
    })

    await t.test(`${who} reads the same in tree, report and bundle`, async t => {
      const tree = await one.get(`${plan}/tree`)
      t.same(shown(tree.text), ['h-mixed', 'u-partners', 'u-public', 'u-restricted', ...(codes.includes('h-only') ? ['h-only'] : [])].filter(code => codes.includes(code)).sort())
      const written = await one.get(`${plan}/report`)
      t.equal(written.status, 200)
      t.same(everything.filter(code => written.text.includes(`Words of ${code}.`)).filter(code => !codes.includes(code)), [], 'and no more in the report')
      t.ok(written.text.includes('Words of u-public.'))
      const bundle = await one.get(`${plan}/bundle`)
      t.same(bundle.body.updates.map((item: any) => item.code), codes)
      t.equal(bundle.body.partial, one === admin ? undefined : true)
      t.equal(bundle.text.includes('only-restricted'), codes.includes('u-restricted'), 'nor the organisations that only it names')
      if (one !== admin) t.match(await admin.put(`${plan}/bundle`, bundle.body, { etag: bundle.etag }), { status: 422, body: { code: 'unprocessable' } })
    })

    await t.test(`${who} sees of an update on an open and a hidden line only the open one`, async t => {
      t.same((await one.get(`${list}/h-mixed`)).body.plan_measures, codes.includes('h-only') ? ['secret-line', 'line-1'] : ['line-1'])
    })

    await t.test(`${who} follows the changes of what they may read and of nothing else`, async t => {
      if (one === anonymous) return
      const { body } = await one.get(`/v1/changes?limit=1000&resource=${list}`)
      t.same(body.items.map((change: any) => change.resource.slice(list.length + 1)).sort(), codes)
    })
  }

  await t.test('a part is not named to who may not read the whole, whatever they send', async t => {
    const editor = await client('editor', 'elsewhere')
    for (const code of ['u-restricted', 'p-open', 'h-only']) {
      t.match(await editor.put(`${list}/new`, { text: 'x', parent: code }), { status: 422, body: { errors: [{ pointer: '/parent', code: 'unknown_update', detail: `No update has the code '${code}' in this plan.` }] } })
      t.match(await editor.put(`${list}/${code}`, { text: 'Mine now.' }), { status: 404 })
      t.match(await editor.patch(`${list}/${code}`, { text: 'Mine now.' }, { etag: '*' }), { status: 404 })
      t.match(await editor.delete(`${list}/${code}`, { etag: '*' }), { status: 404 })
    }
    t.match(await editor.post(list, { text: 'x', plan_measures: ['secret-line'] }), { status: 422, body: { errors: [{ pointer: '/plan_measures/0', code: 'unknown_plan_measure' }] } })
  })

  await t.test('what a hidden update names is held, without a word of the update', async t => {
    const editor = await client('editor', 'elsewhere')
    const council = await client('editor', 'council')
    await admin.put(`${plan}/reviews/quiet`, { kind: 'annual' })
    await admin.patch(`${list}/h-only`, { review: 'quiet' }, { etag: '"1"' })
    const { plan: body, format } = (await council.get(`${plan}/bundle`)).body
    const refused = [
      await council.delete(`${plan}/reviews/quiet`, { etag: '*' }),
      await council.put(`${plan}/bundle`, { format, plan: body, reviews: [{ code: 'rev', kind: 'annual' }] }, { etag: '*' })
    ]
    for (const { status, text } of refused) {
      t.equal(status, 409)
      t.notMatch(text, /h-only/)
    }
    for (const path of ['/v1/organisations/only-restricted', `${plan}/reviews/rev`]) {
      const { status, text } = await editor.delete(path, { etag: '*' })
      t.equal(status, 403, path)
      t.notMatch(text, /u-restricted/, path)
    }
  })

  await t.test('a bundle that leaves hidden updates out is refused to who may not see them', async t => {
    const council = await client('editor', 'council')
    const { partial: _, ...bundle } = (await council.get(`${plan}/bundle`)).body
    const answer = await council.put(`${plan}/bundle`, bundle, { etag: '*' })
    t.equal(answer.status, 404)
    t.notMatch(answer.text, /u-restricted|p-open|h-only/)
    t.equal((await admin.get(`${list}?count=true`)).body.total, everything.length)
  })

  await t.test('who sees less keeps by PATCH and PUT what they do not see', async t => {
    const stored = async () => (await admin.get(`${list}/h-mixed`)).body.plan_measures as string[]
    const contributor = await client('contributor', 'elsewhere')
    await admin.patch(`${list}/h-mixed`, { organisations: [{ organisation: 'elsewhere', role: 'reporter' }] }, { etag: '"1"' })
    t.match(await contributor.patch(`${list}/h-mixed`, { text: 'Patched.' }, { etag: '"2"' }), { status: 200, body: { plan_measures: ['line-1'] } })
    t.same(await stored(), ['secret-line', 'line-1'])
    const { body, etag } = await contributor.get(`${list}/h-mixed`)
    t.match(await contributor.put(`${list}/h-mixed`, { ...body, text: 'Put.' }, { etag }), { status: 200, body: { text: 'Put.', plan_measures: ['line-1'] } })
    t.same(await stored(), ['secret-line', 'line-1'])
    t.match(await contributor.put(`${list}/h-mixed`, { ...body, text: 'Put.' }), { status: 200, etag: '"4"' }, 'and a repeat changes nothing')
    await admin.put(`${plan}/measures/line-2`, { measure: 'recycling-rate', outcome: '1a', organisations: partners })
    t.match(await contributor.patch(`${list}/h-mixed`, { plan_measures: ['line-2'] }, { etag: '"4"' }), { status: 200, body: { plan_measures: ['line-2'] } })
    t.same((await stored()).toSorted(), ['line-2', 'secret-line'])
  })

  await t.test('who sees less keeps by a bundle of a section what they do not see', async t => {
    const [url, secret] = ['/v1/plans/plan-b', ['secret-rate']]
    await admin.put(url, { title: 'B', owner: 'council', visibility: 'public', supporting_measures: secret })
    await admin.put(`${url}/priorities/1`, {})
    for (const [code, measure] of [['line-1', 'recycling-rate'], ['secret-line', 'secret-rate']] as const) {
      await admin.put(`${url}/measures/${code}`, { measure, priorities: [{ priority: '1', relation: 'primary' }] })
    }
    await admin.put(`${url}/updates/u`, { text: 'Mixed', plan_measures: ['secret-line', 'line-1'] })
    await admin.put(`${url}/actions/a`, { title: 'Mixed', plan_measures: ['line-1', 'secret-line'] })
    const editor = await client('editor', 'council')
    const { format, plan: body, updates, actions } = (await editor.get(`${url}/bundle`)).body
    for (const sent of [{ updates, actions }, { plan: { ...body, title: 'Renamed' }, updates: [{ ...updates[0], text: 'Reworded' }], actions: [{ ...actions[0], title: 'Renamed' }] }]) {
      const { status } = await editor.put(`${url}/bundle`, { format, plan: body, ...sent }, { etag: '*' })
      t.ok([200, 404, 422].includes(status), `answered ${status}: kept or refused, but nothing lost`)
      t.same((await admin.get(url)).body.supporting_measures, secret)
      t.same((await admin.get(`${url}/updates/u`)).body.plan_measures.toSorted(), ['line-1', 'secret-line'])
      t.same((await admin.get(`${url}/actions/a`)).body.plan_measures.toSorted(), ['line-1', 'secret-line'])
    }
    t.match(await admin.delete(`${url}/measures/secret-line`, { etag: '*' }), { status: 409 }, 'and still hold it')
  })

  await t.test('once restricted it is gone from those who could read it, once opened it is there', async t => {
    await put('turning', { sensitivity: 'public' })
    t.match(await anonymous.get(`${list}/turning`), { status: 200 })
    await admin.patch(`${list}/turning`, { sensitivity: 'restricted' }, { etag: '"1"' })
    for (const one of [anonymous, reader, insider]) t.match(await one.get(`${list}/turning`), { status: 404 })
    const { body } = await reader.get(`/v1/changes?limit=1000&resource=${list}/turning`)
    t.notOk(body.items.some((change: any) => change.version === 2), 'the change that restricted it is not told')
    await admin.patch(`${list}/turning`, { sensitivity: 'public' }, { etag: '"2"' })
    t.match(await anonymous.get(`${list}/turning`), { status: 200 })
  })

  await t.test('who posts a restricted update for their organisation can read it back and repeat it', async t => {
    const made = await insider.post(list, { text: 'Ours.', sensitivity: 'restricted', organisations: named })
    t.match(await insider.get(made.headers.location!), { status: 200 })
    t.match(await reader.get(made.headers.location!), { status: 404 })
    const body = { text: 'Ours.', sensitivity: 'restricted', organisations: named }
    t.match(await insider.put(`${list}/ours`, body), { status: 201 })
    t.match(await insider.put(`${list}/ours`, body), { status: 200, etag: '"1"' })
  })

  await t.test('a repeat is safe even where the writer forgot to name their organisation', async t => {
    const body = { text: 'Forgot.', sensitivity: 'restricted' }
    const first = await insider.put(`${list}/forgotten`, body)
    if (first.status === 201) t.match(await insider.put(`${list}/forgotten`, body), { status: 200, etag: '"1"' })
    else t.match(first, { status: /^(403|422)$/ })
  })

  await t.test('publications hold what their readers may see, changes of a plan that is gone tell nobody', async t => {
    await admin.post(`${plan}/publications`, { label: 'V1' })
    const { body } = await admin.get(`${plan}/publications/V1`)
    t.same(body.bundle.updates.map((item: any) => item.code), [...open, 'turning'].sort())
    for (const code of ['whole', 'part']) await put(`gone-${code}`, code === 'whole' ? { sensitivity: 'restricted' } : { sensitivity: 'public', parent: 'gone-whole' })
    for (const code of ['part', 'whole']) await admin.delete(`${list}/gone-${code}`, { etag: '*' })
    for (const one of [reader, insider]) t.notMatch((await one.get('/v1/changes?limit=1000')).text, /gone-/, 'nor of a part that is gone')
    await admin.put('/v1/plans/brief', { title: 'Brief', owner: 'council', visibility: 'public' })
    await admin.put('/v1/plans/brief/updates/hush', { text: 'x', sensitivity: 'restricted' })
    await admin.delete('/v1/plans/brief/updates/hush', { etag: '*' })
    await admin.put('/v1/plans/brief/updates/hush-too', { text: 'x', sensitivity: 'restricted' })
    await admin.delete('/v1/plans/brief', { etag: '*' })
    for (const one of [reader, insider, owner]) t.notMatch((await one.get('/v1/changes?limit=1000')).text, /hush/)
    t.match((await admin.get('/v1/changes?limit=1000')).text, /hush-too/)
  })
})
