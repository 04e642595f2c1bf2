// What is published of one figure under a rule: hidden, rounded, or as it is.
import t from 'tap'
import { countOf, hidden, isSensitive, isSmall, roundedFigure, type Figure, type Nature } from '../../src/statistics/disclosure/figure.js'
import { publishedOf, type Placed } from '../../src/statistics/disclosure/publish.js'

const blank: Figure = { ...hidden, missing: null }
const figure = (fields: Partial<Figure>): Figure => ({ ...blank, ...fields })
const counts: Nature = { isCount: true, per: null, decimals: null }
const percent: Nature = { isCount: false, per: 100, decimals: 1 }
const rule = { from: 1, to: 7, base: null }

await t.test('a figure counts its value or its numerator, or what value and denominator make', async t => {
  t.equal(countOf(figure({ value: '12', numerator: '3' }), counts), 12)
  t.equal(countOf(figure({ numerator: '3' }), counts), 3)
  t.equal(countOf(figure({}), counts), null)
  t.equal(countOf(figure({ value: '25.3', numerator: '23', denominator: '91' }), percent), 23)
  t.equal(countOf(figure({ value: '25.3', denominator: '91' }), percent), 23)
  t.equal(countOf(figure({ value: '2.5', denominator: '2000' }), { isCount: false, per: 1000, decimals: 1 }), 5)
  t.equal(countOf(figure({ value: '25.3' }), percent), null)
  t.equal(countOf(figure({ denominator: '91' }), percent), null)
  t.equal(countOf(figure({ value: '25.3', denominator: '91' }), { ...percent, per: null }), null)
})

await t.test('small is from the first to the last count of the rule, and nothing unknown', async t => {
  t.same([null, 0, 1, 4, 7, 8, -3].map(count => isSmall(rule, count)), [false, false, true, true, true, false, false])
})

await t.test('a figure is sensitive for its count, its numerator or its denominator, or as its source hid it', async t => {
  const sensitive = (fields: Partial<Figure>, nature = percent) => isSensitive(figure(fields), nature, rule)
  t.ok(sensitive({ missing: 'suppressed' }))
  t.ok(sensitive({ value: '3' }, counts))
  t.ok(sensitive({ value: '12', numerator: '3' }, counts))
  t.ok(sensitive({ value: '12', denominator: '5' }, counts))
  t.ok(sensitive({ value: '5.5', denominator: '91' }), 'five of 91')
  t.ok(sensitive({ value: '40', denominator: '5' }))
  t.notOk(sensitive({ value: '3' }), 'a share without parts counts nobody')
  t.notOk(sensitive({ value: '0' }, counts))
  t.notOk(sensitive({ value: '12', numerator: '12', denominator: '91' }, counts))
  t.notOk(sensitive({ missing: 'tbc' }))
})

await t.test('of a hidden figure only that it is hidden is told', async t => {
  const { missing, qualifiers, ...rest } = hidden
  t.same({ missing, qualifiers }, { missing: 'suppressed', qualifiers: '' })
  t.same(new Set(Object.values(rest)), new Set([null]))
})

await t.test('counts are rounded to the base, half up, each on its own; what would tell more is left out', async t => {
  const rounded = (value: string, base = 5) => roundedFigure(figure({ value }), counts, base).value
  t.same(['8', '12', '12.5', '13', '0', '2.5'].map(value => rounded(value)), ['10', '10', '15', '15', '0', '5'])
  t.equal(rounded('14', 10), '10')
  t.same(roundedFigure(figure({ value: '12', numerator: '8', denominator: '98', lower_95: '6', upper_95: '20', printed: '12', note: 'a dozen', qualifiers: 'p', bound: 'at_least' }), counts, 5),
    figure({ value: '10', numerator: '10', denominator: '100', qualifiers: 'p', bound: 'at_least' }))
  t.same(roundedFigure(figure({ missing: 'tbc' }), counts, 5), figure({ missing: 'tbc' }))
})

