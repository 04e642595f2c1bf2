// Filters mean what the standard says they mean: a thousand random ones against a model of its null semantics, and each with its
// negation and with what is neither makes up the whole.
import t from 'tap'
import { dice, seedFrom } from '../support/random.js'
import { described } from './described.js'
import { feedOf } from './feed.js'
import { filtersOf } from './filters.js'
import { strangeWorld } from './strange.js'
import type { Row } from './values.js'

const seed = seedFrom(process.env.FILTER_SEED)
/** How many of each set; the others are small, or worked out anew for each request. */
const share: Record<string, number> = { Datapoints: 500, Updates: 100, Targets: 100, Measures: 60, Series: 60, Areas: 50, ScorecardLines: 10 }
const usual = 20

await t.test(`a thousand filters (FILTER_SEED=${seed})`, async t => {
  const started = await strangeWorld(t)
  const feed = feedOf(started)
  const sets = described((await feed.get('$metadata')).text)
  t.equal(sets.length, 13)
  let [count, telling] = [0, 0]
  for (const [n, { name, key, properties }] of sets.entries()) {
    const rows: Row[] = await feed.walk(name)
    const keyOf = (row: Row) => key.map(part => String(row[part])).join('\n')
    const all = rows.map(keyOf)
    t.equal(new Set(all).size, all.length, `${name} has ${all.length} rows, each with a key of its own`)
    const chance = dice(seed + n)
    const next = filtersOf(properties, rows, chance)
    const select = async ($filter: string) => {
      const { status, rows, next, message } = await feed.get(name, { $filter, $select: key.join(',') })
      if (status !== 200) throw new Error(`${name}: ${$filter}: ${status} ${message}`)
      if (next !== undefined) throw new Error(`${name}: more than a page`)
      return rows.map(keyOf)
    }
    const wrong: unknown[] = []
    for (let i = 0; i < (share[name] ?? usual); i++) {
      const filter = next()
      const [found, opposite, neither] = [await select(filter.text), await select(`not (${filter.text})`), await select(`(${filter.text}) eq null`)]
      const expected = (value: unknown) => rows.filter(row => filter.of(row) === value).map(keyOf)
      const parts = [[found, expected(true)], [opposite, expected(false)], [neither, expected(null)]] as const
      if (parts.some(([is, should]) => JSON.stringify(is) !== JSON.stringify(should))) {
        const without = (some: string[], others: string[]) => some.filter(one => !others.includes(one))
        wrong.push({ filter: filter.text, differing: parts.map(([is, should]) => ({ missing: without(should, is), foreign: without(is, should) })) })
      }
      const together = [...found, ...opposite, ...neither]
      if (together.length !== all.length || new Set(together).size !== all.length) wrong.push({ filter: filter.text, together })
      if (found.length > 0 && found.length < all.length) telling++
      count++
    }
    t.same(wrong.slice(0, 5), [], `${name}: ${wrong.length} wrong`)
  }
  t.ok(count >= 1000, `${count} filters`)
  t.ok(telling > count / 6, `${telling} of them picked some rows and not others`)
})
