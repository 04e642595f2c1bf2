// Every fault, and the table of what came of it.
import t from 'tap'
import { all } from './all.js'
import { faults } from './list.js'

const only = process.env.FAULT

await t.test('a service under load goes through every fault', t => all(t, faults.filter(({ name }) => only === undefined || new RegExp(only).test(name))))
