// What the database is asked for a filter. A value in ‹› is a parameter; what a condition finds, semantics.test.ts tells with rows.
import fc from 'fast-check'
import t from 'tap'
import { asked } from './columns.js'

const shown = (filter: string) => {
  const { sql, parameters } = asked(filter)
  return sql.replace(/\$(\d+)/g, (_, n: string) => `‹${String(parameters[Number(n) - 1])}›`)
}

function table (name: string, rows: Record<string, string>) {
  return t.test(name, async t => {
    for (const [filter, condition] of Object.entries(rows)) t.equal(shown(filter), condition, filter)
  })
}

await table('a value is a parameter with the type of what it is compared with', {
  "measure eq 'a'": '("measure" = ‹a›::text)',
  "'a' eq measure": '("measure" = ‹a›::text)',
  'value eq 1.50': '("value" = ‹1.50›::numeric)',
  'value lt -INF': '("value" < ‹-Infinity›::numeric)',
  'period_start eq 2016-04-01': '("period_start" = ‹2016-04-01›::date)',
  'last_changed_at eq 2016-04-01T12:00:00Z': '("last_changed_at" = ‹2016-04-01T12:00:00Z›::timestamptz)',
  'deleted eq false': '("deleted" = false)',
  "note eq 'INF'": '("note" = ‹INF›::text)'
})

await table('what is found by another column is asked of that one', {
  "id eq 'a'": '(key = ‹A›)',
  "id in ('a','b')": '(key = ‹A› or key = ‹B›)',
  "id ne 'a'": '(("id" collate "C") is distinct from ‹a›::text)',
  "id gt 'a'": '(("id" collate "C") collate "C" > ‹a›::text collate "C")',
  'id eq null': '(("id" collate "C") is  null)',
  'id eq measure': '(("id" collate "C") is not distinct from ("measure" collate "C"))'
})

await table('eq and ne are never null: two empty cells are equal, one is unequal to every value', {
  'value eq null': '("value" is  null)',
  'null eq value': '("value" is  null)',
  'value ne null': '("value" is not null)',
  'null ne value': '("value" is not null)',
  'null eq null': '(true)',
  'null ne null': '(false)',
  'value ne 5': '("value" is distinct from ‹5›::numeric)',
  'value eq rank_of': '("value" is not distinct from "rank_of")',
  'round(value) eq floor(value)': '((round("value")) is not distinct from (floor("value")))',
  'round(value) eq 5': '((round("value")) = ‹5›::numeric)',
  '5 eq round(value)': '(‹5›::numeric = (round("value")))',
  'value eq round(rank_of)': '("value" is not distinct from (round("rank_of")))'
})

await table('nothing is less or greater than an empty cell, but ge and le hold of two', {
  'value gt 5': '("value" > ‹5›::numeric)',
  'value ge 5': '("value" >= ‹5›::numeric)',
  '5 le value': '(‹5›::numeric <= "value")',
  'value lt rank_of': '("value" < "rank_of")',
  'value ge rank_of': '("value" >= "rank_of" or ("value" is null and "rank_of" is null))',
  'value le rank_of': '("value" <= "rank_of" or ("value" is null and "rank_of" is null))',
  'value gt null': '(false)',
  'null lt value': '(false)',
  'value ge null': '("value" is  null)',
  'null le value': '("value" is  null)',
  'null ge null': '(true)'
})

await table('no number is equal to NaN, nor less or greater', {
  'value eq NaN': '(false)',
  'NaN ne value': '(true)',
  'value ne NaN': '(true)',
  'value gt NaN': '(false)',
  'NaN le value': '(false)',
  'NaN eq NaN': '(false)',
  "measure eq 'NaN'": '("measure" = ‹NaN›::text)'
})

await table('texts are ordered by their characters', {
  "note gt 'a'": '(("note" collate "C") collate "C" > ‹a›::text collate "C")',
  "'b' le note": '(‹b›::text collate "C" <= ("note" collate "C") collate "C")'
})

await table('conditions join as they are; under not and where they are compared null is told from false', {
  deleted: '("deleted")',
  true: 'true',
  false: 'false',
  null: 'null::boolean',
  'deleted and value gt 5 or null': '((("deleted") and ("value" > ‹5›::numeric)) or null::boolean)',
  'not deleted': '(not ("deleted"))',
  'not (value gt 5)': '(not (("value" > ‹5›::numeric) is true))',
  "not measure in ('a')": '(not (("measure" = ‹a›::text) is true))',
  'not (value gt 5 and deleted)': '(not ((("value" > ‹5›::numeric) is true) and ("deleted")))',
  'not not (value gt 5)': '(not (not (("value" > ‹5›::numeric) is true)))',
  '(value gt 5) eq true': '((("value" > ‹5›::numeric) is true) = true)',
  '(value gt 5) eq null': '((("value" > ‹5›::numeric) is true) is  null)',
  "contains(note,'x') eq null": '((strpos(("note" collate "C"), ‹x›::text) > 0) is  null)',
  'deleted ne true': '("deleted" is distinct from true)'
})

