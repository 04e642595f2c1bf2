// Whatever happens to a plan, a measure, their figures and publications, in whatever order: the service holds what a small model holds.
import fc from 'fast-check'
import t from 'tap'
import { start } from '../support/app.js'
import { born } from './life_model.js'
import { steps } from './life_steps.js'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_126)
const runs = Number(process.env.LIFE_RUNS ?? 20)

await t.test(`every life goes as the model says (FUZZ_SEED=${seed})`, async t => {
  const { admin } = await start(t)
  await admin.put('/v1/areas/city', { title: 'City', kind: 'other' })
  await admin.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  let lives = 0
  await fc.assert(fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: 'max' }), async life => {
    const code = `life-${++lives}`
    await fc.asyncModelRun(() => ({ model: born(), real: { admin, plan: code, measure: code } }), life)
  }), { seed, numRuns: runs, includeErrorInReport: true })
  t.ok(lives >= runs)
})
