// A filter as a tree: what binds more tightly, what fits together, and in which words the rest is refused.
import t from 'tap'
import { functions } from '../../src/feeds/odata/filter/functions.js'
import { parseFilter, parseValue } from '../../src/feeds/odata/filter/parse.js'
import { pinned } from '../../src/feeds/odata/filter/expression.js'
import { dice } from '../support/random.js'
import { bracketed, columns, names, refusal, understood } from './columns.js'
import { kinds, filtersOf } from './filters.js'
import { printed, wordsOf } from './printed.js'

const trees: Array<[filter: string, tree: string]> = [
  ["measure eq 'a'", "(measure eq 'a')"],
  ['deleted', 'deleted'],
  ['null', 'null null'],
  ['(deleted)', 'deleted'],
  ['deleted or deleted and deleted', '(deleted or (deleted and deleted))'],
  ['deleted and deleted or deleted', '((deleted and deleted) or deleted)'],
  ['(deleted or deleted) and deleted', '((deleted or deleted) and deleted)'],
  ['deleted or deleted or deleted', '((deleted or deleted) or deleted)'],
  ['value gt 1 eq true', '((value gt number 1) eq boolean true)'],
  ['false eq value le 1', '(boolean false eq (value le number 1))'],
  ['deleted eq false ne true', '((deleted eq boolean false) ne boolean true)'],
  ['not deleted', '(not deleted)'],
  ['not not deleted', '(not (not deleted))'],
  ['not deleted and deleted', '((not deleted) and deleted)'],
  ['not deleted eq true', '((not deleted) eq boolean true)'],
  ["not measure in ('a')", "(not (measure in ['a']))"],
  ['not null', '(not null null)'],
  ['null and deleted', '(null null and deleted)'],
  ['value ge 1 and value lt 2 and rank_of ne 3', '(((value ge number 1) and (value lt number 2)) and (rank_of ne number 3))'],
  ["measure in ('a', null,'b')", "(measure in ['a', null null, 'b'])"],
  ['period_start in (2016-04-01)', '(period_start in [date 2016-04-01])'],
  ['deleted in (true,false)', '(deleted in [boolean true, boolean false])'],
  ['value eq null', '(value eq null null)'],
  ['null eq null', '(null null eq null null)'],
  ['null lt value', '(null null lt value)'],
  ['null eq deleted', '(null null eq deleted)'],
  ["contains(note,'x')", "contains(note, 'x')"],
  ['contains(note, null)', 'contains(note, null null)'],
  ["substring(note,1) eq substring(note,1,length('x'))", "(substring(note, number 1) eq substring(note, number 1, length('x')))"],
  ['year(period_start) eq year(last_changed_at)', '(year(period_start) eq year(last_changed_at))'],
  ['now() gt last_changed_at', '(now() gt last_changed_at)']
]

await t.test('precedence is that of the standard, and brackets outrank it', async t => {
  for (const [filter, tree] of trees) t.equal(understood(filter), tree, filter)
})

await t.test('filters made at random are read as they stand, and again as they are printed', async t => {
  const properties = columns.map(({ name, type }) => ({ name, type: `Edm.${type}` }))
  const row = { id: 'a', measure: 'b', note: "it's", value: 1.5, rank_of: 2, deleted: true, period_start: '2016-04-01', last_changed_at: '2016-04-01T00:00:00Z' }
  t.same(Object.keys(row), columns.map(({ name }) => name))
  t.ok(properties.every(({ type }) => type in kinds))
  const next = filtersOf(properties, [row], dice(1))
  for (let i = 0; i < 300; i++) {
    const { text } = next()
    const tree = parseFilter(text, names)
    t.same(wordsOf(text), wordsOf(printed(tree)), text)
    t.equal(understood(printed(tree)), bracketed(tree), text)
  }
})

await t.test('a value alone, as in a key, need be no condition', async t => {
  t.equal(bracketed(parseValue("'a'", names)), "'a'")
  t.equal(bracketed(parseValue('12', names)), 'number 12')
  t.match(refusal(() => parseValue("'a' 'b'", names)), /^400 Character 5 .*there is the value b\.$/)
  t.match(refusal(() => parseValue('@a', names)), /gives @a no value/)
})

