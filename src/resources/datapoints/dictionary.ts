// What a delivery is read against: the measures, areas and organisations it names, as the caller may see them. It learns
// batch by batch, so that a delivery of any length is read with the codes it names, and not all of its rows, at hand.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import { existing } from '../../db/references.js'
import { permits } from '../../db/visibility.js'
import { nearest } from '../../db/nearest.js'
import { readPeriod, type PeriodContext, type PeriodProblem, type PeriodReading } from '../../periods/period.js'
import type { FigureRights } from './permission.js'
import type { Dictionary, KnownMeasure, ReadPeriod, Row } from './row.js'

type Register = 'measures' | 'areas' | 'organisations'

export class LearningDictionary implements Dictionary {
  readonly measures = new Map<string, KnownMeasure>()
  readonly areas = new Set<string>()
  readonly organisations = new Set<string>()
  readonly period = remembering(readPeriod)
  private readonly codes = new Map<Register, string[]>()
  private readonly guesses = new Map<string, string | undefined>()

  constructor (private readonly ctx: Ctx, readonly rights: FigureRights) {}

  /** Looks up what these rows name and earlier ones did not; `ready` is called before the database is asked. */
  async learn (rows: Row[], ready: () => Promise<void>): Promise<void> {
    await this.learnCodes(rows, ready)
    await this.rights.learn(rows, this.measures, ready)
  }

  private async learnCodes (rows: Row[], ready: () => Promise<void>): Promise<void> {
    const [measures, areas, organisations] = [new Set<string>(), new Set<string>(), new Set<string>()]
    const note = (wanted: Set<string>, known: { has (code: string): boolean }, code: unknown) => {
      if (typeof code === 'string' && !known.has(code)) wanted.add(code)
    }
    for (const row of rows) {
      note(measures, this.measures, row.measure)
      note(areas, this.areas, row.area)
      note(areas, this.areas, row.against)
      note(organisations, this.organisations, row.provider)
    }
    if (measures.size + areas.size + organisations.size === 0) return
    await ready()
    for (const measure of await this.findMeasures([...measures])) this.measures.set(measure.code, measure)
    for (const [register, wanted, known] of [['areas', areas, this.areas], ['organisations', organisations, this.organisations]] as const) {
      for (const code of await existing(this.ctx, register, null, [...wanted])) known.add(code)
    }
    for (const [register, wanted, known] of [['measures', measures, this.measures], ['areas', areas, this.areas], ['organisations', organisations, this.organisations]] as const) {
      if (!this.codes.has(register) && [...wanted].some(code => !known.has(code))) this.codes.set(register, await this.allCodes(register))
    }
  }

  /** Looked for once a code, and only for the first of them: who has hundreds wrong has sent the wrong file. */
  meant (register: Register, code: string): string | undefined {
    const key = `${register} ${code}`
    if (!this.guesses.has(key) && this.guesses.size < 200) this.guesses.set(key, nearest(code, this.codes.get(register) ?? []))
    return this.guesses.get(key)
  }

  private async findMeasures (codes: string[]): Promise<KnownMeasure[]> {
    if (codes.length === 0) return []
    return await this.ctx.db.selectFrom('measures').select(['code', 'visibility', 'unit', 'per', 'allowed', 'year_kind', 'timing', 'dimensions'])
      .where(sql<boolean>`code = any(${codes}::text[])`).where(permits(this.ctx.actor, 'visibility', 'steward')).execute() as KnownMeasure[]
  }

  /** All codes that may be suggested. */
  private async allCodes (register: Register): Promise<string[]> {
    const query = register === 'measures'
      ? this.ctx.db.selectFrom('measures').select('code').where(permits(this.ctx.actor, 'visibility', 'steward'))
      : this.ctx.db.selectFrom(register).select('code')
    return (await query.execute()).map(row => row.code)
  }
}

/** Periods of which the reading is kept. */
const periodsRemembered = 20_000

/** Deliveries name few periods many times; what is read depends on the measure, so it is kept for each. */
function remembering (read: typeof readPeriod): ReadPeriod {
  const seen = new Map<object, Map<string, PeriodReading | PeriodProblem>>()
  let size = 0
  return (text, measure) => {
    let ofMeasure = seen.get(measure)
    if (ofMeasure === undefined) seen.set(measure, ofMeasure = new Map())
    let result = ofMeasure.get(text)
    if (result === undefined) {
      if (size++ === periodsRemembered) {
        seen.clear()
        size = 0
      }
      ofMeasure.set(text, result = read(text, measure as PeriodContext))
    }
    return result
  }
}
