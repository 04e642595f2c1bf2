// Workbooks changed at random, from a fixed seed: always rows or a problem in words, never another error, never a wait without end.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { SheetProblem, type SheetRow } from '../../src/http/sheet/read.js'
import { parts, read, zip, type Part } from './sheet_files.js'

const list = [...parts({
  rows: Array.from({ length: 40 }, (_, row) => `<row r="${row + 1}"><c r="A${row + 1}" t="s"><v>${row % 5}</v></c><c r="B${row + 1}" s="1"><v>0.${row}1</v></c><c r="C${row + 1}" s="2"><v>${43190 + row}</v></c><c t="inlineStr"><is><r><t>in_x0041_</t></r></is></c><c t="b"><v>1</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`).join(''),
  texts: Array.from({ length: 5 }, (_, index) => `<si><t xml:space="preserve">text &amp; ${index} é</t></si>`).join(''),
  formats: ['0.0%', 'mmm yyyy']
}).values()]
const packed = zip(list)
const stored = zip(list.map(part => ({ ...part, stored: true })))

const seed = 20261125
const byte = fc.integer({ min: 0, max: 255 })

interface Change { at: number, to: number[], cut: number }

/** Some places of a file, each with bytes that overwrite, and how many that go. */
const change = fc.record<Change>({ at: fc.nat(2 ** 31 - 1), to: fc.array(byte, { maxLength: 4 }), cut: fc.nat(4) })
const changes = fc.array(change, { minLength: 1, maxLength: 4 })

function changed (file: Buffer, list: readonly Change[]): Buffer {
  let result = file
  for (const { at, to, cut } of list) {
    const from = at % (result.length + 1)
    result = Buffer.concat([result.subarray(0, from), Buffer.from(to), result.subarray(from + cut)])
  }
  return result
}

/** Rows are rows and problems are sentences; anything else is thrown on and fails. `expected`: the only rows that there may be. */
async function outcome (file: Buffer, expected?: SheetRow[]): Promise<'rows' | 'problem'> {
  try {
    const rows = await read(file)
    if (expected !== undefined) deepEqual(rows, expected)
    for (const { place, cells } of rows) {
      if (!Number.isInteger(place) || cells.some(cell => cell !== null && (typeof cell !== 'string' || cell === ''))) throw new Error(`row ${place} is none`)
    }
    return 'rows'
  } catch (error) {
    if (error instanceof SheetProblem && /[.]$/.test(error.message)) return 'problem'
    throw error
  }
}

/** How many were read and how many refused, so that a test can say that it met both. */
function tally (expected?: SheetRow[]) {
  const seen = { rows: 0, problem: 0 }
  return { seen, add: async (file: Buffer) => { seen[await outcome(file, expected)]++ } }
}

const run = { seed, numRuns: 500 }
const pieces = [
  '<c>', '</c>', '<v>', '</v>', '<row>', '</row>', '<is>', '<t>', '</t>', '<rPh>', '<sheetData>', '<row r="1e3"/>', '<c r="A1" t="__proto__"><v>toString</v></c>', '<v>1e400</v>',
  '<!--', '-->', '<![CDATA[', ']]>', '<?x', '<!DOCTYPE a>', '&#0;', '&amp;', '&x;', ' r="ZZZ9"', ' t="s"', ' s="99999999999"', ' r=""', ' s="-1"', '_x0000_', '_xD800_', '\u0000', '\uFEFF', '9'.repeat(400)
]

await t.test('sheets changed at random', async t => {
  for (const [name, file] of [['packed', packed], ['stored', stored]] as const) {
    await t.test(`bytes of a ${name} file: what is read of it is what was written, or nothing`, async t => {
      const { seen, add } = tally(await read(file))
      await fc.assert(fc.asyncProperty(changes, change => add(changed(file, change))), run)
      t.ok(seen.rows > 0 && seen.problem > 0, JSON.stringify(seen))
    })
  }

  await t.test('bytes of one part, packed again so that nothing but its content is wrong', async t => {
    const { seen, add } = tally()
    await fc.assert(fc.asyncProperty(fc.nat(list.length - 1), changes, (index, change) => {
      const part: Part = list[index]!
      return add(zip(list.with(index, { ...part, content: changed(Buffer.from(part.content!), change) })))
    }), run)
    t.ok(seen.rows > 0 && seen.problem > 0, JSON.stringify(seen))
  })

  await t.test('pieces of XML in places where they do not belong', async t => {
    const { seen, add } = tally()
    await fc.assert(fc.asyncProperty(fc.nat(list.length - 1), fc.nat(2 ** 31 - 1), fc.constantFrom(...pieces), (index, at, piece) => {
      const part: Part = list[index]!
      const content = String(part.content)
      const from = at % (content.length + 1)
      return add(zip(list.with(index, { ...part, content: content.slice(0, from) + piece + content.slice(from) })))
    }), run)
    t.ok(seen.rows > 0 && seen.problem > 0, JSON.stringify(seen))
  })
})
