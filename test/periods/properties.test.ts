// What holds for every period and for every text, tried on generated ones.
import t from 'tap'
import fc from 'fast-check'
import { comparePeriods, overlaps, periodKinds, periodOf, readPeriod, sameBounds } from '../../src/periods/period.js'
import type { Period, PeriodContext, PeriodKind } from '../../src/periods/period.js'

const two = (n: number) => String(n).padStart(2, '0')
const year = fc.integer({ min: 1900, max: 2199 })
const upTo = (max: number) => fc.integer({ min: 1, max })
const date = fc.tuple(year, upTo(12), upTo(31)).map(([y, m, d]) => `${y}-${two(m)}-${two(d)}`).filter(d => periodOf(`D${d}`) !== null)
const inOrder = (a: string, b: string) => a <= b ? `${a}..${b}` : `${b}..${a}`
const ofYear = (letter: string, part: string, max: number) => fc.tuple(year, upTo(max)).map(([y, n]) => `${letter}${y}-${part}${n}`)
const slug = fc.string({ unit: fc.constantFrom(...'abcxyz0189-'), minLength: 1, maxLength: 70 })

const codes: Record<PeriodKind, fc.Arbitrary<string>> = {
  financial_year: year.map(y => `FY${y}`),
  financial_half: ofYear('FY', 'H', 2),
  financial_quarter: ofYear('FY', 'Q', 4),
  academic_year: year.map(y => `AY${y}`),
  academic_term: ofYear('AY', 'T', 3),
  calendar_year: year.map(y => `CY${y}`),
  calendar_half: ofYear('CY', 'H', 2),
  calendar_quarter: ofYear('CY', 'Q', 4),
  calendar_month: fc.tuple(year, upTo(12)).map(([y, m]) => `CY${y}-M${two(m)}`),
  rolling: fc.tuple(fc.integer({ min: 2, max: 120 }), year, upTo(12)).map(([n, y, m]) => `R${n}-${y}-${two(m)}`),
  pooled: fc.tuple(fc.constantFrom('FY', 'AY', 'CY'), year, year).filter(([, a, b]) => a !== b).map(([l, a, b]) => inOrder(`${l}${a}`, `${l}${b}`)),
  year_to_date: fc.tuple(year, fc.integer({ min: 2, max: 4 })).map(([y, n]) => `FY${y}-Q1..Q${n}`),
  as_at: date.map(d => `D${d}`),
  range: fc.tuple(date, date).map(([a, b]) => inOrder(a, b)),
  undated: fc.option(slug).map(s => s === null ? 'undated' : `undated-${s}`)
}

const anyKind = fc.constantFrom(...periodKinds)
const anyCode = anyKind.chain(kind => codes[kind].map(code => ({ kind, code })))

function known (code: string): Period {
  const period = periodOf(code)
  if (period === null) throw new Error(`${code} should be a code`)
  return period
}

const anyPeriod = anyCode.map(({ code }) => known(code))
const anyContext: fc.Arbitrary<PeriodContext> = fc.record({
  year_kind: fc.constantFrom('financial', 'academic', 'calendar', null),
  timing: fc.constantFrom('during', 'as_at', 'cumulative', null)
})

function isAnswer (text: string, context?: PeriodContext): boolean {
  const answer = readPeriod(text, context)
  if ('period' in answer) return fc.stringify(periodOf(answer.period.code)) === fc.stringify(answer.period)
  if (!/\.$/.test(answer.detail) || answer.detail.length > 600 || /\p{C}/u.test(answer.detail)) return false
  if (answer.problem === 'invalid_period') return answer.readings === undefined
  return (answer.readings ?? []).length > 0 && (answer.readings ?? []).every(code => periodOf(code) !== null)
}

for (const kind of periodKinds) {
  await t.test(`the code and the label of every ${kind} give the period back`, async t => {
    fc.assert(fc.property(codes[kind], anyContext, (code, context) => {
      const period = known(code)
      t.equal(period.kind, kind)
      t.equal(period.code, code)
      t.same(readPeriod(period.label), { period })
      t.same(readPeriod(code, context), { period })
      t.same(readPeriod(code.toLowerCase()), { period })
    }), { numRuns: 200 })
  })
}

