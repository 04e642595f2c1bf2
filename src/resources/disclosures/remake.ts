// A rule that is new, another, or gone: all that was ever published of the measure is made anew, for what was known in the
// past is shown by the rule of today.
import { sql } from 'kysely'
import type { WriteCtx } from '../../db/write.js'
import { hidden, isSensitive, roundedFigure, type Figure, type Rule } from '../../statistics/disclosure/figure.js'
import type { Frame } from '../../statistics/disclosure/pieces.js'
import { publishedOf } from '../../statistics/disclosure/publish.js'
import { names } from '../datapoints/stage_sql.js'
import { appliedOf, contents, frameOf, natureOf, readCells, ruleOf, type Governed, type RawCell } from './cells.js'
import { makeFaces, stagePublished, twins } from './write.js'

const said = (alias: string) => sql.raw(`(${names.map(name => `${alias}.${name}`).join(', ')})`)

export async function remake (ctx: WriteCtx, measure: Governed): Promise<void> {
  const rule = ruleOf(measure)
  await keepShown(ctx, measure.code)
  await forgetPublished(ctx, measure.code)
  if (rule === null) await openFaces(ctx, measure.code)
  else await publishAll(ctx, measure, rule)
  await tellChanged(ctx, measure.code)
}

/** What readers are shown now, by which it is told afterwards what is another for them. */
async function keepShown ({ db }: WriteCtx, measure: string): Promise<void> {
  await sql`create temporary table if not exists shown_before (measure text, area text, breakdown text, statistic text, against text, base_period text, period_id integer, said text) on commit delete rows`.execute(db)
  await sql`delete from shown_before`.execute(db)
  await sql`insert into shown_before select s.measure, s.area, s.breakdown, s.statistic, s.against, s.base_period, f.period_id, ${said('f')}::text
    from figures f join series s on s.id = f.series_id where s.measure = ${measure} and s.face <> 'raw' and not f.deleted`.execute(db)
}

async function forgetPublished ({ db }: WriteCtx, measure: string): Promise<void> {
  await sql`select forget_published(${measure})`.execute(db)
  await sql`delete from disclosures where measure = ${measure}`.execute(db)
}

/** Without a rule a series has one face again. */
async function openFaces ({ db }: WriteCtx, measure: string): Promise<void> {
  await sql`delete from series where measure = ${measure} and face = 'published'`.execute(db)
  await sql`update series set face = 'both' where measure = ${measure} and face = 'raw'`.execute(db)
}

async function publishAll (ctx: WriteCtx, measure: Governed, rule: Rule): Promise<void> {
  const { db } = ctx
  await sql`insert into disclosures (measure, rule) values (${measure.code}, ${JSON.stringify(appliedOf(measure))})`.execute(db)
  await makeFaces(ctx, measure.code)
  await stagePublished(ctx, pastOf(await readCells(ctx, measure.code, { history: true }), measure, rule, await frameOf(ctx, measure)))
  const columns = sql.raw(names.join(', '))
  const cells = sql.join(names.map(name => sql.raw((contents as readonly string[]).includes(name) ? `p.${name}` : `r.${name}`)))
  for (const [table, last] of [['figure_revisions', false], ['figures', true]] as const) {
    await sql`with numbered as (
        select *, row_number() over (partition by series_id, period_id order by write_id, revision) as n,
          count(*) over (partition by series_id, period_id) as of from staged_published
      )
      insert into ${sql.table(table)} (series_id, period_id, revision, write_id, deleted, ${columns})
      select t.id, p.period_id, p.n, p.write_id, p.deleted, ${cells}
      from numbered p join ${twins} on s.id = p.series_id
        join (select * from figures union all select * from figure_revisions) r on r.series_id = p.series_id and r.period_id = p.period_id and r.revision = p.revision
      where (p.n = p.of) = ${last}`.execute(db)
  }
  await sql`insert into latest_figures (series_id, kind, period_id, ends, starts)
    select distinct on (f.series_id, q.kind) f.series_id, q.kind, q.id, q.ends, q.starts
    from figures f join series t on t.id = f.series_id join periods q on q.id = f.period_id
    where t.measure = ${measure.code} and t.face = 'published' and not f.deleted and q.starts <> 'infinity'
    order by f.series_id, q.kind, q.ends desc, q.starts desc`.execute(db)
}

interface PastCell extends RawCell { figure: Figure }

/**
 * Each revision as it is published: what holds now by all that is known now; what was known before by itself where it is
 * rounded, and else hidden wherever anything of the measure is or was, for then it may tell what is hidden.
 */
function pastOf (revisions: RawCell[], measure: Governed, rule: Rule, frame: Frame): PastCell[] {
  const nature = natureOf(measure)
  const current = lastOf(revisions)
  const published = new Map(publishedOf(current, nature, rule, frame).map((figure, i) => [current[i]!, figure]))
  const shut = rule.base === null && revisions.some(one => !one.exempt && isSensitive(one.figure, nature, rule))
  const past = (one: RawCell): Figure => {
    if (one.deleted) return one.figure
    if (one.statistic !== 'level' || shut || isSensitive(one.figure, nature, rule)) return one.exempt && one.statistic === 'level' ? one.figure : hidden
    return one.exempt || rule.base === null ? one.figure : roundedFigure(one.figure, nature, rule.base)
  }
  const all = revisions.map(one => ({ ...one, figure: published.get(one) ?? past(one) }))
  return all.filter((one, i) => !repeats(one, all[i - 1], revisions[i]!, revisions[i - 1]))
}

/** A revision that publishes what the one before does is none to readers. */
function repeats (one: PastCell, before: PastCell | undefined, raw: RawCell, rawBefore: RawCell | undefined): boolean {
  if (before?.series_id !== one.series_id || before.period_id !== one.period_id || before.deleted !== one.deleted) return false
  const same = JSON.stringify(one.figure) === JSON.stringify(before.figure)
  return same && raw.status === rawBefore!.status
}

const lastOf = (revisions: RawCell[]) => revisions.filter((one, i) => {
  const next = revisions[i + 1]
  return !one.deleted && (next?.series_id !== one.series_id || next.period_id !== one.period_id)
})

/** What is another for readers than before is a change to them now, so that whoever follows changes gets it. */
async function tellChanged (ctx: WriteCtx, measure: string): Promise<void> {
  const { rows } = await sql<{ series_id: number, period_id: number }>`
    select f.series_id, f.period_id from figures f join series s on s.id = f.series_id
    left join shown_before b on b.area = s.area and b.breakdown = s.breakdown and b.statistic = s.statistic and b.against = s.against
      and b.base_period = s.base_period and b.period_id = f.period_id
    where s.measure = ${measure} and s.face <> 'raw' and not f.deleted and b.said is distinct from ${said('f')}::text`.execute(ctx.db)
  if (rows.length === 0) return
  const write = await ctx.write_id()
  const picked = sql`(select * from json_to_recordset(${JSON.stringify(rows)}::json) as changed (series_id integer, period_id integer))`
  await sql`insert into figure_revisions select f.* from figures f join ${picked} changed using (series_id, period_id)`.execute(ctx.db)
  await sql`update figures f set revision = f.revision + 1, write_id = ${write}::bigint from ${picked} changed
    where f.series_id = changed.series_id and f.period_id = changed.period_id`.execute(ctx.db)
}
