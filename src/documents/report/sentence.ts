// A line in one sentence: what a reader is told who does not see the chart.
import type { Figure, MeasureFigures, Reading } from './view.js'
import { capital, listed } from './words.js'

/** "17.2% in 2016/17 (provisional)". */
export function figureWords ({ shown, inPeriod, tentative, status }: Figure): string {
  return `${shown} ${inPeriod}${tentative ? ` (${status})` : ''}`
}

/** "up from" goes on with the sentence; "not comparable with" is a remark of its own. */
const isMove = (words: string) => words.endsWith(' from')

function readingWords ({ latest, previous, targets, comparators }: Reading): string {
  const target = targets[0]
  const change = previous === null ? '' : `${isMove(previous.words) ? ', ' : '; '}${previous.words} ${figureWords(previous.figure)}`
  return [
    latest === null ? '' : `${figureWords(latest)}${change}`,
    target === undefined ? '' : `target ${target.words}${target.printedResult === null ? '' : `, reported as ${target.printedResult}`}`,
    comparators.length === 0 ? '' : `compared with ${listed(comparators.map(({ title, figure, samePeriod }) => `${title} ${samePeriod ? figure.shown : figureWords(figure)}`))}`
  ].filter(part => part !== '').join('; ')
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
