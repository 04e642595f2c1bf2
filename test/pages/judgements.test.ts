// Judgements on the page: what the scorecard says, in words, with a mark, and quiet where there is nothing to judge.
import t from 'tap'
import { breakdownText } from '../../src/resources/datapoints/breakdown.js'
import { reportOf } from '../../src/documents/report/report.js'
import { placedLines } from '../../src/documents/report/walk.js'
import { startWithSample } from '../documents/sample.js'
import { codes, live, page, reportOfSmall, reportOn, theLine, today } from './sample.js'

const missed = { operator: 'at_most', value: 8, period: 'FY2017' }
const lower = { polarity: 'lower_is_better' }
const years = [{ period: 'FY2016', value: 14.2 }, { period: 'FY2017', value: 12.8 }]
const tolerance = { kind: 'tolerance', version: 1, amber: 5, unit: 'points' }

/** The page as text: a piece of markup says nothing. */
const textOf = (html: string) => html.replaceAll(/<svg class="mark".*?<\/svg>/g, '').replaceAll(/<[^>]+>/g, '').replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<')

const sideOf = (words: string) => words.includes('better') ? true : words.includes('worse') ? false : null

await t.test('judgements on the page', async t => {
  const { admin, anonymous } = await startWithSample(t)

  await t.test('every sentence of the scorecard stands in the document, worked out from its bundle', async t => {
    let [compared, told] = [0, 0]
    for (const code of codes) {
      const report = reportOf((await admin.get(`/v1/plans/${code}/bundle`)).body, live, today)
      const text = textOf(page(report))
      const lines = new Map(placedLines(report).map(({ line }) => [line.code, line]))
      for (const one of (await admin.get(`/v1/plans/${code}/scorecard`)).body.lines) {
        const line = lines.get(one.plan_measure)!
        const reading = [line, ...line.breakdowns].find(({ key }) => key === breakdownText(one.breakdown))!
        const { judgement: { text: sentence, colour, telling, direction, significant }, targets, comparators } = reading
        t.same([sentence, colour ?? 'not_judged', direction, significant], [one.rag_reason.text, one.rag, one.direction?.replaceAll('_', ' ') ?? null, one.change_significant], one.plan_measure)
        t.same(targets.map(target => target.code), [one.target, ...one.further_targets].flatMap(target => target?.target ?? []), one.plan_measure)
        const sides = one.comparators.filter((other: any) => other.gap !== null).map((other: any) => [other.area, other.better])
        t.same(comparators.map(other => [other.area, sideOf(other.words)]).filter(([, better]) => better !== null),
          sides.filter(([, better]: [string, boolean | null]) => better !== null), one.plan_measure)
        if (telling) t.ok(text.includes(sentence), sentence)
        if (telling) told++
        compared++
      }
    }
    t.ok(compared > 160 && told >= 10, `${compared} compared, ${told} told`)
  })

  await t.test('a publication shows what was judged by its figures, whatever came after', async t => {
    const plan = '/v1/plans/nottingham-cypp-2016-20'
    await admin.post(`${plan}/publications`, { label: 'J1' })
    await admin.put('/v1/measures/cpp-second-2y/datapoints/E06000018/FY2018', { value: 7.5 })
    const sentence = 'Red: 12.8% in 2017/18 misses the target of at most 8% in 2017/18 by 4.8 percentage points.'
    const shown = async (query: string) => textOf((await anonymous.get(`${plan}/report${query}`, { headers: { accept: 'text/html' } })).text)
    t.match(await shown('?publication=J1'), sentence)
    t.notMatch(await shown(''), sentence)
  })
})

