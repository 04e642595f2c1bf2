// One area of areas.js, which run.js names.
import { fileURLToPath } from 'node:url'
import { areas } from './areas.js'

const { AREA } = process.env
const here = name => fileURLToPath(new URL(name, import.meta.url))

export default {
  mutate: areas[AREA].mutate,
  plugins: [here('runner.js')],
  testRunner: 'again',
  coverageAnalysis: 'perTest',
  buildCommand: `node ${here('bundle.js')} ${AREA}`,
  ignorePatterns: ['/*', '!/src', '!/test', '!/docs'],
  tempDirName: '.ci/mutation/node_modules/.mutants',
  cleanTempDir: 'always',
  concurrency: 2,
  // Each run leaves its modules behind.
  maxTestRunnerReuse: 200,
  timeoutMS: 5000,
  thresholds: { high: 95, low: 90, break: 85 },
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false }
}
