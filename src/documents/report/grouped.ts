// Items by what they name, found in one pass.

/** In the order of the items; an item that names a thing twice stands there once. */
export function grouped<T> (all: Iterable<T>, keysOf: (one: T) => Array<string | undefined>): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    for (const key of new Set(keysOf(one))) {
      if (key === undefined) continue
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [one])
      else group.push(one)
    }
  }
  return groups
}
