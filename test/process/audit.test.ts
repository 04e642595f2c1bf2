// The dependency audit of CI says what it found out: that it passed, that it failed, or that it was not run at all.
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { folder } from '../support/process.js'

const found = (high: number) => JSON.stringify({
  vulnerabilities: high === 0 ? {} : { leftpad: { severity: 'high', range: '<1.0.0' } },
  metadata: { vulnerabilities: { info: 0, low: 1, moderate: 0, high, critical: 0, total: 1 + high }, dependencies: { prod: 120 } }
})

const answers: Array<[name: string, npm: string, code: number, says: RegExp]> = [
  ['nothing grave', `echo '${found(0)}'`, 0, /^Dependency audit passed: 120 packages, 1 weaknesses below high\n$/],
  ['something grave', `echo '${found(1)}'; exit 1`, 1, /^Dependency audit high: leftpad <1\.0\.0\nDependency audit failed: 0 critical and 1 high\n$/],
  ['a registry that refuses', 'echo \'{"message": "405 Method Not Allowed - POST https://registry.example/audit", "error": {}}\'; exit 1', 0, /^Dependency audit not run: 405 Method Not Allowed\n$/],
  ['a registry out of reach', 'echo \'{"error": {"code": "ENOTFOUND", "summary": "request failed"}}\'; exit 1', 0, /^Dependency audit not run: request failed\n$/],
  ['no answer at all', 'exit 7', 0, /^Dependency audit not run: /]
]

await t.test('the audit tells apart', async t => {
  for (const [name, npm, code, says] of answers) {
    const place = await folder(t)
    await writeFile(join(place, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 })
    const { status, stdout } = spawnSync(process.execPath, [join(root, '.ci/audit.js')], { env: { PATH: `${place}:/bin:/usr/bin` }, encoding: 'utf8' })
    t.equal(status, code, name)
    t.match(stdout, says, name)
    if (code === 0 && !/passed/.test(String(says))) t.notMatch(stdout, /passed/, name)
  }
})
