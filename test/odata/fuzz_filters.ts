// Texts that somebody might send as a filter: right ones, right ones with something wrong, words in any order, bytes, attempts to
// reach the database, depth and length.
import type { Dice } from '../support/random.js'
import { filtersOf, type Property } from './filters.js'

/** Stands in literals and names, and so may stand in no statement but as the value of a parameter. */
export const marker = 'zq7marker'

const words = [
  'eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in', 'and', 'or', 'not', '(', ')', ',', 'null', 'true', 'false', 'value', 'measure', 'deleted', 'period_start', 'last_changed_at', 'nothing', 'contains(',
  'length(', 'now()', 'round(', 'year(', "'a'", "''", "'it''s'", "'", '1', '-1', '1e5', '.5', '5.', 'INF', '-INF', 'NaN', '2016-04-01', '2016-04-01T00:00:00Z', '2016-13-01', '@a', '/', '.', ':', '-',
  'add', 'mul', 'has', 'any(', 'cast(', '$it', 'duration\'P1D\'', "X'00'", ';', '--', '/*', '*/', '"', '\\', '%27', '\u0000', '𝒳', 'é'
]

const attacks = [
  "' or '1'='1", "'; drop table sentinel; --", "'); delete from sentinel; --", "' union select secret_hash from keys --", "\\'; drop table sentinel; --", "' || pg_sleep(10) || '", '1; drop table sentinel',
  '1) or (1=1', 'value) or true --', '$$; drop table sentinel; $$', "E'\\x27; drop table sentinel'", "'/**/or/**/1=1", '\u02bc or 1=1 --', '＇; drop table sentinel; --', '%27%20or%201=1', "' and 1=cast((select secret_hash from keys limit 1) as int) --",
  "'\u0000'; drop table sentinel", '"; drop table sentinel; --', '$1', "' || $1 || '", 'pg_sleep(5)', 'version()', 'current_user', 'row', '{"a":1}', 'to_json(row)', "x'; copy sentinel to program 'true'; --"
]

export const sorts = ['right', 'damaged', 'words', 'bytes', 'attack', 'deep', 'long'] as const
export type Sort = typeof sorts[number]

export function fuzzOf (properties: Property[], rows: Array<Record<string, unknown>>, chance: Dice): () => { sort: Sort, text: string } {
  const { roll, once, pick } = chance
  const right = filtersOf(properties, rows, chance)
  const times = (count: number, make: () => string) => Array.from({ length: count }, make)
  const place = (text: string) => roll(text.length + 1)
  const letter = () => once(3) ? String.fromCharCode(roll(0x3000)) : pick([..."'()=;-, \\\"%_\t\n\u0000@/.0129aeE"])

  function damaged (text: string): string {
    const [a, b] = [place(text), place(text)].sort((x, y) => x - y) as [number, number]
    const part = text.slice(a, b)
    return pick([
      () => text.slice(0, a) + letter() + text.slice(a),
      () => text.slice(0, a) + text.slice(a + 1),
      () => text.slice(0, a) + letter() + text.slice(a + 1),
      () => text.slice(0, a),
      () => text.slice(0, a) + part + part + text.slice(b),
      () => text.slice(0, a) + text.slice(b),
      () => `${text} ${pick(words)}`,
      () => `${text}${pick([';', ' ;', ')', "'", ' --', '\u0000', ' x', ' and', '#', '&'])}`,
      () => `${pick(words)} ${text}`,
      () => text.slice(0, a) + pick(words) + text.slice(a),
      () => text.toUpperCase(),
      () => text.replaceAll(' ', ''),
      () => text.replaceAll("'", '"')
    ])()
  }

  function deep (): string {
    const [depth, core] = [1 + roll(400), right(0).text]
    return pick([
      () => `${'('.repeat(depth)}${core}${')'.repeat(depth)}`,
      () => `${'('.repeat(depth)}${core}`,
      () => `${'not '.repeat(depth)}deleted`,
      () => `${'not ('.repeat(depth)}${core}${')'.repeat(depth)}`,
      () => `${'tolower('.repeat(depth)}measure${')'.repeat(depth)} eq 'x'`,
      () => times(depth, () => core).join(pick([' and ', ' or '])),
      () => `measure in (${times(depth, () => `'${marker}'`).join(',')})`,
      () => `${'('.repeat(depth)}deleted${') eq true'.repeat(depth)}`
    ])()
  }

  const long = () => pick([
    () => `note eq '${pick(['x', "''", '😀', '%', '\\'])}${marker.repeat(1 + roll(1200))}'`,
    () => `value eq ${times(1 + roll(400), () => String(roll(10))).join('')}${once(2) ? `.${'9'.repeat(1 + roll(300))}` : ''}`,
    () => `value eq ${pick(['', '-'])}1e${pick(['', '-', '+'])}${roll(1000)}`,
    () => `value gt ${'9'.repeat(1 + roll(120))}e${roll(400)}`,
    () => `${'a'.repeat(1 + roll(9000))} eq 1`,
    () => `${' '.repeat(roll(9000))}deleted${' '.repeat(roll(200))}`,
    () => `last_changed_at gt ${pick(['0000', '0001', '9999', '10000', '2016'])}-${pick(['01', '12', '13', '00'])}-${pick(['01', '31', '32'])}T${pick(['00', '23', '24'])}:00:00.${'9'.repeat(1 + roll(14))}${pick(['Z', '+14:00', '-14:00', '+99:99', ''])}`,
    () => `${pick(['year', 'month', 'date', 'second'])}(${pick(['last_changed_at', '9999-12-31T23:59:59-14:00', '0001-01-01T00:00:00+14:00', 'period_start'])}) eq ${pick(['10000', '0', '0001-01-01', '1e300'])}`,
    () => `substring(note,${pick(['-1', '1e300', '99999999999', '0.5', 'INF', 'NaN', 'value'])}${pick(['', ',-1', ',1e300', ',INF'])}) eq ''`,
    () => `${pick(['round', 'floor', 'ceiling'])}(${pick(['1e308', '-1e-308', 'INF', 'NaN', 'value', 'length(note)'])}) ${pick(['eq', 'lt'])} ${pick(['value', '1e308', 'NaN'])}`
  ])()

  const attack = () => {
    const text = pick(attacks)
    return pick([
      () => text, () => `measure eq '${text.replaceAll("'", "''")}${marker}'`, () => `measure eq '${text}'`, () => `measure eq ${text}`, () => `${text} eq 1`, () => `contains(note,'${text.replaceAll("'", "''")}')`,
      () => `value eq ${text}`, () => `${right(1).text} ${text}`, () => `measure in ('a','${text}')`, () => `${marker} eq '${text.replaceAll("'", "''")}'`
    ])()
  }

  const ways: Array<[Sort, () => string]> = [
    ['right', () => right().text],
    ['damaged', () => damaged(right().text)],
    ['damaged', () => damaged(damaged(right(2).text))],
    ['words', () => times(1 + roll(14), () => pick(words)).join(once(4) ? '' : ' ')],
    ['bytes', () => Buffer.from(times(1 + roll(60), () => String.fromCharCode(roll(256))).join(''), 'latin1').toString(once(2) ? 'utf8' : 'latin1')],
    ['attack', attack],
    ['deep', deep],
    ['long', long]
  ]
  return () => {
    const [sort, make] = pick(ways)
    return { sort, text: make() }
  }
}
