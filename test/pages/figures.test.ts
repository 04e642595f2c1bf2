// Which figure is the latest, what came before it, and how numbers and targets read.
import t from 'tap'
import { number } from '../../src/documents/report/numbers.js'
import { theLine } from './sample.js'

await t.test('the figures of a line', async t => {
  await t.test('the latest is the one whose period ends last, of the kind that the frequency names', async t => {
    const figures = [{ period: 'FY2016', value: 1 }, { period: 'FY2017', value: 2 }, { period: 'FY2018-Q1', value: 3 }, { period: 'undated', value: 4 }]
    t.equal(theLine({ figures }).latest?.shown, '3%', 'without a frequency every kind will do')
    t.equal(theLine({ figures, measure: { frequency: 'annual' } }).latest?.shown, '2%')
    t.equal(theLine({ figures: figures.slice(2), measure: { frequency: 'annual' } }).latest?.shown, '3%', 'no annual figure: the latest there is')
    t.equal(theLine({ figures: [{ period: 'D2018-03-31', value: 5 }, { period: 'FY2016', value: 1 }], measure: { frequency: 'annual', timing: 'as_at' } }).latest?.shown, '5%')
  })

  await t.test('of two periods that end together the shorter is the latest, and a rank never is', async t => {
    t.equal(theLine({ figures: [{ period: 'FY2017', value: 1 }, { period: 'FY2017-Q4', value: 2 }] }).latest?.period, 'FY2017-Q4')
    const { latest, others, noFigure } = theLine({ figures: [{ period: 'FY2017', value: 136, statistic: 'rank', against: 'N', rank_of: 137, rank_basis: 'highest' }] })
    t.equal(latest, null)
    t.match(others, [{ shown: '136 of 137 (1 is the highest)', statistic: 'rank among Neighbours' }])
    t.equal(noFigure, 'only ranks, gaps or changes are given')
  })

  await t.test('undated figures are never the latest, and are shown apart', async t => {
    const line = theLine({ figures: [{ period: 'undated-baseline', value: 30.7, period_label: 'baseline' }] })
    t.match(line, { latest: null, previous: null, noFigure: 'no figure with a date', undated: [{ shown: '30.7%', periodLabel: 'baseline' }] })
  })

  await t.test('what is missing is a word, never 0 and never blank', async t => {
    for (const [missing, words] of [['tbc', 'to be confirmed'], ['new_indicator', 'new indicator'], ['suppressed', 'suppressed'], ['not_stated', 'no figure stated']]) {
      t.match(theLine({ figures: [{ period: 'FY2017', missing }] }).latest, { value: null, shown: words, missing: words })
    }
    t.equal(theLine({ figures: [{ period: 'FY2017', numerator: 57 }] }).latest?.shown, '57 (number only)')
    t.equal(theLine({ figures: [{ period: 'FY2017', value: 0 }] }).latest?.shown, '0%')
  })

  await t.test('the previous figure is the latest earlier one of the same kind and length that does not overlap', async t => {
    const rolling = [{ period: 'R12-2015-12', value: 3 }, { period: 'R12-2016-09', value: 2 }, { period: 'R3-2015-12', value: 9 }, { period: 'R12-2016-12', value: 1 }]
    t.match(theLine({ figures: rolling }).previous, { words: 'down from', figure: { period: 'R12-2015-12' } })
    t.equal(theLine({ figures: [{ period: 'FY2017', value: 1 }, { period: 'CY2016', value: 1 }] }).previous, null)
    t.match(theLine({ figures: [{ period: 'FY2017', value: 1 }, { period: 'FY2015', value: 1 }, { period: 'FY2016', missing: 'tbc' }] }).previous,
      { words: 'unchanged from', figure: { period: 'FY2015' } }, 'what is missing is no earlier figure')
  })

  await t.test('figures on two sides of a break are not compared, and the run says where it is', async t => {
    const figures = [{ period: 'FY2015', value: 1 }, { period: 'FY2016', value: 2 }]
    const { previous, series } = theLine({ figures, measure: { breaks: [{ from: '2016-04-01', why: 'New count.' }] } })
    t.equal(previous?.words, 'not comparable with')
    t.same(series.map(point => point.breakBefore), [false, true])
    t.equal(theLine({ figures, measure: { breaks: [{ from: '2016-04-01', area: 'E', why: 'There.' }] } }).previous?.words, 'up from', 'a break elsewhere is none here')
  })

  await t.test('comparators stand in the order of the plan, for the same period or else with their own', async t => {
    const figures = [{ period: 'FY2017', value: 1 }, { area: 'N', period: 'FY2016', value: 2 }, { area: 'E', period: 'FY2017', value: 3 }, { area: 'E', period: 'FY2018', value: 4 }]
    const { comparators, sentence } = theLine({ figures })
    t.match(comparators, [{ title: 'England', samePeriod: true, figure: { shown: '3%' } }, { title: 'Neighbours', samePeriod: false, figure: { shown: '2%', inPeriod: 'in 2016/17' } }])
    t.equal(sentence, 'Measure: 1% in 2017/18; compared with England 3% and Neighbours 2% in 2016/17.')
  })

  await t.test('numbers have commas, a real minus, the printed scale or that of the measure, and bounds in words', async t => {
    t.same([number(1234567.5), number(-0.4, 1), number(-0.04, 1), number(5, 2), number(1868)], ['1,234,567.5', '−0.4', '0.0', '5.00', '1,868'])
    const shown = (figure: Record<string, unknown>, measure = {}) => theLine({ figures: [{ period: 'FY2017', ...figure }], measure }).latest?.shown
    t.equal(shown({ value: 5, printed: '5.00%' }), '5.00%')
    t.equal(shown({ value: 93.1, printed: '93. 1%' }), '93.1%')
    t.equal(shown({ value: 5, printed: '7.00%' }), '5%', 'what is printed is another number')
    t.equal(shown({ value: 5.25 }, { decimals: 1 }), '5.3%')
    t.equal(shown({ value: 72, bound: 'over' }), 'over 72%')
    t.equal(shown({ value: 655.4 }, { unit: 'rate', per: 100000 }), '655.4 per 100,000')
    t.equal(shown({ value: -1.5 }, { unit: 'percentage_point' }), '−1.5 percentage points')
    t.equal(shown({ value: 2848 }, { unit: 'count' }), '2,848')
  })

  await t.test('the target of the period of the latest comes first, then the next due, then those without a date', async t => {
    const targets = [{ value: 1, by: '2016-03-31' }, { value: 2 }, { value: 3, period: 'FY2019' }, { value: 4, period: 'FY2018' }, { value: 5, period: 'FY2017' }]
      .map(target => ({ operator: 'at_most', ...target }))
    t.same(theLine({ figures: [{ period: 'FY2017', value: 9 }], targets }).targets.map(target => target.value), [5, 4, 3, 2, 1])
    t.same(theLine({ figures: [{ period: 'FY2017', value: 9 }], targets: targets.slice(1, 3).map((target, i) => ({ ...target, ...i === 0 ? { area: 'E' } : { breakdown: { sex: 'boys' } } })) }).targets, [])
  })

  await t.test('a target says what, when and whose, and the result that is printed', async t => {
    const words = (target: Record<string, unknown>) => theLine({ targets: [target] }).targets[0]
    t.match(words({ operator: 'at_most', value: 11.5, period: 'FY2017', set_by: 'local' }), { words: 'at most 11.5% in 2017/18 (local)', reached: null })
    t.match(words({ operator: 'at_least', value: 95, set_by: 'national', level: 'national', printed_result: 'below' }),
      { words: 'at least 95%, no date (national)', printedResult: 'below', reached: false })
    t.match(words({ kind: 'range', lower: 3, upper: 5, by: '2018-03-31' }), { words: 'between 3% and 5% by 31 March 2018' })
    t.match(words({ kind: 'relative', operator: 'above', comparator: 'N' }), { words: 'above Neighbours, no date' })
    t.match(words({ kind: 'change', operator: 'reduce_by', value: 30, baseline: { value: 45, period: 'FY2010' } }), { words: 'reduce by 30% from 45% in 2010/11, no date' })
    t.match(words({ kind: 'external_reference', set_by: 'City Plan' }), { words: 'value held in City Plan, not printed here' })
  })
})
