// What a soak came to: medians, slopes and percentiles, and the tables of them.
import type { Timing } from './pace.js'
import type { Sample } from './watch.js'

export const median = (values: number[]): number => percentile(values, 0.5)

/** By the nearest rank. */
export function percentile (values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}

/** Of the straight line that fits best, a minute. */
export function slope (samples: Sample[], of: (sample: Sample) => number): number {
  const points = samples.map(sample => [sample.at / 60_000, of(sample)] as const)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(point => point[0])), mean(points.map(point => point[1]))]
  return points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

export const between = <T extends { at: number }>(all: T[], from: number, to: number): T[] => all.filter(({ at }) => at >= from && at < to)

export interface Line { name: string, count: number, thirds: Array<{ median: number, p99: number, lasting: number }>, ratio: number, lasting: number }

/** The median of the p99 of each fifth: what a machine that stands still once does not move. */
function lastingOf (timings: Timing[], from: number, length: number): number {
  const fifth = length / 5
  return median(Array.from({ length: 5 }, (_, i) => between(timings, from + i * fifth, from + (i + 1) * fifth))
    .filter(one => one.length > 0).map(one => percentile(one.map(({ took }) => took), 0.99)))
}

/** Of each name the three thirds of the time from `from` to `to`, and how the last stands to the first: in p99, and in what of it lasts. */
export function linesOf (timings: Timing[], name: (timing: Timing) => string, from: number, to: number): Line[] {
  const third = (to - from) / 3
  const counted = between(timings, from, to)
  return [...new Set(counted.map(name))].map(one => {
    const of = counted.filter(timing => name(timing) === one)
    const thirds = [0, 1, 2].map(i => {
      const start = from + i * third
      const took = between(of, start, start + third).map(timing => timing.took)
      return { median: median(took), p99: percentile(took, 0.99), lasting: lastingOf(of, start, third) }
    })
    const [first, , last] = thirds as [Line['thirds'][number], unknown, Line['thirds'][number]]
    return { name: one, count: of.length, thirds, ratio: last.p99 / first.p99, lasting: last.lasting / first.lasting }
  })
}

const row = (cells: Array<string | number>) => `| ${cells.join(' | ')} |`

export const tableOfTimes = (lines: Line[]): string => [
  row(['kind', 'requests', 'median of the thirds, ms', 'p99 of the thirds, ms', 'p99, last to first', 'what of it lasts']), '|---|---|---|---|---|---|',
  ...lines.map(({ name, count, thirds, ratio, lasting }) =>
    row([name, count, thirds.map(({ median }) => Math.round(median)).join(' · '), thirds.map(({ p99 }) => Math.round(p99)).join(' · '), ratio.toFixed(2), lasting.toFixed(2)]))
].join('\n')

/** What is left of it after garbage was collected, near enough. */
export const leastHeap = (samples: Sample[]): number => Math.min(...samples.map(({ heap }) => heap))

const of = (samples: Sample[], value: keyof Sample) => Math.round(median(samples.map(sample => sample[value])))

export const tableOfSamples = (parts: Array<[string, Sample[]]>): string => {
  const shown = ['rss', 'heap', 'heapTotal', 'external', 'descriptors', 'sockets', 'handles', 'threads', 'connections', 'waiting', 'files'] as const
  return [
    row(['medians', ...shown, 'least heap']),
    row(['---', ...shown.map(() => '---'), '---']),
    ...parts.map(([name, samples]) => row([name, ...shown.map(value => of(samples, value)), Math.round(leastHeap(samples))]))
  ].join('\n')
}
