// What a delivery is read against: the measures, areas and organisations it names, as the caller may see them.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import { existing } from '../../db/references.js'
import { permits } from '../../db/visibility.js'
import { nearest } from '../../db/nearest.js'
import { readPeriod, type PeriodContext, type PeriodProblem, type PeriodReading } from '../../periods/period.js'
import type { Dictionary, KnownMeasure, ReadPeriod, Row } from './row.js'

export async function dictionary (ctx: Ctx, rows: Row[]): Promise<Dictionary> {
  const named = (...columns: string[]) => [...new Set(rows.flatMap(row => columns.map(column => row[column])).filter(code => typeof code === 'string'))]
  const wanted = { measures: named('measure'), areas: named('area', 'against'), organisations: named('provider') }
  const measures = wanted.measures.length === 0
    ? []
    : await ctx.db.selectFrom('measures').select(['code', 'visibility', 'unit', 'per', 'allowed', 'year_kind', 'timing', 'dimensions'])
      .where(sql<boolean>`code = any(${wanted.measures}::text[])`).where(permits(ctx.actor, 'visibility', 'steward')).execute() as KnownMeasure[]
  const known = {
    measures: new Map(measures.map(measure => [measure.code, measure])),
    areas: await existing(ctx, 'areas', null, wanted.areas),
    organisations: await existing(ctx, 'organisations', null, wanted.organisations)
  }
  const all = await suggestions(ctx, {
    measures: wanted.measures.some(code => !known.measures.has(code)),
    areas: wanted.areas.some(code => !known.areas.has(code)),
    organisations: wanted.organisations.some(code => !known.organisations.has(code))
  })
  return { ...known, meant: remembered(all), period: remembering(readPeriod) }
}

/** All codes that may be suggested, of the registers in which something was not found. */
async function suggestions (ctx: Ctx, missing: Record<'measures' | 'areas' | 'organisations', boolean>) {
  const codesOf = async (table: 'areas' | 'organisations') => (await ctx.db.selectFrom(table).select('code').execute()).map(row => row.code)
  return {
    measures: missing.measures
      ? (await ctx.db.selectFrom('measures').select('code').where(permits(ctx.actor, 'visibility', 'steward')).execute()).map(row => row.code)
      : [],
    areas: missing.areas ? await codesOf('areas') : [],
    organisations: missing.organisations ? await codesOf('organisations') : []
  }
}

/** Looked for once a code, and only for the first of them: who has hundreds wrong has sent the wrong file. */
function remembered (all: Record<'measures' | 'areas' | 'organisations', string[]>): Dictionary['meant'] {
  const seen = new Map<string, string | undefined>()
  return (what, code) => {
    const key = `${what} ${code}`
    if (!seen.has(key) && seen.size < 200) seen.set(key, nearest(code, all[what]))
    return seen.get(key)
  }
}

/** Deliveries name few periods many times. */
function remembering (read: typeof readPeriod): ReadPeriod {
  const seen = new Map<string, PeriodReading | PeriodProblem>()
  return (text, { year_kind: yearKind, timing }) => {
    const key = `${yearKind} ${timing} ${text}`
    let result = seen.get(key)
    if (result === undefined) seen.set(key, result = read(text, { year_kind: yearKind, timing } as PeriodContext))
    return result
  }
}
