// A cell as a person would type it, from how the file stores it: its type, its style, its text.
import { dateText, isoText } from './dates.js'
import type { NumberKind } from './formats.js'
import { CELL_TEXT } from './limits.js'
import { decimal, numberOf, numberText } from './numbers.js'
import type { Texts } from './texts.js'

/** What cells refer to. */
export interface Book { texts: Texts, kinds: readonly NumberKind[], from1904: boolean }

export interface StoredCell {
  type: string
  style: number
  /** What stands in <v>: the value, or that of a formula when it was last worked out; null where nothing does. */
  value: string | null
  /** What stands in <is>. */
  inline: string | null
}

/** How a file writes characters that XML cannot hold, and an underscore that would look like one. */
const escaped = /_x([0-9a-f]{4})_/gi
const unescaped = (text: string) => text.includes('_x') || text.includes('_X') ? text.replace(escaped, (_, code: string) => String.fromCharCode(parseInt(code, 16))) : text

function number (stored: string, kind: NumberKind, from1904: boolean): string {
  if (kind === 'number') return numberText(stored)
  const value = numberOf(stored)
  if (value === null) return stored
  return kind === 'percent' ? `${decimal(value, 2)}%` : dateText(value, kind, from1904)
}

const flags: Readonly<Record<string, string>> = { 0: 'FALSE', 1: 'TRUE', false: 'FALSE', true: 'TRUE' }

function written ({ type, style, value, inline }: StoredCell, book: Book, fail: (why: string) => Error): string | null {
  if (type === 'inlineStr') return inline === null ? value : unescaped(inline)
  if (value === null) return null
  switch (type) {
    case 's': {
      const text = /^\s*\d{1,8}\s*$/.test(value) ? book.texts.at(Number(value)) : undefined
      if (text === undefined) throw fail('refers to a text that is not in the file. Open the file in a spreadsheet program and save it again')
      if (text === null) throw fail(tooLong)
      return unescaped(text)
    }
    case 'b': return flags[value.trim()] ?? value
    case 'e': return value
    case 'str': return unescaped(value)
    case 'd': return isoText(value, book.kinds[style] ?? 'day')
    default: return number(value, book.kinds[style] ?? 'number', book.from1904)
  }
}

export const tooLong = `holds more than ${CELL_TEXT} characters, which no spreadsheet program allows. Shorten it`

/** Null where nothing would be seen. `fail` makes the problem that names the cell. */
export function cellText (cell: StoredCell, book: Book, fail: (why: string) => Error): string | null {
  const text = written(cell, book, fail)
  if (text !== null && text.length > CELL_TEXT) throw fail(tooLong)
  return text === '' ? null : text
}
