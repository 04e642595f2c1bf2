// The tests of an area and what they test as one file, so that a mutant does not pay for compiling and for finding modules.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { areas } from './areas.js'

const { tests } = areas[process.argv[2]]

await build({
  stdin: { contents: tests.map(test => `import './test/${test}.test.ts'`).join('\n'), resolveDir: process.cwd() },
  outfile: 'mutated.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  alias: { tap: fileURLToPath(new URL('tap.js', import.meta.url)) },
  packages: 'external',
  logLevel: 'error'
})
