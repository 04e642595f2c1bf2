// Followers of the change feed that are killed and started again while sixteen write: a short run. test/long has the long one.
import t from 'tap'
import { seedFrom } from '../support/random.js'
import { feed } from './feed.js'

const seed = seedFrom(process.env.FEED_SEED)

await t.test(`sixteen writers and followers that are killed (FEED_SEED=${seed})`, t => feed(t, { writes: 15, seed }))
