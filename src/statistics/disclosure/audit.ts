// An attacker's arithmetic on what is to be published: whether any small count follows from the shown figures by adding and
// subtracting them, be it of a figure that is held or not. By Gaussian elimination over the pieces of which all are sums.
import { isSmall, type Rule } from './figure.js'
import type { Cell } from './cell.js'
import type { Pieces, Place } from './pieces.js'

/** Coefficient of each piece; under `sum` what they make. */
type Row = Map<string, number>
const sum = '='
const close = 1e-6

/** Figures, pieces and sums at most that one audit takes on; beyond, the caller must do without. */
const most = { cells: 250, pieces: 1500, sought: 3000 }

/** null: too many to tell. */
export function tellsSmall (block: Cell[], pieces: Pieces, rule: Rule): boolean | null {
  const shown = block.filter(({ hidden, count }) => !hidden && count !== null)
  const sought = soughtIn(block, pieces)
  const size = new Set(block.flatMap(cell => pieces.of(cell))).size
  if (shown.length > most.cells || size > most.pieces || sought === null) return null
  const known = eliminate(shown.map(cell => rowOf(pieces.of(cell), cell.count!)))
  return sought.some(place => isSmall(rule, valueOf(rowOf(pieces.of(place), 0), known)))
}

const rowOf = (names: string[], total: number): Row => new Map([...names.map((name): [string, number] => [name, 1]), [sum, total]])

/**
 * Each area of the block and of what makes these up, in each part and those around it, at every stretch of time that begins and
 * ends where periods do; null: too many.
 */
function soughtIn (block: Cell[], { days, inside, around }: Pieces): Place[] | null {
  const own = new Set(block.flatMap(({ from, to }) => from === null ? [] : [from, to!]))
  const within = days.filter(day => own.has(day))
  const spans = within.flatMap((from, i) => within.slice(i + 1).map(to => ({ from, to, period: '' })))
  const names = new Set(block.filter(({ from }) => from === null).map(({ period }) => period))
  const undated = [...names].map(period => ({ from: null, to: null, period }))
  const times = [...spans, ...undated]
  const areas = new Set(block.flatMap(({ area }) => [area, ...inside.get(area) ?? []]))
  const parts = new Set([...new Set(block.map(({ part }) => part))].flatMap(around))
  if (areas.size * parts.size * times.length > most.sought) return null
  return [...areas].flatMap(area => [...parts].flatMap(part => times.map(time => ({ area, part, ...time }))))
}

interface Known { pivot: string, row: Row }

function eliminate (rows: Row[]): Known[] {
  const known: Known[] = []
  for (const row of rows) {
    reduce(row, known)
    const pivot = [...row.keys()].find(name => name !== sum)
    if (pivot === undefined) continue
    const head = row.get(pivot)!
    for (const [name, value] of row) row.set(name, value / head)
    known.push({ pivot, row })
  }
  return known
}

/** Each known row takes its pivot out; those after it have none of the pivots before. */
function reduce (row: Row, known: Known[]): void {
  for (const { pivot, row: other } of known) {
    const factor = row.get(pivot)
    if (factor === undefined) continue
    for (const [name, value] of other) {
      const left = (row.get(name) ?? 0) - factor * value
      if (Math.abs(left) < close && name !== sum) row.delete(name)
      else row.set(name, left)
    }
  }
}

/** What the sought sum is, where it follows. */
function valueOf (row: Row, known: Known[]): number | null {
  reduce(row, known)
  return row.size === 1 ? Math.round(-row.get(sum)!) : null
}
