// No figure of a plan is left out of its document, and none is told twice under one measure.
import t from 'tap'
import { placedLines } from '../../src/documents/report/walk.js'
import type { MeasureFigures } from '../../src/documents/report/report.js'
import { bundles, page, reportOn, theLine } from './sample.js'

const told = ({ area, breakdowns, undated, others, elsewhere, ...whole }: MeasureFigures): string[] => [
  ...[whole, ...breakdowns].flatMap(({ breakdown, series, comparatorSeries }) => [
    ...series.map(({ period }) => `${area ?? ''} ${period} ${breakdown}`),
    ...comparatorSeries.flatMap(one => one.points.map(({ period }) => `${one.area} ${period} ${breakdown}`))
  ]),
  ...[...undated, ...others, ...elsewhere].map(figure => `${figure.area} ${figure.period} ${figure.breakdown} ${figure.statistic}`.trim())
]

for (const [plan, bundle] of bundles) {
  await t.test(`${plan} tells every figure of its measures once`, async t => {
    const report = reportOn(plan)
    const all = [...placedLines(report).flatMap(({ line }) => [line, ...line.supporting]), ...report.alsoReported]
    const held = new Map<string, number>()
    for (const { measure } of bundle.datapoints as Array<{ measure: string }>) held.set(measure, (held.get(measure) ?? 0) + 1)
    for (const [measure, count] of held) {
      const figures = all.find(one => one.measure === measure)
      if (!t.ok(figures, `${measure} is in the document`)) continue
      const found = told(figures!)
      t.equal(found.length, count, measure, { found })
      t.equal(new Set(found).size, found.length, `${measure}: each once`)
    }
  })
}

await t.test('what is said of an earlier figure is told with it, and a status that no figure states is no column', async t => {
  const text = page(reportOn('nottingham-cypp-2016-20'))
  const table = (caption: string) => text.slice(text.indexOf(`aria-label="Figures: ${caption}`)).split('</table>')[0]!
  const conceptions = table('Under 18 conception rate')
  t.match(conceptions, /31\.4 per 1,000.*number 152/s)
  t.match(conceptions, '>Status<')
  t.notMatch(table('Percentage of women reporting smoking'), '>Status<')
})

await t.test('a measure of which only another area has figures is not said to have ranks, gaps or changes', async t => {
  const of = (figure: Record<string, unknown>) => theLine({ figures: [{ period: 'undated', value: 33.1, ...figure }] }).noFigure
  t.equal(of({ area: 'E' }), 'no figure yet')
  t.equal(of({ statistic: 'gap', against: 'E' }), 'only ranks, gaps or changes are given')
})
