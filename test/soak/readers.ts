// Who reads during a soak, and those who ask for what they do not get or do not take what they asked for.
import { connect } from 'node:net'
import { once } from 'node:events'
import { request, type Agent } from 'node:http'
import { begin, headersOf } from '../load/ask.js'
import type { Kind } from './pace.js'
import { plan, reads } from './reads.js'
import { measures, type World } from './world.js'

/** Of each kind of read, how many milliseconds from one to the next, and which are judged together. */
const beats: Record<string, [number, string]> = {
  'page of figures': [400, 'lists'],
  'page of history': [2000, 'lists'],
  'list of measures': [1000, 'lists'],
  'returns that are due': [2000, 'lists'],
  'summary of returns': [3000, 'lists'],
  scorecard: [1000, 'documents'],
  tree: [2000, 'documents'],
  bundle: [4000, 'documents'],
  'page of the plan': [4000, 'documents'],
  'return template': [8000, 'downloads'],
  'figures as CSV': [2000, 'downloads'],
  'figures as a workbook': [5000, 'downloads'],
  'plan as a workbook': [10_000, 'downloads'],
  'page of OData': [1500, 'OData'],
  'OData, filtered': [1500, 'OData'],
  'scorecard as OData': [3000, 'OData'],
  'OData metadata': [5000, 'OData'],
  'first page': [500, 'pages'],
  'page of a guide': [500, 'pages']
}

export function readers ({ keys: { reader, feed } }: World): Kind[] {
  const bookmark: Record<string, string> = {}
  const follow = async (send: Parameters<Kind['act']>[0], name: string, path: string, next: (reply: Awaited<ReturnType<typeof send>>) => string) => {
    bookmark[name] = next(await send(path + (bookmark[name] ?? ''), { key: feed }))
  }
  return [
    ...Object.entries(reads).map(([name, path], i): Kind => {
      const [every, group] = beats[name]!
      // Some with a key, some without.
      return { name, group, every, act: send => send(path, { key: i % 2 === 0 ? reader : undefined }) }
    }),
    { name: 'change feed', group: 'feeds', every: 700, act: send => follow(send, 'changes', '/v1/changes?limit=200', reply => `&after=${reply.json().next_cursor as string}`) },
    {
      name: 'figures changed since',
      group: 'feeds',
      every: 2000,
      act: send => follow(send, 'figures', `/v1/datapoints?measure=${measures[0]!}&include_deleted=true&limit=1000`, ({ headers }) => `&changed_since=${headers['outturn-cursor'] as string}`)
    },
    {
      name: 'read again with its ETag',
      group: 'lists',
      every: 1000,
      act: async send => {
        const { headers } = await send(`/v1/plans/${plan}`, { key: reader })
        await send(`/v1/plans/${plan}`, { key: reader, headers: { 'if-none-match': headers.etag! }, expect: [304] })
      }
    }
  ]
}

/** Refused, for one reason each. */
export function refused ({ keys: { reader, editor } }: World): Kind[] {
  const figure = `/v1/measures/${measures[0]!}/datapoints/E06000018/FY2016`
  const ways: Array<[string, Parameters<Parameters<Kind['act']>[0]>[1]]> = [
    ['/v1/nothing-here', { expect: [404] }],
    ['/v1/datapoints?no_such_filter=1', { expect: [400] }],
    ['/v1/datapoints?cursor=made-up', { expect: [410] }],
    ["/odata/v1/Datapoints?$filter=nothing%20eq%20'1'", { expect: [400] }],
    [figure, { method: 'PUT', key: editor, body: '{"value":', expect: [400] }],
    [figure, { method: 'PUT', key: editor, body: { value: 'many' }, expect: [400, 422] }],
    [figure, { method: 'PUT', key: editor, body: 'value=1', type: 'application/x-www-form-urlencoded', expect: [415] }],
    [figure, { method: 'PUT', key: reader, body: { value: 1 }, expect: [403] }],
    [`/v1/plans/${plan}`, { method: 'DELETE', key: reader, expect: [403] }],
    ['/v1/me', { expect: [401] }],
    ['/v1/datapoint-imports', { method: 'POST', key: editor, body: 'not gzip', type: 'text/csv', headers: { 'content-encoding': 'gzip' }, expect: [400] }],
    ['/v1/organisations/nobody/return-template', { expect: [404] }]
  ]
  return [
    { name: 'refused request', group: 'refusals', every: 200, act: (send, n) => send(...ways[n % ways.length]!) },
    // Seldom, for whoever fails too often is not looked at for a while.
    { name: 'wrong key', group: 'refusals', every: 4000, act: (send, n) => send('/v1/me', { key: n % 2 === 0 ? `wrong-key-${n}` : reader.replace(/.{8}$/, '00000000'), expect: [401] }) }
  ]
}

/** Who leaves in the middle. */
export function rude ({ url, keys: { rude } }: World, agent: () => Agent): Kind[] {
  const group = 'broken off'
  return [
    {
      name: 'download broken off',
      group,
      every: 2000,
      act: async (_, n) => {
        const answer = await begin(agent(), `${url}/v1/datapoints?format=${['csv', 'ndjson', 'xlsx'][n % 3]!}`, { key: rude })
        await once(answer, 'data')
        answer.destroy()
      }
    },
    { name: 'delivery broken off', group, every: 2000, act: (_, n) => halfSent(`${url}/v1/datapoint-imports`, rude, n % 5 === 0 ? 5_000_000 : 50_000) },
    {
      name: 'no request at all',
      group,
      every: 3000,
      act: async (_, n) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1')
        await once(socket, 'connect')
        socket.on('error', () => {}).resume().write(n % 2 === 0 ? 'GET /v1/plans HTTP/1.1\r\nHost: x\r\n' : '\x16\x03\x01 what is this?\r\n\r\n')
        setTimeout(() => socket.destroy(), 1000)
      }
    }
  ]
}

async function halfSent (url: string, key: string, length: number): Promise<void> {
  const sent = request(url, { method: 'POST', agent: false, headers: { ...headersOf({ key, body: '', type: 'text/csv' }), 'content-length': String(2 * length) } })
  sent.on('error', () => {})
  await new Promise(resolve => { sent.write(`measure,area,period,value\n${'x'.repeat(length)}`, resolve) })
  sent.destroy()
}
