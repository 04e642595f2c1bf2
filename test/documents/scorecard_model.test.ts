// Whatever is written, a scorecard says what the whole history says: it reads only some of the figures, the model all of them.
import fc from 'fast-check'
import t from 'tap'
import { breakdownText } from '../../src/resources/datapoints/breakdown.js'
import { judgedOf } from '../../src/documents/report/judged.js'
import { itemsOf } from '../../src/documents/report/read_items.js'
import { targetItems } from '../../src/documents/report/targets.js'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

const city = 'E06000018'
const areas = [city, 'england', 'group', 'alpha', 'beta', 'ward-1', 'ward-2']
const measures: Record<string, Record<string, unknown>> = {
  yearly: { unit: 'percent', polarity: 'lower_is_better', frequency: 'annual' },
  counted: { unit: 'count', polarity: 'none' },
  parted: { unit: 'rate', per: 1000, polarity: 'higher_is_better', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }, { code: 'm', title: 'M' }] }] },
  broken: { unit: 'percent', polarity: 'higher_is_better', breaks: [{ from: '2015-04-01', why: 'New way' }], rag_rule: { kind: 'previous', version: 1 } }
}
const targets: Array<[measure: string, target: Record<string, unknown>]> = [
  ['yearly', { kind: 'relative', operator: 'below', comparator: 'england' }],
  ['yearly', { kind: 'absolute', operator: 'at_most', value: 20, period: 'FY2016' }],
  ['counted', { kind: 'directional', operator: 'decrease' }],
  ['parted', { kind: 'absolute', operator: 'at_least', value: 30, breakdown: { sex: 'f' } }],
  ['broken', { kind: 'absolute', operator: 'at_least', value: 40, each_sub_area: true }]
]

const some = fc.integer({ min: 0, max: 60 })
const edit = fc.record({
  measure: fc.constantFrom(...Object.keys(measures)),
  area: fc.constantFrom(...areas, city, city),
  period: fc.constantFrom('FY2012', 'FY2013', 'FY2014', 'FY2015', 'FY2016', 'FY2016-Q3', 'CY2015', 'R12-2016-12', 'undated'),
  sex: fc.constantFrom(null, null, 'f', 'm'),
  fields: fc.oneof(
    fc.record({ value: some }),
    fc.tuple(some, fc.constantFrom(100, 200)).map(([numerator, denominator]) => ({ value: numerator * 100 / denominator, numerator, denominator })),
    fc.record({ value: some, status: fc.constantFrom('forecast', 'provisional', 'final') }),
    fc.record({ value: some, bound: fc.constantFrom('over', 'exact') }),
    fc.record({ missing: fc.constantFrom('tbc', 'suppressed') }),
    fc.constant({ deleted: true })
  )
})

await t.test('the scorecard and the history', async t => {
  const { admin } = await start(t)
  await makePlan(admin)
  for (const [area, fields] of Object.entries({
    england: { kind: 'nation' },
    alpha: { kind: 'unitary' },
    beta: { kind: 'unitary' },
    'ward-1': { kind: 'ward', parent: city },
    'ward-2': { kind: 'ward', parent: 'ward-1' },
    group: { kind: 'comparator_group', members: [{ area: city }, { area: 'alpha' }, { area: 'beta' }] }
  })) await admin.put(`/v1/areas/${area}`, { title: area, ...fields })
  const { etag } = await admin.get('/v1/plans/plan-a')
  await admin.patch('/v1/plans/plan-a', { comparators: ['england', 'group'] }, { etag })
  for (const [code, fields] of Object.entries(measures)) {
    await admin.put(`/v1/measures/${code}`, { title: code, visibility: 'public', ...fields })
    await admin.put(`/v1/plans/plan-a/measures/${code}`, { measure: code, outcome: '1a' })
  }
  for (const [i, [measure, target]] of targets.entries()) await admin.put(`/v1/measures/${measure}/targets/t-${i}`, { plan: 'plan-a', ...target })

  const fromHistory = async () => {
    const items = itemsOf((await admin.get('/v1/plans/plan-a/bundle')).body)
    return (measure: string, breakdown: Record<string, string>) =>
      judgedOf(items, items.measures.get(measure)!, city, breakdownText(breakdown), targetItems(items, measure, city))
  }
  /** Less what a bundle does not know. */
  const told = ({ latest, ...line }: any) => ({ ...line, latest: latest === null ? null : { ...latest, shorthand: undefined, revision: undefined } })

  await t.test('agree after any edits, now and as of every instant between', async t => {
    const past: Array<{ at: string, lines: unknown }> = []
    for (const batch of fc.sample(fc.array(edit, { minLength: 1, maxLength: 25 }), { numRuns: 40 })) {
      const rows = batch.map(({ measure, area, period, sex, fields }) => ({ measure, area, period, ...(sex !== null && measure === 'parted' && { breakdown: { sex } }), ...fields }))
      const distinct = [...new Map(rows.map(row => [JSON.stringify([row.measure, row.area, row.period, row.breakdown]), row])).values()]
      const { status, text, headers } = await admin.post('/v1/datapoint-imports?mode=partial', { datapoints: distinct })
      if (status !== 200 && status !== 422) t.fail(text, headers)
      const { lines } = (await admin.get('/v1/plans/plan-a/scorecard')).body
      const model = await fromHistory()
      for (const line of lines) {
        const expected = model(line.measure, line.breakdown)
        t.match(told(line), JSON.parse(JSON.stringify(expected)), `${line.measure} ${breakdownText(line.breakdown)}`)
      }
      past.push({ at: String((await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']), lines })
    }
    const judged = (lines: any) => lines.map(({ due: _, ...line }: any) => line)
    for (const { at, lines } of past) t.same(judged((await admin.get(`/v1/plans/plan-a/scorecard?as_of=${at}`)).body.lines), judged(lines), at)
  })
})
