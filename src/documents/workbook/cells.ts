// What may stand in a cell: a number, a truth or a clean text. Lists and maps of the wire become one text, by their form
// alone, so that a new section needs no words here.
import { clean } from '../../http/cells.js'
import { capital } from '../report/words.js'

export type Cell = string | number | boolean | null

/** A value of the wire as a cell; what says nothing is an empty one. */
export function cellOf (value: unknown): Cell {
  const flat = flatOf(value)
  return typeof flat === 'string' ? clean(flat) : flat
}

/** The same for what holds any text, of any length. */
export function flatOf (value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(itemText).join('; ') : pairs(value).join('; ')
  return text === '' ? null : text
}

/** One of a list. Who takes part and what is served are led by how: "lead: nottingham-city-council". */
function itemText (item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item)
  const { role, organisation, relation, priority, ...others } = item as Record<string, unknown>
  if (role !== undefined) return led(role, organisation ?? 'to be confirmed', others)
  if (priority !== undefined) return led(relation, priority, others)
  return pairs(item).join(', ')
}

function led (how: unknown, what: unknown, others: Record<string, unknown>): string {
  const rest = pairs(others)
  return `${String(how)}: ${String(what)}${rest.length === 0 ? '' : ` (${rest.join(', ')})`}`
}

/** Members as "key=value"; those of a nested map as "counts.achieved=19". */
function pairs (map: object, within = ''): string[] {
  return Object.entries(map).filter(([, value]) => value !== null && value !== undefined).flatMap(([key, value]: [string, unknown]) => {
    if (Array.isArray(value)) return [`${within}${key}=${value.map(itemText).join(' | ')}`]
    return typeof value === 'object' ? pairs(value!, `${within}${key}.`) : [`${within}${key}=${String(value)}`]
  })
}

/** Name of a sheet after a word of the wire: "Plan measures". */
export const sheetName = (word: string) => capital(word.replaceAll('_', ' ')).slice(0, 31)
