// Whoever reads an update that is only for those concerned leaves a line, on every way there is to it; other reads leave none.
import t from 'tap'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { makePlan } from '../support/make.js'

const plan = '/v1/plans/plan-a'
const list = `${plan}/updates`

await t.test('reads of restricted updates', async t => {
  const { admin, client, anonymous, connection } = await start(t)
  await makePlan(admin)
  await makePlan(admin, 'plan-b')
  await makePlan(admin, 'plan-c', { visibility: 'private' })
  await admin.put('/v1/organisations/named', { title: 'Named', kind: 'other' })
  const named = [{ organisation: 'named', role: 'reporter' }]
  await admin.put(`${list}/open`, { text: 'Open.', sensitivity: 'public', plan_measures: ['line-1'] })
  await admin.put(`${list}/secret`, { text: 'Secret.', sensitivity: 'restricted', plan_measures: ['line-1'], organisations: named })
  await admin.put(`${list}/part`, { text: 'Part.', sensitivity: 'public', parent: 'secret' })
  await admin.put(`${list}/part-of-part`, { text: 'Part.', sensitivity: 'public', parent: 'part', position: 1, period: 'FY2017' })
  await admin.put('/v1/plans/plan-b/updates/open', { text: 'Open.', plan_measures: ['line-1'] })
  await admin.put('/v1/plans/plan-c/updates/secret', { text: 'Secret.', sensitivity: 'restricted', organisations: named })
  for (const label of ['V1', 'V2']) for (const code of ['plan-a', 'plan-c']) await admin.post(`/v1/plans/${code}/publications`, { label })
  const [reader, insider] = [await client('reader', 'elsewhere'), await client('contributor', 'named')]

  const recorded = async (work: () => Promise<unknown>) => {
    const { rows: [{ last }] } = await connection.pool.query('select coalesce(max(id), 0) as last from accesses')
    await work()
    return (await connection.pool.query('select what, resource, organisation, client, key_id, request_id, at from accesses where id > $1 order by id', [last])).rows as Array<Record<string, string>>
  }
  const reads: string[] = [list, `${list}?limit=1&organisation=named`, `${list}?period=FY2017`, `${list}/secret`, `${list}/part`, `${list}/part-of-part`, `${plan}/bundle`, `${plan}/tree`, `${plan}/report`,
    `${plan}/report?format=xlsx`, '/plans/plan-a']
  const harmless = [`${list}/open`, `${list}?plan_measure=none`, '/v1/plans/plan-b/updates', '/v1/plans/plan-b/bundle', '/v1/plans/plan-b/tree', '/v1/plans/plan-b/report', `${plan}/scorecard`, '/v1/changes', '/v1/datapoints',
    `${plan}/publications/V1`, `${plan}/publications/V2/diff`, `${plan}/report?publication=V1`, plan, `${plan}/measures`]
  const read = async (one: Client, url: string, status = 200) => t.equal((await one.get(url)).status, status, url)

  await t.test('leave one line: who, when, where and with which key, and nothing of what was read', async t => {
    const { body: me } = await insider.get('/v1/me')
    for (const url of reads) {
      const lines = await recorded(() => insider.get(url, { headers: { 'x-request-id': 'request-17' } }))
      t.match(lines, [{ what: 'restricted_updates', resource: url, organisation: 'named', client: me.client, key_id: me.key_id, request_id: 'request-17', at: /Z$/ }], url)
      t.equal(lines.length, 1, url)
      t.notMatch(JSON.stringify(lines), 'Secret.')
    }
    t.equal((await recorded(() => read(admin, `${list}/secret`))).length, 1, 'administrators too')
  })

  await t.test('in what was published of a private plan as well', async t => {
    for (const url of ['publications/V1', 'publications/V2/diff', 'report?publication=V1']) t.match(await recorded(() => read(admin, `/v1/plans/plan-c/${url}`)), [{ resource: `/v1/plans/plan-c/${url}` }], url)
  })

  await t.test('that told nothing leave none', async t => {
    t.same(await recorded(async () => { for (const url of harmless) await read(insider, url) }), [], 'of what is open')
    t.same(await recorded(async () => { for (const url of [...reads, ...harmless].filter(url => !/secret|part/.test(url))) await read(reader, url) }), [], 'by who is not shown them')
    t.same(await recorded(async () => { for (const url of [`${list}/secret`, `${list}/part-of-part`]) await read(anonymous, url, 404) }), [], 'what was refused')
    const { etag } = await insider.get(`${list}/secret`)
    t.same(await recorded(() => insider.get(`${list}/secret`, { headers: { 'if-none-match': etag } })), [], 'what the caller has already')
  })

  await t.test('are no matter of the change feed, nor do they move it', async t => {
    const position = async () => (await connection.pool.query('select position from journal')).rows[0].position as number
    const before = await position()
    await insider.get(`${list}/secret`)
    t.equal(await position(), before)
    t.notMatch((await admin.get('/v1/changes?limit=1000')).text, 'restricted_updates')
  })

  await t.test('cannot be had where they cannot be recorded', async t => {
    await connection.pool.query('alter table accesses rename to hidden_accesses')
    t.match(await insider.get(`${list}/secret`), { status: 500 })
    t.match(await insider.get(`${list}/open`), { status: 200 })
    await connection.pool.query('alter table hidden_accesses rename to accesses')
  })
})
