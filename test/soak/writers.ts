// Who writes during a soak. They write the same figures again and again, so that what is latest does not grow; the history does.
import { gzipSync } from 'node:zlib'
import type { Kind, Send } from './pace.js'
import { partner, plan } from './reads.js'
import { adminKey, council, measures, type World } from './world.js'

const areas = ['E06000018', 'E10000024', 'E92000001']
const [figures, json, csv, ndjson, reverts, ofPartner] = measures as [string, string, string, string, string, string]
const month = (i: number) => `CY${1990 + Math.floor(i / 12)}-M${String(1 + i % 12).padStart(2, '0')}`
const deliveries = '/v1/datapoint-imports'

/** So many figures, of which each time another tenth has a new value. */
const rows = (measure: string, count: number, n: number) => Array.from({ length: count }, (_, i) =>
  ({ measure, area: areas[i % 3]!, period: month(Math.floor(i / 3)), value: i % 10 === n % 10 ? n : Math.max(0, n - (n - i + 1000) % 10) }))

const table = (of: Array<Record<string, unknown>>) => `measure,area,period,value\n${of.map(row => Object.values(row).join(',')).join('\n')}\n`

interface Post { query?: string, headers?: Record<string, string>, expect?: number[] }

export function writers ({ keys, senders }: World): Kind[] {
  const { partner: contributor, editor, publisher } = keys
  const [small, tables, dry, others] = senders as [string, string, string, string]
  const post = (send: Send, key: string, type: string, body: string | Buffer, { query = '', headers = {}, expect = [200] }: Post = {}) =>
    send(deliveries + query, { method: 'POST', key, type, body, headers, expect })
  const at = (n: number) => `/v1/measures/${figures}/datapoints/${areas[n % 3]!}/${month(n % 40)}`
  return [
    { name: 'figure put', group: 'figures', every: 300, act: (send, n) => send(at(n), { method: 'PUT', key: editor, body: { value: n }, expect: [200, 201] }) },
    {
      name: 'figure put by a partner',
      group: 'figures',
      every: 500,
      act: (send, n) => send(`/v1/measures/${ofPartner}/datapoints/${areas[0]!}/${month(n % 24)}`, { method: 'PUT', key: contributor, body: { value: n, note: `Note ${n}` }, expect: [200, 201] })
    },
    { name: 'figure withdrawn', group: 'figures', every: 1500, act: (send, n) => send(at(n * 7), { method: 'DELETE', key: editor, expect: [204, 404] }) },
    {
      name: 'delivery of 30, JSON',
      group: 'deliveries',
      every: 1000,
      // Every third comes once more, under the same key.
      act: (send, n) => post(send, small, 'application/json', JSON.stringify({ datapoints: rows(json, 30, n - Number(n % 3 === 2)) }), { headers: { 'idempotency-key': `soak-delivery-of-json-${n - Number(n % 3 === 2)}` } })
    },
    { name: 'delivery of 600, CSV', group: 'deliveries', every: 4000, act: (send, n) => post(send, tables, 'text/csv', table(rows(csv, 600, n)), { headers: { 'idempotency-key': `soak-delivery-of-csv-${n}` } }) },
    {
      name: 'delivery of 300, NDJSON packed',
      group: 'deliveries',
      every: 6000,
      act: (send, n) => post(send, tables, 'application/x-ndjson', gzipSync(rows(ndjson, 300, n).map(row => JSON.stringify(row)).join('\n')), { headers: { 'content-encoding': 'gzip' } })
    },
    { name: 'dry run of 2000', group: 'deliveries', every: 6000, act: (send, n) => post(send, dry, 'text/csv', table(rows(csv, 2000, n)), { query: '?dry_run=true' }) },
    { name: 'dry run of 5 MB', group: 'deliveries', every: 20_000, act: (send, n) => post(send, dry, 'text/csv', long(n), { query: '?dry_run=true' }) },
    {
      name: 'delivery with faults',
      group: 'deliveries',
      every: 3000,
      act: async (send, n) => {
        const wrong = [...rows(json, 20, n), { measure: 'no-such-measure', area: 'nowhere', period: 'soon', value: 1 }]
        const { json: receipt } = await post(send, others, 'text/csv', table(wrong), { expect: [422] })
        await send(`${deliveries}/${receipt().id as string}/rejected.csv`, { key: others })
      }
    },
    {
      name: 'delivery taken back',
      group: 'deliveries',
      every: 8000,
      act: async (send, n) => {
        const { json: receipt } = await post(send, others, 'application/json', JSON.stringify({ datapoints: rows(reverts, 30, n) }))
        await send(`${deliveries}/${receipt().id as string}/revert`, { method: 'POST', key: others })
      }
    },
    {
      name: 'return template sent back',
      group: 'deliveries',
      every: 10_000,
      act: async send => {
        const { body, headers } = await send(`/v1/organisations/${partner}/return-template?period=2018/19`, { key: contributor })
        await send(deliveries, { method: 'POST', key: contributor, body, type: headers['content-type']! })
      }
    },
    {
      name: 'update written and taken away',
      group: 'records',
      every: 3000,
      act: async (send, n) => {
        const { headers } = await send(`/v1/plans/${plan}/updates`, { method: 'POST', key: contributor, body: { text: `Update ${n}`, plan_measures: ['N16-1a-01'] }, expect: [201] })
        await send(headers.location!, { method: 'DELETE', key: contributor, headers: { 'if-match': headers.etag! }, expect: [204] })
      }
    },
    { name: 'plan made and taken away', group: 'records', every: 5000, act: (send, n) => passing(send, publisher, n) },
    {
      name: 'plan published',
      group: 'records',
      every: 15_000,
      act: async (send, n) => {
        const at = '/v1/plans/soak-published'
        if (n === 0) await send(`${at}/bundle`, { method: 'PUT', key: publisher, body: bundle('soak-published'), expect: [200, 201] })
        await send(`${at}/publications`, { method: 'POST', key: publisher, body: { label: `V${n}` }, expect: [201] })
        await send(`${at}/publications/V${n}`, { key: publisher })
        if (n > 0) await send(`${at}/publications/V${n}/diff`, { key: publisher })
      }
    },
    {
      name: 'key made and revoked',
      group: 'records',
      every: 5000,
      act: async send => {
        const { json: made } = await send('/v1/clients/passing/keys', { method: 'POST', key: adminKey, body: {}, expect: [201] })
        await send('/v1/me', { key: made().key })
        await send(`/v1/clients/passing/keys/${made().id as string}`, { method: 'DELETE', key: adminKey, expect: [204] })
      }
    }
  ]
}

/** Too long to be held in memory. */
const long = (n: number) => `measure,area,period,value,note\n${rows(csv, 5000, n).map(row => `${Object.values(row).join(',')},${'A long note. '.repeat(80)}`).join('\n')}\n`

const bundle = (code: string) => ({
  format: 'outturn-bundle/1',
  plan: { code, title: 'Passing', owner: council, area: areas[0], period: 'FY2017', visibility: 'public' },
  priorities: [{ code: '1', title: 'First' }],
  outcomes: [{ code: '1a', title: 'Outcome', priority: '1' }],
  plan_measures: measures.map(measure => ({ code: measure, measure, outcome: '1a' }))
})

async function passing (send: Send, key: string, n: number): Promise<void> {
  const code = `soak-plan-${n % 5}`
  await send(`/v1/plans/${code}/bundle`, { method: 'PUT', key, body: bundle(code), expect: [200, 201] })
  const { headers } = await send(`/v1/plans/${code}`, { key })
  await send(`/v1/plans/${code}`, { method: 'DELETE', key, headers: { 'if-match': headers.etag! }, expect: [204] })
}
