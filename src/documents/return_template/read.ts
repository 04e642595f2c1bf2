// Reads what a template is made of: the lines that an organisation answers for, and what is held of their measures.
import { sql } from 'kysely'
import { snapshot, type Ctx } from '../../db/connection.js'
import { find } from '../../db/records.js'
import { visible } from '../../db/visibility.js'
import { problem } from '../../problems.js'
import { selectFigures } from '../../resources/datapoints/select.js'
import { organisations } from '../../resources/organisations/kind.js'
import type { Row } from './columns.js'
import { askedPeriods, refusalOf, rowsOf, type Asked, type Held, type KnownMeasure, type Line } from './rules.js'

export interface ReturnTemplate { organisation: { code: string, title: string }, asked: Asked, rows: Row[] }

export const readTemplate = (ctx: Ctx, code: string, typed: string | undefined): Promise<ReturnTemplate> => snapshot(ctx, async ctx => {
  const { title } = await find(ctx, organisations, null, code)
  const lines = await linesOf(ctx, code)
  const measures = await measuresOf(ctx, lines)
  const asked = askedPeriods(typed, [...measures.values()])
  const refusal = refusalOf(typed, asked)
  if (refusal !== null) {
    const { detail, readings } = refusal
    throw problem('invalid_input', detail, { errors: [{ pointer: '?period', code: refusal.problem, detail, ...(readings && { allowed: readings }) }] })
  }
  const within = await areasWithin(ctx, lines)
  const anywhere = lines.some(line => line.area === null)
  const places = { measures: [...measures.keys()], areas: anywhere ? null : [...within.values()].flatMap(inside => [...inside]) }
  const series = await newest(ctx, places, asked)
  const areas = await titlesOf(ctx, [...within.keys(), ...series.map(one => one.area)])
  return { organisation: { code, title: title as string }, asked, rows: rowsOf(lines, { measures, areas, within, series, asked }) }
})

/** The parts in a line by which an organisation answers for its figures. */
const answering = ['lead', 'data_provider', 'delivery']

/** A measure that names its provider is that organisation's on every line. */
const answeredBy = (organisation: string) => sql<boolean>`(measures.data_provider = ${organisation}
  or exists (select from jsonb_array_elements(plan_measures.organisations) party
    where party ->> 'organisation' = ${organisation} and party ->> 'role' = any(${answering}::text[])))`

/** Priority under which a line stands: its own, that of its outcome, or that of its key activity. */
const priorityOfLine = sql`coalesce(outcomes.priority,
  jsonb_path_query_first(plan_measures.priorities, '$[*] ? (@.relation == "primary")') ->> 'priority',
  actions.priorities -> 0 ->> 'priority',
  (select served.priority from outcomes served where served.plan = actions.plan and served.code = actions.outcomes ->> 0))`

async function linesOf (ctx: Ctx, organisation: string): Promise<Line[]> {
  return ctx.db.selectFrom('plan_measures')
    .innerJoin('plans', 'plans.code', 'plan_measures.plan')
    .innerJoin('measures', 'measures.code', 'plan_measures.measure')
    .leftJoin('outcomes', join => join.onRef('outcomes.plan', '=', 'plan_measures.plan').onRef('outcomes.code', '=', 'plan_measures.outcome'))
    .leftJoin('actions', join => join.onRef('actions.plan', '=', 'plan_measures.plan').onRef('actions.code', '=', 'plan_measures.action'))
    .leftJoin('priorities', join => join.onRef('priorities.plan', '=', 'plan_measures.plan').on(sql<boolean>`priorities.code = ${priorityOfLine}`))
    .select(['plan_measures.plan', 'plan_measures.code', 'plan_measures.ref', 'plan_measures.measure', sql<string | null>`coalesce(plan_measures.area, plans.area)`.as('area')])
    .where('plans.status', 'not in', ['superseded', 'archived']).where('measures.status', '<>', 'retired')
    .where(answeredBy(organisation)).where(visible({ table: 'plan_measures' }, ctx) as never)
    .orderBy(sql`plan_measures.plan, priorities.position, priorities.code, outcomes.position, outcomes.code,
      actions.position, actions.code, plan_measures.position, plan_measures.code`)
    .execute()
}

async function measuresOf (ctx: Ctx, lines: Line[]): Promise<Map<string, KnownMeasure>> {
  const rows = await ctx.db.selectFrom('measures').select(['code', 'title', 'unit', 'year_kind', 'timing'])
    .where(sql<boolean>`code = any(${lines.map(line => line.measure)}::text[])`).execute()
  return new Map(rows.map(row => [row.code, row as KnownMeasure]))
}

/** Of each area of the lines the codes of it and of every area inside it. */
async function areasWithin (ctx: Ctx, lines: Line[]): Promise<Map<string, Set<string>>> {
  const roots = new Set(lines.flatMap(line => line.area ?? []))
  const { rows } = await sql<{ root: string, code: string }>`
    with recursive inside (root, code) as (
      select code, code from areas where code = any(${[...roots]}::text[])
      union
      select inside.root, areas.code from areas join inside on areas.parent = inside.code
    ) select root, code from inside`.execute(ctx.db)
  const within = new Map([...roots].map(root => [root, new Set([root])]))
  for (const { root, code } of rows) within.get(root)!.add(code)
  return within
}

async function titlesOf (ctx: Ctx, codes: string[]): Promise<Map<string, string>> {
  const rows = await ctx.db.selectFrom('areas').select(['code', 'title']).where(sql<boolean>`code = any(${[...new Set(codes)]}::text[])`).execute()
  return new Map(rows.map(row => [row.code, row.title]))
}

/** Of each level series of the measures, in these areas or in all, the newest figure up to the end of the period asked for, and the newest of all others. */
async function newest (ctx: Ctx, { measures, areas }: { measures: string[], areas: string[] | null }, { periods }: Asked): Promise<Held[]> {
  const ends = JSON.stringify(Object.fromEntries([...periods].map(([measure, { end }]) => [measure, end])))
  const query = selectFigures(ctx, { statistic: 'level' }).where(sql<boolean>`measure = any(${measures}::text[])`)
    .select(['measure', 'area', sql<string>`breakdown_text`.as('breakdown'), 'period', 'value', 'numerator', 'denominator', 'status', 'missing'])
    .select(sql<boolean>`ends < 'infinity' and ends <= coalesce((${ends}::jsonb ->> measure)::date, 'infinity')`.as('in_time'))
    .distinctOn(sql`series_id, in_time` as never).orderBy(sql`series_id, in_time, ends = 'infinity', ends desc, starts desc, period_kind, period`)
  return await (areas === null ? query : query.where(sql<boolean>`area = any(${areas}::text[])`)).execute() as unknown as Held[]
}
