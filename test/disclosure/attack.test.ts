// What the attack on published figures is made of: pieces that figures are sums of, running sums in time, and elimination.
import fc from 'fast-check'
import t from 'tap'
import { tellsSmall } from '../../src/statistics/disclosure/audit.js'
import type { Cell } from '../../src/statistics/disclosure/cell.js'
import { blocksOf, piecesOf, restOf, type Pieces } from '../../src/statistics/disclosure/pieces.js'
import { RunningSum } from '../../src/statistics/disclosure/time.js'

const rule = { from: 1, to: 7, base: null }
const cell = (fields: Partial<Cell>): Cell =>
  ({ area: 'city', wholes: [], exempt: false, part: '', from: '1', to: '2', period: 'p', count: 20, small: false, hidden: false, ...fields })

await t.test('a running sum knows what lies between two days that figures join', async t => {
  const sums = new RunningSum([{ from: 'a', to: 'd', count: 40 }, { from: 'c', to: 'd', count: 10 }, { from: 'x', to: 'y', count: 9 }])
  t.equal(sums.between('a', 'd'), 40)
  t.equal(sums.between('a', 'c'), 30)
  t.equal(sums.between('c', 'a'), -30)
  t.equal(sums.between('a', 'y'), null, 'nothing joins them')
  t.equal(sums.between('a', 'z'), null)
  t.equal(sums.between('z', 'a'), null)
  t.ok(sums.some(sum => sum === 30))
  t.ok(sums.some(sum => sum === 9))
  t.notOk(sums.some(sum => sum === 0 || sum < 0), 'no stretch is empty or backward')
})

await t.test('whatever spans are known of one series, all that is said between their days is so', async t => {
  const counts = fc.array(fc.nat(20), { minLength: 8, maxLength: 8 })
  const spans = fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 8 })).filter(([a, b]) => a < b))
  let told = 0
  fc.assert(fc.property(counts, spans, (counts, spans) => {
    const between = (a: number, b: number) => counts.slice(a, b).reduce((sum, count) => sum + count, 0)
    const sums = new RunningSum(spans.map(([a, b]) => ({ from: String(a), to: String(b), count: between(a, b) })))
    for (const [a] of spans) {
      for (const [, b] of spans) {
        const found = sums.between(String(a), String(b))
        if (found !== null) told++
        if (found !== null && found !== (a <= b ? between(a, b) : -between(b, a))) return false
      }
    }
    return spans.every(([a, b]) => sums.between(String(a), String(b)) === between(a, b))
  }))
  t.ok(told > 1000, `${told} sums told`)
})

const frame = { dimensions: [{ code: 'sex', values: [{ code: 'f' }, { code: 'm' }] }, { code: 'age', values: [{ code: 'old' }] }], uncovered: new Set<string>() }
const inside = new Map([['city', ['east', 'west']], ['east', ['mill', 'park']]])

await t.test('a figure is the sum of areas, parts and stretches of time that are parted no further', async t => {
  const cells = [cell({ from: '1', to: '4' }), cell({ from: '2', to: '3', area: 'east', part: 'sex=f' }), cell({ from: null, to: null, period: 'undated' })]
  const pieces = piecesOf(cells, inside, frame)
  const named = (fields: Partial<Cell>) => pieces.of(cell(fields)).map(name => name.replaceAll('\n', ' ')).sort()
  t.same(pieces.days, ['1', '2', '3', '4'])
  t.same(named({ area: 'mill', part: 'sex=f', from: '1', to: '4' }), ['mill ;sex=f 1', 'mill ;sex=f 2', 'mill ;sex=f 3'])
  t.same(named({ area: 'east', part: 'sex=m', from: '2', to: '3' }), ['mill ;sex=m 2', 'park ;sex=m 2'])
  t.same(named({ from: '3', to: '4' }), ['mill', 'park', 'west'].flatMap(area => ['f', 'm'].map(sex => `${area} ;sex=${sex} 3`)))
  t.same(named({ area: 'west', part: 'sex=f', from: null, to: null, period: 'undated' }), ['west ;sex=f undated'])
  t.same(pieces.around('sex=f'), ['', 'sex=f', 'sex=m'])
  t.same(pieces.around(''), [''])
})

await t.test('a dimension counts where a figure is broken down by it, with values that only a figure has', async t => {
  const pieces = piecesOf([cell({ part: 'age=new;sex=f' })], new Map(), frame)
  t.same(pieces.of(cell({})).length, 4)
  t.same(pieces.of(cell({ part: 'sex=f' })).length, 2)
  t.same(pieces.around('age=new;sex=f').sort(), ['', 'age=new', 'age=new;sex=f', 'age=new;sex=m', 'age=old', 'age=old;sex=f', 'sex=f', 'sex=m'])
  t.same(piecesOf([cell({ part: 'other=x' })], new Map(), frame).of(cell({})).length, 1)
})

await t.test('areas that name each other as a part end the search, and one that lies in two ways counts once', async t => {
  const names = (inside: Map<string, string[]>) => piecesOf([cell({})], inside, frame).of(cell({})).map(name => name.split('\n')[0])
  t.same(names(new Map([['city', ['east']], ['east', ['city', 'mill']]])), ['mill'])
  t.same(names(new Map([['city', ['east', 'group']], ['east', ['mill']], ['group', ['mill']]])), ['mill'])
  t.same(names(new Map([['city', ['east', restOf('city')]]])), ['east', restOf('city')])
})

