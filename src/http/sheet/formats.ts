// What the format of a cell makes of its number: 0.172 may stand for 17.2%, 43190 for a day. Excel stores nothing else that tells them apart.
import type { Archive } from './archive.js'
import { STYLES } from './limits.js'
import { damaged, named } from './problem.js'
import { readWhole } from './xml.js'

/** `moment` is a day with a time; `month` and `year` are dates of which nothing finer is shown. */
export type NumberKind = 'number' | 'percent' | 'day' | 'month' | 'year' | 'moment' | 'time'

/** Formats that Excel knows by number alone. 27 to 36 and 50 to 58 are days in East Asian editions. */
function builtin (id: number): NumberKind {
  if (id === 9 || id === 10) return 'percent'
  if (id === 17) return 'month'
  if (id === 22) return 'moment'
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return 'time'
  if ((id >= 14 && id <= 16) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'day'
  return 'number'
}

// Text in quotes, an escaped, skipped or repeated character, what stands in brackets (colours, locales, conditions), an exponent.
const decoration = /"[^"]*(?:"|$)|[\\_*].|\[[^\]]*(?:\]|$)|E[+-]/gis
const elapsed = /\[(?:h+|m+|s+)\]/i

/** The kind of a format as its author wrote it: `0.0%`, `dd/mm/yyyy`, `[$-809]mmmm yyyy;@`. */
export function kindOf (format: string): NumberKind {
  const bare = format.replace(decoration, '')
  if (bare.includes('%')) return 'percent'
  // Sections are for positive; negative; zero; text. A date is written by the first.
  const first = bare.split(';', 1)[0]!.toLowerCase()
  if (elapsed.test(format.split(';', 1)[0]!)) return 'time'
  if (/general|[0#?]/.test(first.replace(/[.,]0+/g, ''))) return 'number'
  const clock = /[hs]/.test(first)
  const year = /[ye]/.test(first)
  const day = /d/.test(first)
  // Beside hours or seconds, m or mm are minutes; mmm and more are always a month.
  const month = /mmm/.test(first) || (/m/.test(first) && (!clock || year || day))
  if (clock) return year || month || day ? 'moment' : 'time'
  if (day) return 'day'
  if (month) return 'month'
  return year ? 'year' : 'number'
}

/** The kind of each style, by the number that cells refer to it with. */
export async function readFormats (archive: Archive, part: string): Promise<NumberKind[]> {
  const own = new Map<number, NumberKind>()
  const styles: number[] = []
  let section = ''
  await readWhole(archive.part(part), part, {
    open (name, attributes, depth) {
      if (depth === 2) section = name
      if (depth !== 3 || own.size + styles.length > 2 * STYLES) return
      // Formats are also listed elsewhere, for conditional formatting, under the same numbers.
      if (section === 'numFmts' && name === 'numFmt') own.set(Number(attributes.numFmtId), kindOf(attributes.formatCode ?? ''))
      if (section === 'cellXfs' && name === 'xf') styles.push(Number(attributes.numFmtId ?? 0))
      if (own.size > STYLES || styles.length > STYLES) throw damaged(`${named(part)} holds more than ${STYLES} formats`)
    }
  })
  return styles.map(id => own.get(id) ?? builtin(id))
}
