// A hundred thousand requests, valid, at the edges and wrong.
import t from 'tap'
import { fuzz } from '../fuzz/fuzz.js'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_126)

await t.test(`whatever is asked is answered as the document says (FUZZ_SEED=${seed})`, t => fuzz(t, { requests: 100_000, lanes: 4, seed }))
