// Targets as a kind: what belongs to a measure, and what each sort of target needs to say.
import { sql, type Expression, type SqlBool } from 'kysely'
import { code, enumOf } from '../../http/schema.js'
import type { Ctx } from '../../db/connection.js'
import { column, filters, type Kind, type Right, type Scope } from '../../db/kind.js'
import { edits, ownerOfPlan, rightToPlan } from '../../db/record_rights.js'
import type { Fault } from '../../problems.js'
import { areasWithin } from '../areas/kind.js'
import { numberFaults, periodFaults } from '../checks.js'
import { Target, targetKinds } from './schema.js'

type Item = Record<string, unknown>

/** What each sort takes: numbers that must be there, numbers that may, and operators (one of them, where there are any). */
const forms: Record<typeof targetKinds[number], { needed: string[], allowed?: string[], operators: string[] }> = {
  absolute: { needed: ['value'], operators: ['at_least', 'at_most', 'equal', 'above', 'below'] },
  range: { needed: ['lower', 'upper'], operators: ['between'] },
  relative: { needed: ['comparator'], allowed: ['value'], operators: ['at_least', 'at_most', 'equal', 'above', 'below', 'in_line'] },
  directional: { needed: [], allowed: ['comparator'], operators: ['increase', 'decrease'] },
  change: { needed: ['value'], operators: ['reduce_by', 'increase_by'] },
  milestone: { needed: [], operators: [] },
  external_reference: { needed: [], operators: [] }
}

const governed = ['value', 'lower', 'upper', 'comparator']

function check (item: Item): Fault[] {
  const kind = item.kind as typeof targetKinds[number]
  const { needed, allowed = [], operators } = forms[kind]
  const faults: Fault[] = governed.flatMap(name => item[name] === null
    ? needed.includes(name) ? [{ pointer: `/${name}`, code: 'missing_member', detail: `A target of kind ${kind} needs ${name}.` }] : []
    : needed.includes(name) || allowed.includes(name) ? [] : [{ pointer: `/${name}`, code: 'contradiction', detail: `A target of kind ${kind} has no ${name}.` }])
  if (item.operator === null ? operators.length > 1 : !operators.includes(item.operator as string)) {
    const detail = operators.length === 0 ? `A target of kind ${kind} has no operator.` : `A target of kind ${kind} has one of these operators: ${operators.join(', ')}.`
    faults.push({ pointer: '/operator', code: item.operator === null ? 'missing_member' : 'contradiction', detail, allowed: operators })
  }
  if (item.lower !== null && item.upper !== null && (item.lower as number) > (item.upper as number)) {
    faults.push({ pointer: '/lower', code: 'contradiction', detail: 'The lower bound is above the upper.' })
  }
  if (item.period !== null && item.by !== null) {
    faults.push({ pointer: '/by', code: 'contradiction', detail: 'A target has a period or a day, not both.' })
  }
  const baseline = item.baseline as { value?: number, period?: string } | null
  const numbers = [...['value', 'lower', 'upper'].flatMap(name => numberFaults(item[name], `/${name}`)), ...numberFaults(baseline?.value, '/baseline/value')]
  return [...faults, ...numbers, ...periodFaults(item.period), ...periodFaults(baseline?.period, '/baseline/period')]
}

/** A breakdown is one that the measure's figures can have. */
async function confirm (ctx: Ctx, measure: Scope, item: Item): Promise<Fault[]> {
  const breakdown = Object.entries(item.breakdown as Record<string, string>)
  if (breakdown.length === 0) return []
  const { dimensions } = await ctx.db.selectFrom('measures').select('dimensions').where('code', '=', measure).executeTakeFirstOrThrow()
  const known = dimensions as Array<{ code: string, values: Array<{ code: string }> }>
  return breakdown.flatMap(([name, value]) => {
    const values = known.find(dimension => dimension.code === name)?.values.map(({ code }) => code)
    if (values?.includes(value)) return []
    const detail = values === undefined ? `The measure '${measure}' has no dimension '${name}'.` : `The dimension '${name}' of the measure '${measure}' has no value '${value}'.`
    return [{ pointer: `/breakdown/${name}`, code: 'unknown_breakdown', detail, allowed: values ?? known.map(({ code }) => code) }]
  })
}

async function right (ctx: Ctx, measure: Scope, { plan }: Item): Promise<Right> {
  // A plan that the caller may not know of is missed as one that is not there.
  if (plan !== null) return await ownerOfPlan(ctx, plan as string) === undefined || rightToPlan(ctx, plan as string)
  const { steward } = await ctx.db.selectFrom('measures').select('steward').where('code', '=', measure).executeTakeFirstOrThrow()
  return edits(ctx.actor, steward) || { because: `A target that no plan sets is written by editors of the steward of the measure${steward === null ? ', which has none: ask an administrator' : `, '${steward}'`}.` }
}

export const targets: Kind = {
  table: 'targets',
  segment: 'targets',
  parameter: 'target',
  noun: 'target',
  owner: 'measure',
  written: 'Written by editors of the owner of the plan that sets it; where no plan does, of the steward of the measure.',
  right,
  schema: Target,
  references: [
    { path: 'measure', to: 'measures' },
    { path: 'plan', to: 'plans' },
    { path: 'area', to: 'areas' },
    { path: 'comparator', to: 'areas' }
  ],
  periods: ['period'],
  filters: filters({
    plan: column(code('Only targets that this plan sets.'), 'plans'),
    area: column(code('Only targets for this area.'), 'areas'),
    within: {
      schema: code('Only targets for this area or an area inside it.'),
      names: 'areas',
      where: (_, value): Expression<SqlBool> => sql`targets.area in ${areasWithin(value)}`
    },
    kind: column(enumOf(targetKinds, 'Only targets of this kind.'))
  }),
  check,
  confirm
}
