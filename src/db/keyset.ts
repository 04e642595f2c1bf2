// One page of an ordered query: never OFFSET, always "after this key". A cursor is opaque, carries the key of the last
// row and a mark of the list it belongs to.
import { createHash } from 'node:crypto'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { problem } from '../problems.js'

export interface PageRequest {
  limit: number
  after: Array<string | number> | null
  mark: string
  /** Whether the number of all items is wanted. */
  count: boolean
}

export interface Page<T> { items: T[], next: string | null, total?: number }

/** A short mark of everything that makes two walks of a list differ. */
export const markOf = (...parts: unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 10)

/** The mark is taken over the key as well, so a damaged cursor is recognised before it reaches the database. */
export const writeCursor = (mark: string, key: Array<string | number>) =>
  Buffer.from(JSON.stringify([1, markOf(mark, key), ...key])).toString('base64url')

export function readCursor (cursor: string | undefined, mark: string): Array<string | number> | null {
  if (cursor === undefined) return null
  try {
    const [version, of, ...key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string, ...Array<string | number>]
    if (version === 1 && of === markOf(mark, key)) return key
  } catch {}
  throw problem('expired_cursor', 'The cursor does not belong to this list, or is damaged. Start again without it, with the same filters to the end.')
}

/** Rows whose key is behind the given one: a row comparison, which the index of the same columns serves. */
export function beyond (
  keys: ReadonlyArray<RawBuilder<unknown>>,
  after: Array<string | number>,
  { descending = false, casts }: { descending?: boolean, casts?: string[] } = {}
): RawBuilder<SqlBool> {
  if (after.length !== keys.length) throw problem('expired_cursor', 'The cursor does not belong to this list, or is damaged. Start again without it.')
  const values = after.map((value, i) => casts === undefined ? sql`${value}` : sql`${String(value)}::${sql.raw(casts[i]!)}`)
  return sql<SqlBool>`(${sql.join(keys)}) ${sql.raw(descending ? '<' : '>')} (${sql.join(values)})`
}

/** Cuts the one row too many that tells whether there is a next page. */
export function cut<R> (rows: R[], { limit, mark }: PageRequest, keyOf: (row: R) => Array<string | number>): { items: R[], next: string | null } {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? writeCursor(mark, keyOf(items.at(-1)!)) : null }
}
