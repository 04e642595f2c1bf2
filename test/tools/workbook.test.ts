// The workbook opened by another program: LibreOffice reads every cell back as it stands in the JSON. Needs soffice on the
// machine; SOFFICE names another.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { registers } from '../../src/documents/bundle_schema.js'
import { breakdownText } from '../../src/resources/datapoints/breakdown.js'
import { sections } from '../../src/resources/sections.js'
import { all, codes, startWithSample, type Bundle, type Item } from '../documents/sample.js'

/** A cell as LibreOffice writes it: texts in quotes, numbers and truths bare. */
interface Read { quoted: boolean, text: string }

function cellsOf (csv: string): Read[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^,"\n]*))(,|\n|$)/g
  const rows: Read[][] = [[]]
  for (const [whole, quoted, bare, end] of csv.replace(/^\ufeff/, '').matchAll(cell)) {
    if (whole === '' && rows.at(-1)!.length === 0) break
    rows.at(-1)!.push({ quoted: quoted !== undefined, text: quoted?.replaceAll('""', '"') ?? bare ?? '' })
    if (end === '\n') rows.push([])
  }
  return rows.filter(row => row.length > 0)
}

/** All sheets of the workbooks: texts quoted, numbers bare and as shown, formulas as what they come to. */
async function readByLibreOffice (t: Test, workbooks: Map<string, Uint8Array>) {
  const dir = await mkdtemp(join(tmpdir(), 'outturn-soffice-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  for (const [name, bytes] of workbooks) await writeFile(join(dir, `${name}.xlsx`), bytes)
  await promisify(execFile)(process.env.SOFFICE ?? 'soffice', [
    `-env:UserInstallation=${pathToFileURL(join(dir, 'profile')).href}`, '--headless', '--norestore',
    '--convert-to', 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,true,false,false,-1',
    '--outdir', join(dir, 'csv'), ...[...workbooks.keys()].map(name => join(dir, `${name}.xlsx`))
  ], { timeout: 180_000 })
  const read = new Map<string, Map<string, Read[][]>>([...workbooks.keys()].map(name => [name, new Map()]))
  for (const file of await readdir(join(dir, 'csv'))) {
    const name = [...workbooks.keys()].filter(name => file.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)[0]!
    read.get(name)!.set(file.slice(name.length + 1, -4), cellsOf(await readFile(join(dir, 'csv', file), 'utf8')))
  }
  return read
}

type Rows = Array<Map<string, Read>>

/** The table from the fourth row on, by heading. */
function tableOf (sheets: Map<string, Read[][]>, name: string): Rows {
  const [,,, headings = [], ...rows] = sheets.get(name) ?? []
  return rows.map(row => new Map(headings.map(({ text }, i) => [text, row[i]!])))
}

const isEmpty = ({ quoted, text }: Read) => !quoted && text === ''

/** The texts and numbers inside a value, in any depth. */
const leaves = (value: unknown): string[] => typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)]

/** Whether the cell says what the JSON says: the very text, number or truth; of a list or map all that is in it. */
function says (cell: Read | undefined, value: unknown): boolean {
  if (cell === undefined) return false
  if (value === undefined || value === null) return isEmpty(cell)
  if (typeof value === 'string') return cell.quoted && cell.text === value
  if (typeof value === 'number') return !cell.quoted && cell.text !== '' && Number(cell.text) === value
  if (typeof value === 'boolean') return !cell.quoted && cell.text === String(value).toUpperCase()
  const inside = leaves(value)
  return inside.length === 0 ? isEmpty(cell) : cell.quoted && inside.every(leaf => cell.text.includes(leaf))
}

const sheetOf = (table: string) => table === 'measures' ? 'Definitions' : `${table.charAt(0).toUpperCase()}${table.slice(1).replaceAll('_', ' ')}`

const keyed = (row: Item | Record<string, unknown>) => ['measure', 'area', 'period', 'breakdown', 'statistic', 'against', 'base_period']
  .map(name => name === 'breakdown' ? breakdownText((row.breakdown ?? {}) as Record<string, string>) : row[name] ?? '').join('|')

