// A steady load: each kind of request at its own beat, whatever the others do; how long each took, and what nobody should see.
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Ask, type Reply } from '../load/ask.js'

/** One request under the kind's name; a status that the kind does not expect is wrong. */
export type Send = (path: string, what?: Ask & { expect?: number[] }) => Promise<Reply>

export interface Kind {
  name: string
  /** Kinds that are judged together, where one alone is asked too seldom. */
  group: string
  /** Milliseconds from one to the next. */
  every: number
  act (send: Send, n: number): Promise<unknown>
}

/** In milliseconds, both, from the start of the load. */
export interface Timing { kind: Kind, at: number, took: number }

export interface Pace { timings: Timing[], wrong: string[], agent: Agent, began: number, end (): Promise<void> }

export function pace (url: string, kinds: Kind[]): Pace {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'fifo' })
  const state = { over: false }
  const began = performance.now()
  const load: Pace = { timings: [], wrong: [], agent, began, end: async () => {} }
  const sending = (kind: Kind): Send => async (path, { expect = [200], ...what } = {}) => {
    const at = performance.now() - began
    const reply = await ask(agent, url + path, what)
    load.timings.push({ kind, at, took: reply.took })
    if (!expect.includes(reply.status)) load.wrong.push(`${kind.name}: ${what.method ?? 'GET'} ${path}: ${reply.status} ${reply.body.subarray(0, 300).toString()}`)
    return reply
  }
  const lane = async (kind: Kind, i: number) => {
    const send = sending(kind)
    // Not all at the same moment.
    const start = began + kind.every * (i / kinds.length)
    for (let n = 0; !state.over; n++) {
      await sleep(Math.max(0, start + n * kind.every - performance.now()))
      // What is late is left out: nobody catches up.
      if (performance.now() > start + (n + 1) * kind.every) continue
      await kind.act(send, n).catch((error: unknown) => { load.wrong.push(`${kind.name}: ${String(error)}`) })
    }
  }
  const lanes = Promise.all(kinds.map(lane))
  load.end = async () => {
    state.over = true
    await lanes
    agent.destroy()
  }
  return load
}
