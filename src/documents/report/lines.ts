// Lines and actions with all that hangs on them. They hold each other: a line has the actions meant to move it, a key
// activity has lines.
import type { ActionView, Line, Party, StatementView } from './view.js'
import type { ActionItem, Items, LineItem } from './items.js'
import type { MeasureReader } from './measures.js'
import { mainPlace, namedBy, placeKey, type Place } from './places.js'
import { sentenceOf, summaryOf } from './sentence.js'
import { statementOf } from './statements.js'
import type { UpdateFinder } from './updates.js'
import { capital, dueOf, markersIn, partyOf, plain } from './words.js'

export const anchors = {
  priorities: (code: string) => `priority:${code}`,
  outcomes: (code: string) => `outcome:${code}`,
  // A code has no colon, so that a line's own code is no other id of the page.
  plan_measures: (code: string) => code,
  actions: (code: string) => `action:${code}`
} as const

/** Key activities stand in full, other actions in a table. */
interface Parted { activities: ActionView[], actions: ActionView[] }

/** To be asked in the order of the document, because an update is told where it is met first. */
export interface Assembler {
  lines (place: Place, code: string): Line[]
  /** Actions whose main place it is. */
  actions (place: Place, code: string): Parted
  /** Actions that serve nothing in particular. */
  loose (): Parted
  statements (place: Place, code: string): StatementView[]
}

export function lineTitle ({ measures }: Items, { title, measure }: LineItem) {
  return title ?? measures.get(measure)?.title ?? measure
}

export function assembler (items: Items, measures: MeasureReader, updates: UpdateFinder, today: string): Assembler {
  /** The actions that the one at hand is part of; a part that is among them is not followed round. */
  const above = new Set<string>()
  const isKey = ({ kind, code }: ActionItem) => kind === 'key_activity' || items.linesAt.has(placeKey('actions', code))
  const statements: Assembler['statements'] = (place, code) =>
    (items.statementsAt.get(placeKey(place, code)) ?? []).map(one => statementOf(items, one))

  const actionOf = (item: ActionItem, main: boolean): ActionView => {
    const { code } = item
    above.add(code)
    const view = {
      ...ownWords(items, item, today),
      main,
      keyActivity: isKey(item),
      statements: statements('actions', code),
      updates: main ? updates.at('actions', code) : { newest: [], older: [] },
      parts: (items.partsOf.get(code) ?? []).filter(one => !above.has(one.code)).map(one => actionOf(one, main)),
      lines: main ? lines('actions', code) : []
    }
    above.delete(code)
    return view
  }

  const lineOf = (item: LineItem): Line => ({
    ...lineWords(items, measures, item),
    statements: statements('plan_measures', item.code),
    updates: updates.at('plan_measures', item.code),
    actions: actionsAt(placeKey('plan_measures', item.code)).map(one => actionOf(one, mainPlace(one) === placeKey('plan_measures', item.code)))
  })

  /** Actions that name a thing, without those that stand there inside their parent already. */
  const actionsAt = (place: string) => (items.actionsNaming.get(place) ?? []).filter(({ parent }) => {
    const whole = items.actionsByCode.get(parent ?? '')
    return whole === undefined || !namedBy(whole).has(place)
  })

  const lines: Assembler['lines'] = (place, code) => (items.linesAt.get(placeKey(place, code)) ?? []).map(lineOf)

  const parted = (all: ActionItem[]): Parted => ({
    activities: all.filter(isKey).map(one => actionOf(one, true)),
    actions: all.filter(one => !isKey(one)).map(one => actionOf(one, true))
  })

  return {
    lines,
    actions: (place, code) => parted(actionsAt(placeKey(place, code)).filter(one => mainPlace(one) === placeKey(place, code))),
    loose: () => parted(items.actions.filter(one => mainPlace(one) === null)),
    statements
  }
}

const isLead = ({ role }: Party) => role === 'lead'

function ownWords (items: Items, item: ActionItem, today: string) {
  const parties = (item.organisations ?? []).map(one => partyOf(items, one))
  return {
    code: item.code,
    anchor: anchors.actions(item.code),
    ref: item.ref ?? null,
    title: item.title,
    kind: capital(plain(item.kind ?? 'action')),
    heading: item.heading ?? null,
    status: plain(item.status ?? 'not_stated'),
    due: dueOf(item.due, item.status === 'achieved', today),
    leads: parties.filter(isLead),
    others: parties.filter(one => !isLead(one) && one.role !== 'governance'),
    governance: parties.filter(one => one.role === 'governance'),
    strategies: (item.strategies ?? []).map(strategyWords),
    markers: markersIn(item.markers),
    note: item.note ?? null
  }
}

function strategyWords ({ title, from, to, note }: NonNullable<ActionItem['strategies']>[number]): string {
  const years = from === undefined ? to === undefined ? '' : ` (to ${to})` : to === undefined ? ` (from ${from})` : from === to ? ` (${from})` : ` (${from} to ${to})`
  return `${title}${years}${note === undefined ? '' : `: ${note}`}`
}

const kindsOf = ({ tier, kind, direction }: LineItem) => [
  tier === undefined ? '' : `${tier} measure`,
  kind === undefined || kind === 'indicator' ? '' : kind,
  direction === undefined ? '' : `to ${direction}`
].filter(words => words !== '')

function lineWords (items: Items, measures: MeasureReader, item: LineItem) {
  const area = item.area ?? items.plan.area ?? null
  const figures = measures(item.measure, area)
  const parties = (item.organisations ?? []).map(one => partyOf(items, one))
  const title = lineTitle(items, item)
  const summary = summaryOf(figures)
  return {
    ...figures,
    code: item.code,
    anchor: anchors.plan_measures(item.code),
    ref: item.ref ?? null,
    title,
    kinds: kindsOf(item),
    placeholder: items.measures.get(item.measure)?.status === 'placeholder',
    leads: parties.filter(isLead),
    involved: parties.filter(one => !isLead(one)),
    externalTarget: item.external_target ?? null,
    sentence: sentenceOf(title, summary),
    summary,
    markers: markersIn(item.markers),
    note: item.note ?? null,
    supporting: (item.supporting ?? []).map(code => measures(code, area))
  }
}
