// What people type into cells, read as what it means: numbers with thousands separators and percent signs, the marks and
// words for figures that are missing, states. Pure. What cannot be read is a fault that says what to type.
import type { Row, RowFault } from '../datapoints/row.js'
import type { bounds, missings, statuses } from '../datapoints/schema.js'

/** A cell that holds a number; `percent` where it was typed or formatted as a percentage. */
export interface ReadNumber { number: number, percent: boolean }

const plain = /^-?\d{1,15}(?:\.\d{1,15})?$/
// Thousands are set off by commas or blanks, three by three; a blank after the point is a slip ("93. 1%").
const generous = /^([+-]?)\s*[£€$]?\s*(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d*)\s*(?:\.\s*(\d+))?(e[+-]?\d{1,3})?\s*(%?)$/i

/** What is longer is no number that anyone types, and would be long to look through. */
const longestNumber = 80

export function readNumber (text: string): ReadNumber | 'too_exact' | undefined {
  if (text.length > longestNumber) return undefined
  if (plain.test(text) && text.length < 16) return { number: Number(text), percent: false }
  const found = generous.exec(text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ').replaceAll(/ +/g, ' ').replace(/[\u2212\u2013]/, '-'))
  if (found === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '', percent] = found
  const digits = whole.replaceAll(/[ ,]/g, '')
  if (digits === '' && fraction === '') return undefined
  if (`${digits}${fraction}`.replace(/^0+/, '').replace(/0+$/, '').length > 15) return 'too_exact'
  const number = Number(`${sign === '-' ? '-' : ''}${digits}.${fraction}${exponent}`)
  const tooSmall = number === 0 && /[1-9]/.test(digits + fraction)
  return tooSmall || !Number.isFinite(number) ? 'too_exact' : { number, percent: percent === '%' }
}

/** Statistical marks are those of the Government Statistical Service ("Using symbols and notes in tables"). */
const marks: Record<typeof missings[number], string[]> = {
  tbc: ['tbc', 'tba', 'to be confirmed', 'to be announced', 'to be advised', 'to be established'],
  new_indicator: ['new indicator', 'new measure', 'new'],
  not_yet_published: ['not yet published', 'not yet available', 'awaiting data', 'awaiting', 'awaited', 'pending', 'due'],
  not_available: ['x', 'not available', 'unavailable', 'no data', 'data not available', '-', '\u2013', '\u2014', '..', '...', ':', '#n/a'],
  not_applicable: ['z', 'not applicable', 'n/a', 'na'],
  not_collected: ['not collected', 'not recorded', 'not measured'],
  suppressed: ['c', 's', '*', '**', 'suppressed', 'confidential'],
  low: ['low', '~'],
  not_stated: ['not stated', '?']
}

const states: Record<typeof statuses[number], string[]> = {
  final: ['outturn', 'actual', 'confirmed', 'r', 'revised'],
  provisional: ['p', 'draft', 'unvalidated'],
  forecast: ['f'],
  estimated: ['e', 'estimate'],
  projected: ['projection'],
  not_stated: ['not stated']
}

const limits: Record<typeof bounds[number], string[]> = {
  exact: ['=', 'exactly'], over: ['>', 'above', 'more than'], at_least: ['>=', '≥', 'at least'], under: ['<', 'below', 'less than'], at_most: ['<=', '≤', 'at most'], around: ['~', 'c.', 'about', 'approximately']
}

const lookup = (words: Record<string, string[]>) => new Map(Object.entries(words).flatMap(([code, spellings]) => [[code, code], [code.replaceAll('_', ' '), code], ...spellings.map(word => [word, code])] as Array<[string, string]>))

const words: Record<string, Map<string, string>> = { missing: lookup(marks), status: lookup(states), bound: lookup(limits) }

const bare = (text: string) => text.toLowerCase().replace(/^\[(.*)\]$/, '$1').replaceAll(/\s+/g, ' ').trim()

/** The code that a word, a mark or a code in any case means, or the text as it is, for the schema to refuse. */
export const readWord = (column: string, text: string): string => words[column]?.get(bare(text)) ?? (words[column] === undefined ? text.toLowerCase().replaceAll(' ', '_') : text)

/** Why a value is missing, where the cell says so; a small number hidden behind "<5" is suppressed. */
const readMissing = (text: string): string | undefined => words.missing!.get(bare(text)) ?? (/^<\s*\d{1,3}$/.test(text) ? 'suppressed' : undefined)

/** Marks behind a number: "16.9 [p]". */
const marked = /^(.*\d\s*%?)\s*((?:\[(?:p|f|e|r|b|u)\]\s*)+)$/

const markStates: Record<string, string> = { p: 'provisional', f: 'forecast', e: 'estimated' }
const markQualifiers: Record<string, string> = { b: 'break', u: 'low_reliability' }

function readMarked (text: string): { text: string, status?: string, qualifiers: string[] } {
  const [, number, behind] = (text.length > longestNumber ? null : marked.exec(text)) ?? []
  if (number === undefined) return { text, qualifiers: [] }
  const found = [...behind!.matchAll(/\[(.)\]/g)].map(mark => mark[1]!)
  const status = found.map(mark => markStates[mark]).find(state => state !== undefined)
  return { text: number.trim(), ...(status !== undefined && { status }), qualifiers: found.flatMap(mark => markQualifiers[mark] ?? []) }
}

const notANumber = (column: string, text: string): RowFault => ({
  code: 'invalid_value',
  detail: `'${text.slice(0, 60)}' is not a number. Type the number alone, such as 17.2${column === 'value' ? ', or why there is none: TBC, [c] suppressed, [x] not available, [z] not applicable' : ''}.`,
  column,
  value: text
})

const tooExact = (column: string, text: string): RowFault =>
  ({ code: 'out_of_range', detail: `${text.slice(0, 60)} is beyond what is kept exactly: at most 15 significant digits.`, column, value: text })

const truths = new Map(Object.entries({ true: true, yes: true, 1: true, y: true, false: false, no: false, 0: false, n: false }))

export const readTruth = (text: string): boolean | undefined => truths.get(text.toLowerCase())

/** Spreadsheets turn 2018-04-01 into 01/04/2018. */
export const readDate = (text: string): string => text.replace(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, (_, day: string, month: string, year: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)

/** These are numbers of people or things, and no percentage. */
const counts = new Set(['numerator', 'denominator'])

/** Puts what a value cell says into the row: a number, or why there is none. */
export function readValue (row: Row, column: string, cell: string, percents: string[], faults: RowFault[]): void {
  const { text, status, qualifiers } = column === 'value' ? readMarked(cell) : { text: cell, status: undefined, qualifiers: [] }
  const found = readNumber(text)
  if (typeof found === 'object' && found.percent && counts.has(column)) faults.push(notANumber(column, text))
  else if (found === 'too_exact') faults.push(tooExact(column, text))
  else if (found !== undefined) {
    row[column] = found.number
    if (found.percent) percents.push(column)
    if (status !== undefined) row.status ??= status
    if (qualifiers.length > 0) row.qualifiers ??= qualifiers
  } else {
    const missing = readMissing(text)
    if (missing === undefined) faults.push(notANumber(column, text))
    else if (column === 'value') row.missing ??= missing
    else row[column] = null
  }
}
