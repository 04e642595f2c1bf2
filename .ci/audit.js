// Known weaknesses of the packages that the service runs with. Fails where one is high or critical; where the registry gives no
// answer it says so and does not fail, for nothing was found out: "not run" is not "passed".
import { spawnSync } from 'node:child_process'

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 120_000 })
const answer = read(stdout)
const counts = answer?.metadata?.vulnerabilities

if (counts === undefined) {
  const why = error?.message ?? answer?.message ?? answer?.error?.summary ?? 'npm audit gave no answer that can be read'
  say(`not run: ${why.replace(/ - [A-Z]+ https?:.*/, '')}`)
} else if (counts.high + counts.critical > 0) {
  for (const [name, { severity, range }] of Object.entries(answer.vulnerabilities)) say(`${severity}: ${name} ${range}`)
  say(`failed: ${counts.critical} critical and ${counts.high} high`)
  process.exitCode = 1
} else {
  say(`passed: ${answer.metadata.dependencies?.prod ?? 'all'} packages, ${counts.total} weaknesses below high`)
}

function say (line) {
  process.stdout.write(`Dependency audit ${line}\n`)
}

function read (text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
