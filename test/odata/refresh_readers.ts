// Two readers that keep a table of figures and refresh only what changed: one in parts, as Power BI does by an incremental refresh
// with "detect data changes"; one by asking for what changed since it last looked.
import type { Feed, Row } from './feed.js'

const midnight = (year: number) => `${String(year).padStart(4, '0')}-01-01T00:00:00Z`

interface Part { polled: string | null, rows: Row[] }

/** Parts of a year by period_start_at; those of the last years are looked at again, and loaded where their newest change is another. */
export class InParts {
  private readonly parts = new Map<number, Part>()
  private undated: Row[] = []
  loads = 0
  looks = 0

  constructor (private readonly feed: Feed, private readonly first: number, private readonly window: number) {}

  async refresh (today: number): Promise<void> {
    for (let year = this.first; year <= today; year++) {
      const part = this.parts.get(year)
      if (part !== undefined && year <= today - this.window) continue
      const range = `period_start_at ge ${midnight(year)} and period_start_at lt ${midnight(year + 1)}`
      // Asked before the rows are: what changes in between is another newest change the next time.
      const polled = await newest(this.feed, range)
      this.looks++
      if (part !== undefined && part.polled === polled) continue
      this.parts.set(year, { polled, rows: await this.feed.walk('Datapoints', { $filter: range }, 200) })
      this.loads++
    }
    this.undated = await this.feed.walk('Datapoints', { $filter: 'period_start_at eq null' })
  }

  /** The report's filter is put on what was loaded. */
  table (): Row[] {
    return this.all().filter(({ deleted }) => deleted === false)
  }

  all (): Row[] {
    return [...[...this.parts.values()].flatMap(({ rows }) => rows), ...this.undated]
  }
}

async function newest (feed: Feed, filter?: string): Promise<string | null> {
  const { rows: [row] } = await feed.get('Datapoints', { ...(filter !== undefined && { $filter: filter }), $orderby: 'last_changed_at desc', $top: 1, $select: 'last_changed_at' })
  return row?.last_changed_at as string ?? null
}

/** Asks for what changed after its last look, and no later than this one began: what changes during the walk is for the next. */
export class ByChange {
  private readonly held = new Map<string, Row>()
  private since: string | null = null
  read = 0

  constructor (private readonly feed: Feed) {}

  async refresh (): Promise<void> {
    const until = await newest(this.feed)
    if (until === null || until === this.since) return
    const after = this.since === null ? '' : `last_changed_at gt ${this.since} and `
    const rows = await this.feed.walk('Datapoints', { $filter: `${after}last_changed_at le ${until}` }, 30)
    for (const row of rows) this.held.set(row.id as string, row)
    this.read += rows.length
    this.since = until
  }

  table (): Row[] {
    return [...this.held.values()].filter(({ deleted }) => deleted === false)
  }
}
