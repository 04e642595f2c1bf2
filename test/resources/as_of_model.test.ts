// The past against a model that replays it: random edits, then any instant, on a recording, just before it, just after
// it and between two, must show what the model shows, and the history every state the model went through.
import fc from 'fast-check'
import t from 'tap'
import { start } from '../support/app.js'
import { Model, type Figure, type Outcome, type Row, type Sent, type State } from './as_of_model.js'
import { walk } from './figures.js'

const places = [
  { area: 'city', period: 'FY2016', breakdown: {}, label: '2016/17' },
  { area: 'city', period: 'CY2016-Q4', breakdown: {}, label: 'Oct–Dec 2016' },
  { area: 'ward', period: 'FY2016', breakdown: {}, label: '2016/17' },
  { area: 'city', period: 'FY2016', breakdown: { sex: 'f' }, label: '2016/17' }
]
const keyOf = ({ area, period, breakdown }: Record<string, unknown>) => JSON.stringify([area, period, breakdown])
const placeOf = new Map(places.map(place => [keyOf(place), place]))
const keys = [...placeOf.keys()]

const seldom = <T>(value: fc.Arbitrary<T>) => fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: value, weight: 1 })
const or = <T>(...values: T[]) => fc.constantFrom(...values)
const members = {
  numerator: seldom(or(1, 2, 3, null)),
  denominator: seldom(or(1, 2, null)),
  lower_95: seldom(or(0, 1, 2, null)),
  upper_95: seldom(or(1, 2, 3, null)),
  bound: seldom(or('over', 'at_most', 'exact', null)),
  printed: seldom(or('c. 2', '2.50', null)),
  status: seldom(or('final', 'provisional', null)),
  qualifiers: seldom(or<string[] | null>(['break'], ['low_reliability', 'break'], [], null)),
  note: seldom(or('Recounted', null)),
  source: seldom(or('Census', null)),
  provider: seldom(or('ccg', null)),
  period_label: seldom(or('The year', null))
}
const contents = fc.oneof(
  { weight: 12, arbitrary: fc.record({ value: or(0, 1, 2, 2.5, -0.125, 123456789012345) }) },
  { weight: 3, arbitrary: fc.record({ missing: or('tbc', 'suppressed', 'low') }) },
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ value: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.record({ missing: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.record({ value: fc.constant(null), missing: or('tbc', null) }) },
  { weight: 1, arbitrary: fc.record({ value: or(1, 2), missing: or(null, 'tbc') }) }
)
const supplied = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Sent
const correction = fc.tuple(contents, fc.record(members)).map(([a, b]): Sent => supplied({ ...a, ...b }))
const withdrawal = fc.constant<Sent>({ deleted: true })
const row = fc.record({ key: or(...keys), sent: fc.oneof({ weight: 7, arbitrary: correction }, { weight: 1, arbitrary: withdrawal }) })

/** Rows of one figure are compared with each other only where each can be understood alone. */
const comprehensible = ({ sent }: Row) =>
  'deleted' in sent || !((typeof sent.value === 'number' && typeof sent.missing === 'string') || (sent.lower_95 ?? 0) > (sent.upper_95 ?? 9))
const alone = (one: Row, list: Row[]) => list.every(other => other === one || other.key !== one.key)
const rows = fc.array(row, { minLength: 1, maxLength: 5 }).map(list => list.filter(one => comprehensible(one) || alone(one, list)))

type Write = { how: 'put' | 'delete', row: Row } | { how: 'deliver', rows: Row[], partial: boolean }
type Edit = Write | { how: 'repeat' } | { how: 'send_back' }
const edits = fc.oneof(
  { weight: 5, arbitrary: fc.record({ how: fc.constant('put' as const), row: fc.record({ key: or(...keys), sent: correction }) }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constant('delete' as const), row: fc.record({ key: or(...keys), sent: withdrawal }) }) },
  { weight: 5, arbitrary: fc.record({ how: fc.constant('deliver' as const), rows, partial: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ how: or('repeat' as const, 'send_back' as const) }) }
) as fc.Arbitrary<Edit>

