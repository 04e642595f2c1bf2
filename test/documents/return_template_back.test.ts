// A template that was filled in by hand comes back as it is: as CSV and as a workbook.
import { openXlsx, saveXlsx } from 'hucre/xlsx'
import Papa from 'papaparse'
import t, { type Test } from 'tap'
import { columns, type ColumnName } from '../../src/documents/return_template/columns.js'
import type { Answer } from '../support/client.js'
import { startWithSample } from './sample.js'
import { ask, bytesOf, rowsOf } from './template.js'

const ccg = 'nottingham-city-ccg'

/** What the clerk types, by measure and column. */
const typed: Record<string, Partial<Record<ColumnName, string | number>>> = {
  'smoking-at-delivery': { value: 16.4 },
  'behmh-referrals': { value: 'TBC' },
  'perinatal-mh-placeholder': { missing: 'new_indicator' }
}

const filled = Object.keys(typed).length

await t.test('a template filled in and sent back', async t => {
  const { admin, anonymous, app } = await startWithSample(t)

  /** What was sent is recorded, and the rest of the file changes nothing. */
  async function recorded (t: Test, answer: Answer, period: string): Promise<void> {
    const rows = await rowsOf(anonymous, ccg, { period })
    const rest = rows.length - filled
    t.match(answer, {
      status: 200,
      body: {
        result: 'applied',
        counts: { received: rows.length, created: filled, updated: 0, unchanged: rest, deleted: 0, rejected: 0 },
        warnings: [{ code: 'not_filled_in', row_count: rest }]
      }
    })
    t.same([answer.body.problems.length, answer.body.warnings.length], [0, 1], 'one warning for what was left blank')
    const last = (measure: string) => rows.find(row => row.measure === measure)!
    t.match(last('smoking-at-delivery'), { last_period: period, last_value: '16.4', last_missing: '' })
    t.match(last('behmh-referrals'), { last_period: period, last_value: '', last_missing: 'tbc' })
    t.match(last('perinatal-mh-placeholder'), { last_period: period, last_value: '', last_missing: 'new_indicator' })
  }

  await t.test('as CSV, saved again by a spreadsheet, records what was typed', async t => {
    const { text } = await ask(anonymous, ccg, { period: '2019/20', excel: '1' })
    const { data } = Papa.parse<Record<string, unknown>>(text.replace('\uFEFF', ''), { header: true, skipEmptyLines: true })
    const saved = `\uFEFF${Papa.unparse(data.map(row => ({ ...row, ...typed[row.measure as string] })), { columns: [...columns], newline: '\r\n' })}\r\n`
    await recorded(t, await admin.post('/v1/datapoint-imports', saved, { headers: { 'content-type': 'text/csv' } }), 'FY2019')
  })

  await t.test('as a workbook records what was typed', async t => {
    const workbook = await openXlsx(await bytesOf(app, ccg, '?period=2020/21'))
    for (const row of workbook.sheets[0]!.rows.slice(1)) {
      for (const [name, cell] of Object.entries(typed[row[0] as string] ?? {})) row[columns.indexOf(name as ColumnName)] = cell
    }
    const saved = Buffer.from(await saveXlsx(workbook))
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    await recorded(t, await admin.post('/v1/datapoint-imports', saved, { headers: { 'content-type': type } }), 'FY2020')
  })

  await t.test('as it came changes nothing', async t => {
    const { text } = await ask(anonymous, ccg, { period: '2021/22' })
    const rows = text.trimEnd().split('\n').length - 1
    const answer = await admin.post('/v1/datapoint-imports', text, { headers: { 'content-type': 'text/csv' } })
    t.match(answer, { status: 200, body: { counts: { received: rows, created: 0, unchanged: rows, rejected: 0 }, warnings: [{ code: 'not_filled_in' }] } })
    t.same(answer.body.problems, [])
  })
})
