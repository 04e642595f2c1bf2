// A level figure among those of its measure, as far as it matters for what is hidden with it.

export interface Cell {
  area: string
  /** Areas of which this one is a part: the one it lies in, and groups. */
  wholes: string[]
  /** Figures of nations are never hidden. */
  exempt: boolean
  /** The breakdown as text, '' for the whole. */
  part: string
  /** First day, and the day after the last; null: without a date. */
  from: string | null
  to: string | null
  /** The period as a name; cells of one period are the parts of one whole. */
  period: string
  count: number | null
  /** Hidden for what it says itself. */
  small: boolean
  /** Hidden for that, or for what it tells of others. */
  hidden: boolean
}