await t.test('an alias is its value, and those that are used are taken out', async t => {
  const aliases = new Map([['@m', "'a'"], ['@n', '(1)'], ['@o', "'never'"], ['@p', '@m'], ['@q', 'value gt']])
  t.equal(understood('measure eq @m or measure ne @m and value gt @n', aliases), "((measure eq 'a') or ((measure ne 'a') and (value gt number 1)))")
  t.same([...aliases.keys()], ['@o', '@p', '@q'])
  t.equal(refusal(() => understood('measure eq @x', aliases)), "400 Character 12 of the filter: The request gives @x no value, as in @x='percent'.")
  t.match(refusal(() => understood('measure eq @p', aliases)), /^400 Character 1 .*gives @m no value/, 'an alias knows no other')
  t.match(refusal(() => understood('measure eq @q', aliases)), /but the filter ends\.$/)
})

const at = (position: number, sentence: string) => `400 Character ${position} of the filter: ${sentence}`
const refused: Array<[filter: string, said: string]> = [
  ['', at(1, 'A property or a value was expected, but the filter ends.')],
  ['value gt', at(9, 'A property or a value was expected, but the filter ends.')],
  ['value gt )', at(10, "A property or a value was expected, but there is ')'.")],
  ['(deleted', at(9, "')' was expected, but the filter ends.")],
  ["(deleted 'x'", at(10, "')' was expected, but there is the value x.")],
  ['deleted)', at(8, "Nothing like that can stand there, but there is ')'.")],
  ['deleted deleted', at(9, "Nothing like that can stand there, but there is 'deleted'.")],
  ["deleted 'x'", at(9, 'Nothing like that can stand there, but there is the value x.')],
  ['value', at(1, "A condition is needed, such as unit eq 'percent', and not just a number.")],
  ['deleted and note', at(9, "A condition is needed, such as unit eq 'percent', and not just a text.")],
  ['period_start or deleted', at(14, "A condition is needed, such as unit eq 'percent', and not just a date.")],
  ["not measure eq 'a'", at(1, "'not' was followed by a text: put the condition in brackets, as in not (unit eq 'percent').")],
  ["value gt '3'", at(7, 'a number cannot be compared with a text.')],
  ['measure eq 3', at(9, "a text cannot be compared with a number; a text is written in quotes, 'like this'.")],
  ['last_changed_at ge 2016-04-01', at(17, 'an instant cannot be compared with a date; an instant is written 2016-04-01T00:00:00Z.')],
  ['period_start ge 2016-04-01T00:00:00Z', at(14, 'a date cannot be compared with an instant; a date is written 2016-04-01, without quotes.')],
  ['deleted eq 1', at(9, 'true or false cannot be compared with a number.')],
  ['deleted gt false', at(9, 'What is true or false is compared with eq or ne, not with gt.')],
  ['null le deleted', at(6, 'What is true or false is compared with eq or ne, not with le.')],
  ['value in 1', at(10, "'(' was expected, but there is the value 1.")],
  ['value in (1', at(12, "')' was expected, but the filter ends.")],
  ['value in (1,rank_of)', at(13, "In the list of 'in' stand values.")],
  ["value in (1,'a')", at(13, 'a number cannot be compared with a text.')],
  ['null in (null)', at(6, "'in' asks something of a property.")],
  ['mesure eq 1', at(1, "Figures has no property 'mesure'; did you mean 'measure'?")],
  ['xyzxyz eq 1', at(1, "Figures has no property 'xyzxyz'.")],
  ['contains(note)', at(1, 'contains takes 2 arguments, and was given 1.')],
  ["deleted or contains(note,'a','b')", at(12, 'contains takes 2 arguments, and was given 3.')],
  ["substring(note) eq 'a'", at(1, 'substring takes 3 or 2 arguments, and was given 1.')],
  ['now(1) eq null', at(1, 'now takes 0 arguments, and was given 1.')],
  ['contains(value,3)', at(1, 'Argument 1 of contains is a text, not a number.')],
  ["round('a') eq 1", at(1, 'Argument 1 of round is a number, not a text.')],
  ['startswith(note,deleted)', at(1, 'Argument 2 of startswith is a text, not true or false.')],
  ['year(note) eq 1', at(1, 'Argument 1 of year is a date or an instant, not a text.')],
  ['hour(period_start) eq 1', at(1, 'Argument 1 of hour is an instant, not a date.')],
  ["contains(note,'a'", at(18, "')' was expected, but the filter ends.")],
  ['value add 1 gt 2', '501 The operator add is not supported; eq, ne, gt, ge, lt, le, in, and, or and not are.'],
  ['note has note', '501 The operator has is not supported; eq, ne, gt, ge, lt, le, in, and, or and not are.'],
  ['-value gt 3', '501 A minus sign before anything but a number is not supported.'],
  ["cast(value,'Edm.String') eq 'x'", `501 The function cast is not supported; ${[...functions.keys()].join(', ')} are.`],
  ["note/any(a:a eq 'x')", "501 'note' leads nowhere: the sets are flat, without navigation, lambda or type casts."],
  ['geo.distance(a,b) gt 1', "501 'geo' leads nowhere: the sets are flat, without navigation, lambda or type casts."],
  ['note:x', "501 'note' leads nowhere: the sets are flat, without navigation, lambda or type casts."]
]

