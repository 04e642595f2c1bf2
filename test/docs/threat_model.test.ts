// The threat model names tests; they are there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'

await t.test('every threat names a test that shows what stops it, and what is left', async t => {
  const rows = readFileSync(join(root, 'docs/threat-model.md'), 'utf8').split('\n').filter(line => line.startsWith('| **')).map(line => line.split(' | '))
  t.ok(rows.length > 8)
  for (const [who, stops, tests, left] of rows) {
    t.ok(stops!.length > 20 && left!.length > 5, who!)
    const named = [...tests!.matchAll(/`([\w/]+)`/g)].map(([, name]) => name!)
    t.same(named.filter(name => !existsSync(join(root, `test/${name}.test.ts`))), [], who!)
  }
})
