// A delivery from rows to receipt: every fault of every row is found first, grouped by cause; then all rows, or the
// good ones, are written at once.
import { isDeepStrictEqual } from 'node:util'
import type { WriteCtx } from '../../db/write.js'
import type { Fault } from '../../problems.js'
import { dictionary } from './dictionary.js'
import { forgetEmpty, keyText, resolveKeys } from './keys.js'
import { members, readRow, type Key, type Row, type RowCode, type RowFault } from './row.js'
import { apply, classified, sameBounds, stage, type Classified, type StagedFault, type StagedRow } from './stage.js'

export interface RowProblem extends RowFault { rows: number[], row_count: number }

export interface Counts { received: number, created: number, updated: number, unchanged: number, deleted: number, rejected: number }

export interface Delivery {
  counts: Counts
  problems: RowProblem[]
  warnings: Array<{ code: string, detail: string, rows: number[], row_count: number }>
  /** What became of each row that had no fault. */
  rows: Classified[]
  applied: boolean
  /** Why, where rows say so. */
  reason: string | null
  /** True where a private measure is among those named. */
  secret: boolean
}

/** Checks one row's form; what it answers are faults with pointers into the row. */
export type CheckRow = (row: unknown) => Fault[]

export interface DeliverOptions {
  check: CheckRow
  mode: 'atomic' | 'partial'
  /** False: everything is checked and nothing written. */
  write: boolean
  /** Revisions of which each figure must have one; `some`: any, but it must be there. */
  expected?: number[] | 'some'
}

export async function deliver (ctx: WriteCtx, rows: unknown[], { check, mode, write, expected }: DeliverOptions): Promise<Delivery> {
  const faults = new Map<number, RowFault[]>()
  const add = (index: number, more: RowFault[]) => { if (more.length > 0) faults.set(index, [...faults.get(index) ?? [], ...more]) }
  const formed = rows.flatMap((row, index) => {
    const found = outsized(row) ?? check(row).map(fault => formFault(fault, row))
    add(index, found)
    return typeof row === 'object' && row !== null ? [{ index, row: without(row as Row, found) }] : []
  })
  const known = await dictionary(ctx, formed.map(({ row }) => row))
  const keyed = formed.flatMap(({ index, row }) => {
    const read = readRow(row, known)
    if ('faults' in read) add(index, read.faults)
    return 'key' in read && !faults.has(index) ? [{ index, row: read.row, key: read.key }] : []
  })
  const { single, repeats } = refuseRepeats(keyed, add)
  const { ids, made } = await resolveKeys(ctx, single.map(({ key }) => key))
  const staged = single.flatMap(({ index, row }, i): StagedRow[] => {
    const id = ids[i]!
    if ('code' in id) add(index, [id])
    return 'code' in id ? [] : [{ index, ids: id, row, expected: expected ?? (typeof row.expected_revision === 'number' ? [row.expected_revision] : undefined) }]
  })
  await stage(ctx, staged)
  const outcomes = await classified(ctx)
  for (const { row, fault } of outcomes) if (fault !== null) add(row, [stagedFault(fault, rows[row] as Row)])
  const warnings = boundsWarnings(await sameBounds(ctx))
  const applied = write && (mode === 'partial' ? faults.size < rows.length : faults.size === 0)
  if (applied && outcomes.some(one => one.action !== 'unchanged' && one.fault === null)) await apply(ctx, [...faults.keys()])
  await forgetEmpty(ctx, made)
  const good = outcomes.filter(one => !faults.has(one.row))
  return {
    counts: count(rows.length, good, repeats, faults.size),
    problems: grouped(faults),
    warnings,
    rows: good,
    applied,
    reason: [...new Set(formed.map(({ row }) => row.reason).filter(reason => typeof reason === 'string'))].join('; ').slice(0, 500) || null,
    secret: [...known.measures.values()].some(measure => measure.visibility === 'private')
  }
}

interface Keyed { index: number, row: Row, key: Key }

