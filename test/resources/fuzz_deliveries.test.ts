// Ten thousand damaged files: whatever comes, the answer is no 5xx, an atomic delivery is written whole or not at all,
// and who is refused is told where.
import { sql } from 'kysely'
import t from 'tap'
import { start } from '../support/app.js'
import { dice, seedFrom } from '../support/random.js'
import { mutated, sheets, type File } from './fuzz_files.js'

const files = Number(process.env.FUZZ_FILES ?? 10_000)
const seed = seedFrom(process.env.FUZZ_SEED)
/** One file of an earlier run alone. */
const only = process.env.FUZZ_ONLY === undefined ? undefined : Number(process.env.FUZZ_ONLY)

interface Held { position: number, figures: number, revisions: number, last: number | null }
interface Counts { received: number, created: number, updated: number, unchanged: number, deleted: number, rejected: number }
interface Answer { status: number, text: string, body: any }

const placed = ({ rows, row_count: count }: { rows: number[], row_count: number }) => rows.length === Math.min(100, count) && rows.length > 0

/** What is wrong with the answer, seen beside what was held before and after. */
function faultsOf ({ status, text, body }: Answer, partial: boolean, before: Held, after: Held): string[] {
  const faults: string[] = []
  const expect = (holds: boolean, what: string) => { if (!holds) faults.push(what) }
  const untouched = JSON.stringify(before) === JSON.stringify(after)
  expect(status < 500, 'a 5xx')
  if (status === 200) {
    const { received, created, updated, unchanged, deleted, rejected } = body.counts as Counts
    const changes = created + updated + deleted
    expect(received === changes + unchanged + rejected, 'the counts do not add up')
    expect(partial || rejected === 0, 'an atomic delivery was applied without some of its rows')
    expect(after.revisions - before.revisions === changes, `${after.revisions - before.revisions} revisions were written`)
    expect(after.figures - before.figures <= created, `${after.figures - before.figures} figures are new`)
    expect(after.position - before.position === (changes > 0 ? 1 : 0), 'the journal does not tell of it once')
    expect(body.problems.every(placed), 'a problem without a place')
  } else {
    expect(untouched, `something was written: ${JSON.stringify([before, after])}`)
  }
  if (status === 422) expect(body.problems.length > 0 && body.problems.every(placed), 'no problem with a place')
  if (status === 400) expect(Array.isArray(body.errors) && body.errors.length > 0 && body.errors.every((one: any) => typeof one.pointer === 'string'), 'no error with a pointer')
  expect([200, 400, 413, 415, 422].includes(status), `status ${status}`)
  expect(text.length < 100_000, `an answer of ${text.length} bytes`)
  expect(!/\bat .*\.js:|node_modules|syntax error|ECONN|papaparse|hucre|zlib/i.test(text), 'insides in the answer')
  return faults
}

const shown = ({ bytes, type, encoding, story }: File) =>
  JSON.stringify({ story, type, encoding, length: bytes.length, text: bytes.subarray(0, 100).toString('latin1') })

await t.test(`${files} damaged files (FUZZ_SEED=${seed})`, async t => {
  const { admin, connection } = await start(t)
  for (const area of ['ward-0', 'ward-1', 'ward-2']) await admin.put(`/v1/areas/${area}`, { title: area, kind: 'ward' })
  const dimensions = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }]
  await admin.put('/v1/measures/count', { title: 'Count', unit: 'count', dimensions })
  await admin.put('/v1/measures/share', { title: 'Share', unit: 'percent', dimensions })
  const pool = await sheets(dice(seed))
  const held = async () => (await sql<Held>`select (select position from journal) as position, count(*)::integer as figures,
    coalesce(sum(revision), 0)::integer as revisions, max(write_id) as last from figures`.execute(connection.db)).rows[0]!
  const statuses: Record<string, number> = {}
  const failures: string[] = []
  let before = await held()
  let written = 0
  const [from, to] = only === undefined ? [0, files] : [only, only + 1]
  for (let i = from; i < to && failures.length < 20; i++) {
    const chance = dice(seed + i)
    const partial = chance.once(8)
    const file = mutated(chance, pool)
    const headers = { 'content-type': file.type, ...(file.encoding !== undefined && { 'content-encoding': file.encoding }) }
    const answer: Answer = await admin.post(`/v1/datapoint-imports${partial ? '?mode=partial' : ''}`, file.bytes, { headers })
      .catch((error: Error) => ({ status: 599, text: error.message, body: {} }))
    const after = await held()
    const faults = faultsOf(answer, partial, before, after)
    if (faults.length > 0) failures.push(`FUZZ_ONLY=${i}: ${faults.join('; ')}\n${shown(file)}\n${answer.status} ${answer.text.slice(0, 300)}`)
    const kind = `${file.story[0]!.split(' ')[0]} ${answer.status}`
    statuses[kind] = (statuses[kind] ?? 0) + 1
    if (answer.status === 200) written += after.revisions - before.revisions
    before = after
  }
  for (const failure of failures) t.fail(failure)
  t.comment(JSON.stringify(Object.fromEntries(Object.entries(statuses).sort())))
  if (only !== undefined) return
  t.equal(before.revisions, written, 'all that is held came from a delivery that was accepted')
  for (const format of ['json', 'ndjson', 'csv', 'xlsx']) {
    for (const status of [200, 400, 422]) t.ok((statuses[`${format} ${status}`] ?? 0) > 0, `${format} is sometimes answered ${status}`)
  }
})
