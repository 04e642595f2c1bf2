// The plan document as a pure view of a bundle: the same for the live plan and for a publication, and for every face of it.
import type { BundleBody } from '../bundle_schema.js'
import { countsOf, exceptionsOf } from './attention.js'
import { itemsOf } from './read_items.js'
import type { ActionItem, Items, OutcomeItem, PriorityItem } from './items.js'
import { anchors, assembler, lineTitle, type Assembler } from './lines.js'
import { measureReader } from './measures.js'
import { definitionsOf, headingOf, partnersOf, symbolsOf, titlesOf } from './parts.js'
import { mainPlace, placeKey } from './places.js'
import { equalityOf, groupsOf } from './statements.js'
import { reviewsOf, updateFinder, type Naming, type UpdateFinder } from './updates.js'
import type { About, Also, Held, OutcomeView, PriorityView, Report } from './view.js'
import { placedLines } from './walk.js'
import { dueOf } from './words.js'

export type * from './view.js'
export { headingOf } from './parts.js'

export function reportOf (bundle: BundleBody, about: About, today: string): Report {
  const items = itemsOf(bundle)
  const updates = updateFinder(items, namingOf(items), today)
  const measures = measureReader(items)
  const assemble = assembler(items, measures, updates, today)
  const priorities = items.priorities.map(one => priorityOf(items, one, assemble, updates, today))
  const body = { priorities, ...assemble.loose() }
  const alsoReported = (items.plan.supporting_measures ?? []).map(code => measures(code, items.plan.area ?? null))
  const ofPlan = items.statements.filter(one => [one.priority, one.outcome, one.plan_measure, one.action].every(place => place === undefined))
  const placed = placedLines(body)
  const lines = placed.map(({ line }) => line)
  const { code } = items.plan
  return {
    plan: code,
    heading: headingOf(items.plan, titlesOf(items), about),
    counts: countsOf(items, lines, today),
    exceptions: exceptionsOf(items, placed, today),
    ...body,
    alsoReported,
    statements: groupsOf(items, ofPlan),
    equality: equalityOf(ofPlan),
    reviews: reviewsOf(items, updates, today),
    updates: updates.unplaced(),
    partners: partnersOf(items),
    definitions: definitionsOf(items),
    symbols: symbolsOf(lines, alsoReported),
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
    outcomes: (items.outcomesOf.get(code) ?? []).map(one => outcomeOf(items, one, assemble, updates, today)),
    ...heldBy(items, 'priorities', code, assemble, updates)
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
    ...heldBy(items, 'outcomes', code, assemble, updates)
  }
}

const heldBy = (items: Items, place: 'priorities' | 'outcomes', code: string, assemble: Assembler, updates: UpdateFinder): Held => ({
  lines: assemble.lines(place, code),
  ...assemble.actions(place, code),
  also: [...place === 'priorities' ? alsoLines(items, code) : [], ...alsoActions(items, place, code)],
  statements: assemble.statements(place, code),
  updates: updates.at(place, code)
})

/** Lines whose main priority is another. */
const alsoLines = (items: Items, priority: string): Also[] => (items.linesServing.get(priority) ?? []).flatMap(line =>
  (line.priorities ?? []).filter(link => link.priority === priority)
    .map(({ relation }) => ({ text: lineTitle(items, line), anchor: anchors.plan_measures(line.code), relation: relation === 'primary' ? 'measure' : `${relation} measure` })))

/** Actions that name it but stand elsewhere, alone or inside their parent. */
function alsoActions (items: Items, place: 'priorities' | 'outcomes', code: string): Also[] {
  const here = placeKey(place, code)
  const isHere = (one: ActionItem | undefined) => one !== undefined && mainPlace(one) === here
  return (items.actionsNaming.get(here) ?? [])
    .filter(action => !isHere(action) && !isHere(items.actionsByCode.get(action.parent ?? '')))
    .map(({ title, code }) => ({ text: title, anchor: anchors.actions(code), relation: 'action' }))
}

/** What a thing is called where something else names it. */
function namingOf (items: Items): Naming {
  const mapped = <T extends { code: string, ref?: string }>(all: T[], textOf: (one: T) => string) =>
    new Map(all.map(one => [one.code, { ref: one.ref ?? null, text: textOf(one) }]))
  const named = {
    plan_measures: mapped(items.lines, one => lineTitle(items, one)),
    actions: mapped(items.actions, one => one.title),
    outcomes: mapped(items.outcomes, one => one.title ?? one.ref ?? one.code),
    priorities: mapped(items.priorities, one => one.title ?? `Priority ${one.ref ?? one.code}`)
  }
  return (place, code) => {
    const known = named[place].get(code)
    return known === undefined ? null : { ...known, anchor: anchors[place](code) }
  }
}
