// Every POST can be repeated with an Idempotency-Key.
import t from 'tap'
import { hold } from './exceptions.js'
import { journalled } from './journal.js'
import { headersOf, type Operation } from './operations.js'
import { organisation, world } from './world.js'

/** For each POST a body that is well formed and refused, with its status. */
const refused: Record<string, { status: number, body: Record<string, unknown> }> = {
  createPublication: { status: 409, body: { label: 'V1' } },
  createUpdate: { status: 422, body: { text: 'Reported.', plan_measures: ['no-such-line'] } },
  importDatapoints: { status: 422, body: { datapoints: [{ measure: 'no-such-measure', area: 'E06000018', period: 'FY2016', value: 1 }] } }
}

/** POSTs without a body that are refused, with this status, when they have been done before. */
const onlyOnce: Record<string, number> = { revertDatapointImport: 409 }

await t.test('every POST', async t => {
  const w = await world(t)
  const posts = w.operations.filter(({ method }) => method === 'POST')
  const repeatable = posts.filter(operation => headersOf(operation).includes('idempotency-key'))

  await t.test('takes an Idempotency-Key', async t => {
    for (const operation of posts) hold(t, 'takes an Idempotency-Key', operation.id, repeatable.includes(operation))
  })

  await t.test('that keeps no answer does its work each time', async t => {
    for (const operation of posts.filter(one => !repeatable.includes(one))) {
      const { url, body } = await w.call(operation)
      const first = await w.admin.post(url, body, { idempotency: 'the-same-key-16-characters' })
      const again = await w.admin.post(url, body, { idempotency: 'the-same-key-16-characters' })
      t.match([first.status, again.status], [201, 201], operation.id)
      t.not(again.text, first.text, `${operation.id} answers anew`)
      t.notOk(again.headers['idempotent-replayed'], `${operation.id} does not say that it was replayed`)
    }
  })

  async function refusal (operation: Operation): Promise<{ url: string, status: number, body?: Record<string, unknown> }> {
    if (refused[operation.id] !== undefined) return { url: w.url(operation), ...refused[operation.id]! }
    const { url } = await w.call(operation)
    await w.admin.post(url)
    return { url, status: onlyOnce[operation.id]! }
  }

  for (const [number, operation] of repeatable.entries()) {
    await t.test(`${operation.id} with a key answers the same again and does nothing`, async t => {
      const { url, body } = await w.call(operation)
      const idempotency = `first-use-of-a-key-${number}`
      const first = await w.admin.post(url, body, { idempotency })
      t.ok(first.status < 300)
      t.notOk(first.headers['idempotent-replayed'])
      const changes = await journalled(w.admin, async () => {
        const again = await w.admin.post(url, body, { idempotency })
        t.match(again, { status: first.status, text: first.text, headers: { 'idempotent-replayed': 'true' } })
        for (const name of ['location', 'etag', 'content-type']) t.equal(again.headers[name], first.headers[name], `with the same ${name}`)
      })
      t.same(changes, [])
    })

    await t.test(`${operation.id} with a key and another body is refused`, async t => {
      const { url, body } = await w.call(operation)
      if (body === undefined) return t.ok(operation.id in onlyOnce, 'it has no body')
      const idempotency = `second-use-of-a-key-${number}`
      await w.admin.post(url, body, { idempotency })
      t.match(await w.admin.post(url, refused[operation.id]!.body, { idempotency }), { status: 422, body: { code: 'idempotency_mismatch' } })
      t.match(await w.admin.post(url, body, { idempotency }), { headers: { 'idempotent-replayed': 'true' } })
    })

    await t.test(`${operation.id} that was refused is refused again with the same words`, async t => {
      const { url, status, body } = await refusal(operation)
      const idempotency = `third-use-of-a-key-${number}`
      const first = await w.admin.post(url, body, { idempotency })
      t.equal(first.status, status)
      t.match(await w.admin.post(url, body, { idempotency }), { status, text: first.text, headers: { 'idempotent-replayed': 'true', 'content-type': /^application\/problem\+json/ } })
    })

    await t.test(`${operation.id} that was not valid may be sent again with the same key`, async t => {
      const { url, body } = await w.call(operation)
      if (body === undefined) return t.ok(operation.id in onlyOnce, 'it has no body')
      const idempotency = `fourth-use-of-a-key-${number}`
      t.match(await w.admin.post(url, { nonsense: 1 }, { idempotency }), { status: 400 })
      const { status, headers } = await w.admin.post(url, body, { idempotency })
      t.ok(status < 300)
      t.notOk(headers['idempotent-replayed'])
    })

    await t.test(`${operation.id} refuses a key of the wrong form`, async t => {
      const { url, body } = await w.call(operation)
      for (const idempotency of ['short', 'x'.repeat(256), 'with a space in the key', 'ünïcödé-in-the-key-here', '']) {
        t.match(await w.admin.post(url, body, { idempotency }), { status: 400, body: { code: 'invalid_input', errors: [{ pointer: 'idempotency-key' }] } }, `'${idempotency.slice(0, 30)}'`)
      }
    })

    await t.test(`${operation.id} takes the same key from another client`, async t => {
      const { url, body } = await w.call(operation)
      const idempotency = `fifth-use-of-a-key-${number}`
      const other = await w.client('admin', organisation)
      await w.admin.post(url, body, { idempotency })
      t.notOk((await other.post(url, body, { idempotency })).headers['idempotent-replayed'])
    })
  }
})
