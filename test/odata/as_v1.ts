// The rows of all sets as /v1 has them, read over HTTP by its own lists: what any client of the feed must find.
import Papa from 'papaparse'
import { flatOf } from '../../src/documents/workbook/cells.js'
import { breakdownText } from '../../src/resources/datapoints/breakdown.js'
import type { Service } from '../support/process.js'

type Row = Record<string, unknown>

const registers = { Measures: 'measures', Areas: 'areas', Organisations: 'organisations', Plans: 'plans', Targets: 'targets' }
const sections = { Priorities: 'priorities', Outcomes: 'outcomes', PlanMeasures: 'measures', Actions: 'actions', Updates: 'updates' }

/** Lists and maps as the one text that the feed has of them. */
const flat = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name,
  name === 'breakdown' ? breakdownText(value as Record<string, string> ?? {}) || null : name === 'qualifiers' ? (value as string[]).join(';') || null : flatOf(value)]))

/** What only the feed has. */
const own: Record<string, string[]> = { Datapoints: ['id', 'period_start_at', 'last_changed_at'], Series: ['id'], ScorecardLines: ['id', 'plan', 'position'] }

/** Instants to the millisecond, which is what most clients keep; in the CSV of a scorecard all is text. */
function comparable (set: string, row: Row): string {
  const cells = Object.entries(row).filter(([name]) => !own[set]?.includes(name)).sort(([a], [b]) => a < b ? -1 : 1)
  return JSON.stringify(cells.map(([name, value]) => [name, set === 'ScorecardLines'
    ? String(value ?? '')
    : /_at$/.test(name) && value !== null ? new Date(value as string).toISOString() : value]))
}

/** Rows of each set as texts that can be compared, in any order. */
export const compared = (sets: Record<string, Row[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(sets).map(([set, rows]) => [set, rows.map(row => comparable(set, row)).sort()]))

export async function rowsOfV1 ({ url, send }: Service, as: string): Promise<Record<string, Row[]>> {
  async function list (path: string, query: Record<string, string> = {}): Promise<Row[]> {
    const rows: Row[] = []
    for (let next: string | null = `/v1/${path}?${new URLSearchParams({ limit: '1000', ...query }).toString()}`; next !== null;) {
      const { status, body, text } = await send('GET', next, undefined, { as })
      if (status !== 200) throw new Error(`${next}: ${status} ${text}`)
      rows.push(...body.items as Row[])
      next = body.next === null ? null : (body.next as string).slice(url.length)
    }
    return rows
  }
  const sets: Record<string, Row[]> = { Datapoints: await list('datapoints', { titles: 'true', include_deleted: 'true' }), Series: [], ScorecardLines: [] }
  for (const [set, path] of Object.entries(registers)) sets[set] = await list(path)
  for (const { code } of sets.Measures!) sets.Series!.push(...(await list(`measures/${code as string}/series`)).map(row => ({ measure: code, ...row })))
  for (const { code: plan } of sets.Plans!) {
    for (const [set, path] of Object.entries(sections)) (sets[set] ??= []).push(...(await list(`plans/${plan as string}/${path}`)).map(row => ({ plan, ...row })))
    const { text } = await send('GET', `/v1/plans/${plan as string}/scorecard?format=csv`, undefined, { as })
    sets.ScorecardLines!.push(...Papa.parse<Row>(text.replace(/^\ufeff/, ''), { header: true, skipEmptyLines: true }).data)
  }
  return Object.fromEntries(Object.entries(sets).map(([set, rows]) => [set, set === 'ScorecardLines' ? rows : rows.map(flat)]))
}
