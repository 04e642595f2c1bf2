// The workbook of a plan, made of the bundles of data/ and of small ones: what a program that opens it is given.
import { readFile } from 'node:fs/promises'
import { readXlsx, type Sheet } from 'hucre/xlsx'
import t from 'tap'
import type { BundleBody } from '../../src/documents/bundle_schema.js'
import { reportOf, type About } from '../../src/documents/report/report.js'
import { workbookOf } from '../../src/documents/workbook/workbook.js'
import { sections } from '../../src/resources/sections.js'
import { partsOf } from './parts.js'

const plans = ['nottingham-cypp-2015-16', 'nottingham-cypp-2016-20', 'notts-cypf-2011-14', 'notts-cypf-2016-18']

const live = { kind: 'live', at: '2026-11-24T01:23:00Z' } as const

const file = async (plan: string) => JSON.parse(await readFile(new URL(`../../data/${plan}.json`, import.meta.url), 'utf8')) as BundleBody

const made = (bundle: BundleBody, about: About = live) => workbookOf(reportOf(bundle, about, '2026-11-24'), bundle, 'https://plans.example')

type Rows = Array<Record<string, unknown>>

/** Rows of the table that begins in the fourth row, by heading. */
function tableIn (sheets: Map<string, Sheet>, name: string): Rows {
  const [,,, headings = [], ...rows] = sheets.get(name)?.rows ?? []
  return rows.map(row => Object.fromEntries(headings.map((heading, i) => [String(heading), row[i] ?? null])))
}

async function opened (bundle: BundleBody, about: About = live) {
  const bytes = await made(bundle, about)
  const { properties, sheets, namedRanges } = await readXlsx(bytes, { readStyles: true })
  const byName = new Map(sheets.map(sheet => [sheet.name, sheet]))
  return { bytes, properties, namedRanges, sheets, byName, parts: partsOf(bytes), table: (name: string) => tableIn(byName, name) }
}

const small = (changes: Record<string, unknown> = {}) => ({
  format: 'outturn-bundle/1',
  plan: { code: 'plan-a', title: 'Plan A', owner: 'council', area: 'E1', period: 'FY2016' },
  organisations: [{ code: 'council', title: 'The Council', kind: 'council' }],
  areas: [{ code: 'E1', title: 'Town', kind: 'unitary' }],
  measures: [{ code: 'smoking', title: 'Smoking', unit: 'percent' }],
  priorities: [{ code: '1', ref: '1', title: 'Health', position: 1 }],
  plan_measures: [{ code: 'L1', measure: 'smoking', priorities: [{ priority: '1', relation: 'primary' }] }],
  ...changes
}) as unknown as BundleBody

const update = (text: string, i = 0) => ({ code: `U${i}`, text, kind: 'progress' })

