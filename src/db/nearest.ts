// What was probably meant by a name or code that is not known.
import { distance } from 'fastest-levenshtein'

/** The known name a mistyped one most likely means. */
export function nearest (name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 4)) + 1
  for (const candidate of known) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase())
    if (d < least) [best, least] = [candidate, d]
  }
  return best
}
