// The series of a measure: which areas, breakdowns and statistics there are, and from when to when.
import { sql, type SqlBool } from 'kysely'
import type { FastifyInstance } from 'fastify'
import type { Ctx } from '../../db/connection.js'
import { beyond, cut, type PageRequest } from '../../db/keyset.js'
import { permits } from '../../db/visibility.js'
import { reading } from '../../http/context.js'
import { codeParam, operation } from '../../http/operation.js'
import { pageBody, pageHeaders, pageQuery, pageRequest } from '../../http/pages.js'
import { pageOf } from '../../http/schema.js'
import { problem } from '../../problems.js'
import { breakdownOf } from './breakdown.js'
import { Series } from './schema.js'
import { figuresFor } from './select.js'
import { seriesOf } from './series.js'

const SeriesPage = pageOf('SeriesPage', Series)

interface SeriesRow {
  area: string
  breakdown: string | null
  statistic: string
  breakdown_text: string
  against_text: string
  base_period_text: string
}

const keys = [sql`area`, sql`breakdown_text`, sql`statistic`, sql`against_text`, sql`base_period_text`]

async function listSeries (ctx: Ctx, measure: string, page: PageRequest) {
  const known = await ctx.db.selectFrom('measures').select('code').where('code', '=', measure).where(permits(ctx.actor, 'visibility', 'steward')).executeTakeFirst()
  if (known === undefined) throw problem('not_found', `There is no measure '${measure}'.`)
  const total = page.count ? { total: await countSeries(ctx, measure) } : {}
  const { rows } = await sql<SeriesRow>`
    select area, breakdown, statistic, against, base_period, rank_basis, first_period, last_period, count, breakdown_text, against_text, base_period_text
    from ${seriesOf(ctx, sql<SqlBool>`measure = ${measure}`)} series
    where ${page.after === null ? sql`true` : beyond(keys, page.after)}
    order by ${sql.join(keys)} limit ${page.limit + 1}`.execute(ctx.db)
  return { ...cut(rows, page, row => [row.area, row.breakdown_text, row.statistic, row.against_text, row.base_period_text]), ...total }
}

async function countSeries (ctx: Ctx, measure: string): Promise<number> {
  const { rows: [row] } = await sql<{ total: number }>`
    select count(distinct series_id) as total from ${figuresFor(ctx, 'figures')} held where measure = ${measure} and not deleted`.execute(ctx.db)
  return row!.total
}

const shown = ({ breakdown_text: text, against_text: _, base_period_text: __, ...row }: SeriesRow) => ({
  ...row,
  breakdown: breakdownOf(text)
})

export function seriesRoute (app: FastifyInstance): void {
  app.get('/v1/measures/:measure/series', operation({
    id: 'listSeries',
    tag: 'datapoints',
    summary: 'List the series of a measure',
    description: 'One entry for each area, breakdown and statistic that has figures.',
    role: 'public',
    params: { measure: codeParam('Code of the measure.', 'smoking-at-delivery') },
    query: pageQuery,
    answers: { 200: { schema: SeriesPage, description: 'A page.', headers: pageHeaders } },
    problems: ['not_found', 'expired_cursor']
  }), async (request, reply) => {
    const { items, ...page } = await listSeries(reading(request), (request.params as { measure: string }).measure, pageRequest(request))
    return pageBody(request, reply, { items: items.map(shown), ...page }, [])
  })
}
