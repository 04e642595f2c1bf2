// What is measured on: figures of 200 measures in many areas over 20 years, a quarter of them broken down by sex, made
// by SQL because that is quick, in the order in which they would have been delivered; and the deliveries that follow.
import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import { periodOf } from '../src/periods/period.js'
import { must } from './client.js'
import type { Server } from './servers.js'

/** A database of figures with our service on it. */
export interface Figures {
  url: string
  sql: pg.Client
  ours: Server
  areas: number
  deliveries: Deliveries
}

/** The same with the rival beside it. */
export interface Bench extends Figures { rival: Server }

/** Lets the database write out and tidy what the part before has left. */
export async function settle ({ sql }: Figures): Promise<void> {
  await sql.query('vacuum analyze')
  // Not every user may ask for it.
  await sql.query('checkpoint').catch(() => {})
}

export const measures = 200
const years = 20
const firstYear = 2001

/** In whole 25s, so that pages of 1000 end where measures end. */
export const areasFor = (rows: number) => 25 * Math.ceil(rows / measures / years / 25)

const pad = (n: number, width: number) => String(n).padStart(width, '0')
export const measureCode = (m: number) => `bench-${pad(m, 3)}`
const areaCode = (a: number) => `A${pad(a, 5)}`

/** FY2001 is year 0. */
export const periodCode = (year: number) => `FY${firstYear + year}`

type Figure = Record<'value' | 'numerator' | 'denominator' | 'lower_95' | 'upper_95', number | null> & { missing: string | null }

/** Every 25th figure is suppressed; the others are percentages with their parts. */
function figureOf (m: number, slot: number, year: number): Figure {
  const h = (m * 37 + slot * 11 + year * 13) % 1000
  return h % 25 === 7
    ? { value: null, numerator: null, denominator: null, lower_95: null, upper_95: null, missing: 'suppressed' }
    : { value: h / 10, numerator: h, denominator: 1000, lower_95: Math.max(h - 15, 0) / 10, upper_95: Math.min(h + 15, 1000) / 10, missing: null }
}

/** A measure's series stand in slots: one an area, or two an area for the broken-down measures. */
const placeOf = (m: number, slot: number) => m % 4 === 0
  ? { area: areaCode(Math.floor(slot / 2)), breakdown: slot % 2 === 0 ? 'sex=female' : 'sex=male' }
  : { area: areaCode(slot), breakdown: '' }

/** All of them in an empty, migrated database. */
export async function build (sql: pg.Client, areas: number): Promise<void> {
  const run = (text: string, values: unknown[] = []) => sql.query(text, values)
  await run(`insert into measures (code, title, unit, decimals, polarity, frequency, year_kind, timing, status, dimensions, disclosure, visibility)
    select 'bench-' || lpad(m::text, 3, '0'), 'Measure ' || m, 'percent', 1, 'lower_is_better', 'annual', 'financial', 'during', 'active',
      case when m % 4 = 0 then '[{"code": "sex", "title": "Sex", "values": [{"code": "female", "title": "Female"}, {"code": "male", "title": "Male"}]}]' else '[]' end::jsonb,
      '{"rule": "none"}', 'public' from generate_series(1, ${measures}) m`)
  for (let year = 0; year < years; year++) {
    const { code, kind, start, end, label } = periodOf(periodCode(year))!
    await run('insert into periods (code, kind, starts, ends, label) values ($1, $2, $3, $4, $5)', [code, kind, start, end, label])
  }
  await run(`insert into areas (code, title, kind, members)
    select 'A' || lpad(a::text, 5, '0'), 'Area ' || a, 'ward', '[]' from generate_series(0, $1::integer - 1) a`, [areas])
  await run(`insert into series (measure, area, breakdown, statistic, against, base_period)
    select 'bench-' || lpad(m::text, 3, '0'), 'A' || lpad((case when m % 4 = 0 then slot / 2 else slot end)::text, 5, '0'),
      case when m % 4 <> 0 then '' when slot % 2 = 0 then 'sex=female' else 'sex=male' end, 'level', '', ''
    from generate_series(1, ${measures}) m, generate_series(0, $1::integer - 1) slot order by m, slot`, [areas])
  // Each measure comes in once a year, for all areas.
  await run(`with made as (
      insert into writes (position, at) select (select position from journal) + n, now() - interval '1 day' + n * interval '1 second'
      from generate_series(1, ${measures * years}) n returning position
    ) update journal set position = (select max(position) from made), at = now()`)
  await run(`insert into figures (series_id, period_id, revision, write_id, deleted, value, numerator, denominator, lower_95, upper_95, status, missing, qualifiers)
    select s.id, p.id, 1, w.id, false, case when shown then h / 10.0 end, case when shown then h end, case when shown then 1000 end,
      case when shown then greatest(h - 15, 0) / 10.0 end, case when shown then least(h + 15, 1000) / 10.0 end,
      'final', case when not shown then 'suppressed' end, ''
    from (select id, right(measure, 3)::integer as m, case breakdown when '' then 1 else 2 end * right(area, 5)::integer + (breakdown = 'sex=male')::integer as slot from series) s,
      (select id, right(code, 4)::integer - ${firstYear} as year from periods) p,
      lateral (select (m * 37 + slot * 11 + year * 13) % 1000 as h) one, lateral (select h % 25 <> 7 as shown) two,
      writes w
    where w.position = (select position from journal) - ${measures * years} + year * ${measures} + m
    order by year, m, slot`)
  await run('vacuum analyze')
}

