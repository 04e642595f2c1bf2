// What a filter asks of the database. All values are bound. In OData eq, ne, gt, … are never null (URL Conventions 4.0,
// 5.1.1.1), which SQL's are: where that makes a difference, under "not" and where a condition is itself compared, it is said in
// full; elsewhere null and false are the same, and the plain operators leave the indexes to the planner.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Comparison, Expression, Literal, Type } from './expression.js'
import { functions } from './functions.js'

type Sql = RawBuilder<unknown>

export const conditionOf = (filter: Expression): RawBuilder<SqlBool> => condition(filter, false)

const casts: Record<Exclude<Type, 'boolean'>, string> = { string: 'text', number: 'numeric', date: 'date', instant: 'timestamptz', null: 'text' }

const symbols: Record<Exclude<Comparison, 'eq' | 'ne'>, string> = { gt: '>', ge: '>=', lt: '<', le: '<=' }

/** `exact`: also tells null from false. */
function condition (tree: Expression, exact: boolean): RawBuilder<SqlBool> {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return sql<SqlBool>`(${condition(tree.left, exact)} ${sql.raw(tree.kind)} ${condition(tree.right, exact)})`
    case 'not':
      return sql<SqlBool>`(not ${condition(tree.of, true)})`
    case 'compare': {
      const found = comparison(tree.operator, tree.left, tree.right)
      return exact ? sql<SqlBool>`((${found}) is true)` : sql<SqlBool>`(${found})`
    }
    case 'in': {
      const found = among(tree.of, tree.items)
      return exact ? sql<SqlBool>`((${found}) is true)` : sql<SqlBool>`(${found})`
    }
    case 'literal':
      return tree.value === null ? sql<SqlBool>`null::boolean` : sql<SqlBool>`${sql.lit(tree.value)}`
    case 'property':
    case 'call':
      return sql<SqlBool>`(${value(tree)})`
  }
}

function value (tree: Expression): Sql {
  switch (tree.kind) {
    case 'literal':
      return literal(tree)
    case 'property':
      // Columns have collations of their own, and Postgres joins no two that differ.
      return tree.type === 'string' ? sql`(${tree.property.column} collate "C")` : tree.property.column
    case 'call':
      return call(tree)
    default:
      return condition(tree, true)
  }
}

function call ({ name, args }: Expression & { kind: 'call' }): Sql {
  const { takes, says } = functions.get(name)!
  return sql`(${says(...args.map((arg, i) => isNull(arg) ? literal({ kind: 'literal', type: takes[i]![0]!, value: null }) : value(arg)))})`
}

function literal ({ type, value }: Literal): Sql {
  if (type === 'boolean') return sql`${sql.lit(value as boolean)}`
  return sql`${type === 'number' && value !== null ? value.toString().replace('INF', 'Infinity') : value}::${sql.raw(casts[type])}`
}

const isNull = (tree: Expression) => tree.kind === 'literal' && tree.value === null

/** No number is equal to it, nor greater or less. */
const isNoNumber = (tree: Expression) => tree.kind === 'literal' && tree.value === 'NaN' && tree.type === 'number'

function comparison (operator: Comparison, left: Expression, right: Expression): Sql {
  if (isNoNumber(left) || isNoNumber(right)) return sql.lit(operator === 'ne')
  if (operator !== 'eq' && operator !== 'ne') return ordered(operator, left, right)
  const not = sql.raw(operator === 'eq' ? '' : 'not')
  if (isNull(left) && isNull(right)) return sql.lit(operator === 'eq')
  if (isNull(right)) return sql`${value(left)} is ${not} null`
  if (isNull(left)) return sql`${value(right)} is ${not} null`
  if (operator === 'ne') return sql`${value(left)} is distinct from ${value(right)}`
  const [property, other] = left.kind === 'property' ? [left, right] : [right, left]
  if (property.kind === 'property' && other.kind === 'literal') return equal(property.property, other)
  return left.kind === 'literal' || right.kind === 'literal'
    ? sql`${value(left)} = ${value(right)}`
    : sql`${value(left)} is not distinct from ${value(right)}`
}

/** Null is not less or greater than anything, but it is equal to null: "ge" and "le" are true of two (5.1.1.1.4, 5.1.1.1.6). */
function ordered (operator: keyof typeof symbols, left: Expression, right: Expression): Sql {
  const orEqual = operator === 'ge' || operator === 'le'
  if (isNull(left) || isNull(right)) return orEqual ? comparison('eq', left, right) : sql.lit(false)
  const found = sql`${collated(left)} ${sql.raw(symbols[operator])} ${collated(right)}`
  return orEqual && left.kind !== 'literal' && right.kind !== 'literal' ? sql`${found} or (${value(left)} is null and ${value(right)} is null)` : found
}

const equal = ({ is, column }: (Expression & { kind: 'property' })['property'], other: Literal): Sql =>
  is === undefined ? sql`${column} = ${literal(other)}` : is(other.value as string)

/** Texts are ordered by their characters, whatever the language of the database. */
const collated = (tree: Expression): Sql => tree.type === 'string' ? sql`${value(tree)} collate "C"` : value(tree)

function among (of: Expression, items: Literal[]): Sql {
  const parts = items.map(item => comparison('eq', of, item))
  return sql`${sql.join(parts, sql` or `)}`
}
