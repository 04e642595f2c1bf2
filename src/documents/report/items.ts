// The items of a bundle as the report reads them, typed, with what they are found by.
import type { Due } from '../../periods/due.js'
import type { Period, YearKind } from '../../periods/period.js'
import type { RagRule } from '../../statistics/rag.js'
import type { statementKinds } from '../../resources/statements/schema.js'

interface Item { code: string, note?: string }
export interface Involvement { organisation?: string, role: string, marker?: 'tbc', label?: string, inferred?: boolean, statutory?: boolean }
interface Placed extends Item { ref?: string, title?: string, position?: number }
interface Marked { markers?: Record<string, string> }
export interface Link { priority: string, relation: string }

export interface PlanItem extends Item {
  title: string
  owner: string
  area?: string
  period?: string
  edition?: string
  status?: string
  status_printed?: string[]
  live?: boolean
  organisations?: Involvement[]
  comparators?: string[]
  supporting_measures?: string[]
  rag_rule?: RagRule
}
interface AreaItem extends Item { title: string, kind: string, parent?: string, members?: Array<{ area: string }>, member_count?: number }
export interface MeasureItem extends Item {
  title: string
  definition?: string
  unit?: string
  per?: number
  decimals?: number
  polarity?: string
  frequency?: string
  timing?: string
  status?: string
  national_reference?: string
  source?: string
  dimensions?: Array<{ code: string, title: string, values: Array<{ code: string, title: string }> }>
  breaks?: Array<{ from: string, area?: string, why: string }>
  collection_lag_days?: number
  year_kind?: YearKind
  data_provider?: string
  rag_rule?: RagRule
}
export interface PriorityItem extends Placed { rationale?: string }
export interface OutcomeItem extends Placed { priority: string, due?: Due }
export interface LineItem extends Placed, Marked {
  measure: string
  outcome?: string
  action?: string
  priorities?: Link[]
  area?: string
  tier?: string
  kind?: string
  direction?: string
  organisations?: Involvement[]
  supporting?: string[]
  external_target?: string
}
export interface ActionItem extends Placed, Marked {
  title: string
  kind?: string
  heading?: string
  parent?: string
  status?: string
  due?: Due
  priorities?: Link[]
  outcomes?: string[]
  plan_measures?: string[]
  organisations?: Involvement[]
  strategies?: Array<{ title: string, from?: number, to?: number, note?: string }>
}
export interface StatementData {
  direction?: string
  measure?: string
  area?: string
  against?: string
  against_printed?: string
  significance?: string
  value?: string
  number?: number
  unit?: string
  bound?: string
  period?: string
  total?: number
  counts?: Record<string, number>
  characteristic?: string
  positive?: string
  adverse?: string
  unmet?: string
  evidence?: string
  url?: string
}
export type StatementKind = typeof statementKinds[number]
export interface StatementItem extends Item {
  kind: StatementKind
  text?: string
  priority?: string
  outcome?: string
  plan_measure?: string
  action?: string
  data?: StatementData
}
interface ReviewItem extends Item {
  kind: string
  title?: string
  period?: string
  due?: Due
  held_on?: string
  organisation?: string
  item?: string
  document?: string
}
export interface UpdateItem extends Item {
  text: string
  kind?: string
  organisations?: Involvement[]
  priorities?: string[]
  outcomes?: string[]
  plan_measures?: string[]
  actions?: string[]
  review?: string
  period?: string
  heading?: string
  ref?: string
  due?: Due
  parent?: string
  truncated?: boolean
}
export interface TargetItem extends Item {
  measure: string
  kind: string
  plan?: string
  area?: string
  breakdown?: Record<string, string>
  operator?: string
  level?: string
  value?: number
  lower?: number
  upper?: number
  unit?: string
  comparator?: string
  baseline?: { value: number, period?: string }
  period?: string
  by?: string
  each_sub_area?: boolean
  set_by?: string
  printed?: string
  printed_result?: string
}
export interface FigureItem {
  measure: string
  area: string
  period: string
  period_label?: string
  breakdown?: Record<string, string>
  statistic?: string
  against?: string
  base_period?: string
  value?: number
  numerator?: number
  denominator?: number
  lower_95?: number
  upper_95?: number
  bound?: string
  status?: string
  missing?: string
  qualifiers?: string[]
  rank_of?: number
  rank_basis?: string
  printed?: string
  note?: string
  source?: string
}

/** A figure with its period read, once. */
export interface Dated { item: FigureItem, period: Period, breakdown: string }

export interface Indexes {
  actionsByCode: Map<string, ActionItem>
  partsOf: Map<string, ActionItem[]>
  /** Actions, lines and statements by place; outcomes by priority. */
  actionsNaming: Map<string, ActionItem[]>
  linesAt: Map<string, LineItem[]>
  statementsAt: Map<string, StatementItem[]>
  outcomesOf: Map<string, OutcomeItem[]>
  /** Lines that serve a priority which is not their main one. */
  linesServing: Map<string, LineItem[]>
}

export interface Items extends Indexes {
  plan: PlanItem
  organisations: Map<string, { title: string }>
  areas: Map<string, AreaItem>
  measures: Map<string, MeasureItem>
  priorities: PriorityItem[]
  outcomes: OutcomeItem[]
  actions: ActionItem[]
  lines: LineItem[]
  statements: StatementItem[]
  reviews: ReviewItem[]
  updates: UpdateItem[]
  /** By measure. */
  targets: Map<string, TargetItem[]>
  /** By measure, oldest first, undated last. */
  figures: Map<string, Dated[]>
  /** Of a measure in an area for a breakdown, in the same order; see seriesKey. */
  series: Map<string, Dated[]>
}

/** Codes and breakdowns hold no line break. */
export const seriesKey = (measure: string, area: string | null, breakdown: string) => `${measure}\n${area}\n${breakdown}`

export const areaTitle = ({ areas }: Items, code: string) => areas.get(code)?.title ?? code

export const organisationTitle = ({ organisations }: Items, code: string) => organisations.get(code)?.title ?? code
