// Spellings made of years only: one year, or a pool of years. Also what a piece of text says about a year,
// which the quarters, halves and terms build on.
import { yearPattern } from './calendar.js'
import type { YearLetter } from './code.js'
import type { YearKind } from './kinds.js'
import { fromAndTo, spelt, type Reading } from './spelling.js'

const year = `(${yearPattern})`
const span = spelt(`${year}[/-](\\d{4}|\\d\\d)|${year}(\\d\\d)`)
export const single = spelt(year)
export const codedYear = spelt(`([fac])y${year}`)
export const twoDigitYear = spelt('\\d\\d')
const wholeYear = spelt('(.+) (?:annual|full year)')
const kindBefore = spelt('(?:(financial(?: year)? |fy ?)|(academic(?: year)? |school year |ay ?)|(calendar(?: year)? |cy ?))(.+)')
const kindAfter = spelt('(.+) (?:(financial(?: year)?|fy)|(academic(?: year)?|school year|ay)|(calendar(?: year)?|cy))')
const letters = { financial: 'FY', academic: 'AY', calendar: 'CY' } as const

interface Said {
  text: string
  kind: YearKind | null
}

// The words that name a year's kind. They outrank the measure's year_kind, because they were written.
export function kindSaid (text: string): Said {
  const before = kindBefore.exec(text)
  if (before !== null) return { text: before[4]!, kind: before[1] ? 'financial' : before[2] ? 'academic' : 'calendar' }
  const after = kindAfter.exec(text)
  if (after !== null) return { text: after[1]!, kind: after[2] ? 'financial' : after[3] ? 'academic' : 'calendar' }
  return { text, kind: null }
}

// Both years in full. Two digits reach ten years on and no further: 2016-12 is a month somebody typed, not 2016 to 2112.
function bothYears (text: string): { first: number, last: number } | null {
  const match = span.exec(text)
  if (match === null) return null
  const first = Number(match[1] ?? match[3])
  const written = (match[2] ?? match[4])!
  const gap = written.length === 4 ? Number(written) - first : (Number(written) - first % 100 + 100) % 100
  const joined = match[3] !== undefined
  if (gap < 1 || (joined && gap > 1) || (written.length === 2 && gap > 10)) return null
  return { first, last: first + gap }
}

export function consecutive (text: string): number | null {
  const years = bothYears(text)
  return years !== null && years.last === years.first + 1 ? years.first : null
}

export const centuryOf = (digits: string) => Number(digits) + (Number(digits) < 70 ? 2000 : 1900)

const poolCode = (letter: YearLetter, first: number, last: number) =>
  first === last ? `${letter}${first}` : `${letter}${first}..${letter}${last}`

// For a financial measure 2014-16 stays doubtful: three years (2014/15 to 2016/17) or the two between
// April 2014 and March 2016, and pooled figures of a financial measure are often calendar ones.
function pools (first: number, last: number, kind: YearKind | null): string[] {
  const calendar = poolCode('CY', first, last)
  if (kind === 'calendar') return [calendar]
  if (kind === null) return [calendar, poolCode('FY', first, last), poolCode('AY', first, last)]
  const letter = letters[kind]
  return [calendar, poolCode(letter, first, last - 1), poolCode(letter, first, last)]
}

function readSpan (text: string, said: YearKind | null, kind: YearKind | null): Reading {
  const years = bothYears(text)
  if (years === null) return null
  const { first, last } = years
  if (last === first + 1) {
    if (said === 'calendar') return { hint: `A calendar year is one year. Write CY${first}, or CY${first}..CY${last} for both.` }
    return [`${kind === 'academic' ? 'AY' : 'FY'}${first}`]
  }
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.exec(text)?.[1]
  return [...pools(first, last, kind), ...(month ? [`CY${first}-M${month}`] : [])]
}

function readPool (text: string, said: YearKind | null, kind: YearKind | null): Reading {
  const [from, to] = fromAndTo(text)
  const [first, last] = [consecutive(from), consecutive(to)]
  if (first !== null && last !== null && said !== 'calendar') {
    const letter = kind === 'academic' ? 'AY' : 'FY'
    return [`${letter}${first}..${letter}${last}`]
  }
  if (!single.test(from) || !single.test(to) || !text.includes(' to ')) return null
  if (kind === null || Number(from) >= Number(to)) return [`CY${from}..CY${to}`]
  return pools(Number(from), Number(to), kind)
}

function readWhole (text: string, measureKind: YearKind | null): Reading {
  const said = kindSaid(text)
  const kind = said.kind ?? measureKind
  const letter = letters[kind ?? 'calendar']
  if (single.test(said.text)) {
    const n = Number(said.text)
    return letter === 'CY' ? [`CY${n}`] : [`${letter}${n - 1}`, `${letter}${n}`]
  }
  if (said.kind !== null && twoDigitYear.test(said.text)) {
    const n = centuryOf(said.text)
    return letter === 'CY' ? { hint: `Write CY${n}.` } : [`${letter}${n - 1}`, `${letter}${n}`]
  }
  return readSpan(said.text, said.kind, kind) ?? readPool(said.text, said.kind, kind)
}

// 'FY2014 to FY2016' is read before the words: there FY2014 is a code, not a year with its kind.
function readCodedPool (text: string): Reading {
  const [from, to] = fromAndTo(text)
  return codedYear.test(from) && codedYear.test(to) ? [`${from}..${to}`.toUpperCase()] : null
}

export function readYears (text: string, kind: YearKind | null): Reading {
  return readCodedPool(text) ?? readWhole(wholeYear.exec(text)?.[1] ?? text, kind)
}