await t.test('the workbooks of the sample plans in LibreOffice', async t => {
  const { admin, anonymous, app } = await startWithSample(t)

  const fetched = async (path: string) => {
    const { statusCode, headers, rawPayload } = await app.inject(path)
    t.match({ statusCode, headers }, { statusCode: 200, headers: { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } })
    return new Uint8Array(rawPayload)
  }

  const plan = 'nottingham-cypp-2016-20'
  await admin.post(`/v1/plans/${plan}/publications`, { label: 'V6', date: '2018-06-15' })
  const texts = ['=1+1', '+44 115', '-5', '@SUM(1)', '<script>alert(1)</script>', '#N/A', '#DIV/0!', '_x0041_', '1e5', 'TRUE', '007', '2018-03-31', '15/06/2018', ' two  spaces ', 'first\nsecond', 'naïve £ – 👪']
  await admin.put('/v1/plans/hostile', { title: '=HYPERLINK("https://evil.example")', owner: 'nottingham-childrens-partnership', visibility: 'public' })
  for (const [i, text] of texts.entries()) await admin.put(`/v1/plans/hostile/updates/U${i + 10}`, { text, sensitivity: 'public' })

  const bundles = new Map<string, Bundle>()
  const workbooks = new Map<string, Uint8Array>()
  for (const code of [...codes, 'hostile']) {
    bundles.set(code, (await anonymous.get(`/v1/plans/${code}/bundle`)).body)
    workbooks.set(code, await fetched(`/v1/plans/${code}/report?format=xlsx`))
  }
  workbooks.set('published', await fetched(`/v1/plans/${plan}/report?format=xlsx&publication=V6`))
  const read = await readByLibreOffice(t, workbooks)

  for (const code of codes) {
    const bundle = bundles.get(code)!
    const sheets = read.get(code)!

    await t.test(`${code} has every item of every section and register, each member in its cell`, async t => {
      for (const { table, schema } of [...sections, ...registers]) {
        const items = (bundle[table] ?? []) as Item[]
        const rows = tableOf(sheets, sheetOf(table))
        t.equal(rows.length, items.length, table)
        const wrong = items.flatMap((item, i) => Object.entries(schema.item.properties as Record<string, { default?: unknown }>)
          .filter(([name, member]) => !says(rows[i]?.get(name), item[name] ?? member.default))
          .map(([name]) => ({ item: item.code, name, json: item[name], cell: rows[i]?.get(name) })))
        t.same(wrong, [], table)
      }
    })

    await t.test(`${code} has every figure as the bundle has it, and with the columns that the API adds`, async t => {
      const figures = bundle.datapoints
      const rows = tableOf(sheets, 'Figures')
      t.equal(rows.length, figures.length)
      const served = new Map<string, Item>()
      for (const row of await all(anonymous, '/v1/datapoints?titles=true')) served.set(keyed(row), row)
      const wrong = figures.flatMap((figure, i) => {
        const whole: Record<string, unknown> = served.get(keyed(figure)) ?? {}
        const breakdown = breakdownText((figure.breakdown ?? {}) as Record<string, string>) || null
        const told: Record<string, unknown> = { ...whole, ...figure, breakdown, qualifiers: ((figure.qualifiers ?? []) as string[]).join(';') || null }
        return [...rows[i]!.entries()].filter(([name, cell]) => !says(cell, told[name])).map(([name, cell]) => ({ name, json: told[name], cell }))
      })
      t.same(wrong, [])
    })

    await t.test(`${code} has a row for each line; its latest value, in the same words as the document's, is one of the figures`, async t => {
      const rows = tableOf(sheets, 'Measures')
      t.same(rows.map(row => row.get('Line')!.text).sort(), (bundle.plan_measures as Item[]).map(line => line.code).sort())
      const lines = new Map((bundle.plan_measures as Item[]).map(line => [line.code, line]))
      for (const row of rows) {
        const [value, period] = [row.get('Latest value')!, row.get('Latest period code')!.text]
        t.equal(row.get('Why missing')!.text === 'not missing', !isEmpty(value))
        if (isEmpty(value)) continue
        const { measure, area = bundle.plan.area } = lines.get(row.get('Line')!.text)!
        const figures = bundle.datapoints.filter(figure => figure.measure === measure && figure.area === area && figure.period === period)
        t.ok(figures.some(figure => figure.value === Number(value.text)), `${String(measure)} ${period}`)
      }
    })

    await t.test(`${code} has on its cover each other sheet with the number of its rows`, async t => {
      const cover = sheets.get('Cover')!
      t.equal(cover[0]![0]!.text, bundle.plan.title)
      const listed = cover.slice(cover.findIndex(([first]) => first?.text === 'Sheet') + 1)
      t.same(Object.fromEntries(listed.map(([name, count]) => [name!.text, Number(count!.text)])),
        Object.fromEntries([...sheets].filter(([name]) => name !== 'Cover').map(([name, rows]) => [name, rows.length - 4])))
    })
  }

  await t.test('no text is taken for a formula, an error, a number, a date or a truth', async t => {
    t.same(tableOf(read.get('hostile')!, 'Updates').map(row => row.get('text')), texts.map(text => ({ quoted: true, text })))
    t.same(read.get('hostile')!.get('Cover')![0]![0], { quoted: true, text: '=HYPERLINK("https://evil.example")' })
  })

  await t.test('the workbook of a publication is the live one of that moment, but for its cover', async t => {
    const [live, published] = [read.get(plan)!, read.get('published')!]
    t.same([...published.keys()].sort(), [...live.keys()].sort())
    for (const [name, rows] of published) if (name !== 'Cover') t.same(rows, live.get(name), name)
    t.ok(published.get('Cover')!.some(([line]) => line!.text.startsWith('Publication V6, 15 June 2018, published ')))
  })
})
