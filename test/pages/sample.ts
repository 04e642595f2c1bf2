// Bundles for these tests: the sample plans as they are, and a small one to change.
import { readFile } from 'node:fs/promises'
import type { BundleBody } from '../../src/documents/bundle_schema.js'
import { reportOf, type About, type Line, type Report } from '../../src/documents/report/report.js'
import { renderRest, renderStart } from '../../src/pages/report/report.js'

export const codes = ['nottingham-cypp-2015-16', 'nottingham-cypp-2016-20', 'notts-cypf-2011-14', 'notts-cypf-2016-18']

export const live: About = { kind: 'live', at: '2026-11-24T01:23:45.000000Z' }
export const today = '2026-11-24'

export const file = async (plan: string) => JSON.parse(await readFile(new URL(`../../data/${plan}.json`, import.meta.url), 'utf8')) as BundleBody

export const bundles = new Map(await Promise.all(codes.map(async code => [code, await file(code)] as const)))

export const reportOn = (code: string) => reportOf(bundles.get(code)!, live, today)

export const page = (report: Report) => [renderStart(report.heading), ...renderRest(report)].join('')

type Item = Record<string, unknown>

type Parts = Record<string, unknown> & { measure?: Item, line?: Item, figures?: Item[], targets?: Item[] }

/** A plan of one line, with the figures, targets and members given. */
export function small ({ measure = {}, line = {}, figures = [], targets = [], ...rest }: Parts): BundleBody {
  return {
    format: 'outturn-bundle/1',
    plan: { code: 'p', title: 'Plan', owner: 'o', area: 'A', comparators: ['E', 'N'] },
    organisations: [{ code: 'o', title: 'Owner', kind: 'council' }],
    areas: [{ code: 'A', title: 'Town', kind: 'unitary' }, { code: 'E', title: 'England', kind: 'nation' }, { code: 'N', title: 'Neighbours', kind: 'comparator_group' }],
    measures: [{ code: 'm', title: 'Measure', unit: 'percent', polarity: 'none', status: 'active', ...measure }],
    priorities: [{ code: '1', title: 'First', position: 1 }],
    outcomes: [{ code: '1a', priority: '1', title: 'Outcome', position: 1 }],
    plan_measures: [{ code: 'L1', measure: 'm', outcome: '1a', position: 1, kind: 'indicator', ...line }],
    targets: targets.map((target, i) => ({ code: `t${i}`, measure: 'm', kind: 'absolute', plan: 'p', ...target })),
    datapoints: figures.map(figure => ({ measure: 'm', area: 'A', statistic: 'level', ...figure })),
    ...rest
  } as unknown as BundleBody
}

export const reportOfSmall = (parts: Parts) => reportOf(small(parts), live, today)

export const linesOf = ({ priorities }: Report): Line[] =>
  priorities.flatMap(one => [...one.outcomes.flatMap(outcome => outcome.lines), ...one.lines])

export const theLine = (parts: Parts) => linesOf(reportOfSmall(parts))[0]!
