// Mixed load on three processes with a replica that lags, breaks reads off, is killed and comes back: whoever wrote reads it at once,
// who follows misses nothing, and nobody sees anything but answers and what is to be repeated.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { connect } from '../../src/db/connection.js'
import { contents } from '../support/contents.js'
import { dice } from '../support/random.js'
import { crowd, type Crowd } from './asking.js'
import { befall, type State } from './faults.js'
import { acts, check, checkNames, type Partner } from './partners.js'
import { several, type World } from './world.js'

/** What was seen that shows that the test could fail. */
interface Counts extends Record<'checksWhileBehind' | 'ownWhileBehind' | 'othersBehind' | 'reads' | 'walks', number> {
  acts: Record<string, number>
  checks: Record<string, number>
}

interface Scene { t: Test, world: World, crowd: Crowd, state: State, counts: Counts, stale: string[] }

const figures = 20_000
const one = (record: Record<string, number>, name: string) => { record[name] = (record[name] ?? 0) + 1 }

async function prepare ({ services, keyOf }: World, partners: number, seed: number): Promise<Partner[]> {
  const { put, post } = services[0]!
  await put('/v1/measures/many', { title: 'Many', unit: 'count', visibility: 'public', steward: 'council' })
  const rows = Array.from({ length: figures }, (_, i) => ({ measure: 'many', area: 'place', period: `CY${1000 + Math.floor(i / 12)}-M${String(i % 12 + 1).padStart(2, '0')}`, value: i }))
  for (let at = 0; at < figures; at += 10_000) await post('/v1/datapoint-imports', { datapoints: rows.slice(at, at + 10_000) })
  return Promise.all(Array.from({ length: partners }, async (_, i): Promise<Partner> => {
    const area = `w${i + 1}`
    await put(`/v1/areas/${area}`, { title: area, kind: 'ward' })
    await put(`/v1/plans/plan-${area}`, { title: area, owner: 'council', area, period: 'CY2000..CY2023', visibility: 'public' })
    await put(`/v1/plans/plan-${area}/priorities/1`, { title: 'First' })
    await put(`/v1/plans/plan-${area}/outcomes/1a`, { title: 'Outcome', priority: '1' })
    await put(`/v1/plans/plan-${area}/measures/line`, { measure: 'count', outcome: '1a' })
    return { area, key: (await keyOf(`partner-${i + 1}`)).key, chance: dice(seed + i), held: new Map(), count: 0 }
  }))
}

/** Writes one thing, and looks for it in two ways. */
async function write ({ crowd, state, counts, stale }: Scene, partner: Partner): Promise<void> {
  const { chance } = partner
  while (!state.over()) {
    const act = chance.pick(Object.keys(acts))
    const began = state.paused
    await acts[act]!(crowd, partner)
    one(counts.acts, act)
    for (const name of chance.some(checkNames, 2)) {
      const fault = await check(crowd, partner, name)
      if (fault !== undefined) stale.push(`after a ${act}, ${fault}`)
      one(counts.checks, name)
      if (began && state.paused) counts.checksWhileBehind++
    }
    await sleep(chance.roll(100))
  }
}

/** One figure that counts up; the same key reads it elsewhere meanwhile, and so does another. */
async function tick ({ world, crowd, state, counts, stale }: Scene): Promise<void> {
  const [{ key: own }, { key: other }] = [await world.keyOf('ticker'), await world.keyOf('observer', 'reader')]
  const path = '/v1/measures/count/datapoints/place/FY2016'
  let acknowledged = 0
  const put = async (value: number) => {
    await crowd.ask(path, { method: 'PUT', key: own, body: { value }, expect: [200, 201] })
    acknowledged = value
  }
  await put(1)
  await world.caughtUp()
  const count = async () => {
    while (!state.over()) await put(acknowledged + 1).then(() => sleep(30))
  }
  const watch = async (key: string, found: (value: number, least: number, behind: boolean) => void) => {
    while (!state.over()) {
      const [least, behind] = [acknowledged, state.paused]
      found((await crowd.ask(path, { key })).json().value as number, least, behind && state.paused)
      await sleep(30)
    }
  }
  await Promise.all([
    count(),
    watch(own, (value, least, behind) => {
      if (value < least) stale.push(`${value} after ${least} had been acknowledged`)
      if (behind) counts.ownWhileBehind++
    }),
    // Only the replica can say what is no longer so.
    watch(other, (value, least) => { if (value < least) counts.othersBehind++ })
  ])
}

const reads = ['/v1/datapoints?measure=many&limit=1000', '/v1/datapoints?measure=many&format=csv', '/v1/plans/plan-w1/tree', '/v1/plans/plan-w1/scorecard', '/odata/v1/Datapoints?$top=500', '/v1/areas', '/plans/plan-w1']

async function analyse ({ crowd, state, counts }: Scene, key: string | undefined): Promise<void> {
  for (let n = 0; !state.over(); n++) {
    await crowd.ask(reads[n % reads.length]!, { key })
    counts.reads++
    await sleep(50)
  }
}

