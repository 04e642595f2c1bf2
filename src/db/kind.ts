// What the generic verbs need to know of a resource: where it is stored, what it refers to, how it is filtered.
// A new resource is a folder with its schema and one of these.
import type { TProperties, TSchema } from '@sinclair/typebox'
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { resource } from '../http/schema.js'
import type { Fault } from '../problems.js'
import type { Actor, Role } from './actor.js'
import type { Ctx } from './connection.js'
import type { Tables } from './tables.js'
import type { WriteCtx } from './write.js'

export type Registers = 'organisations' | 'areas' | 'measures' | 'plans' | 'clients'
export type Sections = 'priorities' | 'outcomes' | 'actions' | 'plan_measures' | 'statements' | 'reviews' | 'updates'
export type TableName = Registers | Sections | 'targets'

/** What items belong to, and have codes unique within: a plan or, of a target, its measure. */
export type Owner = 'plan' | 'measure'

/** Column of the table uses that holds a reference to a thing of this table. */
export const useColumn = {
  organisations: 'organisation',
  areas: 'area',
  measures: 'measure',
  priorities: 'priority',
  outcomes: 'outcome',
  actions: 'action',
  plan_measures: 'plan_measure',
  reviews: 'review',
  updates: 'update'
} as const satisfies Partial<Record<TableName, string>>

export type Target = keyof typeof useColumn

const ownerByTable: Record<TableName, Owner | null> = {
  organisations: null,
  areas: null,
  measures: null,
  plans: null,
  clients: null,
  priorities: 'plan',
  outcomes: 'plan',
  actions: 'plan',
  plan_measures: 'plan',
  statements: 'plan',
  reviews: 'plan',
  updates: 'plan',
  targets: 'measure'
}

export const ownerOf = (table: TableName): Owner | null => ownerByTable[table]

/** Codes in the examples of the contract. */
export const ownerExamples = { plan: 'plan-a', measure: 'smoking-at-delivery' } as const satisfies Record<Owner, string>

export const owners = { plan: 'plans', measure: 'measures' } as const satisfies Record<Owner, Registers>

/** Sorts of reads that leave a line. */
export type Access = 'raw_figures' | 'restricted_updates'

export const article = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

/** Codes that a reader must not meet; plan measures as plan/code. */
export interface Hidden { plans: Set<string>, measures: Set<string>, plan_measures: Set<string> }

/** A member that names something else: "owner", a list "comparators", or a member of a list's items "organisations.organisation". */
export interface Reference { path: string, to: Target | 'plans' }

/** An item with its members in the wire's names; what is stored is what is served. */
export type Stored = Record<string, unknown> & { code: string, version: number }

type Where = ExpressionBuilder<Tables, TableName>

export interface Filter {
  schema: TSchema
  /** The register or section that its value names; a value that is not there earns a warning. */
  names?: TableName
  /** `all` holds the other filters of the request. */
  where (eb: Where, value: string, scope: Scope, all: Record<string, string>, ctx: Ctx): Expression<SqlBool>
}

/** Code of the plan or measure that an item belongs to; null for registers, and for a list across all. */
export type Scope = string | null

/** What may be written of an item: all of it, these members only, or nothing; where not all, who may do more. */
export type Right = true | { because: string, only?: string[] }

export interface Kind {
  /** Table, bundle section and tag: one word. */
  table: TableName
  /** Last segment of its path. */
  segment: string
  /** Name of the path's parameter, and of the thing in sentences. */
  parameter: string
  noun: string
  owner: Owner | null
  /** POST on the list makes an item, and its code. */
  posted?: true
  /** Who may read and write it at all; public and editor where not said, and who may patch and delete it as write says. */
  roles?: { read?: Role, write?: Role, patch?: Role, remove?: Role }
  /** Who may write an item, in a sentence. */
  written: string
  /** Whose an item is, as it is stored or is to be: asked where the caller is no administrator, and does not own the plan that it belongs to. */
  right? (ctx: Ctx, scope: Scope, item: Record<string, unknown> & { code: string }, stored: boolean): Right | Promise<Right>
  /** What is entered for who writes with a part of its own in a plan of others. */
  complete? (actor: Actor, item: Record<string, unknown>): Record<string, unknown>
  schema: ReturnType<typeof resource<TProperties>>
  references: Reference[]
  /** Members that may name what is not held here; entries that name what the reader may not see are left out. */
  loose?: Record<string, (entry: never, hidden: Hidden) => boolean>
  filters: Record<string, Filter>
  /** Members that name a period; a spelling that leaves no doubt is kept as its code. */
  periods?: string[]
  /** Rules of the domain that a schema cannot say; pure. */
  check? (item: Record<string, unknown>): Fault[]
  /** Rules of what may take the place of what is stored; pure. */
  replace? (before: Stored, item: Record<string, unknown>): Fault[]
  /** Rules that need to look at what else is held. */
  confirm? (ctx: Ctx, scope: Scope, item: Record<string, unknown>): Promise<Fault[]>
  /** Does what follows elsewhere from items written just now. */
  follow? (ctx: WriteCtx, codes: string[]): Promise<void>
  /** Deletes what goes with it though it lies elsewhere. */
  clear? (ctx: WriteCtx, code: string): Promise<void>
  /** Reads that leave a line: as what, and whether any of these items calls for it. */
  recorded?: { as: Access, among (ctx: Ctx, scope: Scope, items: Stored[]): Promise<boolean> }
  /** Columns that are not on the wire, worked out from the item. */
  derive? (item: Record<string, unknown>): Record<string, unknown>
}

/** Path of one item on the wire. */
export const pathOf = (kind: Kind, scope: Scope, code: string) =>
  kind.owner === null ? `/v1/${kind.segment}/${code}` : `/v1/${owners[kind.owner]}/${scope}/${kind.segment}/${code}`

/** What tells an item among all of its kind in a plan: its code or, of a target, its measure and code. */
export const keyOf = (kind: Kind, scope: Scope, code: string) => kind.owner === 'measure' ? `${scope}/${code}` : code

export const keyColumn = (kind: Kind) => kind.owner === 'measure' ? sql<string>`measure || '/' || code` : sql<string>`code`

/** A filter on a column of the same name. */
export const column = (schema: TSchema, names?: TableName): ((name: string) => Filter) => name =>
  ({ schema, ...(names && { names }), where: (eb, value) => eb(name as 'code', '=', value) })

export function filters (spec: Record<string, Filter | ((name: string) => Filter)>): Record<string, Filter> {
  return Object.fromEntries(Object.entries(spec).map(([name, filter]) => [name, typeof filter === 'function' ? filter(name) : filter]))
}