await t.test('a judgement', async t => {
  await t.test('is never told by colour alone: each has its word beside a shape of its own', async t => {
    const shapes = new Set<string>()
    for (const [colour, value] of [['red', 14], ['amber', 12.8], ['green', 8]] as const) {
      const html = page(reportOfSmall({ measure: { ...lower, rag_rule: tolerance }, figures: [{ period: 'FY2017', value }], targets: [missed] }))
      const tags = [...html.matchAll(/<span class="rag (\w+)"><svg class="mark"[^>]*aria-hidden="true">(.*?)<\/svg>(\w+)<\/span>/g)]
      t.ok(tags.length >= 2, 'in the table and in the text below it')
      t.equal(html.split('class="rag ').length, tags.length + 1, 'no colour without mark and word')
      for (const [, name, , word] of tags) t.same([name, word], [colour, colour.replace(/^./, first => first.toUpperCase())])
      shapes.add(tags[0]![2]!)
    }
    t.equal(shapes.size, 3)
  })

  await t.test('is quiet where there is no target or no figure', async t => {
    for (const parts of [{}, { figures: years }, { figures: years, measure: lower }, { measure: lower, targets: [missed] }, { targets: [{ kind: 'external_reference', set_by: 'City Plan' }], measure: lower, figures: years }]) {
      t.notMatch(textOf(page(reportOfSmall(parts))), /Not judged:|not known, for|judged red/)
    }
    t.notMatch(page(reportOn('nottingham-cypp-2015-16')), /class="rag|judged red/)
  })

  await t.test('that there is something to say of is said, also without a colour', async t => {
    const text = textOf(page(reportOfSmall({ figures: years, targets: [missed] })))
    t.match(text, 'Not judged: the measure does not say which way is better; the target of at most 8% in 2017/18 is not met.')
    t.match(theLine({ figures: years, measure: lower, targets: [{ ...missed, period: 'FY2019' }] }), { judgement: { colour: null, telling: true }, targets: [{ result: 'not met so far, and not due yet' }] })
  })

  await t.test('of a breakdown stands with its name', async t => {
    const part = { breakdown: { sex: 'boys' } }
    const text = textOf(page(reportOfSmall({ measure: lower, figures: years.map(one => ({ ...one, ...part })), targets: [{ ...missed, ...part }] })))
    t.match(text, 'sex: boys: Red: 12.8% in 2017/18 misses the target')
  })

  await t.test('in red is what needs attention first, with its reason, and is counted', async t => {
    const { exceptions, counts } = reportOfSmall({ measure: lower, figures: years, targets: [missed] })
    t.match(exceptions[0], { key: 'red', title: 'Judged red', items: [{ anchor: 'L1', why: 'Red: 12.8% in 2017/18 misses the target of at most 8% in 2017/18 by 4.8 percentage points.' }] })
    t.same(counts.filter(({ key }) => ['red', 'amber', 'green', 'not_judged'].includes(key)).map(({ count }) => count), [1, 0, 0, 0])
    t.same(reportOn('nottingham-cypp-2016-20').exceptions[0]!.items.map(({ place }) => place), ['1a iv', '2a iii'])
  })
})

await t.test('what a figure is set against is said in words', async t => {
  await t.test('a change is better or worse by the polarity, and significant or not by the interval', t => {
    const words = (measure: Record<string, unknown>, latest: Record<string, unknown> = {}) =>
      theLine({ measure, figures: [years[0]!, { ...years[1]!, ...latest }] }).previous?.words
    t.equal(words(lower), 'improved from')
    t.equal(words({ polarity: 'higher_is_better' }), 'worsened from')
    t.equal(words({}), 'down from')
    t.equal(words(lower, { lower_95: 12, upper_95: 13 }), 'significantly improved from')
    t.equal(words(lower, { lower_95: 12, upper_95: 15 }), 'improved (not significantly) from')
    t.equal(words(lower, { bound: 'over' }), 'before that')
    t.end()
  })

  await t.test('a comparator is one that the area does better or worse than', t => {
    const england = { area: 'E', period: 'FY2017', value: 10 }
    const summary = (measure: Record<string, unknown>, other: Record<string, unknown> = {}) =>
      theLine({ measure, figures: [years[1]!, england, { area: 'N', period: 'FY2017', value: 12.8, ...other }] }).summary
    t.equal(summary(lower), '12.8% in 2017/18; worse than England 10%; the same as Neighbours 12.8%.')
    t.equal(summary(lower, { value: 9 }), '12.8% in 2017/18; worse than England 10% and Neighbours 9%.')
    t.equal(summary({}, { value: 9 }), '12.8% in 2017/18; compared with England 10% and Neighbours 9%.')
    t.end()
  })

  await t.test('the result of a target worked out stands beside the one that is printed', t => {
    const result = (printed: Record<string, unknown>) => theLine({ measure: lower, figures: years, targets: [{ ...missed, ...printed }] }).summary
    t.match(result({}), 'target at most 8% in 2017/18, not met.')
    t.match(result({ printed_result: 'not_met' }), 'target at most 8% in 2017/18, not met, as reported.')
    t.match(result({ printed_result: 'met' }), 'target at most 8% in 2017/18, by the figures not met, reported as met.')
    const unknown = { kind: 'directional', operator: 'decrease' }
    t.match(textOf(page(reportOfSmall({ measure: lower, figures: [years[1]!], targets: [unknown] }))), 'decrease, no date; not known, for there is no earlier figure to compare with')
    t.end()
  })
})
