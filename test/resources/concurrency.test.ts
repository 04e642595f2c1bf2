// Many writers at once: nobody overwrites what they have not seen, nothing is done twice, nothing is lost on the way.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, history, pull, row } from './figures.js'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const tally = (values: unknown[]) =>
  Object.fromEntries([...new Set(values)].sort().map(value => [String(value), values.filter(one => one === value).length]))

await t.test('concurrency', async t => {
  const { admin, client } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  const cursor = async () => (await admin.get('/v1/changes', { query: { limit: 1000 } })).body.next_cursor as string

  await t.test('of two writers with the same ETag exactly one wins', async t => {
    for (const round of numbers(5)) {
      await admin.put(`/v1/areas/raced-${round}`, { title: 'Raced', kind: 'other' })
      const answers = await Promise.all(['A', 'B'].map(title => round % 2 === 0
        ? admin.put(`/v1/areas/raced-${round}`, { title, kind: 'other' }, { etag: '"1"' })
        : admin.patch(`/v1/areas/raced-${round}`, { title }, { etag: '"1"' })))
      t.same(tally(answers.map(({ status }) => status)), { 200: 1, 412: 1 })
      const winner = answers.find(({ status }) => status === 200)!
      t.match(await admin.get(`/v1/areas/raced-${round}`), { etag: '"2"', body: { title: winner.body.title } })
    }
  })

  await t.test('a hundred puts of one new code make one thing', async t => {
    const after = await cursor()
    const answers = await Promise.all(numbers(100).map(() => admin.put('/v1/areas/crowded', { title: 'Crowded', kind: 'other' })))
    t.same(tally(answers.map(({ status }) => status)), { 200: 99, 201: 1 })
    t.ok(answers.every(({ etag }) => etag === '"1"'))
    t.equal((await admin.get('/v1/changes', { query: { after } })).body.items.length, 1)
  })

  await t.test('codes that differ in case only are made once, and the others told', async t => {
    const answers = await Promise.all(['Casing', 'casing', 'CASING', 'cAsing'].map(code => admin.put(`/v1/areas/${code}`, { title: 'Casing', kind: 'other' })))
    t.same(tally(answers.map(({ status }) => status)), { 201: 1, 409: 3 })
  })

  await t.test('forty writers of one new figure leave one figure and all their revisions', async t => {
    const answers = await Promise.all(numbers(40).map(value => value % 2 === 0 ? admin.put(at('count', 'FY2016'), { value }) : deliver(admin, [row('count', 'FY2016', { value })])))
    t.ok(answers.every(({ status }) => status === 200 || status === 201), tally(answers.map(({ status }) => status)) as never)
    const past = await history(admin, { measure: 'count' })
    t.same(past.map(one => one.revision), numbers(40).map(i => i + 1))
    t.same(past.map(one => one.value as number).sort((a, b) => a - b), numbers(40), 'each value was current once')
    const [now] = await pull(admin, { measure: 'count' })
    t.match(now, { revision: 40, value: past.at(-1)!.value })
  })

  await t.test('of two writers who expect the same revision exactly one wins', async t => {
    const answers = await Promise.all([1, 2].map(value => deliver(admin, [row('count', 'FY2017', { value, expected_revision: 0 })])))
    t.same(tally(answers.map(({ status }) => status)), { 200: 1, 422: 1 })
  })

  await t.test('deliveries of the same figures in opposite orders both succeed', async t => {
    const rows = numbers(30).map(i => row('count', `FY${1950 + i}`, { value: 1 }))
    const deliverAs = (i: number) => deliver(admin, (i % 2 === 0 ? rows : rows.toReversed()).map(one => ({ ...one, value: i })))
    const answers = await Promise.all(numbers(6).map(deliverAs))
    t.same(tally(answers.map(({ status }) => status)), { 200: 6 })
  })

  await t.test('a thing named at the moment it is deleted is either there or refused', async t => {
    for (const round of numbers(8)) {
      await admin.put(`/v1/areas/parent-${round}`, { title: 'P', kind: 'other' })
      const [deleted, named] = await Promise.all([
        admin.delete(`/v1/areas/parent-${round}`, { etag: '"1"' }), admin.put(`/v1/areas/child-${round}`, { title: 'C', kind: 'other', parent: `parent-${round}` })
      ])
      t.ok((deleted.status === 204 && [422, 409].includes(named.status)) || (deleted.status === 409 && named.status === 201), `${deleted.status} ${named.status}`)
    }
  })

  await t.test('eight writers and a follower: each change once, in order, nothing skipped', async t => {
    const bookmark = await cursor()
    const clients = await Promise.all(numbers(8).map(() => client('admin')))
    let writing = true
    const followed: Array<{ id: number, resource: string, action: string }> = []
    let after = await cursor()
    const start = after
    const follow = async () => {
      for (let quiet = 0; quiet < 2;) {
        const wasWriting = writing
        const { body } = await admin.get('/v1/changes', { query: { after, limit: 7 } })
        followed.push(...body.items)
        after = body.next_cursor
        if (!wasWriting && body.items.length === 0) quiet++
      }
    }
    const follower = follow()
    const made: string[] = []
    await Promise.all(clients.map(async (one, w) => {
      for (const i of numbers(12)) {
        const code = `w${w}-${i}`
        if (i % 3 === 0) {
          await one.put(`/v1/areas/${code}`, { title: code, kind: 'other' })
          made.push(`/v1/areas/${code}`)
        } else if (i % 3 === 1) {
          const { body } = await deliver(one, [row('count', `CY${1950 + i}-M0${w + 1}`, { value: i }), row('count', 'CY2001', { value: w * 100 + i })])
          made.push(body.links.self)
        } else {
          await one.put(at('count', `CY2002-M0${1 + i % 4}`), { value: w * 100 + i })
          made.push(at('count', `CY2002-M0${1 + i % 4}`))
        }
      }
    }))
    writing = false
    await follower
    t.same(followed.map(item => item.resource).sort(), made.sort(), 'each once')
    t.same(followed.map(item => item.id), followed.map(item => item.id).sort((a, b) => a - b), 'in order')
    const { items } = (await admin.get('/v1/changes', { query: { after: start, limit: 1000 } })).body
    t.same(items.map((item: { id: number }) => item.id), followed.map(item => item.id), 'as read in one go afterwards')
    t.ok((await admin.get('/v1/changes', { query: { after: bookmark, limit: 1 } })).body.has_more)
  })

  await t.test('changes of figures since a bookmark are the rows behind the feed', async t => {
    const { headers } = await admin.get('/v1/datapoints?limit=1')
    const after = headers['outturn-cursor']!
    await Promise.all(numbers(10).map(i => deliver(admin, [row('count', `CY2003-M${String(i + 1).padStart(2, '0')}`, { value: i })])))
    t.equal((await pull(admin, { changed_since: after })).length, 10)
    t.equal((await admin.get('/v1/changes', { query: { after } })).body.items.length, 10)
    t.same(await pull(admin, { changed_since: await cursor() }), [])
  })

  await t.test('one Idempotency-Key sent ten times at once has its effect once', async t => {
    const after = await cursor()
    const send = () => admin.post('/v1/datapoint-imports', { datapoints: [row('count', 'FY2040', { value: 1 })] }, { idempotency: 'ten-times-at-once-0001' })
    const answers = await Promise.all(numbers(10).map(send))
    const first = answers.filter(({ status, headers }) => status === 200 && headers['idempotent-replayed'] === undefined)
    t.equal(first.length, 1)
    for (const answer of answers.filter(one => one !== first[0])) {
      if (answer.status === 409) t.match(answer.headers['retry-after'], /^\d+$/)
      else t.match(answer, { status: 200, headers: { 'idempotent-replayed': 'true' }, body: first[0]!.body })
    }
    t.match(await send(), { status: 200, headers: { 'idempotent-replayed': 'true' }, body: { counts: { created: 1 }, id: first[0]!.body.id } })
    t.equal((await admin.get('/v1/changes', { query: { after } })).body.items.length, 1)
  })

  await t.test('an Idempotency-Key belongs to its client, its body and its answer, refusals included', async t => {
    const idempotency = 'a-key-of-sixteen-or-more'
    const send = (one: typeof admin, value: unknown, query = {}) => one.post('/v1/datapoint-imports', { datapoints: [row('count', 'FY2041', { value })] }, { idempotency, query })
    const refused = await send(admin, 'x')
    t.match(refused, { status: 422, body: { code: 'import_rejected' } })
    t.match(await send(admin, 'x'), { status: 422, headers: { 'idempotent-replayed': 'true' }, body: refused.body })
    t.match(await send(admin, 5), { status: 422, body: { code: 'idempotency_mismatch' } })
    t.match(await send(admin, 'x', { mode: 'partial' }), { status: 422, body: { code: 'idempotency_mismatch' } })
    const contributor = await client('contributor')
    await admin.patch('/v1/measures/count', { data_provider: 'test-council' }, { etag: '*' })
    t.match(await send(contributor, 5), { status: 200, body: { counts: { created: 1 } } })
    for (const key of ['short', 'x'.repeat(256), 'with blanks in the middle']) t.match(await admin.post('/v1/datapoint-imports', { datapoints: [] }, { idempotency: key }), { status: 400 })
  })
})
