// Readers that refresh in parts or by what changed: a short year. test/long has the long one.
import t from 'tap'
import { seedFrom } from '../support/random.js'
import { refresh } from './refresh.js'

const seed = seedFrom(process.env.REFRESH_SEED)

await t.test(`a year of edits, refreshed week by week (REFRESH_SEED=${seed})`, t => refresh(t, { days: 52, every: 1, edits: 3, seed }))
