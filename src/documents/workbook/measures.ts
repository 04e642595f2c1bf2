// What the plan's measures have come to, as a board reads it: the report's latest figures, what came before them, targets and
// comparators. No text cell is empty here; a number that is not there has its reason beside it.
import { clean } from '../../http/cells.js'
import type { Figure, Line, MeasureFigures, Party, Reading, Report } from '../report/view.js'
import { placedLines, type PlacedLine } from '../report/walk.js'
import type { Cell } from './cells.js'
import type { Table } from './sheet.js'

/** A reading with what it is of: a line of the plan, or a measure reported beside the lines. */
interface Entry { line: Line | null, figures: MeasureFigures, reading: Reading }

/** A line with where it stands. */
interface Row extends Entry { line: Line, priority: string, outcome: string, activity: string }

/** A column: its heading, what it holds, and how it is read. */
type Field<T> = [name: string, about: string, of: (one: T) => Cell]

const text = (value: string | null | undefined, otherwise = 'none') => clean(value == null || value === '' ? otherwise : value)

const joined = (parts: string[], otherwise = 'none') => text(parts.join('; '), otherwise)

const titled = ({ ref, title }: { ref: string | null, title: string }) => ref === null ? title : `${ref} ${title}`

const partyWords = ({ title, role, label }: Party) => `${title} (${role}${label === null ? '' : `, ${label}`})`

const tableOf = <T>(head: Pick<Table, 'sheet' | 'name' | 'title' | 'about'>, fields: Array<Field<T>>, items: T[]): Table[] => items.length === 0
  ? []
  : [{
      ...head,
      empty: 'No text cell is empty. A cell of numbers is empty where there is no number; the words beside it say why.',
      columns: fields.map(([name, about]) => ({ name, about })),
      rows: items.map(item => fields.map(([,, of]) => of(item)))
    }]

const rowOf = ({ line, priority, outcome, activity }: PlacedLine): Row => {
  const name = (place: { ref: string | null, title: string } | null) => place === null ? 'none' : titled(place)
  return { line, figures: line, reading: line, priority: name(priority), outcome: name(outcome), activity: name(activity) }
}

const shown = (figure: Figure | null, otherwise: string) => figure === null ? otherwise : text(figure.shown)

function whyMissing ({ figures, reading: { latest } }: Entry): string {
  if (latest === null) return text(figures.noFigure, 'no figure of the whole: see the sheet Breakdowns')
  return latest.value === null ? text(latest.missing, 'no single number: see Latest value as shown') : 'not missing'
}

const directionOf = ({ reading: { previous, judgement: { direction } } }: Entry) => text(direction, previous === null ? 'no earlier figure' : 'not known')

const readingFields: Array<Field<Entry>> = [
  ['Latest value', 'The latest figure with a date, as a number in the unit of the measure; a percentage is 17.2, not 0.172.', ({ reading }) => reading.latest?.value ?? null],
  ['Latest value as shown', 'The same in words, with unit and bound: "17.2%", "over 72%", "136 of 137".', entry => shown(entry.reading.latest, whyMissing(entry))],
  ['Why missing', 'Why there is no number in Latest value; "not missing" where there is one.', whyMissing],
  ['Latest period', 'The period of the latest figure, as printed.', ({ reading }) => text(reading.latest?.periodLabel, 'no figure')],
  ['Latest period code', 'The same as a code; the sheet Figures has its first and last day.', ({ reading }) => text(reading.latest?.period, 'no figure')],
  ['Status', 'How final the latest figure is.', ({ reading }) => text(reading.latest?.status, 'no figure')],
  ['Marks', 'Shorthand marks of the latest figure; the sheet Notes says what they mean.', ({ reading }) => joined((reading.latest?.marks ?? []).map(({ mark }) => mark))],
  ['Qualifiers', 'What a reader must know about the latest figure.', ({ reading: { latest } }) =>
    joined([...latest?.inferred === true ? ['the period is our reading'] : [], ...latest?.qualifiers ?? []])],
  ['Previous value', 'The figure before it, of the same kind of period.', ({ reading }) => reading.previous?.figure.value ?? null],
  ['Previous value as shown', 'The same in words.', ({ reading }) => shown(reading.previous?.figure ?? null, 'no earlier figure')],
  ['Previous period', 'The period of the previous value.', ({ reading }) => text(reading.previous?.figure.periodLabel, 'no earlier figure')],
  ['Direction', 'From the previous value to the latest: improved, worsened or no change, where the measure says which way is better; else up or down.', directionOf],
  ['Change is significant', 'Whether the previous value lies outside the 95% confidence interval of the latest: yes or no, or not known where there is no interval.',
    ({ reading: { previous, judgement: { significant } } }) => previous === null ? 'no earlier figure' : significant === null ? 'not known' : significant ? 'yes' : 'no'],
  ['Target', 'Targets in words, that for the latest period first.', ({ line, figures, reading }) => joined(reading.targets.map(({ words }) => words),
    line !== null && line === figures && reading === figures && line.externalTarget !== null ? `held in another plan: ${line.externalTarget}` : 'none')],
  ['Target value', 'The value to reach, of the first target; empty where it is not one level.', ({ reading }) => reading.targets[0]?.value ?? null],
  ['Target as printed', 'The targets in the words of the document.', ({ reading }) => joined(reading.targets.map(({ printed }) => printed ?? 'not printed'))],
  ['Printed result', 'The result that the document itself prints.', ({ reading }) => joined(reading.targets.map(one => one.printedResult ?? 'none printed'), 'none printed')],
  ['Result by the figures', 'Whether the latest figure meets the targets, whatever is printed.', ({ reading }) =>
    joined(reading.targets.map(one => one.result ?? one.unknown ?? 'not known'), 'no target')],
  ['RAG', 'Red, amber or green by the rule of the measure or the plan; not judged where that cannot be said.', ({ reading: { judgement: { colour } } }) => colour ?? 'not judged'],
  ['RAG reason', 'The judgement in a sentence, as in the scorecard.', ({ reading }) => text(reading.judgement.text)]
]

