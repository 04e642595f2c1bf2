// From everything that is published of a measure without rounding, no small count can be worked out: the attacker adds and
// subtracts totals, breakdowns, areas and periods, and knows how the service nests them.
import fc from 'fast-check'
import t from 'tap'
import { hidden, isSmall, roundedFigure, type Figure } from '../../src/statistics/disclosure/figure.js'
import { publishedOf, type Placed } from '../../src/statistics/disclosure/publish.js'
import { pinned, type Equation } from './solver.js'

const rule = { from: 1, to: 7, base: null }
const dimensions = [{ code: 'sex', values: [{ code: 'f' }, { code: 'm' }] }]
const nature = { isCount: true, per: null, decimals: null }
const blank: Figure = { ...hidden, missing: null }

const wards = ['east', 'west', 'north']
const sexes = ['f', 'm']
const quarters = [['2015-04-01', '2015-07-01'], ['2015-07-01', '2015-10-01'], ['2015-10-01', '2016-01-01'], ['2016-01-01', '2016-04-01']] as const

/** The smallest pieces of which all others are sums. */
const atoms = wards.flatMap(ward => sexes.flatMap(sex => quarters.map((_, q) => `${ward} ${sex} ${q}`)))

interface Kind { areas: string[], sexes: string[], quarters: number[], placed: Omit<Placed, 'figure'> }

/** Every figure that somebody might store: wards and the city, each sex and both, quarters, running totals, halves, the year. */
const spans = [[0], [1], [2], [3], [0, 1], [0, 1, 2], [2, 3], [0, 1, 2, 3]]
const kinds: Kind[] = [...wards, 'city'].flatMap(area => [...sexes, ''].flatMap(sex => spans.map((span): Kind => ({
  areas: area === 'city' ? wards : [area],
  sexes: sex === '' ? sexes : [sex],
  quarters: span,
  placed: {
    area,
    wholes: area === 'city' ? [] : ['city'],
    exempt: false,
    part: sex === '' ? '' : `sex=${sex}`,
    from: quarters[span[0]!]![0],
    to: quarters[span.at(-1)!]![1],
    period: span.join(','),
    statistic: 'level'
  }
}))))

const piecesOf = ({ areas, sexes, quarters }: Kind) => areas.flatMap(area => sexes.flatMap(sex => quarters.map(q => `${area} ${sex} ${q}`)))

/** Small counts are what this is about, so they are frequent. */
const each = { minLength: atoms.length, maxLength: atoms.length }
const counts = fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 8, max: 60 })), each)
const stored = fc.uniqueArray(fc.nat({ max: kinds.length - 1 }), { minLength: 3, maxLength: kinds.length })

interface World { kinds: Kind[], values: number[], published: Figure[] }

function publish (numbers: number[], picked: number[]): World {
  const value = new Map(atoms.map((atom, i) => [atom, numbers[i]!]))
  const some = picked.map(i => kinds[i]!)
  const values = some.map(kind => piecesOf(kind).reduce((sum, atom) => sum + value.get(atom)!, 0))
  const uncovered = new Set(wards.every(ward => some.some(({ placed }) => placed.area === ward)) ? [] : ['city'])
  const placed = some.map((kind, i): Placed => ({ ...kind.placed, figure: { ...blank, value: String(values[i]) } }))
  return { kinds: some, values, published: publishedOf(placed, nature, rule, { dimensions, uncovered }) }
}

/** What the attacker writes down: each published figure is the sum of its pieces. */
const equationsOf = ({ kinds, published }: World): Equation[] => published.flatMap(({ value }, i) => value === null
  ? []
  : [{ of: new Map(piecesOf(kinds[i]!).map(atom => [atom, 1])), sum: Number(value) }])

const told = ({ kinds, values, published }: World) =>
  JSON.stringify(kinds.map(({ placed: { area, part, period } }, i) => [area, part, period, values[i], published[i]!.value]))

/** Whether a sum of pieces follows from the equations: then a fresh unknown that stands for it is pinned. */
function follows (equations: Equation[], pieces: string[]): number | undefined {
  const unknown: Equation = { of: new Map([...pieces.map((atom): [string, number] => [atom, 1]), ['sought', -1]]), sum: 0 }
  return pinned([...equations, unknown]).get('sought')
}

await t.test('without rounding', async t => {
  await t.test('no small figure follows from what is published, be it held or not', async t => {
    let unseen = 0
    let shown = 0
    fc.assert(fc.property(counts, stored, (numbers, picked) => {
      const world = publish(numbers, picked)
      const equations = equationsOf(world)
      for (const [i, kind] of world.kinds.entries()) {
        if (world.published[i]!.value !== null) {
          shown++
          if (isSmall(rule, world.values[i]!)) throw new Error(`${JSON.stringify(kind.placed)} is shown`)
        } else unseen++
      }
      for (const kind of kinds) {
        const found = follows(equations, piecesOf(kind))
        if (found !== undefined && isSmall(rule, Math.round(found))) throw new Error(`${JSON.stringify(kind.placed)} is ${found}: ${told(world)}`)
      }
    }), { numRuns: 1000 })
    t.ok(unseen > 1000 && shown > 1000, `${unseen} hidden, ${shown} shown`)
  })

  await t.test('nothing is hidden where nothing is small', async t => {
    const large = fc.array(fc.integer({ min: 8, max: 60 }), each)
    const allShown = (world: World) => world.published.every(({ value }) => value !== null)
    t.doesNotThrow(() => fc.assert(fc.property(large, stored, (numbers, picked) => allShown(publish(numbers, picked))), { numRuns: 50 }))
  })

  await t.test('and the attack finds what is hidden alone', async t => {
    const whole = kinds.findIndex(({ placed }) => placed.area === 'east' && placed.part === '' && placed.period === '0')
    const equations = equationsOf({ kinds: [kinds[whole]!, kinds[whole - 16]!], values: [20, 17], published: [{ ...blank, value: '20' }, { ...blank, value: '17' }] })
    t.equal(follows(equations, ['east m 0']), 3)
  })
})

await t.test('with rounding every number is rounded on its own, and a share from its parts', async t => {
  const share = { isCount: false, per: 100, decimals: 1 }
  const one = (fields: Partial<Figure>) => roundedFigure({ ...blank, ...fields }, share, 5)
  t.match(one({ value: '25.3', numerator: '23', denominator: '91' }), { value: '27.8', numerator: '25', denominator: '90' })
  t.match(one({ value: '25.3', denominator: '91' }), { value: '27.8', numerator: null, denominator: '90' }, 'the numerator is worked out')
  t.match(one({ value: '25.3', numerator: '23' }), { value: null, missing: 'suppressed', numerator: null }, 'half of the parts and the exact share would tell the other half')
  t.match(one({ value: '25.3' }), { value: '25.3' })
  t.match(one({ value: '100', numerator: '2', denominator: '2' }), { missing: 'suppressed' }, 'nothing is divided by nothing')
})
