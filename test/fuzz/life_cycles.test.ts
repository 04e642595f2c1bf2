// Whatever happens to a plan, a measure, their figures and publications, in whatever order: the service holds what a small model holds.
import fc from 'fast-check'
import t from 'tap'
import { start } from '../support/app.js'
import { born } from './life_model.js'
import { steps } from './life_steps.js'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_126)
const runs = 25

await t.test(`every life goes as the model says (FUZZ_SEED=${seed})`, async t => {
  const { admin } = await start(t)
  await admin.put('/v1/areas/city', { title: 'City', kind: 'other' })
  await admin.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  const seen = new Set<string>()
  let lives = 0
  await fc.assert(fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async life => {
    const code = `life-${++lives}`
    await fc.asyncModelRun(() => ({ model: born(), real: { admin, plan: code, measure: code, seen } }), life)
  }), { seed, numRuns: runs, includeErrorInReport: true })
  const wanted = ['plan deleted 204', 'plan deleted 409', 'measure deleted 204', 'measure deleted 409', 'line deleted 204', 'figure withdrawn 204', 'taken back 200', 'taken back 409', 'taken back 422', 'published 201', 'published 409', 'compared 200', 'compared 404']
  t.same(wanted.filter(one => !seen.has(one)), [], 'all of this happened')
  t.equal(lives, runs)
})
