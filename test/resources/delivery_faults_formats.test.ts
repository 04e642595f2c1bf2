// The same ten thousand rows as CSV, NDJSON and a sheet: faults by line or cell, and the rejected rows as a file.
import Papa from 'papaparse'
import t from 'tap'
import { colToLetter, writeXlsx } from 'hucre/xlsx'
import { start } from '../support/app.js'
import { seedFrom } from '../support/random.js'
import { checkReceipt, checkRejected, checkValues, faultyDelivery, world, type Row } from './faulty_delivery.js'
import { pull } from './figures.js'

const seed = seedFrom(process.env.FAULTS_SEED)
const header = ['measure', 'area', 'period', 'breakdown', 'value', 'unit', 'note']
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const cellOf = (row: Row, name: string): string => {
  const value = row[name]
  if (value === undefined) return ''
  return name === 'breakdown' ? `sex=${(value as { sex: string }).sex}` : String(value)
}
const cellsOf = (row: Row) => Object.fromEntries(header.map(name => [name, cellOf(row, name)]))

await t.test(`faults of ten thousand rows, by line and cell (FAULTS_SEED=${seed})`, async t => {
  const { admin } = await start(t)
  await world(admin)
  // Some notes go over several lines, so lines and rows are not the same.
  const note = (i: number) => `Note, in "${i % 3}"\nand ${'\n'.repeat(i % 3)}more`
  const rows = faultyDelivery(seed).map(({ row, faults }, i) => ({ faults, row: i % 37 === 0 ? { ...row, note: note(i) } : row }))
  const send = (payload: unknown, type: string) => admin.post('/v1/datapoint-imports', payload, { headers: { 'content-type': type } })
  const rejected = async (path: string) =>
    Papa.parse<Record<string, string>>((await admin.get(path)).text, { header: true, skipEmptyLines: true }).data

  for (const [name, newline, bom] of [['line feeds', '\n', ''], ['CRLF and a byte order mark', '\r\n', '\uFEFF']] as const) {
    await t.test(`a CSV with ${name} names lines, the header being line 1`, async t => {
      const lines: number[] = []
      let line = 2
      const records = rows.map(({ row }) => {
        lines.push(line)
        const cells = header.map(name => cellOf(row, name))
        line += 1 + cells.join('').split('\n').length - 1
        return cells.map(cell => /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell).join(',')
      })
      const answer = await send(`${bom}${[header.join(','), ...records].join(newline)}${newline}`, 'text/csv')
      const place = (i: number) => lines[i]!
      checkReceipt(t, answer, rows, place)
      const at = new Map(rows.map(({ row }, i) => [place(i), row]))
      checkValues(t, answer.body.problems, (line, column) => typeof at.get(line)![column] === 'number' ? at.get(line)![column] : cellOf(at.get(line)!, column))
      checkRejected(t, await rejected(answer.body.links.rejected), rows, place, cellsOf)
      t.same(await pull(admin), [])
    })
  }

  await t.test('NDJSON names lines, blank ones counted', async t => {
    const lines = rows.map((_, i) => i + 1 + Math.floor(i / 100))
    const text = rows.map(({ row }, i) => `${i > 0 && i % 100 === 0 ? '\n' : ''}${JSON.stringify(row)}`).join('\n')
    const answer = await send(text, 'application/x-ndjson')
    checkReceipt(t, answer, rows, i => lines[i]!)
    checkRejected(t, await rejected(answer.body.links.rejected), rows, i => lines[i]!, row => cellsOf(row))
    t.same(await pull(admin), [])
  })

  await t.test('a sheet names its rows and cells', async t => {
    const table = rows.map(({ row }) => header.map(name => typeof row[name] === 'number' ? row[name] : cellOf(row, name) || null))
    const bytes = Buffer.from(await writeXlsx({ sheets: [{ name: 'Figures', rows: [header, ...table] }] }))
    const answer = await send(bytes, xlsxType)
    checkReceipt(t, answer, rows, i => i + 2)
    const inColumns = answer.body.problems.filter(({ column }: { column: string | null }) => column !== null)
    const wrong = inColumns.filter(({ column, rows, cells }: { column: string, rows: number[], cells?: string[] }) =>
      JSON.stringify(cells) !== JSON.stringify(rows.map(row => `${colToLetter(header.indexOf(column))}${row}`)))
    t.same(wrong.slice(0, 3), [], 'and the cells are those of the column and the rows')
    checkRejected(t, await rejected(answer.body.links.rejected), rows, i => i + 2, cellsOf)
    t.same(await pull(admin), [])
  })

  await t.test('the rejected rows, put right, can be sent as they came back', async t => {
    const csv = Papa.unparse([header, ...rows.map(({ row }) => header.map(name => cellOf(row, name)))])
    const { body } = await send(csv, 'text/csv')
    t.equal(body.result, 'rejected')
    const lines = await rejected(body.links.rejected)
    const day = (i: number) => `D${new Date(Date.UTC(2000, 0, 1 + i)).toISOString().slice(0, 10)}`
    const right = lines.map((line, i) => ({ ...line, measure: 'count', area: 'ward-1', period: day(i), value: '1', unit: '', breakdown: '' }))
    t.match(await send(Papa.unparse(right), 'text/csv'), { status: 200, body: { counts: { received: lines.length, created: lines.length } } })
  })
})
