// Ten thousand questions to pairs of services that differ only in what is hidden: no answer differs.
import t from 'tap'
import { interference } from '../disclosure/interference.js'

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))

await t.test('what is hidden shows in none of ten thousand answers', { timeout: 1_800_000 }, async t => {
  t.comment(`FUZZ_SEED=${seed}`)
  const [first, spoilt, ...others] = await interference(t, { pairs: 10, questions: 1000, seed })
  for (const { differing } of [first!, ...others]) t.same(differing, [])
  t.equal([first!, ...others].reduce((sum, { asked }) => sum + asked, 0), 10_000)
  t.ok(spoilt!.differing.length > 10)
})
