// PUT, PATCH and DELETE need the version they were made from, and a repeated PUT is safe; held for every address.
import t from 'tap'
import { excused, hold } from './exceptions.js'
import { journalled } from './journal.js'
import type { Operation } from './operations.js'
import { changed, exampleOf, patchOf, world } from './world.js'

const rule = 'needs If-Match'
const stale = { status: 412, body: { code: 'stale_version' } }

await t.test('every update', async t => {
  const w = await world(t)
  const updates = w.operations.filter(({ method }) => ['PUT', 'PATCH', 'DELETE'].includes(method))
  const puts = updates.filter(({ method }) => method === 'PUT')
  const versioned = updates.filter(({ id }) => id !== 'deleteKey')
  const bodyFor = (operation: Operation, body: Record<string, unknown>) =>
    operation.method === 'DELETE' ? undefined : operation.method === 'PUT' ? changed(body) : patchOf(operation)

  await t.test('of something stored needs If-Match', async t => {
    for (const operation of updates) {
      const { id, method, path } = operation
      const { url, body } = await w.make(w.operations.find(one => one.path === path && one.method !== 'GET')!)
      const answer = await w.admin.send(method, url, bodyFor(operation, body))
      hold(t, rule, id, answer.status === 428 && answer.body.code === 'precondition_required', { answer: answer.text })
      if (excused(rule, id)) t.ok(answer.status < 300, `${id} works without`)
      else if (method !== 'PUT' || !path.endsWith('/bundle')) t.match(await w.admin.get(url), { status: 200, body: { version: 1 } }, `${id} changed nothing`)
    }
  })

  await t.test('from a stale version is refused', async t => {
    for (const operation of versioned) {
      const { id, method } = operation
      const { url, body, etag } = await w.make(operation)
      for (const match of ['"nonsense"', '"999"', '"9", "8"']) t.match(await w.admin.send(method, url, bodyFor(operation, body), { etag: match }), stale, `${id} with ${match}`)
      t.match(await w.admin.send(method, url, bodyFor(operation, body), { etag: etag.replaceAll('"', '') }), { status: 400, body: { code: 'invalid_input' } }, `${id} with an ETag without quotes`)
      if (method === 'DELETE') continue
      t.match(await w.admin.send(method, url, bodyFor(operation, body), { etag }), { status: 200 }, `${id} with the current one`)
      t.match(await w.admin.send(method, url, method === 'PUT' ? changed(body, 2) : patchOf(operation, 'Too late'), { etag }), stale, `${id} with the one before`)
    }
  })

  await t.test('takes the current version from a list, with * and with W/ in front', async t => {
    for (const operation of versioned) {
      const forms = [(etag: string) => `W/${etag}`, (etag: string) => `"9999", ${etag}`, () => '*']
      for (const form of forms) {
        const { url, body, etag } = await w.make(operation)
        const { status, text } = await w.admin.send(operation.method, url, bodyFor(operation, body), { etag: form(etag) })
        t.ok(status === 200 || status === 204, `${operation.id} with ${form('"…"')}`, { status, text })
      }
    }
  })

  await t.test('with If-Match of what is not there is refused', async t => {
    for (const operation of versioned) {
      const { url, body } = w.vacant(operation)
      for (const match of ['"1"', '*']) {
        const { id, method } = operation
        const answer = await w.admin.send(method, url, bodyFor(operation, body), { etag: match })
        if (method === 'PUT') t.match(answer, stale, `${id} with ${match}`)
        else if (id === 'deleteDatapoint') t.ok([204, 404, 412].includes(answer.status), `${id} with ${match}`, { status: answer.status })
        else t.match(answer, { status: 404, body: { code: 'not_found' } }, `${id} with ${match}`)
      }
    }
  })

  await t.test('by a PUT that says what is stored is 200 whatever is sent with it, and journals nothing', async t => {
    for (const operation of puts) {
      const { url, body, etag } = await w.make(operation)
      const forms = [{}, { 'if-match': '"stale"' }, { 'if-match': '"7"' }, { 'if-match': etag }, { 'if-none-match': '*' }] as Array<Record<string, string>>
      const changes = await journalled(w.admin, async () => {
        for (const headers of forms) {
          const { status, etag: tag } = await w.admin.put(url, body, { headers })
          t.match({ status, tag }, { status: 200, tag: etag }, `${operation.id} with ${JSON.stringify(headers)}`)
        }
      })
      t.same(changes, [], `${operation.id} journals nothing`)
    }
  })

  await t.test('that was repeated after a lost answer is 200', async t => {
    for (const operation of puts) {
      const { url, body, etag } = await w.make(operation)
      const first = await w.admin.put(url, changed(body), { etag })
      const again = await w.admin.put(url, changed(body), { etag })
      t.match([first.status, again.status, again.etag], [200, 200, first.etag], operation.id)
    }
  })

  await t.test('by a PUT that is to create only is refused on something stored', async t => {
    for (const operation of puts) {
      const { url, body } = await w.make(operation)
      t.match(await w.admin.put(url, changed(body), { headers: { 'if-none-match': '*' } }), stale, operation.id)
      const vacant = w.vacant(operation)
      t.match(await w.admin.put(vacant.url, vacant.body, { headers: { 'if-none-match': '*' } }), { status: 201 }, `${operation.id} creates`)
    }
  })

  await t.test('by a PUT creates with 201 and an ETag, and says where', async t => {
    for (const operation of puts) {
      const { url, answer } = await w.make(operation)
      t.equal(answer.status, 201, operation.id)
      t.match(answer.etag, /^"[!#-~]+"$/, `${operation.id} has a strong ETag`)
      t.equal(answer.headers.location, url, `${operation.id} says where`)
    }
  })

  await t.test('by a PATCH is a merge patch, under both media types', async t => {
    for (const operation of updates.filter(({ method }) => method === 'PATCH')) {
      t.same(operation.body!.media.toSorted(), ['application/json', 'application/merge-patch+json'], `${operation.id} documents both`)
      for (const type of ['application/json', 'application/merge-patch+json']) {
        const { url, etag, body } = await w.make(operation)
        const answer = await w.admin.patch(url, JSON.stringify(patchOf(operation)), { etag, headers: { 'content-type': type } })
        t.match(answer, { status: 200, body: { ...body, ...patchOf(operation), version: 2 }, etag: '"2"' }, `${operation.id} as ${type}`)
      }
      const { url, etag } = await w.make(operation)
      t.match(await w.admin.patch(url, exampleOf(operation), { etag }), { status: 200 }, `${operation.id} takes its example`)
    }
  })

  await t.test('that deletes leaves nothing', async t => {
    for (const operation of versioned.filter(({ method }) => method === 'DELETE')) {
      const { url, etag } = await w.make(operation)
      t.match(await w.admin.delete(url, { etag }), { status: 204, text: '' }, operation.id)
      t.match(await w.admin.get(url), { status: 404 }, `${operation.id} and it is gone`)
    }
  })
})
