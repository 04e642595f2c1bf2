// Files that are damaged, made to harm, or not workbooks at all: a sentence that says what to do, and memory that stays bounded.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, createDeflateRaw, gzipSync } from 'node:zlib'
import { writeOds } from 'hucre'
import t from 'tap'
import { SheetProblem, sheetRows } from '../../src/http/sheet/read.js'
import { openFiles } from '../support/open_files.js'
import { book, parts, read, rels, zip, type Part } from './sheet_files.js'

/** What the sender is told, or what was read in spite of all. */
const told = async (file: Buffer | string): Promise<string> => {
  try {
    return JSON.stringify(await read(file))
  } catch (error) {
    if (!(error instanceof SheetProblem)) throw error
    return error.message
  }
}

const cell = '<c><v>1</v></c>'
const sheet1 = 'xl/worksheets/sheet1.xml'

/** A part that repeats one piece very often, packed without ever being whole in memory. */
async function bomb (name: string, before: string, piece: string, times: number, after: string, size?: number): Promise<Part> {
  const deflate = createDeflateRaw({ level: 9 })
  const packed: Buffer[] = []
  deflate.on('data', (chunk: Buffer) => packed.push(chunk))
  const block = Buffer.from(piece.repeat(Math.ceil(2 ** 20 / piece.length)))
  let sum = 0
  let total = 0
  const write = async (bytes: Buffer) => {
    sum = crc32(bytes, sum)
    total += bytes.length
    if (!deflate.write(bytes)) await once(deflate, 'drain')
  }
  await write(Buffer.from(before))
  for (let left = piece.length * times; left > 0; left -= block.length) await write(left < block.length ? block.subarray(0, left) : block)
  await write(Buffer.from(after))
  deflate.end()
  await once(deflate, 'end')
  return { name, packed: Buffer.concat(packed), size: size ?? total, sum }
}

await t.test('files that are no workbook', async t => {
  await t.test('are told what they are', async t => {
    const old = Buffer.alloc(4096)
    old.write('D0CF11E0A1B11AE1', 'hex')
    old.writeUInt16LE(9, 30)
    const withName = (name: string) => {
      const file = Buffer.from(old)
      file.write(name, 512 + 64, 'utf16le')
      return file
    }
    const cases: Array<[Buffer, RegExp]> = [
      [Buffer.alloc(0), /^The file is empty/],
      [withName('Workbook'), /old Excel workbook \(\.xls\).*save it as \.xlsx/],
      [withName('EncryptedPackage'), /protected by a password.*Save it as \.xlsx/],
      [old, /old Office program/],
      [Buffer.from('measure,area,period\n1,2,3\n'), /text file.*text\/csv/],
      [Buffer.from('<html><table><tr><td>1'), /page or an XML file/],
      [Buffer.from('%PDF-1.7\n'), /PDF/],
      [gzipSync('x'), /gzip/],
      [Buffer.from([0, 1, 2, 3]), /not an \.xlsx/],
      [Buffer.from(await writeOds({ sheets: [{ name: 'A', rows: [['x']] }] })), /OpenDocument file \(\.ods\)/],
      [zip([{ name: '_rels/.rels', content: '' }, { name: 'word/document.xml', content: '' }]), /Word document/],
      [zip([{ name: 'ppt/presentation.xml', content: '' }]), /PowerPoint/],
      [zip([{ name: 'xl/workbook.bin', content: '' }]), /binary Excel workbook \(\.xlsb\)/],
      [zip([{ name: 'figures.csv', content: 'a,b' }]), /no workbook is in it/],
      [zip([]), /no workbook is in it/]
    ]
    for (const [file, sentence] of cases) t.match(await told(file), sentence)
  })

  await t.test('a path that is not there is a fault of ours, not of the sender', async t => {
    await t.rejects(read('/nowhere/figures.xlsx'), { code: 'ENOENT' })
  })
})