for (const plan of plans) {
  await t.test(`the workbook of ${plan}`, async t => {
    const bundle = await file(plan)
    const { sheets, byName, parts, table } = await opened(bundle)

    await t.test('opens with a cover that lists every other sheet with its rows and leads to it', async t => {
      const { rows, cells, tables } = byName.get('Cover')!
      const start = rows.findIndex(([first]) => first === 'Sheet') + 1
      t.equal(rows[0]![0], bundle.plan.title)
      t.ok(rows.some(([line]) => line === 'The live plan, as at 24 November 2026, 01:23 UTC'))
      t.ok(rows.some(([line]) => String(line).startsWith(`Source: https://plans.example/v1/plans/${plan}/bundle,`)))
      t.same(rows.slice(start).map(([name, count]) => [name, count]), sheets.slice(1).map(({ name, rows }) => [name, rows.length - 4]))
      t.same(sheets.slice(1).map((_, i) => cells!.get(`${start + i},0`)?.hyperlink?.location), sheets.slice(1).map(({ name }) => `'${name}'!A1`))
      t.same(tables?.map(({ range }) => range), [`A${start}:C${rows.length}`])
    })

    await t.test('has a title in A1 and one marked-up table from A4 on each sheet, with headings that stay in view', async t => {
      for (const { name, rows, tables, freezePane } of sheets.slice(1)) {
        const headings = rows[3]!
        t.equal(rows[0]![0], name)
        t.same(rows.slice(0, 3).map(row => row.filter(cell => cell !== null).length), [1, 1, 1], `${name} has three lines above`)
        t.same(tables?.map(({ columns }) => columns.map(({ name }) => name)), [headings], `${name} has its headings`)
        t.match(tables?.[0]?.range, new RegExp(`^A4:[A-Z]+${rows.length}$`))
        t.match(freezePane, { rows: 4 })
        t.equal(new Set(headings).size, headings.length, `${name} has no heading twice`)
        t.notOk(headings.includes(null) || headings.includes(''))
        t.ok(rows.slice(4).every(row => row.some(cell => cell !== null)), `${name} has no empty row`)
      }
      const names = sheets.flatMap(({ tables = [] }) => tables.map(({ name }) => name))
      t.equal(new Set(names).size, sheets.length)
    })

    await t.test('has nothing merged, hidden, run or loaded from elsewhere', async t => {
      for (const [path, xml] of parts) {
        t.notMatch(xml, /<f[ >/]|<mergeCell|hidden=|state="(very)?[hH]idden"|TargetMode="External"|vbaProject/, path)
        t.notMatch(xml, /t="e"/, path)
      }
    })

    await t.test('says of each column of each sheet what it holds', async t => {
      const told = table('Columns')
      t.same(told.map(({ Sheet, Column }) => `${Sheet}: ${Column}`), sheets.slice(2, -1).flatMap(({ name, rows }) => rows[3]!.map(heading => `${name}: ${heading}`)))
      t.same(told.filter(row => typeof row['What it holds'] !== 'string'), [])
    })

    await t.test('has a row for every line and figure, and for every item of every section; a section without items has no sheet', async t => {
      t.equal(table('Measures').length, bundle.plan_measures!.length)
      t.same(table('Measures').map(row => row.Line).sort(), bundle.plan_measures!.map(({ code }) => code).sort())
      t.equal(table('Figures').length, bundle.datapoints!.length)
      for (const { table: name } of sections) {
        const items = bundle[name] ?? []
        const sheet = name.replace(/^./, first => first.toUpperCase()).replaceAll('_', ' ')
        t.same(table(sheet).map(({ code }) => code), items.map(({ code }) => code), sheet)
        t.equal(byName.has(sheet), items.length > 0)
      }
    })

    await t.test('leaves no text cell of the measures empty, and says why a number is missing', async t => {
      const numbers = ['Latest value', 'Previous value', 'Target value']
      for (const row of [...table('Measures'), ...table('Breakdowns'), ...table('Further measures')]) {
        for (const [heading, value] of Object.entries(row)) {
          if (numbers.includes(heading)) t.ok(value === null || typeof value === 'number', heading)
          else t.ok(typeof value === 'string' && value !== '', `${row.Line}: ${heading}`)
        }
        t.equal(row['Why missing'] === 'not missing', row['Latest value'] !== null, `${row.Line}`)
      }
    })

    await t.test('tells a missing figure by its word, never as 0', async t => {
      for (const [i, row] of table('Figures').entries()) {
        const { measure, value, missing } = bundle.datapoints![i]!
        t.same([row.measure, row.value, row.missing], [measure, value ?? null, missing ?? null])
      }
    })
  })
}

await t.test('the measures are judged, in words as the scorecard judges them', async t => {
  const figures = [{ period: 'FY2016', value: 14.2 }, { period: 'FY2017', value: 12.8 }].map(one => ({ measure: 'smoking', area: 'E1', ...one }))
  const target = { code: 'T1', measure: 'smoking', plan: 'plan-a', kind: 'absolute', operator: 'at_most', value: 8, period: 'FY2017', printed_result: 'not_met' }
  const measures = [{ code: 'smoking', title: 'Smoking', unit: 'percent', polarity: 'lower_is_better' }]
  const { table } = await opened(small({ measures, datapoints: figures, targets: [target] }))
  t.match(table('Measures'), [{
    Direction: 'improved',
    'Change is significant': 'not known',
    'Printed result': 'not met',
    'Result by the figures': 'not met',
    RAG: 'red',
    'RAG reason': 'Red: 12.8% in 2017/18 misses the target of at most 8% in 2017/18 by 4.8 percentage points.'
  }])
  t.match((await opened(small())).table('Measures'), [{ Direction: 'no earlier figure', 'Change is significant': 'no earlier figure', 'Result by the figures': 'no target', RAG: 'not judged', 'RAG reason': 'Not judged: there is no figure.' }])
  const { table: sample } = await opened(await file('nottingham-cypp-2016-20'))
  t.match(sample('Comparators').find(row => row.Line === 'N16-1a-01'), { Comparator: 'England', Value: 10.7, 'Better or worse': 'worse' })
})

