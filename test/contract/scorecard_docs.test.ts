// The guide to the scorecard names every rule and every reason there is.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { notJudgedReasons, unknownReasons } from '../../src/documents/scorecard/schema.js'
import { ragRuleKinds } from '../../src/resources/rag_rules/schema.js'
import { ragForms } from '../../src/statistics/rag.js'

await t.test('docs/scorecard.md', async t => {
  const text = await readFile(join(root, 'docs/scorecard.md'), 'utf8')
  const members = Object.values(ragForms).flatMap(({ needed, allowed }) => [...needed, ...allowed])
  for (const name of [...ragRuleKinds, ...notJudgedReasons, ...unknownReasons, ...members.filter(one => !/_(lower|upper)$/.test(one))]) t.ok(text.includes(`\`${name}\``), name)
  t.same(Object.keys(ragForms), [...ragRuleKinds], 'and each rule has its form')
})
