// A line in one sentence: what a reader is told who does not see the chart.
import { grouped } from './grouped.js'
import type { Comparator, Figure, MeasureFigures, Reading, TargetView } from './view.js'
import { capital, listed } from './words.js'

/** "17.2% in 2016/17 (provisional)". */
export function figureWords ({ shown, inPeriod, tentative, status }: Figure): string {
  return `${shown} ${inPeriod}${tentative ? ` (${status})` : ''}`
}

/** "not met, as reported", "by the figures not met, reported as below target"; "" where nothing is printed or known. */
export function resultWords ({ result, printedResult: printed }: TargetView): string {
  if (result === null || printed === null) return result ?? (printed === null ? '' : `reported as ${printed}`)
  return result === printed ? `${result}, as reported` : `by the figures ${result}, reported as ${printed}`
}

/** "up from" goes on with the sentence; "not comparable with" is a remark of its own. */
const isMove = (words: string) => words.endsWith(' from')

function readingWords ({ latest, previous, targets, comparators }: Reading): string {
  const target = targets[0]
  const change = previous === null ? '' : `${isMove(previous.words) ? ', ' : '; '}${previous.words} ${figureWords(previous.figure)}`
  const result = target === undefined ? '' : resultWords(target)
  return [
    latest === null ? '' : `${figureWords(latest)}${change}`,
    target === undefined ? '' : `target ${target.words}${result === '' ? '' : `, ${result}`}`,
    ...besides(comparators)
  ].filter(part => part !== '').join('; ')
}

/** "worse than England 10.7% and Core Cities 12.1%", "compared with Neighbours 2% in 2016/17". */
function besides (comparators: Comparator[]): string[] {
  const groups = grouped(comparators, ({ words }) => [words])
  return [...groups].map(([words, those]) =>
    `${words === '' ? 'compared with' : words} ${listed(those.map(({ title, figure, samePeriod }) => `${title} ${samePeriod ? figure.shown : figureWords(figure)}`))}`)
}

/** What the figures say, without the title. */
export function summaryOf (figures: MeasureFigures): string {
  const whole = readingWords(figures)
  const parts = figures.breakdowns.map(one => `${one.breakdown}: ${readingWords(one)}`)
  const undated = figures.latest === null ? figures.undated.map(one => `${one.breakdown === '' ? '' : `${one.breakdown}: `}${one.shown} ${one.inPeriod}`) : []
  const said = [figures.noFigure ?? '', ...undated, whole, ...parts].filter(part => part !== '')
  return `${said.map(capital).join('. ')}.`
}

export const sentenceOf = (title: string, summary: string) => `${title.replace(/[.:;\s]+$/, '')}: ${summary}`
