// Statements in words: the coded form of comparisons, trends and figures as a sentence part.
import type { EqualityRow, StatementGroup, StatementView } from './view.js'
import { areaTitle, type Items, type StatementData, type StatementItem, type StatementKind } from './items.js'
import { boundWords, number } from './numbers.js'
import { capital, plain } from './words.js'

const comparing: Record<string, string> = {
  higher: 'higher than',
  lower: 'lower than',
  better: 'better than',
  worse: 'worse than',
  above: 'above',
  below: 'below',
  similar: 'similar to',
  slightly_above: 'slightly above',
  slightly_below: 'slightly below'
}
const moving: Record<string, string> = { met: 'target met', not_met: 'target not met', no_history: 'no earlier figures', no_change: 'no change', highest: 'highest of the series', lowest: 'lowest of the series' }

const statementKindTitles: Record<StatementKind, string> = {
  theme: 'Themes',
  aim: 'Aims',
  success: 'What success looks like',
  impact: 'Impact',
  scope: 'Scope',
  rationale: 'Reasons',
  comparison: 'Comparisons',
  trend: 'Trends',
  target_attainment: 'Targets reached',
  availability: 'Availability of figures',
  caution: 'Cautions',
  method_change: 'Changes of method',
  figure: 'Figures in context',
  status_summary: 'Status summaries',
  equality: 'Equality impact',
  reference: 'References'
}

const kindWords: Partial<Record<StatementKind, string>> = { success: 'What success looks like', figure: 'Figure', target_attainment: 'Target', availability: 'Availability', method_change: 'Change of method' }

export function statementOf (items: Items, { code, kind, text, data = {}, note }: StatementItem): StatementView {
  const title = kindWords[kind] ?? plain(kind)
  return {
    code,
    kind: capital(title),
    text: text ?? null,
    words: wordsOf(items, data),
    url: data.url ?? null,
    note: note ?? null
  }
}

function wordsOf (items: Items, data: StatementData): string | null {
  const core = data.counts !== undefined || data.total !== undefined
    ? summaryWords(data)
    : data.value !== undefined || data.number !== undefined ? figureWords(data) : directionWords(items, data)
  if (core === null) return null
  const subject = [data.measure === undefined ? '' : items.measures.get(data.measure)?.title ?? data.measure, data.area === undefined ? '' : areaTitle(items, data.area)]
    .filter(part => part !== '').join(', ')
  const period = data.period === undefined ? '' : /^\d{4}/.test(data.period) ? ` in ${data.period}` : `, ${data.period}`
  const significance = data.significance === undefined ? '' : ` (${data.significance === 'significant' ? '' : 'not '}statistically significant)`
  return `${subject === '' ? '' : `${subject}: `}${core}${period}${significance}`
}

function directionWords (items: Items, { direction, against, against_printed: printed }: StatementData): string | null {
  if (direction === undefined) return null
  const other = against === undefined ? printed : areaTitle(items, against)
  const verb = comparing[direction]
  if (against !== undefined && direction.startsWith('gap_')) return `gap to ${other} ${direction.slice(4)}`
  if (verb !== undefined) return other === undefined ? verb.replace(/ (than|to)$/, '') : `${verb} ${other}`
  const words = moving[direction] ?? plain(direction)
  return other === undefined ? words : `${words}, against ${other}`
}

function figureWords ({ value, number: exact, unit = '', bound }: StatementData): string {
  const shown = exact === undefined ? value! : number(exact)
  const limit = boundWords[bound ?? ''] ?? ''
  if (unit === 'GBP') return `${limit}£${shown}`
  return unit === 'percent' || unit === '%' ? `${limit}${shown}%` : `${limit}${shown} ${plain(unit)}`.trim()
}

function summaryWords ({ total, counts = {} }: StatementData): string {
  const parts = Object.entries(counts).map(([name, count]) => `${number(count)} ${plain(name)}`)
  return [total === undefined ? '' : `${number(total)} in all`, parts.join(', ')].filter(part => part !== '').join(': ')
}

/** Statements about the plan as a whole, by kind in the order of the kinds; those of the equality table apart. */
export function groupsOf (items: Items, statements: StatementItem[]): StatementGroup[] {
  const kinds = Object.keys(statementKindTitles) as StatementKind[]
  return kinds.filter(kind => kind !== 'equality').flatMap(kind => {
    const these = statements.filter(one => one.kind === kind)
    return these.length === 0 ? [] : [{ kind, title: statementKindTitles[kind], items: these.map(one => statementOf(items, one)) }]
  })
}

export const equalityOf = (statements: StatementItem[]): EqualityRow[] => statements.filter(one => one.kind === 'equality').map(({ code, text, data = {}, note }) => ({
  code,
  characteristic: data.characteristic ?? text ?? 'not stated',
  positive: data.positive ?? 'not stated',
  adverse: data.adverse ?? 'not stated',
  unmet: data.unmet ?? 'not stated',
  evidence: data.evidence ?? 'not stated',
  note: note ?? null
}))
