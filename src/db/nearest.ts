// What was probably meant by a name or code that is not known.
import { distance } from 'fastest-levenshtein'

/** The known name a mistyped one most likely means. */
export function nearest (name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 4)) + 1
  const lower = name.toLowerCase()
  for (const candidate of known) {
    // As many letters as one is longer must differ: this spares most of the work, and all of it where a name is absurdly long.
    if (Math.abs(lower.length - candidate.length) >= least) continue
    const d = distance(lower, candidate.toLowerCase())
    if (d < least) [best, least] = [candidate, d]
  }
  return best
}
