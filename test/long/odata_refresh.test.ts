// Readers that refresh in parts or by what changed, day by day for a year.
import t from 'tap'
import { refresh } from '../odata/refresh.js'
import { seedFrom } from '../support/random.js'

const seed = seedFrom(process.env.REFRESH_SEED)

await t.test(`a year of edits, refreshed day by day (REFRESH_SEED=${seed})`, t => refresh(t, { days: 365, every: 1, edits: 5, seed }))
await t.test('and now and then only', t => refresh(t, { days: 365, every: 9, edits: 5, seed: seed + 1 }))
