// The words of a filter. Every character belongs to one of them, or the filter is refused: nothing is passed over.
import { isDate } from '../../../periods/period.js'
import { wrong } from '../refuse.js'

export interface Sign { kind: 'word' | 'alias' | 'mark' | 'end', text: string, at: number }

export type Token = Sign | { kind: 'string' | 'number' | 'date' | 'instant', value: string, at: number }

const forms = {
  string: /'((?:[^']|'')*)'/y,
  // A "+" that was not percent-encoded has become a space on the way.
  instant: /(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?)(Z|[-+ ]\d\d:\d\d)/y,
  date: /\d{4}-\d\d-\d\d/y,
  number: /-?(?:INF\b|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/y,
  alias: /@[A-Za-z_][A-Za-z0-9_]*/y,
  word: /[A-Za-z_][A-Za-z0-9_]*/y,
  mark: /[(),/:.-]/y
}

const ends = /[ \t(),/:.]|$/y

/** Postgres holds more, but no double does. */
const mostExponent = 308
const mostDigits = 100

/** A fault and where it stands. */
export const misplaced = (detail: string, position: number, allowed?: readonly string[]) =>
  wrong('$filter', `Character ${position + 1} of the filter: ${detail}${detail.endsWith('?') ? '' : '.'}`, allowed)

export function tokensOf (text: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  for (;;) {
    while (text[i] === ' ' || text[i] === '\t') i++
    if (i >= text.length) return [...tokens, { kind: 'end', text: 'the end', at: text.length }]
    const [token, end] = tokenAt(text, i)
    tokens.push(token)
    i = end
  }
}

function tokenAt (text: string, i: number): [Token, number] {
  for (const [kind, form] of Object.entries(forms) as Array<[keyof typeof forms, RegExp]>) {
    form.lastIndex = i
    const found = form.exec(text)
    if (found === null) continue
    const end = form.lastIndex
    if (kind !== 'mark') requireEnd(text, i, end)
    return [token(kind, found, i), end]
  }
  if (text[i] === "'") throw misplaced('A text is not closed: it ends with a quote, and a quote inside it is written twice', i)
  throw misplaced(`${JSON.stringify(text[i])} does not belong into a filter`, i)
}

/** "1eq" and "2016-04-01T" are nothing. */
function requireEnd (text: string, i: number, end: number): void {
  ends.lastIndex = end
  if (!ends.test(text)) throw misplaced(`${JSON.stringify(text.slice(i, end + 1))} cannot be read`, i)
}

function token (kind: keyof typeof forms, found: RegExpExecArray, i: number): Token {
  const [text, day, clock, offset] = found
  if (kind === 'string') return { kind, value: day!.replaceAll("''", "'"), at: i }
  if (kind === 'word' && (text === 'NaN' || text === 'INF')) return { kind: 'number', value: text, at: i }
  if (kind === 'number') return { kind, value: numberOf(text, i), at: i }
  if (kind === 'date') return { kind, value: dayOf(text, i), at: i }
  if (kind === 'instant') return { kind, value: instantOf(dayOf(day!, i), clock!, offset!, i), at: i }
  return { kind, text, at: i }
}

function numberOf (text: string, i: number): string {
  const [digits = '', exponent = '0'] = text.split(/[eE]/)
  if (digits.length > mostDigits || Math.abs(Number(exponent)) > mostExponent) throw misplaced('The number is beyond what can be held', i)
  return text
}

function dayOf (text: string, i: number): string {
  // The calendar of the database goes from 1 BC to AD 1.
  if (!isDate(text) || text.startsWith('0000')) throw misplaced(`${text} is not a day of the calendar`, i)
  return text
}

const clockForm = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$/
const offsetForm = /^[-+](?:0\d|1[0-3]):[0-5]\d$|^[-+]14:00$/

function instantOf (day: string, clock: string, offset: string, i: number): string {
  const signed = offset.replace(' ', '+')
  if (!clockForm.test(clock) || !(signed === 'Z' || offsetForm.test(signed))) throw misplaced(`${day}T${clock}${signed} is not an instant`, i)
  if (/\.\d{6}\d*[1-9]/.test(clock)) throw misplaced('An instant has at most six decimals', i)
  return `${day}T${clock.replace(/(\.\d{6})0+/, '$1')}${signed}`
}
