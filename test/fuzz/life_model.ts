// The lives of a plan, its measure, their figures and its publications, as the contract tells them, in a few maps. Nothing of the service
// is imported here.

export interface Figure { revision: number, value: number | null }

export interface Delivery { id: string, changes: Array<{ period: string, before: Figure | undefined, after: Figure }> }

export interface Life {
  plan: { title: string, line: boolean } | null
  measure: { title: string } | null
  /** By period; a value null is a figure that was withdrawn. */
  figures: Map<string, Figure>
  /** Figures as they stood after each change. */
  past: Array<{ at: string, figures: Map<string, Figure> }>
  deliveries: Delivery[]
  /** What each publication said on its day, as text; and what of the plan it held. */
  published: Map<string, { text: string, title: string, line: boolean, figures: Map<string, number> }>
}

export const born = (): Life => ({ plan: null, measure: null, figures: new Map(), past: [], deliveries: [], published: new Map() })

export type Outcome = 'created' | 'updated' | 'unchanged' | 'deleted'

/** What comes of a value, or of its withdrawal, and what the figure is then. */
export function wrote (before: Figure | undefined, value: number | null): { outcome: Outcome, after?: Figure } {
  const stored = before?.value ?? null
  if (stored === value) return { outcome: 'unchanged' }
  const after = { revision: (before?.revision ?? 0) + 1, value }
  return { outcome: value === null ? 'deleted' : stored === null ? 'created' : 'updated', after }
}

/** The figures that stand. */
export const standing = (figures: Map<string, Figure>): Array<[period: string, value: number]> =>
  [...figures].flatMap(([period, { value }]) => value === null ? [] : [[period, value] as [string, number]]).sort(([a], [b]) => a < b ? -1 : 1)

/** A delivery is taken back as a whole, and only where none of its figures was changed since. */
export const revertible = ({ figures }: Life, { changes }: Delivery): boolean => changes.every(({ period, after }) => figures.get(period) === after)
