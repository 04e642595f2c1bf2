// Random filters that fit a set: made of its properties as $metadata has them, of values that its rows hold and of such that they
// nearly hold. Each knows its text and what it is worth for a row.
import type { Dice } from '../support/random.js'
import { and, calls, compared, moment, not, or, type Kind, type Row, type Term, type Value } from './values.js'

export const kinds: Record<string, Kind> = {
  'Edm.String': 'string', 'Edm.Decimal': 'number', 'Edm.Int32': 'number', 'Edm.Boolean': 'boolean', 'Edm.Date': 'date', 'Edm.DateTimeOffset': 'instant'
}

export interface Property { name: string, type: string }

const strange = ['', ' ', "'", "''", '%', '_', '\\', 'é', 'Ö', '✓', '😀', 'null', "O'Neill", '100%', 'a_b', '"', '\t', '-', '~', '%27', ' or true', '1']
const days = ['0001-01-01', '1900-02-28', '2016-02-29', '2016-04-01', '9999-12-31']
const numbers = ['0', '-0', '1', '-1', '0.5', '1e-7', '1E+3', '-2.5', '2.50', '99999999999999', '-999999999999999', '0.000000000000001', '007']
const offsets = ['Z', '+00:00', '+01:00', '-05:30', '+14:00', '-13:59']

/** How tightly: a value or call, not, in, gt and so on, eq and ne, and, or. */
const tight = { value: 9, in: 6, not: 5, order: 4, equal: 3, and: 2, or: 1 }

const nullTerm: Term = { text: 'null', binds: tight.value, of: () => null }

