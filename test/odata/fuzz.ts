// Anything at all as a filter: it is understood whole, or refused; it never breaks the service, and never reaches the database but
// as the value of a parameter.
import type { Pool } from 'pg'
import type { Test } from 'tap'
import type { Db } from '../../src/db/connection.js'
import type { Expression } from '../../src/feeds/odata/filter/expression.js'
import { conditionOf } from '../../src/feeds/odata/filter/sql.js'
import { parseFilter } from '../../src/feeds/odata/filter/parse.js'
import { propertyOf } from '../../src/feeds/odata/model.js'
import { sets } from '../../src/feeds/odata/sets.js'
import { Problem } from '../../src/problems.js'
import { dice } from '../support/random.js'
import { described } from './described.js'
import { feedOf } from './feed.js'
import { fuzzOf, marker, sorts } from './fuzz_filters.js'
import { covered, printed, wordsOf } from './printed.js'
import { strangeWorld } from './strange.js'

const datapoints = sets.find(({ name }) => name === 'Datapoints')!
const names = { set: 'Datapoints', property: (name: string) => propertyOf(datapoints, name), all: datapoints.properties.map(({ name }) => name) }

/** The tree, or the status of the refusal; anything else that is thrown is a fault. */
function understood (text: string): { tree?: Expression, refused?: number } {
  try {
    return { tree: parseFilter(text, names) }
  } catch (error) {
    if (error instanceof Problem && [400, 501].includes(error.status)) return { refused: error.status }
    throw error
  }
}

/** A digest of every table; but for what is noted of each key that is used. */
async function contents (pool: Pool): Promise<Record<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>("select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('keys', 'accesses')")
  const digests = tables.map(async ({ name }) => [name, (await pool.query<{ digest: string }>(`select md5(string_agg(t::text, ' ' order by t::text)) as digest from "${name}" t`)).rows[0]!.digest] as const)
  return Object.fromEntries(await Promise.all(digests))
}

/** Every byte as %XX; half of a pair of characters as the bytes that it would be, which are none of UTF-8. */
const percent = (text: string) => [...text].map(one => one.length === 1 && /[\ud800-\udfff]/.test(one) ? '%ED%A0%80' : encodeURIComponent(one)).join('')

interface Look { tree?: Expression, refused?: number, fault?: string }

/** An instant has six decimals; noughts behind them say nothing. */
const asHeld = (text: string) => text.replaceAll(/(:\d\d\.\d{6})0+(?=Z|[-+ ]\d\d:)/g, '$1')

/** What becomes of a filter before the database is asked. */
function look (text: string, db: Db): Look {
  const found = understood(text)
  const { tree } = found
  if (tree === undefined) return found
  const again = printed(tree)
  const second = understood(again)
  if (second.tree === undefined || printed(second.tree) !== again) return { tree, fault: `read again: ${again.slice(0, 300)}` }
  if (!covered(text) || JSON.stringify(wordsOf(asHeld(text))) !== JSON.stringify(wordsOf(again))) return { tree, fault: `understood as ${again.slice(0, 300)}` }
  const { sql: statement } = db.selectFrom('figures_raw as row').select('row.measure').where(conditionOf(tree)).compile()
  return statement.includes(marker) ? { tree, fault: `a value stands in the statement: ${statement.slice(0, 300)}` } : { tree }
}

/** What the service may answer to it: the parser knows it all, but for what no text of the database holds. */
const expected = (text: string, { tree, refused }: Look): number[] =>
  /[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')) ? [400] : [...(text.includes('\u0000') ? [400] : []), tree === undefined ? refused! : 200]

export async function fuzz (t: Test, { strings, asked, seed }: { strings: number, asked: number, seed: number }): Promise<void> {
  const started = await strangeWorld(t)
  const { pool, db } = started.connection
  const feed = feedOf(started, (await started.client('reader')).key)
  await pool.query("create table sentinel (word text); insert into sentinel values ('here')")
  const next = fuzzOf(described((await feed.get('$metadata')).text)[0]!.properties, await feed.walk('Datapoints'), dice(seed))
  const [held, wrong, tally, every] = [await contents(pool), [] as unknown[], new Map<string, number>(), Math.floor(strings / asked)]
  const note = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)
  for (let i = 0; i < strings; i++) {
    const { sort, text } = next()
    const found = look(text, db)
    note(`${sort} ${found.tree === undefined ? 'refused' : 'taken'}`)
    if (found.fault !== undefined) wrong.push({ sort, text: text.slice(0, 500), fault: found.fault })
    if (i % every !== 0) continue
    const { status, message } = await feed.send('GET', `/odata/v1/Datapoints?$select=id&$top=3&$filter=${percent(text)}`)
    if (!expected(text, found).includes(status)) wrong.push({ sort, text: text.slice(0, 500), status, message })
    note(`answered ${status}`)
  }
  t.same(wrong.slice(0, 5), [], `${wrong.length} wrong`)
  t.same(await contents(pool), held, 'the database is as it was')
  t.equal(tally.get('right refused'), undefined, 'what is right is never refused')
  for (const sort of sorts) {
    const [taken, refused] = [tally.get(`${sort} taken`) ?? 0, tally.get(`${sort} refused`) ?? 0]
    t.ok(taken + refused > strings / 20, `${sort}: ${taken} taken, ${refused} refused`)
  }
  t.comment([...tally].sort().map(([what, count]) => `${what} ${count}`).join(', '))
}
