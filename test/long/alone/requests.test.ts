// A hundred thousand requests, valid, at the edges and wrong. One process asks and answers, and leaves the database half a processor:
// so two of them, and nothing beside.
import { fileURLToPath } from 'node:url'
import t from 'tap'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_126)
const [parts, lanes] = [2, 2]
const part = fileURLToPath(new URL('../../fuzz/part.ts', import.meta.url))

t.jobs = parts
for (let i = 0; i < parts; i++) {
  const first = seed + i * lanes
  void t.spawn(process.execPath, [...process.execArgv, part, String(100_000 / parts), String(lanes), String(first)], { buffered: true }, `whatever is asked is answered as the document says (from FUZZ_SEED=${first})`)
}
