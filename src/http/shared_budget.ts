// A budget that holds over all processes on one database. Each counts for itself, and says now and then what was spent with it and
// hears what is owed over all: so of requests that come one after the other none waits for that.
import type { Owed, Spent } from '../db/allowances.js'
import { Budget, type Allowance } from './budget.js'

/** Adds what was spent here to what is owed over all, and answers that for these names; null where nobody answers. */
export type AddUp = (spent: Spent, most: number) => Promise<Owed | null>

/** So much of its burst may be spent here before the others know of it; and for so long, in milliseconds. */
const part = 1 / 50
const late = 1000

/** How many were taken, and when the first. */
interface Taken { count: number, since: number }

export class SharedBudget {
  private readonly here: Budget
  /** What the others do not know of yet, by name; and what they are being told. */
  private untold = new Map<string, Taken>()
  private told = new Map<string, Taken>()
  private readonly each: number
  private readonly enough: number
  private readonly most: number
  private telling: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined

  constructor ({ rate, burst }: Allowance, private readonly addUp: AddUp) {
    this.here = new Budget({ rate, burst })
    this.each = 1000 / rate
    this.enough = Math.max(1, Math.floor(burst * part))
    this.most = 2 * burst * this.each
  }

  /** Milliseconds until there is one to take, as far as is known here; 0 where there is. */
  wait (name: string): number {
    return this.here.wait(name, performance.now())
  }

  /** Whether some of it is spent, as far as is known here. */
  owes (name: string): boolean {
    return this.here.owes(name, performance.now())
  }

  /** What `wait` says; later, where enough was spent here for the others to be heard first. */
  heard (name: string): number | Promise<number> {
    const wait = this.wait(name)
    return wait === 0 && this.unknown(name) >= this.enough ? this.tell().then(() => this.heard(name)) : wait
  }

  /** Takes one, or says how many milliseconds there are to wait; both later, where the others are to be heard first. */
  take (name: string): number | Promise<number> {
    const wait = this.heard(name)
    if (typeof wait !== 'number') return wait.then(() => this.take(name))
    if (wait === 0) this.spend(name)
    return wait
  }

  /** Takes one for what has happened already; where nothing is left, nothing. */
  spend (name: string): void {
    const now = performance.now()
    if (this.here.take(name, now) > 0) return
    const { count, since } = this.untold.get(name) ?? { count: 0, since: now }
    this.untold.set(name, { count: count + 1, since })
    if (2 * this.unknown(name) >= this.enough) void this.tell()
    else this.remind()
  }

  /** Says what the others do not know of yet, and hears from them. Whoever comes while that is under way waits only for that. */
  tell (): Promise<void> {
    this.telling ??= this.exchange().finally(() => {
      this.telling = undefined
      if (this.untold.size > 0) this.remind()
    })
    return this.telling
  }

  /** Also what is spent while others are being told. */
  async tellAll (): Promise<void> {
    await this.telling
    await this.tell()
  }

  private unknown (name: string): number {
    return (this.untold.get(name)?.count ?? 0) + (this.told.get(name)?.count ?? 0)
  }

  private remind (): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.tell()
    }, late).unref()
  }

  private async exchange (): Promise<void> {
    if (this.untold.size === 0) return
    this.told = this.untold
    this.untold = new Map()
    const begun = performance.now()
    const spent = [...this.told].map(([name, { count, since }]) => ({ name, owed: count * this.each, age: begun - since }))
    const owed = await this.addUp(spent, this.most)
    const now = performance.now()
    // Where nobody answers each process counts for itself.
    for (const [name, time] of owed ?? []) this.here.raise(name, now + time + (this.untold.get(name)?.count ?? 0) * this.each, now)
    this.told = new Map()
  }
}
