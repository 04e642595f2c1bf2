// The past: every revision in the history, and any state as it was, held against a small model of corrections.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { at, deliver, history, pull, row, walk } from './figures.js'

type Figure = Record<string, unknown>
const tied = ['numerator', 'denominator', 'lower_95', 'upper_95', 'printed']
const blank: Figure = { value: null, missing: null, numerator: null, denominator: null, lower_95: null, upper_95: null, printed: null, note: null }

/** The contract's paragraph on corrections, as plainly as it can be written. */
function corrected (stored: Figure | undefined, sent: Figure): Figure | 'refused' {
  const old = stored ?? blank
  const next: Figure = { ...old, ...sent }
  if (typeof sent.value === 'number' && sent.missing === undefined) next.missing = null
  if (typeof sent.missing === 'string' && sent.value === undefined) next.value = null
  if (next.value !== old.value) for (const member of tied) if (!(member in sent)) next[member] = null
  return next.value === null && next.missing === null && next.numerator === null && next.denominator === null ? 'refused' : next
}

/** The same sequence each run. */
function dice (seed: number) {
  return (sides: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return Math.floor(seed / 65536) % sides
  }
}

const periods = ['FY2010', 'FY2011', 'CY2010', 'undated']

function randomRow (roll: ReturnType<typeof dice>): Figure {
  const sent: Figure = {}
  if (roll(8) === 0) return { deleted: true }
  if (roll(2) === 0) sent.value = roll(4)
  if (roll(4) === 0) sent.missing = ['tbc', 'low'][roll(2)]!
  if (sent.value !== undefined && sent.missing !== undefined) delete sent.missing
  for (const member of ['numerator', 'denominator']) if (roll(4) === 0) sent[member] = roll(3) === 0 ? null : 1 + roll(3)
  if (roll(4) === 0) sent.printed = roll(3) === 0 ? null : `printed ${roll(3)}`
  if (roll(5) === 0) sent.note = roll(3) === 0 ? null : `note ${roll(3)}`
  if (roll(9) === 0 && sent.value === undefined) sent.value = null
  return sent
}

const shown = (one: Figure) => [one.period, ...Object.keys(blank).map(name => one[name])]

