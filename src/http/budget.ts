// A token bucket for each of many names, held as one number: the moment at which everything has been saved up again.
// Pure: the time is an argument.

/** So many a second in the long run, and so many at once after a rest. */
export interface Allowance { rate: number, burst: number }

export class Budget {
  /** By name, in milliseconds; whoever has saved up everything need not stand here. */
  private readonly full = new Map<string, number>()
  private readonly each: number
  private readonly most: number

  /** Of more names than `names` those are forgotten that owe least. */
  constructor ({ rate, burst }: Allowance, private readonly names = 10_000) {
    this.each = 1000 / rate
    this.most = (burst - 1) * this.each
  }

  /** Milliseconds until there is one to take; 0 where there is. */
  wait (name: string, now: number): number {
    return Math.max(0, (this.full.get(name) ?? now) - now - this.most)
  }

  /** Whether some of it is spent. */
  owes (name: string, now: number): boolean {
    return (this.full.get(name) ?? now) > now
  }

  /** Takes one, or says how many milliseconds there are to wait. */
  take (name: string, now: number): number {
    const wait = this.wait(name, now)
    if (wait === 0) this.raise(name, Math.max(this.full.get(name) ?? now, now) + this.each, now)
    return wait
  }

  /** Everything will have been saved up at this moment, or later where that is known already. */
  raise (name: string, moment: number, now: number): void {
    const before = this.full.get(name)
    if (before === undefined && this.full.size >= this.names) this.forget(now)
    this.full.set(name, Math.max(before ?? now, moment))
  }

  /** Who has saved up everything goes; where that is not a tenth, those who will have soonest. */
  private forget (now: number): void {
    for (const [name, full] of this.full) if (full <= now) this.full.delete(name)
    const surplus = this.full.size - Math.floor(this.names * 0.9)
    if (surplus <= 0) return
    for (const [name] of [...this.full].sort(([, a], [, b]) => a - b).slice(0, surplus)) this.full.delete(name)
  }
}
