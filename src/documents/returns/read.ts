// Reads what returns are made of: the lines that the caller may see, and since when what they ask for is held.
import { sql } from 'kysely'
import { snapshot, type Ctx } from '../../db/connection.js'
import { visible } from '../../db/visibility.js'
import { figuresFor, readInstant } from '../../resources/datapoints/select.js'
import { compareKeys, foretold, keyOf, owedOn, placeOf, returnsOn, stillToCome, type Bounds, type Line, type Owed } from './rules.js'
import type { Return } from './schema.js'

export interface Wanted { on: string, organisation?: string, plan?: string, measure?: string, state?: string, as_of?: string }

/** All returns that are asked for, in their order. */
export const readReturns = (ctx: Ctx, wanted: Wanted): Promise<Return[]> => snapshot(ctx, async ctx => {
  const { organisation, state, on } = wanted
  const owed = (await linesOf(ctx, wanted)).flatMap(owedOn).filter(one => organisation === undefined || one.organisation === organisation)
  const returns = returnsOn(on, owed, await arrivals(ctx, owed, wanted.as_of))
  return returns.filter(one => state === undefined || one.state === state).sort((a, b) => compareKeys(keyOf(a), keyOf(b)))
})

async function linesOf (ctx: Ctx, { organisation, plan, measure }: Wanted): Promise<Line[]> {
  let query = ctx.db.selectFrom('plan_measures')
    .innerJoin('plans', 'plans.code', 'plan_measures.plan')
    .innerJoin('measures', 'measures.code', 'plan_measures.measure')
    .select(['plan_measures.plan', 'plan_measures.code as plan_measure', 'plan_measures.measure', sql`coalesce(plan_measures.area, plans.area)`.as('area'),
      'plan_measures.organisations', 'data_provider', 'frequency', 'year_kind', 'timing', 'collection_lag_days', 'measures.status as measure_status',
      'plans.status as plan_status', 'starts', 'ends'])
    .where(visible({ table: 'plan_measures' }, ctx) as never)
  if (plan !== undefined) query = query.where('plan_measures.plan', '=', plan)
  if (measure !== undefined) query = query.where('plan_measures.measure', '=', measure)
  if (organisation !== undefined) {
    query = query.where(sql<boolean>`(data_provider = ${organisation} or plan_measures.organisations @> ${JSON.stringify([{ organisation }])}::jsonb)`)
  }
  return await query.execute() as unknown as Line[]
}

const distinct = <T extends readonly string[]>(lists: T[]): T[] => [...new Map(lists.map(list => [list.join('/'), list])).values()]

/**
 * Since when each place that is asked for holds a figure without a gap: what was withdrawn or put off was not held. Only the
 * series and periods that are asked for are looked at, each by its key, however many others there are.
 */
async function arrivals (ctx: Ctx, owed: Owed[], asOf: string | undefined): Promise<Map<string, string>> {
  const series = distinct(owed.map(one => [one.measure, one.area]))
  const bounds = distinct(owed.flatMap(one => one.answers))
  const known = asOf === undefined ? sql`true` : sql`recorded_at <= ${readInstant(asOf, 'as_of')}::timestamptz`
  const { rows } = await sql<{ measure: string, area: string, starts: string, ends: string, since: string }>`
    select measure, area, starts, ends, (min(recorded_at) at time zone 'UTC')::date as since
    from (
      select measure, area, starts, ends, recorded_at, bool_and(${isHeld}) over (partition by series_id, period_id order by revision desc) as held
      from ${figuresFor(ctx, 'figure_history')} every
      where ${known}
        and series_id = any (array(select id from series
          join unnest(${series.map(([measure]) => measure)}::text[], ${series.map(([, area]) => area)}::text[]) as wanted (measure, area) using (measure, area)
          where statistic = 'level'))
        and period_id = any (array(select id from periods
          join unnest(${starts(bounds)}::date[], ${ends(bounds)}::date[]) as wanted (starts, ends) using (starts, ends)))
    ) as revisions
    where held group by measure, area, starts, ends`.execute(ctx.db)
  return new Map(rows.map(row => [placeOf(row.measure, row.area, [row.starts, row.ends]), row.since]))
}

const starts = (bounds: Bounds[]) => bounds.map(([start]) => start)
const ends = (bounds: Bounds[]) => bounds.map(([, end]) => end)

const isHeld = sql`not deleted and not coalesce(missing = any (${stillToCome}::text[]), false) and status <> all (${foretold}::text[])`
