// Who may call what: held for every operation of the document.
import t from 'tap'
import { roles, type Role } from '../../src/db/actor.js'
import type { Client } from '../support/client.js'
import type { Operation } from './operations.js'
import { publicOperations } from './public.js'
import { organisation, world } from './world.js'

const broken = '{"title": '

await t.test('access to every operation', async t => {
  const w = await world(t)
  const clients = new Map<Role, Client>()
  for (const role of roles) clients.set(role, await w.client(role, organisation))
  const closed = w.operations.filter(operation => !operation.open)
  /** The operation with a body that is not JSON, where it takes one. */
  const withBroken = (client: Client, operation: Operation, headers: Record<string, string> = {}) =>
    client.send(operation.method, w.url(operation), operation.body ? broken : undefined, {
      headers: { ...operation.body && { 'content-type': 'application/json' }, ...headers }
    })

  await t.test('operations without a key are those of the checked-in list, and only read', async t => {
    t.same(w.operations.filter(operation => operation.open).map(operation => operation.id).sort(), publicOperations)
    for (const operation of w.operations) {
      t.equal(operation.open, operation.role === 'public', `${operation.id} says the same of its role and of its security`)
      if (operation.open) t.equal(operation.method, 'GET', `${operation.id} only reads`)
    }
  })

  await t.test('a public operation answers without a key', async t => {
    for (const operation of w.operations.filter(one => one.open)) {
      t.match(await w.anonymous.get(w.url(operation)), { status: 200 }, operation.id)
    }
  })

  await t.test('an operation that is not public asks for a key', async t => {
    for (const operation of closed) {
      const { status, body, headers } = await withBroken(w.anonymous, operation)
      t.match({ status, body }, { status: 401, body: { code: 'unauthenticated' } }, operation.id)
      t.match(headers['www-authenticate'], /^Bearer\b.*, Basic realm="Outturn"/, `${operation.id} says how to send it`)
    }
  })

  await t.test('a role too low is refused before the body is read', async t => {
    for (const operation of closed) {
      const lower = roles[roles.indexOf(operation.role as Role) - 1]
      if (lower === undefined) continue
      const answer = await withBroken(clients.get(lower)!, operation)
      t.match(answer, { status: 403, body: { code: 'forbidden' } }, `${operation.id} as ${lower}`)
    }
  })

  await t.test('the role that the document names is enough', async t => {
    for (const operation of closed) {
      const client = clients.get(operation.role as Role)!
      const { method, url, body, options } = await w.call(operation, client)
      const { status, text } = await client.send(method, url, body, options)
      t.ok(status >= 200 && status < 300, `${operation.id} as ${operation.role}`, { status, text })
    }
  })

  await t.test('a wrong credential is refused even where none is needed', async t => {
    const { body: { key } } = await w.admin.post((await w.call(w.byId('createKey'))).url, {})
    const mistyped = `${(key as string).slice(0, -1)}${(key as string).endsWith('0') ? '1' : '0'}`
    const wrong = ['Bearer nonsense', `Bearer ${mistyped}`, 'Bearer', 'Digest abc', `Token ${key as string}`, '', `Basic ${Buffer.from('any:nonsense').toString('base64')}`]
    for (const authorization of wrong) {
      for (const operation of w.operations) {
        const { status, body, headers } = await withBroken(w.anonymous, operation, { authorization })
        t.match({ status, body }, { status: 401, body: { code: 'unauthenticated' } }, `${operation.id} with '${authorization.slice(0, 20)}'`)
        t.ok(headers['www-authenticate'], `${operation.id} says how to send it`)
      }
    }
  })

  await t.test('a key that is revoked is a wrong credential at once', async t => {
    const made = await w.make(w.byId('deleteKey'))
    const client = w.withKey(made.answer.body.key as string)
    t.match(await client.get('/v1/me'), { status: 200 })
    await w.admin.delete(made.url)
    t.match(await client.get('/v1/me'), { status: 401 })
    t.match(await client.get('/v1/plans'), { status: 401 })
  })
})
