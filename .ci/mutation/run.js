// npm run test:mutation, with the names of areas or for all of them. Fails where fewer than 85 of 100 mutants are noticed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { areas } from './areas.js'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const asked = process.argv.slice(2)

for (const area of asked.length > 0 ? asked : Object.keys(areas)) {
  const { status } = spawnSync(process.execPath, [here('node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', here('stryker.config.js')], {
    cwd: here('../..'), env: { ...process.env, AREA: area }, stdio: 'inherit'
  })
  if (status !== 0) process.exitCode = 1
}