await t.test('workbooks that are damaged', async t => {
  await t.test('say which part, row or cell, and what to do', async t => {
    const rows = (text: string) => book({ rows: text })
    const cases: Array<[Buffer, RegExp]> = [
      [rows('<row r="2"/><row r="2"/>'), /Sheet "Figures": row 2 comes after row 2\. Open the file/],
      [rows('<row r="x"/>'), /without a number/],
      [rows('<row r="1048577"/>'), /beyond row 1048576/],
      [rows('<row r="3"><c r="B3"/><c r="B3"/></row>'), /in row 3, after B3, comes a cell/],
      [rows('<row r="3"><c r="B4"/></row>'), /in row 3, after its start/],
      [rows('<row r="3"><c r="XFE3"/></row>'), /in row 3/],
      [rows('<row r="3"><c r="7"/></row>'), /in row 3/],
      [rows(`<row>${'<c/>'.repeat(16385)}</row>`), /row 1 has more than 16384 cells/],
      [rows('<row r="7"><c r="B7" t="s"><v>0</v></c></row>'), /row 7: cell B7 refers to a text that is not in the file/],
      [rows('<row r="7"><c r="B7" t="s"><v>-1</v></c></row>'), /row 7: cell B7/],
      [rows('<row><c'), /"xl\/worksheets\/sheet1\.xml" is not well-formed XML/],
      [rows('<row></c></row>'), /not well-formed/],
      [rows('<row><c><v>&nbsp;</v></c></row>'), /not well-formed/],
      [book({}, { name: sheet1, content: Buffer.from([0x3C, 0x61, 0x3E, 0xC3, 0x28]) }), /bytes that are no text/],
      [book({}, { name: sheet1, content: '' }), /not well-formed/],
      [book({}, { name: 'xl/_rels/workbook.xml.rels', content: rels(['rId1', 'worksheet', 'worksheets/gone.xml']) }), /refers to "xl\/worksheets\/gone\.xml", which is not in it/],
      [book({}, { name: 'xl/_rels/workbook.xml.rels', content: rels(['rId1', 'chartsheet', 'worksheets/sheet1.xml']) }), /no worksheet/],
      [book({}, { name: '_rels/.rels', content: rels(['rId1', 'other', 'xl/workbook.xml']) }), /where its workbook is/],
      [book({}, { name: 'xl/workbook.xml', content: '<document/>' }), /not a workbook/],
      [zip([...parts({}).values(), { name: 'XL/workbook.xml', content: '' }]), /in it twice/],
      [zip([...parts({}).values(), { name: '../evil.xml', content: '' }]), /table of contents/],
      [book({}, { name: sheet1, content: '<worksheet/>', flags: 1 }), /protected by a password/],
      [book({}, { name: sheet1, content: '<worksheet/>', method: 12 }), /no spreadsheet program uses/],
      [book({}, { name: sheet1, content: '<worksheet/>', sum: 1 }), /not what was packed/],
      [book({}, { name: sheet1, packed: Buffer.from('garbage, not deflated'), size: 10, sum: 1 }), /cannot be unpacked/],
      [Buffer.concat([book({}), Buffer.alloc(70_000)]), /table of contents/]
    ]
    for (const [file, sentence] of cases) t.match(await told(file), sentence)
  })

  await t.test('a file that is cut short anywhere is refused', async t => {
    const file = book({ rows: `<row>${cell}</row>`.repeat(500), texts: '<si><t>x</t></si>', formats: ['0%'] })
    for (let part = 0; part < 50; part++) {
      const message = await told(file.subarray(0, Math.floor(file.length * part / 50)))
      t.match(message, /^The file is (empty|damaged)|^This is not/, `${part}/50: ${message}`)
    }
  })

  await t.test('what the directory of the zip claims is not believed', async t => {
    const lies: Array<[Partial<Part>, RegExp]> = [
      [{ size: 1 }, /not what was packed/], [{ size: 2 ** 31 }, /not what was packed/], [{ size: 0xFFFFFFFF }, /table of contents|not what was packed|zip64/], [{ stored: true, size: 3 }, /not what was packed|table of contents/]
    ]
    for (const [lie, sentence] of lies) t.match(await told(book({}, { ...parts({ rows: `<row>${cell}</row>` }).get(sheet1)!, ...lie })), sentence, JSON.stringify(lie))
    const list = [...parts({}).values()]
    t.match(await told(zip(list, { count: list.length + 1 })), /table of contents|ends before/)
    t.match(await told(zip(list, { count: 10_001 })), /more than 10000 parts/)
    t.match(await told(zip(list, { count: 2 ** 60, zip64: true })), /more than 10000 parts/)
    const folder = await mkdtemp(join(tmpdir(), 'outturn-sheet-'))
    t.teardown(() => rm(folder, { recursive: true }))
    for (const offset of [2 ** 52, 2 ** 53 + 2, 2 ** 62, 0, 7]) {
      const file = zip(list, { zip64: true, offset })
      t.match(await told(file), /table of contents|ends before/, `in memory ${offset}`)
      await writeFile(join(folder, 'lie.xlsx'), file)
      t.match(await told(join(folder, 'lie.xlsx')), /table of contents|ends before/, `on disk ${offset}`)
    }
    // Where the long directory itself is said to be: beyond any offset that a disk can be asked for.
    const file = zip(list, { zip64: true })
    file.writeUInt32LE(0xFFFFFFF, file.length - 22 - 20 + 12)
    await writeFile(join(folder, 'lie.xlsx'), file)
    t.match(await told(join(folder, 'lie.xlsx')), /table of contents|ends before/)
  })
})

