// So many minutes of steady, mixed load on one service, which is watched from outside: its memory stays as it is, it lets go of all
// that it opened, and it answers as fast in the end as in the beginning.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { until } from '../support/process.js'
import { between, linesOf, median, slope, tableOfSamples, tableOfTimes } from './judge.js'
import { pace } from './pace.js'
import { readers, refused, rude } from './readers.js'
import { amounts, look, type Sample } from './watch.js'
import { prepareWorld } from './world.js'
import { writers } from './writers.js'

/** How far the memory of the end may be from that after the warm-up, and how many times as long requests may take: the slowest of a hundred, and the middle one of all. */
const most = { memory: 0.1, p99: 2, median: 1.5 }
/** Of the whole time: the warm-up, and the windows that are compared. */
const fifth = 0.2
const beat = 5000
/** Idle connections to the database are closed after ten seconds, those of clients at once. */
const calm = 15_000

export async function soak (t: Test, minutes: number): Promise<void> {
  const world = await prepareWorld(t)
  await sleep(calm)
  const before = await look(world, performance.now())
  const held = await amounts(world)
  const length = minutes * 60_000
  const load: ReturnType<typeof pace> = pace(world.url, [...writers(world), ...readers(world), ...refused(world), ...rude(world, () => load.agent)])
  const samples: Sample[] = []
  for (let at = beat; at <= length; at += beat) {
    await sleep(load.began + at - performance.now())
    samples.push(await look(world, load.began))
    if (process.env.VERBOSE !== undefined) process.stderr.write(`${JSON.stringify(samples.at(-1))} ${load.timings.length} ${load.wrong.slice(-1).join('')}\n`)
  }
  await load.end()
  process.stderr.write(`${load.timings.length} requests; in the database ${JSON.stringify(held)} before and ${JSON.stringify(await amounts(world))} after\n\n`)
  const windows = Array.from({ length: 5 }, (_, i) => between(samples, i * fifth * length, (i + 1) * fifth * length + beat / 2))
  const groups = linesOf(load.timings, ({ kind }) => kind.group, fifth * length, length)
  process.stderr.write(`${tableOfTimes(groups)}\n\n${tableOfTimes(linesOf(load.timings, ({ kind }) => kind.name, fifth * length, length))}\n`)

  t.same(load.wrong.slice(0, 10), [], 'everybody gets what there is to get')
  const [early, late] = [windows[1]!, windows[4]!].map(one => median(one.map(({ rss }) => rss))) as [number, number]
  t.ok(Math.abs(late - early) <= most.memory * early, `memory stays as it is: ${early.toFixed()} MB after the warm-up, ${late.toFixed()} MB in the end`)
  const after = samples.filter(({ at }) => at > fifth * length)
  const grown = slope(after, ({ rss }) => rss) * minutes * (1 - fifth)
  t.ok(grown <= most.memory * early, `and does not rise steadily: ${grown.toFixed(1)} MB by the line that fits best`)
  for (const { name, ratio, lasting } of groups) {
    t.ok(Math.min(ratio, lasting) <= most.p99, `${name}: p99 of the last third is ${ratio.toFixed(2)} times that of the first, ${lasting.toFixed(2)} times in the median of its fifths`)
  }
  const { thirds: [first, , last] } = linesOf(load.timings, () => 'all', fifth * length, length)[0]!
  t.ok(last!.median <= most.median * first!.median, `the median of all goes from ${first!.median.toFixed(1)} to ${last!.median.toFixed(1)} ms`)

  let now = before
  const isCalm = async () => {
    now = await look(world, load.began)
    return now.descriptors <= before.descriptors && now.connections <= before.connections && now.files === 0
  }
  const calmAgain = await until('an idle service', isCalm).catch(() => false)
  const parts = windows.map((one, i): [string, Sample[]] => [`minutes ${i * minutes / 5} to ${(i + 1) * minutes / 5}`, one])
  process.stderr.write(`${tableOfSamples([['idle before', [before]], ...parts, ['idle after', [now]]])}\n`)
  t.ok(calmAgain, 'and everything that was opened is closed', { before, now })
  t.equal(await world.service.stop(), 0, 'the service stops well')
}
