// Statements as a section of a plan: each kind has its own coded form.
import { code, enumOf } from '../../http/schema.js'
import { column, filters, type Kind } from '../../db/kind.js'
import type { Fault } from '../../problems.js'
import { numberFaults } from '../checks.js'
import { Statement, statementKinds } from './schema.js'

const coded = ['direction', 'measure', 'area', 'against', 'against_printed', 'significance', 'period']

const forms: Partial<Record<typeof statementKinds[number], string[]>> = {
  comparison: coded,
  trend: coded,
  target_attainment: coded,
  availability: coded,
  caution: coded,
  method_change: coded,
  figure: ['value', 'number', 'unit', 'bound', 'period', 'measure', 'area'],
  status_summary: ['total', 'counts', 'period'],
  equality: ['characteristic', 'positive', 'adverse', 'unmet', 'evidence'],
  reference: ['url']
}

function check (item: Record<string, unknown>): Fault[] {
  const data = item.data as Record<string, unknown>
  const allowed = forms[item.kind as typeof statementKinds[number]] ?? []
  const faults: Fault[] = Object.keys(data).filter(name => !allowed.includes(name)).map(name => ({
    pointer: `/data/${name}`,
    code: 'contradiction',
    detail: `A statement of kind ${item.kind as string} has no ${name}; ${allowed.length === 0 ? 'it has no coded form' : `it may have ${allowed.join(', ')}`}.`,
    allowed
  }))
  faults.push(...numberFaults(data.number, '/data/number'))
  if (item.text === null && Object.keys(data).length === 0) {
    faults.push({ pointer: '/text', code: 'missing_member', detail: 'A statement says something: in text, in data or in both.' })
  }
  return faults
}

export const statements: Kind = {
  table: 'statements',
  segment: 'statements',
  parameter: 'statement',
  noun: 'statement',
  owner: 'plan',
  written: 'Written by editors of the organisation that owns the plan.',
  schema: Statement,
  references: [
    { path: 'priority', to: 'priorities' },
    { path: 'outcome', to: 'outcomes' },
    { path: 'plan_measure', to: 'plan_measures' },
    { path: 'action', to: 'actions' },
    { path: 'data.measure', to: 'measures' },
    { path: 'data.area', to: 'areas' },
    { path: 'data.against', to: 'areas' }
  ],
  filters: filters({
    kind: column(enumOf(statementKinds, 'Only statements of this kind.')),
    priority: column(code('Only statements about this priority.'), 'priorities'),
    outcome: column(code('Only statements about this outcome.'), 'outcomes'),
    plan_measure: column(code('Only statements about this line.'), 'plan_measures'),
    action: column(code('Only statements about this action.'), 'actions')
  }),
  check
}
