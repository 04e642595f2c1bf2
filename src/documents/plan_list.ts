// The plans that the caller may see, in a reader's words, with the versions of each that were published.
import { sql } from 'kysely'
import type { Ctx } from '../db/connection.js'
import { permits, visible } from '../db/visibility.js'
import { grouped } from './report/grouped.js'
import { headingOf, type Heading } from './report/report.js'
import type { Version } from './report/read.js'

export interface ListedPlan extends Heading { versions: Version[] }

/** The newest first. */
export async function readPlans (ctx: Ctx): Promise<ListedPlan[]> {
  const about = { kind: 'live', at: new Date().toISOString() } as const
  const rows = await ctx.db.selectFrom('plans')
    .leftJoin('organisations', 'organisations.code', 'plans.owner').leftJoin('areas', 'areas.code', 'plans.area')
    .select(['plans.code', 'plans.title', 'edition', 'period', 'status', 'status_printed', 'plans.owner', 'organisations.title as owner_title', 'areas.title as area_title'])
    .where(visible({ table: 'plans' }, ctx) as never).orderBy(sql`plans.starts desc nulls last`).orderBy('plans.code').execute()
  const published = await ctx.db.selectFrom('publications').select(['plan', 'label', 'date'])
    .where(permits(ctx.actor, 'publications.visibility', 'publications.owner')).orderBy('published_at', 'desc').execute()
  const versions = grouped(published, ({ plan }) => [plan])
  return rows.map(({ period, edition, status_printed: printed, owner_title: owner, area_title: area, ...plan }) => ({
    ...headingOf(
      { ...plan, period: period ?? undefined, edition: edition ?? undefined, status_printed: printed as string[] },
      { owner: owner ?? plan.owner, area },
      about
    ),
    versions: versions.get(plan.code) ?? []
  }))
}
