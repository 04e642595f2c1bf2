// Services that differ only in what a disclosure rule hides answer every reader alike, byte by byte.
import t from 'tap'
import { interference } from './interference.js'

await t.test('what is hidden shows in no answer', { timeout: 300_000 }, async t => {
  const [first, spoilt, ...others] = await interference(t, { pairs: 2, questions: 400, seed: 20261126 })
  for (const { asked, differing } of [first!, ...others]) {
    t.same(differing, [], `${asked} questions`)
    t.equal(asked, 400)
  }
  t.ok(spoilt!.differing.length > 10, `and would be noticed: ${spoilt!.differing.length} answers differ where it is published`)
})
