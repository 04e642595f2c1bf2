// Figures in cells and tables: value, period, marks, comparators, and the numbers behind a chart.
import { Fragment } from 'preact'
import { figureWords, resultWords } from '../../documents/report/sentence.js'
import type { Comparator, Figure, Mark, MeasureFigures, Point, Reading, TargetView } from '../../documents/report/report.js'
import { ColourTag } from './judgement.js'

export function Marks ({ marks }: { marks: Mark[] }) {
  return <>{marks.map(({ mark, meaning }) => <Fragment key={mark}> <abbr title={meaning}>{mark}</abbr></Fragment>)}</>
}

/** The printed label where it says which year, else the period by name and what was printed; and how sure that is. */
function periodText ({ periodLabel, periodName, inferred }: Pick<Figure, 'periodLabel' | 'periodName' | 'inferred'>): string {
  if (periodName === null) return periodLabel
  if (/\d{4}|\d\d\/\d\d/.test(periodLabel)) return inferred ? `${periodLabel}, period our reading` : periodLabel
  return inferred ? `${periodName}, our reading of “${periodLabel}”` : `${periodName} (printed “${periodLabel}”)`
}

/** What stands with a value: "provisional", "the definition differs". */
const remarks = ({ tentative, status, qualifiers }: Figure) => [...tentative ? [status] : [], ...qualifiers].join('; ')

/** The number large, the words of its unit not. */
function Value ({ shown }: { shown: string }) {
  const [, number = shown, unit] = /^(.*\d)( (?:per |percentage ).*)$/.exec(shown) ?? []
  return unit === undefined ? <>{number}</> : <>{number}<span class='unit'>{unit}</span></>
}

function FigureCell ({ figure, change }: { figure: Figure, change?: string }) {
  const said = remarks(figure)
  return (
    <>
      <span class={figure.value === null ? 'value words-only' : 'value'}><Value shown={figure.shown} /><Marks marks={figure.marks} /></span>
      <span class='muted'>{periodText(figure)}{said === '' ? '' : `, ${said}`}</span>
      {change !== undefined && <p class='muted'>{change}</p>}
    </>
  )
}

const changeText = ({ previous }: Reading) =>
  previous === null ? undefined : `${previous.words} ${figureWords(previous.figure)}`

export function LatestCell ({ figures }: { figures: MeasureFigures }) {
  const broken = figures.breakdowns.filter(one => one.latest !== null)
  if (figures.latest !== null) return <FigureCell figure={figures.latest} change={changeText(figures)} />
  if (broken.length > 0) {
    return <ul class='stack'>{broken.map(one => <li key={one.breakdown}>{one.breakdown}: <FigureCell figure={one.latest!} change={changeText(one)} /></li>)}</ul>
  }
  if (figures.undated.length > 0) {
    return <ul class='stack'>{figures.undated.map((one, i) => <li key={i}>{one.breakdown === '' ? '' : `${one.breakdown}: `}<FigureCell figure={one} /></li>)}</ul>
  }
  return <span class='none'>{figures.noFigure ?? 'no figure yet'}</span>
}

export function TargetCell ({ figures, external }: { figures: MeasureFigures, external: string | null }) {
  const readings = [figures, ...figures.breakdowns]
  const named = readings.flatMap(one => one.targets.map(target => ({ target, of: one.breakdown })))
  return (
    <>
      <Colours readings={readings} />
      {named.length === 0
        ? <span class='none'>{external === null ? 'no target' : `held in ${external}`}</span>
        : <ul class='stack'>{named.map(({ target, of }) => <li key={`${of} ${target.code}`}>{of === '' ? '' : `${of}: `}<TargetText target={target} /></li>)}</ul>}
    </>
  )
}

/** Only what has a colour: a plan sets no target for most of its measures, and that is no news. */
const Colours = ({ readings }: { readings: Reading[] }) => (
  <>
    {readings.map(({ key, breakdown, judgement: { colour } }) => colour !== null &&
      <p key={key}>{breakdown === '' ? '' : `${breakdown}: `}<ColourTag colour={colour} /></p>)}
  </>
)

function TargetText ({ target }: { target: TargetView }) {
  const result = resultWords(target)
  return (
    <>
      {target.words}{result !== '' && <>; <span class='flag'>{result}</span></>}
      {target.unknown !== null && <span class='muted'>; {target.unknown}</span>}
    </>
  )
}

