// What is hidden with a hidden figure, so that it cannot be had by adding and subtracting: the cases of docs/disclosure.md.
import t from 'tap'
import { hidden } from '../../src/statistics/disclosure/figure.js'
import { publishedOf } from '../../src/statistics/disclosure/publish.js'
import { plusDays } from '../../src/periods/calendar.js'
import { periodOf } from '../../src/periods/period.js'

interface Options { uncovered?: string[], exempt?: string[], dimensions?: Array<{ code: string, values: Array<{ code: string }> }> }

const sexes = [{ code: 'sex', values: [{ code: 'f' }, { code: 'm' }] }]

/** 'east m FY2015' is a part of an area in a period; all areas lie in the city. 'c' is hidden: at its source, or in the answer; 'tbc' is still to come. */
function published (figures: Record<string, number | 'c' | 'tbc'>, { uncovered = [], exempt = [], dimensions = sexes }: Options = {}) {
  const placed = Object.entries(figures).map(([name, count]) => {
    const [area = '', ...rest] = name.split(' ')
    const code = rest.at(-1)!
    const { start, end } = periodOf(code)!
    return {
      area,
      wholes: area === 'city' ? [] : ['city'],
      exempt: exempt.includes(area),
      part: rest.slice(0, -1).map(one => one.includes('=') ? one : `sex=${one}`).join(';'),
      from: start,
      to: end === null ? null : plusDays(end, 1),
      period: code,
      statistic: 'level',
      figure: { ...hidden, missing: count === 'c' ? 'suppressed' : count === 'tbc' ? count : null, value: typeof count === 'string' ? null : String(count) }
    }
  })
  const frame = { dimensions, uncovered: new Set(uncovered) }
  const found = publishedOf(placed, { isCount: true, per: null, decimals: null }, { from: 1, to: 7, base: null }, frame)
  return found.map(({ value, missing }) => missing === 'suppressed' ? 'c' : missing ?? Number(value)).join(' ')
}

await t.test('a breakdown with a hidden part is published as its total only', async t => {
  t.equal(published({ 'city FY2015': 20, 'city f FY2015': 17, 'city m FY2015': 3 }), '20 c c')
  t.equal(published({ 'city f FY2015': 17, 'city m FY2015': 3 }), 'c c', 'be the total held or not')
  t.equal(published({ 'city FY2015': 30, 'city f FY2015': 17, 'city m FY2015': 13 }), '30 17 13')
  t.equal(published({ 'city FY2015': 30, 'city f FY2015': 17, 'city m FY2015': 'c' }), '30 c c')
  t.equal(published({ 'city FY2015': 20, 'city f FY2015': 17, 'city m FY2015': 3, 'city f FY2016': 30, 'city m FY2016': 40 }), '20 c c 30 40', 'of that period')
  t.equal(published({ 'east f FY2015': 17, 'east m FY2015': 3, 'west f FY2015': 9 }), 'c c 9', 'and of that area')
})

await t.test('a hidden total hides its parts, and so does a small rest of one', async t => {
  t.equal(published({ 'city FY2015': 'c', 'city f FY2015': 17, 'city m FY2015': 23 }), 'c c c')
  t.equal(published({ 'city FY2015': 20, 'city f FY2015': 17 }), '20 c', 'three are left')
  t.equal(published({ 'city FY2015': 24, 'city f FY2015': 17 }), '24 c')
  t.equal(published({ 'city FY2015': 25, 'city f FY2015': 17 }), '25 17')
  t.equal(published({ 'city FY2015': 17, 'city f FY2015': 17 }), '17 17', 'nobody is left')
})

await t.test('of two dimensions each family is closed', async t => {
  const dimensions = [...sexes, { code: 'age', values: [{ code: 'old' }, { code: 'young' }] }]
  const table = {
    'city FY2015': 100,
    'city f FY2015': 50,
    'city m FY2015': 50,
    'city age=old FY2015': 40,
    'city age=young FY2015': 60,
    'city age=old f FY2015': 37,
    'city age=old m FY2015': 3,
    'city age=young f FY2015': 13,
    'city age=young m FY2015': 47
  }
  t.equal(published(table, { dimensions }), '100 50 50 40 60 c c c c')
  t.equal(published({ 'city FY2015': 100, 'city f FY2015': 50, 'city m FY2015': 50, 'city age=old FY2015': 97, 'city age=young FY2015': 3 }, { dimensions }), '100 50 50 c c')
})

