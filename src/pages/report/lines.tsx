// Lines of the plan: a row of the table each, and below it what was said and done about them.
import type { ActionView, Line, MeasureFigures, Updates } from '../../documents/report/report.js'
import { tellingOf } from '../../documents/report/judged.js'
import { Chart, isDrawn, scaleFor } from '../chart.js'
import { Caption, H } from '../layout.js'
import { actionTable, holdsLines } from './actions.js'
import { ComparatorCell, FiguresTable, LatestCell, TargetCell } from './figures.js'
import { each, eachOf, inFrame, slot } from './pieces.js'
import { JudgementText } from './judgement.js'
import { leadsText, partyText, Statements, Unsaid, UpdateParts } from './updates.js'

const drawnOf = (line: Line) => [line, ...line.breakdowns].filter(isDrawn)

function Charts ({ line }: { line: Line }) {
  const drawn = drawnOf(line).slice(0, 3)
  const scale = scaleFor(drawn)
  return (
    <>
      {drawn.map((reading, i) => (
        <figure key={reading.breakdown}>
          {reading.breakdown !== '' && <figcaption>{reading.breakdown}</figcaption>}
          <Chart
            id={`chart:${line.code}:${i}`} title={reading.breakdown === '' ? line.sentence : `${reading.breakdown}. ${line.sentence}`}
            reading={reading} scale={scale}
          />
        </figure>
      ))}
    </>
  )
}

/** Columns that no line of the table would fill are left out, and said once below it. */
interface Columns { refs: boolean, leads: boolean, targets: boolean, comparators: boolean, charts: boolean }

function columnsOf (lines: Line[]): Columns {
  const readings = lines.flatMap(line => [line, ...line.breakdowns])
  return {
    refs: lines.some(line => line.ref !== null),
    leads: lines.some(line => line.leads.length > 0),
    targets: readings.some(one => one.targets.length > 0 || one.judgement.colour !== null) || lines.some(line => line.externalTarget !== null),
    comparators: readings.some(one => one.comparators.length > 0),
    charts: lines.some(line => drawnOf(line).length > 0)
  }
}

interface TableProps { lines: Line[], shown?: string, caption: string }

export function * lineTable ({ lines, shown, caption }: TableProps): Iterable<string> {
  if (lines.length === 0) return
  const columns = columnsOf(lines)
  yield * inFrame((
    <>
      <table class={columns.refs ? 'lines stacking with-ref' : 'lines stacking'} role='table'>
        <Caption shown={shown} rest={caption} />
        <thead role='rowgroup'>
          <tr role='row'>
            {columns.refs && <th scope='col' role='columnheader' class='c-ref'>Ref</th>}
            <th scope='col' role='columnheader'>Measure</th>
            <th scope='col' role='columnheader' class='c-latest num'>Latest</th>
            {columns.targets && <th scope='col' role='columnheader' class='c-target'>Target</th>}
            {columns.comparators && <th scope='col' role='columnheader' class='c-compare'>Compared with</th>}
            {columns.charts && <th scope='col' role='columnheader' class='c-chart'>Chart</th>}
          </tr>
        </thead>
        <tbody role='rowgroup'>{slot}</tbody>
      </table>
      <Unsaid of='measures' what={[columns.leads ? '' : 'leads', columns.targets ? '' : 'targets', columns.comparators ? '' : 'comparator figures']} />
    </>
  ), each(lines, line => <LineRow line={line} columns={columns} />))
}

