// What a pull is about, and pages of the service as it asks for them.
import { columns } from '../resources/datapoints/schema.js'
import { Refusal, send, type Remote } from './remote.js'
import type { Format, Row } from './row_text.js'

export interface Job {
  remote: Remote
  file: string
  format: Format
  query: Record<string, string>
}

/** The file can only be made anew; the message says why. */
export class StartOver extends Error {}

export interface Page {
  items: Row[]
  next_cursor: string | null
  total?: number
  warnings?: Array<{ detail: string }>
  /** Outturn-Cursor: the bookmark of the state that was read. */
  at: string
}

export async function readPage ({ remote }: Job, query: Record<string, string>): Promise<Page> {
  const { status, headers, text } = await send(remote, `/v1/datapoints?${new URLSearchParams({ ...query, format: 'json' }).toString()}`)
  const at = headers.get('outturn-cursor')
  if (status !== 200 || at === null) throw new Refusal(status, text)
  return { ...JSON.parse(text) as Page, at }
}

/** The columns as the rows have them; those that are known here where there is no row. */
export const columnsOf = ([row]: Row[], { titles }: Record<string, string>): string[] =>
  row === undefined ? [...columns, ...(titles === 'true' ? ['measure_title', 'area_title'] : [])] : Object.keys(row)

/** A service of a newer release may answer more columns than the file has. */
export function holdColumns ([row]: Row[], known: string[]): void {
  if (row !== undefined && String(Object.keys(row)) !== String(known)) throw new StartOver('the service has other columns by now')
}
