// A set with a column of each type, a filter of it as a tree with all its brackets, and as what the database is asked: no database.
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import type { Expression } from '../../src/feeds/odata/filter/expression.js'
import { parseFilter, type Aliases, type Names } from '../../src/feeds/odata/filter/parse.js'
import { conditionOf } from '../../src/feeds/odata/filter/sql.js'
import type { Property } from '../../src/feeds/odata/model.js'
import { Problem } from '../../src/problems.js'

const column = (name: string, type: Property['type'], more: Partial<Property> = {}): Property =>
  ({ name, type, nullable: true, about: '', column: sql.ref(name), ...more })

export const columns: Property[] = [
  // Found by another column than it is made of.
  column('id', 'String', { is: text => sql`key = ${text.toUpperCase()}` }),
  column('measure', 'String'),
  column('note', 'String'),
  column('value', 'Decimal'),
  column('rank_of', 'Int32'),
  column('deleted', 'Boolean'),
  column('period_start', 'Date'),
  column('last_changed_at', 'DateTimeOffset')
]

export const names: Names = { set: 'Figures', property: name => columns.find(one => one.name === name), all: columns.map(({ name }) => name) }

/** Every operation in brackets. */
export function bracketed (tree: Expression): string {
  switch (tree.kind) {
    case 'literal': return tree.type === 'string' ? `'${String(tree.value)}'` : `${tree.type} ${String(tree.value)}`
    case 'property': return tree.property.name
    case 'call': return `${tree.name}(${tree.args.map(bracketed).join(', ')})`
    case 'in': return `(${bracketed(tree.of)} in [${tree.items.map(bracketed).join(', ')}])`
    case 'not': return `(not ${bracketed(tree.of)})`
    case 'compare': return `(${bracketed(tree.left)} ${tree.operator} ${bracketed(tree.right)})`
    default: return `(${bracketed(tree.left)} ${tree.kind} ${bracketed(tree.right)})`
  }
}

export const understood = (text: string, aliases?: Aliases): string => bracketed(parseFilter(text, names, aliases))

/** What is said where a filter is refused: the status, and the sentence without the end that all have. */
export function refusal (work: () => unknown): string {
  try {
    return `taken: ${JSON.stringify(work())}`
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return `${error.status} ${error.message}`
  }
}

const postgres = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler()
  }
})

export function asked (text: string): { sql: string, parameters: readonly unknown[] } {
  const { sql, parameters } = conditionOf(parseFilter(text, names)).compile(postgres)
  return { sql, parameters }
}
