// A plan as a bundle: all it owns, every organisation, area and measure that these name, and its figures.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '../db/connection.js'
import type { Kind, Stored } from '../db/kind.js'
import { canonical, normalForm } from '../db/normal_form.js'
import { columnsOf, find, redact } from '../db/records.js'
import { mentions } from '../db/references.js'
import { hidden, visible } from '../db/visibility.js'
import { components } from '../http/schema.js'
import { periodOf } from '../periods/period.js'
import { areasWithin } from '../resources/areas/kind.js'
import { asDatapoint } from '../resources/datapoints/columns.js'
import { order, orderBy, selectFigures } from '../resources/datapoints/select.js'
import { measuresOfPlan } from '../resources/measures/kind.js'
import { plans } from '../resources/plans/kind.js'
import { itemsOf, sections } from '../resources/sections.js'
import { targets } from '../resources/targets/kind.js'
import { figureColumns, format, registers, type BundleBody } from './bundle_schema.js'

/** The plan itself, as it stands in its bundle. */
export const readPlan = async (ctx: Ctx, code: string) => canonical(components.get('PlanItem')!, await find(ctx, plans, null, code)) as BundleBody['plan']

export async function readBundle (ctx: Ctx, code: string): Promise<BundleBody> {
  const plan = await find(ctx, plans, null, code)
  const owned: Array<readonly [Kind, Stored[]]> = []
  for (const kind of sections) owned.push([kind, await itemsOf(ctx, kind, code)])
  const datapoints = await figuresOf(ctx, plan)
  const named = await closure(ctx, plan, owned, datapoints)
  const partial = await hidesFrom(ctx, code)
  const item = (kind: Kind, row: Stored) => ({ ...row, ...normalForm(kind, row) })
  const bundle = {
    format,
    ...(partial && { partial }),
    plan: item(plans, plan),
    ...Object.fromEntries(named.map(([kind, rows]) => [kind.table, rows.map(row => item(kind, row))])),
    ...Object.fromEntries(owned.map(([kind, rows]) => [kind.table, rows.map(row => item(kind, row))])),
    datapoints
  }
  return canonical(components.get('Bundle')!, bundle) as BundleBody
}

export const digest = (bundle: BundleBody) => digestOf(JSON.stringify(bundle))

export const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url')

/** Areas whose figures belong in the bundle: the plan's, those inside it, its comparators and their members. */
const areasOf = (code: string) => sql<string>`(
  with recursive inside (code) as (
    select area from plans where code = ${code}
    union select areas.code from areas join inside on areas.parent = inside.code
  ), comparators (code) as (
    select jsonb_array_elements_text(comparators) from plans where code = ${code}
  ) select code from inside union select code from comparators
    union select member ->> 'area' from areas join comparators using (code), jsonb_array_elements(members) member)`

async function figuresOf (ctx: Ctx, plan: Stored): Promise<Array<Record<string, unknown>>> {
  const query = selectFigures(ctx, {}).select(figureColumns as Array<'measure'>)
    .where(sql<boolean>`measure in ${measuresOfPlan(plan.code)}`).orderBy(orderBy(order(undefined)))
  const rows = await (plan.area === null ? query : query.where(sql<boolean>`area in ${areasOf(plan.code)}`)).execute() as Array<Record<string, unknown>>
  const printed = ({ period, period_label: label }: Record<string, unknown>) => label === periodOf(period as string)?.label ? null : label
  return rows.map(asDatapoint).map(row => ({ ...row, period_label: printed(row) }))
}

/** Registers named by the plan, its items or its figures, and by those registers in turn. */
async function closure (ctx: Ctx, plan: Stored, owned: ReadonlyArray<readonly [Kind, Stored[]]>, datapoints: Array<Record<string, unknown>>) {
  const wanted: Record<string, Set<string>> = { organisations: new Set(), areas: new Set(), measures: new Set() }
  const add = (kind: Kind, row: Stored) => { for (const { to, code } of mentions(kind, row)) wanted[to]?.add(code) }
  add(plans, plan)
  for (const [kind, rows] of owned) for (const row of rows) add(kind, row)
  for (const row of datapoints) {
    wanted.measures!.add(row.measure as string)
    for (const area of [row.area, row.against]) if (area !== null) wanted.areas!.add(area as string)
    if (row.provider !== null) wanted.organisations!.add(row.provider as string)
  }
  for (const area of await subAreas(ctx, plan, owned)) wanted.areas!.add(area)
  const secrets = await hidden(ctx)
  const found = new Map(registers.map(kind => [kind, new Map<string, Stored>()]))
  for (let grown = true; grown;) {
    grown = false
    for (const kind of registers) {
      const missing = [...wanted[kind.table]!].filter(code => !found.get(kind)!.has(code))
      if (missing.length === 0) continue
      for (const row of await byCodes(ctx, kind, missing)) {
        found.get(kind)!.set(row.code, redact(kind, null, row, secrets))
        add(kind, row)
        grown = true
      }
    }
  }
  return registers.map(kind => [kind, [...found.get(kind)!.values()].sort((a, b) => a.code < b.code ? -1 : 1)] as const)
}

/** A target for every area inside the plan's names them all: which of them have no figure must be told from the bundle too. */
async function subAreas (ctx: Ctx, plan: Stored, owned: ReadonlyArray<readonly [Kind, Stored[]]>): Promise<string[]> {
  if (plan.area === null || !owned.some(([kind, rows]) => kind === targets && rows.some(row => row.each_sub_area === true))) return []
  const rows = await ctx.db.selectFrom('areas').select('code').where(sql<boolean>`code in ${areasWithin(plan.area as string)}`).execute()
  return rows.map(({ code }) => code)
}

const byCodes = async (ctx: Ctx, kind: Kind, codes: string[]) =>
  await ctx.db.selectFrom(kind.table as 'plans').select(columnsOf(kind)).where(sql<boolean>`code = any(${codes}::text[])`).execute() as unknown as Stored[]

/** Whether some of the plan is hidden from the caller. */
async function hidesFrom (ctx: Ctx, code: string): Promise<boolean> {
  if (ctx.actor.role === 'admin') return false
  const { measures } = await hidden(ctx)
  for (const kind of sections) {
    const unseen = await ctx.db.selectFrom(kind.table as 'plan_measures').select('code')
      .where('plan', '=', code).where(({ not, eb }) => not(visible(kind, ctx)(eb as never))).limit(1).executeTakeFirst()
    if (unseen !== undefined) return true
  }
  const { rows: [row] } = await sql<{ some: boolean }>`select exists (select from ${measuresOfPlan(code)} m (code) where m.code = any(${[...measures]}::text[])) as some`.execute(ctx.db)
  return row!.some
}
