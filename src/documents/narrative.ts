// Texts that name a number beside a figure that is hidden: "only 3 children". Nobody but a reader can tell whether they
// give it away, so whoever publishes is asked to read them first.
import type { Fault } from '../problems.js'
import type { BundleBody } from './bundle_schema.js'

type Item = Record<string, unknown> & { code: string }

/** Members that hold sentences. */
const texts = ['text', 'heading', 'title', 'note', 'printed_result'] as const

const digit = /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten)\b/i

/** Numbers that are the name of a year, a date or a part of the plan say nothing of a count. */
const names = /\b(19|20)\d\d([/-]\d\d(\d\d)?)?\b|\b(quarter|Q|section|priority|outcome|action|page) ?\d+\b/gi

/** Pointers into the bundle, with what to do. */
export function numbersBesideHidden (bundle: BundleBody, ruled: ReadonlySet<string>): Fault[] {
  const hidden = (bundle.datapoints ?? []).filter(figure => figure.missing === 'suppressed').map(figure => figure.measure as string)
  const shut = new Set(hidden.filter(measure => ruled.has(measure)))
  if (shut.size === 0) return []
  const lines = new Set((bundle.plan_measures ?? []).filter(line => shut.has(line.measure as string)).map(({ code }) => code))
  const actions = new Set((bundle.actions ?? []).filter(action => mentions(action, lines)).map(({ code }) => code))
  const inAction = ({ actions: named }: Item) => (named as string[] | undefined)?.some(code => actions.has(code)) === true
  const beside = (item: Item) => lines.has(item.plan_measure as string) || mentions(item, lines) || inAction(item)
  const sections: Array<[name: string, items: Item[] | undefined, test: (item: Item) => boolean]> = [
    ['updates', bundle.updates, beside],
    ['statements', bundle.statements, beside],
    ['plan_measures', bundle.plan_measures, ({ code }) => lines.has(code)],
    ['actions', bundle.actions, ({ code }) => actions.has(code)]
  ]
  return sections.flatMap(([section, items = [], test]) => items.flatMap((item, i) => test(item) ? faultsOf(item, `/${section}/${i}`) : []))
}

const mentions = ({ plan_measures: named }: Item, lines: ReadonlySet<string>) =>
  (named as string[] | undefined)?.some(code => lines.has(code)) === true

const faultsOf = (item: Item, at: string): Fault[] => texts.flatMap(name => typeof item[name] === 'string' && digit.test(item[name].replace(names, ''))
  ? [{ pointer: `${at}/${name}`, code: 'number_beside_hidden', detail: `The ${name} of '${item.code}' names a number beside hidden figures. Does it give one away?` }]
  : [])