await t.test('workbooks made to harm', async t => {
  await t.test('a cell, a row, a number of texts or of cells beyond what a sheet can hold is named', async t => {
    const long = 'x'.repeat(32_768)
    t.match(await told(book({ rows: `<row r="7"><c r="B7" t="inlineStr"><is><t>${long}</t></is></c></row>` })), /Sheet "Figures", row 7: cell B7 holds more than 32767 characters/)
    t.match(await told(book({ rows: '<row r="7"><c r="C7" t="s"><v>1</v></c></row>', texts: `<si><t>a</t></si><si><t>${long}</t></si>` })), /row 7: cell C7 holds more than 32767 characters/)
    t.match(await told(book({ rows: `<row r="7"><c r="C7"><v>${'1'.repeat(300_000)}</v></c></row>` })), /cell C7 holds more than 32767 characters/)
    t.match(await told(book({ rows: '<row><c t="s"><v>0</v></c></row>', texts: `<si><t>${'_x0041_'.repeat(32_767)}</t></si>` })), /^\[\{"place":1,"cells":\["A{32767}"\]\}\]$/, 'while escapes count as what they stand for')
    t.match(await told(book({ rows: '<row><c><v>2</v></c></row>', texts: `<si><t>${long}</t></si>` })), '"2"', 'and a long text that no cell uses is nobody’s fault')
    t.match(await told(book({ rows: `<row r="4">${'<c t="s"><v>0</v></c>'.repeat(200)}</row>`, texts: `<si><t>${'x'.repeat(30_000)}</t></si>` })), /row 4 holds more than 4194304 characters/)
    t.match(await told(book({ rows: '<row><c r="XFD1"/></row>'.replace(' r="XFD1"', '') + Array.from({ length: 1300 }, (_, index) => `<row><c r="XFD${index + 2}"><v>1</v></c></row>`).join('') })), /more than 20000000 cells/)
  })

  await t.test('numbers that take a regular expression long to refuse are refused at once', async t => {
    for (const nasty of ['1'.repeat(32_000) + 'x', '1.' + '1'.repeat(32_000) + 'x', '-' + '0'.repeat(32_000), ' '.repeat(32_000) + 'x']) t.ok((await told(book({ rows: `<row><c><v>${nasty}</v></c><c s="1"><v>${nasty}</v></c></row>`, formats: [14] }))).length > 0)
    for (const nasty of ['"'.repeat(32_000), '['.repeat(32_000), '\\'.repeat(32_001), '_x00'.repeat(8000), '.0'.repeat(16_000), '"a'.repeat(16_000)]) t.match(await told(book({ rows: '<row><c s="1"><v>1</v></c></row>', formats: [nasty] })), /place/)
  })

  await t.test('a DOCTYPE is refused in every part, and with it entities inside entities', async t => {
    const nested = `<!DOCTYPE x [<!ENTITY a "ha">${'abcdefghij'.split('').map((name, index, all) => index === 0 ? '' : `<!ENTITY ${name} "${`&${all[index - 1]!};`.repeat(10)}">`).join('')}]>`
    const all = parts({ rows: '<row><c t="s"><v>0</v></c></row>', texts: '<si><t>x</t></si>' })
    for (const name of ['_rels/.rels', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels', 'xl/styles.xml', sheet1, 'xl/sharedStrings.xml']) {
      const content = String(all.get(name)!.content).replace(/^(<\?.*?\?>)?/, `$1${nested}`).replace('<t>x', '<t>&j;')
      t.match(await told(zip([...new Map(all).set(name, { name, content }).values()])), /has a DOCTYPE/, name)
    }
    t.match(await told(book({}, { name: sheet1, content: '<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:1/x.dtd"><worksheet/>' })), /DOCTYPE/)
  })

  await t.test('elements inside one another, tags and comments without end are refused', async t => {
    for (const content of ['<a>'.repeat(100_000), `<worksheet ${Array.from({ length: 90_000 }, (_, index) => `attribute${index}="1"`).join(' ')}`, `<worksheet a="${'x'.repeat(2e6)}`, `<worksheet><!--${'<>'.repeat(1e6)}`, `<worksheet><![CDATA[${'<>'.repeat(1e6)}`, `<?xml version="1.0"?><?x ${'y'.repeat(2e6)}`, `<!DOCTYPE x [${'<!-- -->'.repeat(2e5)}`]) {
      t.match(await told(book({}, { name: sheet1, content, stored: true })), /more than (100 elements|a million characters)/, content.slice(0, 30))
    }
  })

  await t.test('styles and relationships without end are refused', async t => {
    t.match(await told(book({}, { name: 'xl/styles.xml', stored: true, content: `<styleSheet><cellXfs>${'<xf/>'.repeat(70_000)}</cellXfs></styleSheet>` })), /more than 65536 formats/)
    t.match(await told(book({}, { name: 'xl/_rels/workbook.xml.rels', stored: true, content: rels(...Array.from({ length: 10_001 }, (_, index): [string, string, string] => [`rId${index}`, 'x', 'y'])) })), /more than 10000 parts/)
    t.match(await told(book({}, { name: 'xl/styles.xml', stored: true, content: `<styleSheet>${' <a/>'.repeat(4e6)}</styleSheet>` })), /"xl\/styles\.xml" in the file is larger than 16 MB/)
  })

  await t.test('others get their turn while a large sheet that is not even packed is read', async t => {
    const file = book({}, { name: sheet1, stored: true, content: `<worksheet><sheetData>${`<row>${cell.repeat(12)}</row>`.repeat(60_000)}</sheetData></worksheet>` })
    let turns = 0
    let timer: NodeJS.Immediate | undefined
    const count = () => { turns++; timer = setImmediate(count) }
    let rows = 0
    for await (const batch of sheetRows(file)) {
      rows += batch.length
      // From here on nothing waits for a disk or for zlib.
      timer ??= setImmediate(count)
    }
    clearImmediate(timer)
    t.equal(rows, 60_000)
    t.ok(turns > 1, `${turns} turns`)
  })

  await t.test('a reader that stops early leaves nothing open', async t => {
    const folder = await mkdtemp(join(tmpdir(), 'outturn-sheet-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const path = join(folder, 'figures.xlsx')
    await writeFile(path, book({ rows: `<row>${cell.repeat(12)}</row>`.repeat(5000) }))
    for (let round = 0; round < 20; round++) {
      const rows = sheetRows(path)
      t.match(await rows.next(), { done: false })
      await rows.return(undefined)
      await told(folder).catch(() => {})
    }
    t.equal(openFiles(folder), 0)
  })
})

await t.test('zip bombs are refused with little memory', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'outturn-sheet-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const cell300 = await bomb(sheet1, '<worksheet><sheetData><row><c t="inlineStr"><is><t>', 'x', 3e8, '</t></is></c></row></sheetData></worksheet>')
  const texts = (content: string) => book({ texts: '' }, { name: 'xl/sharedStrings.xml', stored: true, content: `<sst>${content}</sst>` })
  const files: Array<[string, Buffer, RegExp]> = [
    ['one cell of 300 MB', book({}, cell300), /a million characters/],
    ['one cell of 300 MB that claims to be small', book({}, { ...cell300, size: 1000 }), /a million characters/],
    ['cells without end', book({}, await bomb(sheet1, '<worksheet><sheetData>', `<row>${'<c/>'.repeat(16_000)}</row>`, 3000, '</sheetData></worksheet>')), /unpacks to more than 200 times/],
    ['shared texts without end', book({ texts: '' }, await bomb('xl/sharedStrings.xml', '<sst>', '<si/>', 3e7, '</sst>')), /more than 200 times/],
    ['empty shared texts that barely repeat', texts('<si/>'.repeat(4_200_000)), /more than 4194304 texts/],
    ['long shared texts that barely repeat', texts(`<si><t>${'x'.repeat(32_767)}</t></si>`.repeat(2100)), /larger than 64 MB/],
    ['shared texts, as many as are taken', texts('<si><t>a</t></si>'.repeat(3_900_000)), /^nothing$/],
    ['wide rows of gaps', book({ rows: Array.from({ length: 1200 }, (_, index) => `<row><c r="XFD${index + 1}"><v>1</v></c></row>`).join('') }), /^rows$/]
  ]
  const reader = join(folder, 'read.mjs')
  await writeFile(reader, `
    import { sheetRows } from ${JSON.stringify(new URL('../../src/http/sheet/read.ts', import.meta.url).href)}
    const before = process.memoryUsage.rss()
    let most = before
    setInterval(() => { most = Math.max(most, process.memoryUsage.rss()) }, 2).unref()
    for (const path of process.argv.slice(2)) {
      globalThis.gc()
      let said = 'nothing'
      try { for await (const rows of sheetRows(path)) said = 'rows' } catch (error) { said = error.message }
      process.stdout.write(JSON.stringify({ said, grown: (Math.max(most, process.memoryUsage.rss()) - before) / 1024 ** 2 }) + '\\n')
    }`)
  const paths: string[] = []
  for (const [index, [, file]] of files.entries()) {
    paths.push(join(folder, `${index}.xlsx`))
    await writeFile(paths[index]!, file)
  }
  // In a process of its own, and by what is measured while it runs: a process that has just started says as its peak that of the one that started it.
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', reader, ...paths], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
  await once(child, 'close')
  const lines = output.trimEnd().split('\n').map(line => JSON.parse(line) as { said: string, grown: number })
  for (const [index, [name, , sentence]] of files.entries()) {
    t.match(lines[index]?.said, sentence, name)
    // Each alone stays below 80 MB, 64 of them the texts themselves; one after another, some of what was freed is still held.
    t.ok(lines[index]!.grown < 150, `up to ${name}: ${Math.round(lines[index]!.grown)} MB more`)
  }
})
