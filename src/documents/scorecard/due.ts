// The next figure that is owed for a line: what has not arrived yet, as the returns list it.
import { foretold, owedOn, placeOf, stillToCome, type Line } from '../returns/rules.js'
import { isDated, isLevel } from './choice.js'
import type { Dated } from '../report/items.js'

export interface Due { next_period: string, due_on: string, overdue: boolean }

/** null where nothing is owed, or all of it is there. Figures of every breakdown count. */
export function nextDue (line: Line, figures: Dated[], on: string): Due | null {
  const here = new Set(figures.filter(isArrived).map(({ item, period }) => placeOf(item.measure, item.area, [period.start!, period.end!])))
  const open = owedOn(line).filter(({ measure, area, answers }) => !answers.some(bounds => here.has(placeOf(measure, area, bounds))))
  const [next] = open.sort((a, b) => a.due_on < b.due_on ? -1 : 1)
  return next === undefined ? null : { next_period: next.period, due_on: next.due_on, overdue: next.due_on < on }
}

const isArrived = (figure: Dated) => isLevel(figure) && isDated(figure) &&
  !stillToCome.includes(figure.item.missing ?? '') && !foretold.includes(figure.item.status ?? '')
