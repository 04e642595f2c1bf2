// What the sets hold: the rows of /v1 under the same key, by the same names.
import t from 'tap'
import { sets } from '../../src/feeds/odata/sets.js'
import { flatOf } from '../../src/documents/workbook/cells.js'
import { breakdownText } from '../../src/resources/datapoints/breakdown.js'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { deliver, row } from '../resources/figures.js'
import { startWithSample } from '../documents/sample.js'
import { feedOf, type Feed, type Row } from './feed.js'
import type { Client } from '../support/client.js'

const suppress = { rule: 'suppress', suppress_from: 1, suppress_to: 7 }

async function everything (client: Client, url: string, query: Record<string, string> = {}): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await client.get(url, { query: { ...query, limit: '1000', ...(cursor !== '' && { cursor }) } })
    rows.push(...body.items as Row[])
    cursor = body.next_cursor as string | null
  }
  return rows
}

/** A row of /v1 as it stands in the feed. */
const flat = (row: Row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name,
  name === 'breakdown' ? breakdownText(value as Record<string, string> ?? {}) || null : name === 'qualifiers' ? (value as string[]).join(';') || null : flatOf(value)]))

const sorted = (rows: Row[]) => rows.map(row => JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => a < b ? -1 : 1)))).sort()

const instants = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, /_at$/.test(name) && value !== null ? new Date(value as string).toISOString() : value]))

await t.test('the sets of the sample plans', async t => {
  const started = await startWithSample(t)
  const { admin } = started
  const feed = feedOf(started)
  const plans = await everything(admin, '/v1/plans')

  await t.test('hold the registers', async t => {
    for (const [set, path] of [['Measures', 'measures'], ['Areas', 'areas'], ['Organisations', 'organisations'], ['Plans', 'plans'], ['Targets', 'targets']] as const) {
      const rows = await everything(admin, `/v1/${path}`)
      t.ok(rows.length > 3)
      t.same(sorted((await feed.walk(set)).map(instants)), sorted(rows.map(flat).map(instants)), set)
    }
  })

  await t.test('hold the sections of every plan, each with the code of its plan', async t => {
    for (const [set, path] of [['Priorities', 'priorities'], ['Outcomes', 'outcomes'], ['PlanMeasures', 'measures'], ['Actions', 'actions'], ['Updates', 'updates']] as const) {
      const rows: Row[] = []
      for (const { code } of plans) rows.push(...(await everything(admin, `/v1/plans/${code as string}/${path}`)).map(row => ({ plan: code, ...row })))
      t.ok(rows.length > 10)
      t.same(sorted((await feed.walk(set, {}, 50)).map(instants)), sorted(rows.map(flat).map(instants)), set)
    }
  })

  await t.test('hold the datapoints in the order of /v1, with what a refresh needs', async t => {
    const rows = await everything(admin, '/v1/datapoints', { titles: 'true', include_deleted: 'true' })
    const walked = await feed.walk('Datapoints', {}, 20)
    t.same(walked.map(({ id: _, period_start_at: __, last_changed_at: ___, ...row }) => row), rows.map(flat))
    for (const row of walked) {
      t.equal(row.period_start_at, row.period_start === null ? null : `${row.period_start as string}T00:00:00.000000Z`)
      t.equal(row.last_changed_at, row.recorded_at)
    }
    t.equal(new Set(walked.map(({ id }) => id)).size, rows.length, 'ids are unique')
  })

  await t.test('hold the series of every measure', async t => {
    const rows: Row[] = []
    for (const { code } of await everything(admin, '/v1/measures')) rows.push(...(await everything(admin, `/v1/measures/${code as string}/series`)).map(row => ({ measure: code, ...row })))
    t.ok(rows.length > 50)
    t.same((await feed.walk('Series', {}, 33)).map(({ id: _, ...row }) => row).map(row => sorted([row])), rows.map(flat).map(row => sorted([row])))
  })

  await t.test('hold the scorecards', async t => {
    for (const { code } of plans) {
      const { body } = await admin.get(`/v1/plans/${code as string}/scorecard`)
      const rows = await feed.walk('ScorecardLines', { $filter: `plan eq '${code as string}'`, $orderby: 'position' })
      const judged = rows.map(row => ['plan_measure', 'breakdown', 'value', 'rag', 'rag_reason', 'direction', 'target_met', 'due_on'].map(name => row[name]))
      t.same(judged, body.lines.map(({ plan_measure: line, breakdown, latest, rag, rag_reason: reason, direction, target, due }: any) =>
        [line, breakdownText(breakdown) || null, latest?.value ?? null, rag, reason.text, direction, target?.met ?? null, due?.due_on ?? null]))
    }
  })

  await t.test('are described with every property, and all of them come', async t => {
    const { text, headers } = await feed.get('$metadata')
    t.equal(headers['content-type'], 'application/xml')
    for (const set of sets) {
      const [row] = (await feed.get(set.name, { $top: 1 })).rows
      const [, type = ''] = new RegExp(`<EntityType Name="${set.type}">([^]*?)</EntityType>`).exec(text) ?? []
      t.same(Object.keys(row!), [...type.matchAll(/<Property Name="(\w+)"/g)].map(([, name]) => name), set.name)
      for (const { name, about } of set.properties) t.ok(about.length >= 5, `${set.name}.${name} is described`)
    }
  })
})

