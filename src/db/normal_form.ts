// The one form in which an item is stored, compared and given back: defaults filled in, nested nulls gone, read-only
// members dropped. Two bodies that mean the same have the same normal form.
import { isDeepStrictEqual } from 'node:util'
import type { TSchema } from '@sinclair/typebox'
import { resolve } from '../http/schema.js'
import { readPeriod } from '../periods/period.js'
import type { Kind } from './kind.js'

export function normalForm (kind: Kind, body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kind.schema.fields).map(([name, schema]) => {
    const value = body[name]
    return [name, value === undefined || value === null ? schema.default : kind.periods?.includes(name) ? periodCode(value) : nested(value)]
  }))
}

function periodCode (written: unknown): unknown {
  const read = readPeriod(String(written))
  return 'period' in read ? read.period.code : written
}

/** null and absent mean the same inside a nested value; -0 is stored as 0. */
function nested (value: unknown): unknown {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(nested)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null && v !== undefined).map(([k, v]) => [k, nested(v)]))
}

export const sameItem = (kind: Kind, a: Record<string, unknown>, b: Record<string, unknown>) =>
  Object.keys(kind.schema.fields).every(name => isDeepStrictEqual(a[name], b[name]))

/** JSON Merge Patch, RFC 7396. */
export function mergePatch (target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = mergePatch(merged[name], value)
  }
  return merged
}

/** Members in the schema's order, maps sorted by key, nulls left out: the canonical form of a bundle. */
export function canonical (schema: TSchema, value: unknown): unknown {
  const shape = resolve(schema)
  if (Array.isArray(value)) return value.map(item => canonical(shape.items, item))
  if (typeof value !== 'object' || value === null) return value
  const members = value as Record<string, unknown>
  const names = shape.properties === undefined ? Object.keys(members).sort() : Object.keys(shape.properties)
  return Object.fromEntries(names
    .filter(name => members[name] !== null && members[name] !== undefined)
    .map(name => [name, canonical(shape.properties?.[name] ?? {}, members[name])]))
}
