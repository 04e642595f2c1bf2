// Ids of series that deliveries have named before, so that the next one need not ask for them. A series never changes
// its id and is never deleted once committed; where the database itself was replaced, every connection was new.
import type { Connection } from '../../db/connection.js'

const most = 200_000

const caches = new WeakMap<Connection['pool'], Map<string, number>>()

export function seriesIds ({ pool }: Connection): Map<string, number> {
  let ids = caches.get(pool)
  if (ids === undefined) {
    const fresh = ids = new Map<string, number>()
    caches.set(pool, ids)
    pool.on('connect', () => fresh.clear())
  }
  return ids
}

/** Keeps those of a delivery that was committed. */
export function keepSeriesIds (ids: Map<string, number>, found: Array<[text: string, id: number]>): void {
  if (ids.size + found.length > most) ids.clear()
  for (const [text, id] of found.slice(0, most)) ids.set(text, id)
}
