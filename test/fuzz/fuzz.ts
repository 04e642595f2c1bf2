// Lanes side by side, and what came of them: faults with what led to them, and that every operation was reached.
import type { Test } from 'tap'
import { lane, type Result } from './lane.js'

export interface Wanted { requests: number, lanes: number, seed: number, missed?: number }

/**
 * Asks all that, and tells of faults; so many operations may have refused each time. Requests wait for the database most of the
 * time, so lanes fill the pauses of each other.
 */
export async function fuzz (t: Test, { requests, lanes, seed, missed = 0 }: Wanted): Promise<void> {
  const began = { clock: performance.now(), processor: process.cpuUsage() }
  const results = await Promise.all(Array.from({ length: lanes }, (_, i) => lane(t, { requests: Math.ceil(requests / lanes), seed: seed + i })))
  for (const [i, { found }] of results.entries()) {
    for (const { at, wrong, asked, answered, before } of found) {
      t.fail(`request ${at} of the lane FUZZ_SEED=${seed + i}: ${wrong}`, { asked, answered, before })
    }
  }
  const reached = counted(results)
  const operations = results[0]!.operations.filter(({ path }) => path.startsWith('/v1/'))
  const unreached = operations.filter(({ id }) => ![...reached.get(id)?.keys() ?? []].some(status => status < 300))
  t.ok(unreached.length <= missed, `operations that were never reached, of which there may be ${missed}: ${unreached.map(({ id }) => `${id} ${JSON.stringify([...reached.get(id) ?? []])}`).join('; ')}`)
  const statuses = new Map<number, number>()
  for (const counts of reached.values()) for (const [status, count] of counts) statuses.set(status, (statuses.get(status) ?? 0) + count)
  const processor = process.cpuUsage(began.processor)
  t.comment(`${((performance.now() - began.clock) / 1000).toFixed(1)} s, of which the processor worked ${((processor.user + processor.system) / 1e6).toFixed(1)} s`)
  t.comment([...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status} ${count}×`).join(', '))
}

/** Answers of all lanes by operation and status. */
function counted (results: Result[]): Map<string, Map<number, number>> {
  const all = new Map<string, Map<number, number>>()
  for (const { tally } of results) {
    for (const [id, counts] of tally) {
      const sum = all.get(id) ?? new Map<number, number>()
      for (const [status, count] of counts) sum.set(status, (sum.get(status) ?? 0) + count)
      all.set(id, sum)
    }
  }
  return all
}
