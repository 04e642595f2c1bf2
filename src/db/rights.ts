// Who may write which figures, and so who sees them as they are where a disclosure rule hides them from others: contract,
// section 7. Organisations own their lines; nobody owns a figure of another.
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import { reaches, type Actor } from './actor.js'

/** Roles on a line by which an organisation answers for its figures. */
export const answering = ['lead', 'data_provider', 'delivery'] as const

/** The area and all that it lies in. */
const around = (area: RawBuilder<unknown>) => sql`(with recursive around (code) as (
    select ${area} union select areas.parent from areas join around on areas.code = around.code where areas.parent is not null
  ) select code from around)`

const linesOf = (measure: RawBuilder<unknown>, area: RawBuilder<unknown>, whose: RawBuilder<SqlBool>) => sql<SqlBool>`exists (
  select from plan_measures line join plans whole on whole.code = line.plan
  where line.measure = ${measure} and ${whose} and (whole.area in ${around(area)} or line.area in ${around(area)}))`

/**
 * Whether the actor may write the figures of a measure in an area, both given as SQL: those of its lines, in the plan's
 * area and inside it; of measures that name it as provider; with the role editor of measures that it looks after.
 */
export function writesFigures (actor: Actor, measure: RawBuilder<unknown>, area: RawBuilder<unknown>): Expression<SqlBool> {
  if (actor.role === 'admin') return sql<SqlBool>`true`
  if (!reaches(actor, 'contributor') || actor.organisation === null) return sql<SqlBool>`false`
  const { organisation } = actor
  const parts = sql.join(answering.map(role => sql`jsonb_build_array(jsonb_build_object('organisation', ${organisation}::text, 'role', ${sql.lit(role)}))`))
  const steward = reaches(actor, 'editor') ? sql`or own.steward = ${organisation}` : sql``
  return sql<SqlBool>`(exists (select from measures own where own.code = ${measure} and (own.data_provider = ${organisation} ${steward}))
    or ${linesOf(measure, area, sql<SqlBool>`line.organisations @> any (array[${parts}])`)})`
}

/** Whether the actor sees these figures as they are: what it may write, and with the role editor what its plans are about. */
export function seesRaw (actor: Actor, measure: RawBuilder<unknown>, area: RawBuilder<unknown>): Expression<SqlBool> {
  const writes = writesFigures(actor, measure, area)
  if (actor.role === 'admin' || !reaches(actor, 'editor') || actor.organisation === null) return writes
  return sql<SqlBool>`(${writes} or ${linesOf(measure, area, sql<SqlBool>`whole.owner = ${actor.organisation}`)})`
}
