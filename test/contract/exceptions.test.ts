// The last of the contract tests: every exception has been met by a rule.
import t from 'tap'
import { unmet } from './exceptions.js'

await t.test('no exception names something that is gone', async t => t.same(unmet(), []))
