// What is private stands in no answer to anyone else: every GET of the document, in every form it has, beside things
// that are hidden and at their very addresses.
import t from 'tap'
import type { Client } from '../support/client.js'
import { partsOf } from '../pure/parts.js'
import { namesIn, queryOf, type Operation } from './operations.js'
import { organisation, world } from './world.js'

/** Stands in every word of what is hidden, and in its codes. */
const canary = 'zanzibar'
const owner = 'keeper'

/** Codes of what is hidden, by the name of the parameter; all of the same length as those that are not there. */
const hidden: Record<string, string> = {
  plan: `${canary}-plan`,
  measure: `${canary}-measure`,
  priority: `${canary}-priority`,
  outcome: `${canary}-outcome`,
  plan_measure: `${canary}-line`,
  action: `${canary}-action`,
  statement: `${canary}-statement`,
  review: `${canary}-review`,
  update: `${canary}-update`,
  target: `${canary}-target`,
  label: `${canary}-label`
}
const absent = (code: string) => code.replaceAll(canary, 'nowhere0')

await t.test('what is private', async t => {
  const w = await world(t)
  const { admin } = w
  const made = async (url: string, body: Record<string, unknown>) => {
    const { status, text } = await admin.put(url, body)
    if (status !== 201) throw new Error(`${url}: ${text}`)
  }
  await admin.put(`/v1/organisations/${owner}`, { title: 'Keeper', kind: 'other' })
  await made(`/v1/measures/${hidden.measure!}`, { title: canary, unit: 'count', visibility: 'private', steward: owner, note: canary, definition: canary })
  await made(`/v1/plans/${hidden.plan!}`, { title: canary, owner, area: 'E06000018', period: 'FY2015', visibility: 'private', note: canary, predecessor: 'plan-a' })
  for (const [plan, restricted] of [[hidden.plan!, false], ['plan-a', true]] as const) {
    const at = `/v1/plans/${plan}`
    const home = restricted ? { outcome: '1a' } : { priorities: [{ priority: hidden.priority, relation: 'primary' }] }
    if (!restricted) await made(`${at}/priorities/${hidden.priority!}`, { title: canary })
    if (!restricted) await made(`${at}/outcomes/${hidden.outcome!}`, { priority: hidden.priority, title: canary })
    await made(`${at}/measures/${hidden.plan_measure!}`, { measure: hidden.measure, title: canary, ...home, organisations: [{ organisation: owner, role: 'lead' }] })
    if (!restricted) await made(`${at}/actions/${hidden.action!}`, { title: canary })
    if (!restricted) await made(`${at}/reviews/${hidden.review!}`, { kind: 'annual', title: canary })
    await made(`${at}/statements/${hidden.statement!}`, { kind: 'aim', text: canary, plan_measure: hidden.plan_measure })
    await made(`${at}/updates/${hidden.update!}`, { text: canary, plan_measures: [hidden.plan_measure], sensitivity: 'restricted', period: 'FY2015' })
  }
  for (const measure of [hidden.measure!, 'smoking-at-delivery']) {
    await made(`/v1/measures/${measure}/targets/${hidden.target!}`, { kind: 'milestone', plan: hidden.plan, printed: canary })
  }
  await made(`/v1/measures/${hidden.measure!}/datapoints/E06000018/FY2015`, { value: 1234567, note: canary, printed: canary, source: canary })
  await admin.patch('/v1/plans/plan-a', { supporting_measures: [hidden.measure], predecessor: hidden.plan }, { etag: '*' })
  await admin.patch('/v1/measures/smoking-at-delivery', { links: [{ measure: hidden.measure, relation: 'same' }] }, { etag: '*' })
  await admin.patch('/v1/plans/plan-a/actions/action-1', { plan_measures: [hidden.plan_measure] }, { etag: '*' })
  await admin.patch('/v1/organisations/nottingham-city-ccg', { aliases: [{ alias: canary, plan: hidden.plan }] }, { etag: '*' })
  for (const label of ['V3', 'V4']) await admin.post('/v1/plans/plan-a/publications', { label })
  await admin.post(`/v1/plans/${hidden.plan!}/publications`, { label: hidden.label, note: canary })
  const strangers: Array<[string, Client]> = [
    ['anyone', w.anonymous], ['a reader elsewhere', await w.client('reader', 'elsewhere')], ['an editor elsewhere', await w.client('editor', 'elsewhere')],
    ['an editor of the plan beside it', await w.client('editor', organisation)]
  ]
  const reads = w.operations.filter(({ method }) => method === 'GET')

  /** An answer in words, whatever form it has; of a workbook all its parts. */
  async function read (client: Client, url: string, query: Record<string, string> = {}): Promise<string> {
    const { status, headers, text, bytes } = await client.get(url, { query })
    const words = headers['content-type']?.includes('spreadsheetml') ? [...partsOf(bytes).values()].join('\n') : text
    return `${status} ${JSON.stringify({ ...headers, 'x-request-id': '', date: '' })} ${words}`
  }

  /** Every form that an operation has; none where it has one. */
  const forms = (operation: Operation): Array<Record<string, string>> => {
    const format = operation.parameters.find(({ name, in: at }) => name === 'format' && at === 'query')
    return [{}, ...(format?.schema.enum ?? []).map(form => ({ format: String(form) }))]
  }

  await t.test('is there, and its owner finds it at the same addresses', async t => {
    const insider = await w.client('reader', owner)
    const seen = new Set<string>()
    for (const operation of reads.filter(({ path }) => path.includes('{plan}') || path.includes('{measure}'))) {
      const { status, text } = await insider.get(w.url(operation, hidden))
      if (status === 200 && text.includes(canary)) seen.add(operation.id)
    }
    t.ok(seen.size > 20, `${seen.size} operations answer with it`)
  })

  for (const [who, client] of strangers) {
    await t.test(`stands in no answer to ${who}`, async t => {
      for (const operation of reads) {
        for (const form of forms(operation)) {
          t.notMatch(await read(client, w.url(operation), form), new RegExp(`${canary}|1234567`, 'i'), `${operation.id} ${form.format ?? ''}`)
        }
        const searches = queryOf(operation).filter(name => ['q', 'count', 'include_deleted', 'as_of', 'latest'].includes(name))
        const values: Record<string, string> = { q: canary.slice(0, -1), count: 'true', include_deleted: 'true', latest: 'true', as_of: '2190-01-01T00:00:00Z' }
        for (const name of searches) {
          t.notMatch(await read(client, w.url(operation), { [name]: values[name]! }), name === 'q' ? /"code":"zanzibar/ : new RegExp(canary), `${operation.id} with ${name}`)
        }
      }
    })

    await t.test(`is for ${who} as if it were not there`, async t => {
      for (const operation of reads) {
        const names = namesIn(operation.path).filter(name => hidden[name] !== undefined)
        for (const name of names) {
          const same = async (code: string) => (await read(client, w.url(operation, { [name]: code }))).replaceAll(code, '?')
          t.equal(await same(hidden[name]!), await same(absent(hidden[name]!)), `${operation.id} at its ${name}`)
        }
        const filters = queryOf(operation).filter(name => hidden[name] !== undefined || ['parent', 'resource', 'from'].includes(name))
        for (const name of filters) {
          const code = name === 'resource' ? `/v1/plans/${hidden.plan!}` : hidden[name] ?? hidden.update!
          const same = async (value: string) => (await read(client, w.url(operation), { [name]: value })).replaceAll(value, '?').replaceAll(encodeURIComponent(value), '?')
          t.equal(await same(code), await same(absent(code)), `${operation.id} with the filter ${name}`)
        }
      }
    })
  }
})
