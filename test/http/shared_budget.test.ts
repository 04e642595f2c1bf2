// Budgets that several processes share through one database; here several in one process, each as a process has it. Allowances of
// these tests hardly fill again, so that no test waits.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { adding } from '../../src/db/allowances.js'
import { connect } from '../../src/db/connection.js'
import type { Allowance } from '../../src/http/budget.js'
import { patiently } from '../../src/http/patiently.js'
import { SharedBudget } from '../../src/http/shared_budget.js'
import { testConnection } from '../support/database.js'
import { freePorts } from '../support/process.js'
import { query } from '../support/postgres.js'

const connection = await testConnection(t)
const hardly = (burst: number): Allowance => ({ rate: 0.01, burst })
const made: SharedBudget[] = []
const budgetWith = (...given: ConstructorParameters<typeof SharedBudget>) => {
  const budget = new SharedBudget(...given)
  made.push(budget)
  return budget
}
const three = (allowance: Allowance) => [1, 2, 3].map(() => budgetWith(allowance, adding(connection)))
// Before the connection is closed, as the service does; else one would tell late of what it was not asked for.
t.teardown(() => Promise.all(made.map(budget => budget.tellAll())))
const times = (count: number) => Array.from({ length: count }, (_, i) => i)
/** One after the other. */
const inTurn = async (count: number, take: (i: number) => number | Promise<number>) => {
  const waits: number[] = []
  for (let i = 0; i < count; i++) waits.push(await take(i))
  return waits
}

/** How many of an allowance that hardly fills stand in the database. */
const owedBy = async (name: string) =>
  Number((await query(connection.url, `select extract(epoch from full_at - now()) / 100 as n from allowances where name = '${name}'`)).rows[0]?.n ?? 0)

/** How many were given out. */
const given = (waits: number[]) => waits.filter(wait => wait === 0).length

await t.test('three take in turn what one has, and each of the two others at most a fiftieth of the burst more', async t => {
  for (const [name, burst, more] of [['a', 5, 2], ['b', 100, 4], ['c', 1000, 40]] as const) {
    const budgets = three(hardly(burst))
    const all = given(await inTurn(2 * burst, i => budgets[i % 3]!.take(name)))
    t.ok(all >= burst && all <= burst + more, `${all} of ${burst}`)
    for (const budget of budgets) {
      await budget.tellAll()
      t.ok(budget.wait(name) > 0, 'and each knows it')
    }
  }
})

await t.test('however many ask at once', async t => {
  const budgets = three(hardly(200))
  const all = given(await Promise.all(times(1500).map(async i => budgets[i % 3]!.take('crowd'))))
  t.ok(all >= 200 && all <= 208, `${all} of 200`)
})

await t.test('what one name spends is nobody else’s', async t => {
  const [one, other] = three(hardly(3)) as [SharedBudget, SharedBudget]
  await inTurn(4, () => one.take('greedy'))
  await one.tell()
  t.same(await inTurn(3, () => other.take('modest')), [0, 0, 0])
})

await t.test('what is spent already counts here at once, and for the others as soon as they ask', async t => {
  const [one, other] = three(hardly(5)) as [SharedBudget, SharedBudget]
  for (let i = 0; i < 9; i++) one.spend('wrong')
  t.ok(one.wait('wrong') > 0)
  await one.tellAll()
  t.equal(other.wait('wrong'), 0)
  other.spend('wrong')
  await other.tell()
  t.ok(other.wait('wrong') > 0)
})

await t.test('nor is it overlooked by who looks before each, however fast they follow each other', async t => {
  const budgets = three(hardly(30))
  let seen = 0
  for (const i of times(120)) {
    const budget = budgets[i % 3]!
    if (await budget.heard('guessing') > 0) continue
    budget.spend('guessing')
    seen++
  }
  t.ok(seen >= 30 && seen <= 32, `${seen} of 30`)
})

