// Cells of an uploaded sheet, read as a person would type them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXlsx } from 'hucre/xlsx'
import t from 'tap'
import { cellName } from '../../src/http/sheet/read.js'
import { book, firstRow, parts, read, rels, zip } from './sheet_files.js'

const row = (...cells: string[]) => `<row r="1">${cells.join('')}</row>`
const number = (value: string, style = 0) => `<c s="${style}"><v>${value}</v></c>`

/** What one cell with one format is read as. */
const as = async (format: string | number, value: string, from1904 = false) =>
  (await firstRow(book({ rows: row(number(value, 1)), formats: [format], from1904 })))[0]

await t.test('cells of a sheet', async t => {
  await t.test('a workbook of a well-known writer is read cell for cell, from memory and from disk', async t => {
    const file = Buffer.from(await writeXlsx({
      sheets: [
        { name: 'Figures', rows: [['measure', 'value', 'on', 'ok'], ['recycling-rate', 43.2, new Date(Date.UTC(2018, 2, 31)), true], [], ['  two blanks  ', -0.5, null, false], ['=not a formula', 1e21, 'x', null]] },
        { name: 'Notes', rows: [['not read']] }
      ]
    }))
    const expected = [
      { place: 1, cells: ['measure', 'value', 'on', 'ok'] },
      { place: 2, cells: ['recycling-rate', '43.2', '2018-03-31', 'TRUE'] },
      { place: 4, cells: ['  two blanks  ', '-0.5', null, 'FALSE'] },
      { place: 5, cells: ['=not a formula', '1e21', 'x'] }
    ]
    t.same(await read(file), expected)
    const folder = await mkdtemp(join(tmpdir(), 'outturn-sheet-'))
    t.teardown(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'figures.xlsx'), file)
    t.same(await read(join(folder, 'figures.xlsx')), expected)
  })

  await t.test('numbers are the shortest decimal text, without the noise of binary', async t => {
    const cases: Array<[string, string]> = [
      ['0', '0'], ['-0', '0'], ['7', '7'], ['-12', '-12'], ['007', '7'], ['1.50', '1.5'], ['.5', '0.5'], ['5.', '5'], [' 5 ', '5'], ['+5', '5'],
      ['7.000000000000001', '7'], ['0.30000000000000004', '0.3'], ['43.199999999999996', '43.2'], ['1.1000000000000001', '1.1'], ['0.1', '0.1'], ['123456789.123456', '123456789.123456'],
      ['1E3', '1000'], ['1.5E-5', '0.000015'], ['1.0000000000000001E-5', '0.00001'], ['1E+15', '1000000000000000'], ['1.23456789012345E+16', '12345678901234500'], ['-2.5E-7', '-0.00000025'],
      ['1e-30', '1e-30'], ['1.25E+30', '1.25e30'], ['1.7976931348623157E308', '1.79769313486232e308'],
      // A long code typed as a number is not changed behind the back of its sender.
      ['1234567890123456789', '1234567890123456789'], ['-9007199254740993', '-9007199254740993'],
      // No number: as it stands, so that the reader of the row can say so with its cell.
      ['1e999', '1e999'], ['abc', 'abc'], ['1,5', '1,5'], ['0x10', '0x10'], ['NaN', 'NaN'], ['Infinity', 'Infinity']
    ]
    t.same(await firstRow(book({ rows: row(...cases.map(([stored]) => number(stored))) })), cases.map(([, text]) => text))
  })

  await t.test('a number shown as percent is read as one', async t => {
    for (const format of [9, 10, '0%', '0.0%', '#,##0.00 %', '0.0%;[Red]-0.0%', '[Green]0.0%', '"about "0%']) t.equal(await as(format, '0.172'), '17.2%', String(format))
    t.equal(await as(9, '0.28999999999999998'), '29%')
    t.equal(await as(9, '1'), '100%')
    t.equal(await as(9, '-0.0055000000000000005'), '-0.55%')
    t.equal(await as(9, '0'), '0%')
    t.equal(await as(9, 'abc'), 'abc')
  })

  await t.test('a percent sign that is only text does not make a percentage', async t => {
    for (const format of [0, 1, 2, 4, 11, 49, 'General', '0.0"%"', '0.0\\%', '0.0_%', '0*%', '"%"0', '[$%-809]0.0', '0.00E+00', '@', '0.0 "days"', '#,##0;[Red]-#,##0', '0.0,,"m"']) t.equal(await as(format, '17.2'), '17.2', String(format))
  })

  await t.test('a day is read as an ISO date, however it is shown', async t => {
    for (const format of [14, 15, 16, 30, 'dd/mm/yyyy', 'yyyy-mm-dd;@', '[$-809]dd mmmm yyyy', '[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', 'd-mmm-yy', 'D.M.YY', 'mmm d']) t.equal(await as(format, '43190'), '2018-03-31', String(format))
    t.equal(await as(14, '43190.75'), '2018-03-31', 'a time that is not shown is not read')
    t.equal(await as(22, '43190'), '2018-03-31')
    t.equal(await as('dd/mm/yyyy hh:mm', '43190.604166666664'), '2018-03-31T14:30:00')
    t.equal(await as(22, '43189.999999999996'), '2018-03-31')
  })

  await t.test('a format that shows month and year only is read as such', async t => {
    for (const format of [17, 'mmm-yy', 'mmmm yyyy', 'mm/yyyy', '[$-409]mmm\\-yy;@', 'yyyy"年"m"月"', 'mmmm']) t.equal(await as(format, '43190'), 'March 2018', String(format))
    t.equal(await as('yyyy', '43190'), '2018')
  })

  await t.test('times are read as times', async t => {
    for (const format of [20, 21, 'h:mm', 'hh:mm:ss', 'h:mm AM/PM', '[$-F400]h:mm:ss\\ AM/PM']) t.equal(await as(format, '0.604166666666667'), '14:30:00', String(format))
    for (const format of ['[h]:mm', '[hh]:mm:ss', 46]) t.equal(await as(format, '1.5'), '36:00:00', String(format))
    t.equal(await as('mm:ss.0', '0.00070601851851851847'), '00:01:01')
  })

  await t.test('days are counted from 1900 or from 1904, with the leap day that 1900 never had', async t => {
    for (const [serial, day] of [['1', '1900-01-01'], ['59', '1900-02-28'], ['60', '1900-02-29'], ['61', '1900-03-01'], ['36526', '2000-01-01'], ['2958465', '9999-12-31'], ['0', '1900-01-00']] as const) t.equal(await as(14, serial), day)
    for (const [serial, day] of [['0', '1904-01-01'], ['60', '1904-03-01'], ['41728', '2018-03-31']] as const) t.equal(await as(14, serial, true), day)
    t.equal(await as(17, '41728', true), 'March 2018')
    const sheet = { rows: row(number('41728', 1)), formats: [14], from1904: true }
    const extended = String(parts(sheet).get('xl/workbook.xml')!.content).replace('</workbook>', '<extLst><ext><x15:workbookPr xmlns:x15="x" chartTrackingRefBase="1"/></ext></extLst></workbook>')
    t.same(await firstRow(book(sheet, { name: 'xl/workbook.xml', content: extended })), ['2018-03-31'], 'whatever extensions of newer programs say beside')
    for (const serial of ['-1', '2958466', '123456789']) t.equal(await as(14, serial), serial, 'what is no day is left a number')
  })

  await t.test('dates stored as ISO text lose the midnight that nobody typed', async t => {
    const cells = ['2018-03-31', '2018-03-31T00:00:00', '2018-03-31T00:00:00.000Z', '2018-03-31T14:30:00', 'soon'].map(value => `<c t="d"><v>${value}</v></c>`)
    t.same(await firstRow(book({ rows: row(...cells, '<c t="d" s="1"><v>2018-03-31T00:00:00</v></c>'), formats: ['mmm yyyy'] })), ['2018-03-31', '2018-03-31', '2018-03-31', '2018-03-31T14:30:00', 'soon', 'March 2018'])
  })

  await t.test('texts are read whole: shared or in place, in runs, without reading aids, with escapes taken back', async t => {
    const texts = [
      '<si><t>plain</t></si>', '<si><t xml:space="preserve">  kept  </t></si>', '<si/>', '<si><t/></si>',
      '<si><r><rPr><b/></rPr><t>two </t></r><r><t>runs</t></r></si>', '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>',
      '<si><t>a &amp; b &lt;c&gt; &#233; &#x1F600;</t></si>', '<si><t>line_x000D_\nfeed _x0041_ _x005F_x0041_ _xZZZZ_</t></si>', '<si><t><![CDATA[<raw> & "data"]]></t></si>', '<si><t>com<!-- no -->ment</t></si>'
    ]
    const expected = ['plain', '  kept  ', null, null, 'two runs', '東京', 'a & b <c> é 😀', 'line\r\nfeed A _x0041_ _xZZZZ_', '<raw> & "data"', 'comment']
    const shared = texts.map((_, index) => `<c t="s"><v>${index}</v></c>`)
    t.same(await firstRow(book({ rows: row(...shared, number('1')), texts: texts.join('') })), [...expected, '1'])
    const inline = texts.map(text => `<c t="inlineStr">${text.replace(/<(\/?)si/g, '<$1is')}</c>`)
    t.same(await firstRow(book({ rows: row(...inline, number('1')) })), [...expected, '1'])
  })

  await t.test('many shared texts of every length come back as they went in', async t => {
    const texts = Array.from({ length: 5000 }, (_, index) => `${index}:${'é€x'.repeat(index % 700)}`)
    const file = book({ rows: texts.map((_, index) => `<row><c t="s"><v>${texts.length - 1 - index}</v></c></row>`).join(''), texts: texts.map(text => `<si><t>${text}</t></si>`).join('') })
    t.same((await read(file)).map(({ cells }) => cells[0]), texts.reverse())
  })

  await t.test('formulas are read by the value they last had, errors as they show', async t => {
    const cells = [
      '<c><f>1+1</f><v>2</v></c>', '<c t="str"><f>A1&amp;"x"</f><v>ax</v></c>', '<c><f>NOW()</f></c>', '<c t="str"><f>""</f><v></v></c>', '<c t="b"><f>TRUE</f><v>1</v></c>', '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c t="e"><v>#N/A</v></c>', '<c t="e"><v>#REF!</v></c>', '<c t="b"><v>0</v></c>', '<c t="b"><v>true</v></c>', '<c s="1"><f>A1/A2</f><v>0.25</v></c>'
    ]
    t.same(await firstRow(book({ rows: row(...cells), formats: [10] })), ['2', 'ax', null, null, 'TRUE', '#DIV/0!', '#N/A', '#REF!', 'FALSE', 'TRUE', '25%'])
  })

  await t.test('rows and cells that are not there leave gaps, and nothing trails', async t => {
    const rows = '<row r="3"><c r="B3"><v>1</v></c><c r="D3"><v>2</v></c><c r="E3"/><c r="AA3" s="1"/></row><row r="4"/><row r="5"><c r="A5"/></row><row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'
    const [first, last, ...none] = await read(book({ rows }))
    t.same(first, { place: 3, cells: [null, '1', null, '2'] })
    t.same([last?.place, last?.cells.length, last?.cells.at(-1)], [1048576, 16384, '9'])
    t.same(none, [])
    t.same(await read(book({ rows: '<row><c><v>1</v></c><c/><c r="D1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row><row r="9"/><row><c><v>5</v></c></row>' })), [{ place: 1, cells: ['1', null, null, '2', '3'] }, { place: 2, cells: ['4'] }, { place: 10, cells: ['5'] }], 'and places that are not told are counted')
    t.same(await read(book({})), [])
  })

  await t.test('the first sheet is the first worksheet in the order of the tabs, hidden or not', async t => {
    const other = { name: 'xl/other.xml', content: '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1" hidden="1"><x:c r="A1" t="inlineStr"><x:is><x:t>this one</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>' }
    const workbook = { name: 'xl/workbook.xml', content: '<workbook xmlns:q="r"><sheets><sheet name="Chart" sheetId="1" q:id="rId9"/><sheet name="Old" sheetId="7" state="veryHidden" q:id="rId8"/><sheet name="Figures" sheetId="2" q:id="rId1"/></sheets></workbook>' }
    const relations = { name: 'xl/_rels/workbook.xml.rels', content: rels(['rId1', 'worksheet', 'worksheets/sheet1.xml'], ['rId9', 'chartsheet', 'chart.xml'], ['rId8', 'worksheet', '../xl/./Other.xml']) }
    t.same(await firstRow(book({ rows: row(number('1')) }, other, workbook, relations)), ['this one'])
  })

  await t.test('zips are read in every way that they are written', async t => {
    const list = [...parts({ rows: row(number('1')) }).values()]
    t.same(await firstRow(zip(list.map(part => ({ ...part, stored: true })))), ['1'])
    t.same(await firstRow(zip(list.map(part => ({ ...part, descriptor: true })))), ['1'])
    t.same(await firstRow(zip(list.map(part => ({ ...part, zip64: true })), { zip64: true })), ['1'])
    t.same(await firstRow(zip(list.map(part => ({ ...part, name: part.name.replace(/\//g, '\\') })))), ['1'])
    const wide = list.map(part => ({ ...part, content: Buffer.from(`\uFEFF${String(part.content).replace('encoding="UTF-8"', 'encoding="UTF-16"')}`, 'utf16le') }))
    t.same(await firstRow(zip(wide)), ['1'], 'and UTF-16 is text as well')
  })

  await t.test('places have the names that sheets give them', t => {
    t.same([cellName(0, 1), cellName(1, 7), cellName(25, 2), cellName(26, 2), cellName(701, 3), cellName(702, 3), cellName(16383, 1048576)], ['A1', 'B7', 'Z2', 'AA2', 'ZZ3', 'AAA3', 'XFD1048576'])
    t.end()
  })
})
