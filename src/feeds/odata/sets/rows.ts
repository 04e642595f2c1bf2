// Rows that are worked out outside of the database become columns of a query, so that all sets are filtered, ordered and paged
// in one way.
import { sql } from 'kysely'
import type { Ctx } from '../../../db/connection.js'
import { columnTypes, type Property, type Source } from '../model.js'

export function queryOf ({ db }: Ctx, properties: Property[], rows: Array<Record<string, unknown>>): Source['rows'] {
  const columns = sql.join(properties.map(({ name, type }) => sql`${sql.ref(name)} ${sql.raw(columnTypes[type])}`))
  const table = sql`(select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as held (${columns}))`
  return db.selectFrom(table.as('row') as never) as Source['rows']
}
