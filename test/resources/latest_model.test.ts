// What is kept as latest, after any sequence of edits, is what the whole history says.
import fc from 'fast-check'
import { sql } from 'kysely'
import t from 'tap'
import { periodCodes } from '../../src/resources/datapoints/select.js'
import { start } from '../support/app.js'
import { pull } from './figures.js'

const measures = ['plain', 'parted']
const areas = ['city', 'ward']
const periods = ['FY2014', 'FY2015', 'CY2015', 'R12-2015-03', 'FY2015-Q4', 'D2015-03-31', 'undated']

const place = fc.record({
  measure: fc.constantFrom(...measures),
  area: fc.constantFrom(...areas),
  period: fc.constantFrom(...periods),
  statistic: fc.constantFrom('level', 'level', 'level', 'rank'),
  breakdown: fc.constantFrom({}, { sex: 'f' })
})
const edit = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), rows: fc.array(fc.tuple(place, fc.constantFrom({ value: 1 }, { value: 2 }, { missing: 'tbc' }, { deleted: true })), { minLength: 1, maxLength: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revert' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('frequency' as const), measure: fc.constantFrom(...measures), frequency: fc.constantFrom(null, 'annual', 'quarterly', 'monthly'), timing: fc.constantFrom('during', 'as_at') }) }
)

await t.test('the latest figures', async t => {
  const { admin, connection } = await start(t)
  const dimensions = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }] }]
  for (const code of areas) await admin.put(`/v1/areas/${code}`, { title: code, kind: 'ward' })
  for (const code of measures) await admin.put(`/v1/measures/${code}`, { title: code, unit: 'count', visibility: 'public', dimensions })

  const kept = async () => (await sql`select * from latest_figures order by series_id, kind`.execute(connection.db)).rows
  const recomputed = async () => (await sql`select distinct on (f.series_id, p.kind) f.series_id, p.kind, p.id as period_id, p.ends, p.starts
    from figures f join periods p on p.id = f.period_id
    where p.starts <> 'infinity' and not f.deleted
    order by f.series_id, p.kind, p.ends desc, p.starts desc`.execute(connection.db)).rows

  await t.test('are those of the whole history after any deliveries, withdrawals, reverts and changes of frequency', async t => {
    const deliveries: string[] = []
    let moved = 0
    let before: unknown
    for (const step of fc.sample(edit, { numRuns: 120 })) {
      if (step.do === 'deliver') {
        const rows = step.rows.map(([where, fields]) => ({ ...where, ...fields, ...(where.statistic === 'rank' && { against: 'city' }) }))
        const distinct = [...new Map(rows.map(row => [JSON.stringify({ ...row, value: null, missing: null, deleted: null }), row])).values()]
        const { body } = await admin.post('/v1/datapoint-imports?mode=partial', { datapoints: distinct })
        if (body.id !== undefined) deliveries.push(body.id)
      } else if (step.do === 'revert') {
        const last = deliveries.pop()
        if (last !== undefined) await admin.post(`/v1/datapoint-imports/${last}/revert`, {})
      } else {
        await admin.patch(`/v1/measures/${step.measure}`, { frequency: step.frequency, timing: step.timing }, { etag: '*' })
      }
      t.same(await kept(), await recomputed(), step.do)
      const latest = await pull(admin, { latest: true, breakdown: 'any' })
      // With a bound that every period meets, all periods are looked through.
      t.same(latest, await pull(admin, { latest: true, breakdown: 'any', from: '0001-01-01' }), step.do)
      if (JSON.stringify(latest) !== JSON.stringify(before)) moved++
      before = latest
    }
    t.ok(moved > 20, `changed ${moved} times`)
    t.ok(deliveries.length > 5)
  })

  await t.test('and a period is asked for once, however many ways there are to read it', async t => {
    t.same(periodCodes('FY2015,2015/16'), ['FY2015', 'AY2015'])
  })
})
