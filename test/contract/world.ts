// A small world, made of the document's own examples, in which every operation has a call that succeeds.
import type { Test } from 'tap'
import type { Answer, Client, SendOptions } from '../support/client.js'
import { start, type Started } from '../support/app.js'
import { namesIn, openapiOf, operationsOf, type Openapi, type Operation } from './operations.js'

export interface Call { method: string, url: string, body?: Record<string, unknown>, options: SendOptions }

export interface Made { url: string, etag: string, body: Record<string, unknown>, answer: Answer }

export interface World extends Started {
  openapi: Openapi
  operations: Operation[]
  byId (id: string): Operation
  /** Address on what the world holds, parts of it replaced. */
  url (operation: Operation, replaced?: Record<string, string>): string
  /** A new thing at the operation's path that nothing refers to, made as an admin. */
  make (operation: Operation): Promise<Made>
  /** An address at the operation's path where nothing is yet, and an example body for it. */
  vacant (operation: Operation): { url: string, body: Record<string, unknown> }
  /** A call that succeeds, for this client where what is read is its own. */
  call (operation: Operation, as?: Client): Promise<Call>
}

export const organisation = 'nottingham-childrens-partnership'

/** Codes of what the world holds, by the name of the parameter; id depends on the path. */
const held: Record<string, string> = {
  organisation: 'nottingham-city-ccg',
  area: 'E06000018',
  measure: 'smoking-at-delivery',
  plan: 'plan-a',
  priority: '1',
  outcome: '1a',
  plan_measure: 'N16-1d-02',
  action: 'action-1',
  statement: 'statement-1',
  review: 'review-1',
  update: 'update-1',
  target: 'target-1',
  label: 'V2',
  period: 'FY2015',
  client: 'client-a'
}

/** What is held, in the order in which it can be made; the last word is what differs from the example. */
const contents: Array<[id: string, code: string, fields?: Record<string, unknown>]> = [
  ['putOrganisation', 'nottingham-city-ccg'],
  ['putOrganisation', organisation],
  ['putArea', 'E12000004', { title: 'East Midlands', kind: 'region', parent: null }],
  ['putArea', 'E06000018'],
  ['putMeasure', 'smoking-at-delivery'],
  ['putPlan', 'plan-a'],
  ['putPriority', '1'],
  ['putOutcome', '1a'],
  ['putPlanMeasure', 'N16-1d-02'],
  ['putAction', 'action-1'],
  ['putStatement', 'statement-1'],
  ['putReview', 'review-1'],
  ['putUpdate', 'update-1'],
  ['putTarget', 'target-1'],
  ['putClient', 'client-a'],
  ['putDatapoint', 'FY2015']
]

/** What makes a thing the organisation's, or gives it a part in it, where its example does not. */
const owned: Record<string, Record<string, unknown>> = {
  putMeasure: { steward: organisation },
  putPlanMeasure: { organisations: [{ organisation, role: 'lead' }] },
  putAction: { organisations: [{ organisation, role: 'delivery' }] },
  putUpdate: { organisations: [{ organisation, role: 'reporter' }] },
  createUpdate: { organisations: [{ organisation, role: 'reporter' }] },
  patchAction: { status: 'achieved' },
  putBundle: { plan: { owner: organisation } }
}

/** What any key of the organisation changes is the organisation itself. */
const itself = new Set(['patchOrganisation'])

/** POSTs whose example names what the world holds, so that they need no parent of their own. */
const needsHeld = new Set(['createUpdate'])

/** The same body, saying something else. */
export function changed (body: Record<string, unknown>, mark: string | number = 1): Record<string, unknown> {
  if (typeof body.plan === 'object') return { ...body, plan: { ...body.plan, title: `Changed ${mark}` } }
  const words = ['title', 'text', 'printed'].find(name => name in body)
  return words === undefined ? { ...body, value: Number((body.value as number + Number(mark) / 10).toFixed(1)) } : { ...body, [words]: `Changed ${mark}` }
}

export const exampleOf = (operation: Operation): Record<string, unknown> =>
  structuredClone(operation.body?.example ?? (operation.method === 'PATCH' ? { title: 'Changed by a patch' } : {}))

/** A patch that changes the words of what the operation patches. */
export const patchOf = (operation: Operation, words = 'Changed') => {
  const [name = 'title'] = operation.method === 'PATCH' ? Object.keys(exampleOf(operation)) : []
  return { [name]: words }
}

/** The example of the operation, on what is the organisation's. */
function ownExample (operation: Operation): Record<string, unknown> {
  const [example, own] = [exampleOf(operation), owned[operation.id]]
  if (operation.method === 'PATCH') return own ?? example
  return typeof own?.plan === 'object' ? { ...example, plan: { ...example.plan as object, ...own.plan } } : { ...example, ...own }
}

