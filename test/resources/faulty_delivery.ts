// A delivery of ten thousand rows with ten kinds of faults strewn over it, each row known with what is wrong with it;
// and what a receipt must say of it, whatever the delivery was written in.
import type { Test } from 'tap'
import type { Client } from '../support/client.js'
import { dice } from '../support/random.js'

export type Row = Record<string, unknown>
interface Kind { code: string, column: string | null }
export interface FaultyRow { row: Row, faults: Kind[] }

export const size = 10_000
const two = (n: number) => String(n).padStart(2, '0')
const areas = Array.from({ length: 10 }, (_, i) => `ward-${i}`)

export async function world (admin: Client): Promise<void> {
  for (const area of areas) await admin.put(`/v1/areas/${area}`, { title: area, kind: 'ward' })
  await admin.put('/v1/measures/count', { title: 'Count', unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }] })
  await admin.put('/v1/measures/share', { title: 'Share', unit: 'percent' })
}

/** No two rows are of one figure. */
const good = (i: number): Row => ({
  measure: 'count', area: areas[i % 10], period: `CY${1920 + Math.floor(i / 120)}-M${two(1 + Math.floor(i / 10) % 12)}`, value: i, note: `Row ${i}`
})

type Fault = [kind: Kind, rows: number, spoil: (row: Row, i: number) => Row]

/** Most rows have a wrong text of their own, so that no two causes are the same; some have one in common. */
const faults: Fault[] = [
  [{ code: 'unknown_measure', column: 'measure' }, 300, (row, i) => ({ ...row, measure: `cuont-${i}` })],
  [{ code: 'unknown_area', column: 'area' }, 150, row => ({ ...row, area: 'wrad-1' })],
  [{ code: 'invalid_value', column: 'value' }, 200, (row, i) => ({ ...row, value: `abc ${i}` })],
  [{ code: 'invalid_period', column: 'period' }, 80, (row, i) => ({ ...row, period: `some day ${i}` })],
  [{ code: 'ambiguous_period', column: 'period' }, 40, (row, i) => ({ ...row, period: `Q4 ${1980 + i % 7}` })],
  [{ code: 'out_of_range', column: 'value' }, 120, (row, i) => ({ ...row, measure: 'share', value: 101 + i })],
  [{ code: 'contradiction', column: 'unit' }, 60, row => ({ ...row, unit: 'percent' })],
  [{ code: 'missing_value', column: 'value' }, 70, ({ value, ...row }) => row],
  [{ code: 'unknown_breakdown', column: 'breakdown' }, 90, (row, i) => ({ ...row, breakdown: { sex: `x${i}` } })]
]
const pairs = 50
const withTwo = 25

export function faultyDelivery (seed: number): FaultyRow[] {
  const { roll } = dice(seed)
  const rows = Array.from({ length: size }, (_, i): FaultyRow => ({ row: good(i), faults: [] }))
  const free = () => {
    for (;;) {
      const i = roll(size)
      if (rows[i]!.faults.length === 0) return i
    }
  }
  const put = (i: number, row: Row, kinds: Kind[]) => { rows[i] = { row, faults: kinds } }
  for (const [kind, count, spoil] of faults) {
    for (let n = 0; n < count; n++) {
      const i = free()
      put(i, spoil(good(i), i), [kind])
    }
  }
  // Two rows of one figure with different values: both are refused.
  for (let n = 0; n < pairs; n++) {
    const first = free()
    put(first, good(first), [{ code: 'duplicate_key', column: null }])
    put(free(), { ...good(first), value: -1 - n }, [{ code: 'duplicate_key', column: null }])
  }
  for (let n = 0; n < withTwo; n++) {
    const i = free()
    put(i, { ...good(i), area: 'wrad-1', value: `xyz ${i}` }, [{ code: 'unknown_area', column: 'area' }, { code: 'invalid_value', column: 'value' }])
  }
  return rows
}

