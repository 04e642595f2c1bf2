// docs/inventory.md: every kind of thing in the documents has a place in the samples, and what is left out is nowhere.
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { codes, file, section, type Bundle } from './sample.js'

const bundles = new Map<string, Bundle>(await Promise.all(codes.map(async code => [code, await file(code)] as const)))
const inventory = await readFile('docs/inventory.md', 'utf8')
const rows = inventory.split('\n').filter(line => /^\| K\d+/.test(line)).map(line => line.slice(2, -2).split(' | '))

/** Every text of a value, however deep. */
const texts = (value: unknown): string[] => typeof value === 'string'
  ? [value]
  : typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []

const inside = (value: unknown, path: string[]): unknown =>
  path.reduce<any>((found, name) => found === null || found === undefined || !Object.hasOwn(found, name) ? undefined : found[name], value)

/** The first figure of that measure, area and period, and of the statistic and breakdown values that follow them. */
const figure = (bundle: Bundle, code: string) => {
  const [measure, area, period, statistic, ...values] = code.split(',')
  return bundle.datapoints.find(row => row.measure === measure && row.area === area && row.period === period &&
    (statistic === undefined || row.statistic === statistic) && values.every(value => texts(row.breakdown).includes(value)))
}

function held (pointer: string): unknown {
  const [plan, path] = pointer.split('#/') as [string, string]
  const bundle = bundles.get(plan)
  if (bundle === undefined) return undefined
  const [name, code, ...members] = path.split('/') as [string, string, ...string[]]
  if (name === 'plan') return inside(bundle.plan, [code, ...members])
  return inside(name === 'datapoints' ? figure(bundle, code) : section(bundle, name).find(item => item.code === code), members)
}

await t.test('the inventory has its 110 kinds of thing, in order, each with what it is, where it is held and a proof', async t => {
  t.same(rows.map(([item]) => item), Array.from({ length: 110 }, (_, i) => `K${String(i + 1).padStart(2, '0')}`))
  for (const row of rows) t.ok(row.length === 4 && row.every(cell => cell.trim() !== ''), row[0]!)
})

await t.test('every proof holds: the sample has it and no other value, or the test is there', async t => {
  for (const [item, , , proofs] of rows) {
    for (const proof of proofs!.split('; ')) {
      const [, pointer, , value] = /^`([^`]+#\/[^`]+)`( = `([^`]*)`)?$/.exec(proof) ?? []
      const [, path, name] = /^test: `([^`]+)`: `([^`]+)`$/.exec(proof) ?? []
      if (pointer !== undefined) {
        const found = held(pointer)
        t.ok(found !== undefined && found !== null, `${item!}: ${pointer}`)
        if (value !== undefined) t.equal(String(found), value, `${item!}: ${pointer} = ${value}`)
      } else if (path !== undefined) t.ok((await readFile(path, 'utf8')).includes(`t.test('${name!}'`), `${item!}: ${path}: ${name!}`)
      else t.fail(`${item!}: ${proof} is no proof`)
    }
  }
})

await t.test('every case study is restricted, short and without a story', async t => {
  const studies = [...bundles.values()].flatMap(bundle => section(bundle, 'updates')).filter(update => update.kind === 'case_study')
  t.equal(studies.length, 1)
  for (const { code, sensitivity, text } of studies) {
    t.equal(sensitivity, 'restricted', code)
    t.ok((text as string).length < 150, code)
    t.match(text, /family details withheld/, code)
  }
})

await t.test('a part of an update is never more open than the whole', async t => {
  const order = ['public', 'partners', 'restricted']
  for (const bundle of bundles.values()) {
    const updates = new Map(section(bundle, 'updates').map(update => [update.code, update]))
    for (const { code, parent, sensitivity } of updates.values()) {
      const whole = updates.get(parent as string)
      if (whole !== undefined) t.ok(order.indexOf(sensitivity as string) >= order.indexOf(whole.sensitivity as string), code)
    }
  }
})

await t.test('no person is named: no courtesy title, no rank before a name, no address of a person', async t => {
  const named = /\b(Mrs?|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Cllr|Councillor|PC|PCSO|DC|DS|DI|Sgt|Sergeant|Inspector|Superintendent)\b\.? [A-Z]/
  const reached = /\S@\S+\.\S|\b0\d{2,4}[ -]?\d{3}[ -]?\d{3,4}\b|\b07\d{9}\b/
  for (const [plan, bundle] of bundles) {
    const { datapoints: _, ...rest } = bundle
    t.same(texts(rest).filter(text => named.test(text) || reached.test(text)), [], plan)
  }
})