await table('a list is one comparison after the other', {
  "measure in ('a','b')": '("measure" = ‹a›::text or "measure" = ‹b›::text)',
  'value in (1,null,NaN)': '("value" = ‹1›::numeric or "value" is  null or false)'
})

await table('a function is the one of the database, and null in it has the type of its place', {
  "contains(note,'x')": '((strpos(("note" collate "C"), ‹x›::text) > 0))',
  "startswith(note,'x')": '((starts_with(("note" collate "C"), ‹x›::text)))',
  "endswith(note,'x')": '((right(("note" collate "C"), length(‹x›::text)) = ‹x›::text))',
  'contains(note,null)': '((strpos(("note" collate "C"), ‹null›::text) > 0))',
  'length(note) gt 1': '((length(("note" collate "C"))::numeric) > ‹1›::numeric)',
  "indexof(note,'x') ne 0": '(((strpos(("note" collate "C"), ‹x›::text) - 1)::numeric) is distinct from ‹0›::numeric)',
  "substring(note,1) eq ''": '((substr(("note" collate "C"), least(greatest(trunc(‹1›::numeric), 0), 1000000000)::integer + 1)) = ‹›::text)',
  "substring(note,1,null) eq ''": '((substr(("note" collate "C"), least(greatest(trunc(‹1›::numeric), 0), 1000000000)::integer + 1, least(greatest(trunc(‹null›::numeric), 0), 1000000000)::integer)) = ‹›::text)',
  "tolower(note) eq 'é'": '((lower(("note" collate "C") collate "default") collate "C") = ‹é›::text)',
  "toupper(note) eq 'É'": '((upper(("note" collate "C") collate "default") collate "C") = ‹É›::text)',
  "concat(note,'b') eq 'ab'": '(((("note" collate "C") || ‹b›::text)) = ‹ab›::text)',
  'year(period_start) eq 2016': '((extract(year from ("period_start")::timestamptz at time zone \'UTC\')) = ‹2016›::numeric)',
  'month(null) eq 4': '((extract(month from (‹null›::date)::timestamptz at time zone \'UTC\')) = ‹4›::numeric)',
  'day(last_changed_at) eq 1': '((extract(day from ("last_changed_at")::timestamptz at time zone \'UTC\')) = ‹1›::numeric)',
  'hour(last_changed_at) eq 1': '((extract(hour from ("last_changed_at")::timestamptz at time zone \'UTC\')) = ‹1›::numeric)',
  'minute(last_changed_at) eq 1': '((extract(minute from ("last_changed_at")::timestamptz at time zone \'UTC\')) = ‹1›::numeric)',
  'second(last_changed_at) eq 1': '((trunc(extract(second from ("last_changed_at")::timestamptz at time zone \'UTC\'))) = ‹1›::numeric)',
  'date(last_changed_at) eq 2016-04-01': '(((("last_changed_at")::timestamptz at time zone \'UTC\')::date) = ‹2016-04-01›::date)',
  'ceiling(value) lt floor(value)': '((ceil("value")) < (floor("value")))',
  'last_changed_at le now()': '("last_changed_at" <= (now()) or ("last_changed_at" is null and (now()) is null))'
})

await t.test('trim takes off what Unicode calls white space', async t => {
  const { sql, parameters } = asked("trim(note) eq 'x'")
  t.equal(sql, '((btrim(("note" collate "C"), $1)) = $2::text)')
  const blanks = Array.from({ length: 0x10000 }, (_, point) => String.fromCharCode(point)).filter(one => /[\s\u0085]/u.test(one))
  t.same([...parameters[0] as string].sort(), blanks.sort())
})

await t.test('whatever a value is, it stands in no statement', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), text => {
    const quoted = `'${text.replaceAll("'", "''")}'`
    const filter = (value: string) => asked(`measure eq ${value} or contains(note,${value}) or id in (${value},'b') or tolower(${value}) lt note`)
    const [one, other] = [filter(quoted), filter("'a'")]
    return one.sql === other.sql && one.parameters.filter(value => value === text).length >= 3
  }))
})
