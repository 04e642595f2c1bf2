// Filters of plans, lines and actions, alone and together.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'
import { walk } from './figures.js'

await t.test('filters of a plan', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  const plan = '/v1/plans/plan-a'
  const put = (path: string, body: object) => admin.put(`${plan}/${path}`, body)
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  await admin.put('/v1/measures/smoking', { title: 'Smoking' })
  await put('priorities/2', { position: 2 })
  await put('outcomes/2a', { priority: '2', position: 2 })
  await put('actions/key-2', { title: 'Key activity', kind: 'key_activity', priorities: [{ priority: '2', relation: 'primary' }] })
  const lead = (organisation: string, role = 'lead') => ({ organisation, role })
  await put('measures/line-2', { measure: 'smoking', outcome: '1a', ref: 'iv', position: 2, tier: 'key', organisations: [lead('council', 'partner'), lead('ccg')] })
  await put('measures/line-3', { measure: 'smoking', outcome: '1a', ref: 'iv', position: 3, organisations: [lead('ccg', 'partner')] })
  await put('measures/line-4', { measure: 'smoking', outcome: '2a', ref: 'i', position: 4 })
  await put('measures/line-5', { measure: 'smoking', action: 'key-2', ref: 'i', position: 5 })
  await put('measures/line-6', { measure: 'smoking', priorities: [{ priority: '1', relation: 'primary' }, { priority: '2', relation: 'additional' }], position: 6 })
  const past = { kind: 'by', label: 'by 2012', latest: '2012-12-31' }
  await put('actions/late', { title: 'Late', due: past, status: 'delayed', outcomes: ['1a'], organisations: [lead('ccg')], position: 1 })
  await put('actions/done', { title: 'Done', due: past, status: 'achieved', plan_measures: ['line-2'], position: 2 })
  await put('actions/stopped', { title: 'Stopped', due: past, status: 'stopped', parent: 'late', position: 3 })
  await put('actions/future', { title: 'Future', due: { ...past, latest: '2199-01-01' }, organisations: [lead('ccg', 'partner'), lead('council')], position: 4 })
  await put('actions/from', { title: 'From', due: { kind: 'from', label: 'from 2012', earliest: '2012-01-01' }, position: 5 })
  await put('actions/ongoing', { title: 'Ongoing', due: { kind: 'ongoing', label: 'ongoing' }, kind: 'milestone', position: 6 })
  await put('actions/tbc', { title: 'Tbc', due: { kind: 'tbc', label: 'tbc' }, position: 7 })

  const codes = async (section: string, query: Record<string, string | boolean>) => (await walk(admin, `${plan}/${section}`, query)).map(item => item.code)

  await t.test('a printed number may stand twice: both lines come, in printed order', async t => {
    t.same(await codes('measures', { outcome: '1a', ref: 'iv' }), ['line-2', 'line-3'])
  })

  await t.test('an organisation and a role together mean that organisation in that role', async t => {
    t.same(await codes('measures', { organisation: 'ccg' }), ['line-2', 'line-3'])
    t.same(await codes('measures', { role: 'lead' }), ['line-1', 'line-2'])
    t.same(await codes('measures', { organisation: 'ccg', role: 'lead' }), ['line-2'], 'not line-3, where someone else leads')
    t.same(await codes('measures', { organisation: 'council', role: 'lead' }), ['line-1'])
    t.same(await codes('actions', { organisation: 'ccg', role: 'lead' }), ['late'])
  })

  await t.test("lines of a priority are its own, its outcomes' and its key activities'", async t => {
    t.same(await codes('measures', { priority: '2' }), ['line-4', 'line-5', 'line-6'])
    t.same(await codes('measures', { priority: '1' }), ['line-1', 'line-2', 'line-3', 'line-6'])
    t.same(await codes('measures', { priority: '2', measure: 'smoking', outcome: '2a' }), ['line-4'])
    t.same(await codes('measures', { action: 'key-2' }), ['line-5'])
    t.same(await codes('measures', { tier: 'key' }), ['line-2'])
    t.same(await codes('outcomes', { priority: '2' }), ['2a'])
  })

  await t.test('actions are found by what they serve', async t => {
    t.same(await codes('actions', { outcome: '1a' }), ['late'])
    t.same(await codes('actions', { plan_measure: 'line-2' }), ['done'])
    t.same(await codes('actions', { priority: '2' }), ['key-2'])
    t.same(await codes('actions', { parent: 'late' }), ['stopped'])
    t.same(await codes('actions', { status: 'achieved' }), ['done'])
    t.same(await codes('actions', { kind: 'milestone' }), ['ongoing'])
  })

  await t.test('overdue is what had to be done by a day that has passed and is not achieved', async t => {
    t.same(await codes('actions', { overdue: true }), ['late', 'stopped'])
    t.same(await codes('actions', { overdue: false }), ['done', 'future', 'from', 'ongoing', 'tbc', 'key-2'])
  })

  await t.test('what names nothing in the plan is a warning for each parameter', async t => {
    const { status, body } = await admin.get(`${plan}/measures`, { query: { outcome: '9z', organisation: 'nobody', priority: '9', action: 'none', measure: 'none' } })
    t.match({ status, items: body.items.length }, { status: 200, items: 0 })
    t.same(body.warnings.map((one: { code: string, parameter: string }) => [one.parameter, one.code]).sort(), [
      ['action', 'unknown_action'], ['measure', 'unknown_measure'], ['organisation', 'unknown_organisation'], ['outcome', 'unknown_outcome'], ['priority', 'unknown_priority']
    ])
    t.match(await admin.get(`${plan}/actions?plan_measure=none`), { body: { warnings: [{ code: 'unknown_plan_measure' }] } })
    t.equal((await admin.get(`${plan}/measures?ref=xx`)).body.warnings, undefined, 'a printed number is no name')
    t.match(await admin.get('/v1/plans/nowhere/measures'), { status: 404 })
  })

  await t.test('a plan is active on the days of its period, both ends included', async t => {
    await admin.put('/v1/plans/timeless', { title: 'Timeless', owner: 'council' })
    const active = async (day: string) => (await walk(admin, '/v1/plans', { active_on: day })).map(item => item.code)
    t.same(await Promise.all(['2017-03-31', '2017-04-01', '2018-03-31', '2018-04-01'].map(active)), [[], ['plan-a'], ['plan-a'], []])
    await admin.patch('/v1/plans/plan-a', { period: 'FY2018' }, { etag: '"1"' })
    t.same(await active('2018-04-01'), ['plan-a'], 'also after the period was changed')
  })

  await t.test('plans are found by owner, area and status, and by words of their title', async t => {
    const found = async (query: Record<string, string>) => (await walk(admin, '/v1/plans', query)).map(item => item.code)
    t.same(await found({ owner: 'council' }), ['plan-a', 'timeless'])
    t.same(await found({ owner: 'council', area: 'E06000018' }), ['plan-a'])
    t.same(await found({ status: 'published' }), [])
    t.same(await found({ q: 'TIMEL' }), ['timeless'])
  })

  await t.test('measures of a plan are those on its lines and those that support it', async t => {
    for (const code of ['under-line', 'under-plan', 'elsewhere']) await admin.put(`/v1/measures/${code}`, { title: code })
    await put('measures/line-7', { measure: 'smoking', outcome: '1a', supporting: ['under-line'] })
    await admin.patch('/v1/plans/plan-a', { supporting_measures: ['under-plan'] }, { etag: '"2"' })
    t.same((await walk(admin, '/v1/measures', { plan: 'plan-a' })).map(item => item.code), ['recycling-rate', 'smoking', 'under-line', 'under-plan'])
  })
})
