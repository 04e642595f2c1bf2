// Partners who write, and look at once whether they read what they wrote, whichever process and whichever database answers.
import type { Reply } from '../load/ask.js'
import type { Dice } from '../support/random.js'
import type { Crowd } from './asking.js'

const periods = Array.from({ length: 24 }, (_, i) => `CY${2000 + i}`)
const deliveries = '/v1/datapoint-imports'

/** Alone writes the figures of its area; `held`: by period. */
export interface Partner { area: string, key: string, chance: Dice, held: Map<string, number>, count: number }

type Rows = Array<{ measure: string, area: string, period: string, value?: number, deleted?: true }>

const rowsOf = (partner: Partner, most: number): Rows =>
  partner.chance.some(periods, most).map(period => ({ measure: 'count', area: partner.area, period, value: ++partner.count }))

const hold = (held: Map<string, number>, rows: Rows) => {
  for (const { period, value } of rows) {
    if (value === undefined) held.delete(period)
    else held.set(period, value)
  }
}

async function deliver ({ ask }: Crowd, { key, area, count }: Partner, rows: Rows, csv = false): Promise<string> {
  const cells = (row: Rows[number]) => [row.measure, row.area, row.period, row.value ?? '', row.deleted ?? ''].join(',')
  const body = csv ? `measure,area,period,value,deleted\n${rows.map(cells).join('\n')}` : { datapoints: rows }
  const headers = { 'idempotency-key': `replica-delivery-${area}-${count}` }
  const { json } = await ask(deliveries, { method: 'POST', key, body, headers, type: csv ? 'text/csv' : 'application/json' })
  return json().id as string
}

const address = (area: string, period: string) => `/v1/measures/count/datapoints/${area}/${period}`

type Act = (crowd: Crowd, partner: Partner) => Promise<unknown>

export const acts: Record<string, Act> = {
  'figure put': async ({ ask }, partner) => {
    const { period, value } = rowsOf(partner, 1)[0]!
    await ask(address(partner.area, period), { method: 'PUT', key: partner.key, body: { value }, expect: [200, 201] })
    partner.held.set(period, value!)
  },
  'figure withdrawn': async ({ ask }, partner) => {
    const period = partner.chance.pick([...partner.held.keys(), periods[0]!])
    await ask(address(partner.area, period), { method: 'DELETE', key: partner.key, expect: [204, 404] })
    partner.held.delete(period)
  },
  'delivery as JSON': async (crowd, partner) => {
    const rows = rowsOf(partner, 24)
    await deliver(crowd, partner, rows)
    hold(partner.held, rows)
  },
  'delivery as CSV': async (crowd, partner) => {
    const rows = rowsOf(partner, 24)
    await deliver(crowd, partner, rows, true)
    hold(partner.held, rows)
  },
  'delivery that withdraws': async (crowd, partner) => {
    const withdrawn = (row: Rows[number]): Rows[number] => ({ measure: row.measure, area: row.area, period: row.period, deleted: true })
    const rows = rowsOf(partner, 8).map(row => partner.held.has(row.period) ? withdrawn(row) : row)
    await deliver(crowd, partner, rows)
    hold(partner.held, rows)
  },
  'delivery taken back': async (crowd, partner) => {
    const id = await deliver(crowd, partner, rowsOf(partner, 12))
    await crowd.ask(`${deliveries}/${id}/revert`, { method: 'POST', key: partner.key, headers: { 'idempotency-key': `replica-revert-${partner.area}-${partner.count}` } })
  }
}

/** What a reply says that the partner's area holds, and what it should. */
interface Check { path (partner: Partner): string, expect?: number[], found (reply: Reply): unknown, wanted (partner: Partner): unknown }

const all = ({ held }: Partner) => [...held].sort()
const pairs = (items: Array<{ period: string, value: number }>) => items.map(({ period, value }) => [period, value]).sort()
const list = ({ area }: Partner) => `/v1/datapoints?measure=count&area=${area}&limit=1000`
const last = ({ held }: Partner) => [...held].sort().at(-1) ?? null
const lines = (text: string) => text.replace('\uFEFF', '').trim().split(/\r?\n/).map(line => line.split(','))

const checks: Record<string, Check> = {
  'a list': { path: list, found: reply => pairs(reply.json().items), wanted: all },
  'a list as CSV': {
    path: partner => `${list(partner).replace('&limit=1000', '')}&format=csv`,
    found: ({ body }) => {
      const [header, ...rows] = lines(body.toString())
      const [period, value] = [header!.indexOf('period'), header!.indexOf('value')]
      return rows.map(cells => [cells[period], Number(cells[value])]).sort()
    },
    wanted: all
  },
  'rows of OData': {
    path: ({ area }) => `/odata/v1/Datapoints?$filter=measure%20eq%20'count'%20and%20area%20eq%20'${area}'%20and%20deleted%20eq%20false&$select=period,value`,
    found: reply => pairs(reply.json().value),
    wanted: all
  },
  'the scorecard': {
    path: ({ area }) => `/v1/plans/plan-${area}/scorecard`,
    found: reply => {
      const { latest } = reply.json().lines[0]
      return latest === null ? null : [latest.period, latest.value]
    },
    wanted: last
  }
}

export const checkNames = ['a figure', ...Object.keys(checks)]

/** Of one period. */
const figure = (partner: Partner): Check => {
  const period = partner.chance.pick(periods)
  return {
    path: ({ area }) => address(area, period),
    expect: [200, 404],
    found: reply => reply.status === 404 ? undefined : reply.json().value,
    wanted: ({ held }) => held.get(period)
  }
}

/** What was read, where it is not what was written. */
export async function check ({ ask }: Crowd, partner: Partner, name: string): Promise<string | undefined> {
  const { path, expect, found, wanted } = checks[name] ?? figure(partner)
  const reply = await ask(path(partner), { key: partner.key, ...(expect && { expect }) })
  const [there, due] = [JSON.stringify(found(reply)), JSON.stringify(wanted(partner))]
  return there === due ? undefined : `${name} of ${partner.area}: ${there} instead of ${due}`
}
