// The plan document read: of the live plan its head at once and the rest of the same state when it is there; of a
// publication what was frozen.
import { snapshot, type Ctx } from '../../db/connection.js'
import { readBundle, readPlan } from '../bundle_read.js'
import type { BundleBody } from '../bundle_schema.js'
import { bundleOf, findPublication, versionsOf } from '../publications.js'
import type { PlanItem } from './items.js'
import { headingOf, reportOf, type Heading, type Report } from './report.js'

export interface Version { label: string, date: string }

export interface PlanDocument {
  heading: Heading
  /** What was published of the plan, newest first. */
  versions: Version[]
  whole: Promise<{ bundle: BundleBody, report: Report }>
}

export const readDocument = (ctx: Ctx, plan: string, publication: string | undefined): Promise<PlanDocument> =>
  publication === undefined ? live(ctx, plan) : published(ctx, plan, publication)

/** The head is known before the bundle is read, so that a page can be on its way early. */
function live (ctx: Ctx, code: string): Promise<PlanDocument> {
  const about = { kind: 'live' as const, at: new Date().toISOString() }
  return new Promise((resolve, reject) => {
    const whole = snapshot(ctx, async ctx => {
      const plan = await readPlan(ctx, code) as unknown as PlanItem
      const owner = await titleOf(ctx, 'organisations', plan.owner) ?? plan.owner
      const area = await titleOf(ctx, 'areas', plan.area)
      resolve({ heading: headingOf(plan, { owner, area }, about), versions: await versionsOf(ctx, code), whole })
      return readBundle(ctx, code)
    }).then(bundle => ({ bundle, report: reportOf(bundle, about, about.at.slice(0, 10)) }))
    // Whoever waits for the head is told; whoever waits for the whole has the promise itself.
    whole.catch(reject)
  })
}

const titleOf = async (ctx: Ctx, table: 'organisations' | 'areas', code: string | undefined) =>
  code === undefined ? null : (await ctx.db.selectFrom(table).select('title').where('code', '=', code).executeTakeFirst())?.title ?? null

async function published (ctx: Ctx, plan: string, label: string): Promise<PlanDocument> {
  const found = await findPublication(ctx, plan, label)
  const { date, note, digest, published_at, redacted_at } = found
  const bundle = await bundleOf(ctx, found)
  // What was overdue is what was overdue then.
  const report = reportOf(bundle, { kind: 'publication', label: found.label, date, note, digest, published_at, redacted_at }, published_at.slice(0, 10))
  return { heading: report.heading, versions: await versionsOf(ctx, plan), whole: Promise.resolve({ bundle, report }) }
}
