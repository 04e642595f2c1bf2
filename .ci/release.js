// A release: npm run release -- 1.2.0. Sets the version in package, lock and contract, gives what is unreleased in the CHANGELOG its
// heading, and makes the contract the one that later changes are held against. It commits and publishes nothing.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const [version = ''] = process.argv.slice(2)
const changelog = readFileSync('CHANGELOG.md', 'utf8')
const contract = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'))

if (!/^\d+\.\d+\.\d+$/.test(version)) fail('Which version? npm run release -- 1.2.0')
if (changelog.includes(`\n## ${version} `)) fail(`${version} is in the CHANGELOG already.`)
if (!/\n## Unreleased\n\s*[^\s#]|\n## Unreleased\n+### /.test(changelog)) fail('The CHANGELOG has nothing under Unreleased.')

execFileSync('npm', ['version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts'], { stdio: ['ignore', 'ignore', 'inherit'] })
writeFileSync('CHANGELOG.md', changelog.replace('\n## Unreleased\n', `\n## Unreleased\n\n## ${version} – ${new Date().toISOString().slice(0, 10)}\n`))
contract.info.version = version
for (const file of ['openapi/openapi.json', 'openapi/released.json']) writeFileSync(file, `${JSON.stringify(contract, null, 2)}\n`)
process.stdout.write(`${version}: package.json, package-lock.json, CHANGELOG.md and openapi/ are ready to be looked at and committed.\n`)

function fail (why) {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}
