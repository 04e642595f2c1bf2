// Every reason for which a line has no colour, or a target no result, as a council meets it; and the rules on the wire.
import t from 'tap'
import { notJudgedReasons, unknownReasons } from '../../src/documents/scorecard/schema.js'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

const city = 'E06000018'
const plan = '/v1/plans/plan-a'

interface World {
  measure?: Record<string, unknown>
  figures?: Array<Record<string, unknown>>
  target?: Record<string, unknown>
  floor?: Record<string, unknown>
}

const lower = { polarity: 'lower_is_better' }
const figure = (fields: Record<string, unknown>) => ({ area: city, period: 'FY2017', ...fields })
const atMost = (value: number, fields = {}) => ({ kind: 'absolute', operator: 'at_most', value, ...fields })
const rule = (fields: Record<string, unknown>) => ({ rag_rule: { version: 1, ...fields } })

/** What makes a line not judged, for each reason. */
const silent: Record<typeof notJudgedReasons[number], World> = {
  not_defined: { measure: { status: 'placeholder' } },
  no_figure: { measure: lower, target: atMost(5) },
  no_dated_figure: { measure: lower, figures: [figure({ period: 'undated', value: 4 })], target: atMost(5) },
  missing: { measure: lower, figures: [figure({ missing: 'suppressed' })], target: atMost(5) },
  no_value: { measure: lower, figures: [figure({ numerator: 4 })], target: atMost(5) },
  inexact_value: { measure: lower, figures: [figure({ value: 4, bound: 'over' })], target: atMost(5) },
  forecast: { measure: lower, figures: [figure({ value: 4, status: 'forecast' })], target: atMost(5) },
  no_polarity: { figures: [figure({ value: 4 })], target: atMost(5) },
  no_target: { measure: lower, figures: [figure({ value: 4 })] },
  target_unknown: { measure: lower, figures: [figure({ value: 4 })], target: { kind: 'milestone' } },
  target_not_due: { measure: lower, figures: [figure({ value: 6 })], target: atMost(5, { period: 'FY2019' }) },
  no_floor: { measure: { ...lower, ...rule({ kind: 'floor' }) }, figures: [figure({ value: 6 })], target: atMost(5) },
  no_previous: { measure: { ...lower, ...rule({ kind: 'previous' }) }, figures: [figure({ value: 6 })], target: atMost(5) },
  no_share: { measure: { ...lower, timing: 'cumulative', ...rule({ kind: 'profile', amber: 5, unit: 'percent' }) }, figures: [figure({ value: 6, period: 'CY2017' })], target: atMost(5, { period: 'FY2017' }) }
}

/** What keeps a target from being known, for each reason. */
const open: Record<typeof unknownReasons[number], World> = {
  no_figure: { target: atMost(5) },
  no_value: { figures: [figure({ missing: 'tbc' })], target: atMost(5) },
  inexact_value: { figures: [figure({ value: 4, bound: 'at_most' })], target: atMost(5) },
  other_period: { figures: [figure({ value: 4 })], target: atMost(5, { period: 'FY2015' }) },
  no_comparator_figure: { figures: [figure({ value: 4 })], target: { kind: 'relative', operator: 'below', comparator: 'england' } },
  no_interval: { figures: [figure({ value: 4 }), figure({ value: 3, area: 'england' })], target: { kind: 'relative', operator: 'in_line', comparator: 'england' } },
  no_baseline: { figures: [figure({ value: 4 })], target: { kind: 'change', operator: 'reduce_by', value: 30 } },
  base_not_stated: { figures: [figure({ value: 4 })], target: { kind: 'change', operator: 'reduce_by', value: 30, baseline: { value: 10 } } },
  no_previous: { figures: [figure({ value: 4 })], target: { kind: 'directional', operator: 'decrease' } },
  sub_areas_missing: { figures: [figure({ value: 4 })], target: atMost(5, { each_sub_area: true }) },
  held_elsewhere: { figures: [figure({ value: 4 })], target: { kind: 'external_reference' } },
  judged_by_people: { figures: [figure({ value: 4 })], target: { kind: 'milestone' } },
  other_unit: { figures: [figure({ value: 4 })], target: atMost(5, { unit: 'count' }) }
}

