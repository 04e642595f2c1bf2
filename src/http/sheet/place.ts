// Places in a sheet: B7.
import { colToLetter } from 'hucre/xlsx'
import { COLUMNS } from './limits.js'

const A = 65

export const cellName = (column: number /* from 0 */, row: number): string => `${colToLetter(column)}${row}`

/** The column of a reference, from 0; -1 where it is no place, or not one in this row. */
export function columnOf (reference: string, row: number): number {
  let column = 0
  let at = 0
  for (; at < reference.length; at++) {
    const letter = (reference.charCodeAt(at) & ~32) - A
    if (letter < 0 || letter > 25) break
    column = column * 26 + letter + 1
    if (column > COLUMNS) return -1
  }
  return at > 0 && Number(reference.slice(at)) === row ? column - 1 : -1
}
