// The formats an operation may answer in, chosen by format= or by Accept.
import type { FastifyRequest } from 'fastify'
import { problem } from '../problems.js'

export const mediaTypes = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  yaml: 'application/yaml',
  html: 'text/html',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csvm: 'application/csvm+json'
} as const

export type Format = keyof typeof mediaTypes

/** The format to answer in: what format= names, else the best that Accept allows, else the first offered. */
export function formatOf (request: FastifyRequest): Format {
  const offered = request.routeOptions.config.formats ?? ['json']
  const wanted = (request.query as { format?: Format } | undefined)?.format
  if (wanted !== undefined && offered.includes(wanted)) return wanted
  const { accept } = request.headers
  if (accept === undefined || accept === '*/*') return offered[0]!
  const accepted = request.accepts().type(offered.map(format => mediaTypes[format])) as string | false
  const format = offered.find(name => mediaTypes[name] === accepted)
  if (format === undefined) {
    throw problem('not_acceptable', `This operation answers in ${offered.map(name => mediaTypes[name]).join(', ')}; the request accepts only ${accept}.`)
  }
  return format
}
