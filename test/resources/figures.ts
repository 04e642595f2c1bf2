// Short ways to push and pull figures, for the tests of datapoints.
import type { Pool } from 'pg'
import type { Client } from '../support/client.js'

type Query = Record<string, string | number | boolean>
type Row = Record<string, unknown>

/** The area of makeMeasure. */
export const city = 'E06000018'

export const row = (measure: string, period: string, fields: Row = {}): Row => ({ measure, area: city, period, ...fields })

export const deliver = (client: Client, rows: unknown[], query: Query = {}) =>
  client.post('/v1/datapoint-imports', { datapoints: rows }, { query })

/** Path of one figure in the city. */
export const at = (measure: string, period: string) => `/v1/measures/${measure}/datapoints/${city}/${encodeURIComponent(period)}`

export const pull = async (client: Client, query: Query = {}): Promise<Row[]> =>
  (await client.get('/v1/datapoints', { query })).body.items

export const history = async (client: Client, query: Query = {}): Promise<Row[]> =>
  (await client.get('/v1/datapoints/history', { query })).body.items

/** Codes of the problems of a delivery with the rows that have them. */
export const faults = (answer: { body: { problems: Array<{ code: string, column: string | null, rows: number[] }> } }) =>
  answer.body.problems.map(({ code, column, rows }) => [code, column, rows])

/** Everything of a list, page by page. */
export async function walk (client: Client, url: string, query: Query = {}): Promise<Row[]> {
  const items: Row[] = []
  let cursor: string | null = null
  do {
    const { body } = await client.get(url, { query: { ...query, ...(cursor !== null && { cursor }) } })
    items.push(...body.items)
    cursor = body.next_cursor
  } while (cursor !== null)
  return items
}

/** So many figures of the count in the city in the place of earlier ones, each with a note that long: straight into the tables, as a delivery would take minutes. */
export async function fill (pool: Pool, figures: number, note: number): Promise<void> {
  await pool.query('delete from figures where period_id < 0')
  await pool.query('delete from periods where id < 0')
  await pool.query(`insert into periods (id, code, kind, starts, ends, label) overriding system value
    select -i, 'R-' || i, 'range', '2000-01-01', '2000-01-02', 'x' from generate_series(1, $1::int) i`, [figures])
  await pool.query(`insert into figures (series_id, period_id, revision, write_id, deleted, value, status, qualifiers, note)
    select f.series_id, -i, 1, f.write_id, false, i, 'final', '', nullif(repeat(md5(i::text), $2::int / 32), '')
    from (select series_id, write_id from figures join series on id = series_id where measure = 'count' order by 1 limit 1) f, generate_series(1, $1::int) i`, [figures, note])
}
