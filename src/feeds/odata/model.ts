// What the feed is made of: entity sets with flat properties, each of which is a column of one query.
import type { RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import type { Access } from '../../db/kind.js'
import type { Tables } from '../../db/tables.js'

export type EdmType = 'String' | 'Decimal' | 'Int32' | 'Boolean' | 'Date' | 'DateTimeOffset'

/** What each type is to the database. */
export const columnTypes: Record<EdmType, string> = {
  String: 'text', Decimal: 'numeric', Int32: 'integer', Boolean: 'boolean', Date: 'date', DateTimeOffset: 'timestamptz'
}

export interface Property {
  name: string
  type: EdmType
  nullable: boolean
  about: string
  maxLength?: number
  /** Its value in a query of the set. */
  column: RawBuilder<unknown>
  /** The value as text, where the database holds that already. */
  text?: RawBuilder<unknown>
  /** A text without tabs, line breaks and backslashes, for which one need not look. */
  plain?: true
  /** Whether the value is this text, where that is found by other columns. */
  is? (text: string): RawBuilder<SqlBool>
}

/** A part of an order; none of its values is null. */
export interface SortKey { by: RawBuilder<unknown>, cast: string, descending: boolean }

export interface Source {
  /** The rows that the caller may see. */
  rows: SelectQueryBuilder<Tables, never, object>
  /** Sorts of reads that leave a line, where the rows call for it. */
  recorded: Access[]
}

/** What a filter asks of a property whatever else it says: one of these values. */
export type Pinned = Map<string, string[]>

export interface EntitySet {
  name: string
  type: string
  about: string
  key: string[]
  properties: Property[]
  /** The order where none is asked for; unique. */
  order: SortKey[]
  /** What stands behind a cursor of that order, where that is found sooner than by the keys one after the other. */
  behind? (cursor: string[]): RawBuilder<SqlBool>
  open (ctx: Ctx, pinned: Pinned): Promise<Source>
}

export const propertyOf = ({ properties }: EntitySet, name: string): Property | undefined => properties.find(property => property.name === name)
