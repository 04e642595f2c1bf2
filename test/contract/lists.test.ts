// Lists come in pages, held for every operation that takes limit and cursor.
import t from 'tap'
import type { Answer } from '../support/client.js'
import { hold } from './exceptions.js'
import { isPaged, nameOf, queryOf, type Operation, type Schema } from './operations.js'
import { exampleOf, world } from './world.js'

/** A value that a filter takes, whatever it selects. */
function valueOf (schema: Schema): string {
  if (schema.enum !== undefined) return String(schema.enum[0])
  if (schema.type === 'boolean') return 'true'
  if (schema.format === 'date') return '2017-01-01'
  if (schema.format === 'date-time') return '2017-01-01T00:00:00Z'
  return schema.pattern?.toString().match(/^\^\(\?:([a-z_]+)/)?.[1] ?? 'some'
}

const output = ['limit', 'cursor', 'count', 'titles', 'format', 'excel', 'include_deleted', 'latest']

await t.test('every list', async t => {
  const w = await world(t)
  const lists = w.operations.filter(isPaged)
  const read = (operation: Operation, query: Record<string, string | number | boolean> = {}) => w.admin.get(w.url(operation), { query })

  for (const put of w.operations.filter(({ method, path }) => method === 'PUT' && path.endsWith('}'))) {
    for (let i = 0; i < 7; i++) await w.make(put)
  }
  const areas = (await w.admin.get('/v1/areas')).body.items as Array<{ code: string }>
  for (const { code } of areas) await w.admin.put(w.url(w.byId('putDatapoint'), { area: code }), { value: 12.5 })
  for (let i = 0; i < 7; i++) await w.admin.post('/v1/plans/plan-a/publications', { label: `W${i}` })
  for (let i = 0; i < 7; i++) await w.admin.post('/v1/datapoint-imports', exampleOf(w.byId('importDatapoints')))

  /** All pages from here on, by their cursors. */
  async function walk (operation: Operation, query: Record<string, string | number | boolean>): Promise<Answer[]> {
    const pages = [await read(operation, query)]
    for (let cursor = pages[0]!.body.next_cursor; cursor !== null; cursor = pages.at(-1)!.body.next_cursor) {
      pages.push(await read(operation, { ...query, cursor: cursor as string }))
      if (pages.length > 50) throw new Error(`${operation.id} does not come to an end.`)
    }
    return pages
  }

  const big = async (operation: Operation, query = {}) => (await read(operation, { ...query, limit: 1000 })).body.items as unknown[]

  await t.test('comes in pages', async t => {
    for (const operation of w.operations) {
      const answer = nameOf(operation.responses[200]?.content?.['application/json']?.schema)
      if (w.openapi.components.schemas[answer]?.properties?.items !== undefined) hold(t, 'comes in pages', operation.id, isPaged(operation))
    }
  })

  await t.test('is the same in three pages as in one', async t => {
    for (const operation of lists) {
      const sorts = operation.parameters.find(({ name }) => name === 'sort')?.schema.enum as string[] | undefined ?? []
      for (const query of [{}, ...sorts.map(sort => ({ sort }))]) {
        const all = await big(operation, query)
        t.ok(all.length >= 7, `${operation.id} has something to page (${all.length})`)
        const pages = await walk(operation, { ...query, limit: Math.ceil(all.length / 3) })
        t.equal(pages.length, 3, `${operation.id} ${JSON.stringify(query)} has three pages`)
        t.same(pages.flatMap(page => page.body.items as unknown[]), all, `${operation.id} ${JSON.stringify(query)} is the same in pages`)
        t.equal(new Set(all.map(item => JSON.stringify(item))).size, all.length, `${operation.id} has nothing twice`)
      }
    }
  })

  await t.test('ends with next_cursor null and no link, also where the last page is full', async t => {
    for (const operation of lists) {
      const all = await big(operation)
      const { body, headers } = await read(operation, { limit: all.length })
      t.equal(body.items.length, all.length, operation.id)
      t.match(body, { next_cursor: null, next: null }, `${operation.id} ends`)
      t.notOk(headers.link, `${operation.id} links nowhere`)
    }
  })

  await t.test('names the absolute address of the next page, in the body and in Link', async t => {
    for (const operation of lists) {
      const all = await big(operation)
      const { body, headers } = await read(operation, { limit: 2 })
      t.match(body.next, /^https?:\/\/[^/]+\/v1\//, operation.id)
      t.equal(headers.link, `<${body.next as string}>; rel="next"`, `${operation.id} links to it`)
      const next = new URL(body.next as string)
      t.equal(next.searchParams.get('cursor'), body.next_cursor, `${operation.id} carries the cursor`)
      t.same((await w.admin.get(next.pathname + next.search)).body.items, all.slice(2, 4), `${operation.id} keeps the limit`)
    }
  })

  await t.test('has 100 items where no limit is said, and refuses a limit outside 1 to 1000', async t => {
    for (const operation of lists) {
      t.equal(operation.parameters.find(({ name }) => name === 'limit')?.schema.default, 100, operation.id)
      for (const limit of ['0', '1001', '-1', 'abc', '1.5', '']) {
        t.match(await read(operation, { limit }), { status: 400, body: { code: 'invalid_input', errors: [{ pointer: '?limit' }] } }, `${operation.id} limit=${limit}`)
      }
      t.match(await read(operation, { limit: 1 }), { status: 200 }, `${operation.id} limit=1`)
    }
  })

  await t.test('refuses a cursor that is not its own', async t => {
    const cursors = new Map<Operation, string>()
    for (const operation of lists) cursors.set(operation, (await read(operation, { limit: 3 })).body.next_cursor as string)
    for (const [operation, cursor] of cursors) {
      const other = [...cursors].find(([one]) => one !== operation)![1]
      const expired = { status: 410, body: { code: 'expired_cursor' } }
      for (const damaged of ['x', cursor.slice(0, -4), cursor.slice(4), `x${cursor}`, other]) t.match(await read(operation, { cursor: damaged }), expired, `${operation.id} cursor=${damaged}`)
      for (const { name, schema } of operation.parameters.filter(({ in: at, name }) => at === 'query' && !output.includes(name))) {
        t.match(await read(operation, { cursor, [name]: valueOf(schema) }), expired, `${operation.id} with another ${name}`)
      }
    }
  })

  await t.test('answers a cursor with changed letters, or refuses it, and never fails', async t => {
    for (const operation of lists) {
      const cursor = (await read(operation, { limit: 3 })).body.next_cursor as string
      const wrong: unknown[] = []
      for (let at = 0; at < cursor.length; at += 2) {
        const damaged = cursor.slice(0, at) + (cursor[at] === 'M' ? 'N' : 'M') + cursor.slice(at + 1)
        const { status, body } = await read(operation, { cursor: damaged })
        if (status !== 200 && body?.code !== 'expired_cursor') wrong.push({ damaged, status, key: Buffer.from(damaged, 'base64url').toString() })
      }
      t.same(wrong, [], operation.id)
    }
  })

  await t.test('counts all items where count is asked for', async t => {
    for (const operation of lists.filter(one => queryOf(one).includes('count'))) {
      const all = await big(operation)
      const pages = await walk(operation, { limit: 3, count: true })
      t.same(new Set(pages.map(page => page.body.total as number)), new Set([all.length]), operation.id)
      t.notOk('total' in (await read(operation)).body, `${operation.id} only then`)
      t.equal((await read(operation, { limit: 3, cursor: pages[0]!.body.next_cursor as string })).status, 200, `${operation.id} goes on without counting`)
    }
  })

  await t.test('of changes goes on from a bookmark, in pages that are the same as one', async t => {
    const changes = w.byId('listChanges')
    const all = await big(changes)
    const seen: unknown[] = []
    for (let after: string | undefined, more = true; more;) {
      const { body } = await read(changes, { limit: Math.ceil(all.length / 3), ...(after !== undefined && { after }) })
      seen.push(...body.items as unknown[])
      ;({ next_cursor: after, has_more: more } = body as { next_cursor: string, has_more: boolean })
    }
    t.same(seen, all)
    t.match(await read(changes, { after: 'damaged' }), { status: 410, body: { code: 'expired_cursor' } })
  })
})
