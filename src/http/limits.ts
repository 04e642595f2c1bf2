// How much one client may ask: requests a second and failed logins, over all processes; downloads and deliveries at once, of each
// process. By client and not by address, for a whole council may stand behind one; those without a key share what one client has.
import type { Actor } from '../db/actor.js'
import { problem, type Problem } from '../problems.js'
import type { Allowance } from './budget.js'
import type { SharedBudget } from './shared_budget.js'

export interface Limits {
  /** Requests of a client; null: as many as it likes, as everywhere here. */
  requests: Allowance | null
  /** Requests of all who send no key, together. */
  anonymous: Allowance | null
  /** Downloads of a client that are under way, and as many deliveries. */
  atOnce: number
  /** Failed logins from one address, and from all together. */
  failures: { address: Allowance, all: Allowance } | null
}

export const limits: Limits = {
  requests: { rate: 50, burst: 1000 },
  anonymous: { rate: 50, burst: 1000 },
  atOnce: 2,
  failures: { address: { rate: 0.5, burst: 30 }, all: { rate: 20, burst: 600 } }
}

/** For tests, which ask more of a service than any client. */
export const unlimited: Limits = { requests: null, anonymous: null, atOnce: Infinity, failures: null }

const seconds = (milliseconds: number) => String(Math.max(1, Math.ceil(milliseconds / 1000)))

/** With the headers of draft-ietf-httpapi-ratelimit-headers; while there is enough left, answers carry none. */
function exhausted (detail: string, wait: number, { rate, burst }: Allowance): Problem {
  return problem('rate_limited', detail, {
    headers: {
      'retry-after': seconds(wait),
      'ratelimit-policy': `"requests";q=${burst};w=${Math.ceil(burst / rate)}`,
      ratelimit: `"requests";r=0;t=${seconds(wait)}`
    }
  })
}

/** The bootstrap key is the operator's, who must get through. */
const isExempt = ({ key }: Actor) => key === 'bootstrap'

type BudgetFor = (allowance: Allowance) => SharedBudget
type Charge = (name: string, done: (refusal?: Problem) => void) => void

/** Charges each request to its client; the refusal where there is nothing left. Names as they stand in the database. */
export function requestLimit ({ requests, anonymous }: Limits, budgetFor: BudgetFor): (actor: Actor, done: (refusal?: Problem) => void) => void {
  const ofClients = charging(requests, budgetFor, 'The client has used up its allowance of requests for now. Wait as Retry-After says.')
  const ofOthers = charging(anonymous, budgetFor, 'All who send no key share one allowance, and it is used up for now. Wait as Retry-After says, or send a key.')
  return (actor, done) => {
    if (isExempt(actor)) done()
    else if (actor.client === null) ofOthers('requests without a key', done)
    else ofClients(`requests of ${actor.client}`, done)
  }
}

function charging (allowance: Allowance | null, budgetFor: BudgetFor, refusal: string): Charge {
  if (allowance === null) return (_, done) => { done() }
  const budget = budgetFor(allowance)
  return (name, done) => {
    const decide = (wait: number) => { done(wait === 0 ? undefined : exhausted(refusal, wait, allowance)) }
    const wait = budget.take(name)
    if (typeof wait === 'number') decide(wait)
    else wait.then(decide, done)
  }
}

export type Enter = (actor: Actor) => () => void

/** So many things of one kind under way for one client: entering answers how to leave, which may be done more than once. */
export function placesFor (most: number, what: string): Enter {
  const inside = new Map<string, number>()
  return actor => {
    if (isExempt(actor)) return () => {}
    const { client } = actor
    const name = client ?? ''
    const there = inside.get(name) ?? 0
    if (there >= most) {
      const who = client === null ? 'All who send no key together have' : 'The client has'
      throw problem('rate_limited', `${who} ${there} ${what} under way, as many as are allowed at once. Wait for one to end.`, { headers: { 'retry-after': '5' } })
    }
    inside.set(name, there + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      const now = inside.get(name)! - 1
      if (now === 0) inside.delete(name)
      else inside.set(name, now)
    }
  }
}

/**
 * Failed logins. An address that has failed too often is not looked at for a while, unless it sends a key that was good here
 * before. While there are too many from everywhere one failure is too often, so an address that has not failed is still heard.
 */
export function loginLimit ({ failures }: Limits, budgetFor: BudgetFor) {
  if (failures === null) return { wait: () => 0, failed: () => {} }
  const [addresses, everywhere] = [budgetFor(failures.address), budgetFor(failures.all)]
  const all = 'wrong keys'
  const of = (address: string) => `wrong keys from ${address}`
  return {
    /** Milliseconds that this address has to wait before another key is looked at. */
    wait: (from: string): number | Promise<number> => {
      const decide = (wait: number) => Math.max(wait, addresses.owes(of(from)) ? everywhere.wait(all) : 0)
      const wait = addresses.heard(of(from))
      return typeof wait === 'number' ? decide(wait) : wait.then(decide)
    },
    failed: (from: string): void => {
      addresses.spend(of(from))
      everywhere.spend(all)
    }
  }
}

export const tooManyFailures = (wait: number) =>
  problem('rate_limited', 'Too many wrong keys came from this address. Wait as Retry-After says, and send a valid key.', { headers: { 'retry-after': seconds(wait) } })
