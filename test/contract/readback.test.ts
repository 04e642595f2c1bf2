// What GET answers can be kept with its ETag and sent back with PUT; held for every address that has both.
import t from 'tap'
import { excused, hold } from './exceptions.js'
import { journalled } from './journal.js'
import { headersOf } from './operations.js'
import { changed, patchOf, world } from './world.js'

await t.test('reading back', async t => {
  const w = await world(t)
  const puts = w.operations.filter(({ method }) => method === 'PUT')

  await t.test('every GET of what can be put takes If-None-Match and answers an ETag', async t => {
    for (const { path } of puts) {
      const get = w.operations.find(one => one.method === 'GET' && one.path === path)!
      t.ok(headersOf(get).includes('if-none-match') && get.responses[304], `${get.id} documents it`)
      t.ok(get.responses[200]!.headers?.etag, `${get.id} documents its ETag`)
    }
  })

  await t.test('a GET with the ETag that is still current is 304 without a body', async t => {
    for (const operation of w.operations.filter(one => one.responses[304] !== undefined)) {
      const { etag, status } = await w.admin.get(w.url(operation))
      t.equal(status, 200, operation.id)
      t.match(etag, /^"[!#-~]+"$/, `${operation.id} has a strong ETag`)
      for (const seen of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        t.match(await w.admin.get(w.url(operation), { headers: { 'if-none-match': seen } }), { status: 304, text: '', etag }, `${operation.id} with ${seen}`)
      }
      t.match(await w.admin.get(w.url(operation), { headers: { 'if-none-match': '"other"' } }), { status: 200, etag }, `${operation.id} with another`)
    }
  })

  await t.test('what PUT answers is what GET answers', async t => {
    for (const operation of puts.filter(one => !one.path.endsWith('/bundle'))) {
      const { url, etag, answer } = await w.make(operation)
      t.match(await w.admin.get(url), { status: 200, etag, text: answer.text }, operation.id)
    }
  })

  await t.test('what GET answered is the same when it is put back', async t => {
    for (const operation of puts) {
      const { url } = await w.make(operation)
      const { body, etag } = await w.admin.get(url)
      const changes = await journalled(w.admin, async () => {
        const answer = await w.admin.put(url, body, { etag })
        hold(t, 'takes back what GET answered', operation.id, answer.status === 200 && answer.etag === etag, { answer: answer.text })
        t.match(await w.admin.put(url, { ...body }), excused('takes back what GET answered', operation.id) ? { status: 400 } : { status: 200, etag }, `${operation.id} also without If-Match`)
      })
      t.same(changes, [], `${operation.id} journals nothing`)
    }
  })

  await t.test('a figure is the same when its row is put back without its key', async t => {
    const put = w.byId('putDatapoint')
    const { url } = await w.make(put)
    const { body, etag } = await w.admin.get(url)
    const known = Object.keys(put.body!.schema.properties!)
    const row = Object.fromEntries(Object.entries(body as Record<string, unknown>).filter(([name]) => known.includes(name)))
    t.same(Object.keys(body as object).filter(name => !known.includes(name)), ['measure', 'area', 'period', 'breakdown', 'statistic', 'against', 'base_period'])
    t.match(await w.admin.put(url, row), { status: 200, etag })
  })

  await t.test('read-only members that are sent are ignored, whatever they say', async t => {
    for (const operation of puts.filter(one => one.body!.schema.properties?.version !== undefined)) {
      const { url, body } = await w.make(operation)
      const answer = await w.admin.put(url, { ...body, version: 99, created_at: '2001-01-01T00:00:00Z', updated_at: '2001-01-01T00:00:00Z' })
      t.match(answer, { status: 200, etag: '"1"', body: { version: 1 } }, operation.id)
    }
  })

  await t.test('a code that is not the path’s is refused', async t => {
    for (const operation of w.operations.filter(one => ['PUT', 'PATCH'].includes(one.method))) {
      const inPlan = operation.path.endsWith('/bundle')
      if (!inPlan && operation.body!.schema.properties?.code === undefined) continue
      const { url, body, etag } = await w.make(operation)
      const other = inPlan ? { ...body, plan: { ...body.plan as object, code: 'other' } } : { ...operation.method === 'PUT' ? changed(body) : patchOf(operation), code: 'other' }
      t.match(await w.admin.send(operation.method, url, other, { etag }), { status: 400, body: { code: 'invalid_input', errors: [{ pointer: inPlan ? '/plan/code' : '/code' }] } }, operation.id)
    }
  })

  await t.test('a code that differs only in case is taken', async t => {
    for (const operation of puts.filter(one => one.body!.schema.properties?.code !== undefined)) {
      const { url, body } = await w.make(operation)
      t.match(await w.admin.put(url.replace('spare', 'SPARE'), body), { status: 409, body: { code: 'conflict' } }, operation.id)
    }
  })
})