interface Problem extends Kind { value: unknown, rows: number[], cells?: string[], row_count: number }

const nameOf = ({ code, column }: Kind) => `${code} ${String(column)}`

/** The rows with each fault, by their places. */
function expected (rows: FaultyRow[], place: Place): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>()
  rows.forEach((row, i) => {
    for (const kind of row.faults) places.set(nameOf(kind), (places.get(nameOf(kind)) ?? new Set()).add(place(i)))
  })
  return places
}

/** Where the row with this index stands in what was sent. */
export type Place = (i: number) => number
type Line = Record<string, string>
interface Answered { status: number, text: string, body: { counts: Record<string, number>, problems: Problem[] } }

/** The receipt names every fault of every row, the first hundred of each by their place, and stays small. */
export function checkReceipt (t: Test, { status, text, body }: Answered, rows: FaultyRow[], place: Place): void {
  const rejected = rows.filter(one => one.faults.length > 0).length
  t.equal(status, 422)
  t.match(body.counts, { received: size, rejected, created: 0, updated: 0, unchanged: 0, deleted: 0 })
  const wanted = expected(rows, place)
  t.same([...new Set(body.problems.map(nameOf))].sort(), [...wanted.keys()].sort(), 'every kind of fault is named, and no other')
  for (const [kind, places] of wanted) {
    const found = body.problems.filter(one => nameOf(one) === kind)
    const listed = found.flatMap(one => one.rows)
    t.equal(found.reduce((sum, one) => sum + one.row_count, 0), places.size, `${kind}: every row is counted`)
    t.same(listed.filter(row => !places.has(row)), [], `${kind}: no other row is named`)
    t.equal(new Set(listed).size, listed.length, `${kind}: none twice`)
    t.ok(found.every(one => one.rows.length === Math.min(100, one.row_count)), `${kind}: the first hundred rows of each entry are named`)
    t.ok(listed.length >= Math.min(100, places.size), `${kind}: a hundred at least, or all`)
    t.ok(found.every(one => one.rows.every((row, i) => i === 0 || row > one.rows[i - 1]!)), `${kind}: in their order`)
  }
  t.ok(text.length < 100_000, `the receipt has ${text.length} bytes`)
}

/** An entry for one cause alone gives back what stands in its rows. */
export function checkValues (t: Test, problems: Problem[], valueAt: (place: number, column: string) => unknown): void {
  const wrong = problems.filter(({ value, column }) => value !== null && column !== null)
    .flatMap(({ rows, value, column }) => rows.filter(row => valueAt(row, column!) !== value).map(row => [row, column, value, valueAt(row, column!)]))
  t.same(wrong.slice(0, 10), [], 'each value given back is the one in the cell')
  t.ok(problems.some(({ value }) => value !== null))
}

/** rejected.csv lists each rejected row once, with its own cells, its place and all that is wrong with it. */
export function checkRejected (t: Test, lines: Line[], rows: FaultyRow[], place: Place, cells: (row: Row) => Line): void {
  const wanted = new Map(rows.flatMap((one, i) => one.faults.length > 0 ? [[place(i), one] as const] : []))
  t.same(lines.map(line => Number(line.row)), [...wanted.keys()].sort((a, b) => a - b), 'each rejected row is listed once, in its order')
  const wrong: unknown[] = []
  for (const line of lines) {
    const one = wanted.get(Number(line.row))
    if (one === undefined) continue
    const told = line.problems!.split(' | ')
    const untold = one.faults.filter(({ column }) => column !== null && !told.some(text => text.startsWith(`${column}: `)))
    const differing = Object.entries(cells(one.row)).filter(([name, text]) => (line[name] ?? '').replace(/^'(?=[-+=@])/, '') !== text)
    if (told.length !== one.faults.length || untold.length > 0 || differing.length > 0) wrong.push({ line, untold, differing })
  }
  t.same(wrong.slice(0, 5), [], 'with the cells it came with, and every fault')
}
