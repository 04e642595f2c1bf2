// Deliveries as xlsx: the first sheet, each row with its number and each fault with its cell.
import { cellName, SheetProblem, sheetRows } from '../../http/sheet/read.js'
import { storable } from '../../http/json.js'
import type { Spool } from '../../http/spool.js'
import { unreadable } from '../../problems.js'
import type { Source, SourceRow } from '../datapoints/source.js'
import { begin, type Begun } from './csv.js'
import type { TableReader } from './table.js'

export function sheetSource (spool: Spool): Source {
  let reader: TableReader | undefined
  return {
    header: () => reader!.header,
    cell: (name, place) => {
      const column = reader?.columnOf(name)
      return column === undefined ? undefined : cellName(column, place)
    },
    async * batches () {
      reader = undefined
      for await (const rows of understood(sheetRows(spool.held))) {
        const begun: Begun = reader === undefined ? begin(rows) : { reader, body: rows }
        reader = begun.reader
        yield begun.body.filter(({ cells }) => cells.some(cell => cell !== null && cell.trim() !== '')).map(row => held(begun.reader.read(row)))
      }
      if (reader === undefined) throw unreadable('The first sheet is empty: it has no header row. Its first row names the columns: measure, area, period, value.')
    }
  }
}

async function * understood<T> (rows: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield * rows
  } catch (error) {
    throw error instanceof SheetProblem ? unreadable(error.message, '', error) : error
  }
}

/** A cell may hold what a database cannot. */
const held = (row: SourceRow): SourceRow => storable(row.row)
  ? row
  : { ...row, row: {}, faults: [{ code: 'invalid_value', detail: 'A cell contains a character that cannot be stored: NUL, or half of a surrogate pair.', column: null }] }
