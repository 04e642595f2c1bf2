// How many lines of a scorecard are what: in all, by priority and by organisation.
import { grouped } from '../report/grouped.js'

interface Line {
  rag: string
  direction: string | null
  due: { overdue: boolean } | null
  priority: string | null
  organisations: Array<{ organisation?: string }>
}

const colours = ['red', 'amber', 'green', 'not_judged'] as const
const directions = ['improved', 'worsened', 'no_change'] as const

function count<N extends string> (names: readonly N[], lines: Line[], nameOf: (line: Line) => string | null): Record<N, number> {
  return Object.fromEntries(names.map(name => [name, lines.filter(line => nameOf(line) === name).length])) as Record<N, number>
}

const countsOf = (lines: Line[]) => ({
  lines: lines.length,
  ...count(colours, lines, line => line.rag),
  ...count(directions, lines, line => line.direction),
  overdue: lines.filter(line => line.due?.overdue === true).length
})

/** Lines come in printed order, and so do their priorities. */
export function summaryOf (lines: Line[]) {
  const byPriority = grouped(lines, line => [line.priority ?? ''])
  const byOrganisation = grouped(lines, line => line.organisations.map(({ organisation }) => organisation))
  return {
    ...countsOf(lines),
    priorities: [...byPriority].map(([priority, lines]) => ({ priority: priority === '' ? null : priority, ...countsOf(lines) })),
    organisations: [...byOrganisation].sort(([a], [b]) => a < b ? -1 : 1).map(([organisation, lines]) => ({ organisation, ...countsOf(lines) }))
  }
}
