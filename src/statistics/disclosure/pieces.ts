// The smallest pieces of which the figures of a measure are sums: one area without areas inside it, one value of each
// dimension, one stretch between two days on which any period begins or ends. Figures that share a piece belong together.
import type { Cell } from './cell.js'

export type Place = Pick<Cell, 'area' | 'part' | 'from' | 'to' | 'period'>

export interface Pieces {
  /** Names of the pieces that a place is the sum of. */
  of (place: Place): string[]
  /** Days on which periods begin or end, in order. */
  days: string[]
  /** What makes up an area that is a whole. */
  inside: ReadonlyMap<string, string[]>
  /** A part, all that it lies in, and those that differ from one of these in one dimension. */
  around (part: string): string[]
}

/** What there is besides the cells: all values of each dimension, and areas of which some part has no figure at all. */
export interface Frame { dimensions: Array<{ code: string, values: Array<{ code: string }> }>, uncovered: ReadonlySet<string> }

/** Stands for all parts of an area that have no figure. */
export const restOf = (area: string) => `${area}\trest`

const dimensionsOf = (part: string): Map<string, string> =>
  new Map(part === '' ? [] : part.split(';').map((one): [string, string] => [one.slice(0, one.indexOf('=')), one]))

/** A part and all that it lies in: without some of its dimensions, or all. */
const widerOf = (part: string): string[] =>
  [...dimensionsOf(part).values()].reduce<string[][]>((made, one) => made.flatMap(some => [some, [...some, one]]), [[]]).map(some => some.join(';'))

const valuesOf = (dimension: string, dimensions: Frame['dimensions']) =>
  new Set(dimensions.find(({ code }) => code === dimension)?.values.map(({ code }) => `${dimension}=${code}`))

/** `inside` has the areas that make up another one, as far as they do. */
export function piecesOf (cells: Cell[], inside: ReadonlyMap<string, string[]>, { dimensions }: Frame): Pieces {
  const days = [...new Set(cells.flatMap(({ from, to }) => from === null ? [] : [from, to!]))].sort()
  const values = new Map<string, Set<string>>()
  for (const { part } of cells) {
    for (const [dimension, value] of dimensionsOf(part)) values.set(dimension, (values.get(dimension) ?? valuesOf(dimension, dimensions)).add(value))
  }
  const leaves = (area: string, above: string[] = []): string[] => {
    const parts = (inside.get(area) ?? []).filter(part => !above.includes(part))
    return parts.length === 0 ? [area] : [...new Set(parts.flatMap(part => leaves(part, [...above, area])))]
  }
  const parts = (part: string): string[] => {
    const named = dimensionsOf(part)
    return [...values].reduce<string[]>((made, [dimension, all]) =>
      made.flatMap(one => (named.has(dimension) ? [named.get(dimension)!] : [...all]).map(value => `${one};${value}`)), [''])
  }
  const stretches = ({ from, to, period }: Place) => from === null ? [period] : days.slice(days.indexOf(from), days.indexOf(to!))
  const [knownAreas, knownParts] = [new Map<string, string[]>(), new Map<string, string[]>()]
  const kept = (known: Map<string, string[]>, name: string, make: (name: string) => string[]) => {
    if (!known.has(name)) known.set(name, make(name))
    return known.get(name)!
  }
  return {
    days,
    inside,
    around: part => widerOf(part).flatMap(wide => [wide, ...[...dimensionsOf(wide)].flatMap(([dimension, own]) =>
      [...values.get(dimension)!].filter(value => value !== own).map(value => wide.split(';').map(one => one === own ? value : one).join(';')))]),
    of: place => kept(knownAreas, place.area, leaves).flatMap(area =>
      kept(knownParts, place.part, parts).flatMap(part => stretches(place).map(day => `${area}\n${part}\n${day}`)))
  }
}

/** Cells that share pieces, directly or through others. */
export function blocksOf (cells: Cell[], pieces: Pieces): Cell[][] {
  const owner = new Map<string, number>()
  const parent = cells.map((_, i) => i)
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!
    return i
  }
  for (const [i, cell] of cells.entries()) {
    for (const piece of pieces.of(cell)) {
      const first = owner.get(piece)
      if (first === undefined) owner.set(piece, i)
      else parent[root(i)] = root(first)
    }
  }
  const blocks = new Map<number, Cell[]>()
  for (const [i, cell] of cells.entries()) blocks.set(root(i), [...blocks.get(root(i)) ?? [], cell])
  return [...blocks.values()]
}
