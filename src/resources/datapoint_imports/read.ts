// What a body is read as, by its media type: the source of a delivery's rows.
import type { Spool } from '../../http/spool.js'
import { problem, type Fault } from '../../problems.js'
import { listed, type Source } from '../datapoints/source.js'
import { csvSource } from './csv.js'
import { linesSource } from './lines.js'
import { sheetSource } from './sheet.js'

const megabyte = 1_048_576

/** Media types that are read, with the most bytes of each after unpacking. */
export const limits = {
  'application/json': 10 * megabyte,
  'application/x-ndjson': 1024 * megabyte,
  'text/csv': 1024 * megabyte,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 50 * megabyte
} as const

export interface Body { source: Source, note: string | null }

export interface Readers {
  json (bytes: Buffer): Promise<unknown>
  /** Faults of what stands beside the rows. */
  envelope (body: unknown): Fault[]
}

export async function readBody (spool: Spool, readers: Readers): Promise<Body> {
  switch (spool.type.split(';')[0]!.trim().toLowerCase() as keyof typeof limits) {
    case 'application/json': return readJson(await readers.json(await spool.bytes()), readers)
    case 'application/x-ndjson': return { source: linesSource(spool), note: null }
    case 'text/csv': return { source: await csvSource(spool), note: null }
    case 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': return { source: sheetSource(spool), note: null }
  }
}

function readJson (body: unknown, { envelope }: Readers): Body {
  if (body === undefined) throw problem('invalid_input', 'This operation needs a body.', { errors: [{ pointer: '', code: 'missing_member', detail: 'The body is empty.' }] })
  const { datapoints, ...rest } = (typeof body === 'object' && body !== null ? body : {}) as { datapoints?: unknown, source?: string | null, note?: string | null }
  // The rows are checked one by one, and told of in the receipt.
  const errors = envelope(Array.isArray(datapoints) && datapoints.length <= 200_000 ? { ...rest, datapoints: [] } : body)
  if (errors.length > 0) throw problem('invalid_input', errors[0]!.detail, { errors: errors.slice(0, 100) })
  const { source, note } = rest
  return { source: listed(datapoints as unknown[], typeof source === 'string' ? { source } : undefined), note: note ?? null }
}
