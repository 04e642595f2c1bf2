// Due dates of actions and outcomes: the label stays as printed and is never read; the two dates are what
// the service reasons with, and where the document gives none there is none.
import { isDate } from './calendar.js'

export const dueKinds = ['by', 'on', 'from', 'between', 'during', 'recurring', 'ongoing', 'tbc'] as const
export type DueKind = typeof dueKinds[number]

export interface Due {
  kind: DueKind
  label?: string | null
  earliest?: string | null
  latest?: string | null
  inferred?: boolean
}

type Need = 'needed' | 'optional' | 'absent'

// 'from' may have a latest: "to begin reporting in October 2013" names the month in which it has to begin.
const needs: Record<DueKind, { earliest: Need, latest: Need }> = {
  by: { earliest: 'optional', latest: 'needed' },
  on: { earliest: 'optional', latest: 'needed' },
  from: { earliest: 'needed', latest: 'optional' },
  between: { earliest: 'needed', latest: 'needed' },
  during: { earliest: 'needed', latest: 'needed' },
  recurring: { earliest: 'optional', latest: 'optional' },
  ongoing: { earliest: 'optional', latest: 'absent' },
  tbc: { earliest: 'absent', latest: 'absent' }
}

function checkDate (due: Due, field: 'earliest' | 'latest'): string | null {
  const date = due[field] ?? null
  const need = needs[due.kind][field]
  if (date === null) {
    return need === 'needed' ? `A due date of kind '${due.kind}' needs a date in '${field}', such as 2017-03-31.` : null
  }
  if (need === 'absent') return `A due date of kind '${due.kind}' has no '${field}'. Leave it out, or choose another kind.`
  return isDate(date) ? null : `'${date}' in '${field}' is not a date. Write it as year-month-day, such as 2017-03-31.`
}

// The problem in a sentence for the person who typed it, or null.
export function checkDue (due: Due): string | null {
  const problem = checkDate(due, 'earliest') ?? checkDate(due, 'latest')
  if (problem !== null) return problem
  const earliest = due.earliest ?? null
  const latest = due.latest ?? null
  if (earliest === null || latest === null) return null
  if (earliest > latest) return `'earliest' (${earliest}) is after 'latest' (${latest}).`
  if (due.kind === 'on' && earliest !== latest) return "A due date of kind 'on' is one day: write the same date twice, or use 'between'."
  return null
}

// What is ongoing or to be confirmed has no latest date, and so is never overdue.
export function isOverdue (due: Due | null, achieved: boolean, today: string): boolean {
  const latest = due?.latest ?? null
  return !achieved && latest !== null && latest < today
}
