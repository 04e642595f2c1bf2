// Small tables as CSV and as workbooks, of whatever they hold.
import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import Papa from 'papaparse'
import t from 'tap'
import { csvOf } from '../../src/documents/tables/csv.js'
import { workbookOf } from '../../src/documents/tables/workbook.js'
import type { Cell } from '../../src/documents/workbook/cells.js'

const columns = [{ name: 'code', about: 'A code.' }, { name: 'value', about: 'A number.', number: true }, { name: 'late', about: 'True or false.' }]
const table = (...rows: Array<Record<string, Cell>>) => ({ sheet: 'Things', about: 'A thing a row.', columns, rows })
const sheetsOf = async (...rows: Array<Record<string, Cell>>) =>
  (await readXlsx(await workbookOf(table(...rows), { title: 'Things' }), { readStyles: true })).sheets

await t.test('a small table as CSV', async t => {
  await t.test('has a header row, ends its lines as RFC 4180 says, and leaves a cell empty where there is nothing', async t => {
    t.equal(csvOf(table()), 'code,value,late\r\n')
    t.equal(csvOf(table({ code: 'a', value: 1.5, late: true }, { code: null, value: null })), 'code,value,late\r\na,1.5,true\r\n,,\r\n')
  })

  await t.test('quotes what needs it', async t => {
    t.equal(csvOf(table({ code: 'a "b", c\nd', value: 0, late: false })), 'code,value,late\r\n"a ""b"", c\nd",0,false\r\n')
  })

  await t.test('holds no text that a spreadsheet would run, and numbers as they are', async t => {
    for (const code of ['=1+1', '+44', '-1', '@home', '\tx']) t.match(csvOf(table({ code, value: '-12.50' })), `'${code}`, code)
    t.match(csvOf(table({ code: 'a', value: '-12.50' })), /a,-12\.50,/)
    t.match(csvOf(table({ code: 'a', value: -3 })), /a,-3,/)
  })

  await t.test('is read back cell by cell', async t => {
    fc.assert(fc.property(fc.array(fc.record({ code: fc.string({ unit: 'grapheme' }), value: fc.integer(), late: fc.boolean() })), rows => {
      const [, ...lines] = Papa.parse<string[]>(csvOf(table(...rows)), { newline: '\r\n', delimiter: ',' }).data
      const wanted = rows.map(row => [/^[=+@\t\r\n-]/.test(row.code) ? `'${row.code}` : row.code, String(row.value), String(row.late)])
      t.same(lines.slice(0, -1), wanted)
    }))
  })
})

await t.test('a small table as a workbook', async t => {
  await t.test('has its headings in row 1, which stay in view, numbers as numbers and codes as text', async t => {
    const [sheet] = await sheetsOf({ code: '2016-17', value: '-12.5', late: true }, { code: '=1+1', value: 3, late: null })
    t.same(sheet!.name, 'Things')
    t.same(sheet!.rows, [['code', 'value', 'late'], ['2016-17', -12.5, true], ['=1+1', 3, null]])
    t.match(sheet!.freezePane, { rows: 1 })
    t.equal(sheet!.cells?.get('1,0')?.style?.numFmt, '@')
    t.notOk([...sheet!.cells!.values()].some(cell => cell.formula !== undefined))
  })

  await t.test('says on its second sheet what the columns hold', async t => {
    const [, about, ...more] = await sheetsOf()
    t.same(more, [])
    const lines = about!.rows.slice(about!.rows.findIndex(([first]) => first === 'Column'))
    t.same(lines, [['Column', 'What it holds'], ['code', 'A code.'], ['value', 'A number.'], ['late', 'True or false.']])
  })

  await t.test('is refused where it has more rows than anybody reads', async t => {
    const many = (rows: number) => table(...Array<Record<string, Cell>>(rows).fill({ code: 'a' }))
    await t.rejects(workbookOf(many(20_001), { title: 'Things' }), { code: 'too_large', status: 413 })
  })
})
