// The parts of a bundle as tables, a row an item, a column a member: driven by the schemas, so that a new section or member
// is in the workbook without a line here.
import type { TProperties, TSchema } from '@sinclair/typebox'
import type { Kind } from '../../db/kind.js'
import { resolve } from '../../http/schema.js'
import { periodOf } from '../../periods/period.js'
import { breakdownText } from '../../resources/datapoints/breakdown.js'
import { columns, Datapoint } from '../../resources/datapoints/schema.js'
import { sections } from '../../resources/sections.js'
import { figureColumns, registers, type BundleBody } from '../bundle_schema.js'
import type { MeasureItem } from '../report/items.js'
import { unitOf } from '../report/numbers.js'
import { cellOf, sheetName, type Cell } from './cells.js'
import type { Column, Table } from './sheet.js'

type Item = Record<string, unknown>

const empty = 'An empty cell means that nothing is said there.'

const aboutOf = (schema: TSchema): string => schema.description ?? resolve(schema).description ?? ''

/** A register of this name beside the readable table of the plan's lines. */
const named: Record<string, string> = { measures: 'Definitions' }

export const sectionTables = (bundle: BundleBody): Table[] => [...sections, ...registers].flatMap(kind => tableOf(kind, bundle[kind.table] ?? []))

function tableOf (kind: Kind, items: Item[]): Table[] {
  if (items.length === 0) return []
  const members = Object.entries(kind.schema.item.properties as TProperties)
  const sheet = named[kind.table] ?? sheetName(kind.table)
  return [{
    sheet,
    name: kind.table,
    title: sheet,
    about: aboutOf(kind.schema.served),
    empty,
    columns: members.map(([name, schema]) => ({ name, about: aboutOf(schema) })),
    rows: items.map(item => members.map(([name, schema]) => cellOf(item[name] ?? schema.default)))
  }]
}

const titles = ['measure_title', 'area_title'] as const

type FigureColumn = typeof columns[number] | typeof titles[number]

/** What a bundle leaves out because the period, the measure and the area tell it. */
const told = ['period_kind', 'period_start', 'period_end', 'unit', 'per']

const figureNames: FigureColumn[] = [...columns.filter(name => figureColumns.includes(name) || told.includes(name)), ...titles]

export function figureTables (bundle: BundleBody): Table[] {
  const figures = bundle.datapoints ?? []
  if (figures.length === 0) return []
  const described = resolve(Datapoint).properties as TProperties
  const known = { measures: byCode(bundle.measures), areas: byCode(bundle.areas) }
  return [{
    sheet: 'Figures',
    name: 'datapoints',
    title: 'Figures',
    about: "Every figure of the plan's measures: in its area, in areas inside it, and in those it is compared with.",
    empty: 'An empty cell means that nothing is said there; where a figure is missing, the column missing says why, and its cell in the column value is empty.',
    columns: figureNames.map((name): Column => ({ name, about: aboutOf(described[name]!) })),
    rows: figures.map(figure => rowOf(figure, known))
  }]
}

const byCode = (items: Item[] = []) => new Map(items.map(item => [item.code, item]))

function rowOf (figure: Item, { measures, areas }: Record<'measures' | 'areas', Map<unknown, Item>>): Cell[] {
  const measure = measures.get(figure.measure)
  const period = periodOf(figure.period as string)
  const row: Item = {
    statistic: 'level',
    status: 'not_stated',
    period_label: period?.label,
    ...figure,
    period_kind: period?.kind,
    period_start: period?.start,
    period_end: period?.end,
    ...unitOf(measure as unknown as MeasureItem | undefined, figure.statistic as string | undefined),
    breakdown: breakdownText((figure.breakdown ?? {}) as Record<string, string>),
    qualifiers: ((figure.qualifiers ?? []) as string[]).join(';'),
    measure_title: measure?.title,
    area_title: areas.get(figure.area)?.title
  }
  return figureNames.map(name => cellOf(row[name]))
}
