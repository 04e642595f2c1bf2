// Colours by rule: what councils print, and never a better colour for a worse figure.
import fc from 'fast-check'
import t from 'tap'
import { boundMissed, boundOf, colourBy, defaultRule, meets, ragForms, sharedGoal, type Goal, type Inputs, type RagRule } from '../../src/statistics/rag.js'

const atLeast = (lower: number): Goal => ({ lower, upper: null, strict: false })
const atMost = (upper: number): Goal => ({ lower: null, upper, strict: false })
const verdictOf = (rule: Omit<RagRule, 'version'>, inputs: Partial<Inputs>) =>
  colourBy({ version: 1, ...rule }, { value: 0, polarity: 'higher_is_better', goal: null, met: null, floor: null, previous: null, ...inputs })
const judge = (rule: Omit<RagRule, 'version'>, inputs: Partial<Inputs>) => {
  const verdict = verdictOf(rule, inputs)
  return 'colour' in verdict ? verdict.colour : `no ${verdict.lacking}`
}

await t.test('tolerance: amber within so many per cent or points of the target, on its wrong side', t => {
  const percent = (value: number, goal: Goal) => judge({ kind: 'tolerance', amber: 5, unit: 'percent' }, { value, goal })
  t.same([80, 79.9, 76, 75.99].map(value => percent(value, atLeast(80))), ['green', 'amber', 'amber', 'red'])
  t.same([8, 8.4, 8.41].map(value => percent(value, atMost(8))), ['green', 'amber', 'red'])
  const points = (value: number) => judge({ kind: 'tolerance', amber: 0.3, unit: 'points' }, { value, goal: atMost(0.1) })
  t.same([0.1, 0.4, 0.41].map(points), ['green', 'amber', 'red'], 'as people reckon, not as binary fractions do')
  t.equal(judge({ kind: 'tolerance', amber: 5, unit: 'percent' }, { value: 50, goal: { lower: 40, upper: 60, strict: false } }), 'green')
  t.equal(judge({ kind: 'tolerance', amber: 5, unit: 'percent' }, { value: 62, goal: { lower: 40, upper: 60, strict: false } }), 'amber')
  t.equal(judge({ kind: 'tolerance', amber: 0, unit: 'points' }, { value: 5, goal: { lower: 5, upper: null, strict: true } }), 'red', 'above is not at least')
  t.equal(judge({ kind: 'tolerance', amber: 5, unit: 'percent' }, { met: false }), 'red', 'a direction has no distance')
  t.equal(judge({ kind: 'tolerance', amber: 5, unit: 'percent' }, {}), 'no target')
  t.end()
})

await t.test('thresholds, band, floor and previous', t => {
  const thresholds = { kind: 'thresholds', green: 10, amber: 12 } as const
  t.same([9, 10, 10.1, 12, 12.1].map(value => judge(thresholds, { value, polarity: 'lower_is_better' })), ['green', 'green', 'amber', 'amber', 'red'])
  t.same([90, 85, 84].map(value => judge({ kind: 'thresholds', green: 90, amber: 85 }, { value })), ['green', 'amber', 'red'])
  const band = { kind: 'band', green_lower: 20, green_upper: 30, amber_lower: 15, amber_upper: 35 } as const
  t.same([14, 15, 20, 30, 35, 36].map(value => judge(band, { value, polarity: 'in_range' })), ['red', 'amber', 'green', 'green', 'amber', 'red'])
  t.same([80, 70, 69].map(value => judge({ kind: 'floor', floor: 70 }, { value, goal: atLeast(80) })), ['green', 'amber', 'red'])
  t.same([70, 69].map(value => judge({ kind: 'floor' }, { value, goal: atLeast(80), floor: 70 })), ['amber', 'red'], "or by the plan's floor")
  t.equal(judge({ kind: 'floor' }, { value: 70, goal: atLeast(80) }), 'no floor')
  t.equal(judge({ kind: 'floor' }, { value: 90, goal: atLeast(80) }), 'green', 'which is not asked for where the target is met')
  const previous = (value: number) => judge({ kind: 'previous' }, { value, goal: atMost(8), polarity: 'lower_is_better', previous: 14.2 })
  t.same([8, 12.8, 14.2, 15].map(previous), ['green', 'amber', 'red', 'red'])
  t.equal(judge({ kind: 'previous' }, { value: 70, goal: atLeast(80) }), 'no previous')
  t.end()
})

await t.test('without a target there is no colour, but where a rule needs none', t => {
  for (const kind of ['tolerance', 'floor', 'previous', 'profile'] as const) t.equal(judge({ kind, amber: 5, unit: 'points', floor: 0 }, { previous: 1 }), 'no target', kind)
  for (const kind of ['floor', 'previous'] as const) t.equal(judge({ kind, floor: 0 }, { met: true }), 'green', 'a direction is met or not')
  t.equal(judge({ kind: 'previous' }, { value: 5, previous: 4, polarity: 'in_range', goal: { lower: 6, upper: 9, strict: false } }), 'no previous', 'within a range better is neither up nor down')
  t.end()
})

