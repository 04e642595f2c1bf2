// Which areas lie inside another, by the parents that they name.

/** All of them, at any depth, in the order given; an area is not inside itself. */
export function insideOf (areas: Iterable<{ code: string, parent?: string | null }>, area: string): string[] {
  const all = [...areas]
  const found = new Set([area])
  for (let size = 0; size !== found.size;) {
    size = found.size
    for (const { code, parent } of all) if (parent != null && found.has(parent)) found.add(code)
  }
  return all.map(({ code }) => code).filter(code => code !== area && found.has(code))
}