await t.test('what cannot be understood is refused with the place and what to write', async t => {
  for (const [filter, said] of refused) t.equal(refusal(() => understood(filter)), said, filter)
  for (const word of ['add', 'sub', 'mul', 'div', 'divby', 'mod', 'has']) t.match(refusal(() => understood(`value ${word} 1`)), new RegExp(`^501 The operator ${word} `))
})

await t.test('an unknown name is answered with those that there are', async t => {
  try {
    understood('mesure eq 1')
    t.fail('was taken')
  } catch (error) {
    t.match(error, { status: 400, code: 'invalid_input', options: { errors: [{ pointer: '?$filter', code: 'wrong_form', allowed: names.all }] } })
  }
})

await t.test('a filter is as large as the guide says, and no larger', async t => {
  const taken = (filter: string) => t.ok(understood(filter), filter.slice(0, 40))
  const tooLarge = (filter: string, said: string) => t.equal(refusal(() => understood(filter)), said, filter.slice(0, 40))
  const text = (length: number) => `note eq '${'x'.repeat(length - 10)}'`
  taken(text(8192))
  tooLarge(text(8193), at(8193, 'A filter has at most 8192 characters.'))
  const list = (count: number) => `measure in (${Array(count).fill("'a'").join(',')})`
  taken(list(200))
  tooLarge(list(201), at(12 + 200 * 4 + 1, "A list of 'in' has at most 200 values."))
  for (const [open, core, close] of [['(', 'deleted', ')'], ['not ', 'deleted', ''], ["concat('a',", "'a'", ')']] as const) {
    const deep = (depth: number) => `${open.repeat(depth)}${core}${close.repeat(depth)}${open.startsWith('c') ? " eq 'a'" : ''}`
    taken(deep(50))
    t.match(refusal(() => understood(deep(51))), /^400 Character \d+ of the filter: A filter is at most 50 brackets and negations deep\.$/)
  }
  taken(Array(60).fill('(deleted)').join(' or '))
  // Each condition is three parts, and each "or" is one.
  const parts = (conditions: number) => Array(conditions).fill('value eq 1').join(' or ')
  taken(parts(125))
  t.match(refusal(() => understood(`${parts(125)} or deleted`)), /: A filter has at most 500 parts\.$/)
  t.match(refusal(() => understood(`${parts(125)} or @a`, new Map([['@a', 'deleted']]))), /: A filter has at most 500 parts\.$/, 'those of an alias count')
})

await t.test('a set is told which texts a filter asks of a property, whatever else it says', async t => {
  const asked: Array<[filter: string, pins: Record<string, string[]>]> = [
    ["measure eq 'a'", { measure: ['a'] }],
    ["'a' eq measure", { measure: ['a'] }],
    ["measure in ('a','b')", { measure: ['a', 'b'] }],
    ["measure eq 'a' and note eq 'b' and value gt 1", { measure: ['a'], note: ['b'] }],
    ["value gt 1 and (note eq 'b' and measure in ('a','c'))", { measure: ['a', 'c'], note: ['b'] }],
    ["measure eq 'a' or note eq 'b'", {}],
    ["not (measure eq 'a')", {}],
    ["measure ne 'a'", {}],
    ["measure ge 'a'", {}],
    ["measure in ('a',null)", {}],
    ['measure eq null', {}],
    ['value eq 1', {}],
    ['value in (1,2)', {}],
    ['measure eq note', {}],
    ["tolower(measure) eq 'a'", {}],
    ["'a' eq tolower(measure)", {}],
    ["tolower(measure) in ('a')", {}],
    ['deleted', {}]
  ]
  for (const [filter, pins] of asked) t.same(Object.fromEntries(pinned(parseFilter(filter, names))), pins, filter)
  t.equal(pinned(undefined).size, 0)
})
