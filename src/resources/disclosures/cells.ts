// The figures of a measure under a disclosure rule as they are, with what the rule needs to know of their places.
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Nature, Rule } from '../../statistics/disclosure/figure.js'
import type { Frame } from '../../statistics/disclosure/pieces.js'
import type { Placed } from '../../statistics/disclosure/publish.js'

export interface Governed {
  code: string
  unit: string | null
  per: number | null
  decimals: number | null
  dimensions: Frame['dimensions']
  disclosure: { rule: string, suppress_from?: number, suppress_to?: number, round_to?: number }
}

/** null: what is supplied is published. */
export const ruleOf = ({ disclosure: { rule, suppress_from: from, suppress_to: to, round_to: base } }: Governed): Rule | null =>
  rule === 'none' ? null : { from: from!, to: to!, base: base ?? null }

/** A measure whose unit is not said may count people. */
export const natureOf = ({ unit, per, decimals }: Governed): Nature => ({
  isCount: unit === 'count' || unit === null,
  per: unit === 'percent' ? 100 : unit === 'rate' ? per : unit === 'ratio' ? 1 : null,
  decimals
})

/** All that a change of makes what is published another. */
export function appliedOf (measure: Governed) {
  const dimensions = measure.dimensions.map(({ code, values }) => [code, ...values.map(value => value.code)])
  return { ...ruleOf(measure), ...natureOf(measure), dimensions }
}

export const contents = ['value', 'numerator', 'denominator', 'lower_95', 'upper_95', 'bound', 'missing', 'qualifiers', 'rank_of', 'printed', 'note'] as const

export interface RawCell extends Placed { series_id: number, period_id: number, revision: number, write_id: number, deleted: boolean, status: string }

interface Row extends Record<typeof contents[number], string | null> {
  series_id: number
  period_id: number
  revision: number
  write_id: number
  deleted: boolean
  status: string
  area: string
  whole: string | null
  exempt: boolean
  part: string
  statistic: string
  period: string
  from: string | null
  to: string | null
}

interface Wanted { areas?: string[], history?: boolean }

/** Those of these areas, or of all; with `history` every revision, oldest first, withdrawn ones among them. */
export async function readCells (ctx: WriteCtx, measure: string, { areas, history = false }: Wanted): Promise<RawCell[]> {
  const source = history ? sql`(select * from figures union all select * from figure_revisions)` : sql`figures`
  const { rows } = await sql<Row>`
    select f.series_id, f.period_id, f.revision, f.write_id, f.deleted, f.status, s.area, a.parent as whole, a.kind = 'nation' as exempt, s.breakdown as part, s.statistic,
      p.code as period, nullif(p.starts, 'infinity') as "from", nullif(p.ends, 'infinity') + 1 as "to",
      ${sql.join(contents.map(name => sql.ref(`f.${name}`)))}
    from ${source} f join series s on s.id = f.series_id join areas a on a.code = s.area join periods p on p.id = f.period_id
    where s.measure = ${measure} and s.face = 'raw' and ${areas === undefined ? sql`true` : sql`s.area = any(${areas}::text[])`}
      and ${history ? sql`true` : sql`not f.deleted`}
    order by f.series_id, f.period_id, f.revision`.execute(ctx.db)
  const groups = await groupsOf(ctx)
  return rows.map(row => ({
    ...row,
    wholes: [...(row.whole === null ? [] : [row.whole]), ...groups.get(row.area) ?? []],
    figure: { ...Object.fromEntries(contents.map(name => [name, row[name]])), qualifiers: row.qualifiers ?? '' } as unknown as Placed['figure']
  }))
}

/** All values of its dimensions, and the areas of which some part has no figure of the measure. */
export async function frameOf ({ db }: WriteCtx, { code, dimensions }: Governed): Promise<Frame> {
  const { rows } = await sql<{ area: string }>`with held as (select distinct area from series where measure = ${code} and face = 'raw')
    select parent as area from areas where parent in (select area from held) and code not in (select area from held)
    union select code from areas, jsonb_array_elements(members) member
    where code in (select area from held) and member ->> 'area' not in (select area from held)`.execute(db)
  return { dimensions, uncovered: new Set(rows.map(({ area }) => area)) }
}

/** The groups of which each area is a member. */
async function groupsOf ({ db }: WriteCtx): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ area: string, groups: string[] }>`
    select member ->> 'area' as area, array_agg(code) as groups from areas, jsonb_array_elements(members) member group by 1`.execute(db)
  return new Map(rows.map(({ area, groups }) => [area, groups]))
}
