// The functions that a filter may call: what they take, what they give, and how Postgres says them. All are null where an
// argument is.
import { sql, type RawBuilder } from 'kysely'
import type { Type } from './expression.js'

type Sql = RawBuilder<unknown>

export interface Signature { takes: ReadonlyArray<readonly Type[]>, optional?: number, gives: Type, says (...args: Sql[]): Sql }

const text = ['string'] as const
const number = ['number'] as const
const days = ['date', 'instant'] as const
const instant = ['instant'] as const

/** White space as Unicode has it. */
const blanks = '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'

/** A count of characters that Postgres takes, whatever number it is. */
const places = (count: Sql) => sql`least(greatest(trunc(${count}), 0), 1000000000)::integer`

/** Texts compare bytes, and so would know no letters but those of English. */
const lettered = (name: string) => (value: Sql) => sql`${sql.raw(name)}(${value} collate "default") collate "C"`

const utc = (value: Sql) => sql`(${value})::timestamptz at time zone 'UTC'`

/** Dates are read as the midnight that begins them. */
const part = (name: string) => (value: Sql) => sql`extract(${sql.raw(name)} from ${utc(value)})`

export const functions = new Map<string, Signature>(Object.entries({
  contains: { takes: [text, text], gives: 'boolean', says: (whole, sought) => sql`strpos(${whole}, ${sought}) > 0` },
  startswith: { takes: [text, text], gives: 'boolean', says: (whole, start) => sql`starts_with(${whole}, ${start})` },
  endswith: { takes: [text, text], gives: 'boolean', says: (whole, end) => sql`right(${whole}, length(${end})) = ${end}` },
  length: { takes: [text], gives: 'number', says: value => sql`length(${value})::numeric` },
  indexof: { takes: [text, text], gives: 'number', says: (whole, sought) => sql`(strpos(${whole}, ${sought}) - 1)::numeric` },
  substring: {
    takes: [text, number, number],
    optional: 1,
    gives: 'string',
    says: (whole, from, count) => count === undefined
      ? sql`substr(${whole}, ${places(from!)} + 1)`
      : sql`substr(${whole}, ${places(from!)} + 1, ${places(count)})`
  },
  tolower: { takes: [text], gives: 'string', says: lettered('lower') },
  toupper: { takes: [text], gives: 'string', says: lettered('upper') },
  trim: { takes: [text], gives: 'string', says: value => sql`btrim(${value}, ${blanks})` },
  concat: { takes: [text, text], gives: 'string', says: (first, second) => sql`(${first} || ${second})` },
  year: { takes: [days], gives: 'number', says: part('year') },
  month: { takes: [days], gives: 'number', says: part('month') },
  day: { takes: [days], gives: 'number', says: part('day') },
  hour: { takes: [instant], gives: 'number', says: part('hour') },
  minute: { takes: [instant], gives: 'number', says: part('minute') },
  second: { takes: [instant], gives: 'number', says: value => sql`trunc(${part('second')(value!)})` },
  date: { takes: [instant], gives: 'date', says: value => sql`(${utc(value!)})::date` },
  round: { takes: [number], gives: 'number', says: value => sql`round(${value})` },
  floor: { takes: [number], gives: 'number', says: value => sql`floor(${value})` },
  ceiling: { takes: [number], gives: 'number', says: value => sql`ceil(${value})` },
  now: { takes: [], gives: 'instant', says: () => sql`now()` }
} satisfies Record<string, Signature>))
