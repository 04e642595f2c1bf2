// The table of docs/access.md against the running service: every operation, as every role, of the organisation that the
// thing is of and of another; and whoever is refused leaves nothing behind.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import type { Role } from '../../src/db/actor.js'
import { contents } from '../support/contents.js'
import type { Client } from '../support/client.js'
import type { Operation } from './operations.js'
import { changed, exampleOf, organisation, world, type Call } from './world.js'

interface Row { ids: string[], state: 'new' | 'stored' | null, cells: string[] }

const columns = 10

async function table (): Promise<Row[]> {
  const text = await readFile(join(root, 'docs/access.md'), 'utf8')
  const [, section = ''] = /## Every operation\n([^]*)/.exec(text) ?? []
  return section.split('\n').filter(line => line.startsWith('| `')).map(line => {
    const [first = '', ...cells] = line.slice(2, -2).split(' | ')
    const state = /\((new|stored)\)$/.exec(first)?.[1] as Row['state'] ?? null
    return { ids: [...first.matchAll(/`(\w+)`/g)].map(([, id]) => id!), state, cells }
  })
}

await t.test('the table of roles and operations', async t => {
  const w = await world(t)
  const rows = await table()
  const at = (id: string, state: Row['state']) => rows.filter(row => row.ids.includes(id) && (row.state === null || row.state === state))

  await t.test('has every operation, and each once', async t => {
    t.same([...new Set(rows.flatMap(row => row.ids))].sort(), w.operations.map(operation => operation.id).sort())
    for (const { id, method } of w.operations) {
      for (const state of method === 'PUT' ? ['new', 'stored'] as const : ['stored'] as const) t.equal(at(id, state).length, 1, `${id} ${state}`)
    }
    for (const { ids, cells } of rows) t.equal(cells.length, columns, ids.join())
  })

  const { body: { key: feedKey } } = await w.admin.post(w.url(w.byId('createKey')), { kind: 'feed' })
  const basic = { authorization: `Basic ${Buffer.from(`any:${feedKey as string}`).toString('base64')}` }
  const feed: Client = {
    ...w.anonymous,
    send: (method, url, body, options) => w.anonymous.send(method, url, body, { ...options, headers: basic })
  }
  const of = (role: Role, whose = organisation) => w.client(role, whose)
  /** The columns of the table; both readers stand in one. */
  const callers: Array<[name: string, column: number, client: Client]> = [
    ['no key', 0, w.anonymous], ['a feed key', 1, feed], ['a reader', 2, await of('reader')], ['a reader elsewhere', 2, await of('reader', 'elsewhere')],
    ['a contributor', 3, await of('contributor')], ['a contributor elsewhere', 4, await of('contributor', 'elsewhere')],
    ['an editor', 5, await of('editor')], ['an editor elsewhere', 6, await of('editor', 'elsewhere')],
    ['a publisher', 7, await of('publisher')], ['a publisher elsewhere', 8, await of('publisher', 'elsewhere')], ['an administrator', 9, await of('admin')]
  ]
  let period = 1900

  /** Its own delivery, rejected where it writes nothing; another's, where it may not deliver at all. */
  async function ofDelivery ({ id, method, path }: Operation, client: Client): Promise<Call> {
    const [row] = exampleOf(w.byId('importDatapoints')).datapoints as object[]
    const sent = { ...row, period: `FY${++period}`, ...(id === 'getRejectedRows' && { measure: 'no-such-measure' }) }
    const own = (await client.send('POST', '/v1/datapoint-imports', { datapoints: [sent] })).body
    const usable = own.id !== undefined && (id !== 'revertDatapointImport' || own.result === 'applied')
    const other = usable ? own : (await w.admin.post('/v1/datapoint-imports', { datapoints: [sent] })).body
    return { method, url: path.replace('{id}', other.id as string), options: {} }
  }

  async function toReplace (operation: Operation): Promise<Call> {
    if (operation.id === 'putOrganisation') {
      const url = w.url(operation, { organisation })
      const { etag, body } = await w.admin.get(url)
      return { method: 'PUT', url, body: { ...body, title: `Title ${++period}` }, options: { etag } }
    }
    const { url, etag, body } = await w.make(operation)
    return { method: 'PUT', url, body: changed(body), options: operation.id === 'putDatapoint' ? {} : { etag } }
  }

  const prepare = (operation: Operation, state: Row['state'], client: Client) => operation.path.includes('{id}') && operation.path.startsWith('/v1/datapoint-imports')
    ? ofDelivery(operation, client)
    : state === 'stored' && operation.method === 'PUT' ? toReplace(operation) : w.call(operation, ['patchOrganisation'].includes(operation.id) ? client : w.admin)

  for (const operation of w.operations) {
    for (const state of operation.method === 'PUT' ? ['new', 'stored'] as const : ['stored'] as const) {
      const [row] = at(operation.id, state)
      if (row === undefined) continue
      await t.test(`${operation.id}${operation.method === 'PUT' ? ` of something ${state}` : ''} answers as the table says`, async t => {
        for (const [name, column, client] of callers) {
          const expected = row.cells[column]!
          const { method, url, body, options } = await prepare(operation, state, client)
          const before = expected === 'yes' ? null : await contents(w.connection)
          const answer = await client.send(method, url, body, options)
          t.equal(answer.status < 300 ? 'yes' : String(answer.status), expected, `as ${name}`, { text: answer.text })
          if (before !== null) t.same(await contents(w.connection), before, `${name} leaves nothing behind`)
        }
      })
    }
  }
})
