// The scorecards of all plans as one set: the lines as their CSV has them, judged by the figures as they are.
import { snapshot } from '../../../db/connection.js'
import { all } from '../../../db/records.js'
import { readScorecard } from '../../../documents/scorecard/read.js'
import { columns, tableOf } from '../../../documents/scorecard/table.js'
import { today } from '../../../http/today.js'
import { rawAmong } from '../../../resources/datapoints/select.js'
import { plans } from '../../../resources/plans/kind.js'
import { sql } from 'kysely'
import type { EdmType, EntitySet, Property } from '../model.js'
import { inOrder } from './properties.js'
import { queryOf } from './rows.js'

/** Columns that the CSV has as text, since it knows no other. */
const types: Record<string, EdmType> = { change_significant: 'Boolean', target_met: 'Boolean', overdue: 'Boolean', due_on: 'Date', per: 'Int32' }

const property = (name: string, type: EdmType, nullable: boolean, about: string): Property =>
  ({ name, type, nullable, about, column: sql.ref(`row.${name}`) })

const always = new Set(['plan_measure', 'measure'])

const properties: Property[] = [
  property('id', 'String', false, 'Tells the line among all: plan, plan measure, area and breakdown, joined by "~".'),
  property('plan', 'String', false, 'Code of the plan.'),
  property('position', 'Int32', false, 'Place in the printed order of the plan, from 1.'),
  ...columns.map(({ name, about, number }) => property(name, types[name] ?? (number ? 'Decimal' : 'String'), !always.has(name), about))
]

export const scorecardLines: EntitySet = {
  name: 'ScorecardLines',
  type: 'ScorecardLine',
  about: 'Lines of plans, judged: the latest figure against the one before, the target and comparators, with a colour by a stated rule.',
  key: ['id'],
  properties,
  order: inOrder(['plan', 'id']),
  open: async (ctx, pinned) => snapshot(ctx, async ctx => {
    const rows: Array<Record<string, unknown>> = []
    let raw = false
    for (const { code: plan } of (await all(ctx, plans)).filter(({ code }) => pinned.get('plan')?.includes(code) ?? true)) {
      const lines = tableOf(await readScorecard(ctx, plan, {}, today())).rows
      rows.push(...lines.map((line, i) => ({ ...line, id: [plan, line.plan_measure, line.area ?? '', line.breakdown ?? ''].join('~').replace(/~+$/, ''), plan, position: i + 1 })))
      raw ||= await rawAmong(ctx, { plan })
    }
    return { rows, raw }
  }).then(({ rows, raw }) => ({ rows: queryOf(ctx, properties, rows), recorded: raw ? ['raw_figures'] : [] }))
}
