// Every write leaves a change with who did it and by which request; held for every operation that writes.
import t from 'tap'
import { journalled } from './journal.js'
import type { Call } from './world.js'
import { changed, organisation, patchOf, world } from './world.js'

/** Stands in every text that is written, and nowhere in the journal. */
const mark = 'FREE-TEXT-MARK'

await t.test('every write', async t => {
  const w = await world(t)
  const client = await w.client('admin', organisation)
  const { body: me } = await client.get('/v1/me')
  const writes = w.operations.filter(({ method }) => method !== 'GET')
  let count = 0

  /** The path that a write is about: of a bundle the plan, of an import one below the list; taking one back is another. */
  const about = (url: string) => url.split('?')[0]!.replace(/\/bundle$|\/[^/]+\/revert$/, '')

  const marked = (body: Record<string, unknown>) => {
    const member = ['title', 'text', 'printed'].find(name => name in body) ?? 'note'
    if (typeof body.plan === 'object') return { ...body, plan: { ...body.plan, title: mark } }
    return Array.isArray(body.datapoints) ? { ...body, datapoints: [{ ...body.datapoints[0] as object, value: 30 + count, printed: mark, note: mark }], note: mark } : member in body || typeof body.value === 'number' ? { ...body, [member]: mark } : body
  }

  await t.test('adds a change with its actor, its request and its path', async t => {
    const calls: Array<[string, Call]> = []
    for (const operation of writes) {
      calls.push([operation.id, await w.call(operation)])
      if (operation.method !== 'PUT') continue
      const { url, body, etag } = await w.make(operation)
      calls.push([`${operation.id} to replace`, { method: 'PUT', url, body: changed(body), options: { etag } }])
    }
    for (const [name, { method, url, body, options }] of calls) {
      const id = `request-${++count}.of_this-test`
      const changes = await journalled(w.admin, async () => {
        const { status, headers, text } = await client.send(method, url, body && marked(body), { ...options, headers: { 'x-request-id': id } })
        t.ok(status < 300, `${name} succeeds`, { text })
        t.equal(headers['x-request-id'], id, `${name} answers the request id`)
      })
      t.ok(changes.length > 0, `${name} is journalled`)
      t.ok(changes.some(({ resource }) => resource === about(url) || resource.startsWith(`${about(url)}/`)), `${name} is journalled with its path`, { found: changes, wanted: about(url) })
      for (const change of changes) {
        t.match(change, { request_id: id, actor: { client: me.client, organisation }, resource: /^\/v1\// }, `${name} has an actor and a request id`)
        t.notOk(JSON.stringify(change).includes(mark), `${name} journals no free text`)
      }
    }
  })

  await t.test('says what was done', async t => {
    const put = w.byId('putPlan')
    const url = w.vacant(put).url
    const changes = await journalled(w.admin, async () => {
      const { etag } = await client.put(url, w.vacant(put).body)
      const { etag: next } = await client.patch(url, { title: 'Changed' }, { etag })
      await client.delete(url, { etag: next })
    })
    t.match(changes, [{ action: 'created', version: 1 }, { action: 'updated', version: 2 }, { action: 'deleted' }])
    t.equal(changes.length, 3)
  })

  await t.test('without a request id, or with one of the wrong form, gets one made', async t => {
    for (const sent of [undefined, 'with a space', 'x'.repeat(200), '<script>', '']) {
      const { url, body } = w.vacant(w.byId('putArea'))
      let made = ''
      const [change] = await journalled(w.admin, async () => {
        made = (await client.put(url, body, { headers: sent === undefined ? {} : { 'x-request-id': sent } })).headers['x-request-id']!
      })
      t.match(made, /^[A-Za-z0-9._-]{8,128}$/, `'${sent ?? ''}'`)
      t.not(made, sent)
      t.equal(change!.request_id, made)
    }
  })

  await t.test('that is refused, or changes nothing, adds none', async t => {
    const changes = await journalled(w.admin, async () => {
      for (const operation of writes.filter(({ body }) => body !== null)) {
        await client.send(operation.method, w.url(operation), { nonsense: 1 })
        await client.send(operation.method, w.url(operation), changed({ title: '' }), { etag: '"999"' })
      }
      for (const operation of writes.filter(({ method, id }) => method === 'DELETE' && id !== 'deleteDatapoint')) {
        await client.delete(w.url(operation, { id: 'none' }), { etag: '"999"' })
      }
    })
    t.same(changes, [])
  })

  await t.test('that says what is stored adds none', async t => {
    for (const operation of writes.filter(({ method }) => method === 'PUT' || method === 'PATCH')) {
      const { url, body, etag } = await w.make(operation)
      const same = operation.method === 'PUT' ? body : { [Object.keys(patchOf(operation))[0]!]: body[Object.keys(patchOf(operation))[0]!] }
      t.same(await journalled(w.admin, () => client.send(operation.method, url, same, { etag })), [], operation.id)
    }
    const { url, body } = await w.call(w.byId('importDatapoints'))
    await client.post(url, body)
    t.same(await journalled(w.admin, () => client.post(url, body)), [], 'importDatapoints')
  })

  await t.test('that is only a dry run adds none and leaves nothing', async t => {
    for (const operation of writes.filter(({ parameters }) => parameters.some(({ name }) => name === 'dry_run'))) {
      const { method, url, body } = await w.call(operation)
      const changes = await journalled(w.admin, async () => {
        const { status, body: receipt } = await client.send(method, url, marked(body!), { query: { dry_run: true } })
        t.match({ status, receipt }, { status: /^20[01]$/, receipt: { dry_run: true, result: 'validated' } }, operation.id)
      })
      t.same(changes, [], operation.id)
      if (operation.method === 'PUT') t.match(await client.get(url), { status: 404 }, `${operation.id} left nothing`)
    }
  })
})
