// Every line of the document with where it stands, in the order in which it is read.
import type { ActionView, Line, OutcomeView, PriorityView, Report } from './view.js'

export interface PlacedLine {
  line: Line
  priority: PriorityView | null
  outcome: OutcomeView | null
  /** The key activity that it stands under, the nearest if one is part of another. */
  activity: ActionView | null
}

type Place = Omit<PlacedLine, 'line'>
type Holder = Pick<PriorityView, 'activities' | 'actions'>

export type Body = Pick<Report, 'priorities' | 'activities' | 'actions'>

export function placedLines ({ priorities, ...loose }: Body): PlacedLine[] {
  const found: PlacedLine[] = []
  const lines = (all: Line[], place: Place): void => {
    for (const line of all) {
      found.push({ line, ...place })
      under(line.actions, place)
    }
  }
  const under = (actions: ActionView[], place: Place): void => {
    for (const activity of actions) {
      lines(activity.lines, { ...place, activity })
      under(activity.parts, place)
    }
  }
  const held = ({ activities, actions }: Holder, place: Place) => { under(activities, place); under(actions, place) }
  for (const priority of priorities) {
    const place = { priority, outcome: null, activity: null }
    for (const outcome of priority.outcomes) {
      lines(outcome.lines, { ...place, outcome })
      held(outcome, { ...place, outcome })
    }
    lines(priority.lines, place)
    held(priority, place)
  }
  held(loose, { priority: null, outcome: null, activity: null })
  return found
}
