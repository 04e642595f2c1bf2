// Lines and actions with all that hangs on them. They hold each other: a line has the actions meant to move it, a key
// activity has lines.
import type { ActionView, Line, Party } from './view.js'
import type { ActionItem, Items, LineItem, StatementItem } from './items.js'
import { measureFigures } from './measures.js'
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

export type Home = 'plan_measures' | 'outcomes' | 'priorities'

export interface Assembler {
  linesWhere (test: (line: LineItem) => boolean): Line[]
  /** Actions that name a thing, without those that stand there inside their parent already. */
  actionsAt (place: Home, code: string): ActionView[]
  /** Actions that serve nothing in particular. */
  loose (): ActionView[]
  statements (place: 'priority' | 'outcome' | 'plan_measure' | 'action', code: string): ReturnType<typeof statementOf>[]
}

const nothing = new Set<string>()

export function lineTitle ({ measures }: Items, { title, measure }: LineItem) {
  return title ?? measures.get(measure)?.title ?? measure
}

export function namesAction (item: ActionItem, place: Home, code: string): boolean {
  return place === 'priorities' ? (item.priorities ?? []).some(link => link.priority === code) : (item[place] ?? []).includes(code)
}

/** The one place where an action stands in full. */
export function mainPlace (item: ActionItem): string | null {
  if (item.parent !== undefined) return `actions ${item.parent}`
  if (item.plan_measures?.[0] !== undefined) return `plan_measures ${item.plan_measures[0]}`
  if (item.outcomes?.[0] !== undefined) return `outcomes ${item.outcomes[0]}`
  const link = item.priorities?.find(one => one.relation === 'primary') ?? item.priorities?.[0]
  return link === undefined ? null : `priorities ${link.priority}`
}

export const mainPriority = (item: LineItem) => (item.priorities?.find(one => one.relation === 'primary') ?? item.priorities?.[0])?.priority

export function assembler (items: Items, updates: UpdateFinder, today: string): Assembler {
  const children = (code: string) => items.actions.filter(one => one.parent === code)
  const byCode = new Map(items.actions.map(one => [one.code, one]))
  const statements: Assembler['statements'] = (place, code) => statementsAt(items, place, code)

  const parentNames = (item: ActionItem, place: Home, code: string) => {
    const parent = byCode.get(item.parent ?? '')
    return parent !== undefined && namesAction(parent, place, code)
  }

  const actionOf = (item: ActionItem, at: string, above: ReadonlySet<string> = nothing): ActionView => {
    const lines = items.lines.filter(line => line.action === item.code && at === mainPlace(item)).map(lineOf)
    const seen = new Set([...above, item.code])
    return {
      ...ownWords(items, item, today),
      main: at === mainPlace(item),
      keyActivity: item.kind === 'key_activity' || lines.length > 0,
      parts: children(item.code).filter(one => !seen.has(one.code)).map(one => actionOf(one, `actions ${item.code}`, seen)),
      lines,
      statements: statements('action', item.code),
      updates: updates.at('actions', item.code)
    }
  }

  const lineOf = (item: LineItem): Line => ({
    ...lineWords(items, item),
    updates: updates.at('plan_measures', item.code),
    actions: actionsAt('plan_measures', item.code),
    statements: statements('plan_measure', item.code)
  })

  const actionsAt: Assembler['actionsAt'] = (place, code) => items.actions
    .filter(one => namesAction(one, place, code) && !parentNames(one, place, code))
    .filter(one => place === 'plan_measures' || mainPlace(one) === `${place} ${code}`)
    .map(one => actionOf(one, `${place} ${code}`))

  return {
    linesWhere: test => items.lines.filter(test).map(lineOf),
    actionsAt,
    loose: () => items.actions.filter(one => mainPlace(one) === null).map(one => ({ ...actionOf(one, ''), main: true })),
    statements
  }
}

const statementsAt = (items: Items, place: 'priority' | 'outcome' | 'plan_measure' | 'action', code: string) =>
  items.statements.filter((one: StatementItem) => one[place] === code && isMostExact(one, place)).map(one => statementOf(items, one))

/** A statement about a priority and an action stands with the action. */
function isMostExact (item: StatementItem, place: 'priority' | 'outcome' | 'plan_measure' | 'action'): boolean {
  const order = ['plan_measure', 'action', 'outcome', 'priority'] as const
  return order.find(one => item[one] !== undefined) === place
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

function lineWords (items: Items, item: LineItem) {
  const area = item.area ?? items.plan.area ?? null
  const figures = measureFigures(items, item.measure, area)
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
    supporting: (item.supporting ?? []).map(code => measureFigures(items, code, area))
  }
}
