// What stands where: the one main place of each thing, and what is found by the things it names.
import { grouped } from './grouped.js'
import type { ActionItem, Indexes, LineItem, OutcomeItem, StatementItem } from './items.js'

/** A thing of the plan that others stand at: "outcomes 1a". */
export type Place = 'plan_measures' | 'actions' | 'outcomes' | 'priorities'
export const placeKey = (place: Place, code: string) => `${place} ${code}`

const mainLink = ({ priorities = [] }: ActionItem | LineItem) => (priorities.find(one => one.relation === 'primary') ?? priorities[0])?.priority

/** The one place where an action stands in full. */
export function mainPlace (item: ActionItem): string | null {
  if (item.parent !== undefined) return placeKey('actions', item.parent)
  if (item.plan_measures?.[0] !== undefined) return placeKey('plan_measures', item.plan_measures[0])
  if (item.outcomes?.[0] !== undefined) return placeKey('outcomes', item.outcomes[0])
  const priority = mainLink(item)
  return priority === undefined ? null : placeKey('priorities', priority)
}

function homeOf (item: LineItem): string | undefined {
  if (item.outcome !== undefined) return placeKey('outcomes', item.outcome)
  if (item.action !== undefined) return placeKey('actions', item.action)
  const priority = mainLink(item)
  return priority === undefined ? undefined : placeKey('priorities', priority)
}

/** What an action serves, each thing once. */
export const namedBy = ({ plan_measures = [], outcomes = [], priorities = [] }: ActionItem): Set<string> => new Set([
  ...plan_measures.map(code => placeKey('plan_measures', code)),
  ...outcomes.map(code => placeKey('outcomes', code)),
  ...priorities.map(link => placeKey('priorities', link.priority))
])

/** A statement about a priority and an action stands with the action. */
function statementPlace ({ plan_measure: line, action, outcome, priority }: StatementItem): string | undefined {
  if (line !== undefined) return placeKey('plan_measures', line)
  if (action !== undefined) return placeKey('actions', action)
  if (outcome !== undefined) return placeKey('outcomes', outcome)
  return priority === undefined ? undefined : placeKey('priorities', priority)
}

interface Indexed { actions: ActionItem[], lines: LineItem[], statements: StatementItem[], outcomes: OutcomeItem[] }

export function indexesOf ({ actions, lines, statements, outcomes }: Indexed): Indexes {
  return {
    actionsByCode: new Map(actions.map(one => [one.code, one])),
    partsOf: grouped(actions, one => [one.parent]),
    actionsNaming: grouped(actions, one => [...namedBy(one)]),
    linesAt: grouped(lines, one => [homeOf(one)]),
    statementsAt: grouped(statements, one => [statementPlace(one)]),
    outcomesOf: grouped(outcomes, one => [one.priority]),
    linesServing: grouped(lines, one => (one.priorities ?? []).map(link => link.priority).filter(code => code !== mainLink(one)))
  }
}