export function ComparatorCell ({ figures }: { figures: MeasureFigures }) {
  const all = [figures, ...figures.breakdowns].flatMap(one => one.comparators.map(comparator => ({ comparator, of: one.breakdown })))
  if (all.length === 0) return <span class='none'>no comparator</span>
  return <ul class='stack'>{all.map(({ comparator, of }) => <li key={`${of} ${comparator.area}`}><ComparatorText comparator={comparator} of={of} /></li>)}</ul>
}

function ComparatorText ({ comparator: { title, figure, samePeriod, words }, of }: { comparator: Comparator, of: string }) {
  return (
    <>
      {of === '' ? '' : `${of}, `}{words === '' ? '' : `${words} `}{title} <span class='flag'>{figure.shown}</span><Marks marks={figure.marks} />
      {samePeriod ? '' : <span class='muted'> {figure.inPeriod}</span>}
    </>
  )
}

interface Row { whose: string, of: string, period: string, shown: string, status: string, remarks: string }

const pointRows = (points: Point[]): Row[] => points.map(point => {
  const row = figureRow(point)
  return point.breakBefore ? { ...row, remarks: ['break before this figure', row.remarks].filter(part => part !== '').join('; ') } : row
})

const figureRow = (figure: Figure): Row => ({
  whose: figure.areaTitle,
  of: [figure.breakdown, figure.statistic].filter(part => part !== '').join(', '),
  period: periodText(figure),
  shown: figure.shown,
  status: figure.status,
  remarks: remarksOf(figure)
})

function countWords (numerator: number | null, denominator: number | null): string {
  if (numerator === null) return denominator === null ? '' : `base ${denominator.toLocaleString('en-GB')}`
  const count = numerator.toLocaleString('en-GB')
  return denominator === null ? `number ${count}` : `${count} of ${denominator.toLocaleString('en-GB')}`
}

const remarksOf = ({ qualifiers, interval, numerator, denominator, value, printed, shown, note, source }: Figure): string => [
  ...qualifiers,
  interval ?? '',
  value === null ? '' : countWords(numerator, denominator),
  value === null && printed !== null && printed.toLowerCase() !== shown.toLowerCase() ? `printed as “${printed}”` : '',
  note ?? '',
  source === null ? '' : `source: ${source}`
].filter(part => part !== '').join('; ')

/** Every figure the document has of the measure: the runs, then what stands alone. */
function rowsOf (figures: MeasureFigures): Row[] {
  const runs = [figures, ...figures.breakdowns].flatMap(one => [one.series, ...one.comparatorSeries.map(({ points }) => points)].flatMap(pointRows))
  return [...runs, ...[...figures.undated, ...figures.others, ...figures.elsewhere].map(figureRow)]
}

/** The numbers behind the chart and beside it, for who does not see it or wants to reckon. */
export function FiguresTable ({ figures, caption, label }: { figures: MeasureFigures, caption: string, label?: string }) {
  const rows = rowsOf(figures)
  if (rows.length === 0) return null
  const [hasOf, hasRemarks] = [rows.some(row => row.of !== ''), rows.some(row => row.remarks !== '')]
  const hasStatus = rows.some(row => row.status !== 'not stated')
  return (
    <details>
      <summary>{label === undefined ? caption : <>{label}<span class='hidden'>: {caption}</span></>}</summary>
      <div class='scroll' role='group' aria-label={`Figures: ${caption}`} tabIndex={0}>
        <table class='figures'>
          <thead>
            <tr>
              <th scope='col'>Area</th>
              {hasOf && <th scope='col'>What</th>}
              <th scope='col'>Period</th><th scope='col' class='num'>Figure</th>
              {hasStatus && <th scope='col'>Status</th>}
              {hasRemarks && <th scope='col'>Remarks</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                <th scope='row'>{row.whose}</th>
                {hasOf && <td>{row.of === '' ? 'the whole' : row.of}</td>}
                <td>{row.period}</td><td class='num'>{row.shown}</td>
                {hasStatus && <td>{row.status}</td>}
                {hasRemarks && <td>{row.remarks === '' ? <span class='none'>none</span> : row.remarks}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
