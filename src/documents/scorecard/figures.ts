// The figures that a scorecard needs, and no others: all of its lines' own, and of other areas those of the same periods.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import { periodOf, type Period } from '../../periods/period.js'
import { breakdownOf } from '../../resources/datapoints/breakdown.js'
import { order, orderBy, selectFigures } from '../../resources/datapoints/select.js'
import type { Dated, FigureItem } from '../report/items.js'

/** Which past is asked for: the instant, and the last day on which periods may end. */
export interface Past { as_of?: string | undefined, upTo?: string | undefined }

/** A figure with its marks and its revision. */
export interface Held extends Dated { shorthand: string | null, revision: number }

const columns = ['measure', 'area', 'period', 'period_label', 'statistic', 'against', 'value', 'numerator', 'denominator', 'lower_95', 'upper_95',
  'bound', 'status', 'missing', 'qualifiers', 'rank_of', 'rank_basis', 'printed', 'note', 'shorthand', 'revision'] as const

type Row = Record<typeof columns[number], string | null> & { measure: string, area: string, period: string, breakdown_text: string, revision: number }

const placeOf = (measure: string, area: string) => `${measure}\n${area}`

export class Figures {
  private readonly places = new Map<string, Held[]>()
  private readonly periods = new Map<string, Period>()

  constructor (private readonly ctx: Ctx, private readonly past: Past) {}

  of (measure: string, area: string): Held[] {
    return this.places.get(placeOf(measure, area)) ?? []
  }

  /** Level figures and ranks, of all periods or of these; what was read before is read again as a whole. */
  async read (measures: string[], areas: string[], periods?: string[]): Promise<void> {
    if (measures.length === 0 || areas.length === 0 || periods?.length === 0) return
    const { as_of, upTo } = this.past
    const selection = { measure: measures.join(','), area: areas.join(','), statistic: 'level,rank' }
    const rows = await selectFigures(this.ctx, { ...selection, ...(periods && { period: periods.join(',') }), ...(as_of !== undefined && { as_of }) })
      .select([...columns, 'breakdown_text'] as unknown as Array<'measure'>)
      .where(sql<boolean>`${upTo === undefined ? sql`true` : sql`(ends <= ${upTo}::date or ends = 'infinity')`}`)
      .orderBy(orderBy(order(undefined))).execute() as unknown as Row[]
    for (const measure of measures) for (const area of areas) this.places.delete(placeOf(measure, area))
    for (const row of rows) {
      const place = placeOf(row.measure, row.area)
      const known = this.places.get(place)
      const held = this.held(row)
      if (known === undefined) this.places.set(place, [held])
      else known.push(held)
    }
  }

  private periodOf (code: string): Period {
    let period = this.periods.get(code)
    if (period === undefined) this.periods.set(code, period = periodOf(code)!)
    return period
  }

  private held (row: Row): Held {
    const period = this.periodOf(row.period)
    return { item: itemOf(row, period), period, breakdown: row.breakdown_text, shorthand: row.shorthand, revision: row.revision }
  }
}

/** As they stand in a bundle, where what is not there is left out. */
const texts = ['statistic', 'against', 'bound', 'status', 'missing', 'rank_of', 'rank_basis', 'printed', 'note'] as const
const numbers = ['value', 'numerator', 'denominator', 'lower_95', 'upper_95'] as const

function itemOf (row: Row, period: Period): FigureItem {
  const item: Record<string, unknown> = { measure: row.measure, area: row.area, period: row.period }
  if (row.period_label !== period.label) item.period_label = row.period_label
  if (row.breakdown_text !== '') item.breakdown = breakdownOf(row.breakdown_text)
  for (const name of numbers) if (row[name] !== null) item[name] = Number(row[name])
  for (const name of texts) if (row[name] !== null) item[name] = row[name]
  if (row.qualifiers !== null) item.qualifiers = row.qualifiers.split(';')
  return item as unknown as FigureItem
}