await t.test('a period starts no later than it ends, and only an undated one has no bounds', async () => {
  fc.assert(fc.property(anyPeriod, ({ kind, start, end }) =>
    kind === 'undated' ? start === null && end === null : start !== null && end !== null && start <= end), { numRuns: 1000 })
})

await t.test('every text has an answer', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 130 }), fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\u0000', 'ﷺ', '1', '/') }))
  fc.assert(fc.property(text, anyContext, isAnswer), { numRuns: 3000 })
})

await t.test('every text made of the words of periods has an answer', async () => {
  const word = fc.constantFrom(
    '2016', '17', '201617', '1999', '00', '1850', 'Q', 'Q1', 'Q4', 'H2', 'T2', 'FY', 'AY', 'CY', 'FY2016', 'D', 'R12', 'M12', 'to', 'and', 'of', 'year', 'month', 'months', '12', '31', '29',
    'March', 'feb', 'Sept', 'Dec.', 'Spring', 'Term', 'as at', 'end of', 'rolling', 'ending', 'financial', 'academic', 'calendar', 'annual', 'between', 'undated', '-', '–', '/', '..', '.', ',', "'", '+'
  )
  const text = fc.array(fc.tuple(word, fc.constantFrom('', ' ', '-', '/')), { maxLength: 9 }).map(words => words.flat().join(''))
  fc.assert(fc.property(text, anyContext, isAnswer), { numRuns: 10_000 })
})

await t.test('a valid spelling with a slip of the finger has an answer', async () => {
  const slip = fc.tuple(anyPeriod, fc.boolean(), fc.nat(), fc.nat(2), fc.string({ maxLength: 2 })).map(([period, label, at, cut, put]) => {
    const text = label ? period.label : period.code
    const place = at % (text.length + 1)
    return text.slice(0, place) + put + text.slice(place + cut)
  })
  fc.assert(fc.property(slip, anyContext, isAnswer), { numRuns: 5000 })
})

await t.test('a long text is refused at once', async t => {
  for (const piece of ['1', ' ', '-', '2016/17 ', 'march ', 'undated-', 'Q1 to ', '\ud83d\ude00', '..']) {
    const started = process.hrtime.bigint()
    t.match(readPeriod(piece.repeat(200_000)), { problem: 'invalid_period' })
    t.ok(isAnswer(piece.repeat(200_000)))
    for (let n = 1; n * piece.length <= 120; n++) t.ok(isAnswer(piece.repeat(n)))
    t.ok(process.hrtime.bigint() - started < 1_000_000_000n, piece)
  }
})

await t.test('the order is total: equal only to itself, and the same from both sides and through a third', async () => {
  // Few years, so that ends, starts and kinds do meet.
  const near = anyPeriod.filter(p => p.start === null || (p.start > '2015' && p.start < '2020'))
  const some = fc.oneof(near, fc.constantFrom('CY2016', 'R12-2016-12', '2016-01-01..2016-12-31', 'CY2016-Q4', 'FY2016-Q3', 'undated').map(known))
  fc.assert(fc.property(some, some, some, (a, b, c) => {
    const [ab, ba, bc, ac] = [comparePeriods(a, b), comparePeriods(b, a), comparePeriods(b, c), comparePeriods(a, c)]
    return Math.sign(ab) === -Math.sign(ba) && (ab === 0) === (a.code === b.code) && !(ab <= 0 && bc <= 0 && ac > 0)
  }), { numRuns: 2000 })
})

await t.test('periods with the same bounds overlap, and overlap is the same from both sides', async () => {
  fc.assert(fc.property(anyPeriod, anyPeriod, (a, b) =>
    overlaps(a, b) === overlaps(b, a) && (!sameBounds(a, b) || overlaps(a, b)) && overlaps(a, a) === (a.kind !== 'undated')))
})
