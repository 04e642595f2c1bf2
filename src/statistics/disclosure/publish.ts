// All figures of a measure as they are published under its rule: what is hidden or rounded, and what follows from that.
import { countOf, hidden, isSensitive, roundedFigure, type Figure, type Nature, type Rule } from './figure.js'
import type { Cell } from './cell.js'
import { hideFamilies } from './families.js'
import type { Frame } from './pieces.js'

/** A figure with its place. */
export interface Placed extends Omit<Cell, 'count' | 'small' | 'hidden'> { statistic: string, figure: Figure }

/** Numbers that give the level away, to whoever has the other one. */
const differences = ['gap', 'change', 'percent_change']

/** For each figure what readers get of it, in the same order. */
export function publishedOf (placed: Placed[], nature: Nature, rule: Rule, frame: Frame): Figure[] {
  const cells = new Map(placed.filter(({ statistic }) => statistic === 'level').map((one): [Placed, Cell] => [one, cellOf(one, nature, rule)]))
  if (rule.base === null) hideFamilies([...cells.values()], rule, frame)
  const shut = new Set([...cells.values()].filter(cell => cell.hidden).map(placeOf))
  return placed.map(one => {
    const cell = cells.get(one)
    if (cell !== undefined) return cell.hidden ? hidden : one.exempt || rule.base === null ? one.figure : roundedFigure(one.figure, nature, rule.base)
    if (differences.includes(one.statistic) || shut.has(placeOf(one))) return hidden
    return one.exempt || rule.base === null ? one.figure : { ...one.figure, printed: null, note: null }
  })
}

const placeOf = ({ area, part, period }: Pick<Cell, 'area' | 'part' | 'period'>) => `${area}\n${part}\n${period}`

function cellOf (one: Placed, nature: Nature, rule: Rule): Cell {
  const small = !one.exempt && isSensitive(one.figure, nature, rule)
  return { ...one, count: countOf(one.figure, nature), small, hidden: small }
}
