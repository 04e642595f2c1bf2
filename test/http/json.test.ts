// Bodies, addresses and headers as strange as clients send them: read exactly, or refused with a reason; never a 500.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'

await t.test('strict input', async t => {
  const { admin, app, anonymous } = await start(t)
  await makeMeasure(admin)
  const json = { 'content-type': 'application/json' }
  const put = (text: string | Buffer, headers: Record<string, string> = json) => admin.send('PUT', '/v1/organisations/strict', text, { headers })
  const body = (title: string) => `{"title":${title},"kind":"other"}`

  await t.test('a byte order mark before JSON is taken for what it is', async t => {
    t.match(await put(`\uFEFF${body('"BOM"')}`), { status: 201, body: { title: 'BOM' } })
  })

  await t.test('what is not JSON is refused', async t => {
    for (const text of ['', ' ', '{', '{"title":}', "{'title':'x'}", '{"title":"x",}', 'null x', '{"title": NaN}', '\uFEFF\uFEFF{}', '[1', '{"a":1}{"b":2}']) t.match(await put(text), { status: 400, body: { code: 'invalid_input' } }, JSON.stringify(text))
    for (const text of ['null', '7', '"x"', '[]', 'true']) t.match(await put(text), { status: 400 }, text)
  })

  await t.test('a body that is missing is refused, also without a media type', async t => {
    t.match(await admin.send('PUT', '/v1/organisations/strict', undefined, { headers: json }), { status: 400 })
    t.match(await admin.send('PUT', '/v1/organisations/strict'), { status: /400|415/ })
  })

  await t.test('characters that cannot be stored are refused, not replaced', async t => {
    for (const title of ['"a\\u0000b"', '"\\ud800"', '"\\udc00x"', '"x\\uD83D"', '"\\udc00\\ud800"']) t.match(await put(body(title)), { status: 400, body: { detail: /cannot be stored/ } }, title)
    t.match(await put('{"title":"x","kind":"other","aliases":[{"alias":"\\u0000"}]}'), { status: 400 })
    t.match(await put('{"\\u0000":1}'), { status: 400 })
    const { etag } = await admin.get('/v1/organisations/strict')
    t.match(await admin.send('PUT', '/v1/organisations/strict', body('"\\ud83d\\ude00 \\\\u0000"'), { headers: json, etag }), { status: 200, body: { title: '😀 \\u0000' } }, 'while a whole pair, or the text of an escape, is fine')
  })

  await t.test('a body that is not UTF-8 is refused, not turned into question marks', async t => {
    t.match(await put(Buffer.concat([Buffer.from('{"title":"Cost in '), Buffer.from([0xA3]), Buffer.from('","kind":"other"}')])), { status: 400 })
  })

  await t.test('members that would change an object behind our back are refused', async t => {
    t.match(await put('{"__proto__":{"x":1},"title":"x","kind":"other"}'), { status: 400 })
    t.match(await put('{"constructor":{"prototype":{"x":1}},"title":"x","kind":"other"}'), { status: 400 })
    t.match(await admin.post('/v1/datapoint-imports', '{"datapoints":[{"measure":"recycling-rate","area":"E06000018","period":"FY2016","value":1,"breakdown":{"__proto__":"x"}}]}', { headers: json }), { status: /400|422/ })
    t.equal(({} as Record<string, unknown>).x, undefined)
  })

  await t.test('a name or a text of any length is answered with its beginning', async t => {
    for (const text of [`{"${'x'.repeat(200_000)}":1}`, `{"title":"x","kind":"${'y'.repeat(200_000)}"}`, `{"title":"x","kind":"other","identifiers":{"${'z'.repeat(200_000)}":7}}`]) {
      const { status, text: answer } = await put(text)
      t.equal(status, 400)
      t.ok(answer.length < 5000, `${answer.length} characters`)
    }
  })

  await t.test('media types that are not read are 415, bodies that are too large 413', async t => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense']) t.match(await put(body('"x"'), { 'content-type': type }), { status: 415, body: { code: 'unsupported_media_type' } }, type)
    t.match(await put(body('"x"'), { 'content-type': 'application/json; charset=utf-8' }), { status: /200|428/ })
    t.match(await put(`{"title":"${'x'.repeat(1_100_000)}"}`), { status: 413, body: { code: 'too_large' } })
  })

  await t.test('a query parameter given twice is refused, not half read', async t => {
    for (const query of ['limit=1&limit=2', 'kind=other&kind=council', 'q=a&q=b', 'count=true&count=true']) t.match(await admin.get(`/v1/organisations?${query}`), { status: 400 }, query)
    for (const query of ['measure=a&measure=b', 'latest=true&latest=false', 'format=csv&format=json', 'as_of=2018-01-01T00:00:00Z&as_of=x']) t.match(await admin.get(`/v1/datapoints?${query}`), { status: 400 }, query)
  })

  await t.test('parameters that cannot be are refused and never reach the database', async t => {
    for (const url of [
      '/v1/organisations?q=%00', '/v1/datapoints?measure=%00', '/v1/datapoints?breakdown=%00', '/v1/datapoints?within=%00&format=csv', '/v1/organisations/%00', '/v1/plans/%00/priorities', '/v1/organisations?q=%ED%A0%80',
      '/v1/datapoints?from=0000-00-00', '/v1/datapoints?from=2016-02-30', '/v1/datapoints?as_of=9999-99-99T00:00:00Z', '/v1/datapoints?as_of=2016-06-31T00:00:00Z', '/v1/datapoints?changed_since=2016-02-31T00:00:00Z', '/v1/datapoints?as_of=2016-12-31T23:59:60Z',
      '/v1/datapoints?as_of=+123456-01-01T00:00:00Z', '/v1/organisations?limit=1e2', '/v1/organisations?cursor=%00', '/v1/organisations?cursor=WzEsIngiXQ', '/v1/changes?after=WzEsImNoYW5nZXMiLCJ4Il0', '/v1/changes?after=WzEsImNoYW5nZXMiLC0xXQ', '/v1/changes?after=WzEsImNoYW5nZXMiLDFlMzBd',
      '/v1/datapoints?changed_since=WzEsImNoYW5nZXMiLCJ4Il0', '/v1/plans?active_on=2016-02-30'
    ]) {
      const { status } = await admin.get(url)
      t.ok(status < 500, `${url}: ${status}`)
    }
  })

  await t.test('an address that cannot be decoded, or is too long, is answered like any other error', async t => {
    for (const url of ['/v1/organisations/%E0%A4%A', `/v1/organisations/${'x'.repeat(300)}`]) {
      const { statusCode, headers } = await app.inject({ url, headers: { 'x-request-id': 'mine' } })
      t.match({ statusCode, headers }, { statusCode: /400|404/, headers: { 'content-type': 'application/problem+json', 'x-request-id': 'mine' } }, url.slice(0, 30))
    }
  })

  await t.test('a damaged cursor of the right list is refused, not carried to the database', async t => {
    const { body: page } = await admin.get('/v1/areas?limit=1')
    await admin.put('/v1/areas/second', { title: 'Second', kind: 'other' })
    const cursor = page.next_cursor ?? (await admin.get('/v1/areas?limit=1')).body.next_cursor as string
    const [version, mark] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string]
    for (const key of [[], ['a', 'b'], [5], ['\u0000']]) {
      const forged = Buffer.from(JSON.stringify([version, mark, ...key])).toString('base64url')
      const { status } = await admin.get('/v1/areas', { query: { limit: 1, cursor: forged } })
      t.ok(status < 500, `${JSON.stringify(key)}: ${status}`)
    }
    await admin.put('/v1/measures/recycling-rate/datapoints/E06000018/FY2016', { value: 1 })
    await admin.put('/v1/measures/recycling-rate/datapoints/E06000018/FY2017', { value: 1 })
    const figures = (await admin.get('/v1/datapoints?limit=1')).body.next_cursor as string
    const [, figureMark, ...keys] = JSON.parse(Buffer.from(figures, 'base64url').toString()) as [number, string, ...string[]]
    const forged = Buffer.from(JSON.stringify([1, figureMark, ...keys.map(() => 'not-a-date')])).toString('base64url')
    t.match(await admin.get('/v1/datapoints', { query: { limit: 1, cursor: forged } }), { status: 410, body: { code: 'expired_cursor' } })
  })

  await t.test('a request id is echoed where it is plain, and made where it is not', async t => {
    t.equal((await anonymous.get('/v1/areas', { headers: { 'x-request-id': 'abc-1.2_3' } })).headers['x-request-id'], 'abc-1.2_3')
    for (const id of ['', 'with blank', 'x'.repeat(129), 'semi;colon', '<script>']) t.match((await anonymous.get('/v1/areas', { headers: { 'x-request-id': id } })).headers['x-request-id'], /^[0-9a-f-]{36}$/, id)
    const [one, two] = [await anonymous.get('/v1/areas'), await anonymous.get('/v1/areas')]
    t.not(one.headers['x-request-id'], two.headers['x-request-id'])
    t.equal((await anonymous.get('/nowhere', { headers: { 'x-request-id': 'also-on-errors' } })).headers['x-request-id'], 'also-on-errors')
  })

  await t.test('a method that an address does not have is 405 and names those it has', async t => {
    t.match(await admin.send('POST', '/v1/organisations/strict', {}), { status: 405, headers: { allow: 'DELETE, GET, HEAD, PATCH, PUT' }, body: { code: 'method_not_allowed' } })
    t.match(await admin.send('DELETE', '/v1/organisations'), { status: 405, headers: { allow: /GET/ } })
    t.match((await admin.send('POST', '/v1/plans', {})).body.detail, /GET, HEAD do\. PUT makes one, at \/v1\/plans\/\{plan\}\.$/, 'and how a thing is made')
    t.match((await admin.send('POST', '/v1/measures/recycling-rate/targets', {})).body.detail, / at \/v1\/measures\/recycling-rate\/targets\/\{target\}\.$/)
    t.match((await admin.send('POST', '/v1/returns', {})).body.detail, /do\.$/, 'where it is made so')
    t.match(await admin.send('PATCH', '/v1/measures/recycling-rate/datapoints/E06000018/FY2016', {}), { status: 405, headers: { allow: /DELETE.*GET.*PUT/ } })
    t.match(await admin.send('PUT', '/v1/datapoint-imports', {}), { status: 405, headers: { allow: /GET.*POST/ } })
    t.match(await admin.send('POST', '/v1/datapoints', {}), { status: 405 })
  })

  await t.test('an address that is nothing is 404, with and without a key', async t => {
    for (const url of ['/', '/v2/plans', '/v1', '/v1/plan', '/v1/organisations/strict/', '/v1//organisations', '/problems/none']) t.match(await anonymous.get(url), { status: /404|200/ }, url)
    t.match(await anonymous.get('/v1/nothing'), { status: 404, body: { code: 'not_found', type: '/problems/not_found', instance: '/v1/nothing' } })
  })

  await t.test('every problem has a page that says what to do', async t => {
    const { type } = (await anonymous.get('/v1/nothing')).body
    const page = await app.inject({ url: type })
    t.match({ status: page.statusCode, type: page.headers['content-type'] }, { status: 200, type: /html/ })
  })

  await t.test('no answer shows SQL, stacks or the words of a library', async t => {
    for (const url of ['/v1/organisations/%00', '/v1/datapoints?measure=%00', '/v1/datapoints?as_of=x', '/v1/organisations?limit=x']) t.notMatch((await admin.get(url)).text, /select |postgres|kysely|node_modules|at .*\.ts|FST_|ajv/i)
  })
})
