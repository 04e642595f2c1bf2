// Numbers as they are printed: scale, thousands commas, a real minus, the unit, and bounds in words.
import { missingWords } from './words.js'
import type { FigureItem, MeasureItem } from './items.js'

const minus = '\u2212'

/** Decimals of the number as printed, where what is printed is that number ("93. 1%" is 93.1 with one decimal). */
function printedScale (printed: string | undefined, value: number): number | null {
  if (printed === undefined) return null
  const [, digits, decimals = ''] = /(-?\d[\d,]*)(?:\.(\d+))?/.exec(printed.replace(/(\d)\. (\d)/g, '$1.$2').replace(/[−–](?=\d)/g, '-')) ?? []
  if (digits === undefined) return null
  const number = Number(`${digits.replaceAll(',', '')}${decimals === '' ? '' : `.${decimals}`}`)
  return Math.abs(number) === Math.abs(value) ? decimals.length : null
}

/** Decimals that the number itself has. */
export const ownScale = (value: number) => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0

export function number (value: number, decimals = ownScale(value)): string {
  const [whole = '', part] = Math.abs(value).toFixed(Math.min(decimals, 10)).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = part === undefined ? grouped : `${grouped}.${part}`
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `${minus}${text}` : text
}

export const scaleOf = (measure: MeasureItem | undefined, item: Pick<FigureItem, 'value' | 'printed'>) =>
  measure?.decimals ?? printedScale(item.printed, item.value ?? 0) ?? ownScale(item.value ?? 0)

/** "%" stands at the number; all else is a word after it. */
export function withUnit (text: string, unit: string | undefined, per?: number): string {
  if (unit === 'percent') return `${text}%`
  if (unit === 'percentage_point') return `${text} percentage points`
  if (unit === 'currency') return text.startsWith(minus) ? `${minus}£${text.slice(1)}` : `£${text}`
  return unit === 'rate' && per !== undefined ? `${text} per ${number(per)}` : text
}

export function unitWords (unit: string | undefined, per?: number): string {
  if (unit === undefined) return 'unit not defined yet'
  if (unit === 'rate') return per === undefined ? 'rate, base not stated' : `rate per ${number(per)}`
  const words: Record<string, string> = { percent: 'per cent', count: 'number', percentage_point: 'percentage points', text: 'in words', currency: 'pounds', duration: 'duration' }
  return words[unit] ?? unit
}

export const boundWords: Record<string, string> = { over: 'over ', at_least: 'at least ', under: 'under ', at_most: 'at most ', around: 'around ' }

function ratioWords ({ numerator, denominator }: FigureItem): string | null {
  if (numerator === undefined && denominator === undefined) return null
  if (numerator === undefined) return `base of ${number(denominator!)}, no figure`
  return denominator === undefined ? `${number(numerator)} (number only)` : `${number(numerator)} of ${number(denominator)}`
}

const rankWords: Record<string, string> = { highest: '1 is the highest', lowest: '1 is the lowest', best: '1 is the best' }

/** Unit of a figure: it follows the statistic, as in the row's column unit. */
export function unitOf (measure: MeasureItem | undefined, statistic = 'level'): { unit?: string, per?: number } {
  if (statistic === 'rank') return {}
  if (statistic === 'percent_change') return { unit: 'percent' }
  if (statistic === 'level' || measure?.unit !== 'percent') return { unit: measure?.unit, per: measure?.per }
  return { unit: 'percentage_point', per: measure.per }
}

/** The figure in words: never empty, and never 0 for what is missing. */
export function shownOf (measure: MeasureItem | undefined, item: FigureItem): string {
  if (item.value === undefined) return item.missing === undefined ? ratioWords(item) ?? 'no figure stated' : missingWords(item.missing)
  if (item.statistic === 'rank') {
    const of = item.rank_of === undefined ? '' : ` of ${number(item.rank_of)}`
    return `${number(item.value)}${of}${item.rank_basis === undefined ? '' : ` (${rankWords[item.rank_basis]})`}`
  }
  const { unit, per } = unitOf(measure, item.statistic)
  const isChange = item.statistic === 'change' || item.statistic === 'percent_change'
  const signed = item.value > 0 && (isChange || (item.statistic === 'gap' && item.printed?.startsWith('+') === true)) ? '+' : ''
  return `${boundWords[item.bound ?? ''] ?? ''}${signed}${withUnit(number(item.value, scaleOf(measure, item)), unit, per)}`
}
