// Stands in for tap while mutants are tried: its tests themselves, in one process again and again. The first one that fails
// ends the run; those that do not reach the mutant are passed over.
import '@tapjs/core'
import { Test } from '@tapjs/test'
import fc from 'fast-check'

// The same examples for every mutant, and none made shorter: that it fails is enough.
fc.configureGlobal({ seed: 1, endOnFailure: true })

export default {
  async test (name, ...rest) {
    const { run, stryker = globalThis.__stryker__ } = globalThis.mutation
    if (run.only !== undefined && !run.only.includes(name)) return
    stryker.currentTestId = name
    const all = new Test({ name })
    all.resume()
    const started = performance.now()
    await all.test(name, ...rest)
    run.tests.push({ id: name, name, status: all.passing() ? 0 : 1, timeSpentMs: performance.now() - started })
    stryker.currentTestId = undefined
    if (!all.passing()) throw new Error(`not ok: ${name}`)
  }
}