await t.test('what a caller may see in the feed', async t => {
  const started = await start(t)
  const { admin, client } = started
  await makePlan(admin)
  await makeMeasure(admin, 'small', { unit: 'count', disclosure: suppress })
  await admin.put('/v1/organisations/keeper', { title: 'Keeper', kind: 'other' })
  await makeMeasure(admin, 'secret', { visibility: 'private', steward: 'keeper' })
  await admin.patch('/v1/measures/recycling-rate', { links: [{ measure: 'secret', relation: 'related' }] }, { etag: (await admin.get('/v1/measures/recycling-rate')).etag })
  await admin.put('/v1/plans/plan-a/updates/quiet', { text: 'Only for those concerned.', sensitivity: 'restricted', organisations: [{ organisation: 'keeper', role: 'reporter' }] })
  await deliver(admin, [row('small', 'FY2016', { value: 3 }), row('small', 'FY2017', { value: 40 }), row('secret', 'FY2016', { value: 77 })])
  const readers: Array<[string, Client, Feed]> = [['nobody', started.anonymous, feedOf(started, null)], ['admin', admin, feedOf(started)]]
  for (const role of ['reader', 'contributor', 'editor'] as const) {
    const own = await client(role, role === 'editor' ? 'council' : 'keeper')
    readers.push([role, own, feedOf(started, own.key)])
  }

  await t.test('is what it may see in /v1', async t => {
    for (const [name, client, feed] of readers) {
      t.same((await feed.walk('Datapoints')).map(({ measure, period, value, missing }) => [measure, period, value, missing]),
        (await everything(client, '/v1/datapoints')).map(({ measure, period, value, missing }) => [measure, period, value, missing]), `figures for ${name}`)
      for (const [set, path] of [['Measures', '/v1/measures'], ['Updates', '/v1/plans/plan-a/updates']] as const) {
        t.same((await feed.walk(set)).map(({ code, links }) => [code, links]), (await everything(client, path)).map(({ code, links }) => [code, flatOf(links)]), `${set} for ${name}`)
      }
    }
  })

  await t.test('differs by who asks, and what is hidden is not found by a filter either', async t => {
    const nobody = feedOf(started, null)
    t.same((await feedOf(started).get('Datapoints', { $filter: 'value eq 3' })).rows.length, 1)
    for (const filter of ['value eq 3', "measure eq 'secret'", 'value eq 77', "contains(measure_title,'secret')"]) {
      t.same((await nobody.get('Datapoints', { $filter: filter })).rows, [], filter)
    }
    t.same((await nobody.get('Measures', { $filter: "contains(links,'secret')" })).rows, [])
    t.same((await nobody.get('Updates/$count')).text, '0')
  })

  await t.test('leaves a line where it is hidden from others', async t => {
    const lines = async () => (await started.connection.db.selectFrom('accesses').select(['what', 'resource']).execute())
    const before = (await lines()).length
    await feedOf(started, null).walk('Datapoints')
    await feedOf(started).get('Datapoints', { $filter: "measure eq 'recycling-rate'" })
    t.equal((await lines()).length, before, 'not where nothing of it is read')
    await feedOf(started).get('Datapoints', { $filter: "measure eq 'small'" })
    await feedOf(started).get('Datapoints/$count')
    await feedOf(started).get('Updates')
    t.match((await lines()).slice(before), [
      { what: 'raw_figures', resource: /^\/odata\/v1\/Datapoints\?/ }, { what: 'raw_figures', resource: '/odata/v1/Datapoints/$count' }, { what: 'restricted_updates' }
    ])
  })
})
