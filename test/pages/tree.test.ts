// The document and the tree of the API are two readings of one plan: they must name the same latest figures.
import t from 'tap'
import { reportOf } from '../../src/documents/report/report.js'
import { startWithSample } from '../documents/sample.js'
import { codes, linesOf, live, today } from './sample.js'

type Figure = { period: string, value: number | null, breakdown: Record<string, string> }
type TreeLine = { code: string, latest: Figure | null, breakdowns: Figure[], undated: Figure[] }
interface TreePriority { outcomes: Array<{ measures: TreeLine[] }>, measures: TreeLine[] }

await t.test('the latest figures of the document are those of the tree', async t => {
  const { admin } = await startWithSample(t)
  let compared = 0
  for (const code of codes) {
    const { body: bundle } = await admin.get(`/v1/plans/${code}/bundle`)
    const { body: tree } = await admin.get(`/v1/plans/${code}/tree`)
    const shown = new Map(linesOf(reportOf(bundle, live, today)).map(line => [line.code, line]))
    const priorities = tree.priorities as TreePriority[]
    for (const one of priorities.flatMap(({ outcomes, measures }) => [...outcomes.flatMap(outcome => outcome.measures), ...measures])) {
      const line = shown.get(one.code)
      if (line === undefined) continue
      const figure = (latest: { period: string, value: number | null } | null) => latest === null ? null : [latest.period, latest.value]
      t.same(figure(line.latest), figure(one.latest), one.code)
      t.same(line.breakdowns.flatMap(({ latest }) => latest === null ? [] : [figure(latest)]).sort(), one.breakdowns.map(figure).sort(), one.code)
      t.equal(line.undated.length, one.undated.length, one.code)
      compared++
    }
  }
  t.ok(compared > 120, `${compared} lines`)
})
