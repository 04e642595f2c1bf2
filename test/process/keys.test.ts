// Two processes on one database: a key that is revoked in one is refused by the other with the next request, for neither
// remembers who is let in. And what a process writes, at its most talkative, holds no secret.
import t from 'tap'
import { testDatabase } from '../support/database.js'
import { service } from '../support/process.js'

const bootstrap = 'canary-bootstrap-key-of-32-characters'
const password = 'canary-password'

await t.test('keys in two processes', async t => {
  const url = new URL(await testDatabase(t))
  // Where the server asks for none, any will do.
  if (url.password === '') url.password = password
  const env = { DATABASE_URL: url.href, OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: bootstrap, LOG_LEVEL: 'trace' }
  const both = [await service(t, { env }), await service(t, { env })] as const
  const [one, other] = both
  await one.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  await one.put('/v1/clients/partner', { organisation: 'council', role: 'editor', title: 'Partner' })
  const make = async () => (await one.post('/v1/clients/partner/keys', {})).body as { id: string, key: string }
  const statuses = (as: string, method = 'GET', path = '/v1/me', body?: unknown) =>
    Promise.all(both.map(async process => (await process.send(method, path, body, { as })).status))
  const secrets: string[] = []

  await t.test('a revoked key is refused by both with the next request, whichever revoked it', async t => {
    for (const by of both) {
      const { id, key } = await make()
      secrets.push(key)
      t.same(await statuses(key), [200, 200])
      t.equal((await by.send('DELETE', `/v1/clients/partner/keys/${id}`)).status, 204)
      t.same(await statuses(key), [401, 401])
      t.same(await statuses(key, 'GET', '/v1/plans'), [401, 401], 'also where none is needed')
    }
  })

  await t.test('a client that is demoted or deleted is so in both', async t => {
    const { key } = await make()
    secrets.push(key)
    const put = () => statuses(key, 'PUT', '/v1/measures/x', { title: 'X', steward: 'council' })
    t.same((await put()).sort(), [200, 201])
    t.equal((await one.send('PATCH', '/v1/clients/partner', { role: 'reader' }, { ifMatch: '"1"' })).status, 200)
    t.same(await put(), [403, 403])
    t.equal((await other.send('DELETE', '/v1/clients/partner', undefined, { ifMatch: '"2"' })).status, 204)
    t.same(await statuses(key), [401, 401])
  })

  await t.test('what they wrote meanwhile tells of every request, and of no secret', async t => {
    for (const process of both) {
      await process.send('GET', `/v1/plans?key=${secrets[0]!}`, undefined, { as: secrets[0]! })
      t.equal(await process.stop(), 0)
      const { out, err } = process.said
      t.ok(err.split('\n').filter(line => line.includes('"msg":"answered"')).length >= 9)
      for (const secret of [bootstrap, password, ...secrets.map(key => key.split('_')[3]!)]) t.notOk((out + err).includes(secret), secret.slice(0, 8))
    }
  })
})
