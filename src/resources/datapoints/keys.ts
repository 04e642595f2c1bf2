// From a row's key in codes to the integers of the fact table: series and periods are looked up, made where new, and
// the series locked, so that two deliveries of the same figures take turns instead of meeting halfway.
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import type { Key, RowFault } from './row.js'

export interface Ids { series_id: number, period_id: number }

const seriesText = (key: Key) => JSON.stringify([key.measure, key.area, key.breakdown, key.statistic, key.against, key.base_period])

export const keyText = (key: Key) => `${seriesText(key)}${key.period.code}`

/** Ids for each key, or the fault that its series has another rank basis; and the series that were made for them. */
export async function resolveKeys (ctx: WriteCtx, keys: Key[]): Promise<{ ids: Array<Ids | RowFault>, made: number[] }> {
  const periods = await periodIds(ctx, keys)
  const { series, made } = await seriesIds(ctx, keys)
  const ids = keys.map(key => {
    const { id, rank_basis: basis } = series.get(seriesText(key))!
    return key.rank_basis !== null && key.rank_basis !== basis
      ? { code: 'contradiction' as const, detail: `The ranks of this series have the basis ${basis}: 1 means ${basis}. Send ${basis}, or leave rank_basis out.`, column: 'rank_basis', value: key.rank_basis }
      : { series_id: id, period_id: periods.get(key.period.code)! }
  })
  return { ids, made }
}

/** A series that was made for a row which then was not written would hold its measure and area for nothing. */
export async function forgetEmpty (ctx: WriteCtx, made: number[]): Promise<void> {
  if (made.length === 0) return
  await ctx.db.deleteFrom('series').where(sql<boolean>`id = any(${made}::integer[])`)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('figures').select('series_id').whereRef('figures.series_id', '=', 'series.id')))).execute()
}

async function periodIds (ctx: WriteCtx, keys: Key[]): Promise<Map<string, number>> {
  const wanted = [...new Map(keys.map(({ period }) => [period.code, period])).values()]
    .map(({ code, kind, start, end, label }) => ({ code, kind, starts: start ?? 'infinity', ends: end ?? 'infinity', label }))
    .sort((a, b) => a.code < b.code ? -1 : 1)
  const find = async () => new Map((await ctx.db.selectFrom('periods').select(['id', 'code']).where(sql<boolean>`code = any(${wanted.map(one => one.code)}::text[])`).execute()).map(row => [row.code, row.id]))
  if (wanted.length === 0) return new Map()
  const found = await find()
  const missing = wanted.filter(one => !found.has(one.code))
  if (missing.length === 0) return found
  await sql`insert into periods (code, kind, starts, ends, label)
    select code, kind, starts, ends, label from json_populate_recordset(null::periods, ${JSON.stringify(missing)}) on conflict do nothing`.execute(ctx.db)
  return find()
}

interface Series { id: number, rank_basis: string | null }

async function seriesIds (ctx: WriteCtx, keys: Key[]): Promise<{ series: Map<string, Series>, made: number[] }> {
  const wanted = JSON.stringify([...new Map(keys.map(key => [seriesText(key), key])).values()]
    .map(({ period: _, ...series }) => series)
    .sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const columns = sql.raw('measure text, area text, breakdown text, statistic text, against text, base_period text, rank_basis text')
  const { rows: inserted } = await sql<{ id: number }>`
    insert into series (measure, area, breakdown, statistic, against, base_period, rank_basis)
    select measure, area, breakdown, statistic, against, base_period, rank_basis from json_to_recordset(${wanted}) as wanted (${columns})
    where not exists (select from series s where s.measure = wanted.measure and s.area = wanted.area and s.breakdown = wanted.breakdown
      and s.statistic = wanted.statistic and s.against = wanted.against and s.base_period = wanted.base_period)
    on conflict do nothing returning id`.execute(ctx.db)
  await sql`
    update series s set rank_basis = wanted.rank_basis from json_to_recordset(${wanted}) as wanted (${columns})
    where s.measure = wanted.measure and s.area = wanted.area and s.breakdown = wanted.breakdown and s.statistic = wanted.statistic
      and s.against = wanted.against and s.base_period = wanted.base_period and s.rank_basis is null and wanted.rank_basis is not null`.execute(ctx.db)
  const { rows } = await sql<Series & Omit<Key, 'period'>>`
    select s.* from series s join json_to_recordset(${wanted}) as wanted (${columns})
      on s.measure = wanted.measure and s.area = wanted.area and s.breakdown = wanted.breakdown and s.statistic = wanted.statistic
      and s.against = wanted.against and s.base_period = wanted.base_period
    order by s.id for no key update of s`.execute(ctx.db)
  return { series: new Map(rows.map(row => [seriesText(row as unknown as Key), row])), made: inserted.map(row => row.id) }
}