await t.test('a text that looks like a formula, an error, script or a code of a character is that text', async t => {
  const texts = ['=1+1', '=HYPERLINK("https://evil.example","x")', '+44 115', '-5', '@SUM(1)', '\t=2', '<script>alert(1)</script>', '#N/A', '#REF!', '_x0041_', '_x000D_',
    '1e5', 'TRUE', '007', ' two  spaces ', 'first line\nsecond line', "'quoted", '&amp; "quotes"', 'naïve £ – 👪']
  const { table, parts, byName } = await opened(small({ updates: texts.map(update) }))
  t.same(table('Updates').map(({ text }) => text), texts)
  t.notMatch([...parts.values()].join(), /<f[ >/]|t="e"/)
  const textColumn = byName.get('Updates')!.rows[3]!.indexOf('text')
  for (const i of [0, 1, 2, 3, 4, 5]) t.equal(byName.get('Updates')!.cells?.get(`${4 + i},${textColumn}`)?.style?.numFmt, '@', 'stays text when edited')
})

await t.test('characters that no document may hold are left out, and line ends are one', async t => {
  const { table } = await opened(small({ updates: [update('a\u0000b\u0008c\u001bd\ufffe\uffffe\ud800f\u0085g'), update('one\r\ntwo\rthree', 1)] }))
  t.same(table('Updates').map(({ text }) => text), ['abcdefg', 'one\ntwo\nthree'])
})

