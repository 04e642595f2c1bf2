// Clients behind a balancer that knows nothing: each request goes to the next process, and what may be repeated is, until it is
// answered. What a client should never see is noted.
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Ask, type Reply } from '../load/ask.js'
import type { World } from './world.js'

const pause = 50
const patience = 60_000
/**
 * What is sent as it is read: an answer that has begun cannot be taken back where the replica breaks off the reading. It is aborted, or
 * hung up where that comes with its first row. One that has not begun is a 503: test/resources/downloads.
 */
const flowing = /[?&]format=csv|^\/plans\//

export interface Tally { answered: number, again: Record<503 | 409, number>, unanswered: number, brokenOff: number, wrong: string[] }

export interface Crowd {
  tally: Tally
  /** Processes that are being killed or started, by their place. */
  down: Set<number>
  /** Answers with the first status that is expected; `sent`: how often it was. */
  ask (path: string, what?: Ask & { expect?: number[] }): Promise<Reply & { sent: number }>
  end (): void
}

export function crowd ({ services }: World): Crowd {
  const agent = new Agent({ keepAlive: true })
  const tally: Tally = { answered: 0, again: { 503: 0, 409: 0 }, unanswered: 0, brokenOff: 0, wrong: [] }
  const down = new Set<number>()
  let turn = 0
  return {
    tally,
    down,
    end: () => agent.destroy(),
    ask: async (path, { expect = [200], ...what } = {}) => {
      const name = `${what.method ?? 'GET'} ${path}`
      for (let sent = 1, end = Date.now() + patience; Date.now() < end; sent++, await sleep(pause)) {
        const to = turn++ % services.length
        const wasDown = new Set(down)
        const reply = await ask(agent, services[to]!.url + path, what).catch((error: unknown) => error as Error)
        if (!('status' in reply)) {
          if (wasDown.has(to) || down.has(to)) tally.unanswered++
          else if (/aborted|socket hang up/.test(reply.message) && flowing.test(path)) tally.brokenOff++
          else tally.wrong.push(`${name}: ${reply.message}`)
        } else if (expect.includes(reply.status)) {
          tally.answered++
          return { ...reply, sent }
        } else if ((reply.status === 503 || reply.status === 409) && reply.headers['retry-after'] !== undefined) tally.again[reply.status]++
        else tally.wrong.push(`${name}: ${reply.status} ${reply.body.subarray(0, 300).toString()}`)
        if (tally.wrong.length > 20) break
      }
      throw new Error(`${name} was not answered`)
    }
  }
}
