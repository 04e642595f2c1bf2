// A text that must go leaves no copy: a canary is put wherever texts are taken, erased by the paths of what it stands in, and then
// looked for in every column of every table.
import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { operator } from '../../src/db/actor.js'
import { verify } from '../../src/db/journal.js'
import { write } from '../../src/db/write.js'
import { erase, figureTexts, itemTexts } from '../../src/documents/erasure.js'
import { components } from '../../src/http/schema.js'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { at, city, deliver, row } from '../resources/figures.js'

const canary = 'Canary Smith, aged seven'
const origin = { actor: operator, request_id: 'command-line' }
const plan = '/v1/plans/plan-a'

await t.test('erasing', async t => {
  const { admin, anonymous, client, connection } = await start(t)
  const { pool } = connection
  await makePlan(admin)
  const [reader, contributor] = [await client('reader', 'elsewhere'), await client('contributor', 'council')]
  const go = (path: string, members?: string[]) => write(connection, origin, ctx => erase(ctx, path, 'Asked for by the family, case 17.', members))

  /** Columns that hold the canary, read as a table of the database is, whatever its type. */
  async function places (): Promise<string[]> {
    const { rows } = await pool.query<{ table_name: string, column_name: string }>(`select table_name, column_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE' and data_type in ('text', 'jsonb', 'json', 'bytea', 'character varying', 'ARRAY')`)
    const found = []
    for (const { table_name: table, column_name: column } of rows) {
      const { rows: [one] } = await pool.query(`select count(*) as n from "${table}" where "${column}"::text like '%Canary%' or "${column}"::text like '%' || encode('Canary', 'hex') || '%'`)
      if (one.n > 0) found.push(`${table}.${column}`)
    }
    return found.sort()
  }
  const gone = async (t: Test, held: string[], ...paths: string[]) => {
    t.same(await places(), held.sort(), 'it was held')
    for (const path of paths) t.ok(Object.values((await go(path)).counts).some(count => count > 0), path)
    t.same(await places(), [], 'and is not any more')
    t.match(await verify(connection), { whole: true }, 'the journal is whole')
  }
  const last = async () => (await admin.get('/v1/changes?limit=1000')).body.items.at(-1)

  await t.test('an update takes it out of what is live, what was published and what is kept for repeats', async t => {
    const made = await contributor.post(`${plan}/updates`, { text: `About ${canary}.`, heading: canary, note: canary, due: { kind: 'ongoing', label: canary }, sensitivity: 'public', plan_measures: ['line-1'], period: 'FY2017' }, { idempotency: 'canary-key-0123456789' })
    t.equal(made.status, 201, made.text)
    const path = made.headers.location!
    const { body: before } = await admin.post(`${plan}/publications`, { label: 'V1' })
    await admin.post(`${plan}/publications`, { label: 'V2' })
    const bundle = async () => (await anonymous.get(`${plan}/publications/V1`)).text.replace(/^[^]*?"bundle":/, '').slice(0, -1)
    const text = await bundle()
    await gone(t, ['idempotency_keys.body', 'publications.bundle', 'updates.due', 'updates.heading', 'updates.note', 'updates.text'], path)
    t.match((await anonymous.get(path)).body, { text: '[erased]', heading: '[erased]', due: { kind: 'ongoing', label: '[erased]' }, version: 2, period: 'FY2017', plan_measures: ['line-1'] })
    const { body: after } = await anonymous.get(`${plan}/publications/V1`)
    t.match(after, { original_digest: before.digest, redacted_at: /Z$/, published_at: before.published_at })
    t.equal(await bundle(), text.replaceAll(`"About ${canary}."`, '"[erased]"').replaceAll(`"${canary}"`, '"[erased]"'), 'the rest to the letter')
    t.equal(after.digest, createHash('sha256').update(await bundle()).digest('base64url'), 'with the digest of what it says now')
    t.match((await anonymous.get('/plans/plan-a?publication=V1')).text, 'texts were taken out of it')
    t.match(await contributor.post(`${plan}/updates`, { text: `About ${canary}.`, heading: canary, note: canary, due: { kind: 'ongoing', label: canary }, sensitivity: 'public', plan_measures: ['line-1'], period: 'FY2017' }, { idempotency: 'canary-key-0123456789' }),
      { status: 201, headers: { 'idempotent-replayed': 'true', location: path }, body: { text: '[erased]' } }, 'a repeat makes no second one')
    t.match(await last(), { action: 'erased', resource: path, version: 2, reason: 'Asked for by the family, case 17.', actor: { client: 'operator' }, counts: { items: 1, publications: 2, answers: 1 } })
    await t.rejects(go(path), { code: 'not_found' }, 'once it is done there is nothing to do')
  })

  await t.test('an item that was deleted takes it out of what was published', async t => {
    const path = `${plan}/statements/gone`
    const { etag, text } = await admin.put(path, { kind: 'comparison', text: canary, data: { against_printed: canary, period: canary, direction: 'higher' }, note: canary })
    t.ok(etag, text)
    await admin.post(`${plan}/publications`, { label: 'V3', note: canary })
    await admin.delete(path, { etag })
    await gone(t, ['publications.bundle', 'publications.note'], path, `${plan}/publications/V3`)
    t.match((await anonymous.get(`${plan}/publications/V3`)).body.bundle.statements, [{ code: 'gone', kind: 'comparison', data: { direction: 'higher', against_printed: '[erased]', period: '[erased]' } }])
  })

  await t.test('a figure takes it out of all its revisions, its reasons and what was published of it', async t => {
    const path = at('recycling-rate', 'FY2016')
    await admin.put(path, { value: 44.1, note: canary, printed: canary, source: canary, period_label: canary, reason: `For ${canary}` })
    const { body } = await deliver(contributor, [row('recycling-rate', 'FY2016', { value: 45, note: `${canary} again`, reason: canary }), row('recycling-rate', 'FY2017', { value: 46, note: 'Clean.' })])
    await admin.post(`${plan}/publications`, { label: 'V4' })
    await admin.put(path, { value: 45, note: 'Clean.' })
    const { next_cursor: bookmark } = (await admin.get('/v1/changes?limit=1000')).body
    await gone(t, ['figure_revisions.note', 'figure_revisions.period_label', 'figure_revisions.printed', 'figure_revisions.source', 'figures.period_label', 'figures.source',
      'publications.bundle', 'reasons.reason'], path)
    const states = (await admin.get('/v1/datapoints/history?measure=recycling-rate&period=FY2016')).body.items
    t.match(states, [
      { revision: 1, value: 44.1, note: '[erased]', printed: '[erased]' }, { revision: 2, value: 45, note: '[erased]' },
      { revision: 3, value: 45, note: '[erased]' }, { revision: 4, value: 45, note: '[erased]', source: '[erased]' }
    ], 'figures stay, and what is current is a new revision, which followers are told')
    t.match((await reader.get('/v1/datapoints', { query: { changed_since: bookmark } })).body.items, [{ period: 'FY2016', revision: 4 }])
    t.match((await anonymous.get(at('recycling-rate', 'FY2017'))).body, { note: 'Clean.', revision: 1 }, 'its neighbour is left alone')
    t.match((await admin.get(`/v1/changes?limit=1000&resource=${path}`)).body.items, [{ reason: '[erased]' }, { reason: null }, { action: 'erased' }])
    t.match((await admin.get(`/v1/changes?limit=1000&resource=/v1/datapoint-imports/${body.id as string}`)).body.items, [{ reason: '[erased]' }], 'as is that of the delivery it came with')
    t.match((await reader.get(`/v1/changes?resource=${path}&limit=1000`)).body.items.at(-1), { action: 'erased' }, 'readers of the figure learn of it')
  })

  await t.test('only the members that are named', async t => {
    const path = `${at('recycling-rate', 'FY2016')}?breakdown=none`
    await admin.put(path, { note: canary, source: 'Return of the council.' })
    await go(path, ['note'])
    t.match((await anonymous.get(path)).body, { note: '[erased]', source: 'Return of the council.' })
    await t.rejects(go(path, ['value']), { code: 'unprocessable', message: /period_label, printed, note, source/ })
  })

  await t.test('a delivery takes it out of its receipt, its rejected rows and the answer kept for repeats', async t => {
    const send = (idempotency: string) => contributor.post('/v1/datapoint-imports', { note: canary, datapoints: [{ ...row('recycling-rate', 'FY2015', { value: 1, note: canary }), status: canary }] }, { idempotency })
    const { body } = await send('canary-key-rejected-01')
    const path = `/v1/datapoint-imports/${body.id as string}`
    await gone(t, ['idempotency_keys.body', 'imports.receipt', 'imports.rejected'], path)
    t.match(await contributor.get(path), { status: 200, body: { id: body.id, note: '[erased]', counts: { rejected: 1 }, problems: [{ value: '[erased]', rows: [0] }] } })
    t.match((await contributor.get(`${path}/rejected.csv`)).text, /^\[erased\]/)
    t.match(await send('canary-key-rejected-01'), { status: 422, headers: { 'idempotent-replayed': 'true' } })
    t.match((await reader.get('/v1/changes?limit=1000')).body.items.filter((one: { resource: string }) => one.resource === path), [], 'a delivery that changed nothing is no matter of others')
  })

  await t.test('a reason by the change it stands with, of registers and clients their texts', async t => {
    await admin.put(at('recycling-rate', 'FY2014'), { value: 1, reason: canary })
    const { id } = await last()
    await admin.put('/v1/organisations/canary', { title: canary, kind: 'other', aliases: [{ alias: canary }], identifiers: [{ scheme: canary, value: canary }] })
    await admin.put('/v1/clients/canary', { organisation: 'canary', role: 'reader', title: canary })
    await gone(t, ['clients.title', 'organisations.aliases', 'organisations.identifiers', 'organisations.title', 'reasons.reason'], `/v1/changes/${id as number}`, '/v1/organisations/canary', '/v1/clients/canary')
    t.match((await admin.get('/v1/changes?limit=1000')).body.items.find((one: { id: number }) => one.id === id), { reason: '[erased]', resource: at('recycling-rate', 'FY2014') })
    t.match((await reader.get('/v1/changes?limit=1000&resource=/v1/clients')).body.items, [], 'clients are for administrators')
  })

  await t.test('what is not there, or is nothing with texts, is told', async t => {
    for (const path of [`${plan}/updates/none`, '/v1/plans/none', `/v1/measures/recycling-rate/datapoints/${city}/FY1999`, '/v1/datapoint-imports/none', '/v1/changes/999999999',
      '/v1/nothing/x', '/v2/plans/plan-a', 'updates', '', `${plan}/updates`, '/v1/measures/none/datapoints/x/FY2016']) await t.rejects(go(path), { code: 'not_found' }, path)
    await t.rejects(pool.query("select erase('x', '{\"table\": \"keys\"}', '{id}', 'x', null, null, null, 'x')"), /no keys to erase/)
    t.match(await verify(connection), { whole: true })
  })

  await t.test('a publication is changed by nothing else', async t => {
    for (const statement of ["update publications set note = 'x'", 'delete from publications', 'truncate publications']) await t.rejects(pool.query(statement), { message: 'a publication is never changed' }, statement)
  })
})

