// Datapoints and their series as sets. All figures that the caller may see, withdrawn ones as tombstones, with what a tool that
// refreshes in parts needs beside the row: an instant that never changes, and one that always does.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { permits } from '../../../db/visibility.js'
import { resolve, text } from '../../../http/schema.js'
import { isFree } from '../../../resources/datapoints/columns.js'
import { columns, Datapoint, Series } from '../../../resources/datapoints/schema.js'
import { after, order, rawAmong, selectFigures } from '../../../resources/datapoints/select.js'
import { seriesOf } from '../../../resources/datapoints/series.js'
import type { EntitySet, Pinned, Property, Source } from '../model.js'
import { inOrder, propertiesOf } from './properties.js'

const ofSeries = ['measure', 'area', 'statistic', 'breakdown_text', 'against_text', 'base_period_text']
const ofFigure = ['measure', 'area', 'period', ...ofSeries.slice(2)]

/** What tells a row among all as one text: a tool that relates tables does so by one column. */
const identity = (parts: string[], about: string): Property => ({
  name: 'id',
  type: 'String',
  nullable: false,
  about,
  plain: true,
  column: sql`rtrim(concat_ws('~', ${sql.join(parts.map(part => sql.ref(`row.${part}`)))}), '~')`,
  is: id => {
    const values = id.split('~')
    return values.length > parts.length || id.endsWith('~')
      ? sql<SqlBool>`false`
      : sql<SqlBool>`(${sql.join(parts.map((part, i) => sql`${sql.ref(`row.${part}`)} = ${values[i] ?? ''}::text`), sql` and `)})`
  }
})

const { properties: members } = resolve(Datapoint)

const column = (name: string): RawBuilder<unknown> => sql.ref(`row.${name}`)

const properties: Property[] = [
  identity(ofFigure, 'Tells the figure among all: measure, area, period, statistic, breakdown, against and base_period, joined by "~", without what is empty at the end.'),
  ...propertiesOf(Object.fromEntries([...columns, 'measure_title', 'area_title'].map(name => [name, members[name]])))
    .map(property => ({ ...property, ...(property.name === 'recorded_at' && { text: column('recorded') }), ...(!isFree(property.name) && { plain: true as const }) })),
  { name: 'period_start_at', type: 'DateTimeOffset', nullable: true, about: 'Midnight UTC at the start of period_start, which never changes: by it a tool refreshes in parts. Null where the period is undated.', column: sql`(row.period_start::timestamp at time zone 'UTC')` },
  { name: 'last_changed_at', type: 'DateTimeOffset', nullable: false, about: 'When the figure was last changed, withdrawn included; the same as recorded_at.', column: column('recorded_at'), text: column('recorded') }
]

const natural = order(undefined)

/** What a filter asks of these also picks the series of a recorded read. */
const selectionOf = (pinned: Pinned) => Object.fromEntries(['measure', 'area'].flatMap(name => pinned.has(name) ? [[name, pinned.get(name)!.join(',')]] : []))

export const datapoints: EntitySet = {
  name: 'Datapoints',
  type: 'Datapoint',
  about: 'Figures: a measure in an area at a period. Withdrawn ones stay, with deleted true.',
  key: ['id'],
  properties,
  order: natural.keys.map((by, i) => ({ by, cast: natural.casts[i]!, descending: false })),
  behind: cursor => after(natural, cursor),
  open: async (ctx, pinned) => ({
    rows: selectFigures(ctx, { include_deleted: true }) as never as Source['rows'],
    recorded: await rawAmong(ctx, selectionOf(pinned)) ? ['raw_figures'] : []
  })
}

export const series: EntitySet = {
  name: 'Series',
  type: 'Series',
  about: 'Runs of figures that can be drawn as one line: a measure in an area, with a breakdown and a statistic. Withdrawn figures are not counted.',
  key: ['id'],
  properties: [
    identity(ofSeries, 'Tells the series among all: measure, area, statistic, breakdown, against and base_period, joined by "~", without what is empty at the end.'),
    ...propertiesOf({ measure: text('Code of the measure.', 80), ...resolve(Series).properties })
  ],
  order: inOrder(['measure', 'area', 'breakdown_text', 'statistic', 'against_text', 'base_period_text']),
  open: async ctx => ({
    rows: ctx.db.selectFrom(seriesOf(ctx, permits(ctx.actor, 'visibility', 'steward')).as('row') as never) as Source['rows'],
    recorded: []
  })
}
