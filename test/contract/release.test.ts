// A release is made by one command, and only by it the contract that later changes are held against.
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { root } from '../../src/config.js'
import { migrations } from '../../src/db/migrate.js'
import { folder } from '../support/process.js'

await t.test('npm run release', async t => {
  const place = await folder(t)
  for (const name of ['openapi', 'test/fixtures/upgrades']) await mkdir(join(place, name), { recursive: true })
  for (const file of ['package.json', 'package-lock.json', 'openapi/openapi.json']) await cp(join(root, file), join(place, file))
  await writeFile(join(place, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n\n### API\n- A line.\n')
  const release = (...args: string[]) => promisify(execFile)(process.execPath, [join(root, '.ci/release.js'), ...args], { cwd: place })
  const read = (file: string) => readFile(join(place, file), 'utf8')

  await t.test('wants a version', async t => {
    for (const version of [[], ['next'], ['1.2']]) await t.rejects(release(...version), { code: 2, stderr: /^Which version\?/ })
  })

  await t.test('sets the version everywhere and freezes the contract', async t => {
    await release('1.2.0')
    t.equal(JSON.parse(await read('package.json')).version, '1.2.0')
    t.equal(JSON.parse(await read('package-lock.json')).packages[''].version, '1.2.0')
    t.match(await read('CHANGELOG.md'), /\n## Unreleased\n\n## 1\.2\.0 – \d{4}-\d\d-\d\d\n\n### API\n- A line\.\n$/)
    t.equal(await read('openapi/openapi.json'), (await readFile(join(root, 'openapi/openapi.json'), 'utf8')).replace(/"version": "[^"]+"/, '"version": "1.2.0"'))
    t.equal(await read('openapi/released.json'), await read('openapi/openapi.json'))
  })

  await t.test('keeps a database of that release', async t => {
    const [head] = gunzipSync(await readFile(join(place, 'test/fixtures/upgrades/1.2.0.backup'))).toString().split('\n')
    t.same(JSON.parse(head!).migrations, Object.keys(await migrations()))
  })

  await t.test('makes no version twice, and none without changes', async t => {
    await t.rejects(release('1.2.0'), { code: 2, stderr: /already/ })
    await t.rejects(release('1.3.0'), { code: 2, stderr: /nothing under Unreleased/ })
    t.equal(JSON.parse(await read('package.json')).version, '1.2.0')
  })
})
