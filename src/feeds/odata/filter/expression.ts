// A filter as a typed tree: what the parser makes and the database is asked.
import type { EdmType, Pinned, Property } from '../model.js'

export type Type = 'string' | 'number' | 'boolean' | 'date' | 'instant' | 'null'

export const typeOf: Record<EdmType, Exclude<Type, 'null'>> = {
  String: 'string', Decimal: 'number', Int32: 'number', Boolean: 'boolean', Date: 'date', DateTimeOffset: 'instant'
}

export const typeNames: Record<Type, string> = {
  string: 'a text', number: 'a number', boolean: 'true or false', date: 'a date', instant: 'an instant', null: 'null'
}

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

/** Numbers, dates and instants are kept as their text, which is exact. */
export interface Literal { kind: 'literal', type: Type, value: string | boolean | null }

export type Expression =
  | Literal
  | { kind: 'property', type: Type, property: Property }
  | { kind: 'call', type: Type, name: string, args: Expression[] }
  | { kind: 'compare', type: 'boolean', operator: Comparison, left: Expression, right: Expression }
  | { kind: 'in', type: 'boolean', of: Expression, items: Literal[] }
  | { kind: 'not', type: 'boolean', of: Expression }
  | { kind: 'and' | 'or', type: 'boolean', left: Expression, right: Expression }

/** What the filter asks of properties that are texts, whatever else it says. */
export function pinned (filter: Expression | undefined): Pinned {
  if (filter === undefined) return new Map()
  if (filter.kind === 'and') return new Map([...pinned(filter.left), ...pinned(filter.right)])
  if (filter.kind === 'in' && filter.of.kind === 'property') return pin(filter.of.property, filter.items)
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return new Map()
  const [property, literal] = filter.left.kind === 'property' ? [filter.left, filter.right] : [filter.right, filter.left]
  return property.kind === 'property' && literal.kind === 'literal' ? pin(property.property, [literal]) : new Map()
}

const pin = ({ name }: Property, items: Literal[]): Pinned =>
  items.every(({ type }) => type === 'string') ? new Map([[name, items.map(({ value }) => value as string)]]) : new Map()
