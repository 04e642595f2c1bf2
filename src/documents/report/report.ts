// The plan document as a pure view of a bundle: the same for the live plan and for a publication, and for every face of it.
import type { BundleBody } from '../bundle_schema.js'
import { countsOf, exceptionsOf, linesOf } from './attention.js'
import { itemsOf, type ActionItem, type Items, type LineItem, type OutcomeItem, type PriorityItem } from './items.js'
import { anchors, assembler, lineTitle, mainPlace, mainPriority, type Assembler } from './lines.js'
import { measureFigures } from './measures.js'
import { definitionsOf, headingOf, parted, partnersOf, symbolsOf, titlesOf } from './parts.js'
import { equalityOf, groupsOf } from './statements.js'
import { reviewsOf, updateFinder, type Naming, type UpdateFinder } from './updates.js'
import type { About, Also, OutcomeView, PriorityView, Report } from './view.js'
import { dueOf } from './words.js'

export type * from './view.js'
export { headingOf } from './parts.js'

export function reportOf (bundle: BundleBody, about: About, today: string): Report {
  const items = itemsOf(bundle)
  const updates = updateFinder(items, namingOf(items), today)
  const assemble = assembler(items, updates, today)
  const priorities = items.priorities.map(one => priorityOf(items, one, assemble, updates, today))
  const body = { priorities, ...parted(assemble.loose()) }
  const alsoReported = (items.plan.supporting_measures ?? []).map(code => measureFigures(items, code, items.plan.area ?? null))
  const ofPlan = items.statements.filter(one => [one.priority, one.outcome, one.plan_measure, one.action].every(place => place === undefined))
  const lines = linesOf(body)
  const { code } = items.plan
  return {
    plan: code,
    heading: headingOf(items.plan, titlesOf(items), about),
    counts: countsOf(items, lines, today),
    exceptions: exceptionsOf(items, body, today),
    ...body,
    alsoReported,
    statements: groupsOf(items, ofPlan),
    equality: equalityOf(ofPlan),
    reviews: reviewsOf(items, updates, today),
    updates: updates.unplaced(),
    partners: partnersOf(items),
    definitions: definitionsOf(items),
    symbols: symbolsOf({ ...body, alsoReported }),
    links: linksOf(code, about)
  }
}

/** Of a publication the links lead to what it froze, where that can be had. */
function linksOf (code: string, about: About): Report['links'] {
  const plan = encodeURIComponent(code)
  const publication = about.kind === 'publication' ? encodeURIComponent(about.label) : null
  return {
    bundle: publication === null ? `/v1/plans/${plan}/bundle` : `/v1/plans/${plan}/publications/${publication}`,
    datapoints: `/v1/datapoints?plan=${plan}&format=csv`,
    workbook: `/v1/plans/${plan}/report?format=xlsx${publication === null ? '' : `&publication=${publication}`}`
  }
}

const priorityTitle = ({ title, ref }: PriorityItem) => title ?? (ref === undefined ? 'Title not printed' : 'title not printed')

function priorityOf (items: Items, item: PriorityItem, assemble: Assembler, updates: UpdateFinder, today: string): PriorityView {
  const { code } = item
  return {
    code,
    anchor: anchors.priorities(code),
    ref: item.ref ?? null,
    title: priorityTitle(item),
    rationale: item.rationale ?? null,
    note: item.note ?? null,
    outcomes: items.outcomes.filter(one => one.priority === code).map(one => outcomeOf(items, one, assemble, updates, today)),
    lines: assemble.linesWhere(line => mainPriority(line) === code && line.outcome === undefined && line.action === undefined),
    ...parted(assemble.actionsAt('priorities', code)),
    also: [
      ...items.lines.filter(line => mainPriority(line) !== code).flatMap(line => alsoLine(items, line, code)),
      ...items.actions.flatMap(action => alsoAction(items, action, 'priorities', code))
    ],
    statements: assemble.statements('priority', code),
    updates: updates.at('priorities', code)
  }
}

function outcomeOf (items: Items, item: OutcomeItem, assemble: Assembler, updates: UpdateFinder, today: string): OutcomeView {
  const { code } = item
  return {
    code,
    anchor: anchors.outcomes(code),
    ref: item.ref ?? null,
    title: item.title ?? 'title not printed',
    due: dueOf(item.due, false, today),
    note: item.note ?? null,
    lines: assemble.linesWhere(line => line.outcome === code),
    ...parted(assemble.actionsAt('outcomes', code)),
    also: items.actions.flatMap(action => alsoAction(items, action, 'outcomes', code)),
    statements: assemble.statements('outcome', code),
    updates: updates.at('outcomes', code)
  }
}

const alsoLine = (items: Items, line: LineItem, priority: string): Also[] => (line.priorities ?? []).filter(link => link.priority === priority)
  .map(({ relation }) => ({ text: lineTitle(items, line), anchor: anchors.plan_measures(line.code), relation: relation === 'primary' ? 'measure' : `${relation} measure` }))

function alsoAction (items: Items, action: ActionItem, place: 'priorities' | 'outcomes', code: string): Also[] {
  const names = place === 'priorities' ? (action.priorities ?? []).some(link => link.priority === code) : (action.outcomes ?? []).includes(code)
  const parent = items.actions.find(one => one.code === action.parent)
  const parentIsHere = parent !== undefined && mainPlace(parent) === `${place} ${code}`
  return names && mainPlace(action) !== `${place} ${code}` && !parentIsHere ? [{ text: action.title, anchor: anchors.actions(action.code), relation: 'action' }] : []
}

/** What a thing is called where something else names it. */
function namingOf (items: Items): Naming {
  const named = {
    plan_measures: new Map(items.lines.map(one => [one.code, lineTitle(items, one)])),
    actions: new Map(items.actions.map(one => [one.code, one.title])),
    outcomes: new Map(items.outcomes.map(one => [one.code, one.title ?? one.ref ?? one.code])),
    priorities: new Map(items.priorities.map(one => [one.code, one.title ?? `Priority ${one.ref ?? one.code}`]))
  }
  return (place, code) => {
    const text = named[place].get(code)
    return text === undefined ? null : { text, anchor: anchors[place](code) }
  }
}