await t.test('one that is new hears what was spent before it came', async t => {
  const [before, after] = three(hardly(100)) as [SharedBudget, SharedBudget]
  await inTurn(100, () => before.take('restarted'))
  await before.tell()
  t.equal(given(await inTurn(50, () => after.take('restarted'))), 2)
})

await t.test('everything is told once, however often one tells, and late at the latest', async t => {
  const [budget] = three(hardly(1000)) as [SharedBudget]
  const owed = () => owedBy('once')
  await inTurn(7, () => budget.take('once'))
  await Promise.all([budget.tell(), budget.tell()])
  await budget.tell()
  t.ok(await owed() > 6 && await owed() <= 7)
  await budget.take('once')
  while (await owed() < 7) await sleep(50)
  t.ok(await owed() <= 8)
})

await t.test('whoever asks no faster than the allowance fills is never refused, through whichever it asks', async t => {
  for (const [name, rate, burst, count] of [['steady', 200, 20, 200], ['late', 2, 1, 5], ['later', 0.8, 1, 3]] as const) {
    const budgets = three({ rate, burst })
    const waits = await inTurn(count, async i => {
      await sleep(1000 / rate + 1)
      return budgets[i % 3]!.take(name)
    })
    t.equal(given(waits), count, name)
  }
})

await t.test('what was taken while the database was slow is told as well', async t => {
  const add = adding(connection)
  const budget = budgetWith(hardly(1000), async (...spent) => {
    await sleep(1500)
    return add(...spent)
  })
  const owed = () => owedBy('slow')
  await budget.take('slow')
  void budget.tell()
  await budget.take('slow')
  while (await owed() <= 1) await sleep(50)
  t.ok(await owed() <= 2)
})

await t.test('a clock of the database that was set back locks nobody out for longer than the allowance takes to fill twice', async t => {
  await query(connection.url, "insert into allowances values ('clock', now(), now() + interval '1 day')")
  const [budget] = three({ rate: 10, burst: 100 }) as [SharedBudget]
  await inTurn(3, () => budget.take('clock'))
  const wait = budget.wait('clock')
  t.ok(wait > 0 && wait <= 11_000, `${wait} ms`)
})

await t.test('two that tell of the same names in another order do not lock each other', async t => {
  const add = adding(connection)
  const names = times(50).map(i => `order-${i}`)
  const spent = (list: string[]) => list.map(name => ({ name, owed: 1000, age: 0 }))
  await Promise.all(times(60).map(i => add(spent(i % 2 === 0 ? names : [...names].reverse()), 1e9)))
  const { rows: [row] } = await query(connection.url, "select count(*)::int as n, (extract(epoch from min(full_at) - now()))::int as least from allowances where name like 'order-%'")
  t.equal(row.n, 50)
  t.ok(row.least > 30 && row.least <= 60)
})

await t.test('who owes nothing any more is forgotten', async t => {
  await query(connection.url, "insert into allowances values ('past', now(), now() - interval '1 second'), ('future', now(), now() + interval '1 hour')")
  await adding(connection, 0)([{ name: 'now', owed: 60_000, age: 0 }], 1e9)
  const held = async () => (await query(connection.url, "select name from allowances where name in ('past', 'future', 'now') order by name")).rows.map(({ name }) => name as string)
  while ((await held()).includes('past')) await sleep(20)
  t.same(await held(), ['future', 'now'])
})

await t.test('without the database each counts for itself, and hardly waits', async t => {
  const [port] = await freePorts(1)
  const nowhere = connect(`postgres://nobody@127.0.0.1:${port!}/none`)
  t.teardown(() => nowhere.close())
  let failures = 0
  const budget = new SharedBudget(hardly(100), patiently(5000, adding(nowhere), () => { failures++ }))
  t.equal(given(await inTurn(150, () => budget.take('alone'))), 100)
  t.equal(failures, 1, 'and the database is left alone for a while')
})
