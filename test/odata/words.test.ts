// The words of a filter: what they are worth, and what is none of them.
import fc from 'fast-check'
import t from 'tap'
import { tokensOf } from '../../src/feeds/odata/filter/tokens.js'
import { refusal } from './columns.js'

/** The words with their kinds; the end, which every filter has, is left out. */
const words = (text: string) => tokensOf(text).slice(0, -1).map(token => `${token.kind} ${'value' in token ? token.value : token.text}`)
const one = (text: string) => refusal(() => words(text))

await t.test('a filter falls into names, marks, values and an end, each with its place', async t => {
  t.same(tokensOf("measure eq\t'a'"), [
    { kind: 'word', text: 'measure', at: 0 }, { kind: 'word', text: 'eq', at: 8 }, { kind: 'string', value: 'a', at: 11 }, { kind: 'end', text: 'the end', at: 14 }
  ])
  t.same(tokensOf(' \t '), [{ kind: 'end', text: 'the end', at: 3 }])
  t.same(words('contains(@n,note)/-a:b.c'), [
    'word contains', 'mark (', 'alias @n', 'mark ,', 'word note', 'mark )', 'mark /', 'mark -', 'word a', 'mark :', 'word b', 'mark .', 'word c'
  ])
  t.same(words('_a1 @_b2'), ['word _a1', 'alias @_b2'])
})

await t.test('every text comes back out of its quotes', async t => {
  t.same(words("'O''Neill'''"), ["string O'Neill'"])
  t.same(words("'' ''''"), ['string ', "string '"])
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => words(`'${text.replaceAll("'", "''")}'`)[0] === `string ${text}`))
})

await t.test('a number is kept as it is written', async t => {
  for (const number of ['0', '007', '-1', '2.50', '-0.5', '1e5', '1E-7', '2.5e+3', 'INF', '-INF', 'NaN', '1e308', '-1E-308', '9'.repeat(100)]) t.same(words(number), [`number ${number}`], number)
  t.same(words('1,-2)'), ['number 1', 'mark ,', 'number -2', 'mark )'])
  for (const number of ['1e309', '1e-309', '1E+999', '9'.repeat(101), `0.${'1'.repeat(99)}`]) {
    t.equal(one(number), '400 Character 1 of the filter: The number is beyond what can be held.', number)
  }
})

await t.test('a day is one of the calendar from year 1', async t => {
  for (const day of ['0001-01-01', '2016-02-29', '9999-12-31']) t.same(words(day), [`date ${day}`])
  for (const day of ['2015-02-29', '2016-13-01', '0000-01-01']) t.equal(one(` ${day}`), `400 Character 2 of the filter: ${day} is not a day of the calendar.`)
})

await t.test('an instant has a day, a time and an offset', async t => {
  const taken = {
    '2016-04-01T00:00Z': '2016-04-01T00:00Z',
    '2016-04-01T23:59:59Z': '2016-04-01T23:59:59Z',
    '2016-04-01T19:30:00+01:00': '2016-04-01T19:30:00+01:00',
    '2016-04-01T12:00:00 01:00': '2016-04-01T12:00:00+01:00',
    '2016-04-01T12:00:00-13:59': '2016-04-01T12:00:00-13:59',
    '2016-04-01T12:00:00+14:00': '2016-04-01T12:00:00+14:00',
    '2016-04-01T12:00:00.123456Z': '2016-04-01T12:00:00.123456Z',
    '2016-04-01T12:00:00.5Z': '2016-04-01T12:00:00.5Z',
    '2016-04-01T12:00:00.500Z': '2016-04-01T12:00:00.500Z',
    '2016-04-01T12:00:00.120000000000Z': '2016-04-01T12:00:00.120000Z'
  }
  for (const [written, kept] of Object.entries(taken)) t.same(words(written), [`instant ${kept}`], written)
  for (const wrong of ['T24:00Z', 'T30:00Z', 'T12:60Z', 'T12:00:60Z', 'T12:00+14:01', 'T12:00+15:00', 'T12:00-24:00', 'T12:00+01:60']) {
    t.equal(one(`2016-04-01${wrong}`), `400 Character 1 of the filter: 2016-04-01${wrong} is not an instant.`, wrong)
  }
  t.equal(one('2016-04-01T12:00 24:00'), '400 Character 1 of the filter: 2016-04-01T12:00+24:00 is not an instant.')
  t.equal(one('2016-02-30T12:00Z'), '400 Character 1 of the filter: 2016-02-30 is not a day of the calendar.')
  for (const fine of ['.1234567Z', '.0000001Z', '.123456780000Z']) t.equal(one(`2016-04-01T12:00:00${fine}`), '400 Character 1 of the filter: An instant has at most six decimals.', fine)
})

await t.test('what runs into something else is no word, and nothing is passed over', async t => {
  const refused: Array<[text: string, at: number, what: string]> = [
    ['1eq', 1, '"1e" cannot be read'],
    ['value eq 5M', 10, '"5M" cannot be read'],
    ['2016-04-01T', 1, '"2016-04-01T" cannot be read'],
    ['2016-04-01T12Z', 1, '"2016-04-01T" cannot be read'],
    ["'a'b", 1, '"\'a\'b" cannot be read'],
    ["a'b'", 1, '"a\'" cannot be read'],
    ['@a@b', 1, '"@a@" cannot be read'],
    ['a;', 1, '"a;" cannot be read'],
    ['a ; b', 3, '";" does not belong into a filter'],
    ['a "b"', 3, '"\\"" does not belong into a filter'],
    ['é', 1, '"é" does not belong into a filter'],
    ['@1', 1, '"@" does not belong into a filter'],
    ['$it', 1, '"$" does not belong into a filter'],
    ["a eq 'b", 6, 'A text is not closed: it ends with a quote, and a quote inside it is written twice']
  ]
  for (const [text, at, what] of refused) t.equal(one(text), `400 Character ${at} of the filter: ${what}.`, text)
  t.same(words('INFO eq -INF'), ['word INFO', 'word eq', 'number -INF'])
})

await t.test('words are what they are whatever stands before and behind them', async () => {
  const piece = fc.constantFrom('a', 'eq', "'x y'", "''''", '1', '-1', '-', '2016-04-01', '2016-04-01T12:00:00-01:00', '(', ')', ',', '@a', '.', ':', '/', 'INF', 'NaN', 'INFO')
  fc.assert(fc.property(fc.array(piece), fc.constantFrom(' ', '\t', ' \t '), (pieces, blank) =>
    words(pieces.join(blank)).join('\n') === pieces.flatMap(words).join('\n')))
})
