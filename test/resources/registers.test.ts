// Organisations, areas and measures: what a body must hold, what it may leave out, and how they are searched.
import t from 'tap'
import { start } from '../support/app.js'

await t.test('registers', async t => {
  const { admin } = await start(t)
  const council = { title: 'Council', kind: 'council' }

  await t.test('what a body leaves out takes its default, and null means left out', async t => {
    const left = await admin.put('/v1/organisations/left-out', council)
    t.match(left, { status: 201, headers: { location: '/v1/organisations/left-out' }, etag: '"1"', body: { code: 'left-out', version: 1 } })
    t.same([left.body.identifiers, left.body.aliases, left.body.parent, left.body.note], [[], [], null, null])
    const nulls = await admin.put('/v1/organisations/left-out', { ...council, parent: null, successor: null, note: null })
    t.match(nulls, { status: 200, body: { version: 1 } }, 'so the same body with nulls changes nothing')
    const { body } = await admin.put('/v1/measures/bare', { title: 'Bare' })
    t.match(body, { polarity: 'none', timing: 'during', status: 'active', visibility: 'partners', disclosure: { rule: 'none' } })
    t.same([body.unit, body.per, body.frequency, body.year_kind, body.allowed, body.dimensions], [null, null, null, null, null, []])
  })

  await t.test('null inside a nested value means left out as well', async t => {
    await admin.put('/v1/organisations/nested', { ...council, aliases: [{ alias: 'NCC' }] })
    t.match(await admin.put('/v1/organisations/nested', { ...council, aliases: [{ alias: 'NCC', plan: null }] }), { status: 200, body: { version: 1 } })
    await admin.put('/v1/measures/range', { title: 'Range', allowed: { min: 0 } })
    t.match(await admin.put('/v1/measures/range', { title: 'Range', allowed: { min: 0, max: null } }), { status: 200, body: { version: 1 } })
  })

  await t.test('a misspelt member is refused with the member that was meant', async t => {
    const { status, body } = await admin.put('/v1/organisations/misspelt', { ...council, sucessor: 'left-out', colour: 'red' })
    t.equal(status, 400)
    t.same(body.errors.map((fault: { pointer: string }) => fault.pointer), ['/sucessor', '/colour'], 'every fault is listed')
    t.match(body.errors[0], { code: 'unknown_member', detail: /Did you mean 'successor'/ })
    t.match(await admin.put('/v1/organisations/misspelt', { title: 'Council', kind: 'counsil' }), { status: 400, body: { errors: [{ pointer: '/kind', detail: /Did you mean 'council'/, allowed: ['council'] }] } })
    t.match(await admin.get('/v1/organisations', { query: { limt: 5 } }), { status: 400, body: { errors: [{ pointer: '?limt', code: 'unknown_parameter', detail: /Did you mean 'limit'/ }] } })
  })

  await t.test('a value of the wrong type is refused, never turned into another', async t => {
    for (const [member, value] of [['member_count', '12'], ['member_count', 1.5], ['member_count', true], ['title', 12], ['title', null], ['title', ''], ['title', '   '], ['kind', null], ['members', {}]] as const) {
      const { status, body } = await admin.put('/v1/areas/typed', { title: 'Area', kind: 'comparator_group', [member]: value })
      t.match({ status, body }, { status: 400, body: { errors: [{ pointer: `/${member}` }] } }, `${member}: ${JSON.stringify(value)}`)
    }
    t.match(await admin.get('/v1/areas/typed'), { status: 404 })
    const { body } = await admin.put('/v1/areas/typed', { title: 'Area', kind: 'comparator_group', member_count: null })
    t.equal(body.member_count, null, 'null stays null and is not 0')
    t.equal((await admin.put('/v1/areas/zero', { title: 'Area', kind: 'comparator_group', member_count: 0 })).body.member_count, 0)
    t.match(await admin.put('/v1/areas/typed-2', [council]), { status: 400 })
  })

  await t.test('whatever names nothing known is refused, with a pointer to each', async t => {
    const { status, body } = await admin.put('/v1/areas/group', { title: 'Group', kind: 'comparator_group', parent: 'nowhere', members: [{ area: 'typed' }, { area: 'atlantis' }, { area: 'eldorado' }] })
    t.match({ status, code: body.code }, { status: 422, code: 'unprocessable' })
    t.same(body.errors.map((fault: { pointer: string }) => fault.pointer).sort(), ['/members/1/area', '/members/2/area', '/parent'])
    t.ok(body.errors.every((fault: { code: string }) => fault.code === 'unknown_area'))
    t.match(await admin.put('/v1/measures/m', { title: 'M', steward: 'nobody' }), { status: 422, body: { errors: [{ pointer: '/steward', code: 'unknown_organisation' }] } })
  })

  await t.test('a code is unique ignoring case, has a fixed form and never changes', async t => {
    await admin.put('/v1/organisations/Mixed.Case', council)
    t.match(await admin.put('/v1/organisations/mixed.case', council), { status: 409, body: { code: 'conflict', detail: /Mixed\.Case/ } })
    t.match(await admin.get('/v1/organisations/mixed.case'), { status: 404 })
    t.match(await admin.put('/v1/organisations/other', { ...council, code: 'another' }), { status: 400, body: { errors: [{ pointer: '/code' }] } })
    for (const code of ['-dash', '.dot', 'a%20b', 'a%2Fb', 'é', 'x'.repeat(81)]) t.match(await admin.put(`/v1/organisations/${encodeURI(decodeURI(code))}`, council), { status: /400|404/ }, code)
    t.match(await admin.put(`/v1/organisations/${'x'.repeat(80)}`, council), { status: 201 })
  })

  await t.test('read-only members may be sent back and are ignored', async t => {
    const { body } = await admin.get('/v1/organisations/left-out')
    t.match(await admin.put('/v1/organisations/left-out', { ...body, version: 99, created_at: '2001-01-01T00:00:00Z' }), { status: 200, body: { version: 1, created_at: body.created_at } })
  })

  await t.test('a measure keeps the rules that its unit and lists ask for', async t => {
    const put = (fields: object) => admin.put('/v1/measures/ruled', { title: 'Ruled', ...fields })
    t.match(await put({ unit: 'percent', per: 1000 }), { status: 422, body: { errors: [{ pointer: '/per' }] } })
    t.match(await put({ per: 1000 }), { status: 422, body: { errors: [{ pointer: '/per' }] } })
    t.match(await put({ unit: 'rate', per: 500 }), { status: 400 })
    t.match(await put({ allowed: { min: 5, max: 1 } }), { status: 422, body: { errors: [{ pointer: '/allowed' }] } })
    t.match(await put({ dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }, { code: 'F', title: 'F' }] }] }), { status: 422, body: { errors: [{ pointer: '/dimensions/0/values/1/code' }] } })
    t.match(await put({ dimensions: [{ code: 'Sex', title: 'Sex', values: [] }] }), { status: 400 })
    t.match(await put({ disclosure: { rule: 'suppress' } }), { status: 422 })
    t.match(await put({ disclosure: { rule: 'suppress', suppress_from: 1, suppress_to: 7 } }), { status: 201 })
    t.match(await admin.put('/v1/measures/rated', { title: 'Rated', unit: 'rate', per: 1000 }), { status: 201, body: { per: 1000 } })
    t.match(await admin.put('/v1/areas/city-with-members', { title: 'City', kind: 'unitary', members: [{ area: 'typed' }] }), { status: 422, body: { errors: [{ pointer: '/members' }] } })
  })

  await t.test('nothing is part of itself, however far up', async t => {
    for (const [code, parent] of [['a', null], ['b', 'a'], ['c', 'b']] as const) await admin.put(`/v1/areas/loop-${code}`, { title: code, kind: 'other', parent: parent && `loop-${parent}` })
    const { etag } = await admin.get('/v1/areas/loop-a')
    t.match(await admin.put('/v1/areas/loop-a', { title: 'a', kind: 'other', parent: 'loop-c' }, { etag }), { status: 422, body: { errors: [{ pointer: '/parent' }] } })
    t.match(await admin.put('/v1/areas/loop-a', { title: 'a', kind: 'other', parent: 'loop-a' }, { etag }), { status: 422 })
    t.equal((await admin.get('/v1/areas/loop-a')).body.parent, null, 'and nothing was written')
  })

  await t.test('long titles with quotes, dashes and asterisks come back unchanged', async t => {
    const title = `“Proportion” of children’s — 16–18 – * † 'NEET' "x" \\ %s ${'a'.repeat(200)} 😀`
    t.equal((await admin.put('/v1/measures/long', { title })).body.title, title)
    t.equal((await admin.get('/v1/measures/long')).body.title, title)
  })
})
