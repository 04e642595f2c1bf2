// Followers of the change feed that are killed and started again while sixteen write, at length.
import t from 'tap'
import { feed } from '../process/feed.js'
import { seedFrom } from '../support/random.js'

const seed = seedFrom(process.env.FEED_SEED)

await t.test(`sixteen writers and followers that are killed (FEED_SEED=${seed})`, t => feed(t, { writes: 250, seed }))
