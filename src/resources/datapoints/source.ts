// Where the rows of a delivery come from, whatever they are written in: batches with the place of each row, as often as
// they are asked for, because a transaction that Postgres asks to repeat reads them again.
import type { Row, RowFault } from './row.js'

export interface SourceRow {
  /** Index from 0 in JSON, line from 1 in text, row of the sheet. */
  place: number
  /** The row with the wire's members; anything else than an object is a fault. */
  row: unknown
  /** What was wrong with it before it could be a row. */
  faults?: RowFault[]
  /** Columns in which it was typed as a percentage. */
  percents?: string[]
  /** The cells of a table as they came. */
  cells?: Array<string | null>
  /** True where a form was sent back with nothing typed into this row. */
  blank?: boolean
}

export interface Source {
  /** Headings of a table, once its first batch was read. */
  header?: () => Array<string | null>
  batches (): AsyncIterable<SourceRow[]> | Iterable<SourceRow[]>
  /** Something to look at that concerns the delivery as a whole. */
  remarks?: () => Array<{ code: 'read_as_windows_1252', detail: string }>
  /** The cell of a sheet in which a column of a row stands: "B7". */
  cell?: (column: string, place: number) => string | undefined
  /** Where a row stands, for a program: a JSON pointer. */
  pointer?: (column: string | null, place: number) => string
}

const batch = 2500

/** Rows that are there already, counted from 0. */
export function listed (rows: unknown[], fill?: Row): Source {
  return {
    * batches () {
      for (let start = 0; start < rows.length; start += batch) {
        yield rows.slice(start, start + batch).map((row, i) => ({ place: start + i, row: fill === undefined ? row : filled(row, fill) }))
      }
    },
    pointer: (column, place) => `/datapoints/${place}${column === null ? '' : `/${column.replaceAll('~', '~0').replaceAll('/', '~1')}`}`
  }
}

/** The row with what the delivery says once for every row that does not say it itself. */
function filled (row: unknown, fill: Row): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row
  const more = Object.entries(fill).filter(([name]) => !(name in row))
  return more.length === 0 ? row : { ...row, ...Object.fromEntries(more) }
}