await t.test('every member that takes free text can be erased', async t => {
  const coded = /(^|\/)(code|period|base_period|unit)$/
  const missing: string[] = []
  const walk = (schema: any, at: string, name: string, texts: string[]): void => {
    if (name !== 'data' && texts.includes(name)) return
    const types = [schema.type].flat()
    if (types.includes('string') && !schema.enum && (!schema.pattern || schema.pattern === '\\S') && !schema.format && !coded.test(at)) missing.push(at)
    for (const [key, member] of Object.entries(schema.properties ?? {})) walk(member, `${at}/${key}`, key, texts)
    for (const inner of [schema.items, ...schema.anyOf ?? [], ...schema.oneOf ?? [], typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined]) if (inner) walk(inner, at, name, texts)
    if (typeof schema.$ref === 'string') walk(components.get(schema.$ref.split('/').at(-1)) ?? {}, at, name, texts)
  }
  for (const name of ['Organisation', 'Area', 'Measure', 'Plan', 'Priority', 'Outcome', 'PlanMeasure', 'Action', 'Statement', 'Review', 'Update', 'Target', 'Client']) {
    t.ok(components.has(`${name}Body`), name)
    walk(components.get(`${name}Body`), name, '', itemTexts)
  }
  walk(components.get('FigureBody'), 'Figure', '', [...figureTexts, 'reason'])
  t.same(missing, [])
})
