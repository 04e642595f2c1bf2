// The counts at the head of the document, and what needs attention: each item with its place.
import { isOverdue } from '../../periods/due.js'
import type { Colour, Count, ExceptionGroup, Line } from './view.js'
import type { ActionItem, Items } from './items.js'
import { colourOf, tellingOf } from './judged.js'
import { anchors } from './lines.js'
import { hasFigure } from './measures.js'
import type { PlacedLine } from './walk.js'
import { capital } from './words.js'

const unsaid = new Set(['tbc', 'partly_tbc'])

const targetsIn = (line: Line) => [line, ...line.breakdowns].flatMap(reading => reading.targets)
const isReached = (line: Line, reached: boolean) => targetsIn(line).some(target => target.reached === reached)

const leadUnknown = (organisations: ActionItem['organisations'], markers: ActionItem['markers']) =>
  (organisations ?? []).some(one => one.marker === 'tbc') || unsaid.has(markers?.organisations ?? '')

const overdueOf = (items: Items, today: string) => items.actions.filter(item => item.kind !== 'key_activity' && isOverdue(item.due ?? null, item.status === 'achieved', today))

function unknownLeads (items: Items) {
  return {
    lines: new Set(items.lines.filter(one => leadUnknown(one.organisations, one.markers)).map(one => one.code)),
    actions: items.actions.filter(one => leadUnknown(one.organisations, one.markers))
  }
}

/** Where nothing has a colour, none is counted. */
const ofColour = new Set<Count['key']>(['red', 'amber', 'green', 'not_judged'])

export function countsOf (items: Items, lines: Line[], today: string): Count[] {
  const withFigure = lines.filter(hasFigure).length
  const unknown = unknownLeads(items)
  const activities = items.actions.filter(one => one.kind === 'key_activity').length
  const coloured = (colour: Colour | null) => lines.filter(line => colourOf(line) === colour).length
  const all: Count[] = [
    { key: 'measures', label: 'Measures', count: lines.length },
    { key: 'with_figure', label: 'with a dated figure', count: withFigure },
    { key: 'without_figure', label: 'without a dated figure', count: lines.length - withFigure },
    { key: 'with_target', label: 'with a target', count: lines.filter(line => targetsIn(line).length > 0 || line.externalTarget !== null).length },
    { key: 'target_met', label: 'target reported as met', count: lines.filter(line => isReached(line, true)).length },
    { key: 'target_not_met', label: 'target reported as not met', count: lines.filter(line => isReached(line, false)).length },
    { key: 'red', label: 'judged red', count: coloured('red') },
    { key: 'amber', label: 'judged amber', count: coloured('amber') },
    { key: 'green', label: 'judged green', count: coloured('green') },
    { key: 'not_judged', label: 'not judged', count: coloured(null) },
    { key: 'activities', label: 'Key activities', count: activities },
    { key: 'actions', label: 'Actions', count: items.actions.length - activities },
    { key: 'overdue', label: 'Actions overdue', count: overdueOf(items, today).length },
    { key: 'lead_tbc', label: 'Leads to be confirmed', count: unknown.lines.size + unknown.actions.length }
  ]
  const judged = coloured(null) < lines.length
  return all.filter(({ key, count }) => key === 'activities' ? count > 0 : judged || !ofColour.has(key))
}

export function exceptionsOf (items: Items, placed: PlacedLine[], today: string): ExceptionGroup[] {
  const those = (test: (line: Line) => boolean, whyOf: (line: Line) => string | null = () => null) => placed.filter(({ line }) => test(line))
    .map(one => ({ text: one.line.title, anchor: one.line.anchor, place: placeOf(one), why: whyOf(one.line) }))
  const action = ({ code, title, ref, parent, due }: ActionItem, withDue = false) => ({
    text: withDue && due?.label != null ? `${title} (${due.label})` : title,
    anchor: anchors.actions(code),
    why: null,
    place: `Action ${[parent === undefined ? undefined : items.actionsByCode.get(parent)?.ref, ref].filter(part => part !== undefined).join('/')}`.trim()
  })
  const unknown = unknownLeads(items)
  const groups: ExceptionGroup[] = [
    { key: 'red', title: 'Judged red', items: those(one => colourOf(one) === 'red', whyRed) },
    { key: 'target_not_met', title: 'Targets reported as not met', items: those(one => isReached(one, false)) },
    { key: 'overdue', title: 'Actions overdue', items: overdueOf(items, today).map(item => action(item, true)) },
    { key: 'lead_tbc', title: 'Leads to be confirmed', items: [...those(one => unknown.lines.has(one.code)), ...unknown.actions.map(item => action(item))] },
    { key: 'placeholder', title: 'Placeholders: measures not defined yet', items: those(one => one.placeholder) },
    { key: 'without_figure', title: 'Measures without a dated figure', items: those(one => !hasFigure(one) && !one.placeholder) }
  ]
  return groups.filter(group => group.items.length > 0)
}

const whyRed = (line: Line) => tellingOf(line).filter(({ judgement }) => judgement.colour === 'red')
  .map(({ breakdown, judgement }) => `${breakdown === '' ? '' : `${breakdown}: `}${judgement.text}`).join(' ')

/** Where a line stands: "1a iv". */
function placeOf ({ line, priority, outcome, activity }: PlacedLine): string {
  const refs = [outcome?.ref ?? priority?.ref, activity?.ref, line.ref]
  return capital(refs.filter(ref => ref != null).join(' '))
}
