// The query options of a request, read by their text: each is understood, or refused by its name.
import { nearest } from '../../db/nearest.js'
import { parseFilter, type Aliases } from './filter/parse.js'
import type { Expression } from './filter/expression.js'
import { propertyOf, type EntitySet, type Property } from './model.js'
import { unsupported, wrong } from './refuse.js'

export interface Sort { property: Property, descending: boolean }

export interface Options {
  filter?: Expression
  select?: Property[]
  orderby: Sort[]
  top?: number
  skip: number
  count: boolean
  skiptoken?: string
  format?: string
}

type Name = 'filter' | 'select' | 'orderby' | 'top' | 'skip' | 'count' | 'skiptoken' | 'format'

const known: Name[] = ['filter', 'select', 'orderby', 'top', 'skip', 'count', 'skiptoken', 'format']

/** Of the standard, 4.0 and 4.01, and not here. */
const absent = ['$expand', '$search', '$apply', '$compute', '$levels', '$deltatoken', '$id', '$index', '$schemaversion', '$value', '$batch']

/** Names and values of a query, decoded. */
export const pairsOf = (text: string): Array<[string, string]> => text.split('&').filter(pair => pair !== '').map(pair => {
  const [name = '', ...value] = pair.split('=')
  return [decoded(name), decoded(value.join('='))]
})

function decoded (text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw wrong('', `'${text.slice(0, 50)}' is not percent-encoded text.`)
  }
}

/** What the options of a query are, each once, and of those that the resource takes. */
export function readQuery (query: string, taken: Name[]): { values: Map<Name, string>, aliases: Aliases } {
  const values = new Map<Name, string>()
  const aliases: Aliases = new Map()
  for (const [name, value] of pairsOf(query)) {
    const option = name.slice(1) as Name
    if (name.startsWith('@')) {
      if (aliases.has(name)) throw wrong(name, `The alias ${name} has two values.`)
      aliases.set(name, value)
    } else if (absent.includes(name)) throw unsupported(name, `The option ${name} is not supported; ${known.map(one => `$${one}`).join(', ')} are.`)
    else if (!name.startsWith('$') || !known.includes(option)) throw wrong(name, unknownOption(name))
    else if (!taken.includes(option)) throw wrong(name, `The option ${name} means nothing at this address${taken.length === 0 ? '' : `, which takes ${taken.map(one => `$${one}`).join(', ')}`}.`)
    else if (values.has(option)) throw wrong(name, `The option ${name} stands there twice.`)
    else values.set(option, value)
  }
  return { values, aliases }
}

function unknownOption (name: string): string {
  const meant = nearest(name.replace(/^\$?/, '$'), known.map(one => `$${one}`))
  return `There is no option '${name.slice(0, 80)}'${meant === undefined ? '' : `; did you mean ${meant}?`} Options begin with "$", and nothing else is passed over.`
}

export function readOptions (set: EntitySet, query: string, taken: Name[]): Options {
  const { values, aliases } = readQuery(query, taken)
  const names = { set: set.name, property: (name: string) => propertyOf(set, name), all: set.properties.map(({ name }) => name) }
  const filter = values.has('filter') ? parseFilter(values.get('filter')!, names, aliases) : undefined
  const [unused] = aliases.keys()
  if (unused !== undefined) throw wrong(unused, `The alias ${unused} is not used in $filter.`)
  const options: Options = {
    ...(filter !== undefined && { filter }),
    ...(values.has('select') && { select: selected(set, values.get('select')!) }),
    orderby: values.has('orderby') ? sorts(set, values.get('orderby')!) : [],
    ...(values.has('top') && { top: whole('top', values.get('top')!) }),
    skip: values.has('skip') ? whole('skip', values.get('skip')!) : 0,
    count: values.has('count') && truth('count', values.get('count')!),
    ...(values.has('skiptoken') && { skiptoken: values.get('skiptoken')! }),
    ...(values.has('format') && { format: values.get('format')! })
  }
  if (options.skiptoken !== undefined && (values.has('top') || values.has('skip'))) {
    throw wrong('$skiptoken', 'The link to a next page already says how many rows are left: follow it as it is, without $top and $skip.')
  }
  return options
}

function whole (name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw wrong(`$${name}`, `$${name} is a whole number from 0 to 999999999, not '${text.slice(0, 50)}'.`)
  return Number(text)
}

function truth (name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw wrong(`$${name}`, `$${name} is true or false, not '${text.slice(0, 50)}'.`)
  return text === 'true'
}

const listed = (text: string) => text.split(',').map(part => part.trim())

function named (set: EntitySet, option: string, name: string): Property {
  const property = propertyOf(set, name)
  if (property !== undefined) return property
  if (/[/()]/.test(name)) throw unsupported(option, `'${name.slice(0, 80)}' is not supported in ${option}, which takes names of properties.`)
  const all = set.properties.map(one => one.name)
  const meant = nearest(name, all)
  throw wrong(option, `${set.name} has no property '${name.slice(0, 80)}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`, all)
}

/** In the order in which the set has them, as OData leaves the order of properties to the service. */
function selected (set: EntitySet, text: string): Property[] {
  const names = listed(text)
  const wanted = new Set(names.filter(name => name !== '*').map(name => named(set, '$select', name)))
  return names.includes('*') ? set.properties : set.properties.filter(property => wanted.has(property))
}

function sorts (set: EntitySet, text: string): Sort[] {
  const found = listed(text).map(part => {
    const [, name, direction = 'asc'] = /^(\S+)(?:\s+(asc|desc))?$/.exec(part) ?? []
    if (name === undefined) throw wrong('$orderby', `'${part.slice(0, 80)}' is not the name of a property, with asc or desc behind it.`)
    return { property: named(set, '$orderby', name), descending: direction === 'desc' }
  })
  const twice = found.find(({ property }, i) => found.findIndex(one => one.property === property) < i)
  if (twice !== undefined) throw wrong('$orderby', `$orderby names '${twice.property.name}' twice.`)
  return found
}