interface Copy { bookmark: string | undefined, held: Map<string, number | null> }

/** One walk through what changed; what it found counts when it has come to its end. */
async function walk ({ crowd, counts }: Scene, key: string, copy: Copy): Promise<void> {
  let bookmark: string | undefined
  const found: Array<{ area: string, period: string, value: number | null, deleted: boolean }> = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ measure: 'count', include_deleted: 'true', limit: '20', ...(copy.bookmark && { changed_since: copy.bookmark }), ...(cursor && { cursor }) })
    const reply = await crowd.ask(`/v1/datapoints?${query.toString()}`, { key })
    bookmark ??= reply.headers['outturn-cursor'] as string
    const page = reply.json()
    found.push(...page.items)
    cursor = page.next_cursor
  }
  for (const { area, period, value, deleted } of found) copy.held.set(`${area} ${period}`, deleted ? null : value)
  copy.bookmark = bookmark
  counts.walks++
}

async function changes ({ crowd, state }: Scene, key: string): Promise<void> {
  for (let after = ''; !state.over(); await sleep(100)) after = `&after=${(await crowd.ask(`/v1/changes?limit=200${after}`, { key })).json().next_cursor as string}`
}

export async function mixed (t: Test, { seconds, seed, least }: { seconds: number, seed: number, least: number }): Promise<void> {
  const world = await several(t, { ofReplica: ['hot_standby_feedback=off', 'max_standby_streaming_delay=100'] })
  const partners = await prepare(world, 6, seed)
  const clients = crowd(world)
  const counts: Counts = { acts: {}, checks: {}, checksWhileBehind: 0, ownWhileBehind: 0, othersBehind: 0, reads: 0, walks: 0 }
  const end = Date.now() + seconds * 1000
  const ended = { early: false, faults: false }
  const state: State = { paused: false, conflicts: 0, done: {}, over: () => ended.early || Date.now() > end }
  // The load goes on until the last fault is over.
  const seen = { ...state, over: () => ended.early || ended.faults, get paused () { return state.paused } }
  const scene: Scene = { t, world, crowd: clients, state: seen, counts, stale: [] }
  const { key } = await world.keyOf('analyst', 'reader')
  const copy: Copy = { bookmark: undefined, held: new Map() }
  const follow = async () => { while (!scene.state.over()) await walk(scene, key, copy).then(() => sleep(50)) }
  const lanes = [
    befall(world, clients, state).finally(() => { ended.faults = true }),
    ...partners.map(partner => write(scene, partner)), tick(scene), follow(), changes(scene, key), analyse(scene, key), analyse(scene, undefined)
  ]
  await Promise.all(lanes.map(lane => lane.catch((error: unknown) => {
    clients.tally.wrong.push(String(error))
    ended.early = true
  })))
  process.stderr.write(`${JSON.stringify({ seed, ...clients.tally, ...counts, faults: state.done, conflicts: state.conflicts }, null, 1)}\n`)

  t.same(scene.stale.slice(0, 10), [], 'whoever wrote reads what it wrote, at once and through another process')
  t.same(clients.tally.wrong.slice(0, 10), [], 'nobody sees anything but answers and what is to be repeated')
  for (const [name, count] of Object.entries({ ...counts.acts, ...counts.checks })) t.ok(count >= least, `${name}: ${count} times`)
  t.equal(Object.keys(counts.acts).length + Object.keys(counts.checks).length, Object.keys(acts).length + checkNames.length, 'everything was done')
  for (const name of ['checksWhileBehind', 'ownWhileBehind', 'othersBehind'] as const) t.ok(counts[name] >= least, `${name}: ${counts[name]}`)
  t.ok(state.conflicts > 0, `the replay broke ${state.conflicts} reads off`)
  await settled(scene, partners, key, copy)
  clients.end()
  for (const one of world.services) t.equal(await one.stop(), 0)
}

/** In the end all have the same. */
async function settled (scene: Scene, partners: Partner[], key: string, copy: Copy): Promise<void> {
  const { t, world, crowd, stale } = scene
  await world.caughtUp()
  for (const partner of partners) {
    for (const name of checkNames) stale.push(await check(crowd, { ...partner, key }, name) ?? '')
  }
  t.same(stale.filter(fault => fault !== '').slice(0, 10), [], 'what was acknowledged is there, for others too')
  await walk(scene, key, copy)
  const followed = [...copy.held].filter(([name, value]) => value !== null && name.startsWith('w')).sort()
  t.same(followed, partners.flatMap(({ area, held }) => [...held].map(([period, value]) => [`${area} ${period}`, value])).sort(), 'who followed has missed nothing')
  const [primary, replica] = [connect(world.primary.url), connect(world.replica.url)]
  t.same(await contents(replica), await contents(primary), 'and the replica is what the primary is')
  await Promise.all([primary.close(), replica.close()])
}
