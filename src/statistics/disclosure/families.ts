// Which further figures must be hidden so that a hidden one cannot be worked out: a family of parts with a hidden member
// is published as its total only. What is decided here depends on published numbers and on what is hidden, never on the
// size of what is hidden.
import { tellsSmall } from './audit.js'
import type { Cell } from './cell.js'
import { isSmall, type Rule } from './figure.js'
import { blocksOf, piecesOf, restOf, type Frame, type Pieces } from './pieces.js'
import { RunningSum, type Span } from './time.js'

function grouped (cells: Cell[], key: (cell: Cell) => string): Cell[][] {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const name = key(cell)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [cell])
    else group.push(cell)
  }
  return [...groups.values()]
}

const isShown = (cell: Cell) => !cell.hidden && cell.count !== null
const sum = (cells: Cell[]) => cells.reduce((total, { count }) => total + count!, 0)

/** Hides further cells until nothing more follows; answers nothing, and marks the cells. */
export function hideFamilies (cells: Cell[], rule: Rule, frame: Frame): void {
  closeFamilies(cells, rule, frame)
  const pieces = piecesOf(cells, insideOf(cells, rule, frame), frame)
  for (const block of blocksOf(cells, pieces)) {
    if (isSafe(block, pieces, rule)) continue
    hide(block.filter(cell => block.some(other => isPartOf(cell, other))))
    closeFamilies(block, rule, frame)
    if (!isSafe(block, pieces, rule)) hide(block)
  }
}

/** Where there is too much to tell, only what hides nothing is taken for safe, or shows nothing that another contains. */
function isSafe (block: Cell[], pieces: Pieces, rule: Rule): boolean {
  const told = tellsSmall(block, pieces, rule)
  if (told !== null) return !told
  return block.every(({ hidden }) => !hidden) || !block.some(cell => isShown(cell) && block.some(other => isPartOf(cell, other)))
}

function closeFamilies (cells: Cell[], rule: Rule, frame: Frame): void {
  for (let before = -1, now = 0; before !== now;) {
    before = count(cells)
    for (const series of grouped(cells, ({ area, part }) => `${area}\n${part}`)) hideInTime(series, rule)
    for (const place of grouped(cells, ({ area, period }) => `${area}\n${period}`)) hideParts(place, rule)
    hideAreas(cells, rule, frame)
    now = count(cells)
  }
}

/** Part of another in one way at least, and in none the whole. */
function isPartOf (cell: Cell, other: Cell): boolean {
  const inArea = cell.area === other.area || cell.wholes.includes(other.area)
  const inPart = dimensionsOf(other.part).every(one => dimensionsOf(cell.part).includes(one))
  const inTime = cell.period === other.period || (cell.from !== null && other.from !== null && covers(other, cell))
  return cell !== other && inArea && inPart && inTime
}

const count = (cells: Cell[]) => cells.filter(({ hidden }) => hidden).length

function hide (cells: Cell[]): void {
  for (const cell of cells) if (!cell.exempt && cell.count !== null) cell.hidden = true
}

const spanOf = ({ from, to, count }: Cell): Span => ({ from: from!, to: to!, count: count! })
const covers = (outer: Cell, inner: Cell) => outer.from! <= inner.from! && inner.to! <= outer.to!
const contains = (outer: Cell, inner: Cell) => covers(outer, inner) && !covers(inner, outer)

/** Of periods that together tell a hidden or small one, only those stay that lie in no other. */
function hideInTime (series: Cell[], rule: Rule): void {
  const dated = series.filter(({ from, exempt }) => from !== null && !exempt)
  const shown = dated.filter(isShown)
  const tells = (): boolean => {
    const sums = new RunningSum(dated.filter(isShown).map(spanOf))
    return sums.some(total => isSmall(rule, total)) || dated.some(({ hidden, from, to }) => hidden && sums.between(from!, to!) !== null)
  }
  if (!tells()) return
  hide(shown.filter(cell => dated.some(other => contains(other, cell))))
  if (tells()) hide(shown)
}

interface Family { whole: Cell | undefined, parts: Cell[] }

const dimensionsOf = (part: string) => part === '' ? [] : part.split(';')

/** For each dimension of a breakdown: the cells that differ in it alone, and the one without it. */
function familiesIn (place: Cell[]): Family[] {
  const byPart = new Map(place.map(cell => [cell.part, cell]))
  const families = new Map<string, Family>()
  for (const cell of place) {
    const dimensions = dimensionsOf(cell.part)
    for (const [i, dimension] of dimensions.entries()) {
      const rest = dimensions.filter((_, j) => j !== i).join(';')
      const key = `${rest}\n${dimension.split('=')[0]}`
      const family = families.get(key) ?? { whole: byPart.get(rest), parts: [] }
      family.parts.push(cell)
      families.set(key, family)
    }
  }
  return [...families.values()]
}

/** A hidden total hides its parts, a hidden part its siblings, and so does what is left of the total where that is small. */
function hideParts (place: Cell[], rule: Rule): void {
  for (const { whole, parts } of familiesIn(place)) {
    const shown = parts.filter(isShown)
    const left = whole !== undefined && isShown(whole) ? whole.count! - sum(shown) : null
    if (whole?.hidden === true || parts.some(({ hidden }) => hidden) || isSmall(rule, left)) hide(parts)
  }
}

const moments = (cells: Cell[]) => grouped(cells, ({ part, period }) => `${part}\n${period}`)

/**
 * The areas that make up another one, of those of which figures are held: all inside it, but where the whole is less than
 * these, as an average is, or all of them have a figure and it is more than these and what may be hidden.
 */
function insideOf (cells: Cell[], rule: Rule, { uncovered }: Frame): Map<string, string[]> {
  const inside = new Map<string, Set<string>>()
  for (const { area, wholes } of cells) for (const whole of wholes) inside.set(whole, (inside.get(whole) ?? new Set()).add(area))
  for (const [area, parts] of inside) if (uncovered.has(area)) parts.add(restOf(area))
  for (const moment of moments(cells)) {
    const byArea = new Map(moment.map(cell => [cell.area, cell]))
    for (const [area, parts] of inside) {
      const whole = byArea.get(area)
      const stored = [...parts].flatMap(part => byArea.get(part) ?? [])
      if (whole === undefined || !isShown(whole)) continue
      if (isLess(whole, stored) || (stored.length === parts.size && isMore(whole, stored, rule))) inside.delete(area)
    }
  }
  return new Map([...inside].map(([area, parts]) => [area, [...parts]]))
}

const isLess = (whole: Cell, parts: Cell[]) => whole.count! < sum(parts.filter(isShown))

function isMore (whole: Cell, parts: Cell[], rule: Rule): boolean {
  if (parts.some(part => !isShown(part) && !part.small)) return false
  const unseen = parts.filter(({ small }) => small).length
  return whole.count! - sum(parts.filter(isShown)) > Math.max(unseen, 1) * rule.to
}

/** The same of areas that make up another one. */
function hideAreas (cells: Cell[], rule: Rule, frame: Frame): void {
  const inside = insideOf(cells, rule, frame)
  for (const moment of moments(cells)) {
    for (const whole of moment) {
      const parts = moment.filter(cell => cell.wholes.includes(whole.area))
      const left = isShown(whole) ? whole.count! - sum(parts.filter(isShown)) : null
      const told = left !== null && inside.has(whole.area) && !frame.uncovered.has(whole.area) && parts.some(({ hidden }) => hidden)
      if (whole.hidden || told || isSmall(rule, left)) hide(parts)
    }
  }
}
