// Three minutes of mixed load on several processes with a replica. REPLICA_SECONDS shortens them, for trying out.
import t from 'tap'
import { mixed } from '../replica/mixed.js'
import { seedFrom } from '../support/random.js'

const seconds = Number(process.env.REPLICA_SECONDS ?? 180)
const seed = seedFrom(process.env.REPLICA_SEED)

await t.test(`${seconds} seconds of mixed load with a replica (REPLICA_SEED=${seed})`, t => mixed(t, { seconds, seed, least: seconds / 10 }))