await t.test('a verdict names the bound that decided', t => {
  const by = (rule: Omit<RagRule, 'version'>, inputs: Partial<Inputs>) => (verdictOf(rule, inputs) as { by: number | null }).by
  const band = { kind: 'band', green_lower: 20, green_upper: 30, amber_lower: 15, amber_upper: 35 } as const
  t.same([10, 15, 19, 20, 30, 31, 35, 40].map(value => by(band, { value, polarity: 'in_range' })), [15, 20, 20, null, null, 30, 30, 35])
  t.same([90, 85, 84].map(value => by({ kind: 'thresholds', green: 90, amber: 85 }, { value })), [90, 85, 85])
  t.same([80, 79].map(value => by({ kind: 'tolerance', amber: 5, unit: 'points' }, { value, goal: atLeast(80) })), [null, 80])
  t.same([80, 75, 69].map(value => by({ kind: 'floor', floor: 70 }, { value, goal: atLeast(80) })), [null, 70, 70])
  t.same([80, 75].map(value => by({ kind: 'previous' }, { value, goal: atLeast(80), previous: 74 })), [null, 74])
  t.end()
})

await t.test('a goal is met on its bound, but where it is strict, and names the bound that is missed', t => {
  const range = { lower: 40, upper: 60, strict: false }
  t.same([39, 40, 60, 61].map(value => meets(value, range)), [false, true, true, false])
  t.same([40, 41, 59, 60].map(value => meets(value, { ...range, strict: true })), [false, true, true, false])
  t.same([39, 40, 61].map(value => boundMissed(value, range)), [40, null, 60])
  t.same([40, 50, 60].map(value => boundMissed(value, { ...range, strict: true })), [40, null, 60])
  t.equal(boundMissed(-1, atMost(-2)), -2)
  t.same([range, atLeast(3), atMost(4), { lower: null, upper: null, strict: false }, null, undefined].map(boundOf), [40, 3, 4, null, null, null])
  t.end()
})

await t.test('without a rule a target that is met is green and one that is missed is red', t => {
  t.same([80, 79.99].map(value => judge(defaultRule, { value, goal: atLeast(80) })), ['green', 'red'])
  t.equal(defaultRule.kind, 'tolerance')
  t.end()
})

await t.test('a rule judges by the members that its kind has, and by no others', t => {
  t.same(ragForms, {
    tolerance: { needed: ['amber', 'unit'], allowed: [] },
    thresholds: { needed: ['green', 'amber'], allowed: [] },
    band: { needed: ['green_lower', 'green_upper', 'amber_lower', 'amber_upper'], allowed: [] },
    floor: { needed: [], allowed: ['floor'] },
    previous: { needed: [], allowed: [] },
    profile: { needed: ['amber', 'unit'], allowed: ['shares'] }
  })
  t.end()
})

await t.test('a running total is held against its share of the year', t => {
  t.same(sharedGoal(atLeast(1000), 75), atLeast(750))
  t.same(sharedGoal({ lower: null, upper: 0.3, strict: true }, 10), { lower: null, upper: 0.03, strict: true })
  t.end()
})

const value = fc.integer({ min: -10_000, max: 10_000 }).map(n => n / 10)
const ordered = (count: number) => fc.array(value, { minLength: count, maxLength: count }).map(list => list.sort((a, b) => a - b))
const rank: Record<string, number> = { red: 0, amber: 1, green: 2 }

await t.test('for either polarity and every rule a worse figure never has a better colour', t => {
  const oneSided = fc.record({
    polarity: fc.constantFrom('higher_is_better' as const, 'lower_is_better' as const),
    bounds: ordered(2),
    target: value,
    previous: value,
    amber: fc.nat(500).map(n => n / 10),
    unit: fc.constantFrom('percent' as const, 'points' as const),
    kind: fc.constantFrom('tolerance' as const, 'thresholds' as const, 'floor' as const, 'previous' as const),
    strict: fc.boolean()
  })
  fc.assert(fc.property(oneSided, value, value, ({ polarity, bounds: [low, high], target, previous, amber, unit, kind, strict }, a, b) => {
    const higher = polarity === 'higher_is_better'
    const goal = { lower: higher ? target : null, upper: higher ? null : target, strict }
    const rule = kind === 'thresholds' ? { kind, green: higher ? high! : low!, amber: higher ? low! : high! } : kind === 'tolerance' ? { kind, amber, unit } : kind === 'floor' ? { kind, floor: low! } : { kind }
    const colour = (value: number) => rank[judge(rule, { value, polarity, goal, previous })]!
    const [worse, better] = (a < b) === higher ? [a, b] : [b, a]
    return colour(worse) <= colour(better)
  }), { numRuns: 5000 })
  fc.assert(fc.property(ordered(4), value, fc.nat(1000), fc.nat(1000), ([al, gl, gu, au], middle, near, far) => {
    const rule = { kind: 'band', amber_lower: al!, green_lower: gl!, green_upper: gu!, amber_upper: au! } as const
    const from = Math.min(Math.max(middle, gl!), gu!)
    const [close, away] = near <= far ? [near, far] : [far, near]
    const colour = (value: number) => rank[judge(rule, { value, polarity: 'in_range' })]!
    return colour(from + away) <= colour(from + close) && colour(from - away) <= colour(from - close)
  }), { numRuns: 2000 })
  t.end()
})

await t.test('green is exactly what meets the target, where the rule is about one', t => {
  fc.assert(fc.property(value, value, fc.boolean(), fc.boolean(), (value, bound, lower, strict) => {
    const goal = { lower: lower ? bound : null, upper: lower ? null : bound, strict }
    return (['tolerance', 'floor', 'previous', 'profile'] as const).every(kind =>
      (judge({ kind, amber: 3, unit: 'points', floor: 0 }, { value, goal, previous: 1, polarity: lower ? 'higher_is_better' : 'lower_is_better' }) === 'green') === meets(value, goal))
  }), { numRuns: 2000 })
  t.end()
})
