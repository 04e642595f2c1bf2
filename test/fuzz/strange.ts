// What nobody should send and somebody will: values, path segments, headers and bodies that are wrong in as many ways as there are.
import fc from 'fast-check'
import type { Dice } from '../support/random.js'

/** Values of the wrong type, size or alphabet, as JSON text; some of them no JavaScript has. */
const values = [
  'null', '{}', '[]', '""', 'true', '-0', '1e999', '-1e308', '9007199254740993', '0.1234567890123456789', '999999999999999', '1e15', '1e-400', '123456789012345678901234567890',
  '"1"', '"null"', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00x"', '"\\u202e\\u200b"', '"\\ufeff"', '"😀"', '"Ä"', '"2017-02-30"', '"2017-02-29T25:00:00Z"',
  '"0000-00-00"', '"9999-12-31"', '"0001-01-01"', '"+275760-09-13"', '"%00"', '"\\\\N"', '"\'; drop table plans; --"', '"=1+1"', '"../.."', '"__proto__"', '[null]', '[[]]', '{"":""}',
  '{"__proto__": {"role": "admin"}}', '{"constructor": 1}', '{"$ref": "#"}'
]

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)

const segments = [
  '..', '.', '%2e%2e', '%2F', 'a%2Fb', '%00', 'a%00', '%', '%zz', '%C3', '%ED%A0%80', '%F0%9F%98%80', 'Ü'.normalize('NFD'), '%C3%9C', '%20', '+', '%25', '%5C', '%3F', ';a=b', '~', '-a', '.a', '_a', '*',
  'null', 'undefined', '__proto__', 'constructor', '%27', '%22', '0', '-1', 'x'.repeat(80), 'x'.repeat(81), 'x'.repeat(200), 'x'.repeat(201), '%C3%9C'.repeat(60), 'x'.repeat(3000), ''
].map(one => [...one].map(letter => letter > '~' ? encodeURIComponent(letter) : letter).join(''))

const headers: Array<Record<string, string>> = [
  { 'if-match': '*' }, { 'if-match': 'W/"1"' }, { 'if-match': '"1", "2"' }, { 'if-match': '1' }, { 'if-match': '""' }, { 'if-match': '"' }, { 'if-match': '"99999999999999999999"' }, { 'if-match': 'x'.repeat(2001) },
  { 'if-none-match': '*' }, { 'if-none-match': '"1"' }, { 'if-none-match': ',,,' }, { 'if-none-match': 'W/"1", "é"' },
  { 'if-match': '*', 'if-none-match': '*' },
  { 'idempotency-key': 'short' }, { 'idempotency-key': 'x'.repeat(256) }, { 'idempotency-key': 'with a space in the key' }, { 'idempotency-key': 'é'.repeat(20) },
  { accept: 'image/png' }, { accept: '*/*;q=0' }, { accept: 'text/csv;q=0.1, */*;q=bad' }, { accept: ',' }, { accept: '' }, { accept: 'application/json;v=9' }, { accept: 'text/*' },
  { 'content-type': 'text/plain' }, { 'content-type': 'application/json; charset=utf-16' }, { 'content-type': 'nonsense' }, { 'content-type': '' }, { 'content-type': 'application/merge-patch+json' },
  { 'content-type': 'multipart/form-data' }, { 'content-type': 'text/csv' }, { 'content-type': 'application/x-ndjson' }, { 'content-encoding': 'gzip' }, { 'content-encoding': 'zstd' },
  { authorization: 'Bearer' }, { authorization: 'Bearer ot_live_x_y' }, { authorization: 'Basic !!!' }, { authorization: 'Basic Og==' }, { authorization: 'Digest a=b' }, { authorization: '' }, { authorization: 'Bearer ' + 'x'.repeat(4000) },
  { 'x-request-id': '\t' }, { 'x-request-id': 'é' }, { 'x-request-id': 'x'.repeat(129) }, { range: 'bytes=0-1' }, { 'x-forwarded-host': 'evil.example' }, { host: 'evil.example' }, { 'accept-language': '*' },
  { traceparent: '00-0-0-0' }, { 'x-http-method-override': 'DELETE' }, { cookie: 'a=b; a=c' }, { origin: 'null' }
]

export function strangeOf (dice: Dice, seed: number) {
  const wild = [
    ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { seed, numRuns: 300 }), ...fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }), { seed, numRuns: 200 }),
    ...fc.sample(fc.json({ maxDepth: 4 }), { seed, numRuns: 200 })
  ]
  const value = (longest = 300): string => dice.once(3) ? JSON.stringify(dice.pick(wild)) : dice.once(12) ? JSON.stringify('x'.repeat(longest + 1)) : dice.once(40) ? deep('[', ']', 500) : dice.pick(values)

  /** The bytes of a body damaged, where it has one. */
  function damaged (text: string): string | Buffer {
    const at = dice.roll(text.length + 1)
    return dice.pick<() => string | Buffer>([
      () => text.slice(0, at),
      () => `${text.slice(0, at)}${dice.pick(['\u0000', '}', '"', ',', '\\', 'é', '\ud800', '\n', '1'])}${text.slice(at)}`,
      () => `\ufeff${text}`,
      () => `${text}${text}`,
      () => Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from(text.slice(at))]),
      () => Buffer.from(text, 'utf16le'),
      () => '',
      () => ' ',
      () => dice.pick(values),
      () => deep('{"a":', '}', 2000),
      () => deep('[', ']', 20_000),
      () => `{"title":${'9'.repeat(400)}}`,
      () => dice.pick(wild)
    ])()
  }

  const percent = (text: string) => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))
  return {
    value,
    damaged,
    text: () => dice.pick(wild),
    segment: () => dice.once(3) ? percent(dice.pick(wild)) : dice.pick(segments),
    /** A value of a query parameter, encoded. */
    queried: () => dice.once(3) ? percent(dice.pick(wild)) : dice.once(2) ? percent(dice.pick(values)) : dice.pick(segments),
    headers: () => dice.pick(headers)
  }
}