/** The same row twice says nothing new; two rows that differ for one key are a fault of both. */
function refuseRepeats (keyed: Keyed[], add: (index: number, faults: RowFault[]) => void): { single: Keyed[], repeats: number } {
  const byKey = new Map<string, Keyed[]>()
  for (const one of keyed) {
    const text = keyText(one.key)
    const same = byKey.get(text)
    if (same === undefined) byKey.set(text, [one])
    else same.push(one)
  }
  let repeats = 0
  const single = [...byKey.values()].flatMap(([first, ...others]) => {
    if (others.every(({ row }) => sameContents(row, first!.row))) {
      repeats += others.length
      return [first!]
    }
    for (const { index, key } of [first!, ...others]) {
      add(index, [{ code: 'duplicate_key', detail: `The figure of '${key.measure}' in '${key.area}' at ${key.period.code} stands ${others.length + 1} times in the delivery, with different contents. Send it once.`, column: null, value: key.period.code }])
    }
    return []
  })
  return { single, repeats }
}

const sameContents = (a: Row, b: Row) => [...members, 'expected_revision'].every(name => isDeepStrictEqual(a[name], b[name]))

/** The row without its ill-formed columns, so that the faults of the others are found as well. */
const without = (row: Row, faults: RowFault[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !faults.some(fault => fault.column === name)))

const mostMembers = 50

/** A list or map far beyond any that is meant is one fault, not one for each of its members. */
function outsized (row: unknown): RowFault[] | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const size = (value: unknown) => typeof value === 'object' && value !== null ? Object.keys(value).length : 0
  if (size(row) > 2 * mostMembers) return [{ code: 'unknown_column', detail: `The row has ${size(row)} columns.`, column: null }]
  const [column] = Object.entries(row).find(([, value]) => size(value) > mostMembers) ?? []
  return column === undefined ? undefined : [{ code: 'invalid_value', detail: `'${column}' has more members than any figure has.`, column, value: null }]
}

const longest = 200

/** A value as it is given back: what a person could have typed into a cell. */
const echo = (value: unknown) => typeof value === 'object'
  ? null
  : typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}…` : value

/** A fault of the row's form, in the words of deliveries. */
function formFault ({ pointer, code, detail, allowed }: Fault, row: unknown): RowFault {
  const column = pointer.split('/')[1] ?? null
  const codes: Record<string, RowCode> = { unknown_member: 'unknown_column', missing_member: 'missing_column', out_of_range: 'out_of_range' }
  return {
    code: codes[code] ?? 'invalid_value',
    detail: code === 'not_allowed' && allowed !== undefined ? `${detail} Allowed: ${allowed.join(', ')}.` : detail,
    column,
    ...(column !== null && typeof row === 'object' && row !== null && { value: (row as Row)[column] })
  }
}

function stagedFault (code: StagedFault, row: Row): RowFault {
  switch (code) {
    case 'missing_value':
      return { code, detail: 'The row leaves the figure without a value, a numerator and a reason why it is missing. Send one of value, numerator, missing.', column: 'value', value: null }
    case 'stale_revision':
      return { code, detail: `The figure is not at revision ${String(row.expected_revision)} any more. Read it again.`, column: 'expected_revision', value: row.expected_revision }
    case 'contradiction':
      return { code, detail: 'With what is stored, the lower limit would be above the upper one, or the rank above the number ranked. Send both.', column: null }
  }
}

function boundsWarnings (found: Array<{ row: number, period: string, other: string }>): Delivery['warnings'] {
  const groups = new Map<string, number[]>()
  for (const { row, period, other } of found) {
    const detail = `${period} has the same first and last day as ${other}, of which a figure is held in the same series. Both stay; look whether both are meant.`
    groups.set(detail, [...groups.get(detail) ?? [], row])
  }
  return [...groups].map(([detail, rows]) => ({ code: 'same_bounds', detail, rows: rows.slice(0, 100), row_count: rows.length }))
}

function count (received: number, good: Classified[], repeats: number, rejected: number): Counts {
  const of = (action: Classified['action']) => good.filter(one => one.action === action).length
  return { received, created: of('created'), updated: of('updated'), unchanged: of('unchanged') + repeats, deleted: of('deleted'), rejected }
}

/** One entry for each cause, with the rows that have it. */
function grouped (faults: Map<number, RowFault[]>): RowProblem[] {
  const groups = new Map<string, RowProblem>()
  for (const [row, found] of [...faults].sort(([a], [b]) => a - b)) {
    for (const fault of found) {
      const value = echo(fault.value) ?? null
      const cause = JSON.stringify([fault.code, fault.column, value, fault.detail])
      const group = groups.get(cause) ?? { ...fault, value, rows: [], row_count: 0 }
      if (group.rows.at(-1) !== row) {
        group.row_count++
        if (group.rows.length < 100) group.rows.push(row)
      }
      groups.set(cause, group)
    }
  }
  return [...groups.values()]
}
