// A hundred thousand texts as filters, five thousand of them put to the running service.
import t from 'tap'
import { fuzz } from '../odata/fuzz.js'
import { seedFrom } from '../support/random.js'

const seed = seedFrom(process.env.FUZZ_SEED)

await t.test(`whatever comes as a filter is understood whole or refused (FUZZ_SEED=${seed})`, t => fuzz(t, { strings: 100_000, asked: 5000, seed }))