export async function world (t: Test, connection?: Started['connection']): Promise<World> {
  const started = await start(t, connection && { connection })
  const { admin } = started
  const openapi = openapiOf(started.app)
  const operations = operationsOf(openapi)
  const byId = (id: string) => operations.find(operation => operation.id === id) ?? (() => { throw new Error(`The document has no operation ${id}.`) })()
  const ids: Record<string, string> = {}
  let count = 0
  let periods = 0

  const url: World['url'] = ({ path }, replaced = {}) =>
    path.replace(/\{([a-z_]+)\}/g, (_, name: string) => encodeURIComponent(replaced[name] ?? (name === 'id' ? ids[path.split('/{id}')[0]!] : held[name]) ?? `no-${name}-held`))

  /** PUT at the same path, by which a thing is made. */
  const maker = (path: string) => operations.find(one => one.method === 'PUT' && one.path === path)

  const vacant: World['vacant'] = operation => {
    const put = maker(operation.path)!
    const name = namesIn(operation.path).at(-1)!
    const code = name === 'period' ? `FY${1950 + ++periods}` : `spare-${++count}`
    const body = ownExample(put)
    return { url: url(put, { [name]: code }), body: typeof body.plan === 'object' ? { ...body, plan: { ...body.plan, code } } : body }
  }

  const make: World['make'] = async operation => {
    if (maker(operation.path) === undefined) return makeByPost(operation)
    const { url, body } = vacant(operation)
    return sure(await admin.put(url, body), url, body)
  }

  /** What has no PUT is made by the POST of its list, in a parent of its own. */
  async function makeByPost (operation: Operation, as = admin): Promise<Made> {
    const post = byId(operations.find(one => one.method === 'POST' && one.path === operation.path.replace(/\/\{[a-z_]+\}$/, ''))?.id ?? `to make ${operation.path}`)
    const { url, body = {} } = await call(post)
    const answer = await as.post(url, body)
    return sure(answer, `${url}/${(answer.body as { id: string }).id}`, body)
  }

  function sure (answer: Answer, url: string, body: Record<string, unknown>): Made {
    if (answer.status > 201) throw new Error(`The example is refused at ${url}: ${answer.text}`)
    return { url, etag: answer.etag, body, answer }
  }

  /** What is asked of a delivery needs one that has it: a rejected row, or a figure that it made. */
  const deliveries: Record<string, (row: Record<string, unknown>) => Record<string, unknown>> = {
    getRejectedRows: row => ({ ...row, measure: 'no-such-measure' }),
    revertDatapointImport: row => ({ ...row, period: `FY${1950 + ++periods}` })
  }

  async function ofDelivery (operation: Operation, as: Client): Promise<Call> {
    const [row] = exampleOf(byId('importDatapoints')).datapoints as Array<Record<string, unknown>>
    const { body } = await as.post('/v1/datapoint-imports', { datapoints: [deliveries[operation.id]!(row!)] })
    return { method: operation.method, url: operation.path.replace('{id}', body.id as string), options: {} }
  }

  const call: World['call'] = async (operation, as = admin) => {
    const { method } = operation
    if (operation.id in deliveries) return ofDelivery(operation, as)
    if (method === 'GET') return { method, url: operation.path.endsWith('/{id}') ? (await makeByPost(operation, as)).url : url(operation), options: {} }
    if (method === 'PUT') return { method, ...vacant(operation), options: {} }
    if (method === 'POST') {
      const parent = needsHeld.has(operation.id) ? undefined : maker(operation.path.replace(/\/[^/]+$/, ''))
      const base = parent === undefined ? url(operation) : `${(await make(parent)).url}${/\/[^/]+$/.exec(operation.path)![0]}`
      return { method, url: base, ...(operation.body && { body: ownExample(operation) }), options: {} }
    }
    if (itself.has(operation.id) && as !== admin) {
      const address = url(operation, { organisation })
      return { method, url: address, body: exampleOf(operation), options: { etag: (await admin.get(address)).etag } }
    }
    const made = await make(operation)
    return { method, url: made.url, ...(operation.body && { body: ownExample(operation) }), options: made.etag === '' ? {} : { etag: made.etag } }
  }

  for (const [id, code, fields] of contents) {
    const put = byId(id)
    const address = url(put, { [namesIn(put.path).at(-1)!]: code })
    sure(await admin.put(address, { ...ownExample(put), ...fields }), address, {})
  }
  ids['/v1/datapoint-imports'] = (await admin.post('/v1/datapoint-imports', exampleOf(byId('importDatapoints')))).body.id as string
  for (const label of ['V1', 'V2']) await admin.post('/v1/plans/plan-a/publications', { label })
  return { ...started, openapi, operations, byId, url, make, vacant, call }
}
