// One page of a set: filtered, ordered and cut by the database, and turned from its text into JSON without becoming objects.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { escapedText as escaped, readPage } from '../../db/bulk.js'
import type { Connection, Ctx } from '../../db/connection.js'
import { beyond, readCursor, writeCursor } from '../../db/keyset.js'
import type { Access } from '../../db/kind.js'
import { cellsBefore, endOfLines } from '../../http/copy_text.js'
import { jsonFromText, type CellKind } from '../../http/rows.js'
import { problem } from '../../problems.js'
import { pinned } from './filter/expression.js'
import { conditionOf } from './filter/sql.js'
import { columnTypes, type EdmType, type EntitySet, type Property, type SortKey, type Source } from './model.js'
import type { Options, Sort } from './options.js'

export interface Wanted {
  set: EntitySet
  options: Options
  /** Rows a page. */
  size: number
  /** Marks the walk that a cursor belongs to. */
  mark: string
  /** Decimals as texts, as IEEE754Compatible=true asks. */
  exact: boolean
}

export interface RowsPage { items: Buffer, count?: number, next: string | null, recorded: Access[] }

export async function readRows (connection: Connection, ctx: Ctx, { set, options, size, mark, exact }: Wanted): Promise<RowsPage> {
  const properties = options.select ?? set.properties
  const keys = keysOf(set, options.orderby)
  const token = readCursor(options.skiptoken, mark)?.map(String)
  const left = token === undefined ? options.top : leftOf(token[0])
  const whole = left !== undefined && left <= size
  const { rows, recorded } = await open(ctx, set, options)
  let query = rows.select(lineOf(properties, keys).as('line')).orderBy(sql.join(keys.map(({ by, descending }) => descending ? sql`${by} desc` : by)))
    .limit(sql.lit(whole ? left : size + 1))
  if (token !== undefined) query = query.where(behindOf(set, options.orderby, keys, token.slice(1)))
  if (options.skip > 0) query = query.offset(sql.lit(options.skip))
  const counted = options.count && token === undefined ? rows.select(eb => eb.fn.countAll<number>().as('total')) : undefined
  const steady = set.behind !== undefined && options.filter === undefined && options.orderby.length === 0
  const { text, total } = await readPage(connection, { lines: query, ...(counted && { counted }), steady })
  const end = whole ? text.length : endOfLines(text, size)
  const next = end < text.length ? writeCursor(mark, [left === undefined ? '' : String(left - size), ...cellsBefore(text, end).slice(properties.length) as string[]]) : null
  return { items: asJson(properties, exact)(text.subarray(0, end)).subarray(0, -1), next, recorded, ...(total !== undefined && { count: total }) }
}

/** How many rows of those that were asked for are left; undefined for all. */
function leftOf (text: string | undefined): number | undefined {
  if (text === '') return undefined
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text)
  throw problem('expired_cursor', 'The link to the next page is damaged. Start again without it.')
}

export async function countRows (ctx: Ctx, set: EntitySet, options: Options): Promise<{ count: number, recorded: Access[] }> {
  const { rows, recorded } = await open(ctx, set, options)
  const { count } = await rows.select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return { count, recorded }
}

async function open (ctx: Ctx, set: EntitySet, { filter }: Options): Promise<Source> {
  const { rows, recorded } = await set.open(ctx, pinned(filter))
  return { rows: filter === undefined ? rows : rows.where(conditionOf(filter)), recorded }
}

/** What stands for null behind the key that tells it apart: any value does. */
const some: Record<EdmType, string> = { String: '', Decimal: '0', Int32: '0', Boolean: 'false', Date: '2000-01-01', DateTimeOffset: '2000-01-01' }

/** As OData has it, null comes before everything else. */
function keysOf ({ order }: EntitySet, sorts: Sort[]): SortKey[] {
  return [...sorts.flatMap(({ property: { column, type, nullable }, descending }): SortKey[] => {
    const cast = columnTypes[type]
    const held = nullable ? sql`coalesce(${column}, ${sql.lit(some[type])}::${sql.raw(cast)})` : column
    const by = type === 'String' ? sql`${held} collate "C"` : held
    return [...(nullable ? [{ by: sql`(${column} is not null)`, cast: 'boolean', descending }] : []), { by, cast, descending }]
  }), ...order]
}

function behindOf (set: EntitySet, sorts: Sort[], keys: SortKey[], cursor: string[]): RawBuilder<SqlBool> {
  return sorts.length === 0 && set.behind !== undefined ? set.behind(cursor) : behind(keys, cursor)
}

/** Keys that go the same way are compared as one row. */
function behind (keys: SortKey[], cursor: string[]): RawBuilder<SqlBool> {
  const turn = keys.findIndex(({ descending }) => descending !== keys[0]!.descending)
  const count = turn === -1 ? keys.length : turn
  const [run, rest] = [keys.slice(0, count), keys.slice(count)]
  const bys = run.map(({ by }) => by)
  const here = beyond(bys, turn === -1 ? cursor : cursor.slice(0, count), { descending: run[0]!.descending, casts: run.map(({ cast }) => cast) })
  if (rest.length === 0) return here
  const same = sql.join(run.map(({ by, cast }, i) => sql`${by} = ${cursor[i] ?? ''}::${sql.raw(cast)}`), sql` and `)
  return sql<SqlBool>`(${here} or (${same} and ${behind(rest, cursor.slice(count))}))`
}

function textOf ({ type, column, text, plain }: Property): RawBuilder<unknown> {
  if (text !== undefined) return text
  if (type === 'DateTimeOffset') return sql`instant_text(${column})`
  if (type === 'Decimal') return sql`trim_scale(${column})::text`
  if (type === 'Boolean') return sql`case when ${column} then 't' when not ${column} then 'f' end`
  return type === 'String' && plain === undefined ? escaped(column) : sql`${column}::text`
}

/** A row as a line of COPY's text, and behind it where it stands in the order. */
function lineOf (properties: Property[], keys: SortKey[]): RawBuilder<string> {
  const cells = properties.map(one => sql`coalesce(${textOf(one)}, '\\N')`)
  const place = keys.map(({ by, cast }) => cast === 'text' ? escaped(by) : sql`${by}::text`)
  return sql`concat(concat_ws(e'\t', ${sql.join([...cells, ...place])}), e'\n')`
}

const cellKinds: Record<EdmType, CellKind> = { String: 'text', Decimal: 'number', Int32: 'number', Boolean: 'boolean', Date: 'text', DateTimeOffset: 'text' }

const asJson = (properties: Property[], exact: boolean) =>
  jsonFromText(properties.map(({ name, type }) => [name, exact && type === 'Decimal' ? 'text' : cellKinds[type]] as const), ',')
