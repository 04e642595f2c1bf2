// What an address below the root of the feed means.
import { nearest } from '../../db/nearest.js'
import { problem } from '../../problems.js'
import { parseValue } from './filter/parse.js'
import type { Expression } from './filter/expression.js'
import { propertyOf, type EntitySet, type Property } from './model.js'
import { unsupported } from './refuse.js'
import { sets } from './sets.js'

interface InSet { set: EntitySet }
interface OfRow extends InSet { is: Expression }
interface OfProperty extends OfRow { property: Property }

export type Place =
  | { kind: 'service' }
  | { kind: 'metadata' }
  | { kind: 'set' } & InSet
  | { kind: 'count' } & InSet
  | { kind: 'entity' } & OfRow
  | { kind: 'property' } & OfProperty
  | { kind: 'value' } & OfProperty

/** Set, key, and what follows; a key may hold anything between quotes. */
const form = /^([^/(]*)(?:\(((?:[^')]|'(?:[^']|'')*')*)\))?(?:\/(.*))?$/

const absent = new Set(['$batch', '$crossjoin', '$all', '$entity', '$ref', '$filter', '$each', '$query'])

/** `path` is what follows the root, percent-encoded. */
export function placeOf (path: string): Place {
  const text = decoded(path).replace(/^\/|\/$/g, '')
  if (text === '') return { kind: 'service' }
  if (text === '$metadata') return { kind: 'metadata' }
  const [, name, key, rest] = form.exec(text) ?? []
  const missing = [name, ...(rest?.split('/') ?? [])].find(part => part !== undefined && absent.has(part))
  if (missing !== undefined) throw unsupported('', `${missing} is not supported.`)
  const set = sets.find(one => one.name === name)
  if (set === undefined) throw nowhere(text, nearest(name ?? text, sets.map(one => one.name)))
  if (key === undefined) {
    if (rest === undefined) return { kind: 'set', set }
    if (rest === '$count') return { kind: 'count', set }
    throw nowhere(text)
  }
  return within(set, keyOf(set, key), rest, text)
}

function within (set: EntitySet, is: Expression, rest: string | undefined, text: string): Place {
  if (rest === undefined) return { kind: 'entity', set, is }
  const [name = '', value, ...more] = rest.split('/')
  const property = propertyOf(set, name)
  if (property === undefined || more.length > 0 || (value !== undefined && value !== '$value')) throw nowhere(text)
  return { kind: value === undefined ? 'property' : 'value', set, is, property }
}

function decoded (path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw problem('invalid_input', 'The address is not percent-encoded text.')
  }
}

const nowhere = (text: string, meant?: string) => problem('not_found',
  `There is nothing at '${text.slice(0, 200)}' in the feed${meant === undefined ? '' : `; did you mean '${meant}'?`} The sets are ${sets.map(({ name }) => name).join(', ')}.`)

/** 'a' or, where a key has several parts, plan='a',code='b'. */
function keyOf (set: EntitySet, text: string): Expression {
  const parts = text.match(/(?:[^',]|'(?:[^']|'')*')+/g) ?? []
  const [only = ''] = parts
  const named = set.key.length === 1 && parts.length === 1 && !/^\w+\s*=/.test(only) ? [`${set.key[0]!}=${only}`] : parts
  const values = new Map(named.map(part => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()] as const))
  const names = { set: set.name, property: () => undefined, all: [] }
  if (values.size !== set.key.length || named.length !== set.key.length || set.key.some(name => !values.has(name))) {
    throw problem('invalid_input', `The key of ${set.name} is written ${keyForm(set)}.`)
  }
  return set.key.map((name): Expression => {
    const value = parseValue(values.get(name)!, names)
    if (value.kind !== 'literal' || value.type !== 'string') throw problem('invalid_input', `The key of ${set.name} is written ${keyForm(set)}.`)
    return { kind: 'compare', type: 'boolean', operator: 'eq', left: { kind: 'property', type: 'string', property: propertyOf(set, name)! }, right: value }
  }).reduce((left, right) => ({ kind: 'and', type: 'boolean', left, right }))
}

const keyForm = ({ name, key }: EntitySet) => `${name}(${key.length === 1 ? "'…'" : key.map(part => `${part}='…'`).join(',')})`
