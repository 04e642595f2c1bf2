// The form of one row, before anything is known of what it names: the faults that the schema finds, in the words of
// deliveries.
import type { Fault } from '../../problems.js'
import type { Row, RowCode, RowFault } from './row.js'

/** Checks one row's form; what it answers are faults with pointers into the row. */
export type CheckRow = (row: unknown) => Fault[]

const mostMembers = 50

/** A list or map far beyond any that is meant is one fault, not one for each of its members. */
function outsized (row: unknown): RowFault[] | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  let size = 0
  for (const column in row) {
    const value = (row as Row)[column]
    if (++size > 2 * mostMembers) return [{ code: 'unknown_column', detail: `The row has more than ${2 * mostMembers} columns.`, column: null }]
    if (typeof value === 'object' && value !== null && Object.keys(value).length > mostMembers) {
      return [{ code: 'invalid_value', detail: `'${column}' has more members than any figure has.`, column, value: null }]
    }
  }
  return undefined
}

const codes: Record<string, RowCode> = { unknown_member: 'unknown_column', missing_member: 'missing_column', out_of_range: 'out_of_range' }

function rowFault ({ pointer, code, detail, allowed }: Fault, row: unknown): RowFault {
  const column = pointer.split('/')[1]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? null
  return {
    code: codes[code] ?? 'invalid_value',
    detail: code === 'not_allowed' && allowed !== undefined ? `${detail} Allowed: ${allowed.join(', ')}.` : detail,
    column,
    // Of a column that should not be there, what stands in it is no matter.
    ...(column !== null && code !== 'unknown_member' && typeof row === 'object' && row !== null && { value: (row as Row)[column] })
  }
}

export function formFaults (row: unknown, check: CheckRow): RowFault[] {
  const found = outsized(row)
  if (found !== undefined) return found
  const faults = check(row)
  return faults.length === 0 ? none : faults.map(fault => rowFault(fault, row))
}

const none: RowFault[] = []

/** The row without its ill-formed columns, so that the faults of the others are found as well. */
export const without = (row: Row, faults: RowFault[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !faults.some(fault => fault.column === name)))
