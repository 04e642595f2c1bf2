// Steady load: clients that write figures, each repeated until it is acknowledged, and clients that read; what they saw is counted.
import { setTimeout as sleep } from 'node:timers/promises'
import { adminKey } from '../process/storm_clients.js'

/** Whatever takes longer counts as a hang, in milliseconds. */
export const bound = 25_000

export type Seen = 'answered' | '503' | '409' | 'no answer'

export interface Load {
  area: string
  seen: Record<Seen, number>
  /** What no client may ever see. */
  wrong: string[]
  /** Measure and period → value, as acknowledged. */
  acknowledged: Map<string, number>
  receipts: Set<string>
  /** When the last successful request of each kind was sent. */
  last: { write: number, read: number }
  longest: number
  end (): Promise<void>
}

export const measures = ['fault-a', 'fault-b', 'fault-c']

/** Each number has a figure of its own: two hundred years of months of one measure after the other. */
const placeOf = (n: number) => {
  const month = n % 2400
  return { measure: measures[Math.floor(n / 2400)]!, period: `CY${1900 + Math.floor(month / 12)}-M${String(month % 12 + 1).padStart(2, '0')}` }
}

/** `url` is asked for each request: the service may move. Statuses of the load are the only ones that a client is told to expect. */
export function pour (url: () => string, area: string): Load {
  const load: Load = { area, seen: { answered: 0, 503: 0, 409: 0, 'no answer': 0 }, wrong: [], acknowledged: new Map(), receipts: new Set(), last: { write: 0, read: 0 }, longest: 0, end: async () => {} }
  let n = 0
  const state = { over: false }
  /** The last write is repeated until it is acknowledged, unless that is hopeless. */
  const hopeless = () => load.wrong.length > 5

  async function ask (kind: 'write' | 'read', method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response | undefined> {
    const sent = performance.now()
    try {
      const response = await fetch(url() + path, {
        method,
        headers: { authorization: `Bearer ${adminKey}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(bound)
      })
      const text = await response.text()
      const { status } = response
      const again = response.headers.has('retry-after')
      if (status === 200 || status === 201) {
        load.seen.answered++
        load.last[kind] = Math.max(load.last[kind], sent)
        return new Response(text, { headers: response.headers })
      }
      if (again && (status === 503 || status === 409)) load.seen[status]++
      else load.wrong.push(`${method} ${path}: ${status} ${text.slice(0, 300)}`)
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') load.wrong.push(`${method} ${path}: no answer in ${bound / 1000} s`)
      else load.seen['no answer']++
    } finally {
      load.longest = Math.max(load.longest, performance.now() - sent)
    }
    await sleep(50)
    return undefined
  }

  const one = async () => {
    const { measure, period } = placeOf(n)
    const value = n++
    while (await ask('write', 'PUT', `/v1/measures/${measure}/datapoints/${area}/${period}`, { value }) === undefined) if (hopeless()) return
    load.acknowledged.set(`${measure} ${period}`, value)
  }
  const delivery = async () => {
    const rows = Array.from({ length: 3 }, () => ({ ...placeOf(n), area, value: n++ }))
    const key = `fault-delivery-${area}-${rows[0]!.value}`
    for (let answer; answer === undefined;) {
      if (hopeless()) return
      answer = await ask('write', 'POST', '/v1/datapoint-imports', { datapoints: rows, note: area }, { 'idempotency-key': key })
      if (answer !== undefined) load.receipts.add((await answer.json() as { id: string }).id)
    }
    for (const { measure, period, value } of rows) load.acknowledged.set(`${measure} ${period}`, value)
  }
  const page = async () => { await ask('read', 'GET', `/v1/datapoints?area=${area}&limit=20`) }
  const register = async () => { await ask('read', 'GET', '/v1/areas') }

  const forever = async (work: () => Promise<void>) => {
    while (!state.over && !hopeless()) {
      await work()
      await sleep(30)
    }
  }
  const ended = Promise.all([one, one, delivery, delivery, page, register].map(forever))
  load.end = async () => {
    state.over = true
    await ended
  }
  return load
}