await t.test('areas that make up another one are hidden like parts', async t => {
  t.equal(published({ 'city FY2015': 33, 'east FY2015': 30, 'west FY2015': 3 }), '33 c c')
  t.equal(published({ 'city FY2015': 'c', 'east FY2015': 30, 'west FY2015': 40 }), 'c c c')
  t.equal(published({ 'city FY2015': 70, 'east FY2015': 30, 'west FY2015': 40 }), '70 30 40')
  t.equal(published({ 'city FY2015': 36, 'east FY2015': 30 }, { uncovered: ['city'] }), '36 c', 'six are left for all that have none')
  t.equal(published({ 'city FY2015': 39, 'east FY2015': 30 }, { uncovered: ['city'] }), '39 30')
  t.equal(published({ 'city FY2015': 50, 'east FY2015': 30, 'west FY2015': 3 }, { uncovered: ['city'] }), '50 30 c', 'as long as others may hold the rest')
  t.equal(published({ 'city FY2015': 50, 'east FY2015': 30, 'west FY2015': 10, 'east FY2016': 30, 'west FY2016': 3 }), '50 30 10 30 c', 'without a total nothing is told')
})

await t.test('but not where the whole is no sum of them', async t => {
  t.equal(published({ 'city FY2015': 30, 'east FY2015': 40, 'west FY2015': 3 }), '30 40 c', 'as an average, it is less')
  t.equal(published({ 'city FY2015': 500, 'east FY2015': 30, 'west FY2015': 3 }), '500 30 c', 'it is clearly more')
  t.equal(published({ 'city FY2015': 37, 'east FY2015': 30, 'west FY2015': 3 }), '37 c c', 'it may be no more than what is hidden')
  t.equal(published({ 'city FY2015': 45, 'east FY2015': 31, 'west FY2015': 3, 'north FY2015': 4 }), '45 c c c', 'of two hidden ones there may be fourteen')
  t.equal(published({ 'city FY2015': 46, 'east FY2015': 31, 'west FY2015': 3, 'north FY2015': 4 }), '46 31 c c')
  t.equal(published({ 'city FY2015': 500, 'east FY2015': 30, 'west FY2015': 'c' }), '500 30 c', 'one that its source hid is taken for small')
  t.equal(published({ 'city FY2016': 41, 'east FY2016': 31, 'west FY2016': 3, 'north FY2016': 4 }), '41 c c c')
  t.equal(published({ 'city f FY2015': 30, 'east f FY2015': 40, 'city FY2016': 41, 'east FY2016': 31, 'west FY2016': 3, 'north FY2016': 4 }), '30 40 41 31 c c', 'nor then elsewhere')
})

await t.test('of periods those inside others are hidden where something small could be had by subtracting', async t => {
  t.equal(published({ 'city FY2015-Q1': 11, 'city FY2015-Q2': 12, 'city FY2015-Q3': 3, 'city FY2015-Q4': 14, 'city FY2015': 40 }), 'c c c c 40')
  t.equal(published({ 'city FY2015-Q1..Q2': 20, 'city FY2015-Q1..Q3': 23, 'city FY2015': 60 }), 'c c 60')
  t.equal(published({ 'city FY2015-Q1..Q2': 20, 'city FY2015-Q1..Q3': 28, 'city FY2015': 60 }), '20 28 60')
  t.equal(published({ 'city FY2015-Q1': 20, 'city FY2015': 24 }), 'c 24', 'what is not held as well')
  t.equal(published({ 'city FY2015-Q1': 20, 'city FY2015-Q2': 3, 'city FY2016-Q1': 30 }), '20 c 30', 'but not where nothing tells it')
  t.equal(published({ 'city FY2015': 'c', 'city FY2015-H1': 20, 'city FY2015-H2': 20 }), 'c c c', 'halves tell their year')
  t.equal(published({ 'city CY2015': 20, 'city R12-2015-12': 3 }), 'c c', 'two names of the same days are one figure')
  t.equal(published({ 'city undated': 20, 'city undated-b': 3 }), '20 c')
  t.equal(published({ 'east FY2015-Q1': 20, 'east FY2015': 24, 'west FY2015-Q1': 9, 'west FY2015': 20 }), 'c 24 9 20', 'in that area')
})