const instants = fc.array(fc.record({ event: fc.nat(), deleted: fc.boolean(), where: or('on', 'before', 'after', 'between', 'fraction', 'offset') }), { minLength: 10, maxLength: 14 })

/** Microseconds since 1970, as a number and as an instant. */
const micros = (at: string) => BigInt(Date.parse(`${at.slice(0, 19)}Z`)) * 1000n + BigInt(at.slice(20, 26))
const instant = (at: bigint) => `${new Date(Number(at / 1000n)).toISOString().slice(0, 20)}${String(at % 1_000_000n).padStart(6, '0')}Z`

const names: Array<keyof Figure> = ['value', 'missing', 'numerator', 'denominator', 'lower_95', 'upper_95', 'bound', 'printed',
  'status', 'qualifiers', 'note', 'source', 'provider', 'period_label']
const shown = (one: Record<string, unknown>): State => ordered({
  revision: one.revision as number, deleted: one.deleted as boolean, figure: one.deleted === true ? null : one as unknown as Figure
})
const ordered = ({ revision, deleted, figure }: State): State => figure === null
  ? { revision, deleted, figure }
  : { revision, deleted, figure: Object.fromEntries(names.map(name => [name, figure[name]])) as unknown as Figure }

await t.test('any past state is what a model that replays the edits says', async t => {
  const { admin } = await start(t)
  for (const area of ['city', 'ward']) await admin.put(`/v1/areas/${area}`, { title: area, kind: 'other' })
  await admin.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
  let runs = 0
  const tally: Record<string, number> = {}
  const now = async () => (await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']!
  let clock = ''

  /** One edit, sent and replayed; what came of it must be the same. */
  async function carryOut (measure: string, model: Model, edit: Write): Promise<void> {
    const rows = edit.how === 'deliver' ? edit.rows : [edit.row]
    const outcomes = model.try(rows)
    const rejected = outcomes.some(one => one.outcome === 'rejected')
    const written = edit.how === 'deliver' && edit.partial ? rows.length === 0 || outcomes.some(one => one.outcome !== 'rejected') : !rejected
    for (const { outcome } of outcomes) tally[outcome] = (tally[outcome] ?? 0) + 1
    let recordedAt: string | undefined
    if (edit.how === 'deliver') {
      const datapoints = rows.map(({ key, sent }) => ({ measure, ...placeOf.get(key), label: undefined, ...sent }))
      const { status, body } = await admin.post(`/v1/datapoint-imports?mode=${edit.partial ? 'partial' : 'atomic'}`, { datapoints })
      const count = (outcome: Outcome) => written || outcome === 'rejected' ? outcomes.filter(one => one.outcome === outcome).length : 0
      t.strictSame({ status, counts: body.counts }, {
        status: written ? 200 : 422,
        counts: { received: rows.length, created: count('created'), updated: count('updated'), unchanged: count('unchanged'), deleted: count('deleted'), rejected: count('rejected') }
      }, `the receipt counts what the model counts of ${JSON.stringify(rows)}`)
    } else {
      const { area, period, breakdown } = placeOf.get(edit.row.key)!
      const url = `/v1/measures/${measure}/datapoints/${area}/${period}${'sex' in breakdown ? '?breakdown=sex=f' : ''}`
      const { status, body } = await (edit.how === 'put' ? admin.put(url, edit.row.sent) : admin.delete(url))
      const [{ outcome } = { outcome: 'rejected' }] = outcomes
      t.equal(status, edit.how === 'delete' ? 204 : outcome === 'rejected' ? 422 : outcome === 'created' ? 201 : 200, `the status says what the model says of ${JSON.stringify(edit.row)}`)
      if (edit.how === 'put' && status < 300) recordedAt = body.recorded_at
    }
    const [before, at] = [clock, clock = await now()]
    const changes = written && outcomes.some(one => one.after !== undefined)
    t.ok(changes ? at > before : at === before, 'time goes on with each change, and only then')
    if (changes && recordedAt !== undefined) t.equal(recordedAt, at)
    if (changes) model.record(at, outcomes.filter(one => one.outcome !== 'rejected'))
  }

  async function replay (list: Edit[], moments: Array<{ event: number, deleted: boolean, where: string }>): Promise<void> {
    const measure = `run-${++runs}`
    const model = new Model(Object.fromEntries(places.map(place => [keyOf(place), place.label])))
    await admin.put(`/v1/measures/${measure}`, { title: measure, unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Female' }] }] })
    clock = await now()
    let last: Write | undefined
    for (const edit of list) {
      if (edit.how === 'send_back') await sendBack(measure)
      if (edit.how !== 'send_back' && edit.how !== 'repeat') last = edit
      if (edit.how !== 'send_back' && last !== undefined) await carryOut(measure, model, last)
    }
    const recordings = [...new Set(model.recorded.map(one => one.at))]
    for (const { event, deleted, where } of recordings.length === 0 ? [] : moments) {
      await compare(measure, model, deleted, askedFor(recordings, event % recordings.length, where))
    }
    await compare(measure, model, true, { asked: '2199-01-01T00:00:00Z', meant: '2199' })
    const past = await walk(admin, '/v1/datapoints/history', { measure, limit: 1000 })
    for (const key of keys) {
      const found = past.filter(one => keyOf(one) === key).map(one => ({ at: one.recorded_at, ...shown(one) }))
      const states = model.recorded.filter(one => one.key === key).map(({ at, state }) => ({ at, ...ordered(state) }))
      t.strictSame(found, states, 'the history is every state of the model')
    }
  }

  /** What is exported and sent back as it is changes nothing. */
  async function sendBack (measure: string): Promise<void> {
    const { items } = (await admin.get('/v1/datapoints', { query: { measure, include_deleted: true } })).body
    const { body } = await admin.post('/v1/datapoint-imports', { datapoints: items })
    t.match(body.counts, { received: items.length, unchanged: items.length, created: 0, updated: 0, deleted: 0, rejected: 0 })
    t.equal(await now(), clock, 'so time stands still')
  }

  /** An instant as it is asked for, and the microsecond that it means. */
  function askedFor (recordings: string[], index: number, where: string): { asked: string, meant: string } {
    const at = micros(recordings[index]!)
    const next = index + 1 < recordings.length ? micros(recordings[index + 1]!) : at + 1_000_000n
    const plain = (moment: bigint) => ({ asked: instant(moment), meant: instant(moment) })
    if (where === 'before') return plain(at - 1n)
    if (where === 'after') return plain(at + 1n)
    if (where === 'between') return plain((at + next) / 2n)
    // Nine tenths of a microsecond before it was recorded, nobody knew of it.
    if (where === 'fraction') return { asked: instant(at - 1n).replace('Z', '9Z'), meant: instant(at - 1n) }
    if (where === 'offset') return { asked: instant(at + 3_600_000_000n).replace('Z', '+01:00'), meant: instant(at) }
    return plain(at)
  }

  async function compare (measure: string, model: Model, deleted: boolean, { asked, meant }: { asked: string, meant: string }): Promise<void> {
    const expected = [...model.asOf(meant)].map(([key, state]) => [key, ordered(state)] as const).filter(([, state]) => deleted || !state.deleted)
    const { items } = (await admin.get('/v1/datapoints', { query: { measure, as_of: asked, include_deleted: deleted } })).body
    t.strictSame(new Map(items.map((one: Record<string, unknown>) => [keyOf(one), shown(one)])), new Map(expected), `as of ${asked}`)
    t.equal(items.length, expected.length)
  }

  await fc.assert(fc.asyncProperty(fc.array(edits, { minLength: 20, maxLength: 30 }), instants, async (list, moments) => {
    const before = t.counts.fail
    await replay(list, moments)
    if (t.counts.fail > before) throw new Error('The service and the model differ.')
  }), { numRuns: 100, endOnFailure: true })
  t.comment(`${runs} runs: ${JSON.stringify(tally)}`)
})
