// Edge cases 27 to 33: who does it when it is not said who, what is shared, and dates as vague as they are printed.
import t from 'tap'
import { isOverdue } from '../../src/periods/due.js'
import { makePlan } from '../support/make.js'
import { all, expected, startWithSample } from './sample.js'

const older = '/v1/plans/nottingham-cypp-2015-16'
const newer = '/v1/plans/nottingham-cypp-2016-20'
const county11 = '/v1/plans/notts-cypf-2011-14'
const county16 = '/v1/plans/notts-cypf-2016-18'

await t.test('edge cases of organisations, actions and dates', async t => {
  const { admin, anonymous } = await startWithSample(t)
  await makePlan(admin)
  const get = async (path: string) => (await anonymous.get(path)).body
  const codesOf = async (url: string) => (await all(anonymous, url)).map(item => item.code)
  const outcomesIn = async (plan: string) => (await get(`${plan}/tree`)).priorities.flatMap((one: any) => one.outcomes) as any[]
  const linesIn = async (plan: string) => (await outcomesIn(plan)).flatMap(one => one.measures) as any[]
  const lineIn = async (plan: string, code: string) => (await linesIn(plan)).find(one => one.code === code)

  await t.test('27. a line without an organisation has a lead marked tbc; several leads stand in order; an inferred lead is flagged, and no filter drops it', async t => {
    t.same((await get(`${older}/measures/N15-1a-02`)).organisations, [{ role: 'lead', marker: 'tbc' }])
    const leads = ['nottingham-city-council', 'nottingham-city-ccg'].map(organisation => ({ organisation, role: 'lead' }))
    t.same((await get(`${newer}/measures/N16-1a-01`)).organisations, leads)
    t.same((await get(`${older}/measures/N15-2e-02`)).organisations, [{ organisation: 'nottingham-futures', role: 'lead', inferred: true }])
    t.ok((await codesOf(`${older}/measures?organisation=nottingham-futures&role=lead`)).includes('N15-2e-02'))
    t.match(await anonymous.get(`${older}/measures?inferred=false`), { status: 400, body: { errors: [{ pointer: '?inferred' }] } })
    const { etag } = await admin.get('/v1/plans/plan-a/measures/line-1')
    t.match(await admin.patch('/v1/plans/plan-a/measures/line-1', { organisations: [{ role: 'lead' }] }, { etag }), { status: /^4(00|22)$/ }, 'a lead is an organisation or a marker')
  })

  await t.test('28. the alias NCC is the city in the plans of the city, and the county in the plan of the county', async t => {
    const organisations = await all(anonymous, '/v1/organisations')
    const meant = (alias: string, plan: string) => organisations
      .filter(one => one.aliases.some((name: any) => name.alias === alias && name.plan === plan)).map(one => one.code)
    t.same(meant('NCC', 'nottingham-cypp-2015-16'), ['nottingham-city-council'])
    t.same(meant('NCC', 'nottingham-cypp-2016-20'), ['nottingham-city-council'])
    t.same(meant('NCC', 'notts-cypf-2016-18'), ['nottinghamshire-county-council'])
  })

  await t.test('29. one update under iv and v comes back under both and is counted once', async t => {
    const code = 'N16-U076'
    const lines = ['N16-1d-04', 'N16-1d-05']
    for (const line of lines) t.ok((await codesOf(`${newer}/updates?plan_measure=${line}`)).includes(code), line)
    t.same((await linesIn(newer)).filter(line => line.updates.some((one: any) => one.code === code)).map(line => line.code), lines, 'in the tree')
    const { update_links: counted } = expected.plans['nottingham-cypp-2016-20']!
    for (const [query, total] of [['', 210], ['&outcome=1d', (counted!.by_outcome as any)['1d']]] as const) {
      const listed = await codesOf(`${newer}/updates?${query}`)
      t.same([listed.filter(one => one === code).length, listed.length, new Set(listed).size], [1, total, total], query)
      t.equal((await get(`${newer}/updates?count=true&limit=1${query}`)).total, total)
    }
  })

  await t.test('30. an action shared by three lines stays when one link goes, and nested actions keep the order of the page', async t => {
    const url = `${older}/actions/N15-A083`
    const lines = ['N15-3b-02', 'N15-3b-03', 'N15-3b-04']
    const showing = async () => (await linesIn(older)).filter(line => line.actions.some((one: any) => one.code === 'N15-A083')).map(line => line.code)
    t.same([(await get(url)).plan_measures, await showing()], [lines, lines])
    t.match(await admin.patch(url, { plan_measures: lines.slice(0, 2) }, { etag: (await admin.get(url)).etag }), { status: 200 })
    t.same([(await get(url)).plan_measures, await showing()], [lines.slice(0, 2), lines.slice(0, 2)])

    const parts = ['N15-A039', 'N15-A040', 'N15-A041']
    t.same(await codesOf(`${older}/actions?parent=N15-A038`), parts)
    const { actions } = await lineIn(older, 'N15-2c-01')
    const parent = actions.find((one: any) => one.code === 'N15-A038')
    t.same(parent.actions.map((one: any) => one.code), parts)
    t.notOk(actions.some((one: any) => parts.includes(one.code)), 'and stand there only inside their parent')
    t.match(await admin.delete(`${older}/actions/N15-A038`, { etag: '*' }), { status: 409, body: { code: 'in_use' } }, 'which cannot go from above them')
  })

  await t.test('31. numbered actions may have their dates out of order: overdue goes by the last possible day, not by position', async t => {
    const dates = async (activity: string) => (await all(anonymous, `${county16}/actions?parent=${activity}`)).map(one => [one.ref, one.due.label, one.due.latest])
    t.same(await dates('C16-2.3'), [['1', '1.March 2017', '2017-03-31'], ['2', '2.January 2017', '2017-01-31']])
    t.same(await dates('C16-4.4'), [['1', '1. April 2016', '2016-04-30'], ['2', '2. March 2017', '2017-03-31'], ['3', '3. January 2017', '2017-01-31']])
    const url = `${county16}/actions/C16-4.4-A2`
    await admin.patch(url, { due: { kind: 'by', label: '2. March 2190', latest: '2190-03-31' } }, { etag: (await admin.get(url)).etag })
    t.same(await codesOf(`${county16}/actions?parent=C16-4.4&overdue=true`), ['C16-4.4-A1', 'C16-4.4-A3'])
    t.same(await codesOf(`${county16}/actions?parent=C16-4.4&overdue=false`), ['C16-4.4-A2'])
  })

  await t.test('32. "from May 2016" and "tbc" are never overdue; "autumn 2013" is from 1 December 2013', async t => {
    const from = (await get(`${county16}/actions/C16-2.2-A1`)).due
    t.same(from, { kind: 'from', label: '1.Begins May 2016', earliest: '2016-05-01' })
    t.notOk(isOverdue(from, false, '2190-01-01'))
    t.notOk((await codesOf(`${county16}/actions?overdue=true`)).includes('C16-2.2-A1'))

    t.match(await get(`${county16}/actions/C16-2.4`), { due: null, markers: { due: 'tbc' } })
    t.notOk((await codesOf(`${county16}/actions?overdue=true`)).includes('C16-2.4'))
    t.match(await admin.put('/v1/plans/plan-a/actions/some-day', { title: 'Some day', due: { kind: 'tbc', label: 'TBC' } }), { status: 201 })
    t.same(await codesOf('/v1/plans/plan-a/actions?overdue=true'), [])

    const autumn = (await get(`${county11}/actions/T11-A01`)).due
    t.same(autumn, { kind: 'during', label: 'autumn 2013', earliest: '2013-09-01', latest: '2013-11-30' })
    t.same(['2013-11-30', '2013-12-01'].map(today => isOverdue(autumn, false, today)), [false, true])
    t.ok((await codesOf(`${county11}/actions?overdue=true`)).includes('T11-A01'))
  })

  await t.test('33. the two milestones of the dataset action are actions of their own with their own dates', async t => {
    const milestones = await all(anonymous, `${county11}/actions?parent=T11-A04&kind=milestone`)
    t.same(milestones.map(one => [one.code, one.due]), [
      ['T11-A04-M1', { kind: 'from', label: 'some data available from June 2013', earliest: '2013-06-01' }],
      ['T11-A04-M2', { kind: 'by', label: 'full reporting by March 2014', latest: '2014-03-31' }]
    ])
    const { priorities } = await get(`${county11}/tree`)
    const whole = priorities[0].actions.find((one: any) => one.code === 'T11-A04')
    t.same(whole.actions.map((one: any) => one.code), ['T11-A04-M1', 'T11-A04-M2'])
  })
})
