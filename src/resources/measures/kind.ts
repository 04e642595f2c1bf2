// Measures as a kind: references, filters and the rules that a schema cannot say.
import { sql, type Expression, type SqlBool } from 'kysely'
import type { Fault } from '../../problems.js'
import { code, enumOf } from '../../http/schema.js'
import type { Ctx } from '../../db/connection.js'
import { column, filters, type Kind, type Right, type Scope } from '../../db/kind.js'
import { edits } from '../../db/record_rights.js'
import type { RagRule } from '../../statistics/rag.js'
import { ragRuleFaults } from '../rag_rules/rules.js'
import { ragVersionFaults } from '../rag_rules/version.js'
import { applyRules } from '../disclosures/publish.js'
import { Measure } from './schema.js'

/** Codes of the measures that a plan lists, names as supporting a line, or reports on besides. */
export const measuresOfPlan = (plan: string) => sql<string>`(
  select measure from uses where measure is not null and plan = ${plan} and resource in ('plans', 'plan_measures'))`

function check (item: Record<string, unknown>): Fault[] {
  const faults: Fault[] = []
  const allowed = item.allowed as { min?: number, max?: number } | null
  if (allowed?.min !== undefined && allowed.max !== undefined && allowed.min > allowed.max) {
    faults.push({ pointer: '/allowed', code: 'contradiction', detail: 'The smallest allowed value is above the largest.' })
  }
  if (item.per !== null && item.unit !== 'rate') {
    faults.push({ pointer: '/per', code: 'contradiction', detail: `Only a rate has a base; the unit is ${item.unit === null ? 'not defined' : String(item.unit)}.` })
  }
  const dimensions = item.dimensions as Array<{ code: string, values: Array<{ code: string }> }>
  dimensions.forEach((dimension, i) => {
    faults.push(...repeated(dimension.values.map(value => value.code), `/dimensions/${i}/values`))
  })
  faults.push(...repeated(dimensions.map(dimension => dimension.code), '/dimensions'), ...checkDisclosure(item.disclosure as Record<string, unknown>))
  faults.push(...ragRuleFaults(item.rag_rule as RagRule | null, item.polarity))
  return faults
}

function repeated (codes: string[], pointer: string): Fault[] {
  const seen = new Set<string>()
  return codes.flatMap((one, i) => seen.has(one.toLowerCase())
    ? [{ pointer: `${pointer}/${i}/code`, code: 'repeated', detail: `The code '${one}' stands twice in the list.` }]
    : (seen.add(one.toLowerCase()), []))
}

function checkDisclosure (disclosure: Record<string, unknown>): Fault[] {
  const { rule, suppress_from: from, suppress_to: to } = disclosure
  if (rule === 'none') {
    return Object.keys(disclosure).length === 1 ? [] : [{ pointer: '/disclosure', code: 'contradiction', detail: 'The rule none takes no further members.' }]
  }
  return typeof from === 'number' && typeof to === 'number' && from <= to
    ? []
    : [{ pointer: '/disclosure', code: 'missing_member', detail: 'The rule suppress needs suppress_from and suppress_to, the smallest and the largest count to hide.' }]
}

function right ({ actor }: Ctx, _: Scope, { steward }: Record<string, unknown>, stored: boolean): Right {
  if (edits(actor, steward)) return true
  if (!stored) return { because: `The key writes measures of which '${String(actor.organisation)}' is steward: name it as steward. To give a measure to another, ask an administrator.` }
  return { because: steward === null ? 'The measure has no steward, so only administrators may change it.' : `Only editors of '${String(steward)}', the steward of the measure, may change it.` }
}

export const measures: Kind = {
  table: 'measures',
  segment: 'measures',
  parameter: 'measure',
  noun: 'measure',
  owner: null,
  written: 'Written by editors of its steward, which a new one must name; only administrators give it to another.',
  right,
  schema: Measure,
  references: [{ path: 'steward', to: 'organisations' }, { path: 'data_provider', to: 'organisations' }, { path: 'breaks.area', to: 'areas' }],
  loose: { links: ({ measure }: { measure: string }, { measures }) => measures.has(measure) },
  filters: filters({
    status: column(enumOf(['placeholder', 'active', 'retired'], 'Only measures of this status.')),
    steward: column(code('Only measures that this organisation looks after.'), 'organisations'),
    data_provider: column(code('Only measures that this organisation supplies.'), 'organisations'),
    plan: {
      schema: code('Only measures of this plan, on a line or supporting.'),
      names: 'plans',
      where: (_, value): Expression<SqlBool> => sql`measures.code in ${measuresOfPlan(value)}`
    }
  }),
  check,
  replace: ragVersionFaults,
  follow: applyRules
}
