// Whole tables sent as files: CSV, or a workbook.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../problems.js'
import { mediaTypes, type Format } from './formats.js'

/** By it Excel knows UTF-8. */
export const byteOrderMark = '\uFEFF'

export const wantsMark = ({ excel }: { excel?: string }): boolean => excel === '1' || excel === 'true'

/** What is whole has no pages. */
export function refusePaging (request: FastifyRequest): void {
  const query = request.query as Record<string, unknown>
  const paging = ['limit', 'cursor', 'count'].find(name => query[name] !== undefined)
  if (paging === undefined) return
  const detail = 'Only JSON comes in pages: any other format holds the whole selection and takes no limit, cursor or count.'
  throw problem('invalid_input', detail, { errors: [{ pointer: `?${paging}`, code: 'contradiction', detail }] })
}

interface Forms { csv: () => string, xlsx: () => Promise<Uint8Array> }

/** Sends what was asked for under the name, and writes only that. */
export async function sendTable (request: FastifyRequest, reply: FastifyReply, format: Format, name: string, forms: Forms): Promise<FastifyReply> {
  const kind = format === 'csv' ? 'csv' : 'xlsx'
  reply.header('content-disposition', `attachment; filename="${name}.${kind}"`)
  if (kind === 'xlsx') return reply.type(mediaTypes.xlsx).send(Buffer.from(await forms.xlsx()))
  const mark = wantsMark(request.query as { excel?: string }) ? byteOrderMark : ''
  return reply.header('content-type', `${mediaTypes.csv}; charset=utf-8; header=present`).send(mark + forms.csv())
}
