// The table of faults in docs/reliability.md: every fault stands in it, as a run found it, and nothing was lost.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { faults } from '../faults/list.js'

await t.test('every fault has a line with what clients saw, and nothing was lost', async t => {
  const rows = readFileSync(join(root, 'docs/reliability.md'), 'utf8').split('\n').map(line => line.split('|').map(cell => cell.trim()))
  t.ok(faults.length >= 15)
  for (const { name } of faults) {
    const [, , lasted, saw, well, counts = ''] = rows.find(([, first]) => first === name) ?? []
    t.match([lasted, saw, well], [/^[\d.]+ s$/, /^\d+ answers.*; the longest [\d.]+ s$/, /^[\d.]+ s$/], name)
    const [acknowledged, found, lost] = counts.split(' / ').map(Number)
    t.ok(acknowledged! > 0 && found === acknowledged && lost === 0, name)
  }
})
