// Runs the tests of an area (bundle.js) against one mutant after the other without starting a process for each: every run
// imports the bundle anew, so that what is worked out as a module is loaded is worked out with the mutant in it.
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

let runs = 0

async function run (only) {
  const run = { only, tests: [] }
  globalThis.mutation = { run }
  try {
    await import(`${pathToFileURL(resolve('mutated.mjs'))}?${runs++}`)
    return { ...run, failure: null }
  } catch (error) {
    return { ...run, failure: String(error) }
  }
}

class Runner {
  capabilities () {
    return { reloadEnvironment: true }
  }

  async dryRun () {
    globalThis.__stryker__ = {}
    const { tests, failure } = await run()
    if (failure !== null) return { status: 'error', errorMessage: failure }
    return { status: 'complete', tests, mutantCoverage: globalThis.__stryker__.mutantCoverage }
  }

  async mutantRun ({ activeMutant, testFilter, hitLimit }) {
    const stryker = globalThis.__stryker__ = { activeMutant: activeMutant.id, hitCount: hitLimit === undefined ? undefined : 0, hitLimit }
    const { tests, failure } = await run(testFilter)
    if (stryker.hitCount > hitLimit) return { status: 'timeout', reason: 'endless' }
    if (failure === null) return { status: 'survived', nrOfTests: tests.length }
    return { status: 'killed', killedBy: [tests.at(-1)?.id ?? 'loading'], failureMessage: failure, nrOfTests: tests.length }
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'again', injectableClass: Runner }]