await t.test('a share is worked out from its rounded parts', async t => {
  const share = (fields: Partial<Figure>, nature = percent) => roundedFigure(figure(fields), nature, 5)
  t.same(share({ value: '25.3', numerator: '23', denominator: '91', note: 'x' }), figure({ value: '27.8', numerator: '25', denominator: '90' }))
  t.same(share({ value: '25.3', denominator: '91' }), figure({ value: '27.8', denominator: '90' }))
  t.equal(share({ value: '25.3', numerator: '23', denominator: '91' }, { ...percent, decimals: null }).value, '27.8', 'to one decimal where the measure has none')
  t.equal(share({ value: '25.3', numerator: '23', denominator: '91' }, { ...percent, decimals: 0 }).value, '28')
  t.equal(share({ value: '252.7', numerator: '23', denominator: '91' }, { isCount: false, per: 1000, decimals: 2 }).value, '277.78')
  t.same(share({ numerator: '23', denominator: '91' }), figure({ numerator: '25', denominator: '90' }), 'and only where there is one')
  t.same(share({ value: '25.3', numerator: '23', denominator: '91' }, { ...percent, per: null }), figure({ numerator: '25', denominator: '90' }))
  t.same(share({ value: '25.3', numerator: '23' }), hidden)
  t.same(share({ value: '25.3', denominator: '91' }, { ...percent, per: null }), hidden)
  t.same(share({ value: '25.3', printed: '25.3 %', lower_95: '20' }), figure({ value: '25.3' }))
  t.same(share({ value: '100', numerator: '2', denominator: '2' }), hidden, 'nothing is divided by nothing')
})

const frame = { dimensions: [], uncovered: new Set<string>() }
const place = { area: 'city', wholes: [], exempt: false, part: '', from: '2015-04-01', to: '2016-04-01', period: 'FY2015', statistic: 'level' }
const published = (base: number | null, ...rows: Array<Partial<Placed>>) =>
  publishedOf(rows.map(row => ({ ...place, figure: figure({ value: '20', printed: '20', note: 'twenty' }), ...row })), counts, { ...rule, base }, frame)

await t.test('small counts are hidden and the others rounded, but those of nations', async t => {
  const [small, large] = [figure({ value: '3' }), figure({ value: '12', note: 'a dozen' })]
  t.same(published(5, { figure: small }), [hidden])
  t.same(published(5, { figure: large }), [figure({ value: '10' })])
  t.same(published(5, { figure: small, exempt: true }, { figure: large, exempt: true, area: 'england' }), [small, large])
  t.same(published(null, { figure: large }), [large], 'without a base what is shown is exact')
  t.same(published(null, { figure: small, exempt: true }), [small])
})

await t.test('with rounding nothing is hidden for what it tells of others', async t => {
  const parts = ['20', '17', '3'].map((value, i) => ({ part: ['', 'sex=f', 'sex=m'][i]!, figure: figure({ value }) }))
  t.same(published(5, ...parts).map(({ value }) => value), ['20', '15', null])
  t.same(published(null, ...parts).map(({ value }) => value), ['20', null, null])
})

await t.test('gaps and changes are never published, a rank not beside a hidden figure', async t => {
  const [rank, level] = [figure({ value: '2', rank_of: 8, note: 'second' }), { figure: figure({ value: '3' }) }]
  for (const base of [5, null]) {
    for (const statistic of ['gap', 'change', 'percent_change']) t.same(published(base, {}, { statistic })[1], hidden, statistic)
    t.same(published(base, { statistic: 'rank', figure: rank }, level), [hidden, hidden])
    t.equal(published(base, { statistic: 'rank', figure: rank }, {})[0]!.value, '2', 'beside a figure that is shown')
    t.same(published(base, { statistic: 'rank', figure: rank, area: 'east' }, level)[0], base === null ? rank : { ...rank, note: null }, 'another area')
    t.equal(published(base, { statistic: 'rank', figure: rank, period: 'FY2016' }, level)[0]!.value, '2', 'another period')
    t.equal(published(base, { statistic: 'rank', figure: rank, part: 'sex=f' }, level)[0]!.value, '2', 'another part')
    t.same(published(base, { statistic: 'rank', figure: rank, exempt: true })[0], rank)
  }
})
