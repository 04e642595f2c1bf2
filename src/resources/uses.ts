// Filters that plan sections share: by what a line or action names.
import { sql, type Expression, type SqlBool } from 'kysely'
import { code, enumOf } from '../http/schema.js'
import { useColumn, type Filter, type Kind, type Target } from '../db/kind.js'
import { roles } from './schema.js'

/** Items that name the value in one of their members. */
export const names = (table: Kind['table'], to: Target, description: string): Filter => ({
  schema: code(description),
  names: to,
  where: (_, value, scope): Expression<SqlBool> => sql`exists (select from uses u where u.plan = ${scope} and u.resource = ${table}
    and u.code = ${sql.ref(`${table}.code`)} and ${sql.ref(`u.${useColumn[to]}`)} = ${value})`
})

export const hasRole = (table: Kind['table']): Filter => ({
  schema: enumOf(roles, 'Only where some organisation, or the one named in organisation, has this role.'),
  where: (_, value, __, { organisation }): Expression<SqlBool> =>
    sql`${sql.ref(`${table}.organisations`)} @> ${JSON.stringify([{ role: value, ...(organisation !== undefined && { organisation }) }])}::jsonb`
})
