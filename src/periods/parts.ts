// Spellings of a part of a year: quarters, halves, terms, and from one quarter to another.
import { firstToLast, plusMonths } from './calendar.js'
import { firstMonth, type YearLetter } from './code.js'
import type { YearKind } from './kinds.js'
import { spelt, type Reading } from './spelling.js'
import { centuryOf, codedYear, consecutive, kindSaid, single, twoDigitYear } from './years.js'

const quarter = '(?:q|qtr|quarters?) ?(?<from>[1-4])(?:(?: to |-|\\.\\.)(?:q|qtr|quarter)? ?(?<to>[1-4]))?'
const half = '(?:h|half) ?(?<halfOf>[12])'
const term = '(?<season>autumn|spring|summer) term|t(?<t>[1-3])'
const partBefore = spelt(`(?:${quarter}|${half}|${term})(?: of)?[ -](?<of>.+)`)
const partAfter = spelt(`(?<of>.{4,40}?)[ -](?:${quarter}|${half}|${term})`)

type YearCode = [YearLetter, number]

// Which financial or calendar year a quarter or a half belongs to. Academic years have neither.
function yearsOfPart (text: string, measureKind: YearKind | null): YearCode[] {
  const said = kindSaid(text)
  const kind = said.kind ?? measureKind
  const first = consecutive(said.text)
  if (first !== null) return said.kind === 'calendar' ? [] : [['FY', first]]
  if (said.kind === 'financial' && twoDigitYear.test(said.text)) {
    const n = centuryOf(said.text)
    return [['FY', n - 1], ['FY', n]]
  }
  if (!single.test(said.text)) return []
  const n = Number(said.text)
  const calendar: YearCode[] = kind === 'financial' ? [] : [['CY', n]]
  return kind === 'calendar' ? calendar : [...calendar, ['FY', n]]
}

function quarterCode ([letter, n]: YearCode, from: string, to: string | undefined): string {
  if (to === undefined) return `${letter}${n}-Q${from}`
  if (letter === 'FY' && from === '1') return `FY${n}-Q1..Q${to}`
  const start = plusMonths({ year: n, month: firstMonth[letter] }, Number(from) * 3 - 3)
  const bounds = firstToLast(start, plusMonths({ year: n, month: firstMonth[letter] }, Number(to) * 3 - 1))
  return `${bounds.start}..${bounds.end}`
}

// A season is a season of the calendar year that is named: Spring Term 2018 lies in the academic year 2017/18.
function readTerm (season: string | undefined, t: string | undefined, text: string): Reading {
  const n = t ?? String(['autumn', 'spring', 'summer'].indexOf(season!) + 1)
  const said = kindSaid(text)
  const first = consecutive(said.text)
  if (said.kind === 'financial' || said.kind === 'calendar') return null
  if (first !== null) return [`AY${first}-T${n}`]
  if (codedYear.test(text)) return [`AY${said.text}-T${n}`]
  if (!single.test(said.text)) return null
  const named = Number(said.text)
  if (t !== undefined || said.kind !== null) return [`AY${named - 1}-T${n}`, `AY${named}-T${n}`]
  return [`AY${season === 'autumn' ? named : named - 1}-T${n}`]
}

export function readParts (text: string, kind: YearKind | null): Reading {
  const { groups } = partBefore.exec(text) ?? partAfter.exec(text) ?? {}
  if (groups === undefined) return null
  const { from, to, halfOf, season, t } = groups
  const of = groups.of!
  if (season !== undefined || t !== undefined) return readTerm(season, t, of)
  if (kindSaid(of).kind === 'academic') return { hint: 'An academic year has terms, not quarters or halves. Write, for example, Spring Term 2018 or AY2017-T2.' }
  const years = yearsOfPart(of, kind)
  if (years.length === 0) return null
  if (from === undefined) return years.map(([letter, n]) => `${letter}${n}-H${halfOf}`)
  if (to !== undefined && to <= from) return { hint: `Q${from} to Q${to} does not run forward. Write one quarter, or the earlier one first.` }
  return years.map(of => quarterCode(of, from, to))
}
