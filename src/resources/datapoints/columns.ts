// The row's columns in the contract's order: how each is read from the view and written in JSON and CSV.
import { sql, type RawBuilder } from 'kysely'
import { escapedText } from '../../db/bulk.js'
import type { CsvKind } from '../../http/csv_rows.js'
import type { CellKind } from '../../http/rows.js'
import { breakdownOf } from './breakdown.js'
import { columns } from './schema.js'

type Name = typeof columns[number] | 'measure_title' | 'area_title'

const kinds: Partial<Record<Name, CellKind>> = {
  breakdown: 'map',
  qualifiers: 'list',
  revised: 'boolean',
  deleted: 'boolean',
  ...Object.fromEntries(['value', 'numerator', 'denominator', 'lower_95', 'upper_95', 'per', 'rank_of', 'revision'].map(name => [name, 'number' as const]))
}

const free = new Set<Name>(['period_label', 'printed', 'note', 'source', 'measure_title', 'area_title'])

export const columnNames = (titles: boolean): Name[] => titles ? [...columns, 'measure_title', 'area_title'] : [...columns]

export const csvKinds = (titles: boolean): CsvKind[] => columnNames(titles).map(name => kinds[name] === 'boolean' ? 'boolean' : free.has(name) ? 'text' : 'code')

export const cellKinds = (titles: boolean) => columnNames(titles).map(name => [name, kinds[name] ?? 'text'] as const)

/** Each cell as it is on the wire, but for lists, maps and truths. */
export const plainColumns = (titles: boolean): Array<RawBuilder<unknown>> =>
  columnNames(titles).map(name => sql.ref(name === 'recorded_at' ? 'recorded' : name) as unknown as RawBuilder<unknown>)

/** A cell of COPY's text; only what people write freely may hold what COPY marks, and what is true or false is always known. */
const copied = (name: Name, value: RawBuilder<unknown>) => kinds[name] === 'boolean'
  ? value
  : free.has(name)
    ? sql`coalesce(${escapedText(value)}, '\\N')`
    : sql`coalesce(${value}::text, '\\N')`

/** The row as one line of COPY's text, for statements that are no COPY, with further values behind its cells. */
export function lineOf (titles: boolean, behind: Array<RawBuilder<unknown>>): RawBuilder<string> {
  const names = columnNames(titles)
  const cells = [...plainColumns(titles).map((value, i) => copied(names[i]!, value)), ...behind]
  return sql`concat(concat_ws(e'\t', ${sql.join(cells)}), e'\n')`
}

export const isFree = (name: string) => free.has(name as Name)

export type DatapointRow = Record<string, unknown> & { measure: string, area: string, breakdown: Record<string, string> }

/** A row of the view as an object, for documents; numbers of at most 15 digits are exact as JSON numbers. */
export const asDatapoint = (row: Record<string, unknown>): DatapointRow => Object.fromEntries(Object.entries(row).map(([name, value]) => [name,
  name === 'breakdown'
    ? breakdownOf(value as string | null ?? '')
    : name === 'qualifiers' ? (value as string | null)?.split(';') ?? [] : kinds[name as Name] === 'number' && value !== null ? Number(value) : value
])) as DatapointRow
