// Edge cases 21 to 26: targets of every sort. They are held whole and the tree picks one for each line; whether they are
// met is the scorecard's to say, so what holds here is that no number is made up for them.
import t from 'tap'
import { all, startWithSample } from './sample.js'

const city = 'E06000018'
const county = 'E10000024'

await t.test('edge cases of targets', async t => {
  const { admin, anonymous } = await startWithSample(t)
  const target = async (measure: string, code: string) => (await anonymous.get(`/v1/measures/${measure}/targets/${code}`)).body
  const codesOf = async (query: string) => (await all(anonymous, `/v1/targets?${query}`)).map(one => one.code)
  const inside = (actions: any[]): any[] => actions.flatMap(action => [action, ...inside(action.actions)])
  const line = async (plan: string, code: string) => {
    const { priorities } = (await anonymous.get(`/v1/plans/${plan}/tree`)).body
    const homes = priorities.flatMap((one: any) => [one, ...one.outcomes, ...inside(one.actions)])
    return homes.flatMap((home: any) => home.measures).find((one: any) => one.code === code)
  }
  const numbers = ({ value, lower, upper, baseline, printed_result }: Record<string, unknown>) => [value, lower, upper, baseline, printed_result]
  /** The targets of a line, the one that the tree picks first. */
  const picked = ({ target, further_targets: further }: any) => [target, ...further].map(one => one.code)
  const none = [null, null, null, null, null]

  await t.test('21. "above the average of all Core Cities" has a comparator and no number, held or made up; the judgement comes with the scorecard', async t => {
    const held = await target('progress-8', 'tg-22')
    t.match(held, { kind: 'relative', operator: 'above', comparator: 'core-cities', printed: 'above the average of all Core Cities' })
    t.same(numbers(held), none)
    t.same(await all(anonymous, '/v1/datapoints?area=core-cities'), [])
    t.same(picked(await line('nottingham-cypp-2016-20', 'N16-3b-02')).sort(), ['tg-13', 'tg-22'])
    t.match(await admin.put('/v1/measures/progress-8/datapoints/core-cities/AY2016', { value: -0.1 }), { status: 201 }, 'the average would be a figure of the group')
    t.same(await target('progress-8', 'tg-22'), held)
  })

  await t.test('22. a change of 30% without a baseline has none, and one with it has it; the judgement comes with the scorecard', async t => {
    const held = await target('agency-sw', 'tg-28')
    t.match(held, { kind: 'change', operator: 'reduce_by', value: 30, printed: '30%', by: '2017-03-31' })
    t.equal(held.baseline, null)
    t.match(await target('sw-vacancy-rate', 'tg-27'), { kind: 'absolute', value: 10, baseline: { value: 15 } })
    t.same(picked(await line('notts-cypf-2016-18', 'C16-1.4-M3')), ['tg-28'])
    t.match(await admin.put('/v1/measures/agency-sw/targets/no-step', { kind: 'change', operator: 'reduce_by' }), { status: 422, body: { errors: [{ pointer: '/value', code: 'missing_member' }] } })
  })

  await t.test('23. a downward trend is a direction without a number; with fewer than two figures there is nothing to judge, and the judgement comes with the scorecard', async t => {
    const held = await target('dependent-children-low-income', 'tg-34')
    t.match(held, { kind: 'directional', operator: 'decrease', comparator: 'sn-nottinghamshire', printed: 'downward trend' })
    t.same(numbers(held), none)
    t.same((await all(anonymous, '/v1/datapoints?measure=dependent-children-low-income')).map(row => [row.area, row.value]), [[county, 17.1]])
    t.same(picked(await line('notts-cypf-2011-14', 'T11-3.4-X1')), ['tg-34'])
    t.match(await admin.put('/v1/measures/agency-sw/targets/no-way', { kind: 'directional', operator: 'at_most' }), { status: 422, body: { errors: [{ pointer: '/operator' }] } })
  })

  await t.test('24. 75% in every ward is one target that says so; each ward is judged with the scorecard', async t => {
    t.match(await target('eligible-2yo-take-up', 'tg-20'), { kind: 'absolute', operator: 'at_least', value: 75, area: city, each_sub_area: true, period: 'FY2018' })
    t.same(await codesOf('plan=nottingham-cypp-2016-20&measure=eligible-2yo-take-up'), ['tg-12', 'tg-20'])
    t.same((await all(anonymous, `/v1/targets?within=${city}`)).filter(one => one.area !== city), [], 'no copies for the wards')
    t.same((await all(anonymous, '/v1/targets')).filter(one => one.each_sub_area).map(one => one.code), ['tg-20'])
    t.same(picked(await line('nottingham-cypp-2016-20', 'N16-3a-01')), ['tg-20', 'tg-12'])
  })

  await t.test('25. a Nottingham Plan target is an external reference without a value, and the list can be filtered for it', async t => {
    for (const [plan, codes] of [['nottingham-cypp-2015-16', [1, 2, 3, 4, 5, 6, 7]], ['nottingham-cypp-2016-20', [9, 10, 11, 12, 13, 14, 15]]] as const) {
      const targets = await all(anonymous, `/v1/targets?kind=external_reference&plan=${plan}`)
      t.same(targets.map(one => one.code).sort(), codes.map(code => `tg-${String(code).padStart(2, '0')}`))
      t.ok(targets.every(one => one.value === null && one.operator === null && one.set_by === 'Nottingham Plan'))
      const lines = (await all(anonymous, `/v1/plans/${plan}/measures`)).filter(one => one.external_target === 'Nottingham Plan')
      t.same(lines.map(one => one.measure).sort(), targets.map(one => one.measure).sort(), 'of the lines that print it')
    }
  })

  await t.test('26. the in-year 941 and the cumulative 3,840 are targets of one measure for different breakdowns and days, the one still ahead first; the scorecard judges each on figures of its own', async t => {
    const measure = 'priority-families-supported'
    t.match(await target(measure, 'tg-25'), { value: 941, breakdown: { basis: 'in-year' }, period: 'FY2017', by: null, printed_result: 'met' })
    t.match(await target(measure, 'tg-26'), { value: 3840, breakdown: { basis: 'worked-with-cumulative' }, period: null, by: '2020-04-30', printed_result: null })
    const figures = await all(anonymous, `/v1/datapoints?measure=${measure}`)
    t.same(figures.map(row => [row.breakdown, row.value]), [[{ basis: 'worked-with-cumulative' }, 3010]], 'the 941 reached are not made up from "met"')
    const found = await line('nottingham-cypp-2016-20', 'N16-4a-01')
    t.same([found.latest, found.breakdowns.map((row: any) => row.value), picked(found)], [null, [3010], ['tg-26', 'tg-25']])
  })
})
