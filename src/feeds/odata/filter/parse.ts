// From the text of a filter to a typed tree, by the grammar of OData 4.0 (URL Conventions, 5.1.1) and its precedence. What
// the standard has and this feed does not is refused by name; what is left over at the end is a fault.
import { nearest } from '../../../db/nearest.js'
import type { Property } from '../model.js'
import { unsupported } from '../refuse.js'
import { typeNames, typeOf, type Comparison, type Expression, type Literal, type Type } from './expression.js'
import { functions } from './functions.js'
import { misplaced, tokensOf, type Sign, type Token } from './tokens.js'

/** How large a filter may be. */
export const limits = { characters: 8192, depth: 50, nodes: 500, items: 200 }

const precedence: Record<string, number> = { or: 1, and: 2, eq: 3, ne: 3, gt: 4, ge: 4, lt: 4, le: 4, in: 6 }
const ofNot = 5

const arithmetic = new Set(['add', 'sub', 'mul', 'div', 'divby', 'mod', 'has'])
const supportedOperators = 'eq, ne, gt, ge, lt, le, in, and, or and not are'

export interface Names { set: string, property (name: string): Property | undefined, all: string[] }

/** Texts of the parameter aliases of the request; those used are taken out. */
export type Aliases = Map<string, string>

export function parseFilter (text: string, names: Names, aliases: Aliases = new Map()): Expression {
  const used = new Set<string>()
  const tree = new Parser(text, names, aliases, used, { nodes: 0 }).whole()
  for (const name of used) aliases.delete(name)
  return tree
}

/** A value that stands alone, as in a key. */
export const parseValue = (text: string, names: Names): Expression => new Parser(text, names, new Map(), new Set(), { nodes: 0 }).value()

class Parser {
  private readonly tokens: Token[]
  private i = 0
  private depth = 0

  constructor (
    text: string,
    private readonly names: Names,
    private readonly aliases: Aliases,
    private readonly used: Set<string>,
    private readonly size: { nodes: number }
  ) {
    if (text.length > limits.characters) throw misplaced(`A filter has at most ${limits.characters} characters`, limits.characters)
    this.tokens = tokensOf(text)
  }

  whole (): Expression {
    return this.condition(this.value(), 0)
  }

  value (): Expression {
    const tree = this.expression(0)
    if (this.next.kind !== 'end') throw this.unexpected()
    return tree
  }

  private get next (): Token {
    return this.tokens[this.i]!
  }

  private take (): Token {
    return this.tokens[this.i++]!
  }

  private is (text: string): boolean {
    return 'text' in this.next && this.next.kind !== 'end' && this.next.text === text
  }

  private expect (mark: string): void {
    if (!this.is(mark)) throw this.unexpected(`'${mark}' was expected`)
    this.i++
  }

  private unexpected (expected = 'Nothing like that can stand there') {
    const { next } = this
    const found = next.kind === 'end' ? 'the filter ends' : 'text' in next ? `there is '${next.text}'` : `there is the value ${next.value}`
    return misplaced(`${expected}, but ${found}`, next.at)
  }

  private node<T extends Expression> (tree: T): T {
    if (++this.size.nodes > limits.nodes) throw misplaced(`A filter has at most ${limits.nodes} parts`, this.next.at)
    return tree
  }

  private deeper<T> (work: () => T): T {
    if (++this.depth > limits.depth) throw misplaced(`A filter is at most ${limits.depth} brackets and negations deep`, this.next.at)
    const found = work()
    this.depth--
    return found
  }

  private expression (least: number): Expression {
    let left = this.is('not') ? this.negation() : this.primary()
    for (;;) {
      const { next } = this
      if (next.kind !== 'word') return left
      if (arithmetic.has(next.text)) throw unsupported('$filter', `The operator ${next.text} is not supported; ${supportedOperators}.`)
      const rank = precedence[next.text]
      if (rank === undefined || rank < least) return left
      this.i++
      left = this.joined(left, next, rank)
    }
  }

  private joined (left: Expression, { text, at }: Sign, rank: number): Expression {
    if (text === 'in') return this.among(left, at)
    const right = this.expression(rank + 1)
    return text === 'and' || text === 'or'
      ? this.node({ kind: text, type: 'boolean', left: this.condition(left, at), right: this.condition(right, at) })
      : this.comparison(text as Comparison, left, right, at)
  }

  private negation (): Expression {
    const { at } = this.take()
    const of = this.deeper(() => this.expression(ofNot + 1))
    if (of.type !== 'boolean' && of.type !== 'null') throw misplaced(`'not' was followed by ${typeNames[of.type]}: put the condition in brackets, as in not (unit eq 'percent')`, at)
    return this.node({ kind: 'not', type: 'boolean', of })
  }

