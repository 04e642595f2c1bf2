// JSON as it comes in: valid, not deeper than anything here, and of characters that a database can hold.
import { isAscii, isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { unreadable } from '../problems.js'

export type JsonReader = (request: FastifyRequest, bytes: Buffer) => Promise<unknown>

/** Reads a body; undefined where it is empty, for whether one is needed is the operation's to say. */
export function jsonReader (app: FastifyInstance): JsonReader {
  const parse = app.getDefaultJsonParser('error', 'error')
  return async (request, bytes) => {
    if (!isUtf8(bytes)) throw unreadable('The body is not UTF-8. Save or send it as UTF-8.')
    // Most bodies are ASCII, which is read many times faster as what it is.
    const text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString().replace(/^\uFEFF/, '')
    if (text.trim() === '') return undefined
    const value = await new Promise<unknown>((resolve, reject) => {
      void parse(request, text, (error, found) => error === null ? resolve(found) : reject(unreadable(`The body is not valid JSON${placeOf(text)}`)))
    })
    if (tooDeep(value, 64)) throw unreadable('The body is nested deeper than anything here.')
    if (suspect.test(text) && !storable(value)) throw unreadable('A text contains a character that cannot be stored: NUL, or half of a surrogate pair.')
    return value
  }
}

/** Escapes by which JSON may say what a database cannot hold. */
export const suspect = /\\u(?:d[89a-f]|0000)/i

/** Where JSON breaks off, as far as it can be told. */
export function placeOf (text: string): string {
  try {
    JSON.parse(text)
    return ', or has a member that is never taken (__proto__, constructor).'
  } catch (error) {
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? []
    const before = text.slice(0, Number(position ?? text.length)).split('\n')
    return `: it breaks off in line ${before.length}, column ${before.at(-1)!.length + 1}.`
  }
}

export function tooDeep (value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (left === 0) return true
  for (const name in value) if (tooDeep((value as Record<string, unknown>)[name], left - 1)) return true
  return false
}

// eslint-disable-next-line no-control-regex
const unstorable = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

export function storable (value: unknown): boolean {
  if (typeof value === 'string') return !unstorable.test(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, member]) => storable(name) && storable(member))
}
