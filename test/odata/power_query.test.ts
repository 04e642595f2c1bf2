// What Power Query asks when a person pastes the address of the feed into Power BI or Excel, header by header as it was captured,
// over a connection of its own: no Power BI was at hand, so its requests are replayed.
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { deliver, row } from '../resources/figures.js'

const captured = {
  'User-Agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
  'OData-MaxVersion': '4.0',
  MaxDataServiceVersion: '3.0',
  Accept: 'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7',
  'Accept-Encoding': 'gzip, deflate'
}

await t.test('a session of Power Query', async t => {
  const started = await start(t)
  const { admin, app } = started
  await makeMeasure(admin, 'counted', { unit: 'count' })
  await deliver(admin, Array.from({ length: 40 }, (_, i) => row('counted', `FY${1980 + i}`, { value: i })))
  await admin.put('/v1/clients/analysts', { organisation: null, role: 'admin', title: 'Analysts' })
  const { key } = (await admin.post('/v1/clients/analysts/keys', { kind: 'feed' })).body as { key: string }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const basic = `Basic ${Buffer.from(`powerbi:${key}`).toString('base64')}`

  async function ask (path: string, headers: Record<string, string> = {}) {
    const sent = request({ port, host: '127.0.0.1', path, headers: { ...captured, Authorization: basic, ...headers } }).end()
    const [answer] = await once(sent, 'response') as [IncomingMessage]
    const bytes = await buffer(answer)
    const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
    const versions = answer.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'odata-version')
    t.equal(versions.length, 1, `${path}: one OData-Version`)
    t.equal(answer.headers['odata-version'], '4.0')
    const type = answer.headers['content-type']!
    return { status: answer.statusCode, type, headers: answer.headers, text, body: type.startsWith('application/json') ? JSON.parse(text) : undefined }
  }
  const json = 'application/json;odata.metadata=minimal'

  await t.test('asks for a key first, as it asks its user', async t => {
    for (const path of ['/odata/v1/', '/odata/v1/Datapoints?$top=1000']) {
      t.match(await ask(path, { Authorization: 'Basic eDp5' }), { status: 401, type: json, headers: { 'www-authenticate': /Basic realm="Outturn"/ } }, path)
    }
  })

  await t.test('lists the sets, by the address with a slash at its end or without', async t => {
    for (const path of ['/odata/v1', '/odata/v1/']) {
      const { status, type, body } = await ask(path)
      t.match({ status, type }, { status: 200, type: json })
      t.match(body, { '@odata.context': `http://127.0.0.1:${port}/odata/v1/$metadata`, value: [{ name: 'Datapoints', kind: 'EntitySet', url: 'Datapoints' }] })
    }
  })

  await t.test('reads $metadata as XML, whatever it accepts before that', async t => {
    for (const accept of [captured.Accept, 'application/xml', '*/*', 'application/json']) {
      t.match(await ask('/odata/v1/$metadata', { Accept: accept }), { status: 200, type: 'application/xml', text: /^<\?xml[^]*Version="4\.0"[^]*<EntitySet Name="Datapoints"/ }, accept)
    }
  })

  await t.test('shows a first look at a set', async t => {
    const { status, type, body } = await ask('/odata/v1/Datapoints?$top=1000')
    t.match({ status, type }, { status: 200, type: json })
    t.equal(body.value.length, 40)
    t.notOk('@odata.nextLink' in body, 'without a link, for all that was asked for is there')
    t.match((await ask('/odata/v1/Datapoints?$select=id%2Cvalue&$top=1000')).body.value[0], { id: String, value: 0 })
  })

  await t.test('asks for a part by two instants, however the offset is written', async t => {
    const [from, to] = [['2000-04-01T00:00:00', '2000-03-31T23:00:00'], ['2005-04-01T00:00:00', '2005-04-01T01:00:00']] as const
    const forms = [
      ['Z', 'Z', from[0], to[0]], ['%2B00%3A00', '%2B00%3A00', from[0].replaceAll(':', '%3A'), to[0].replaceAll(':', '%3A')], ['+00:00', '+00:00', from[0], to[0]],
      ['-01:00', '%2B01:00', from[1], to[1]], ['-01:00', '+01:00', from[1], to[1]], ['.0000000Z', '.0000000Z', from[0], to[0]]
    ] as const
    for (const [begin, end, first, last] of forms) {
      const filter = `period_start_at ge ${first}${begin} and period_start_at lt ${last}${end}`
      for (const blank of ['%20', '+']) {
        const { status, body } = await ask(`/odata/v1/Datapoints?$filter=${filter.replaceAll(' ', blank)}&$top=1000`)
        t.same([status, body.value?.map(({ period }: { period: string }) => period)], [200, ['FY2000', 'FY2001', 'FY2002', 'FY2003', 'FY2004']], `${filter} with ${blank}`)
      }
    }
  })

  await t.test('counts, and gets a plain number', async t => {
    t.match(await ask('/odata/v1/Datapoints/$count'), { status: 200, type: 'text/plain', text: '40' })
    t.match(await ask('/odata/v1/Datapoints/$count?$filter=value%20gt%2030', { Accept: 'text/plain' }), { status: 200, type: 'text/plain', text: '9' })
  })

  await t.test('gets what is large packed, in the same form', async t => {
    t.match((await ask('/odata/v1/Datapoints?$top=1000')).headers, { 'content-type': json, 'content-encoding': 'gzip' })
    t.equal((await ask('/odata/v1/Datapoints?$top=1000', { 'Accept-Encoding': 'identity' })).headers['content-encoding'], undefined)
  })

  await t.test('is told in its own form what is not there', async t => {
    for (const [path, status] of [['Nothing', 404], ['Datapoints?$apply=groupby((measure))', 501], ['Datapoints?$filter=nothing%20eq%201', 400], ['Datapoints?$expand=Measure', 501]] as const) {
      const answer = await ask(`/odata/v1/${path}`)
      t.match(answer, { status, type: json, body: { error: { code: String, message: String } } }, path)
    }
  })
})
