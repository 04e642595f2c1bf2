// The document as a view of the sample plans: what stands where, what counts, and what needs attention.
import t from 'tap'
import { codes, linesOf, page, reportOfSmall, reportOn, theLine } from './sample.js'

await t.test('the document', async t => {
  const report = reportOn('nottingham-cypp-2016-20')
  const outcome = (ref: string) => report.priorities.flatMap(one => one.outcomes).find(one => one.ref === ref)!

  await t.test('two lines with the same printed number are two lines', async t => {
    t.same(outcome('1a').lines.map(line => [line.ref, line.code]), [['i', 'N16-1a-01'], ['ii', 'N16-1a-02'], ['iii', 'N16-1a-03'], ['iv', 'N16-1a-04'], ['iv', 'N16-1a-05']])
  })

  await t.test('a line tells its figure, target and comparators in one sentence', async t => {
    const [smoking, , , , dtap] = outcome('1a').lines
    t.equal(smoking!.sentence, 'Percentage of women reporting smoking at time of delivery: 17.2% in 2016/17; worse than England 10.7%.')
    t.match(dtap!.sentence, /: 91\.4% in 2016\/17; target at least 95%, no date \(national\), by the figures not met, reported as below target; worse than England 93\.4%\.$/)
  })

  await t.test('a forecast is called one, and compared with the year before', async t => {
    const line = linesOf(report).find(one => one.code === 'N16-2a-07')!
    t.match(line.latest, { shown: '2,848', status: 'forecast', tentative: true, marks: [{ mark: '[f]', meaning: 'forecast' }] })
    t.equal(line.previous?.words, 'significantly worsened from')
    t.equal(line.series.length, 5)
  })

  await t.test('the provisional year to December is compared with the year to December before', async t => {
    const line = linesOf(report).find(one => one.code === 'N16-1d-01')!
    t.match(line.latest, { shown: '26.9 per 1,000', inPeriod: 'in the year to December 2016', status: 'provisional' })
    t.equal(line.previous?.figure.inPeriod, 'in the year to December 2015')
  })

  await t.test('the counts add up, and every line stands once', async t => {
    for (const code of codes) {
      const { counts, priorities, activities } = reportOn(code)
      const of = (key: string) => counts.find(count => count.key === key)?.count ?? 0
      t.equal(of('measures'), of('with_figure') + of('without_figure'), code)
      const blocks = [...priorities.flatMap(one => [...one.activities, ...one.outcomes.flatMap(two => two.activities)]), ...activities]
      const anchors = [...linesOf(reportOn(code)), ...blocks.flatMap(one => one.lines)].map(line => line.anchor)
      t.equal(new Set(anchors).size, anchors.length, code)
      t.equal(anchors.length, of('measures'), code)
    }
    t.match(report.counts, [{ key: 'measures', count: 44 }])
  })

  await t.test('what needs attention is listed with its place', async t => {
    const group = report.exceptions.find(one => one.key === 'target_not_met')
    t.match(group?.items.map(({ place, anchor }) => [place, anchor]), [['1a iv', 'N16-1a-05'], ['2a ii', 'N16-2a-02'], ['2a iii', 'N16-2a-03']])
    t.match(reportOn('notts-cypf-2016-18').exceptions.map(one => one.key), ['overdue', 'lead_tbc', 'placeholder', 'without_figure'])
  })

  await t.test('key activities stand under their priority with strategies, governance, actions and measures', async t => {
    const [first] = reportOn('notts-cypf-2016-18').priorities[0]!.activities
    t.match(first, { ref: '1', keyActivity: true, strategies: ['Looked After Children and Care Leavers Strategy (2015 to 2018)'] })
    t.equal(first!.parts.length, 4)
    t.equal(first!.lines.length, 5)
    t.ok(first!.governance.length > 0)
  })

  await t.test('a lead to be confirmed is said in words', async t => {
    t.match(theLine({ line: { organisations: [{ role: 'lead', marker: 'tbc' }] } }).leads, [{ title: 'to be confirmed', toBeConfirmed: true }])
  })

  await t.test('updates of the newest period come first and the older ones apart', async t => {
    const updates = ['FY2015', 'FY2017', 'FY2016', undefined].map((period, i) => ({ code: `u${i}`, text: `Text ${i}`, plan_measures: ['L1'], ...(period !== undefined && { period }) }))
    const { newest, older } = theLine({ updates }).updates
    t.same([newest.map(one => one.code), older.map(one => one.code)], [['u1', 'u3'], ['u2', 'u0']])
  })

  await t.test('a part of an update stands inside it, and an update on two lines stands in full with the first and is linked to from the other', async t => {
    const plan_measures = [{ code: 'L1', measure: 'm', outcome: '1a', position: 1 }, { code: 'L2', measure: 'm', outcome: '1a', position: 2, title: 'Second' }]
    const text = `Whole **story** of [it](https://x.example), ${'word '.repeat(30)}`
    const updates = [{ code: 'u', text, plan_measures: ['L1', 'L2'] }, { code: 'v', text: 'Part', plan_measures: ['L1'], parent: 'u' }]
    const [first, second] = linesOf(reportOfSmall({ plan_measures, updates }))
    t.match(first!.updates.newest, [{ whole: true, code: 'u', parts: [{ code: 'v' }], about: [{ text: 'Second', anchor: 'L2' }], aboutMore: 0 }])
    t.equal(first!.updates.newest.length, 1)
    t.same(second!.updates.newest, [{
      whole: false, code: 'u', anchor: 'update:u', words: `Whole story of it, ${Array(12).fill('word').join(' ')} …`, period: null, where: 'Measure'
    }])
  })

  await t.test('an action under several lines has one main place, and its parts stand inside it', async t => {
    const plan_measures = [{ code: 'L1', measure: 'm', outcome: '1a', position: 1 }, { code: 'L2', measure: 'm', outcome: '1a', position: 2 }]
    const actions = [{ code: 'a', title: 'Act', plan_measures: ['L1', 'L2'] }, { code: 'b', title: 'Part', parent: 'a', plan_measures: ['L1'] }]
    const [first, second] = linesOf(reportOfSmall({ plan_measures, actions }))
    t.match(first!.actions, [{ code: 'a', main: true, parts: [{ code: 'b', main: true }] }])
    t.match(second!.actions, [{ code: 'a', main: false, parts: [{ code: 'b', main: false }] }])
  })

  await t.test('a line of a key activity stands in the document wherever the activity does', async t => {
    const plan_measures = [{ code: 'L1', measure: 'm', outcome: '1a' }, { code: 'L2', measure: 'm', action: 'a' }, { code: 'L3', measure: 'm', action: 'b' }]
    const actions = [{ code: 'a', ref: '7', title: 'Act', plan_measures: ['L1'] }, { code: 'b', title: 'Part', parent: 'a' }]
    const report = reportOfSmall({ plan_measures, actions, figures: [] })
    t.match(report.counts, [{ key: 'measures', count: 3 }])
    const places = report.exceptions.find(one => one.key === 'without_figure')?.items.map(({ place, anchor }) => [anchor, place])
    t.same(places, [['L1', ''], ['L2', '7'], ['L3', '']])
    for (const code of ['L1', 'L2', 'L3']) t.equal(page(report).split(` id="${code}"`).length, 2, code)
  })

  await t.test('what a title says is not taken for words of the sentence', async t => {
    const areas = [{ code: 'A', title: 'Town', kind: 'unitary' }, { code: 'E', title: 'The rest; up from nowhere', kind: 'nation' }]
    const figures = [{ period: 'FY2016', value: 2 }, { period: 'FY2017', value: 1 }, { area: 'E', period: 'FY2017', value: 3 }]
    t.equal(theLine({ areas, figures }).summary, '1% in 2017/18, down from 2% in 2016/17; compared with The rest; up from nowhere 3%.')
  })

  await t.test('statements read as words', async t => {
    t.match(outcome('1a').lines[0]!.statements.slice(0, 2), [{ kind: 'Comparison', words: 'higher than England in 2016/17 (statistically significant)' },
      { kind: 'Trend', words: 'no change (not statistically significant)' }])
    const pledges = reportOn('notts-cypf-2011-14').priorities.flatMap(one => one.statements).find(one => one.code === 'pledges')
    t.equal(pledges?.words, '84 in all: 19 achieved, 9 delayed, 42 on track in 2012-13')
  })

  await t.test('a publication says its label, date and digest instead of an instant', async t => {
    const { heading } = reportOn('nottingham-cypp-2016-20')
    t.equal(heading.asAt, 'The live plan, as at 24 November 2026, 01:23 UTC')
    t.match(heading, { owner: "Nottingham Children's Partnership", area: 'Nottingham City', period: '2016/17 to 2019/20', status: 'in progress, live', live: true })
  })
})