await t.test('reasons', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  await admin.put('/v1/areas/england', { title: 'England', kind: 'nation' })
  await admin.put('/v1/areas/ward-1', { title: 'Ward 1', kind: 'ward', parent: city })
  const ok = async (answer: Promise<{ status: number, text: string }>) => {
    const { status, text } = await answer
    if (status >= 300) t.fail(text)
  }
  const make = async (code: string, { measure = {}, figures = [], target, floor }: World) => {
    await ok(admin.put(`/v1/measures/${code}`, { title: code, unit: 'percent', visibility: 'public', ...measure }))
    await ok(admin.put(`${plan}/measures/${code}`, { measure: code, outcome: '1a' }))
    for (const { area, period, ...fields } of figures) await ok(admin.put(`/v1/measures/${code}/datapoints/${area}/${period}`, fields))
    if (target !== undefined) await ok(admin.put(`/v1/measures/${code}/targets/one`, { plan: 'plan-a', ...target }))
    if (floor !== undefined) await ok(admin.put(`/v1/measures/${code}/targets/floor`, { plan: 'plan-a', level: 'floor', ...floor }))
  }
  const lineOf = async (code: string, query = '') => (await admin.get(`${plan}/scorecard${query}`)).body.lines.find((one: any) => one.measure === code)

  await t.test('each for which a line is not judged can be met, and says so in a sentence', async t => {
    for (const reason of notJudgedReasons) {
      await make(`silent-${reason.replaceAll('_', '-')}`, silent[reason])
      t.match(await lineOf(`silent-${reason.replaceAll('_', '-')}`), { rag: 'not_judged', rag_reason: { reason, text: /^Not judged: .{10,}\.$/ } }, reason)
    }
  })

  await t.test('each for which a target is not known can be met, and says so in a sentence', async t => {
    for (const reason of unknownReasons) {
      await make(`open-${reason.replaceAll('_', '-')}`, open[reason])
      t.match(await lineOf(`open-${reason.replaceAll('_', '-')}`), { target: { met: null, unknown: { reason, text: /^Not known: .{10,}\.$/ } } }, reason)
    }
  })

  await t.test('each kind of target is held against the figure', async t => {
    const years = [figure({ value: 14, period: 'FY2016' }), figure({ value: 12 })]
    const england = figure({ value: 10, area: 'england' })
    const cases: Array<[name: string, target: Record<string, unknown>, met: boolean, gap: number | null]> = [
      ['absolute', atMost(12), true, 0],
      ['below', { kind: 'absolute', operator: 'below', value: 12 }, false, 0],
      ['range', { kind: 'range', operator: 'between', lower: 12.5, upper: 20 }, false, -0.5],
      ['relative', { kind: 'relative', operator: 'below', comparator: 'england' }, false, 2],
      ['relative-by', { kind: 'relative', operator: 'at_least', comparator: 'england', value: 2 }, true, 0],
      ['no-gap', { kind: 'relative', operator: 'equal', comparator: 'england', value: 0 }, false, 2],
      ['step', { kind: 'change', operator: 'reduce_by', value: 2, unit: 'percentage_point', baseline: { value: 14 } }, true, 0],
      ['step-percent', { kind: 'change', operator: 'reduce_by', value: 30, unit: 'percent', baseline: { value: 14 } }, false, 2.2],
      ['decrease', { kind: 'directional', operator: 'decrease' }, true, -2],
      ['increase', { kind: 'directional', operator: 'increase' }, false, -2]
    ]
    for (const [name, target, met, gap] of cases) {
      await make(`kind-${name}`, { measure: lower, figures: [...years, england], target })
      t.match(await lineOf(`kind-${name}`), { target: { met, gap, unknown: null }, rag: met ? 'green' : 'red' }, name)
    }
    await make('kind-in-line', { figures: [figure({ value: 12, numerator: 12, denominator: 100 }), england], target: { kind: 'relative', operator: 'in_line', comparator: 'england' } })
    t.match(await lineOf('kind-in-line'), { target: { met: true, gap: null }, interval: { method: 'wilson' } })
    await make('kind-wards', { measure: lower, figures: [figure({ value: 12 }), figure({ value: 14, area: 'ward-1' })], target: atMost(13, { each_sub_area: true }) })
    t.match(await lineOf('kind-wards'), { target: { met: false }, rag: 'red' }, 'one ward that misses it decides')
    await admin.put('/v1/measures/kind-wards/datapoints/ward-1/FY2017', { value: 13 })
    t.match(await lineOf('kind-wards'), { target: { met: true }, rag: 'green' })
  })

  await t.test('each rule colours as it says, from the measure or else from the plan', async t => {
    const values = async (code: string, measure: Record<string, unknown>, target: World['target'], list: number[], more: World = {}) => {
      await make(code, { ...more, measure: { ...lower, ...measure }, ...(target && { target }) })
      const colours: string[] = []
      for (const value of list) {
        await admin.put(`/v1/measures/${code}/datapoints/${city}/FY2017`, { value })
        colours.push((await lineOf(code)).rag)
      }
      return colours
    }
    t.same(await values('rule-tolerance', rule({ kind: 'tolerance', amber: 10, unit: 'percent' }), atMost(10), [10, 11, 11.1]), ['green', 'amber', 'red'])
    t.same(await values('rule-thresholds', rule({ kind: 'thresholds', green: 10, amber: 12 }), undefined, [10, 12, 13]), ['green', 'amber', 'red'])
    t.same(await values('rule-band', { polarity: 'in_range', ...rule({ kind: 'band', green_lower: 9, green_upper: 11, amber_lower: 8, amber_upper: 12 }) }, undefined, [10, 8, 13]), ['green', 'amber', 'red'])
    t.same(await values('rule-floor', rule({ kind: 'floor' }), atMost(10), [10, 12, 13], { floor: atMost(12) }), ['green', 'amber', 'red'])
    t.same(await values('rule-previous', rule({ kind: 'previous' }), atMost(10), [10, 12, 14], { figures: [figure({ value: 14, period: 'FY2016' })] }), ['green', 'amber', 'red'])
    t.same(await values('rule-forecast', rule({ kind: 'thresholds', green: 10, amber: 12, forecasts: true }), undefined, [10]), ['green'])
    await admin.put(`/v1/measures/rule-forecast/datapoints/${city}/FY2018`, { value: 13, status: 'forecast' })
    t.match(await lineOf('rule-forecast'), { latest: { status: 'forecast' }, rag: 'red' }, 'a forecast is judged where the rule says so')
    await make('rule-profile', { measure: { ...lower, timing: 'cumulative', ...rule({ kind: 'profile', amber: 10, unit: 'percent', shares: [10, 40, 70, 100] }) }, figures: [figure({ value: 42, period: 'FY2017-Q1..Q2' })], target: atMost(100, { period: 'FY2017' }) })
    t.match(await lineOf('rule-profile'), { rag: 'amber', rag_reason: { inputs: { upper: 40 } } })
    t.same(await values('rule-of-plan', {}, atMost(10), [10.5]), ['red'])
    const { etag } = await admin.get(plan)
    await admin.patch(plan, rule({ kind: 'tolerance', amber: 1, unit: 'points' }), { etag })
    t.match(await lineOf('rule-of-plan'), { rag: 'amber', rag_reason: { rule: { source: 'plan', kind: 'tolerance', amber: 1 } } })
    t.match(await lineOf('rule-tolerance'), { rag: 'red', rag_reason: { rule: { source: 'measure' } } })
  })

  await t.test('a rule that lacks what it judges by, or contradicts itself, is refused', async t => {
    const refused = async (fields: Record<string, unknown>, measure = {}) => {
      const { status, body } = await admin.put('/v1/measures/refused', { title: 'x', ...measure, ...rule(fields) })
      return [status, ...(body.errors ?? []).map((fault: any) => `${fault.pointer} ${fault.code}`)]
    }
    t.same(await refused({ kind: 'tolerance' }), [422, '/rag_rule/amber missing_member', '/rag_rule/unit missing_member'])
    t.same(await refused({ kind: 'previous', amber: 5 }), [422, '/rag_rule/amber contradiction'])
    t.same(await refused({ kind: 'thresholds', green: 10, amber: 12 }, { polarity: 'higher_is_better' }), [422, '/rag_rule/amber contradiction'])
    t.same(await refused({ kind: 'thresholds', green: 10, amber: 8 }, lower), [422, '/rag_rule/amber contradiction'])
    t.same(await refused({ kind: 'band', green_lower: 5, green_upper: 4, amber_lower: 1, amber_upper: 9 }), [422, '/rag_rule/green_lower contradiction'])
    t.same((await refused({ kind: 'tolerance', amber: -1, unit: 'points' }))[0], 400)
    t.same((await refused({ kind: 'hope' }))[0], 400)
  })

  await t.test('a rule that changes needs a higher version, alone and in a bundle', async t => {
    await admin.put('/v1/measures/versioned', { title: 'x', ...rule({ kind: 'thresholds', polarity: 'lower_is_better', green: 10, amber: 12 }) })
    const change = (version: number) => admin.patch('/v1/measures/versioned', { rag_rule: { version, green: 9 } }, { etag: '*' })
    t.match(await change(1), { status: 422, body: { errors: [{ pointer: '/rag_rule/version', detail: /is version 1. Send version 2/ }] } })
    t.match(await change(2), { status: 200, body: { rag_rule: { version: 2, green: 9 } } })
    t.equal((await admin.patch('/v1/measures/versioned', { note: 'x' }, { etag: '*' })).status, 200)
    const { body: bundle, etag } = await admin.get(`${plan}/bundle`)
    bundle.plan.rag_rule = { kind: 'tolerance', version: 1, amber: 2, unit: 'points' }
    t.match(await admin.put(`${plan}/bundle`, bundle, { etag }), { status: 422, body: { errors: [{ pointer: '/plan/rag_rule/version' }] } })
  })

  await t.test('a comparator that has the period only for a part shows the latest of the whole', async t => {
    const sex = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }]
    await admin.put('/v1/areas/england', { title: 'England', kind: 'nation' })
    await make('part-only', {
      measure: { ...lower, dimensions: sex },
      figures: [
        figure({ value: 12, period: 'FY2016' }),
        figure({ area: 'england', value: 9, period: 'FY2014' })
      ]
    })
    await admin.put('/v1/measures/part-only/datapoints/england/FY2016?breakdown=sex=f', { value: 5 })
    t.match((await lineOf('part-only', '?comparators=england')).comparators, [{ area: 'england', value: 9, period: 'FY2014', same_period: false }])
  })

  await t.test('a break lies between, and nothing is compared across it', async t => {
    await make('broken', { measure: { ...lower, breaks: [{ from: '2017-04-01', why: 'New definition' }] }, figures: [figure({ value: 14, period: 'FY2016' }), figure({ value: 12 })], target: { kind: 'directional', operator: 'decrease' } })
    t.match(await lineOf('broken'), { change: null, direction: 'not_comparable', target: { unknown: { reason: 'no_previous', text: /break/ } } })
  })

  await t.test('the place in a group is worked out where all members have a figure, and only then', async t => {
    for (const area of ['alpha', 'beta']) await admin.put(`/v1/areas/${area}`, { title: area, kind: 'unitary' })
    await admin.put('/v1/areas/group', { title: 'The group', kind: 'comparator_group', members: [{ area: city }, { area: 'alpha' }, { area: 'beta' }] })
    await make('ranked', { measure: lower, figures: [figure({ value: 12 }), figure({ value: 10, area: 'alpha' })] })
    t.same((await lineOf('ranked', '?comparators=group')).comparators, [])
    await admin.put('/v1/measures/ranked/datapoints/beta/FY2017', { value: 14 })
    t.match((await lineOf('ranked', '?comparators=group')).comparators, [{ area: 'group', value: null, rank: { place: 2, of: 3, basis: 'best', printed: false } }])
  })

  await t.test('five years of numbers have a trend, or say why not', async t => {
    const years = [2013, 2014, 2015, 2016, 2017].map((year, i) => figure({ period: `FY${year}`, value: 10 + 5 * i, numerator: 100 + 50 * i, denominator: 1000 }))
    await make('trend', { measure: { polarity: 'higher_is_better' }, figures: years })
    t.match(await lineOf('trend'), { trend: { direction: 'increasing', significant: true, points: 5 }, direction: 'improved', change_significant: true })
    await make('gap', { figures: [figure({ period: 'FY2011', value: 9, numerator: 90, denominator: 1000 }), ...years.slice(1)] })
    t.match(await lineOf('gap'), { trend: null, notes: [/^No trend is told\. No figure follows/] })
  })
})