await t.test('figures belong together that share a piece, be it through others', async t => {
  const cells = [
    cell({ from: '1', to: '3' }), cell({ from: '5', to: '6' }), cell({ from: '2', to: '4' }), cell({ from: '4', to: '5', area: 'elsewhere' }), cell({ from: '3', to: '4', area: 'west' }), cell({ from: '5', to: '6', area: 'mill' })
  ]
  const blocks = blocksOf(cells, piecesOf(cells, inside, frame))
  t.same(blocks.map(block => block.map(one => cells.indexOf(one))), [[0, 2, 4], [1, 5], [3]])
})

/** Cells by the pieces that they are the sums of; areas name them. */
function tells (figures: Record<string, number | null>, more: { sought?: string[], hide?: string[] } = {}): boolean | null {
  const cells = Object.entries(figures).map(([area, count]) => cell({ area, count, hidden: more.hide?.includes(area) ?? false }))
  const pieces: Pieces = { of: ({ area }) => [...area], days: ['1', '2'], inside: new Map([[Object.keys(figures)[0]!, more.sought ?? []]]), around: part => [part] }
  return tellsSmall(cells, pieces, rule)
}

await t.test('elimination finds every sum that follows, and no other', async t => {
  t.equal(tells({ abc: 30, ab: 25, b: 5 }, { hide: ['b'] }), false)
  t.equal(tells({ abc: 30, ab: 25 }, { sought: ['c'] }), true)
  t.equal(tells({ abc: 33, ab: 25 }, { sought: ['c'] }), false)
  t.equal(tells({ abc: 30, ab: 25 }, { sought: ['a', 'b'] }), false)
  t.equal(tells({ abc: 30, ab: 25, c: 5 }, { hide: ['c'] }), true, 'a hidden one that follows')
  t.equal(tells({ ab: 20, bc: 20, ac: 14 }, { sought: ['c'] }), true, 'seven: half of what the three leave')
  t.equal(tells({ ab: 20, bc: 20, ac: 16 }, { sought: ['c'] }), false)
  t.equal(tells({ ab: 20, cd: 20, ac: 36 }, { sought: ['bd'] }), true)
  t.equal(tells({ ab: 20, cd: 20, ac: 36 }, { sought: ['b', 'd'] }), false)
  t.equal(tells({ ab: 20, abb: 20, c: null }, { sought: ['c'] }), false, 'what is not counted tells nothing')
  t.equal(tells({ ac: 20, ab: null, bc: 10 }, { sought: ['a'] }), false)
  t.equal(tells({ ab: 20, c: 4 }), true, 'what is shown and small')
})

await t.test('stretches of time are sought between the days of the figures, and undated ones by their names', async t => {
  const pieces = (cells: Cell[]) => piecesOf(cells, new Map(), frame)
  const told = (...cells: Cell[]) => tellsSmall(cells, pieces(cells), rule)
  t.equal(told(cell({ from: '1', to: '4', count: 30 }), cell({ from: '1', to: '2', count: 12 }), cell({ from: '3', to: '4', count: 12 })), true, 'six between')
  t.equal(told(cell({ from: '1', to: '4', count: 30 }), cell({ from: '1', to: '2', count: 10 }), cell({ from: '3', to: '4', count: 10 })), false)
  t.equal(told(cell({ from: null, to: null, period: 'undated', count: 4 })), true)
  t.equal(told(cell({ from: null, to: null, period: 'undated' }), cell({ from: null, to: null, period: 'undated', part: 'sex=f', count: 17 })), true, 'the boys')
  t.equal(told(cell({}), cell({ part: 'sex=f', count: 12 })), false, 'eight boys')
  const other = [cell({ from: '1', to: '4', count: 30 }), cell({ from: '1', to: '2', area: 'west', count: 8 })]
  t.equal(tellsSmall(other.slice(0, 1), pieces(other), rule), false)
})

await t.test('where it is too much to tell nothing is said', async t => {
  const many = (count: number, each = 1) => Array.from({ length: count }, (_, i) => cell({ area: `${i}`, count: 10, period: `${each}` }))
  const pieces = (more: Partial<Pieces> = {}): Pieces => ({ of: ({ area }) => [area], days: ['1', '2'], inside: new Map(), around: part => [part], ...more })
  t.equal(tellsSmall(many(250), pieces(), rule), false)
  t.equal(tellsSmall(many(251), pieces(), rule), null)
  t.equal(tellsSmall([...many(250), cell({ area: 'hidden', hidden: true })], pieces(), rule), false, 'hidden ones do not count')
  const wide = (count: number) => pieces({ of: () => Array.from({ length: count }, (_, i) => String(i)) })
  t.equal(tellsSmall(many(1), wide(1500), rule), false)
  t.equal(tellsSmall(many(1), wide(1501), rule), null)
  const sought = (count: number) => pieces({ days: ['0', '1', '2', '3', '4'], around: () => Array.from({ length: count }, (_, i) => String(i)) })
  t.equal(tellsSmall(many(1), sought(3000), rule), false)
  t.equal(tellsSmall(many(1), sought(3001), rule), null)
  const threeStretches = [...many(1), cell({ area: '0', from: '1', to: '3' })]
  t.equal(tellsSmall(threeStretches, sought(1000), rule), false)
  t.equal(tellsSmall(threeStretches, sought(1001), rule), null, 'each in each stretch')
})
