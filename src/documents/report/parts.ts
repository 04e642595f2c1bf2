// The parts of the document around the priorities: heading, partners, definitions, and what the marks mean.
import type { About, Definition, Figure, Heading, Line, Mark, MeasureFigures, Partner } from './view.js'
import { longDate, longInstant } from './dates.js'
import { areaTitle, organisationTitle, type Items, type MeasureItem, type PlanItem } from './items.js'
import { unitWords } from './numbers.js'
import { meanings, partyOf, periodLabel, plain } from './words.js'

const planStatuses: Record<string, string> = { in_progress: 'in progress' }

/** What the head of the document says: known from the plan alone, before its bundle is read. */
export function headingOf (plan: PlanItem, titles: { owner: string, area: string | null }, about: About): Heading {
  const printed = plan.status_printed ?? []
  const status = plan.status ?? 'draft'
  return {
    plan: plan.code,
    title: plan.title,
    edition: plan.edition ?? null,
    owner: titles.owner,
    area: titles.area,
    period: plan.period == null ? null : periodLabel(plan.period),
    status: printed.length > 0 ? printed.join(', ') : planStatuses[status] ?? status,
    live: plan.live ?? false,
    about,
    asAt: about.kind === 'live'
      ? `The live plan, as at ${longInstant(about.at)}`
      : `Publication ${about.label}${about.date === null ? '' : `, ${longDate(about.date)}`}, published ${longInstant(about.published_at)}${redaction(about.redacted_at)}`,
    note: plan.note ?? null
  }
}

const redaction = (at: string | null | undefined) => at == null ? '' : `; texts were taken out of it, last on ${longInstant(at)}`

export const titlesOf = (items: Items) => ({
  owner: organisationTitle(items, items.plan.owner),
  area: items.plan.area === undefined ? null : areaTitle(items, items.plan.area)
})

export const partnersOf = (items: Items): Partner[] => (items.plan.organisations ?? []).map(one => {
  const { title, role, label, statutory } = partyOf(items, one)
  return { title, role, label, statutory }
})

const polarities: Record<string, string> = {
  higher_is_better: 'higher is better', lower_is_better: 'lower is better', in_range: 'best inside a range', none: 'not judged'
}

export function definitionsOf (items: Items): Definition[] {
  const named = [...items.lines.flatMap(line => [line.measure, ...line.supporting ?? []]), ...items.plan.supporting_measures ?? []]
  const found = [...new Set(named)].map(code => items.measures.get(code)).filter(measure => measure !== undefined)
  return found.sort((a, b) => a.title.localeCompare(b.title, 'en')).map(definitionOf)
}

const measureStatuses: Record<string, string> = { placeholder: 'placeholder: not defined yet', retired: 'retired: no new figures are expected' }

function definitionOf (measure: MeasureItem): Definition {
  return {
    code: measure.code,
    title: measure.title,
    definition: measure.definition ?? null,
    unit: unitWords(measure.unit, measure.per),
    polarity: polarities[measure.polarity ?? 'none'] ?? 'not judged',
    frequency: measure.frequency === undefined ? null : plain(measure.frequency),
    status: measureStatuses[measure.status ?? 'active'] ?? null,
    reference: measure.national_reference ?? null,
    source: measure.source ?? null,
    note: measure.note ?? null,
    breaks: (measure.breaks ?? []).map(({ from, why }) => `From ${longDate(from)}: ${why}`)
  }
}

const figuresOf = (one: MeasureFigures): Figure[] => [
  ...[one, ...one.breakdowns].flatMap(({ latest, previous, comparators }) =>
    [latest, previous?.figure ?? null, ...comparators.map(({ figure }) => figure)]),
  ...one.undated, ...one.others, ...one.elsewhere
].filter(figure => figure !== null)

/** The marks that stand somewhere in the document, with what they mean, in the order of the meanings. */
export function symbolsOf (lines: Line[], alsoReported: MeasureFigures[]): Mark[] {
  const all = new Set([...lines.flatMap(line => [line, ...line.supporting]), ...alsoReported])
  const used = new Set([...all].flatMap(figuresOf).flatMap(figure => figure.marks.map(({ mark }) => mark)))
  return Object.entries(meanings).filter(([mark]) => used.has(mark)).map(([mark, meaning]) => ({ mark, meaning }))
}
