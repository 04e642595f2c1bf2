// Large plans: the document takes time and room in proportion to what the plan says.
import t from 'tap'
import { renderRest } from '../../src/pages/report/report.js'
import { page, reportOfSmall } from './sample.js'

const many = (count: number, of: (i: number) => Record<string, unknown>) => Array.from({ length: count }, (_, i) => of(i))

/** A plan whose one update reports on every line. */
const shared = (count: number) => page(reportOfSmall({
  plan_measures: many(count, i => ({ code: `L${i}`, ref: String(i), measure: 'm', outcome: '1a' })),
  updates: [
    { code: 'u', text: 'Told once. '.repeat(200), period: 'FY2017', plan_measures: many(count, i => ({ i })).map(({ i }) => `L${i as number}`) },
    { code: 'v', text: 'A part of it.', parent: 'u', plan_measures: ['L0'] }
  ]
}))

const idsIn = (html: string) => [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)

await t.test('large plans', async t => {
  await t.test('an update on 1,000 lines stands in full once, and every other line links to it', async t => {
    const html = shared(1000)
    t.equal(html.split('Told once. '.repeat(150)).length, 2)
    t.equal(html.split('A part of it.').length, 2)
    t.equal(html.split('<a href="#update:u">Told once. ').length, 1000)
    t.equal(html.split('(reported with 0 Measure)').length, 1000)
    t.match(html, ' and 987 more')
    t.equal(html.split('<li id="update:u">').length, 2)
    t.ok(html.indexOf('<li id="update:u">') < html.indexOf('href="#update:u"'), 'in full where it is met first')
    const ids = idsIn(html)
    t.equal(new Set(ids).size, ids.length)
  })

  await t.test('the page grows with the lines, not with their square', async t => {
    const [some, more, most] = [250, 500, 1000].map(count => shared(count).length) as [number, number, number]
    t.ok((most - more) / (more - some) < 2.2, `${some}, ${more}, ${most} characters`)
  })

  await t.test('actions with parts under lines, and updates, are read in time in proportion to their number', async t => {
    const report = (count: number) => reportOfSmall({
      plan_measures: many(count / 2, i => ({ code: `L${i}`, measure: 'm', outcome: '1a' })),
      actions: many(count, i => ({ code: `a${i}`, title: `Act ${i}`, plan_measures: [`L${i % (count / 2)}`], outcomes: ['1a'], ...(i % 3 === 1 && { parent: `a${i - 1}` }) })),
      updates: many(count, i => ({ code: `u${i}`, text: `Update ${i}`, plan_measures: [`L${i % (count / 2)}`], actions: [`a${i}`] }))
    })
    const taken = (count: number) => {
      const started = performance.now()
      report(count)
      return performance.now() - started
    }
    // In turn, and the best of each: four times as many take a little over four times as long, not sixteen times.
    const turns = Array.from({ length: 3 }, () => [taken(1000), taken(4000)])
    const [small, great] = [0, 1].map(i => Math.min(...turns.map(turn => turn[i]!))) as [number, number]
    t.ok(great < 10 * small, `${Math.round(small)} and ${Math.round(great)} ms`)
    const large = report(4000)
    const pieces = [...renderRest(large)].map(piece => piece.length)
    t.ok(pieces.length > 100, `${pieces.length} pieces`)
    const ids = idsIn(page(large))
    t.equal(new Set(ids).size, ids.length)
  })
})
