// Which figures of a delivery the caller may write: learnt for each measure and area that its rows name, so that no row
// asks for itself. Whoever may not is told whom to ask, of those that it may know of.
import { sql, type RawBuilder } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import { existing } from '../../db/references.js'
import { answering, seesRaw, writesFigures } from '../../db/rights.js'
import { visible } from '../../db/visibility.js'
import type { WriteCtx } from '../../db/write.js'
import { problem } from '../../problems.js'
import type { FigureRight, Row } from './row.js'

/** Measures and areas of which the answer is kept; beyond it the database is asked again, for memory's sake. */
const remembered = 100_000

export class FigureRights {
  /** Whether some may only say what is stored. */
  some_as_stored = false
  private readonly free: boolean
  private readonly known = new Map<string, Map<string, FigureRight>>()
  private readonly reasons = new Map<string, string>()
  private size = 0

  /** With `restating` figures of others may stand among the rows as they are, where the caller sees them so. */
  constructor (private readonly ctx: Ctx, private readonly restating: boolean) {
    this.free = ctx.actor.role === 'admin'
  }

  /** Of measures that are not there for the caller there is nothing to learn. */
  async learn (rows: Row[], measures: { has (code: string): boolean }, ready: () => Promise<void>): Promise<void> {
    if (this.free) return
    if (this.size > remembered) this.forget()
    const wanted = new Map<string, Set<string>>()
    for (const { measure, area } of rows) {
      if (typeof measure !== 'string' || typeof area !== 'string' || !measures.has(measure) || this.known.get(measure)?.has(area)) continue
      const areas = wanted.get(measure)
      if (areas === undefined) wanted.set(measure, new Set([area]))
      else areas.add(area)
    }
    if (wanted.size === 0) return
    await ready()
    const found = await this.ask([...wanted].flatMap(([measure, areas]) => [...areas].map(area => ({ measure, area }))))
    await this.learnReasons([...new Set(found.filter(({ writes, restates }) => !writes && !restates).map(({ measure }) => measure))])
    for (const { measure, area, writes, restates } of found) this.keep(measure, area, writes ? 'all' : restates ? 'as_stored' : { refused: this.reasons.get(measure)! })
  }

  of (measure: string, area: string): FigureRight {
    return this.free ? 'all' : this.known.get(measure)?.get(area) ?? { refused: 'The key may not write this figure.' }
  }

  private forget (): void {
    this.known.clear()
    this.size = 0
  }

  private keep (measure: string, area: string, right: FigureRight): void {
    if (right === 'as_stored') this.some_as_stored = true
    if (!this.known.has(measure)) this.known.set(measure, new Map())
    this.known.get(measure)!.set(area, right)
    this.size++
  }

  private async ask (pairs: Array<{ measure: string, area: string }>) {
    const [measure, area] = [sql.ref('pair.measure'), sql.ref('pair.area')]
    const { rows } = await sql<{ measure: string, area: string, writes: boolean, restates: boolean }>`
      select measure, area, ${writesFigures(this.ctx.actor, measure, area)} as writes, ${this.restating ? this.sees(measure, area) : sql`false`} as restates
      from json_to_recordset(${JSON.stringify(pairs)}) as pair (measure text collate "C", area text collate "C")`.execute(this.ctx.db)
    return rows
  }

  /** Whether the answer that the row says what is stored tells the caller nothing new. */
  private sees (measure: RawBuilder<unknown>, area: RawBuilder<unknown>) {
    return sql<boolean>`(${seesRaw(this.ctx.actor, measure, area)}
      or exists (select from measures m where m.code = ${measure} and m.disclosure ->> 'rule' = 'none'))`
  }

  private async learnReasons (measures: string[]): Promise<void> {
    const wanted = measures.filter(code => !this.reasons.has(code))
    if (wanted.length === 0) return
    const { organisation } = this.ctx.actor
    for (const { code, asked } of await this.whoAnswers(wanted)) {
      const whom = asked.length === 0 ? '' : `Ask ${asked.slice(0, 5).map(one => `'${one}'`).join(', ')}, which answers for them, or `
      this.reasons.set(code, `'${organisation ?? ''}' does not write the figures of '${code}' in this area. ${whom === '' ? 'Ask an' : `${whom}an`} administrator.`)
    }
  }

  /** The provider of a measure, who leads, provides or delivers it on a line that the caller may see, and its steward. */
  private async whoAnswers (measures: string[]): Promise<Array<{ code: string, asked: string[] }>> {
    const lines = this.ctx.db.selectFrom('plan_measures').select(['measure', 'organisations']).where(visible({ table: 'plan_measures' }, this.ctx) as never)
    const { rows } = await sql<{ code: string, asked: string[] }>`
      select m.code, array(select distinct asked from (
        select m.data_provider union select m.steward
        union select party ->> 'organisation' from (${lines}) line, jsonb_array_elements(line.organisations) party
          where line.measure = m.code and party ->> 'role' = any(${[...answering]}::text[])) named (asked)
        where asked is not null order by 1) as asked
      from measures m where m.code = any(${measures}::text[])`.execute(this.ctx.db)
    return rows
  }
}

/** Refuses, before it is known what is to be written, who may see a measure and not write its figures there. */
export async function permitFigure (ctx: Ctx, { measure, area }: { measure: string, area: string }): Promise<void> {
  if (ctx.actor.role === 'admin') return
  const seen = await existing(ctx, 'measures', null, [measure])
  // What is not there is missed in its turn.
  if (!seen.has(measure)) return
  const rights = new FigureRights(ctx, false)
  await rights.learn([{ measure, area }], seen, async () => {})
  const right = rights.of(measure, area)
  if (typeof right === 'object') throw problem('forbidden', right.refused)
}

/** Rows that may only say what is stored, and say something else, are faulty. */
export const refuseRestated = ({ db, actor }: WriteCtx) => sql`update staged_changes c set fault = 'not_permitted' from series s
  where s.id = c.series_id and c.fault is null and not ${writesFigures(actor, sql`s.measure`, sql`s.area`)}`.execute(db)

/** Refuses who may not write all the figures that a write made. */
export async function requireFigures ({ db, actor }: WriteCtx, write: number): Promise<void> {
  const { rows } = await sql`select from (
      select series_id from figures where write_id = ${write} union select series_id from figure_revisions where write_id = ${write}) f
    join series s on s.id = f.series_id where not ${writesFigures(actor, sql`s.measure`, sql`s.area`)} limit 1`.execute(db)
  if (rows.length > 0) throw problem('forbidden', 'The delivery holds figures that the key may not write, or not any more. Ask an administrator to take it back.')
}
