// The front page: the plans that the caller may see, with the versions of each that were published.
import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import { snapshot, type Ctx } from '../db/connection.js'
import { permits, visible } from '../db/visibility.js'
import { headingOf } from '../documents/report/report.js'
import { longDate } from '../documents/report/dates.js'
import { reading } from '../http/context.js'
import { sendPage } from './assets.js'
import { renderHome, type HomePlan } from './home.js'

export function homeRoute (app: FastifyInstance): void {
  app.get('/', { config: { role: 'public', formats: ['html'] }, schema: { hide: true } }, async (request, reply) =>
    sendPage(reply, renderHome(await snapshot(reading(request), readPlans))))
}

/** The newest first. */
async function readPlans (ctx: Ctx): Promise<HomePlan[]> {
  const rows = await ctx.db.selectFrom('plans')
    .leftJoin('organisations', 'organisations.code', 'plans.owner').leftJoin('areas', 'areas.code', 'plans.area')
    .select(['plans.code', 'plans.title', 'edition', 'period', 'status', 'status_printed', 'plans.owner', 'organisations.title as owner_title', 'areas.title as area_title'])
    .where(visible({ table: 'plans' }, ctx) as never).orderBy(sql`plans.starts desc nulls last`).orderBy('plans.code').execute()
  const published = await ctx.db.selectFrom('publications').select(['plan', 'label', 'date'])
    .where(permits(ctx.actor, 'publications.visibility', 'publications.owner')).orderBy('published_at', 'desc').execute()
  const about = { kind: 'live', at: new Date().toISOString() } as const
  return rows.map(({ period, edition, status_printed: printed, owner_title: owner, area_title: area, ...plan }) => ({
    ...headingOf(
      { ...plan, period: period ?? undefined, edition: edition ?? undefined, status_printed: printed as string[] },
      { owner: owner ?? plan.owner, area },
      about
    ),
    code: plan.code,
    publications: published.filter(one => one.plan === plan.code).map(({ label, date }) => ({ label, date: longDate(date) }))
  }))
}