  private condition (tree: Expression, at: number): Expression {
    if (tree.type === 'boolean' || tree.type === 'null') return tree
    throw misplaced(`A condition is needed, such as unit eq 'percent', and not just ${typeNames[tree.type]}`, at)
  }

  private comparison (operator: Comparison, left: Expression, right: Expression, at: number): Expression {
    this.requireSame(left.type, right.type, at)
    const type = left.type === 'null' ? right.type : left.type
    if (type === 'boolean' && operator !== 'eq' && operator !== 'ne') throw misplaced(`What is true or false is compared with eq or ne, not with ${operator}`, at)
    return this.node({ kind: 'compare', type: 'boolean', operator, left, right })
  }

  private requireSame (left: Type, right: Type, at: number): void {
    if (left === right || left === 'null' || right === 'null') return
    const hint = left === 'string'
      ? "; a text is written in quotes, 'like this'"
      : left === 'instant' ? '; an instant is written 2016-04-01T00:00:00Z' : left === 'date' ? '; a date is written 2016-04-01, without quotes' : ''
    throw misplaced(`${typeNames[left]} cannot be compared with ${typeNames[right]}${hint}`, at)
  }

  private among (of: Expression, at: number): Expression {
    this.expect('(')
    const items: Literal[] = []
    do {
      const { at } = this.next
      const item = this.primary()
      if (item.kind !== 'literal') throw misplaced("In the list of 'in' stand values", at)
      this.requireSame(of.type, item.type, at)
      items.push(item)
      if (items.length > limits.items) throw misplaced(`A list of 'in' has at most ${limits.items} values`, at)
    } while (this.is(',') && this.take())
    this.expect(')')
    if (of.type === 'null') throw misplaced("'in' asks something of a property", at)
    return this.node({ kind: 'in', type: 'boolean', of, items })
  }

  private primary (): Expression {
    const token = this.take()
    if ('value' in token) return this.node({ kind: 'literal', type: token.kind, value: token.value })
    if (token.kind === 'alias') return this.alias(token)
    if (token.kind === 'word') return this.word(token)
    this.i--
    if (this.is('-')) throw unsupported('$filter', 'A minus sign before anything but a number is not supported.')
    if (!this.is('(')) throw this.unexpected('A property or a value was expected')
    this.i++
    const inner = this.deeper(() => this.expression(0))
    this.expect(')')
    return inner
  }

  private alias ({ text, at }: Sign): Expression {
    const value = this.aliases.get(text)
    if (value === undefined) throw misplaced(`The request gives ${text} no value, as in ${text}='percent'`, at)
    this.used.add(text)
    return new Parser(value, this.names, new Map(), this.used, this.size).value()
  }

  private word ({ text, at }: Sign): Expression {
    if (text === 'null') return this.node({ kind: 'literal', type: 'null', value: null })
    if (text === 'true' || text === 'false') return this.node({ kind: 'literal', type: 'boolean', value: text === 'true' })
    if (this.is('(')) return this.call(text, at)
    if (this.is('/') || this.is('.') || this.is(':')) throw unsupported('$filter', `'${text}' leads nowhere: the sets are flat, without navigation, lambda or type casts.`)
    const property = this.names.property(text)
    if (property !== undefined) return this.node({ kind: 'property', type: typeOf[property.type], property })
    const meant = nearest(text, this.names.all)
    throw misplaced(`${this.names.set} has no property '${text}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`, at, this.names.all)
  }

  private call (name: string, at: number): Expression {
    const signature = functions.get(name)
    if (signature === undefined) throw unsupported('$filter', `The function ${name} is not supported; ${[...functions.keys()].join(', ')} are.`)
    this.i++
    const args: Expression[] = []
    if (!this.is(')')) do args.push(this.deeper(() => this.expression(0))); while (this.is(',') && this.take())
    this.expect(')')
    const { takes, optional = 0, gives } = signature
    if (args.length > takes.length || args.length < takes.length - optional) {
      throw misplaced(`${name} takes ${takes.length}${optional > 0 ? ` or ${takes.length - optional}` : ''} arguments, and was given ${args.length}`, at)
    }
    for (const [k, { type }] of args.entries()) {
      if (type !== 'null' && !takes[k]!.includes(type)) throw misplaced(`Argument ${k + 1} of ${name} is ${takes[k]!.map(one => typeNames[one]).join(' or ')}, not ${typeNames[type]}`, at)
    }
    return this.node({ kind: 'call', type: gives, name, args })
  }
}
