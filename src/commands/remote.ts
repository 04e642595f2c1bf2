// Requests to a running service, repeated while there is hope: the connection broke, or the service asks to come again.
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientConfig } from '../config.js'
import { progress } from './progress.js'
import { remark, Stopped } from './usage.js'

export interface Remote extends ClientConfig {
  /** How often a request is repeated at most. */
  retries: number
  signal: AbortSignal
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** 0 where the first attempt was answered. */
  attempt: number
}

/** An answer that is no success and will not become one. */
export class Refusal extends Error {
  readonly status: number

  constructor (status: number, text: string) {
    super(explain(status, text))
    this.status = status
  }
}

interface ProblemBody { code?: string, detail?: string, errors?: Array<{ pointer: string, detail: string }> }

function explain (status: number, text: string): string {
  try {
    const { code, detail, errors = [] } = JSON.parse(text) as ProblemBody
    if (detail !== undefined) return [`${status} ${code}: ${detail}`, ...errors.map(({ pointer, detail }) => `  ${pointer}: ${detail}`)].join('\n')
  } catch {}
  return `The service answered ${status}, and not in the way Outturn does. Is the address right?`
}

const firstPause = 500
const longestPause = 60_000
const longestWait = 300_000

const again = ({ status, headers }: Response) => [429, 502, 503, 504].includes(status) || (status === 409 && headers.has('retry-after'))

/** Milliseconds that Retry-After asks for, in either of its two forms. */
function asked (value: string | null): number {
  if (value === null) return 0
  const wanted = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Math.min(Math.max(wanted || 0, 0), longestWait)
}

/** What is made of a body; the text where nothing else is said. */
type Take = (response: Response) => Promise<string>

/** Sends a request until it is answered for good. `make` is asked for each attempt anew, for a body is read only once. */
export async function send (remote: Remote, path: string, make = (): RequestInit => ({}), take: Take = response => response.text()): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const failed = await attemptOnce(remote, path, make(), take)
    if ('answer' in failed) return { ...failed.answer, attempt }
    if (attempt === remote.retries) throw new Error(`${failed.why} Attempts: ${attempt + 1}.`)
    const pause = Math.max(failed.wait, Math.min(firstPause * 2 ** attempt, longestPause) * (0.75 + Math.random() / 2))
    progress('')
    remark(`${failed.why} Trying again in ${Math.ceil(pause / 1000)} s (${attempt + 1} of ${remote.retries}).`)
    await sleep(pause, undefined, { signal: remote.signal }).catch(() => { throw new Stopped() })
  }
}

type Outcome = { answer: Omit<Answer, 'attempt'> } | { why: string, wait: number }

async function attemptOnce ({ url, key, signal }: Remote, path: string, init: RequestInit, take: Take): Promise<Outcome> {
  // A signal of its own for each attempt: thousands of them would pile up on the one of the command.
  const own = new AbortController()
  const stop = () => { own.abort() }
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) throw new Stopped()
    const response = await fetch(url + path, { ...init, signal: own.signal, headers: { authorization: `Bearer ${key}`, ...init.headers } })
    if (!again(response)) return { answer: { status: response.status, headers: response.headers, text: await take(response) } }
    return { why: new Refusal(response.status, await response.text()).message, wait: asked(response.headers.get('retry-after')) }
  } catch (error) {
    if (signal.aborted) throw new Stopped()
    // fetch tells what broke in the cause; anything else is not the connection's fault.
    if (!(error instanceof TypeError)) throw error
    const { code, message = '' } = (error.cause ?? {}) as { code?: string, message?: string }
    return { why: `${url} cannot be reached, or the connection broke (${code ?? (message || error.message)}).`, wait: 0 }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