function LineRow ({ line, columns }: { line: Line, columns: Columns }) {
  const drawn = drawnOf(line).length > 0
  return (
    <tr id={line.anchor} role='row'>
      {columns.refs && <td role='cell' class='c-ref ref'>{line.ref ?? <span class='none'>none</span>}</td>}
      <th scope='row' role='rowheader'>
        {hasMore(line) ? <a class='title' href={`#about:${line.code}`}>{line.title}</a> : <span class='title'>{line.title}</span>}
        {columns.leads && <p class='leads'>{line.leads.length === 0 ? <span class='none'>no lead named</span> : `Lead: ${leadsText(line.leads)}`}</p>}
        {line.kinds.length > 0 && <p class='muted'>{line.kinds.join(', ')}</p>}
      </th>
      <td role='cell' class='num' data-label='Latest'><div><LatestCell figures={line} /></div></td>
      {columns.targets && <td role='cell' data-label='Target'><div><TargetCell figures={line} external={line.externalTarget} /></div></td>}
      {columns.comparators && <td role='cell' data-label='Compared with'><div><ComparatorCell figures={line} /></div></td>}
      {columns.charts && <td role='cell' class={drawn ? undefined : 'empty'} data-label='Chart'><div>{drawn ? <Charts line={line} /> : <NoChart line={line} />}</div></td>}
    </tr>
  )
}

const NoChart = ({ line }: { line: Line }) => <span class='none'>{[line, ...line.breakdowns].some(one => one.latest !== null) ? 'one figure, no chart' : 'no chart'}</span>

const isSaid = ({ newest, older }: Updates) => newest.length + older.length > 0

/** Whether there is more to say of a line than its row does. */
function hasMore (line: Line): boolean {
  const { updates, note, series, actions, statements, supporting, markers, involved, undated, others, elsewhere, breakdowns, comparators } = line
  const lists = [actions, statements, supporting, markers, involved, undated, others, elsewhere, breakdowns, comparators]
  return isSaid(updates) || note !== null || tellingOf(line).length > 0 || series.length > 1 || lists.some(list => list.length > 0)
}

/** Key activities may hold lines, and lines key activities: who asks for lines brings what prints the activities under them. */
type Activities = (actions: ActionView[], level: number) => Iterable<string>

export function * lineDetails (lines: Line[], level: number, activities: Activities): Iterable<string> {
  const told = lines.filter(hasMore)
  if (told.length > 0) yield * inFrame(<div class='details-of'>{slot}</div>, eachOf(told, line => lineDetail(line, level, activities)))
}

const isEmpty = ({ latest, undated, others, breakdowns, elsewhere, comparators }: MeasureFigures) =>
  latest === null && [undated, others, breakdowns, elsewhere, comparators].every(list => list.length === 0)

function * lineDetail (line: Line, level: number, activities: Activities): Iterable<string> {
  yield * inFrame((
    <section class='line' id={`about:${line.code}`}>
      <H level={level}>{line.ref === null ? '' : <span class='ref'>{line.ref} </span>}{line.title}</H>
      {line.summary !== 'No figure yet.' && <p class='sentence'>{line.summary}</p>}
      {tellingOf(line).map(({ key, breakdown, judgement }) => (
        <p key={key} class={judgement.colour === null ? 'sentence muted' : 'sentence'}>{breakdown === '' ? '' : `${breakdown}: `}<JudgementText judgement={judgement} /></p>
      ))}
      <FiguresTable figures={line} caption={line.title} label={drawnOf(line).length > 0 ? 'Figures behind the chart' : 'Figures'} />
      {line.supporting.length > 0 && (
        <>
          <p>Reported with it:</p>
          {line.supporting.map(one => <FiguresTable key={one.measure} figures={one} caption={one.title} />)}
          {line.supporting.filter(isEmpty).map(one => <p key={one.measure} class='muted'>{one.title}: {one.noFigure}</p>)}
        </>
      )}
      {line.involved.length > 0 && <p>With {line.involved.map(one => partyText(one)).join(', ')}</p>}
      {line.markers.length > 0 && <p>Printed in the plan: {line.markers.join('; ')}</p>}
      <Statements statements={line.statements} />
      <UpdateParts updates={line.updates} level={level + 1} />
      {slot}
      {line.note !== null && <p class='note'>Note: {line.note}</p>}
    </section>
  ), actionsOf(line, level + 1, activities))
}

function * actionsOf ({ title, actions }: Line, level: number, activities: Activities): Iterable<string> {
  yield * actionTable({ actions: actions.filter(one => !holdsLines(one)), shown: 'Actions', caption: `for ${title}` })
  yield * activities(actions.filter(holdsLines), level)
}
