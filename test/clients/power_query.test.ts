// The queries in Power Query's language M, which cannot be run here: read by Microsoft's own parser, and what they ask for asked of
// a running service.
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser'
import t from 'tap'
import { blocks, guide } from '../support/guide.js'
import { plan, serviceForPartner } from '../support/partner.js'

const queries = async (name: string) => blocks(await guide(name)).filter(({ language }) => language === 'powerquery').map(({ text }) => text)

/** The columns that a query turns into a type, by the type. */
const typed = (query: string) => [...query.matchAll(/\{"(\w+)", (?:type )?([\w.]+)\}/g)].map(([, column, type]) => [column!, type!] as const)

const kinds: Record<string, string[]> = {
  number: ['decimal'],
  'Int64.Type': ['integer'],
  date: ['date'],
  datetimezone: ['dateTimeStamp'],
  logical: ['boolean']
}

await t.test('every query can be parsed', async t => {
  const all = [...await queries('excel')]
  for (const query of all) {
    const parsed = await TaskUtils.tryLexParse(DefaultSettings, query)
    t.ok(TaskUtils.isParseStageOk(parsed), `${'error' in parsed ? String(parsed.error) : ''}\n${query}`)
  }
  t.equal(all.length, 1)
})

await t.test('the query of the guide for Excel asks for an address that is there, and types each column as it is described', async t => {
  const { url, feedKey } = await serviceForPartner(t)
  const [query = ''] = await queries('excel')
  const [, path] = /RelativePath = "([^"]+)"/.exec(query)!
  const [, members] = /Query = \[([^\]]+)\]/.exec(query)!
  const wanted = new URLSearchParams([...members!.matchAll(/(\w+) = "([^"]*)"/g)].map(([, name, value]) => [name!, value!]))
  t.equal(wanted.get('plan'), plan)
  const authorization = `Basic ${Buffer.from(`excel:${feedKey}`).toString('base64')}`
  const answer = await fetch(`${url}/${path!}?${wanted}`, { headers: { authorization, accept: '*/*' } })
  t.match(answer, { status: 200 })
  const [header = '', ...lines] = (await answer.text()).split('\r\n')
  t.ok(lines.length > 100)
  t.match(header, /^measure,area,period,.*,measure_title,area_title$/)

  const described = await (await fetch(`${url}/v1/datapoints/columns?titles=true`)).json() as { tableSchema: { columns: Array<{ name: string, datatype: string | { base: string } }> } }
  const columns = new Map(described.tableSchema.columns.map(({ name, datatype }) => [name, typeof datatype === 'string' ? datatype : datatype.base]))
  const types = typed(query)
  t.ok(types.length > 10)
  for (const [column, type] of types) t.ok(kinds[type]!.includes(columns.get(column)!), `${column} is ${columns.get(column)}, typed as ${type}`)
  const left = [...columns].filter(([name, base]) => base !== 'string' && !types.some(([column]) => column === name))
  t.same(left, [], 'none that is no text is left as text')
})
