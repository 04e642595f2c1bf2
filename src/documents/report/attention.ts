// The counts at the head of the document, and what needs attention: each item with its place.
import { isOverdue } from '../../periods/due.js'
import type { ActionView, Count, ExceptionGroup, Line, Report } from './view.js'
import type { ActionItem, Items } from './items.js'
import { anchors } from './lines.js'
import { hasFigure } from './measures.js'
import { capital } from './words.js'

const unsaid = new Set(['tbc', 'partly_tbc'])

/** Every line once, wherever it stands. */
export function linesOf ({ priorities, activities, actions }: Pick<Report, 'priorities' | 'activities' | 'actions'>): Line[] {
  const ofActions = (all: ActionView[]): Line[] => all.flatMap(one => [...one.lines, ...ofActions(one.parts)])
  return [
    ...priorities.flatMap(one => [
      ...one.outcomes.flatMap(outcome => [...outcome.lines, ...ofActions(outcome.activities), ...ofActions(outcome.actions)]),
      ...one.lines, ...ofActions(one.activities), ...ofActions(one.actions)
    ]),
    ...ofActions(activities), ...ofActions(actions)
  ]
}

const targetsIn = (line: Line) => [line, ...line.breakdowns].flatMap(reading => reading.targets)
const isReached = (line: Line, reached: boolean) => targetsIn(line).some(target => target.reached === reached)

const leadUnknown = (organisations: ActionItem['organisations'], markers: ActionItem['markers']) =>
  (organisations ?? []).some(one => one.marker === 'tbc') || unsaid.has(markers?.organisations ?? '')

const overdueOf = (items: Items, today: string) => items.actions.filter(item => isOverdue(item.due ?? null, item.status === 'achieved', today))

function unknownLeads (items: Items) {
  return {
    lines: new Set(items.lines.filter(one => leadUnknown(one.organisations, one.markers)).map(one => one.code)),
    actions: items.actions.filter(one => leadUnknown(one.organisations, one.markers))
  }
}

export function countsOf (items: Items, lines: Line[], today: string): Count[] {
  const withFigure = lines.filter(hasFigure).length
  const unknown = unknownLeads(items)
  const activities = items.actions.filter(one => one.kind === 'key_activity').length
  const all: Count[] = [
    { key: 'measures', label: 'Measures', count: lines.length },
    { key: 'with_figure', label: 'with a dated figure', count: withFigure },
    { key: 'without_figure', label: 'without a dated figure', count: lines.length - withFigure },
    { key: 'with_target', label: 'with a target', count: lines.filter(line => targetsIn(line).length > 0 || line.externalTarget !== null).length },
    { key: 'target_met', label: 'target printed as met', count: lines.filter(line => isReached(line, true)).length },
    { key: 'target_not_met', label: 'target printed as not met', count: lines.filter(line => isReached(line, false)).length },
    { key: 'activities', label: 'Key activities', count: activities },
    { key: 'actions', label: 'Actions', count: items.actions.length - activities },
    { key: 'overdue', label: 'Actions overdue', count: overdueOf(items, today).length },
    { key: 'lead_tbc', label: 'Leads to be confirmed', count: unknown.lines.size + unknown.actions.length }
  ]
  return all.filter(({ key, count }) => key !== 'activities' || count > 0)
}

export function exceptionsOf (items: Items, report: Pick<Report, 'priorities' | 'activities' | 'actions'>, today: string): ExceptionGroup[] {
  const lines = linesOf(report)
  const where = placesOf(report)
  const line = ({ title, anchor, code }: Line) => ({ text: title, anchor, place: where.get(code) ?? '' })
  const action = ({ code, title, ref, due }: ActionItem, withDue = false) => ({
    text: withDue && due?.label != null ? `${title} (${due.label})` : title, anchor: anchors.actions(code), place: ref === undefined ? 'Action' : `Action ${ref}`
  })
  const unknown = unknownLeads(items)
  const groups: ExceptionGroup[] = [
    { key: 'target_not_met', title: 'Targets printed as not met', items: lines.filter(one => isReached(one, false)).map(line) },
    { key: 'overdue', title: 'Actions overdue', items: overdueOf(items, today).map(item => action(item, true)) },
    { key: 'lead_tbc', title: 'Leads to be confirmed', items: [...lines.filter(one => unknown.lines.has(one.code)).map(line), ...unknown.actions.map(item => action(item))] },
    { key: 'placeholder', title: 'Placeholders: measures not defined yet', items: lines.filter(one => one.placeholder).map(line) },
    { key: 'without_figure', title: 'Measures without a dated figure', items: lines.filter(one => !hasFigure(one) && !one.placeholder).map(line) }
  ]
  return groups.filter(group => group.items.length > 0)
}

/** Where a line stands: "1a iv". */
function placesOf ({ priorities }: Pick<Report, 'priorities'>): Map<string, string> {
  const ofLines = (lines: Line[], ...refs: Array<string | null>) => lines.map(line => [line.code, place(...refs, line.ref)] as [string, string])
  const ofActions = (actions: ActionView[], ref: string | null): Array<[string, string]> =>
    actions.flatMap(one => [...ofLines(one.lines, ref, one.ref), ...ofActions(one.parts, ref)])
  const place = (...refs: Array<string | null>) => capital(refs.filter(ref => ref !== null).join(' '))
  return new Map(priorities.flatMap(priority => [
    ...priority.outcomes.flatMap(({ ref, lines, activities }) => [...ofLines(lines, ref ?? priority.ref), ...ofActions(activities, ref)]),
    ...ofLines(priority.lines, priority.ref),
    ...ofActions([...priority.activities, ...priority.actions], priority.ref)
  ]))
}
