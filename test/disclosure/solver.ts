// An attacker's arithmetic: all that linear combinations of published numbers say of the unknown ones, by Gaussian
// elimination; no code of the service is used.

/** Coefficients of the unknowns, and the sum that is known. */
export interface Equation { of: Map<string, number>, sum: number }

/** Unknowns that the equations pin to one value. */
export function pinned (equations: Equation[]): Map<string, number> {
  const names = [...new Set(equations.flatMap(({ of }) => [...of.keys()]))]
  const rows = equations.map(({ of, sum }) => [...names.map(name => of.get(name) ?? 0), sum])
  let rank = 0
  for (let column = 0; column < names.length && rank < rows.length; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && Math.abs(row[column]!) > 1e-9)
    if (pivot < 0) continue
    ;[rows[rank], rows[pivot]] = [rows[pivot]!, rows[rank]!]
    const head = rows[rank]![column]!
    rows[rank] = rows[rank]!.map(value => value / head)
    for (const [i, row] of rows.entries()) {
      const factor = row[column]!
      if (i !== rank && Math.abs(factor) > 1e-9) rows[i] = row.map((value, j) => value - factor * rows[rank]![j]!)
    }
    rank++
  }
  const found = new Map<string, number>()
  for (const row of rows.slice(0, rank)) {
    const used = names.filter((_, i) => Math.abs(row[i]!) > 1e-9)
    if (used.length === 1) found.set(used[0]!, row.at(-1)!)
  }
  return found
}
