// Short ways to push and pull figures, for the tests of datapoints.
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
