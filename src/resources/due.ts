// Due dates of outcomes and actions: that they make sense, and which are overdue.
import { checkDue, type Due } from '../periods/due.js'
import type { Fault } from '../problems.js'

export function dueFaults (item: Record<string, unknown>): Fault[] {
  const fault = item.due === null ? null : checkDue(item.due as Due)
  return fault === null ? [] : [{ pointer: '/due', code: 'contradiction', detail: fault }]
}