await t.test('the past', async t => {
  const { admin } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })

  await t.test('a hundred random corrections follow the rules, and each state can be asked for again', async t => {
    const roll = dice(20161231)
    const model = new Map<string, Figure>()
    const states: Array<{ at: string, rows: unknown[] }> = []
    let revisions = 0
    for (let step = 0; step < 100; step++) {
      const period = periods[roll(periods.length)]!
      const sent = randomRow(roll)
      const stored = model.get(period)
      const next = sent.deleted ? undefined : corrected(stored, sent)
      const { status, body } = await deliver(admin, [row('count', period, sent)])
      const changes = JSON.stringify(next) !== JSON.stringify(stored) && next !== 'refused'
      if (next === 'refused') t.equal(status, 422, JSON.stringify({ stored, sent }))
      else t.match({ status, counts: body.counts }, { status: 200, counts: { [changes ? next === undefined ? 'deleted' : stored === undefined ? 'created' : 'updated' : 'unchanged']: 1 } }, JSON.stringify({ stored, sent }))
      if (changes && next === undefined) model.delete(period)
      if (changes && next !== undefined) model.set(period, next as Figure)
      if (changes) revisions++
      const { headers, body: now } = await admin.get('/v1/datapoints?measure=count')
      const expected = ['FY2010', 'CY2010', 'FY2011', 'undated'].sort((a, b) => ['CY2010', 'FY2010', 'FY2011', 'undated'].indexOf(a) - ['CY2010', 'FY2010', 'FY2011', 'undated'].indexOf(b))
        .flatMap(code => model.has(code) ? [shown({ period: code, ...model.get(code) })] : [])
      t.same(now.items.map(shown), expected, `step ${step}`)
      states.push({ at: headers['outturn-as-of']!, rows: now.items })
    }
    for (const state of states) t.same(await pull(admin, { measure: 'count', as_of: state.at }), state.rows, state.at)
    const past = await history(admin, { measure: 'count', limit: 1000 })
    t.equal(past.length, revisions)
    for (const period of periods) t.same(past.filter(one => one.period === period).map(one => one.revision), past.filter(one => one.period === period).map((_, i) => i + 1), 'oldest first, none left out')
  })

  await t.test('before anything was recorded there is nothing, and tomorrow knows what today knows', async t => {
    t.same(await pull(admin, { as_of: '1999-01-01T00:00:00Z' }), [])
    t.same(await pull(admin, { as_of: '2190-01-01T00:00:00Z' }), await pull(admin))
    const { headers } = await admin.get('/v1/datapoints')
    const local = headers['outturn-as-of']!.replace('Z', '+00:00')
    t.same(await pull(admin, { as_of: local }), await pull(admin), 'instants with an offset are read')
  })

  await t.test('as_of combines with filters, latest, withdrawn figures, pages and CSV', async t => {
    await makeMeasure(admin, 'steps', { unit: 'count', frequency: 'annual' })
    await deliver(admin, [row('steps', 'FY2010', { value: 1 }), row('steps', 'FY2011', { value: 2 })])
    const { headers } = await admin.get('/v1/datapoints')
    const as_of = headers['outturn-as-of']!
    await deliver(admin, [row('steps', 'FY2012', { value: 3 }), row('steps', 'FY2011', { deleted: true }), row('steps', 'FY2010', { value: 10 })])
    const query = { measure: 'steps', as_of }
    t.match(await pull(admin, { ...query, latest: true }), [{ period: 'FY2011', value: 2, revision: 1, deleted: false }])
    t.match(await pull(admin, { measure: 'steps', latest: true }), [{ period: 'FY2012' }])
    t.same((await walk(admin, '/v1/datapoints', { ...query, limit: 1, sort: '-value' })).map(one => one.value), [2, 1])
    t.equal((await admin.get('/v1/datapoints', { query: { ...query, format: 'csv' } })).text.trimEnd().split('\n').length, 3)
    t.match((await pull(admin, { measure: 'steps', include_deleted: true })).map(one => one.deleted), [false, true, false])
    t.equal((await pull(admin, { ...query, include_deleted: true })).length, 2)
  })

  await t.test('the history keeps what each revision said, withdrawals included', async t => {
    await admin.put(at('count', 'FY2020'), { value: 1, status: 'provisional', printed: '1.0' })
    await admin.put(at('count', 'FY2020'), { value: 2, status: 'final' })
    await admin.delete(at('count', 'FY2020'))
    const past = await history(admin, { period: 'FY2020', titles: false })
    t.match(past, [{ value: 1, status: 'provisional', printed: '1.0', revised: false, deleted: false }, { value: 2, printed: null, revised: true }, { revision: 3, deleted: true }])
    t.same(past.map(one => one.recorded_at), past.map(one => one.recorded_at).sort())
    t.same(await walk(admin, '/v1/datapoints/history', { period: 'FY2020', limit: 1 }), past)
    t.equal((await admin.get('/v1/datapoints/history?period=FY2020&format=csv')).text.trimEnd().split('\n').length, 4)
  })

  await t.test('the history of selected figures is whole, whatever their latest revision says', async t => {
    await admin.put(at('count', 'FY2021'), { value: 1, status: 'provisional' })
    await admin.put(at('count', 'FY2021'), { status: 'final' })
    t.match(await history(admin, { period: 'FY2021', status: 'final' }), [{ revision: 1, status: 'provisional' }, { revision: 2, status: 'final' }], 'every revision of the selected keys')
  })

  await t.test('a value corrected back is a revision of its own', async t => {
    for (const value of [1, 2, 1]) await admin.put(at('count', 'FY2022'), { value })
    t.same((await history(admin, { period: 'FY2022' })).map(one => [one.revision, one.value]), [[1, 1], [2, 2], [3, 1]])
  })
})
