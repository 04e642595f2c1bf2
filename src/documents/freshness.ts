// How fresh plans are: when the newest figure of each came in, and how many figures are overdue.
import { sql } from 'kysely'
import { snapshot, type Ctx } from '../db/connection.js'
import { permits } from '../db/visibility.js'
import { readReturns } from './returns/read.js'

/** Seconds since 1970; null where there is no figure. */
export interface Freshness { plan: string, newest: number | null, overdue: number }

/** Of the plans that the caller may see; `on` is the day that decides what is overdue. */
export const readFreshness = (ctx: Ctx, on: string): Promise<Freshness[]> => snapshot(ctx, async ctx => {
  const { rows } = await sql<{ plan: string, newest: number | null }>`
    select p.code as plan, extract(epoch from max(w.at))::float8 as newest
    from plans p
    left join plan_measures line on line.plan = p.code
    left join measures m on m.code = line.measure and ${permits(ctx.actor, 'm.visibility', 'm.steward')}
    left join series s on s.measure = m.code and s.face <> 'raw'
    left join latest_figures l on l.series_id = s.id
    left join figures f on f.series_id = l.series_id and f.period_id = l.period_id
    left join writes w on w.id = f.write_id
    where ${permits(ctx.actor, 'p.visibility', 'p.owner')}
    group by p.code order by p.code`.execute(ctx.db)
  const overdue = new Map<string, number>()
  for (const { plan } of await readReturns(ctx, { on, state: 'overdue' })) overdue.set(plan, (overdue.get(plan) ?? 0) + 1)
  return rows.map(({ plan, newest }) => ({ plan, newest, overdue: overdue.get(plan) ?? 0 }))
})
