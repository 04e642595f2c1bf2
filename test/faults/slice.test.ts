// The faults that are quickly over; the others are for test:long.
import t from 'tap'
import { all } from './all.js'
import { faults } from './list.js'

await t.test('a service under load goes through the quick faults', t => all(t, faults.filter(({ quick }) => quick)))
