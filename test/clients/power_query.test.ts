// The queries in Power Query's language M, which cannot be run here: read by Microsoft's own parser, and what they ask for asked of
// a running service.
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser'
import t, { type Test } from 'tap'
import { blocks, guide } from '../support/guide.js'
import { plan, serviceForPartner, type PartnerService } from '../support/partner.js'

const queries = async (name: string) => blocks(await guide(name)).filter(({ language }) => language === 'powerquery').map(({ text }) => text)

/** The service that the guides name, and the one that runs. */
const placeholder = 'https://outturn.example.gov.uk'

/** As Power Query asks, by a capture of July 2026. */
const mashup = {
  'user-agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
  'odata-maxversion': '4.0',
  maxdataserviceversion: '3.0',
  accept: 'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7'
}

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`tool:${key}`).toString('base64')}` })

/** The columns of each set, by $metadata. */
async function columnsOf (url: string): Promise<Map<string, string[]>> {
  const xml = await (await fetch(`${url}$metadata`, { headers: mashup })).text()
  const types = new Map([...xml.matchAll(/<EntityType Name="(\w+)">([^]*?)<\/EntityType>/g)]
    .map(([, name, body]) => [name!, [...body!.matchAll(/<Property Name="(\w+)"/g)].map(([, column]) => column!)]))
  return new Map([...xml.matchAll(/<EntitySet Name="(\w+)" EntityType="\w+\.(\w+)"/g)].map(([, set, type]) => [set!, types.get(type!)!]))
}

await t.test('every query can be parsed, and one with a fault cannot', async t => {
  const all = [...await queries('excel'), ...await queries('power-bi')]
  for (const query of all) {
    const parsed = await TaskUtils.tryLexParse(DefaultSettings, query)
    t.ok(TaskUtils.isParseStageOk(parsed), `${'error' in parsed ? String(parsed.error) : ''}\n${query}`)
  }
  t.equal(all.length, 4)
  t.notOk(TaskUtils.isParseStageOk(await TaskUtils.tryLexParse(DefaultSettings, all[0]!.replace(')', ''))))
})

interface Connections { version: string, connections: Array<{ details: { protocol: string, address: { url: string } } }> }

const kinds: Record<string, string> = { number: 'decimal', 'Int64.Type': 'integer', date: 'date', datetimezone: 'dateTimeStamp', logical: 'boolean' }

async function excel (t: Test, { url, feedKey }: PartnerService): Promise<void> {
  const [query = ''] = await queries('excel')
  const [, path] = /RelativePath = "([^"]+)"/.exec(query)!
  const [, members] = /Query = \[([^\]]+)\]/.exec(query)!
  const wanted = new URLSearchParams([...members!.matchAll(/(\w+) = "([^"]*)"/g)].map(([, name, value]) => [name!, value!]))
  t.equal(wanted.get('plan'), plan)
  const answer = await fetch(`${url}/${path!}?${wanted}`, { headers: { ...basic(feedKey), accept: '*/*' } })
  t.match(answer, { status: 200 })
  const [header = '', ...lines] = (await answer.text()).split('\r\n')
  t.ok(lines.length > 100)
  t.match(header, /^measure,area,period,.*,measure_title,area_title$/)

  type Described = { tableSchema: { columns: Array<{ name: string, datatype: { base: string } }> } }
  const { tableSchema } = await (await fetch(`${url}/v1/datapoints/columns?titles=true`)).json() as Described
  const types = [...query.matchAll(/\{"(\w+)", (?:type )?([\w.]+)\}/g)].map(([, column, type]) => `${column!}: ${kinds[type!]!}`)
  t.same(types.sort(), tableSchema.columns.filter(({ datatype }) => datatype.base !== 'string').map(({ name, datatype }) => `${name}: ${datatype.base}`).sort())
}

await t.test('what the guides ask for is there', async t => {
  const started = await serviceForPartner(t)
  const { url, feedKey } = started
  const root = `${url}/odata/v1/`
  const headers = { ...mashup, ...basic(feedKey) }
  const ask = async (path: string) => {
    const answer = await fetch(root + path, { headers })
    t.match(answer, { status: 200 }, path)
    return await answer.json() as { value: Array<Record<string, any>>, '@odata.nextLink'?: string }
  }
  const datapoints = async (filter: string, more = '') => (await ask(`Datapoints?$filter=${encodeURIComponent(filter)}${more}`)).value
  const columns = await columnsOf(root)

  await t.test('the address of the query for Excel, and each column typed as it is described', async t => excel(t, started))

  await t.test('the address in the file for Power BI, which is the root of the feed', async t => {
    const [file] = blocks(await guide('power-bi')).filter(({ name }) => name === 'outturn.pbids')
    const { version, connections } = JSON.parse(file!.text) as Connections
    t.match({ version, connections }, { version: '0.1', connections: [{ details: { protocol: 'odata' }, mode: 'Import' }] })
    t.equal(connections[0]!.details.address.url.replace(placeholder, url), root)
    t.same((await ask('')).value.map(({ name }) => name).sort(), [...columns.keys()].sort())
  })

  await t.test('each table and column that a query for Power BI names', async t => {
    for (const query of await queries('power-bi')) {
      t.equal(/OData\.Feed\("([^"]+)"/.exec(query)![1]!.replace(placeholder, url), root)
      const there = columns.get(/\[Name = "(\w+)"/.exec(query)![1]!)!
      const named = [...query.matchAll(/\[(\w+)\] (?:=|>=|<) |[{ ]"(\w+)"[,}]/g)].map(([, filtered, chosen]) => filtered ?? chosen!)
      t.ok(named.length > 0, query)
      t.same(named.filter(name => name !== 'Datapoints' && !there.includes(name)), [], query)
    }
  })

  await t.test('each column by which the guides relate tables', async t => {
    const text = await guide('power-bi') + await guide('tableau')
    const named = [...text.matchAll(/`([A-Z]\w+)\.([a-z_]+)`/g)].map(([, set, column]) => [set!, column!] as const)
    t.ok(named.length > 10)
    t.same(named.filter(([set, column]) => columns.get(set)?.includes(column) !== true), [])
  })

  await t.test('the figures of the first query, as its filter and columns reach the service', async t => {
    const chosen = /SelectColumns\(Held, \{([^}]+)\}/.exec((await queries('power-bi'))[0]!)![1]!.replaceAll(/["\s]/g, '')
    const rows = await datapoints("deleted eq false and statistic eq 'level'", `&$select=${chosen}&$top=1000`)
    const { items } = (await started.get('/v1/datapoints?statistic=level&limit=1000')).body as { items: Array<Record<string, unknown>> }
    const told = ({ measure, area, period, value }: Record<string, unknown>) => [measure, area, period, value]
    t.same(rows.map(told).sort(), items.map(told).sort())
  })

  const years = Array.from({ length: 30 }, (_, i) => 1995 + i)
  const partition = async (year: number) => datapoints(`period_start_at ge ${year}-01-01T00:00:00Z and period_start_at lt ${year + 1}-01-01T00:00:00Z`)

  await t.test('in partitions of a year and among the undated, each figure once', async t => {
    const undated = await datapoints('period_start_at eq null and deleted eq false')
    t.ok(undated.length > 0)
    const parts = (await Promise.all(years.map(partition))).flat()
    const count = Number(await (await fetch(`${root}Datapoints/$count`, { headers })).text())
    t.equal(parts.length + undated.length, count)
    t.equal(new Set([...parts, ...undated].map(({ id }) => id)).size, count)
  })

  await t.test('a figure that is withdrawn stays in its partition, which is then seen to have changed, and no other', async t => {
    const changed = async () => Promise.all(years.map(async year => (await partition(year)).map(row => row.last_changed_at as string).sort().at(-1)))
    const before = await changed()
    await started.send('DELETE', '/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2016')
    const after = await changed()
    t.same(years.filter((_, i) => before[i] !== after[i]), [2016])
    t.match((await partition(2016)).filter(({ measure, area, period }) => measure === 'smoking-at-delivery' && area === 'E06000018' && period === 'FY2016'), [{ deleted: true, value: null }])
  })
})
