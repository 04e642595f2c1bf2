// A release: npm run release -- 1.2.0. Sets the version in package, lock and contract, gives what is unreleased in the CHANGELOG its
// heading, makes the contract the one that later changes are held against, and keeps a database of this release, as a backup, for the
// test of upgrades. It commits and publishes nothing.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

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
keepDatabase(`test/fixtures/upgrades/${version}.backup`)
process.stdout.write(`${version}: package.json, package-lock.json, CHANGELOG.md, openapi/ and test/fixtures/upgrades/ are ready to be looked at and committed.\n`)

/** The sample plans, a client and its key in an embedded database, as a backup. */
function keepDatabase (file) {
  const program = fileURLToPath(new URL('..', import.meta.url))
  const dataDir = mkdtempSync(join(tmpdir(), 'outturn-release-'))
  const { DATABASE_URL: _, ...env } = process.env
  const outturn = (...args) => execFileSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], { cwd: program, env: { ...env, OUTTURN_DATA_DIR: dataDir }, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    outturn('load', ...readdirSync(join(program, 'data')).map(name => join('data', name)))
    outturn('key', 'create', '--client', 'partner', '--role', 'contributor', '--organisation', 'nottingham-city-ccg')
    outturn('backup', resolve(file))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function fail (why) {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}
