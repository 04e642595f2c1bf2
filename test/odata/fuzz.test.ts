// Anything at all as a filter: a slice of what test/long does with a hundred thousand.
import t from 'tap'
import { seedFrom } from '../support/random.js'
import { fuzz } from './fuzz.js'

const seed = seedFrom(process.env.FUZZ_SEED)

await t.test(`whatever comes as a filter is understood whole or refused (FUZZ_SEED=${seed})`, t => fuzz(t, { strings: 10_000, asked: 1000, seed }))
