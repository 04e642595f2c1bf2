// What may be asked of the feed, and what it says to what it does not do. Nothing is passed over in silence.
import t from 'tap'
import { markOf, writeCursor } from '../../src/db/keyset.js'
import { start } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { deliver, row } from '../resources/figures.js'
import { feedOf } from './feed.js'

const mashup = {
  'user-agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
  'odata-maxversion': '4.0',
  maxdataserviceversion: '3.0',
  accept: 'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7'
}

await t.test('questions to the feed', async t => {
  const started = await start(t)
  const { admin, connection } = started
  await makePlan(admin)
  await makeMeasure(admin, 'counted', { unit: 'count' })
  await deliver(admin, [
    row('recycling-rate', 'FY2014', { value: 40.5, note: "O'Neill\tsaid: 100% \\ fine", status: 'final' }),
    row('recycling-rate', 'FY2015', { value: 41, numerator: 41, denominator: 100 }),
    row('recycling-rate', 'FY2016', { missing: 'tbc' }),
    row('counted', 'FY2015', { value: 0.0000001 }),
    row('counted', 'FY2016', { value: 123456789012345, note: 'Größer – ✓ "quoted"' }),
    row('counted', 'FY2017', { value: -3 })
  ])
  await deliver(admin, [row('counted', 'FY2017', { deleted: true })])
  const feed = feedOf(started)
  const periods = async ($filter: string, more = {}) => (await feed.get('Datapoints', { $filter, ...more })).rows.map(({ measure, period }) => `${(measure as string)[0]!} ${period as string}`)

  await t.test('by a filter find the rows that it is true of', async t => {
    const cases: Array<[filter: string, found: string[]]> = [
      ["measure eq 'recycling-rate'", ['r FY2014', 'r FY2015', 'r FY2016']],
      ['value gt 40.5', ['c FY2016', 'r FY2015']],
      ['value eq 1e-7', ['c FY2015']],
      ['40.5 eq value', ['r FY2014']],
      ['value eq null', ['c FY2017', 'r FY2016']],
      ['value ne null and deleted eq false', ['c FY2015', 'c FY2016', 'r FY2014', 'r FY2015']],
      ['value ne 41', ['c FY2015', 'c FY2016', 'c FY2017', 'r FY2014', 'r FY2016']],
      ['not (value gt 0)', ['c FY2017', 'r FY2016']],
      ["note eq 'O''Neill\tsaid: 100% \\ fine'", ['r FY2014']],
      ["contains(note,'%')", ['r FY2014']],
      ["startswith(note,'Gr') or endswith(note,'fine')", ['c FY2016', 'r FY2014']],
      ["not contains(note,'zzz')", ['c FY2016', 'r FY2014']],
      ["contains(note,'zzz') eq null and measure eq 'counted'", ['c FY2015', 'c FY2017']],
      ["period in ('FY2014', 'FY2017')", ['c FY2017', 'r FY2014']],
      ["missing in ('tbc',null) and value eq null", ['c FY2017', 'r FY2016']],
      ["tolower(note) eq 'größer – ✓ \"quoted\"'", ['c FY2016']],
      ["length(note) gt 25 or indexof(note,'Neill') eq 2", ['r FY2014']],
      ["substring(measure,0,5) eq 'count' and substring(period,2) ge '2016'", ['c FY2016', 'c FY2017']],
      ["concat(measure,concat('/',period)) eq 'counted/FY2016'", ['c FY2016']],
      ['period_start ge 2016-04-01', ['c FY2016', 'c FY2017', 'r FY2016']],
      ['period_start_at ge 2015-04-01T00:00:00+00:00 and period_start_at lt 2016-04-01T01:00:00%2B01:00'.replace('%2B', '+'), ['c FY2015', 'r FY2015']],
      ['year(period_start) eq 2014 and month(period_start) eq 4 and day(period_start) eq 1', ['r FY2014']],
      ['date(period_start_at) eq 2014-04-01', ['r FY2014']],
      ['last_changed_at le now() and round(value) eq 41 and floor(value) eq 41 and ceiling(value) eq 41', ['r FY2015']],
      ['deleted', ['c FY2017']],
      ['value eq NaN or value gt INF', []],
      ['value lt INF and value gt -INF and deleted ne true', ['c FY2015', 'c FY2016', 'r FY2014', 'r FY2015']],
      ['(numerator eq denominator) eq true', ['c FY2015', 'c FY2016', 'c FY2017', 'r FY2014', 'r FY2016']],
      ["id eq 'counted~E06000018~FY2016~level'", ['c FY2016']]
    ]
    for (const [filter, found] of cases) t.same(await periods(filter), found, filter)
  })

  await t.test('take values of a filter from aliases', async t => {
    t.same(await periods('measure eq @m and period eq @p', { '@m': "'counted'", '@p': "'FY2016'" }), ['c FY2016'])
    t.match(await feed.get('Datapoints', { $filter: 'measure eq @m' }), { status: 400, message: /gives @m no value/ })
    t.match(await feed.get('Datapoints', { '@m': "'counted'" }), { status: 400, message: /@m is not used/ })
  })

  await t.test('that cannot be understood are refused with the place and what to write', async t => {
    const cases: Array<[filter: string, message: RegExp]> = [
      ['valu gt 3', /Character 1 .*no property 'valu'; did you mean 'value'\?/],
      ["value gt '3'", /a number cannot be compared with a text/],
      ['measure eq counted', /no property 'counted'/],
      ['period_start ge 2016-04-01T00:00:00Z', /a date cannot be compared with an instant; a date is written 2016-04-01/],
      ['last_changed_at ge 2016-04-01', /an instant is written 2016-04-01T00:00:00Z/],
      ['period_start ge 2016-02-30', /2016-02-30 is not a day/],
      ['last_changed_at gt 0000-01-01T00:00:00Z', /Character 20 .*0000-01-01 is not a day/],
      ['last_changed_at ge 2016-04-01T25:00:00Z', /is not an instant/],
      ["measure eq 'counted", /Character 12 .*not closed/],
      ["measure eq 'counted'; drop table figures", /Character 12 .*"'counted';" cannot be read/],
      ["measure eq 'counted' ; drop table figures", /Character 22 .*";" does not belong/],
      ["measure eq 'counted' 'x'", /there is the value x/],
      ["measure eq 'counted' and", /but the filter ends/],
      ['(value gt 3', /'\)' was expected, but the filter ends/],
      ['value', /A condition is needed/],
      ["not measure eq 'x'", /put the condition in brackets/],
      ['contains(note)', /contains takes 2 arguments, and was given 1/],
      ['contains(value,3)', /Argument 1 of contains is a text, not a number/],
      ['deleted gt false', /compared with eq or ne/],
      ["measure in ('a', note)", /In the list of 'in' stand values/],
      ['value eq 5M', /"5M" cannot be read/],
      ['value eq 1e999', /beyond what can be held/],
      ['', /but the filter ends/],
      [`${'('.repeat(60)}deleted${')'.repeat(60)}`, /at most 50 brackets/],
      [Array.from({ length: 200 }, () => 'deleted eq true').join(' or '), /at most 500 parts/],
      [`note eq '${'x'.repeat(8200)}'`, /at most 8192 characters/],
      [`period in (${Array.from({ length: 201 }, () => "'a'").join(',')})`, /at most 200 values/]
    ]
    for (const [$filter, message] of cases) t.match(await feed.get('Datapoints', { $filter }), { status: 400, code: 'invalid_input', message, body: { error: { target: '$filter' } } }, $filter.slice(0, 60))
  })

  await t.test('for what the standard has and the feed does not are refused by name', async t => {
    for (const name of ['$expand', '$search', '$apply', '$compute', '$levels', '$deltatoken', '$schemaversion']) {
      t.match(await feed.get('Datapoints', { [name]: 'x' }), { status: 501, code: 'not_implemented', message: new RegExp(`\\${name} is not supported`) }, name)
    }
    for (const [filter, name] of [['value add 1 gt 2', 'add'], ["cast(value,'Edm.String') eq 'x'", 'cast'], ['-value gt 3', 'minus'], ["note/any(a:a eq 'x')", 'flat'], ['geo.distance(a,b) gt 1', 'flat'], ["note has 'z'", 'has']] as const) {
      t.match(await feed.get('Datapoints', { $filter: filter }), { status: 501, message: new RegExp(name) }, filter)
    }
    for (const path of ['$batch', '$crossjoin(A,B)', '$all', '$entity', 'Datapoints/$ref', "Datapoints('x')/$ref"]) t.match(await feed.get(path), { status: 501 }, path)
    t.match(await feed.get('Datapoints', { $orderby: 'length(note)' }), { status: 501 })
    t.match(await feed.get('Datapoints', { $select: 'measure/title' }), { status: 501 })
  })

  await t.test('with an option that is unknown, stands twice or has no place are refused', async t => {
    const cases: Array<[query: string, message: RegExp]> = [
      ['filter=deleted', /no option 'filter'; did you mean \$filter/], ['$filtre=x', /did you mean \$filter/], ['x=1', /no option 'x'/],
      ['$top=1&$top=2', /twice/], ['$top=-1', /whole number/], ['$top=1.5', /whole number/], ['$skip=x', /whole number/], ['$count=yes', /true or false/],
      ['$orderby=measure,measure', /twice/], ['$orderby=measure up', /not the name of a property/], ['$orderby=mesure', /did you mean 'measure'/],
      ['$select=mesure', /did you mean 'measure'/], ['$select=', /no property ''/], ['$filter=%zz', /not percent-encoded/], ['$skiptoken=abc', /cursor/]
    ]
    for (const [query, message] of cases) t.match(await feed.send('GET', `/odata/v1/Datapoints?${query}`), { status: query.startsWith('$skiptoken') ? 410 : 400, message }, query)
    t.match(await feed.get('Datapoints/$count', { $top: 1 }), { status: 400, message: /\$top means nothing at this address/ })
    t.match(await feed.get('', { $top: 1 }), { status: 400 })
    t.match(await feed.get('$metadata', { $format: 'json' }), { status: 406 })
  })

  await t.test('to addresses that are none are told what there is', async t => {
    t.match(await feed.get('Datapoint'), { status: 404, message: /did you mean 'Datapoints'\?/ })
    for (const path of ['Datapoints/x', "Datapoints('x')/y", "Datapoints('x')", 'Datapoints/$count/x', 'datapoints', "Datapoints('x')/value/$value/x"]) t.match(await feed.get(path), { status: 404 }, path)
    t.match(await feed.get('Targets(\'x\')'), { status: 400, message: /Targets\(measure='…',code='…'\)/ })
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) t.match(await feed.send(method, '/odata/v1/Datapoints'), { status: 405, headers: { allow: 'GET, HEAD' } }, method)
    t.match(await feed.send('POST', '/odata/v1/$batch', { 'content-type': 'multipart/mixed; boundary=b' }, '--b--'), { status: 405 })
  })

  await t.test('for one row, one property or its bare value are answered', async t => {
    const id = "Datapoints('recycling-rate~E06000018~FY2014~level')"
    t.match(await feed.get(id, { $select: 'value,note' }), { status: 200, body: { '@odata.context': /\$metadata#Datapoints\(value,note\)\/\$entity$/, value: 40.5, note: "O'Neill\tsaid: 100% \\ fine" } })
    t.match(await feed.get(`${id}/value`), { status: 200, body: { '@odata.context': /\$metadata#Datapoints\('.*'\)\/value$/, value: 40.5 } })
    t.match(await feed.get(`${id}/value/$value`), { status: 200, text: '40.5', headers: { 'content-type': 'text/plain; charset=utf-8' } })
    t.match(await feed.get(`${id}/missing`), { status: 204, text: '' })
    t.match(await feed.get("PlanMeasures(plan='plan-a',code='line-1')/measure"), { body: { value: 'recycling-rate' } })
    t.match(await feed.get("Plans(code='plan-a')"), { body: { title: 'Plan A' } })
    t.match(await feed.get("Plans('plan-a''')"), { status: 404 })
  })

  await t.test('are counted, in text where only the number is asked for', async t => {
    t.match(await feed.get('Datapoints/$count', { $filter: 'value gt 0' }, mashup), { status: 200, text: '4', headers: { 'content-type': 'text/plain' } })
    t.match(await feed.get('Datapoints', { $count: true, $top: 2, $filter: 'value gt 0' }), { body: { '@odata.count': 4, value: { length: 2 } } })
    t.match(await feed.get('Datapoints', { $top: 0, $count: true }), { body: { '@odata.count': 6, value: [] } })
  })

  await t.test('in pages get every row once, in any order, and as many as were asked for', async t => {
    const whole = (await feed.get('Datapoints')).rows
    for (const $orderby of ['', 'value', 'value desc', 'note desc,value', 'missing,value desc,period', 'deleted desc,note', 'period_start desc,measure', 'id desc']) {
      const options: Record<string, string> = $orderby === '' ? {} : { $orderby }
      const once = (await feed.get('Datapoints', options)).rows
      t.same(new Set(once.map(({ id }) => id)), new Set(whole.map(({ id }) => id)))
      for (const size of [1, 2, 4]) t.same(await feed.walk('Datapoints', options, size), once, `${$orderby} by ${size}`)
      t.same(await feed.walk('Datapoints', { ...options, $top: 4, $skip: 1 }, 2), once.slice(1, 5), `four of ${$orderby}`)
    }
    const values = (await feed.get('Datapoints', { $orderby: 'value' })).rows.map(({ value }) => value)
    t.same(values, [null, null, 1e-7, 40.5, 41, 123456789012345], 'null comes first')
    t.equal((await feed.get('Datapoints', { $top: 2 }, { prefer: 'odata.maxpagesize=2' })).next, undefined, 'no link where all that was asked for is there')
    t.match((await feed.get('Datapoints', {}, { prefer: 'odata.maxpagesize=2' })).headers, { 'preference-applied': 'odata.maxpagesize=2' })
    t.match((await feed.get('Datapoints', {}, { prefer: 'maxpagesize=99999' })).headers, { 'preference-applied': 'odata.maxpagesize=10000' })
  })

  await t.test('by a link to a next page are bound to the walk that it belongs to', async t => {
    const { next } = await feed.get('Datapoints', { $filter: 'value gt 0' }, { prefer: 'odata.maxpagesize=1' })
    const url = new URL(next!)
    const changed = (from: string, to: string) => url.pathname + decodeURIComponent(url.search).replace(from, to).replaceAll(' ', '%20')
    t.match(await feed.send('GET', url.pathname + url.search), { status: 200, rows: { length: 3 } })
    t.match(await feed.send('GET', changed('value gt 0', 'value gt 1')), { status: 410, code: 'expired_cursor' })
    t.match(await feed.send('GET', changed('Datapoints', 'Series').replace('/Datapoints', '/Measures')), { status: 400 })
    t.match(await feed.send('GET', `${url.pathname}${url.search}&$top=5`), { status: 400, message: /without \$top and \$skip/ })
  })

  await t.test('by a link that somebody made up are refused', async t => {
    const mark = markOf('odata', 'Datapoints', [])
    const key = ['counted', 'E06000018', '', 'level', '', '', '2016-03-31', '2015-04-01', 'financial_year', 'FY2015']
    const ask = (cursor: string[]) => feed.get('Datapoints', { $skiptoken: writeCursor(mark, cursor) })
    t.match(await ask(['', ...key]), { status: 200, rows: { length: 5 } }, 'this is how one is made')
    t.match(await ask(['', ...key.with(6, 'some day')]), { status: 400 })
    for (const bad of [['', ...key.slice(1)], ['-1', ...key], ['x', ...key], [], key]) t.match(await ask(bad), { status: 410, code: 'expired_cursor' }, bad.join())
  })

  await t.test('as Power Query sends them are answered in the one form that it reads', async t => {
    const answer = await feed.get('Datapoints', { $filter: 'period_start_at ge 2014-04-01T00:00:00+00:00', $top: 1000 }, mashup)
    t.match(answer, { status: 200, headers: { 'content-type': 'application/json;odata.metadata=minimal', 'odata-version': '4.0' }, rows: { length: 6 } })
    t.match(await feed.send('GET', '/odata/v1/Datapoints?%24filter=period_start_at+ge+2015-04-01T00:00:00+01:00&%24top=1000', mashup), { status: 200, rows: { length: 5 } })
    t.match(await feed.get('$metadata', {}, mashup), { status: 200, headers: { 'content-type': 'application/xml' } })
    for (const root of ['/odata/v1', '/odata/v1/']) t.match(await feed.send('GET', root, mashup), { status: 200, body: { value: { length: 13 } } })
    t.match(await feed.get('Datapoints', {}, { 'odata-maxversion': '3.0' }), { status: 400, message: /OData 4.0/ })
    t.match(await feed.get('Datapoints', {}, { accept: 'application/atom+xml' }), { status: 406 })
    t.match(await feed.get('Datapoints', { $format: 'atom' }), { status: 406 })
    t.match(await feed.get('Datapoints', { $top: 1 }, { accept: 'application/json;odata.metadata=full' }), { status: 406 })
  })

  await t.test('for decimals as text get them so, exactly', async t => {
    const asked = { accept: 'application/json;IEEE754Compatible=true' }
    const { rows, headers } = await feed.get('Datapoints', { $filter: "measure eq 'counted'", $select: 'value,revision' }, asked)
    t.same(rows, [{ value: '0.0000001', revision: 1 }, { value: '123456789012345', revision: 1 }, { value: null, revision: 2 }])
    t.equal(headers['content-type'], 'application/json;odata.metadata=minimal;IEEE754Compatible=true')
    t.same((await feed.get('Datapoints', { $top: 1, $select: 'period', $format: 'application/json;odata.metadata=none' })).body, { value: [{ period: 'FY2015' }] })
  })

  await t.test('leave everything as it is', async t => {
    const { rows } = await connection.pool.query('select count(*)::int as figures from figures')
    t.same(rows, [{ figures: 6 }])
    t.match(await feedOf(started, 'wrong').get('Datapoints'), { status: 401, code: 'unauthenticated' })
  })
})
