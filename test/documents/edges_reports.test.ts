// Edge cases 34 to 41: tables of ticks, counts that do not add up, what is reported and to whom, and organisations that pass away.
import t from 'tap'
import { makePlan } from '../support/make.js'
import { all, startWithSample } from './sample.js'

const older = '/v1/plans/nottingham-cypp-2015-16'
const newer = '/v1/plans/nottingham-cypp-2016-20'
const county11 = '/v1/plans/notts-cypf-2011-14'
const county16 = '/v1/plans/notts-cypf-2016-18'

await t.test('edge cases of reports', async t => {
  const { admin, anonymous, client } = await startWithSample(t)
  await makePlan(admin)
  const get = async (path: string) => (await anonymous.get(path)).body
  const codesOf = async (url: string, as = anonymous) => (await all(as, url)).map(item => item.code)

  await t.test('34. the matrix of 17 actions and 4 columns has 27 ticks; one in the bundled column is held once, on 3.1, and the notes of the four say so', async t => {
    const rows = (await all(anonymous, `${county11}/actions`)).filter(one => one.heading === 'Summary of actions planned for 2013-14')
    const ticks = rows.flatMap(one => one.priorities.map((link: any) => link.priority as string))
    t.same([rows.length, ticks.length], [17, 27])
    t.same([...new Set(ticks)].sort(), ['3.1', '3.2', '3.3', '3.7'])
    const priorities = new Map((await all(anonymous, `${county11}/priorities`)).map(one => [one.code, one.note]))
    t.match(priorities.get('3.1'), /one column stands for 3\.1, 3\.4, 3\.5 and 3\.6/)
    for (const code of ['3.4', '3.5', '3.6']) {
      t.match(priorities.get(code), /report it under 3\.1/)
      t.notOk((await codesOf(`${county11}/actions?priority=${code}`)).some(action => rows.some(row => row.code === action)), 'ours: not expanded')
    }
  })

  await t.test('35. each line stands on one primary priority; first-time entrants on early help, and on safeguarding besides', async t => {
    const lines = await all(anonymous, `${county11}/measures`)
    t.ok(lines.every(line => line.priorities.filter((link: any) => link.relation === 'primary').length === 1))
    const [entrants] = await all(anonymous, `${county11}/measures?measure=fte-yjs`)
    t.same([entrants.code, entrants.priorities], ['T11-I01', [{ priority: '3.1', relation: 'primary' }, { priority: '3.2', relation: 'additional' }]])
    for (const priority of ['3.1', '3.2']) t.ok((await codesOf(`${county11}/measures?priority=${priority}`)).includes('T11-I01'))
    const two = [{ priority: '1', relation: 'primary' }, { priority: '2', relation: 'primary' }]
    await admin.put('/v1/plans/plan-a/priorities/2', { title: 'Another', position: 2 })
    t.match(await admin.put('/v1/plans/plan-a/measures/torn', { measure: 'recycling-rate', priorities: two }), { status: 422, body: { errors: [{ code: 'one_primary' }] } })
  })

  await t.test('36. 19, 42 and 9 pledges of 84: counts by status need not add up, as statement or as figures', async t => {
    const { data } = await get(`${county11}/statements/pledges`)
    t.same([data.total, data.counts], [84, { achieved: 19, on_track: 42, delayed: 9 }])
    const rows = await all(anonymous, '/v1/datapoints?measure=poverty-strategy-pledges&period=FY2012')
    t.same(Object.fromEntries(rows.map(row => [row.breakdown.status, row.value])), { achieved: 19, 'delayed-but-expected': 9, 'on-schedule': 42, total: 84 })
  })

  await t.test('37. an outcome sentence under two priorities is two outcomes; that they are the same is said in the note', async t => {
    const outcomes = new Map((await all(anonymous, `${county16}/outcomes`)).map(one => [one.code, one]))
    for (const [again, first] of [['C16-4-O2', 'C16-1-O3'], ['C16-4-O3', 'C16-1-O2'], ['C16-4-O5', 'C16-1-O6']] as const) {
      t.equal(outcomes.get(again).title, outcomes.get(first).title)
      t.same([outcomes.get(again).priority, outcomes.get(first).priority], ['4', '1'])
      t.match(outcomes.get(again).note, `The same outcome as ${first}.`)
    }
    t.equal(outcomes.size, 23)
  })

  await t.test('38. meeting item (r) breaks off, and says so', async t => {
    t.match(await get(`${older}/updates/B15-r`), { ref: 'r', kind: 'minute_item', truncated: true })
    t.same((await all(anonymous, `${older}/updates`)).filter(one => one.truncated).map(one => one.code), ['B15-r'])
  })

  await t.test('39. a minute item may name no measure, and reports on the plan of its day, which is not the newest', async t => {
    t.match(await get(`${older}/updates/B15-b`), { kind: 'minute_item', priorities: ['1'], review: 'review-2015-12-16' })
    t.same((await get(`${older}/updates/B15-b`)).plan_measures, [])
    t.match(await get(`${older}/reviews/review-2015-12-16`), { held_on: '2015-12-16', item: '32' })
    t.equal((await codesOf(`${older}/updates?review=review-2015-12-16`)).length, 18)
    t.match(await get(newer), { predecessor: 'nottingham-cypp-2015-16' })
    const { items, warnings } = await get(`${newer}/updates?review=review-2015-12-16`)
    t.same([items, warnings.map((one: any) => one.parameter)], [[], ['review']])
  })

  await t.test('40. a case study is in no public list, only those it concerns and administrators find it, and it names no person', async t => {
    const url = `${newer}/updates?kind=case_study`
    t.same(await codesOf(url), [])
    t.notMatch((await anonymous.get(`${newer}/tree`)).text, /case_study/)
    t.match(await anonymous.get(`${newer}/updates/N16-U205`), { status: 404 })
    t.same(await codesOf(url, await client('editor', 'other-council')), [], 'a partner whom it does not concern')
    for (const who of [await client('reader', 'notts-police'), await client('reader', 'nottingham-childrens-partnership'), admin]) t.same(await codesOf(url, who), ['N16-U205'])
    t.match((await admin.get(`${newer}/updates/N16-U205`)).body, { sensitivity: 'restricted', text: /family details withheld/, organisations: [{ organisation: 'notts-police', role: 'reporter' }] })
  })

  await t.test('41. what named Lifeline names it still beside its successor; a new title shows at once, while what was published keeps the old', async t => {
    t.match(await get('/v1/organisations/lifeline'), { successor: 'cgl' })
    t.match(await get(`${older}/updates/B15-i`), { organisations: [{ organisation: 'lifeline' }] })
    t.match(await get(`${newer}/updates/N16-U077`), { organisations: [{ organisation: 'lifeline' }, { organisation: 'cgl' }] })
    await admin.post(`${older}/publications`, { label: 'before' })
    await admin.patch('/v1/organisations/lifeline', { title: 'Lifeline Project' }, { etag: '*' })
    const titleIn = (bundle: any) => bundle.organisations.find((one: any) => one.code === 'lifeline').title
    t.equal(titleIn(await get(`${older}/bundle`)), 'Lifeline Project')
    t.equal(titleIn((await get(`${older}/publications/before`)).bundle), 'Lifeline')
  })
})
