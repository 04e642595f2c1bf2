// Rounds in which all that is compared takes its turn, and the table of what came of them.
import { loadavg } from 'node:os'
import { median } from './client.js'

export interface Line { what: string, ours: string, rival: string, ratio: number | null, aim: string, reached: boolean | null }

/** What a step answers where the service does not do it yet, or the machine has not the program for it. */
export const notYet = Symbol('not yet')

export type Measured = number[] | typeof notYet

export type Step = (round: number) => Promise<number | typeof notYet>

/**
 * Runs the steps in turn, in each second round backwards, so that what the machine does besides falls on all alike.
 * The first rounds warm up and do not count.
 */
export async function rounds<K extends string> (count: number, warmUp: number, steps: Record<K, Step>): Promise<Record<K, Measured>> {
  const results = Object.fromEntries(Object.keys(steps).map(name => [name, []])) as unknown as Record<K, Measured>
  for (let round = 0; round < warmUp + count; round++) {
    const names = Object.keys(steps) as K[]
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      if (results[name] === notYet) continue
      const result = await steps[name](round)
      if (result === notYet) results[name] = notYet
      else if (round >= warmUp) results[name].push(result)
    }
  }
  return results
}

/** Median of the ratios within each round: two numbers of one round were taken under the same load. */
const ratioOf = (values: number[], others: number[]) => median(values.map((value, i) => value / others[i]!))

export const thousands = (value: number) => Math.round(value).toLocaleString('en-GB').replaceAll(',', '\u202f')

const rounded = (value: number) => value >= 100 ? thousands(value) : value.toFixed(value >= 10 ? 1 : 2)

const shown = (values: Measured, unit: string, otherwise: string) => values === notYet ? otherwise : `${rounded(median(values))} ${unit}`

const reached = (ratio: number | null, aim: number | null, most: boolean) =>
  ratio === null || aim === null ? null : most ? ratio <= aim : ratio >= aim

export class Table {
  private readonly lines: Line[] = []

  private add (line: Line): void {
    this.lines.push(line)
    const { what, ours, rival, ratio, aim } = line
    process.stderr.write(`${what}: ${ours} · ${rival} · ${ratio?.toFixed(2) ?? ''} (aim ${aim}; load ${loadavg()[0]!.toFixed(1)})\n`)
  }

  /** How many times better than the rival: of rates. */
  times (what: string, unit: string, ours: Measured, rival: Measured, aim: number | null): void {
    const ratio = ours === notYet || rival === notYet ? null : ratioOf(ours, rival)
    this.add({ what, ours: shown(ours, unit, 'not yet'), rival: shown(rival, unit, 'n/a'), ratio, aim: aim === null ? '–' : `≥ ${aim}`, reached: reached(ratio, aim, false) })
  }

  /** A figure on its own, which is to stay below a limit where one is set. */
  below (what: string, unit: string, value: number | null | typeof notYet, limit: number | null, rival = '–'): void {
    const ours = value === notYet ? 'not yet' : value === null ? 'n/a' : `${rounded(value)} ${unit}`
    this.add({ what, ours, rival, ratio: null, aim: limit === null ? '–' : `< ${limit} ${unit}`, reached: typeof value === 'number' && limit !== null ? value < limit : null })
  }

  /** What becomes of our own figure with ten times the rows. */
  growth (what: string, unit: string, before: Measured, after: Measured, aim: { most: number } | { least: number }): void {
    const ratio = before === notYet || after === notYet ? null : ratioOf(after, before)
    const limit = 'most' in aim ? aim.most : aim.least
    const text = `${'most' in aim ? '≤' : '≥'} ${limit}`
    const [ours, rival] = [shown(after, unit, 'not yet'), shown(before, unit, 'not yet')]
    this.add({ what, ours, rival, ratio, aim: text, reached: reached(ratio, limit, 'most' in aim) })
  }

  markdown (rival: string): string {
    const rows = this.lines.map(({ what, ours, rival, ratio, aim, reached }) =>
      `| ${what} | ${ours} | ${rival} | ${ratio === null ? '' : ratio.toFixed(2)} | ${aim}${reached === null ? '' : reached ? ' ✓' : ' ✗'} |`)
    return [`| what | ours | ${rival} | ratio | aim |`, '|---|---|---|---|---|', ...rows].join('\n')
  }
}
