// What the figures of nested and adjacent periods tell together: a year less three quarters is the fourth, and a running
// total less the one before is what lies between. Each figure says how far the running sum rises from one day to another,
// so all that can be worked out from a set of them are the differences between days that a chain of figures joins.

/** From the first day to the day after the last. */
export interface Span { from: string, to: string, count: number }

interface Node { root: string, height: number }

export class RunningSum {
  private readonly nodes = new Map<string, Node>()
  private readonly members = new Map<string, string[]>()

  constructor (spans: Span[]) {
    for (const span of spans) this.join(span)
  }

  private node (day: string): Node {
    let node = this.nodes.get(day)
    if (node === undefined) {
      this.nodes.set(day, node = { root: day, height: 0 })
      this.members.set(day, [day])
    }
    return node
  }

  private join ({ from, to, count }: Span): void {
    const [a, b] = [this.node(from), this.node(to)]
    if (a.root === b.root) return
    const shift = a.height + count - b.height
    const moved = this.members.get(b.root)!
    this.members.delete(b.root)
    for (const day of moved) this.nodes.set(day, { root: a.root, height: this.nodes.get(day)!.height + shift })
    this.members.get(a.root)!.push(...moved)
  }

  /** What the days between make together; null where the figures do not say. */
  between (from: string, to: string): number | null {
    const [a, b] = [this.nodes.get(from), this.nodes.get(to)]
    return a === undefined || b === undefined || a.root !== b.root ? null : b.height - a.height
  }

  /** Whether the sum of any stretch of days of which it can be worked out passes the test. */
  some (test: (sum: number) => boolean): boolean {
    return [...this.members.values()].some(days => {
      const sorted = days.toSorted()
      return sorted.some((from, i) => sorted.slice(i + 1).some(to => test(this.between(from, to)!)))
    })
  }
}