await t.test('what is still to come tells nothing, and is not hidden', async t => {
  t.equal(published({ 'city FY2015': 'tbc', 'east FY2015': 30, 'west FY2015': 3 }), 'tbc 30 c')
  t.equal(published({ 'city FY2015': 33, 'east FY2015': 'tbc', 'west FY2015': 30 }), '33 tbc c')
  t.equal(published({ 'city FY2015': 33, 'city f FY2015': 'tbc', 'city m FY2015': 30 }), '33 tbc c')
})

await t.test('only what tells something is hidden: other figures of the same whole stay', async t => {
  t.equal(published({ 'city FY2015': 24, 'city FY2015-Q1': 20, 'city f FY2015': 12 }), '24 c 12')
  t.equal(published({ 'city FY2015': 20, 'city FY2015-Q1': 10, 'city f FY2015': 17 }), '20 10 c')
  t.equal(published({ 'city FY2015': 36, 'city FY2015-Q1': 15, 'east FY2015': 30 }, { uncovered: ['city'] }), '36 15 c')
  t.equal(published({ 'city FY2015': 33, 'city FY2015-Q1': 12, 'east FY2015': 30, 'west FY2015': 3, 'east FY2015-H1': 15, 'east FY2015-H2': 15 }), '33 12 c c c c',
    'the halves of the east tell its year, which is hidden only after them')
})

await t.test('what is hidden is measured by what is shown, never by its own size', async t => {
  t.equal(published({ 'city FY2015': 30, 'east FY2015': 30, 'west FY2015': 3 }), '30 c c', 'that these are more than the whole would tell of the west')
  t.equal(published({ 'city f FY2015': 47, 'east f FY2015': 17, 'east m FY2015': 3, 'west f FY2015': 30 }), '47 c c c', 'how large the girls of the east are is not known')
})

await t.test('a nation is shown whatever it tells', async t => {
  t.equal(published({ 'city FY2015': 20, 'city f FY2015': 17, 'city m FY2015': 3 }, { exempt: ['city'] }), '20 17 3')
  t.equal(published({ 'city FY2015-Q1': 20, 'city FY2015': 24 }, { exempt: ['city'] }), '20 24')
})

await t.test('at last all is put to an attacker who adds and subtracts areas, parts and periods', async t => {
  // Boys of the west: those of the city less those of the east, who are all of the east less its girls.
  t.equal(published({ 'city m FY2015': 34, 'east FY2015': 60, 'east f FY2015': 30, 'west f FY2015': 45 }), '34 60 c 45')
  t.equal(published({ 'city m FY2015': 39, 'east FY2015': 60, 'east f FY2015': 30, 'west f FY2015': 45 }), '39 60 30 45')
  // None of these is inside another, and yet the east is what the city has more than the west.
  t.equal(published({ 'city f FY2015': 20, 'city m FY2015': 20, 'west FY2015': 36, 'east FY2014': 50 }), 'c c c 50')
  t.equal(published({ 'city f FY2015': 20, 'city m FY2015': 20, 'west FY2015': 30, 'east FY2014': 50 }), '20 20 30 50')
  // The girls of the first half, of whom no figure is held.
  t.equal(published({ 'city FY2015': 60, 'city FY2015-H2': 30, 'city m FY2015-H1': 25 }), '60 c c')
})

await t.test('where there is too much for that only totals stay, as soon as anything is hidden', async t => {
  const wards = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`ward-${i} FY2015`, 10]))
  const parts = (small: number) => ({ 'ward-0 f FY2015': 10 - small, 'ward-0 m FY2015': small })
  const shown = (text: string) => text.split(' ').filter(one => one !== 'c')
  t.same(shown(published({ 'city FY2015': 2000, ...wards(200) })), ['2000', ...Array(200).fill('10')])
  t.same(shown(published({ 'city FY2015': 2600, ...wards(260) })).length, 261, 'nothing is hidden')
  t.same(shown(published({ 'city FY2015': 2000, ...wards(200), ...parts(1) })).length, 201)
  t.same(shown(published({ 'city FY2015': 2600, ...wards(260), ...parts(1) })), ['2600'])
})
