// What differs between two bundles of a plan: what came, what went, and of what stayed the members that changed.
import { isDeepStrictEqual } from 'node:util'
import { keyOf, pathOf } from '../db/kind.js'
import { breakdownText } from '../resources/datapoints/breakdown.js'
import { plans } from '../resources/plans/kind.js'
import { sections } from '../resources/sections.js'
import { registers, type BundleBody } from './bundle_schema.js'

type Item = Record<string, unknown>

export interface BundleChange {
  section: string
  resource: string
  change: 'added' | 'removed' | 'changed'
  title: string | null
  members: Array<{ member: string, before: unknown, after: unknown }>
}

/** How the things of a section are told apart, and where they are; `inner` ones only stand in a bundle because something names them. */
interface Section { name: string, items (bundle: BundleBody): Item[], key (item: Item): string, path (item: Item): string, inner?: true }

const sectionsOf = (plan: string): Section[] => [
  { name: 'plan', items: bundle => [bundle.plan], key: () => plan, path: () => pathOf(plans, null, plan) },
  ...registers.map((kind): Section => ({
    name: kind.table,
    items: bundle => bundle[kind.table] ?? [],
    key: item => item.code as string,
    path: item => pathOf(kind, null, item.code as string),
    inner: true
  })),
  ...sections.map((kind): Section => {
    const owner = (item: Item) => kind.owner === 'plan' ? plan : item.measure as string
    return {
      name: kind.table,
      items: bundle => bundle[kind.table] ?? [],
      key: item => keyOf(kind, owner(item), item.code as string),
      path: item => pathOf(kind, owner(item), item.code as string)
    }
  }),
  { name: 'datapoints', items: bundle => bundle.datapoints ?? [], key: figurePath, path: figurePath }
]

/** Address of one figure, which is also what tells it from all others. */
function figurePath (row: Item): string {
  const { breakdown = {}, ...key } = row as Record<string, string> & { breakdown?: Record<string, string> }
  const { measure, area, period, statistic, against, base_period: base } = key as Record<string, string>
  const query = new URLSearchParams({
    ...(Object.keys(breakdown).length > 0 && { breakdown: breakdownText(breakdown) }),
    ...(statistic !== 'level' && { statistic }),
    ...(against !== undefined && { against }),
    ...(base !== undefined && { base_period: base })
  } as Record<string, string>).toString()
  return `/v1/measures/${measure}/datapoints/${area}/${period}${query === '' ? '' : `?${query}`}`
}

export function compareBundles (before: BundleBody, after: BundleBody): BundleChange[] {
  return sectionsOf(after.plan.code).flatMap(section => {
    const byKey = (bundle: BundleBody) => new Map(section.items(bundle).map(item => [section.key(item), item]))
    const [old, young] = [byKey(before), byKey(after)]
    const keys = [...new Set([...old.keys(), ...young.keys()])]
    return keys.flatMap(key => changeOf(section, old.get(key), young.get(key)))
  })
}

function changeOf (section: Section, before: Item | undefined, after: Item | undefined): BundleChange[] {
  if (section.inner && (before === undefined || after === undefined)) return []
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(name => name !== 'code')
  const members = names.filter(name => !isDeepStrictEqual(before?.[name], after?.[name]))
    .map(member => ({ member, before: before?.[member] ?? null, after: after?.[member] ?? null }))
  if (members.length === 0) return []
  const item = (after ?? before)!
  const words = item.title ?? item.text ?? item.printed
  return [{
    section: section.name,
    resource: section.path(item),
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    title: typeof words === 'string' ? words.slice(0, 200) : null,
    members
  }]
}
