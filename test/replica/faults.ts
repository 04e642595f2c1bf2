// What befalls a replica and the processes that read from it, one thing after the other.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Crowd } from './asking.js'
import type { World } from './world.js'

/** What the load may know of it. */
export interface State { paused: boolean, over: () => boolean, conflicts: number, done: Record<string, number> }

type Fault = (world: World, crowd: Crowd, state: State) => Promise<void>

const conflictsOf = async ({ replica }: World) => Number((await replica.query('select sum(conflicts) as count from pg_stat_database')).rows[0].count)

/** A read of many seconds on the replica itself, which the replay has to break off. */
async function longRead ({ replica }: World): Promise<void> {
  const client = new pg.Client(replica.url)
  client.on('error', () => {})
  await client.connect()
  await client.query('begin isolation level repeatable read').then(() => client.query('select count(*) from figures, pg_sleep(5)')).catch(() => {})
  await client.end().catch(() => {})
}

const faults: Record<string, Fault> = {
  'replay paused': async ({ replica }, _, state) => {
    await replica.query('select pg_wal_replay_pause()')
    await sleep(300)
    state.paused = true
    await sleep(5000)
    state.paused = false
    await replica.query('select pg_wal_replay_resume()')
  },
  'replay against reads': async (world, _, state) => {
    const reading = longRead(world)
    for (let i = 0; i < 8; i++) {
      await world.primary.query("set lock_timeout = '300ms'; begin; lock table figures in access exclusive mode; commit").catch(() => {})
      await world.primary.query('vacuum')
      await sleep(300)
    }
    await reading
    state.conflicts += await conflictsOf(world)
  },
  'process of the service killed': async ({ services, restart }, { down }, { done }) => {
    const i = (done['process of the service killed'] ?? 0) % services.length
    down.add(i)
    await services[i]!.kill()
    await sleep(1500)
    await restart(i)
    down.delete(i)
  },
  'replica killed': async ({ replica }) => {
    await replica.kill()
    await sleep(2000)
    await replica.start()
  },
  'replica restarted': async ({ replica }) => {
    await replica.stop()
    await replica.start()
  }
}

/** Until the time is over, and each at least once. */
export async function befall (world: World, crowd: Crowd, state: State): Promise<void> {
  while (!state.over()) {
    for (const [name, fault] of Object.entries(faults)) {
      await sleep(1500)
      await fault(world, crowd, state)
      state.done[name] = (state.done[name] ?? 0) + 1
      // Until a replica that was lost is asked again.
      if (name.startsWith('replica')) await sleep(5500)
    }
  }
}