await t.test('a text that is longer than a cell can hold is cut and says so', async t => {
  const { table } = await opened(small({ updates: [update('x'.repeat(32_767)), update('y'.repeat(32_768), 1), update('👪'.repeat(20_000), 2)] }))
  const [whole, cut, pairs] = table('Updates').map(({ text }) => String(text))
  t.equal(whole, 'x'.repeat(32_767))
  t.equal(cut!.length, 32_767)
  t.match(cut, /^y+ … \[cut: a cell holds no more\]$/)
  t.match(pairs, /^(👪)+ … \[cut/u)
})

await t.test('a row is as high as its longest wrapped text needs, up to what a program allows', async t => {
  const { byName } = await opened(small({ updates: [update('short'), update('word '.repeat(120), 1), update('a line\n'.repeat(500), 2)] }))
  const [short, long, longest] = [4, 5, 6].map(row => byName.get('Updates')!.rowDefs?.get(row)?.height ?? 0)
  t.ok(short! < 20 && long! >= 600 / 60 * 15 && longest === 409, `${short} ${long} ${longest}`)
})

await t.test('lists, organisations and maps are one readable text each', async t => {
  const { table } = await opened(small({
    actions: [{
      code: 'A1',
      title: 'Do it',
      organisations: [{ organisation: 'council', role: 'lead' }, { role: 'partner', marker: 'tbc' }, { organisation: 'council', role: 'delivery', label: '1 SEND', inferred: true }],
      priorities: [{ priority: '1', relation: 'primary' }],
      plan_measures: ['L1', 'L2'],
      due: { kind: 'by', label: 'by March 2018', latest: '2018-03-31' },
      strategies: [{ title: 'Health', from: 2016, to: 2020 }],
      markers: { due: 'tbc' }
    }],
    statements: [{ code: 'S1', kind: 'status_summary', data: { total: 61, counts: { achieved: 19, on_track: 42 } } }]
  }))
  t.match(table('Actions')[0], {
    organisations: 'lead: council; partner: to be confirmed (marker=tbc); delivery: council (label=1 SEND, inferred=true)',
    priorities: 'primary: 1',
    plan_measures: 'L1; L2',
    due: 'kind=by; label=by March 2018; latest=2018-03-31',
    strategies: 'title=Health, from=2016, to=2020',
    markers: 'due=tbc',
    status: 'not_stated'
  })
  t.equal(table('Statements')[0]!.data, 'total=61; counts.achieved=19; counts.on_track=42')
})

await t.test('a line says where it stands, also under a part of a key activity', async t => {
  const { table } = await opened(small({
    outcomes: [{ code: 'O1', priority: '1', ref: '1a', title: 'Babies' }],
    actions: [{ code: 'K1', title: 'Reform', kind: 'key_activity', ref: '4', outcomes: ['O1'] }, { code: 'K2', title: 'Part', kind: 'key_activity', parent: 'K1' }],
    plan_measures: [
      { code: 'L1', measure: 'smoking', outcome: 'O1' }, { code: 'L2', measure: 'smoking', action: 'K2' },
      { code: 'L3', measure: 'smoking', priorities: [{ priority: '1', relation: 'primary' }] }
    ]
  }))
  t.same(table('Measures').map(row => [row.Line, row.Priority, row.Outcome, row['Key activity']]), [
    ['L1', '1 Health', '1a Babies', 'none'], ['L2', '1 Health', '1a Babies', 'Part'], ['L3', '1 Health', 'none', 'none']
  ])
})

await t.test('numbers are the numbers of the JSON, shown with their own decimals', async t => {
  const values = [0, 5, -7, 17.2, 0.05, 1234567.891, 1e-7, 123456789012345, 0.1 + 0.2]
  const { byName, table } = await opened(small({ datapoints: values.map((value, i) => ({ measure: 'smoking', area: 'E1', period: `FY${2000 + i}`, value })) }))
  t.same(table('Figures').map(({ value }) => value), values)
  const column = byName.get('Figures')!.rows[3]!.indexOf('value')
  t.same(values.slice(0, 6).map((_, i) => byName.get('Figures')!.cells?.get(`${4 + i},${column}`)?.style?.numFmt), ['0', '0', '0', '0.0', '0.00', '0.000'])
})

await t.test('a figure has the columns of the wire, and what its period, measure and area tell', async t => {
  const { table } = await opened(small({
    datapoints: [{ measure: 'smoking', area: 'E1', period: 'FY2016', statistic: 'change', breakdown: { sex: 'female', age: 'u18' }, value: -1.5, qualifiers: ['break', 'low_reliability'] }]
  }))
  t.match(table('Figures')[0], {
    measure: 'smoking',
    area: 'E1',
    period: 'FY2016',
    period_kind: 'financial_year',
    period_start: '2016-04-01',
    period_end: '2017-03-31',
    breakdown: 'age=u18;sex=female',
    statistic: 'change',
    unit: 'percentage_point',
    value: -1.5,
    qualifiers: 'break;low_reliability',
    measure_title: 'Smoking',
    area_title: 'Town'
  })
})

await t.test('a plan without lines, figures and sections has a cover, notes and its registers', async t => {
  const { sheets } = await opened(small({ priorities: [], plan_measures: [], measures: [] }))
  t.same(sheets.map(({ name }) => name), ['Cover', 'Notes', 'Organisations', 'Areas', 'Columns'])
})

await t.test('a workbook of a publication says which, and where it can be read again', async t => {
  const about: About = { kind: 'publication', label: 'V6', date: '2018-06-15', note: 'Agreed by the board.', digest: 'abc', published_at: '2018-06-15T09:00:00Z' }
  const { byName, properties } = await opened(small({ partial: true }), about)
  const lines = byName.get('Cover')!.rows.map(([line]) => line)
  for (const line of ['Publication V6, 15 June 2018, published 15 June 2018, 09:00 UTC', 'Note on the publication: Agreed by the board.', 'Digest of what was published: abc']) t.ok(lines.includes(line), line)
  t.ok(lines.some(line => String(line).startsWith('Source: https://plans.example/v1/plans/plan-a/publications/V6')))
  t.ok(lines.some(line => String(line).startsWith('Parts of the plan are hidden')))
  t.match(properties, { title: 'Plan A', creator: 'The Council', subject: 'plan-a', created: new Date(about.published_at), modified: new Date(about.published_at) })
})

await t.test('headings are printed on every page, also of sheets whose names have spaces', async t => {
  const { parts } = await opened(await file('nottingham-cypp-2016-20'))
  t.match(parts.get('xl/workbook.xml'), /<definedName name="_xlnm.Print_Titles" localSheetId="\d+">'Plan measures'!\$4:\$4<\/definedName>/)
})

await t.test('the same report and bundle make the same bytes', async t => {
  const bundle = await file('notts-cypf-2016-18')
  t.ok(Buffer.from(await made(bundle)).equals(Buffer.from(await made(bundle))))
})
