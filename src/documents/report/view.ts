// What a plan document shows, ready to be printed by any face (HTML page, workbook): words and numbers, no markup, no codes
// that a reader would have to look up. Lists are never absent, and a text is null only where nothing is to be said.

import type { Mark, MeasureFigures } from './view_figures.js'

export type * from './view_figures.js'

export type About =
  | { kind: 'live', at: string }
  | { kind: 'publication', label: string, date: string | null, note: string | null, digest: string, published_at: string, redacted_at?: string | null }

export interface Report {
  plan: string
  heading: Heading
  counts: Count[]
  exceptions: ExceptionGroup[]
  priorities: PriorityView[]
  /** Key activities, lines and actions that serve no priority. */
  activities: ActionView[]
  actions: ActionView[]
  /** Figures of measures that stand on none of the lines. */
  alsoReported: MeasureFigures[]
  /** Statements about the plan, not about a priority, outcome, line or action; the equality table has its own. */
  statements: StatementGroup[]
  equality: EqualityRow[]
  reviews: ReviewView[]
  /** Updates that report on nothing in particular and belong to no review. */
  updates: UpdateEntry[]
  partners: Partner[]
  definitions: Definition[]
  symbols: Mark[]
  links: { bundle: string, datapoints: string, workbook: string }
}

export interface Heading {
  plan: string
  title: string
  edition: string | null
  owner: string
  area: string | null
  period: string | null
  /** As printed where the document says it, else our word: "draft, live". */
  status: string
  live: boolean
  about: About
  /** "The live plan, as at 24 November 2026, 01:23 UTC" or "V6, 15 June 2018". */
  asAt: string
  note: string | null
}

export interface Count { key: CountKey, label: string, count: number }
type CountKey = 'measures' | 'with_figure' | 'without_figure' | 'with_target' | 'target_met' | 'target_not_met' | 'activities' | 'actions' |
  'overdue' | 'lead_tbc' | 'red' | 'amber' | 'green' | 'not_judged'

/** What needs attention, each item with the id of its place in the document and, where there is more to say, why. */
export interface ExceptionGroup { key: string, title: string, items: Array<{ text: string, place: string, anchor: string, why: string | null }> }

/** What stands at a priority or an outcome. */
export interface Held {
  lines: Line[]
  activities: ActionView[]
  actions: ActionView[]
  /** Lines and actions whose main place is elsewhere but that serve it as well. */
  also: Also[]
  statements: StatementView[]
  updates: Updates
}

export interface PriorityView extends Held {
  code: string
  anchor: string
  ref: string | null
  /** "not printed" in words where the document prints none. */
  title: string
  rationale: string | null
  note: string | null
  outcomes: OutcomeView[]
}

/** A thing whose main place is elsewhere. */
export interface Also { text: string, anchor: string, relation: string }

export interface OutcomeView extends Held {
  code: string
  anchor: string
  ref: string | null
  title: string
  due: DueView | null
  note: string | null
}

export interface Party {
  organisation: string | null
  title: string
  role: string
  label: string | null
  toBeConfirmed: boolean
  inferred: boolean
  statutory: boolean
}

export interface DueView { label: string, latest: string | null, inferred: boolean, overdue: boolean }

export interface Line extends MeasureFigures {
  code: string
  anchor: string
  ref: string | null
  /** As published, or the measure's. */
  title: string
  /** "key", "milestone", "to decrease": what kind of line it is, where that is said. */
  kinds: string[]
  placeholder: boolean
  leads: Party[]
  involved: Party[]
  externalTarget: string | null
  /** The text alternative of the chart and the line in one sentence. */
  sentence: string
  /** The same without the title. */
  summary: string
  updates: Updates
  actions: ActionView[]
  statements: StatementView[]
  /** What the document prints instead of a content: "actions: to be confirmed". */
  markers: string[]
  note: string | null
  supporting: MeasureFigures[]
}

export interface ActionView {
  code: string
  anchor: string
  /** Whether this is its main place; an action under several lines stands under each, and is linked to in one. */
  main: boolean
  ref: string | null
  title: string
  kind: string
  /** It groups actions and lines of its own. */
  keyActivity: boolean
  heading: string | null
  status: string
  due: DueView | null
  leads: Party[]
  others: Party[]
  governance: Party[]
  strategies: string[]
  markers: string[]
  note: string | null
  parts: ActionView[]
  lines: Line[]
  statements: StatementView[]
  updates: Updates
}

/** Updates of the newest period and, apart, the older ones. */
export interface Updates { newest: UpdateEntry[], older: UpdateEntry[] }

/** An update stands in full at the first of its places, and is linked to from the others. */
export type UpdateEntry = UpdateView | UpdateLink

export interface UpdateLink {
  whole: false
  code: string
  anchor: string
  /** Its first words. */
  words: string
  period: string | null
  /** Where it stands: "ii Number of conceptions". */
  where: string
}

export interface UpdateView {
  whole: true
  code: string
  anchor: string
  ref: string | null
  heading: string | null
  kind: string
  /** A little markdown, as written; never markup. */
  text: string
  parties: Party[]
  period: string | null
  due: DueView | null
  truncated: boolean
  note: string | null
  parts: UpdateView[]
  /** What it reports on beside the place it stands in: the first of it, and how much more there is. */
  about: Array<{ text: string, anchor: string }>
  aboutMore: number
}

export interface StatementView {
  code: string
  kind: string
  /** A little markdown, as written; null where the coded words say all. */
  text: string | null
  /** The coded form in words: "higher than England in 2016/17 (statistically significant)"; null where there is none. */
  words: string | null
  url: string | null
  note: string | null
}

export interface StatementGroup { kind: string, title: string, items: StatementView[] }

export interface EqualityRow {
  code: string
  characteristic: string
  positive: string
  adverse: string
  unmet: string
  evidence: string
  note: string | null
}

export interface ReviewView {
  code: string
  anchor: string
  title: string
  kind: string
  period: string | null
  held: string | null
  due: DueView | null
  body: string | null
  item: string | null
  document: string | null
  note: string | null
  /** Its minute items and what reports on nothing in particular; the rest stands with what it reports on. */
  updates: UpdateEntry[]
  elsewhere: number
}

export interface Partner { title: string, role: string, label: string | null, statutory: boolean }

export interface Definition {
  code: string
  title: string
  definition: string | null
  unit: string
  polarity: string
  frequency: string | null
  status: string | null
  reference: string | null
  source: string | null
  note: string | null
  breaks: string[]
}
