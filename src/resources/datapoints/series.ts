// Runs of figures that can be drawn as one line, as a table that is told from the figures.
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import { figuresFor } from './select.js'

/** Measures are in it, and so whether the caller may read these, which is not asked here. */
export const seriesOf = (ctx: Ctx, where: Expression<SqlBool>): RawBuilder<unknown> => sql`(
  select measure, area, breakdown, statistic, against, base_period, max(rank_basis) as rank_basis,
    (array_agg(period order by ends, starts, period_kind, period))[1] as first_period,
    (array_agg(period order by ends = 'infinity', ends desc, starts desc, period_kind desc, period desc))[1] as last_period,
    count(*) as count, breakdown_text, against_text, base_period_text
  from ${figuresFor(ctx, 'figures')} held
  where not deleted and ${where}
  group by measure, area, breakdown, statistic, against, base_period, breakdown_text, against_text, base_period_text)`
