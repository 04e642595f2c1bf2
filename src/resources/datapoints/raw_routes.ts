// Whoever is shown figures as they are, where others get what a disclosure rule leaves of them, is recorded.
import type { FastifyRequest } from 'fastify'
import { reading } from '../../http/context.js'
import { recordRead } from '../../http/reads.js'
import { rawAmong, type Selection } from './select.js'

/** Before the answer goes out, for a selection of which only the series decide. */
export async function recordRaw (request: FastifyRequest, selection: Selection): Promise<void> {
  if (await rawAmong(reading(request), selection)) await recordRead(request, 'raw_figures')
}
