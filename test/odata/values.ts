// The null semantics of OData 4.0 (URL Conventions, 5.1.1) in a few lines, written from the standard and not from the service: what
// a filter is worth for a row as it was read.
export type Row = Record<string, unknown>
export type Kind = 'string' | 'number' | 'boolean' | 'date' | 'instant'
export type Value = string | number | boolean | null

/** A piece of a filter: its text, how tightly it binds, and what it is worth. */
export interface Term { text: string, binds: number, of (row: Row): Value }

/** Instants as microseconds, so that the same moment is the same number. */
export function moment (text: string): number {
  const [, seconds, fraction = '', offset] = /^([^.Z+]*T[^.Z+-]*)(?:\.(\d+))?(.*)$/.exec(text)!
  return Date.parse(seconds! + offset!) * 1000 + Number(fraction.padEnd(6, '0'))
}

const points = (text: string) => [...text].map(one => one.codePointAt(0)!)

/** Texts by their characters, numbers by size, days and moments by time. */
function order (left: Value, right: Value): number {
  if (typeof left !== 'string' || typeof right !== 'string') return Number(left) - Number(right)
  const [a, b] = [points(left), points(right)]
  const differs = a.findIndex((point, i) => point !== b[i])
  return differs === -1 ? a.length - b.length : a[differs]! - (b[differs] ?? -1)
}

/** Two nulls are equal, and so neither greater nor less; one null is neither equal, greater nor less. None of it is ever null. */
export const compared: Record<string, (left: Value, right: Value) => boolean> = {
  eq: (left, right) => left === null || right === null ? left === right : order(left, right) === 0,
  ne: (left, right) => !compared.eq!(left, right),
  gt: (left, right) => left !== null && right !== null && order(left, right) > 0,
  lt: (left, right) => left !== null && right !== null && order(left, right) < 0,
  ge: (left, right) => compared.gt!(left, right) || compared.eq!(left, right),
  le: (left, right) => compared.lt!(left, right) || compared.eq!(left, right)
}

export const and = (left: Value, right: Value): Value => left === false || right === false ? false : left === null || right === null ? null : true
export const or = (left: Value, right: Value): Value => left === true || right === true ? true : left === null || right === null ? null : false
export const not = (of: Value): Value => of === null ? null : !(of as boolean)

/** A function of anything that is null is null. */
export const called = <A extends unknown[]>(says: (...args: A) => Value) =>
  (...args: Value[]): Value => args.includes(null) ? null : says(...args as A)

const half = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5)

/** White space as Unicode has it. */
const trimmed = (text: string) => text.replace(/^[\s\u0085]+|[\s\u0085]+$/gu, '')

interface Call { gives: Kind, takes: Kind[], says (...args: Value[]): Value }

const letters = (text: string) => [...text]
const dated = (value: Value) => typeof value === 'number' ? new Date(Math.floor(value / 1000)) : new Date(`${String(value)}T00:00:00Z`)

export const calls: Record<string, Call[]> = {
  contains: [{ gives: 'boolean', takes: ['string', 'string'], says: called((whole: string, part: string) => whole.includes(part)) }],
  startswith: [{ gives: 'boolean', takes: ['string', 'string'], says: called((whole: string, part: string) => whole.startsWith(part)) }],
  endswith: [{ gives: 'boolean', takes: ['string', 'string'], says: called((whole: string, part: string) => whole.endsWith(part)) }],
  length: [{ gives: 'number', takes: ['string'], says: called((text: string) => letters(text).length) }],
  indexof: [{
    gives: 'number',
    takes: ['string', 'string'],
    says: called((whole: string, part: string) => {
      const at = whole.indexOf(part)
      return at < 0 ? at : letters(whole.slice(0, at)).length
    })
  }],
  substring: [
    { gives: 'string', takes: ['string', 'number'], says: called((text: string, from: number) => letters(text).slice(from).join('')) },
    { gives: 'string', takes: ['string', 'number', 'number'], says: called((text: string, from: number, count: number) => letters(text).slice(from, from + count).join('')) }
  ],
  tolower: [{ gives: 'string', takes: ['string'], says: called((text: string) => text.toLowerCase()) }],
  toupper: [{ gives: 'string', takes: ['string'], says: called((text: string) => text.toUpperCase()) }],
  trim: [{ gives: 'string', takes: ['string'], says: called(trimmed) }],
  concat: [{ gives: 'string', takes: ['string', 'string'], says: called((a: string, b: string) => a + b) }],
  year: (['date', 'instant'] as const).map(kind => ({ gives: 'number', takes: [kind], says: called((value: Value) => dated(value).getUTCFullYear()) })),
  month: (['date', 'instant'] as const).map(kind => ({ gives: 'number', takes: [kind], says: called((value: Value) => dated(value).getUTCMonth() + 1) })),
  day: (['date', 'instant'] as const).map(kind => ({ gives: 'number', takes: [kind], says: called((value: Value) => dated(value).getUTCDate()) })),
  hour: [{ gives: 'number', takes: ['instant'], says: called((value: Value) => dated(value).getUTCHours()) }],
  minute: [{ gives: 'number', takes: ['instant'], says: called((value: Value) => dated(value).getUTCMinutes()) }],
  second: [{ gives: 'number', takes: ['instant'], says: called((value: Value) => dated(value).getUTCSeconds()) }],
  date: [{ gives: 'date', takes: ['instant'], says: called((value: Value) => dated(value).toISOString().slice(0, 10)) }],
  round: [{ gives: 'number', takes: ['number'], says: called(half) }],
  floor: [{ gives: 'number', takes: ['number'], says: called(Math.floor) }],
  ceiling: [{ gives: 'number', takes: ['number'], says: called(Math.ceil) }]
}
