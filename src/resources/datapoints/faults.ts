// The faults of a delivery, grouped by cause while its rows are read: however many rows are wrong, what is kept of them
// is bounded, and so is the receipt.
import type { RowFault } from './row.js'
import type { Source } from './source.js'

export interface RowProblem extends RowFault {
  /** The first hundred. */
  rows: number[]
  cells?: string[]
  pointer?: string
  row_count: number
}

const rowsNamed = 100
/** Causes told apart in all, and of one code in one column; what is beyond is told together. */
const causesInAll = 30
const causesAlike = 10
/** Rows of which every fault is kept, to be listed in rejected.csv. */
const rowsKept = 50_000
/** Faults of one row that are told. */
const faultsTold = 50
const longest = 200
const longestDetail = 600

export class Faults {
  /** Rows that have a fault. */
  rejected = 0
  /** The faults of the first rows that have any, by place. */
  readonly byPlace = new Map<number, RowFault[]>()
  private readonly causes = new Map<string, RowProblem>()
  private readonly alike = new Map<string, number>()

  constructor (private readonly source: Source) {}

  /** A row with all that is wrong with it. */
  add (place: number, found: RowFault[]): void {
    if (found.length === 0) return
    this.rejected++
    const told = found.slice(0, faultsTold).map(tell)
    if (this.byPlace.size < rowsKept) this.byPlace.set(place, told)
    const problems = new Set(told.map(fault => this.problemOf(fault, place)))
    for (const problem of problems) {
      problem.row_count++
      if (problem.rows.length === rowsNamed) continue
      problem.rows.push(place)
      const cell = problem.column === null ? undefined : this.source.cell?.(problem.column, place)
      if (cell !== undefined) problem.cells = [...problem.cells ?? [], cell]
    }
  }

  /** By the first row that has them. */
  problems (): RowProblem[] {
    return [...this.causes.values()].sort((a, b) => a.rows[0]! - b.rows[0]!)
  }

  private problemOf (fault: RowFault, place: number): RowProblem {
    const cause = JSON.stringify([fault.code, fault.column, fault.value, fault.detail])
    const known = this.causes.get(cause)
    if (known !== undefined) return known
    // Columns that there are not may be as many as there are rows.
    const column = fault.code === 'unknown_column' ? null : fault.column
    const kind = `${fault.code} ${column ?? ''}`
    const before = this.alike.get(kind) ?? 0
    this.alike.set(kind, before + 1)
    return before < causesAlike && this.causes.size < causesInAll ? this.begin(cause, fault, place) : this.others(kind, { ...fault, column }, place)
  }

  private begin (cause: string, fault: RowFault, place: number): RowProblem {
    const pointer = this.source.pointer?.(fault.column, place)
    const problem: RowProblem = { ...fault, rows: [], ...(pointer !== undefined && { pointer }), row_count: 0 }
    this.causes.set(cause, problem)
    return problem
  }

  /** One entry for the many that differ only in what was typed. */
  private others (kind: string, { code, column, detail }: RowFault, place: number): RowProblem {
    const known = this.causes.get(kind)
    if (known !== undefined) return known
    return this.begin(kind, { code, column, detail: `Further rows with a fault of this kind, such as: ${detail} Each is told in rejected.csv.`, value: null }, place)
  }
}

/** No longer than asked for, and without what a database cannot hold: NUL, and half a letter, which cutting can leave. */
function cut (text: string, length: number): string {
  const whole = text.replaceAll('\0', '\uFFFD')
  return whole.length > length ? `${whole.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : whole
}

/** What is told of a fault; a program may send columns of any name and values of any length. */
const tell = ({ column, value, detail, ...rest }: RowFault): RowFault =>
  ({ ...rest, column: column === null ? null : cut(column, longest), value: echo(value) ?? null, detail: cut(detail, longestDetail) })

/** A value as it is given back: what a person could have typed into a cell. */
const echo = (value: unknown) => typeof value === 'object' ? null : typeof value === 'string' ? cut(value, longest) : value
