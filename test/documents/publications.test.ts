// Publications: frozen for good, for those readers that the plan had, and one consistent state however many write.
import t from 'tap'
import { createHash } from 'node:crypto'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { deliver, row, walk } from '../resources/figures.js'

const plan = '/v1/plans/plan-a'
const list = `${plan}/publications`

/** The bundle of a publication as the very text that was served. */
const bundleText = (text: string) => text.slice(text.indexOf('"bundle":') + '"bundle":'.length, -1)

await t.test('publications', async t => {
  const { admin, anonymous, client, connection } = await start(t)
  await makePlan(admin)
  for (const code of ['elsewhere', 'named']) await admin.put(`/v1/organisations/${code}`, { title: code, kind: 'other' })
  await makeMeasure(admin, 'secret-rate', { visibility: 'private', steward: 'council' })
  await makeMeasure(admin, 'partner-rate', { visibility: 'partners' })
  for (const [code, measure] of [['line-secret', 'secret-rate'], ['line-partner', 'partner-rate']] as const) await admin.put(`${plan}/measures/${code}`, { measure, outcome: '1a' })
  for (const sensitivity of ['public', 'partners', 'restricted']) await admin.put(`${plan}/updates/u-${sensitivity}`, { text: 'Größe — “quoted” \u2028 €', sensitivity, organisations: [{ organisation: 'named', role: 'reporter' }] })
  for (const measure of ['recycling-rate', 'secret-rate', 'partner-rate']) {
    await deliver(admin, [row(measure, 'FY2016', { value: 44.1 })])
    await admin.put(`/v1/measures/${measure}/targets/t`, { kind: 'milestone', plan: 'plan-a' })
  }
  const [publisher, editor, reader] = [await client('publisher', 'council'), await client('editor', 'council'), await client('reader', 'elsewhere')]

  await t.test('takes a publisher', async t => {
    t.match(await editor.post(list, { label: 'V0' }), { status: 403, body: { code: 'forbidden' } })
    t.match(await anonymous.post(list, { label: 'V0' }), { status: 401 })
    const stranger = await client('publisher', 'elsewhere')
    t.match(await stranger.post(list, { label: 'V0' }), { status: 403, body: { code: 'forbidden', detail: /'council', which owns the plan/ } }, 'of its owner, as nobody can take it back')
    t.match(await reader.post(list, { label: 'V0' }), { status: 403 })
    const made = await publisher.post(list, { label: 'V6', date: '2018-06-15', note: 'End of year.' })
    t.match(made, { status: 201, headers: { location: `${list}/V6` }, body: { plan: 'plan-a', label: 'V6', date: '2018-06-15', note: 'End of year.', visibility: 'public', organisation: 'council' } })
    t.match(await publisher.post('/v1/plans/no-plan/publications', { label: 'V1' }), { status: 404 })
    t.match((await publisher.get('/v1/changes?limit=1000')).body.items.at(-1), { action: 'published', resource: `${list}/V6`, actor: { organisation: 'council' } })
  })

  await t.test('is under a label that is a code, once, ignoring case', async t => {
    for (const label of ['', 'V 6', 'V/6', '.V6', 'é', 'x'.repeat(81), 6, null]) t.match(await publisher.post(list, { label }), { status: 400, body: { errors: [{ pointer: '/label' }] } }, String(label))
    t.match(await publisher.post(list, {}), { status: 400, body: { errors: [{ pointer: '/label', code: 'missing_member' }] } })
    t.match(await publisher.post(list, { label: 'V7', date: '2018-02-30' }), { status: 400, body: { errors: [{ pointer: '/date' }] } })
    t.match(await publisher.post(list, { label: 'V7', status: 'final' }), { status: 400 })
    for (const label of ['V6', 'v6']) t.match(await publisher.post(list, { label }), { status: 409, body: { code: 'conflict', detail: /'V6'/ } })
    t.equal((await anonymous.get(`${list}?count=true`)).body.total, 1)
    t.match(await anonymous.get(`${list}/v6`), { status: 404 }, 'and is read by its own spelling')
  })

  await t.test('may be repeated with its key', async t => {
    const idempotency = 'publish-key-01234567'
    const first = await publisher.post(list, { label: 'Once' }, { idempotency })
    t.match(await publisher.post(list, { label: 'Once' }, { idempotency }), { status: 201, text: first.text, headers: { 'idempotent-replayed': 'true' } })
  })

  await t.test('has the digest of its bundle as served, as ETag too', async t => {
    const { text, etag, body } = await anonymous.get(`${list}/V6`)
    const raw = bundleText(text)
    t.same(JSON.parse(raw), body.bundle)
    t.equal(createHash('sha256').update(raw, 'utf8').digest('base64url'), body.digest)
    t.equal(etag, `"${body.digest}"`)
    t.match(await anonymous.get(`${list}/V6`, { headers: { 'if-none-match': etag } }), { status: 304, text: '' })
    t.match(await anonymous.get(`${list}/V6`, { headers: { 'if-none-match': '"other"' } }), { status: 200 })
    const live = await anonymous.get(`${plan}/bundle`)
    t.equal(raw, live.text, 'and is what the public reads of the plan at that moment')
    t.equal(live.etag, etag)
  })

  await t.test('of a public plan holds what the public may see, whoever published it and whoever reads it', async t => {
    for (const one of [anonymous, reader, publisher, admin]) {
      const { body, text } = await one.get(`${list}/V6`)
      t.same(body.bundle.updates.map((item: any) => item.code), ['u-public'])
      t.same(body.bundle.plan_measures.map((item: any) => item.code), ['line-1'])
      t.same(body.bundle.targets.map((item: any) => item.measure), ['recycling-rate'])
      t.same(body.bundle.datapoints.map((item: any) => item.measure), ['recycling-rate'])
      t.notMatch(text, /secret|restricted|partner-rate|line-partner|u-partners/)
      t.equal(body.bundle.partial, true)
    }
  })

  await t.test('is not changed by anyone', async t => {
    const before = (await anonymous.get(`${list}/V6`)).text
    for (const one of [admin, publisher]) {
      for (const method of ['PUT', 'PATCH', 'DELETE']) t.match(await one.send(method, `${list}/V6`, method === 'DELETE' ? undefined : { label: 'V6', note: 'Changed' }, { etag: '*' }), { status: /^(404|405)$/ }, method)
    }
    for (const statement of ["update publications set note = 'x'", "update publications set bundle = '{}' where label = 'V6'", 'delete from publications', 'truncate publications', 'truncate publications cascade', 'truncate plans cascade']) {
      await t.rejects(connection.pool.query(statement), statement)
    }
    await t.rejects(connection.pool.query("insert into publications select * from publications where label = 'V6' on conflict (plan, label) do update set note = 'x'"), 'an insert that would update')
    t.equal((await anonymous.get(`${list}/V6`)).text, before)
  })

  await t.test('does not change while the live plan is edited', async t => {
    const before = await anonymous.get(`${list}/V6`)
    await admin.patch(`${plan}/outcomes/1a`, { title: 'Even less waste' }, { etag: '*' })
    await admin.patch(plan, { title: 'Renamed' }, { etag: '*' })
    await deliver(admin, [row('recycling-rate', 'FY2016', { value: 45 }), row('recycling-rate', 'FY2017', { value: 46 })])
    await admin.patch('/v1/measures/recycling-rate', { title: 'Redefined' }, { etag: '*' })
    const after = await anonymous.get(`${list}/V6`)
    t.same([after.text, after.etag], [before.text, before.etag])
    t.match((await publisher.post(list, { label: 'V7' })).body.digest, /^[\w-]{43}$/)
    t.not((await anonymous.get(`${list}/V7`)).etag, before.etag)
    await publisher.post(list, { label: 'V7-again' })
    t.equal((await anonymous.get(`${list}/V7-again`)).etag, (await anonymous.get(`${list}/V7`)).etag, 'two that say the same have one digest')
  })

  await t.test('keeps its plan from being deleted, and names itself as the reason', async t => {
    const { status, body } = await admin.delete(plan, { etag: '*' })
    t.match({ status, body }, { status: 409, body: { code: 'in_use' } })
    t.same(body.errors.map((fault: any) => /'(.+?)'/.exec(fault.detail)![1]), ['V6', 'Once', 'V7', 'V7-again'])
    t.match(await admin.get(plan), { status: 200 })
  })

  await t.test('lists go oldest first, page by page, without contents', async t => {
    const all = (await anonymous.get(`${list}?count=true`)).body
    t.same([all.total, all.items.map((item: any) => item.label)], [4, ['V6', 'Once', 'V7', 'V7-again']])
    for (const limit of [1, 2, 3]) t.same(await walk(anonymous, list, { limit }), all.items, `${limit} a page`)
    t.notOk(all.items.some((item: any) => 'bundle' in item))
    t.match(await anonymous.get(`${list}?limit=0`), { status: 400 })
  })

  await t.test('is hidden with its plan, and shown again with it', async t => {
    await admin.patch(plan, { visibility: 'private' }, { etag: '*' })
    for (const one of [anonymous, reader]) for (const path of ['', '/V6', '/V7/diff']) t.match(await one.get(`${list}${path}`), { status: 404 }, path)
    for (const one of [publisher, admin]) t.match(await one.get(`${list}/V6`), { status: 200 })
    t.match(await (await client('publisher', 'elsewhere')).post(list, { label: 'V8' }), { status: 404 })
    t.match(await publisher.post(list, { label: 'V8-private' }), { status: 201, body: { visibility: 'private' } })
    const { body } = await publisher.get(`${list}/V8-private`)
    t.same(body.bundle.updates.map((item: any) => item.code), ['u-partners', 'u-public', 'u-restricted'], "the owner's readers see what is restricted")
    t.same(body.bundle.plan_measures.map((item: any) => item.code), ['line-1', 'line-partner', 'line-secret'])
    await admin.patch(plan, { visibility: 'public' }, { etag: '*' })
    t.match(await anonymous.get(`${list}/V6`), { status: 200 })
    for (const one of [anonymous, reader]) t.match(await one.get(`${list}/V8-private`), { status: 404 }, 'but what was published in private stays private')
    t.match(await admin.get(`${list}/V8-private`), { status: 200 })
    t.notMatch((await reader.get('/v1/changes?limit=1000')).text, /V8-private/, 'and its label is in no change')
    const refused = await (await client('editor', 'elsewhere')).delete(plan, { etag: '*' })
    t.match(refused, { status: 403, body: { code: 'forbidden' } })
    t.notMatch(refused.text, /V8-private/, 'nor in a refusal')
    t.match(await editor.delete(plan, { etag: '*' }), { status: 409, body: { code: 'in_use' } })
  })

  await t.test('of a partners plan is not for the public, even when the plan is', async t => {
    await admin.patch(plan, { visibility: 'partners' }, { etag: '*' })
    await publisher.post(list, { label: 'V9-partners' })
    await admin.patch(plan, { visibility: 'public' }, { etag: '*' })
    t.match(await anonymous.get(`${list}/V9-partners`), { status: 404, body: { code: 'not_found' } })
    t.match(await anonymous.get(`${list}/V7/diff?from=V9-partners`), { status: 404 })
    t.match(await anonymous.get(`${list}/V9-partners/diff?from=V7`), { status: 404 })
    t.notMatch((await anonymous.get(`${list}?count=true`)).text, /V9|V8/)
    const { body } = await reader.get(`${list}/V9-partners`)
    t.same(body.bundle.updates.map((item: any) => item.code), ['u-partners', 'u-public'])
    t.same(body.bundle.plan_measures.map((item: any) => item.code), ['line-1', 'line-partner'])
    await publisher.post(list, { label: 'V10' })
    t.match((await anonymous.get(`${list}/V10/diff`)).body.from, { label: 'V7-again' }, 'the one before is the one before that the reader may see')
    t.match((await reader.get(`${list}/V10/diff`)).body.from, { label: 'V9-partners' })
    t.notMatch((await anonymous.get(`${list}/V10/diff`)).text, /V9|V8|secret|restricted/)
  })

  await t.test('of the same label by two at once succeeds once', async t => {
    for (const round of [1, 2, 3]) {
      const answers = await Promise.all(['Race', 'race', 'RACE', 'Race'].map(label => publisher.post(list, { label: `${label}-${round}` })))
      t.same(answers.map(({ status }) => status).sort(), [201, 409, 409, 409])
    }
  })

  await t.test('made while eight write holds one state: what one delivery changed is equal', async t => {
    await makeMeasure(admin, 'twin-rate')
    await admin.put(`${plan}/measures/twin`, { measure: 'twin-rate', outcome: '1a' })
    const write = (value: number) => deliver(admin, ['recycling-rate', 'twin-rate'].map(measure => row(measure, 'FY2019', { value })))
    await write(0)
    const state = { writing: true, count: 0 }
    const writers = Array.from({ length: 8 }, async () => {
      while (state.writing) {
        const { status } = await write(++state.count % 100)
        if (status !== 200) throw new Error(`A delivery was answered ${status}.`)
      }
    })
    const labels = Array.from({ length: 12 }, (_, i) => `Busy-${i}`)
    for (const label of labels) {
      const before = state.count
      while (state.count === before) await new Promise(resolve => setImmediate(resolve))
      t.match(await publisher.post(list, { label }), { status: 201 }, label)
    }
    state.writing = false
    await Promise.all(writers)
    const frozen = await Promise.all(labels.map(async label => (await anonymous.get(`${list}/${label}`)).body.bundle.datapoints.filter((item: any) => item.period === 'FY2019').map((item: any) => item.value)))
    for (const [i, pair] of frozen.entries()) t.ok(pair.length === 2 && pair[0] === pair[1], `${labels[i]!}: ${pair.join(' and ')}`)
    t.ok(state.count > 12, `${state.count} deliveries were made meanwhile`)
    const { body } = await anonymous.get(list, { query: { limit: 1000 } })
    t.same(body.items.filter((item: any) => item.label.startsWith('Busy')).map((item: any) => item.label), labels)
  })
})
