// Anything at all as a request: a slice of what test/long does with a hundred thousand.
import t from 'tap'
import { fuzz } from './fuzz.js'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_126)

await t.test(`whatever is asked is answered as the document says (FUZZ_SEED=${seed})`, t => fuzz(t, { requests: 5000, lanes: 4, missed: 8, seed }))
