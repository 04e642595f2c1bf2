// What each kind of rule for colours needs to say, and what would contradict itself. Pure.
import type { Fault } from '../../problems.js'
import { ragForms, type RagRule } from '../../statistics/rag.js'
import { numberFaults } from '../checks.js'

const common = new Set(['kind', 'version', 'polarity', 'forecasts'])

/** Each kind takes what it judges by, and nothing else; without a polarity of its own it has that of its measure. */
export function ragRuleFaults (rule: RagRule | null, polarity?: unknown): Fault[] {
  if (rule === null) return []
  const { needed, allowed } = ragForms[rule.kind]
  const taken = new Set<string>([...needed, ...allowed])
  const faults: Fault[] = needed.filter(name => rule[name] === undefined)
    .map(name => ({ pointer: `/rag_rule/${name}`, code: 'missing_member', detail: `A rule of kind ${rule.kind} needs ${name}.` }))
  for (const [name, member] of Object.entries(rule)) {
    if (common.has(name)) continue
    if (!taken.has(name)) faults.push({ pointer: `/rag_rule/${name}`, code: 'contradiction', detail: `A rule of kind ${rule.kind} has no ${name}.` })
    else faults.push(...numberFaults(member, `/rag_rule/${name}`))
  }
  return faults.length > 0 ? faults : orderFaults({ polarity: polarity as RagRule['polarity'], ...rule } as RagRule)
}

function orderFaults (rule: RagRule): Fault[] {
  const { kind, polarity, green, amber } = rule
  const fault = (name: string, detail: string): Fault[] => [{ pointer: `/rag_rule/${name}`, code: 'contradiction', detail }]
  if (kind === 'thresholds' && polarity === 'in_range') return fault('polarity', 'Where values are good on both sides of a point, the rule is a band.')
  if (kind === 'thresholds' && polarity === 'higher_is_better' && amber! > green!) return fault('amber', 'Where higher is better, amber begins below green.')
  if (kind === 'thresholds' && polarity === 'lower_is_better' && amber! < green!) return fault('amber', 'Where lower is better, amber ends above green.')
  const { green_lower: from, green_upper: to, amber_lower: low, amber_upper: high } = rule
  return kind === 'band' && !(low! <= from! && from! <= to! && to! <= high!) ? fault('green_lower', 'The green band lies inside the amber one: amber_lower, green_lower, green_upper, amber_upper do not fall.') : []
}