const measureFields: Array<Field<Entry>> = [
  ['Line', 'Code of the line of the plan, as on the sheet Plan measures.', ({ line }) => text(line?.code, 'reported beside the lines')],
  ['Measure', 'Code of the measure, as on the sheet Definitions.', ({ figures }) => text(figures.measure)],
  ['Measure title', 'Name of the measure.', ({ figures, line }) => text(line === figures ? line.title : figures.title)],
  ['Unit', 'Unit of the measure.', ({ figures }) => text(figures.unit)],
  ['Area', 'The area that the figures are about.', ({ figures }) => text(figures.areaTitle, 'no area')]
]

const breakdownField: Field<Entry> = ['Breakdown', 'The part that the figures are about; "the whole" where they are not broken down.', ({ reading }) => text(reading.breakdown, 'the whole')]

const lineFields: Array<Field<Row>> = [
  measureFields[0]!,
  ['Priority', 'The priority that the line stands under.', ({ priority }) => text(priority)],
  ['Outcome', 'The outcome that it stands under.', ({ outcome }) => text(outcome)],
  ['Key activity', 'The key activity that it stands under.', ({ activity }) => text(activity)],
  ['Reference', 'The printed number, which may be missing and may repeat.', ({ line }) => text(line.ref, 'not printed')],
  ['Title', 'The line as published.', ({ line }) => text(line.title)],
  ['Kind of line', 'What sort of line it is, where that is said.', ({ line }) => joined(line.kinds, 'measure')],
  measureFields[1]!,
  ...measureFields.slice(3),
  ['Leads', 'Organisations that lead.', ({ line }) => joined(line.leads.map(({ title, label }) => label === null ? title : `${title} (${label})`), 'not stated')],
  ['Others involved', 'Other organisations with what they do.', ({ line }) => joined(line.involved.map(partyWords))],
  ...readingFields,
  ['Printed instead', 'What the document prints where a content would be.', ({ line }) => joined(line.markers)],
  ['Note', 'A remark on the line.', ({ line }) => text(line.note)]
]

export function measureTables (report: Report): Table[] {
  const lines = placedLines(report).map(rowOf)
  const further: Entry[] = [
    ...lines.flatMap(({ line }) => line.supporting.map(figures => ({ line, figures, reading: figures }))),
    ...report.alsoReported.map(figures => ({ line: null, figures, reading: figures }))
  ]
  const broken = [...lines, ...further].flatMap(({ line, figures }) => figures.breakdowns.map((reading): Entry => ({ line, figures, reading })))
  return [
    ...tableOf({ sheet: 'Measures', name: 'lines', title: 'Measures', about: 'Each line of the plan with its latest figure, the one before it, and its targets.' },
      lineFields, lines),
    ...tableOf({ sheet: 'Breakdowns', name: 'breakdowns', title: 'Breakdowns', about: 'The same for the parts that a measure is broken down by.' },
      [...measureFields, breakdownField, ...readingFields], broken),
    ...tableOf({ sheet: 'Further measures', name: 'further_measures', title: 'Further measures', about: 'The same for measures reported under a line or beside the lines.' },
      [...measureFields, ...readingFields], further),
    ...comparatorTables([...lines, ...further, ...broken])
  ]
}

function comparatorTables (entries: Entry[]): Table[] {
  type Compared = Entry & { other: Reading['comparators'][number] }
  const fields: Array<Field<Compared>> = [
    ...measureFields, breakdownField,
    ['Comparator', 'The area or group that it is compared with.', ({ other }) => text(other.title)],
    ['Comparator code', 'Its code, as on the sheet Areas.', ({ other }) => text(other.area)],
    ['Value', 'The figure of the comparator, as a number in the unit of the measure.', ({ other }) => other.figure.value],
    ['Value as shown', 'The same in words, with unit and bound; where there is no number, why.', ({ other }) => shown(other.figure, 'no figure')],
    ['Period', 'The period of that figure, as printed.', ({ other }) => text(other.figure.periodLabel)],
    ['Period code', 'The same as a code.', ({ other }) => text(other.figure.period)],
    ['Same period', 'Whether it is the period of the latest figure of the area: yes or no.', ({ other }) => other.samePeriod ? 'yes' : 'no'],
    ['Better or worse', 'How the area stands beside it: better than, worse than or the same as; significantly or not, where an interval is known.',
      ({ other }) => text(other.words.replace(/ (?:than|as)$/, ''), 'not judged')],
    ['Marks', 'Shorthand marks of the figure.', ({ other }) => joined(other.figure.marks.map(({ mark }) => mark))]
  ]
  return tableOf({ sheet: 'Comparators', name: 'comparators', title: 'Comparators', about: 'Figures of the areas and groups that the plan compares itself with.' }, fields,
    entries.flatMap(entry => entry.reading.comparators.map(other => ({ ...entry, other }))))
}