/** The rival's table: what a careful developer makes of the same rows, flat, for an API made from tables. */
export async function buildRival (sql: pg.Client): Promise<void> {
  const statements = [
    'create schema rival',
    'create table rival.measures as select code, title from measures',
    'create table rival.areas as select code, title from areas',
    'alter table rival.measures add primary key (code)',
    'alter table rival.areas add primary key (code)',
    `create table rival.figures as select measure, area, period, period_label, period_kind, period_start, period_end, coalesce(breakdown, '') collate "C" as breakdown,
      statistic, coalesce(against, '') collate "C" as against, coalesce(base_period, '') collate "C" as base_period, value, numerator, denominator, lower_95, upper_95,
      unit, per, bound, status, missing, qualifiers, shorthand, rank_of, rank_basis, printed, note, source, provider, revision, revised, recorded_at, deleted
      from figures_raw order by period, measure, area, breakdown`,
    `alter table rival.figures add primary key (measure, area, period, breakdown, statistic, against, base_period),
      add foreign key (measure) references rival.measures, add foreign key (area) references rival.areas,
      alter breakdown set default '', alter statistic set default 'level', alter against set default '', alter base_period set default '',
      alter status set default 'final', alter status set not null, alter revision set default 1, alter revised set default false,
      alter recorded_at set default now(), alter recorded_at set not null, alter deleted set default false`,
    'create index on rival.figures (recorded_at)',
    'create function rival.stamp () returns trigger language plpgsql as $$ begin new.recorded_at := now(); return new; end $$',
    'create trigger stamp before update on rival.figures for each row execute function rival.stamp()',
    'vacuum analyze rival.figures'
  ]
  for (const statement of statements) await sql.query(statement)
}

export interface Delivery { ours: Buffer, rival: Buffer, oursCsv: Buffer, rivalCsv: Buffer, rows: number }

export const deliveredColumns = ['measure', 'area', 'period', 'breakdown', 'value', 'numerator', 'denominator', 'lower_95', 'upper_95', 'status', 'missing'] as const

/** Deliveries of figures that are not held yet: the years after those that were built, measure by measure. */
export class Deliveries {
  private next = 0

  constructor (private readonly areas: number) {}

  private rows (count: number) {
    const from = this.next
    this.next += count
    return Array.from({ length: count }, (_, i) => {
      const inYear = (from + i) % (measures * this.areas)
      const year = years + Math.floor((from + i) / (measures * this.areas))
      const m = Math.floor(inYear / this.areas) + 1
      const slot = inYear % this.areas
      return { measure: measureCode(m), ...placeOf(m, slot), period: periodCode(year), ...figureOf(m, slot, year), status: 'provisional' }
    })
  }

  /** The same rows for both, each in its own form. */
  take (count: number): Delivery {
    const rows = this.rows(count)
    return {
      ours: Buffer.from(JSON.stringify({ datapoints: rows.map(row => ({ ...row, breakdown: row.breakdown === '' ? {} : { sex: row.breakdown.slice(4) } })) })),
      rival: Buffer.from(JSON.stringify(rows)),
      oursCsv: csv(rows, ''),
      // PostgREST takes an empty cell for an empty text and NULL for none.
      rivalCsv: csv(rows, 'NULL'),
      rows: count
    }
  }

  takeCsv (count: number): Buffer {
    return csv(this.rows(count), '')
  }
}

const csv = (rows: Array<Record<typeof deliveredColumns[number], unknown>>, none: string) => Buffer.from(
  [deliveredColumns, ...rows.map(row => deliveredColumns.map(name => row[name] ?? none))].map(cells => `${cells.join(',')}\r\n`).join(''))

/** Addresses of single figures of the first stage, the same for all that are asked. */
export function keys (areas: number, count: number): Array<{ measure: string, area: string, period: string, breakdown: string }> {
  return Array.from({ length: count }, (_, i) => {
    const m = (i * 7919) % measures + 1
    return { measure: measureCode(m), ...placeOf(m, (i * 104_729) % areas), period: periodCode((i * 31) % years) }
  })
}

/** The figures were made behind the service's back: it must answer one as if they had come through the door. */
export async function checkOne (server: Server): Promise<void> {
  const { body } = await must(server, `/v1/measures/${measureCode(4)}/datapoints/${areaCode(3)}/${periodCode(5)}?breakdown=sex=male`, { keep: true })
  const { recorded_at: _, ...row } = JSON.parse(body) as Record<string, unknown>
  const expected = {
    ...{ measure: 'bench-004', area: 'A00003', period: 'FY2006', period_label: '2006/07', period_kind: 'financial_year' },
    ...{ period_start: '2006-04-01', period_end: '2007-03-31', breakdown: { sex: 'male' }, statistic: 'level', against: null, base_period: null },
    ...figureOf(4, 7, 5),
    ...{ unit: 'percent', per: null, bound: null, status: 'final', qualifiers: [], shorthand: null, rank_of: null, rank_basis: null },
    ...{ printed: null, note: null, source: null, provider: null, revision: 1, revised: false, deleted: false }
  }
  if (!isDeepStrictEqual(row, expected)) throw new Error(`The service answers ${JSON.stringify(row)} where the data say ${JSON.stringify(expected)}`)
}
