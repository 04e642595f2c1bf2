// The parts after the priorities: what the plan says as a whole, reviews, partners, definitions and symbols.
import type { Definition, EqualityRow, Mark, MeasureFigures, Partner, Report, ReviewView, StatementGroup, UpdateEntry } from '../../documents/report/report.js'
import { DueText } from './actions.js'
import { FiguresTable } from './figures.js'
import { each, eachOf, inFrame, slot } from './pieces.js'
import { StatementText, UpdateItem } from './updates.js'

export interface Part { anchor: string, title: string, body: Iterable<string> }

/** The parts that there are, in their order. */
export function partsOf (report: Report): Part[] {
  const part = (name: string, title: string, there: boolean, body: Iterable<string>): Part[] =>
    there ? [{ anchor: `part:${name}`, title, body }] : []
  const { alsoReported, statements, equality, reviews, updates, partners, definitions, symbols } = report
  return [
    ...part('reported', 'Also reported', alsoReported.length > 0, alsoReportedOf(alsoReported)),
    ...statements.flatMap(group => part(group.kind, group.title, true, statementList(group))),
    ...part('equality', 'Equality impact', equality.length > 0, each([equality], rows => <Equality rows={rows} />)),
    ...part('reviews', 'Reviews', reviews.length > 0, eachOf(reviews, review)),
    ...part('updates', 'Other updates', updates.length > 0, updateList(updates, true)),
    ...part('partners', 'Partners', partners.length > 0, each([partners], all => <Partners partners={all} />)),
    ...part('definitions', 'Definitions', definitions.length > 0, inFrame(<dl class='definitions'>{slot}</dl>, each(definitions, DefinitionText))),
    ...part('symbols', 'Notes and symbols', true, each([symbols], all => <Symbols symbols={all} />))
  ]
}

const statementList = ({ items }: StatementGroup) => inFrame(<ul>{slot}</ul>, each(items, one => <li><StatementText statement={one} bare /></li>))

const updateList = (updates: UpdateEntry[], withPeriod: boolean) =>
  inFrame(<ul class='updates'>{slot}</ul>, each(updates, one => <UpdateItem update={one} withPeriod={withPeriod} />))

const alsoReportedOf = (all: MeasureFigures[]) =>
  inFrame(<><p>Measures that the plan reports on but lists in no line.</p>{slot}</>, each(all, AlsoReported))

const AlsoReported = (one: MeasureFigures) => (
  <section class='line'>
    <h3>{one.title}</h3>
    <p><LatestInline figures={one} /></p>
    <FiguresTable figures={one} caption={one.title} />
  </section>
)

const LatestInline = ({ figures }: { figures: MeasureFigures }) => figures.latest === null
  ? <span class='none'>{figures.noFigure ?? 'figures by breakdown only'}</span>
  : <>{figures.latest.shown} {figures.latest.inPeriod}</>

function Equality ({ rows }: { rows: EqualityRow[] }) {
  return (
    <table class='stacking facts-table' role='table'>
      <caption>Impact expected, by protected characteristic or group</caption>
      <thead role='rowgroup'>
        <tr role='row'>
          <th scope='col' role='columnheader'>Characteristic</th><th scope='col' role='columnheader'>Positive impact</th><th scope='col' role='columnheader'>Adverse impact</th>
          <th scope='col' role='columnheader'>Unmet need</th><th scope='col' role='columnheader'>Evidence</th>
        </tr>
      </thead>
      <tbody role='rowgroup'>
        {rows.map(row => (
          <tr key={row.code} role='row'>
            <th scope='row' role='rowheader'>{row.characteristic}</th>
            <td role='cell' data-label='Positive impact'>{row.positive}</td><td role='cell' data-label='Adverse impact'>{row.adverse}</td>
            <td role='cell' data-label='Unmet need'>{row.unmet}</td>
            <td role='cell' data-label='Evidence'><div>{row.evidence}{row.note !== null && <p class='meta'>Note: {row.note}</p>}</div></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function review (review: ReviewView): Iterable<string> {
  const facts = [
    review.kind === review.title ? '' : review.kind,
    review.held === null ? '' : `held on ${review.held}`,
    review.period === null ? '' : `about ${review.period}`,
    review.body ?? '',
    review.item === null ? '' : `agenda item ${review.item}`
  ].filter(part => part !== '')
  return inFrame((
    <section class='line' id={review.anchor}>
      <h3>{review.title}</h3>
      {facts.length > 0 && <p>{facts.join(' · ')}</p>}
      {review.due !== null && <p>Due: <DueText due={review.due} /></p>}
      {review.document !== null && <p>{review.document}</p>}
      {slot}
      {review.elsewhere > 0 && <p>{review.elsewhere} {review.elsewhere === 1 ? 'update was' : 'updates were'} made for it; each stands with what it reports on.</p>}
      {review.note !== null && <p class='note'>Note: {review.note}</p>}
    </section>
  ), review.updates.length > 0 ? updateList(review.updates, false) : [])
}

const Partners = ({ partners }: { partners: Partner[] }) => (
  <ul>
    {partners.map((one, i) => (
      <li key={i}>{one.title} <span class='muted'>({[one.statutory ? `${one.role} by law` : one.role, one.label ?? ''].filter(part => part !== '').join(', ')})</span></li>
    ))}
  </ul>
)

const DefinitionText = (one: Definition) => (
  <div>
    <dt>{one.title}</dt>
    {one.definition !== null && <dd>{one.definition}</dd>}
    <dd class='meta'>
      {[one.unit, one.polarity, one.frequency ?? '', one.status ?? '', one.reference === null ? '' : `reference ${one.reference}`, one.source === null ? '' : `source: ${one.source}`]
        .filter(part => part !== '').join(' · ')} · <code>{one.code}</code>
    </dd>
    {one.breaks.map(text => <dd class='meta' key={text}>{text}</dd>)}
    {one.note !== null && <dd class='meta'>Note: {one.note}</dd>}
  </div>
)

function Symbols ({ symbols }: { symbols: Mark[] }) {
  return (
    <>
      {symbols.length > 0 && (
        <table class='figures'>
          <caption>Marks used with figures</caption>
          <thead><tr><th scope='col'>Mark</th><th scope='col'>Meaning</th></tr></thead>
          <tbody>{symbols.map(({ mark, meaning }) => <tr key={mark}><th scope='row'>{mark}</th><td>{meaning}</td></tr>)}</tbody>
        </table>
      )}
      <p>
        A figure that is missing is said in words, never as 0. In charts a hollow point on a dashed line is not final, a dotted line is the
        target, and a gap in the line is a missing figure or a break in the series. The scale of a chart is its own and need not start at zero.
      </p>
      <p>“Printed” and “our reading” tell what the document says from how it was read. A result that is reported is the document’s own.</p>
      <p>
        Red (a cross in a square), amber (a triangle) and green (a tick in a disc) are worked out from the latest figure by the rule of the
        measure or the plan; without a rule a target that is met is green and one that is missed is red. Where there is no target, no figure, or
        no better side, nothing is judged. “Significantly” and “not significantly” say whether a difference is more than chance would make, by the
        95% confidence interval of the latest figure; where neither is said, that interval is not known.
      </p>
    </>
  )
}
