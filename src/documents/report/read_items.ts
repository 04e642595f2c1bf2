// A bundle's items, with everything by which the report finds them worked out once.
import { comparePeriods, periodOf } from '../../periods/period.js'
import { breakdownText } from '../../resources/datapoints/breakdown.js'
import type { BundleBody } from '../bundle_schema.js'
import { grouped } from './grouped.js'
import { seriesKey, type ActionItem, type Dated, type FigureItem, type Items, type LineItem, type OutcomeItem, type PlanItem, type StatementItem, type TargetItem } from './items.js'
import { indexesOf } from './places.js'

export function itemsOf (bundle: BundleBody): Items {
  const list = <T>(name: string) => (bundle[name] ?? []) as unknown as T[]
  const byCode = <T extends { code: string }>(name: string) => new Map(list<T>(name).map(item => [item.code, item]))
  const figures = list<FigureItem>('datapoints').map(datedOf).sort((a, b) => comparePeriods(a.period, b.period))
  const targets = list<TargetItem>('targets').filter(target => target.plan === undefined || target.plan === bundle.plan.code)
  const listed = {
    outcomes: list<OutcomeItem>('outcomes'),
    actions: list<ActionItem>('actions'),
    lines: list<LineItem>('plan_measures'),
    statements: list<StatementItem>('statements')
  }
  return {
    plan: bundle.plan as unknown as PlanItem,
    organisations: byCode<{ code: string, title: string }>('organisations'),
    areas: byCode('areas'),
    measures: byCode('measures'),
    priorities: list('priorities'),
    ...listed,
    ...indexesOf(listed),
    reviews: list('reviews'),
    updates: list('updates'),
    targets: grouped(targets, one => [one.measure]),
    figures: grouped(figures, ({ item }) => [item.measure]),
    series: grouped(figures, ({ item, breakdown }) => [seriesKey(item.measure, item.area, breakdown)])
  }
}

function datedOf (item: FigureItem): Dated {
  const period = periodOf(item.period) ?? { code: item.period, kind: 'undated', start: null, end: null, label: item.period }
  return { item, period, breakdown: breakdownText(item.breakdown ?? {}) }
}
