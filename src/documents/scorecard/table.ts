// The scorecard as a flat table, a line a row, for CSV and a workbook.
import { breakdownText } from '../../resources/datapoints/breakdown.js'
import type { DataColumn, DataTable } from '../tables/table.js'
import type { Cell } from '../workbook/cells.js'
import type { Scorecard } from './read.js'

type Line = Scorecard['lines'][number]

const betterWords = new Map<boolean | null, string>([[true, 'better'], [false, 'worse'], [null, '']])

/** "England 10.7: worse; Core Cities 12.1: better". */
const comparatorsIn = ({ comparators }: Line) => comparators.filter(one => one.value !== null)
  .map(({ title, value, better, period, same_period: same }) => `${title} ${value}${same ? better === null ? '' : `: ${betterWords.get(better)!}` : ` (${period})`}`).join('; ')

const leadsOf = ({ organisations }: Line) => organisations.filter(({ role }) => role === 'lead').flatMap(({ organisation }) => organisation ?? []).join('; ')

const text = (name: string, about: string, of: (line: Line) => Cell) => ({ name, about, of })
const number = (name: string, about: string, of: (line: Line) => Cell) => ({ name, about, of, number: true })

const spec: Array<DataColumn & { of (line: Line): Cell }> = [
  text('plan_measure', 'Code of the line.', line => line.plan_measure),
  text('ref', 'Its printed number.', line => line.ref),
  text('title', 'Its title.', line => line.title),
  text('measure', 'Code of the measure.', line => line.measure),
  text('area', 'Code of the area.', line => line.area),
  text('breakdown', 'The breakdown; empty for the whole.', line => breakdownText(line.breakdown) || null),
  text('priority', 'Code of the priority.', line => line.priority),
  text('outcome', 'Code of the outcome.', line => line.outcome),
  text('lead', 'Codes of the lead organisations, joined by "; ".', leadsOf),
  text('unit', 'Unit of the figures.', line => line.unit),
  number('per', 'Base of a rate.', line => line.per),
  text('polarity', 'Which way is better.', line => line.polarity),
  text('period', 'Period of the latest figure.', line => line.latest?.period ?? null),
  text('period_label', 'The period as printed, else by name.', line => line.latest?.period_label ?? null),
  number('value', 'The latest value.', line => line.latest?.value ?? null),
  text('status', 'How final it is.', line => line.latest?.status ?? null),
  text('missing', 'Why there is no value.', line => line.latest?.missing ?? null),
  text('shorthand', 'Marks of the Government Statistical Service.', line => line.latest?.shorthand ?? null),
  text('previous_period', 'Period of the figure before.', line => line.previous?.period ?? null),
  number('previous_value', 'The value before.', line => line.previous?.value ?? null),
  number('change', 'Latest less previous.', line => line.change),
  text('change_significant', 'true where the value before lies outside the 95 % interval of the latest.', line => line.change_significant === null ? null : String(line.change_significant)),
  text('direction', 'improved, worsened, no_change, up, down or not_comparable.', line => line.direction),
  text('target', 'The target in words.', line => line.target?.words ?? null),
  text('target_period', 'Period or day of the target.', line => line.target?.period ?? line.target?.by ?? null),
  number('target_lower', 'What the figure has to reach at least.', line => line.target?.lower ?? null),
  number('target_upper', 'What the figure may be at most.', line => line.target?.upper ?? null),
  number('target_gap', 'The figure less the bound that it misses, or the nearest one.', line => line.target?.gap ?? null),
  text('target_met', 'true or false; empty where it is not known.', line => line.target?.met == null ? null : String(line.target.met)),
  text('printed_result', 'The result that the document prints.', line => line.target?.printed_result ?? null),
  number('progress', 'Way from baseline to target that is done, in per cent.', line => line.progress),
  text('comparators', 'Comparators with their figures, joined by "; ".', line => comparatorsIn(line) || null),
  number('lower_95', 'Lower limit of the 95 % interval.', line => line.interval?.lower ?? null),
  number('upper_95', 'Upper limit of the 95 % interval.', line => line.interval?.upper ?? null),
  text('interval_method', 'How the interval was worked out.', line => line.interval?.method ?? null),
  text('trend', 'increasing, decreasing or none over the last five periods; empty where it is not tested.', line => line.trend?.direction ?? null),
  text('next_period', 'Period of the next figure that is owed.', line => line.due?.next_period ?? null),
  text('due_on', 'Last day on which it is in time.', line => line.due?.due_on ?? null),
  text('overdue', 'true where that day has passed.', line => line.due === null ? null : String(line.due.overdue)),
  text('rag', 'red, amber, green or not_judged.', line => line.rag),
  text('rag_reason', 'The judgement in a sentence.', line => line.rag_reason.text),
  text('notes', 'What a reader must know, joined by a blank.', line => line.notes.join(' ') || null)
]

export const columns: DataColumn[] = spec.map(({ of: _, ...column }) => column)

export const tableOf = ({ plan, lines }: Scorecard): DataTable => ({
  sheet: 'Scorecard',
  about: `The lines of the plan ${plan}, judged, one a row.`,
  columns,
  rows: lines.map(line => Object.fromEntries(spec.map(({ name, of }) => [name, of(line)])))
})