export function filtersOf (properties: Property[], rows: Row[], { roll, once, pick }: Dice): (depth?: number) => Term {
  const named = (kind: Kind) => properties.filter(({ type }) => kinds[type] === kind)
  const valueOf = (kind: Kind) => (value: unknown): Value => value === null ? null : kind === 'instant' ? moment(value as string) : value as Value

  function property (kind: Kind): Term & { name: string } | undefined {
    const some = named(kind)
    if (some.length === 0) return undefined
    const { name } = pick(some)
    const read = valueOf(kind)
    return { name, text: name, binds: tight.value, of: row => read(row[name]) }
  }

  /** What some row holds in this property, or in some of the kind. */
  function held (kind: Kind, name?: string): unknown {
    const some = name === undefined || once(4) ? named(kind) : [{ name }]
    if (some.length === 0 || rows.length === 0) return undefined
    for (let tries = 0; tries < 8; tries++) {
      const value = pick(rows)[pick(some).name]
      if (value !== null) return value
    }
    return undefined
  }

  const constant = (text: string, value: Value): Term => ({ text, binds: tight.value, of: () => value })

  function text (name?: string): Term {
    const found = once(4) ? pick(strange) : String(held('string', name) ?? pick(strange))
    const [from, most] = [once(6) ? roll(found.length + 1) : 0, once(4) ? 1 + roll(4) : found.length]
    const value = [...found].slice(from, from + most).join('')
    return constant(`'${value.replaceAll("'", "''")}'`, value)
  }

  function number (name?: string): Term {
    const found = held('number', name) as number | undefined
    const written = once(4) || found === undefined ? pick(numbers) : once(3) ? String(Math.round(found) + roll(3) - 1) : String(found)
    return constant(written, Number(written))
  }

  function day (name?: string): Term {
    const value = once(4) ? pick(days) : held('date', name) as string ?? pick(days)
    return constant(value, value)
  }

  function instant (name?: string): Term {
    const at = Math.floor(moment(held('instant', name) as string ?? '2016-04-01T00:00:00Z') / 1000) * 1000
    const [offset, micro] = [pick(offsets), once(2) ? 0 : roll(1_000_000)]
    const shift = offset === 'Z' ? 0 : Number(`${offset[0]!}1`) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)))
    const seconds = Math.floor(at / 1_000_000) + (roll(3) - 1) * pick([0, 1, 3600, 86400])
    const wall = new Date(seconds * 1000 + shift * 60_000).toISOString().slice(0, 19)
    const written = `${wall}${micro === 0 ? '' : `.${String(micro).padStart(6, '0')}`}${offset}`
    return constant(written, moment(written))
  }

  function literal (kind: Kind, name?: string): Term {
    if (once(12)) return nullTerm
    if (kind === 'boolean') return once(2) ? constant('true', true) : constant('false', false)
    return { string: text, number, date: day, instant }[kind](name)
  }

  const bracketed = (term: Term): Term => ({ ...term, text: `(${term.text})`, binds: tight.value })
  /** In brackets where they are needed, and sometimes where not. */
  const fit = (term: Term, least: number) => term.binds < least || once(6) ? bracketed(term) : term

  function call (kind: Kind, depth: number): Term | undefined {
    const able = Object.entries(calls).flatMap(([name, forms]) => forms.filter(({ gives }) => gives === kind).map(form => ({ name, ...form })))
    if (able.length === 0) return undefined
    const { name, takes, says } = pick(able)
    // Places in a text are given as small numbers: what a negative one means the standard leaves open.
    const args = takes.map((one, i) => name === 'substring' && i > 0 ? constant(String(roll(6)), 0) : term(one, depth - 1))
    const places = args.map(({ text }) => Number(text))
    return {
      text: `${name}(${args.map(({ text }) => text).join(once(3) ? ' , ' : ',')})`,
      binds: tight.value,
      of: row => says(...args.map((arg, i) => name === 'substring' && i > 0 ? places[i]! : arg.of(row)))
    }
  }

  /** A value of the kind. */
  function term (kind: Kind, depth: number): Term {
    const found = depth > 0 && once(3) ? call(kind, depth) : once(3) ? undefined : property(kind)
    return found ?? literal(kind)
  }

  function comparison (depth: number): Term {
    const kind = pick(['string', 'string', 'number', 'number', 'date', 'instant', 'boolean'] as const)
    const operator = pick(kind === 'boolean' ? ['eq', 'ne'] : Object.keys(compared))
    const known = property(kind)
    const [left, right] = [known ?? term(kind, depth), once(4) ? term(kind, depth) : literal(kind, known?.name)]
    const binds = operator === 'eq' || operator === 'ne' ? tight.equal : tight.order
    const [a, b] = once(4) ? [right, left] : [left, right]
    return { text: `${fit(a, binds + 1).text} ${operator} ${fit(b, binds + 1).text}`, binds, of: row => compared[operator]!(a.of(row), b.of(row)) }
  }

  function among (depth: number): Term {
    const kind = pick(['string', 'number', 'date', 'instant'] as const)
    const known = property(kind)
    const of = known ?? term(kind, depth)
    const items = Array.from({ length: 1 + roll(4) }, () => literal(kind, known?.name))
    if (of.text === 'null') return comparison(depth)
    return { text: `${of.text} in (${items.map(({ text }) => text).join(once(2) ? ',' : ', ')})`, binds: tight.in, of: row => items.some(item => compared.eq!(of.of(row), item.of(row))) }
  }

  function condition (depth = 3): Term {
    const way = roll(depth > 0 ? 12 : 5)
    if (way === 0) return call('boolean', depth)!
    if (way === 1) return property('boolean') ?? comparison(depth)
    if (way === 2) return among(depth)
    if (way < 6) return comparison(depth)
    if (way === 6) {
      const of = condition(depth - 1)
      // "in" binds more tightly than "not".
      return { text: `not ${fit(of, tight.in).text}`, binds: tight.not, of: row => not(of.of(row)) }
    }
    if (way === 7) {
      const [of, value] = [condition(depth - 1), pick([true, false, null])]
      return { text: `(${of.text}) eq ${String(value)}`, binds: tight.equal, of: row => compared.eq!(of.of(row), value) }
    }
    const word = once(2) ? 'and' : 'or'
    const [left, right, join] = [condition(depth - 1), condition(depth - 1), word === 'and' ? and : or]
    return { text: `${fit(left, tight[word]).text} ${word} ${fit(right, tight[word] + 1).text}`, binds: tight[word], of: row => join(left.of(row), right.of(row)) }
  }

  return condition
}
