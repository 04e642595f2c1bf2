// Plans as a kind: references, filters, and the days that their period covers.
import { sql, type Expression, type SqlBool } from 'kysely'
import { code, date, enumOf } from '../../http/schema.js'
import { column, filters, keyOf, pathOf, type Kind } from '../../db/kind.js'
import { edits } from '../../db/record_rights.js'
import { forgetUses } from '../../db/references.js'
import type { WriteCtx } from '../../db/write.js'
import { periodOf } from '../../periods/period.js'
import type { RagRule } from '../../statistics/rag.js'
import { partyFaults, periodFaults } from '../checks.js'
import { ragRuleFaults } from '../rag_rules/rules.js'
import { ragVersionFaults } from '../rag_rules/version.js'
import { targets } from '../targets/kind.js'
import { Plan, planStatuses } from './schema.js'

/** Its targets lie under measures, so each is told to followers. */
async function clearTargets (ctx: WriteCtx, plan: string): Promise<void> {
  const rows = await ctx.db.deleteFrom('targets').where('plan', '=', plan).returning(['measure', 'code', 'version']).execute()
  await forgetUses(ctx, targets, null, rows.map(({ measure, code }) => keyOf(targets, measure, code)))
  for (const { measure, code, version } of rows) ctx.journal({ action: 'deleted', resource: pathOf(targets, measure, code), version, measure, plan })
}

export const plans: Kind = {
  table: 'plans',
  segment: 'plans',
  parameter: 'plan',
  noun: 'plan',
  owner: null,
  written: 'Written by editors of its owner, which a new one must name; only administrators give it to another.',
  right: ({ actor }, _, { owner }, stored) => edits(actor, owner) || {
    because: stored
      ? `Only editors of '${String(owner)}', which owns the plan, may write it.`
      : `The key writes plans of '${String(actor.organisation)}' only: name it as owner. To give a plan to another, ask an administrator.`
  },
  schema: Plan,
  references: [
    { path: 'owner', to: 'organisations' },
    { path: 'area', to: 'areas' },
    { path: 'organisations.organisation', to: 'organisations' },
    { path: 'comparators', to: 'areas' },
    { path: 'supporting_measures', to: 'measures' }
  ],
  loose: { predecessor: (code: string, { plans }) => plans.has(code) },
  periods: ['period'],
  filters: filters({
    owner: column(code('Only plans of this organisation.'), 'organisations'),
    area: column(code('Only plans about this area.'), 'areas'),
    status: column(enumOf(planStatuses, 'Only plans of this status.')),
    active_on: {
      schema: date('Only plans whose period includes this day.'),
      where: (_, value): Expression<SqlBool> => sql`plans.starts <= ${value} and plans.ends >= ${value}`
    }
  }),
  clear: clearTargets,
  check: item => [...partyFaults(item), ...periodFaults(item.period), ...ragRuleFaults(item.rag_rule as RagRule | null)],
  replace: ragVersionFaults,
  derive: item => {
    const period = item.period === null ? null : periodOf(item.period as string)
    return { starts: period?.start ?? null, ends: period?.end ?? null }
  }
}
