// The plan document as a page that a board reads. It comes in pieces: the head needs the plan alone, so it is on its way
// before the bundle is read.
import { longDate } from '../../documents/report/dates.js'
import type { Version } from '../../documents/report/read.js'
import type { Count, ExceptionGroup, Heading, OutcomeView, PriorityView, Report } from '../../documents/report/report.js'
import { closeMain, closePage, Footer, html, Masthead, openMain, openPage } from '../layout.js'
import { actionTable, DueText } from './actions.js'
import { activities } from './activities.js'
import { lineDetails, lineTable } from './lines.js'
import { partsOf, type Part } from './parts.js'
import { eachOf, gathered, inFrame, slot } from './pieces.js'
import { AlsoList, Statements, UpdateParts } from './updates.js'

export function renderStart (heading: Heading, versions: Version[] = []): string {
  const { title, edition, owner, area, period, status, live, about, asAt, note } = heading
  return openPage(title, (
    <Masthead>
      <h1>{title}</h1>
      {edition !== null && <p class='edition'>{edition}</p>}
      <dl class='facts'>
        <div><dt>Owner</dt><dd>{owner}</dd></div>
        <div><dt>Area</dt><dd>{area ?? 'not stated'}</dd></div>
        <div><dt>Period</dt><dd>{period ?? 'not stated'}</dd></div>
        <div><dt>Status</dt><dd>{status}{live ? ', kept up to date by partners' : ''}</dd></div>
      </dl>
      <div class='as-at'>
        <p>{asAt}</p>
        {about.kind === 'publication' && about.note !== null && <p>{about.note}</p>}
        {about.kind === 'publication' && <Digest digest={about.digest} />}
      </div>
      <Versions heading={heading} versions={versions} />
      {note !== null && <p class='note'>Note: {note}</p>}
    </Masthead>
  ))
}

/** The way from any version to the live plan and to the others. */
function Versions ({ heading: { plan, about }, versions }: { heading: Heading, versions: Version[] }) {
  const here = about.kind === 'publication' ? about.label : null
  const address = `/plans/${encodeURIComponent(plan)}`
  const others = versions.filter(({ label }) => label !== here)
  if (here === null && others.length === 0) return null
  return (
    <ul class='links'>
      {here !== null && <li><a href={address}>The live plan</a></li>}
      {others.map(({ label, date }) => <li key={label}><a href={`${address}?publication=${encodeURIComponent(label)}`}>{label}, {longDate(date)}</a></li>)}
    </ul>
  )
}

/** Short to compare by eye, whole to check by machine. */
const Digest = ({ digest }: { digest: string }) => (
  <p>
    Digest <abbr title={digest}>{digest.slice(0, 12)}</abbr>: what was published is frozen and can be checked against it.
    <span class='whole-digest'> In full: <code>{digest}</code></span>
  </p>
)

/** Made as it is asked for, piece by piece, none of them large. */
export const renderRest = (report: Report): Iterable<string> => gathered(piecesOf(report))

function * piecesOf (report: Report): Iterable<string> {
  const parts = partsOf(report)
  const serving = report.actions.length + report.activities.length > 0
  yield html(<Contents report={report} parts={parts} serving={serving} />) + openMain
  yield html(<Glance counts={report.counts} />)
  if (report.exceptions.length > 0) yield html(<Attention groups={report.exceptions} />)
  for (const priority of report.priorities) yield * piecesOfPriority(priority)
  if (serving) {
    yield '<section>' + html(<h2 id='part:actions'>Actions for the plan as a whole</h2>)
    yield * activities(report.activities, 3)
    yield * actionTable({ actions: report.actions, caption: 'Actions that serve the plan as a whole' })
    yield '</section>'
  }
  for (const { anchor, title, body } of parts) yield * inFrame(<section><h2 id={anchor}>{title}</h2>{slot}</section>, body)
  yield closeMain + closePage(<Links report={report} />)
}

const named = (what: string, { ref, title }: { ref: string | null, title: string }) => `${what}${ref === null ? '' : ` ${ref}`}: ${title}`

const outcomeName = (outcome: OutcomeView) => outcome.ref === null ? outcome.title : `${outcome.ref} ${outcome.title}`

function Contents ({ report, parts, serving }: { report: Report, parts: Part[], serving: boolean }) {
  return (
    <nav class='page contents' aria-labelledby='part:contents'>
      <h2 id='part:contents'>Contents</h2>
      <ul>
        <li><a href='#part:glance'>At a glance</a></li>
        {report.exceptions.length > 0 && <li><a href='#part:attention'>Needs attention</a></li>}
        {report.priorities.map(one => (
          <li key={one.code}>
            <a href={`#${one.anchor}`}>{named('Priority', one)}</a>
            {one.outcomes.length > 0 && <ul>{one.outcomes.map(outcome => <li key={outcome.code}><a href={`#${outcome.anchor}`}>{outcomeName(outcome)}</a></li>)}</ul>}
          </li>
        ))}
        {serving && <li><a href='#part:actions'>Actions for the plan as a whole</a></li>}
        {parts.map(({ anchor, title }) => <li key={anchor}><a href={`#${anchor}`}>{title}</a></li>)}
      </ul>
    </nav>
  )
}

function Glance ({ counts }: { counts: Count[] }) {
  return (
    <section>
      <h2 id='part:glance'>At a glance</h2>
      <dl class='counts'>{counts.map(({ key, label, count }) => <div key={key}><dt>{label}</dt><dd>{count}</dd></div>)}</dl>
    </section>
  )
}

const shownAtOnce = 8

function Attention ({ groups }: { groups: ExceptionGroup[] }) {
  return (
    <section>
      <h2 id='part:attention'>Needs attention</h2>
      {groups.map(({ key, title, items }) => (
        <div key={key} class='attention'>
          <h3>{title} ({items.length})</h3>
          <Exceptions items={items.slice(0, shownAtOnce)} />
          {items.length > shownAtOnce && (
            <details><summary>{items.length - shownAtOnce} more</summary><Exceptions items={items.slice(shownAtOnce)} /></details>
          )}
        </div>
      ))}
    </section>
  )
}

const Exceptions = ({ items }: { items: ExceptionGroup['items'] }) => (
  <ul>
    {items.map(({ text, place, anchor, why }) => (
      <li key={anchor}>
        {place !== '' && <span class='muted'>{place} </span>}
        <span><a href={`#${anchor}`}>{text}</a>{why !== null && <span class='why'>{why}</span>}</span>
      </li>
    ))}
  </ul>
)

function * piecesOfPriority (priority: PriorityView): Iterable<string> {
  const { outcomes, lines, actions, also, note } = priority
  yield '<section>' + html((
    <>
      <h2 id={priority.anchor}>{named('Priority', priority)}</h2>
      {priority.rationale !== null && <p>{priority.rationale}</p>}
      <Statements statements={priority.statements} />
      <UpdateParts updates={priority.updates} level={3} />
    </>
  ))
  if (outcomes.every(isBare)) yield html(<BareOutcomes outcomes={outcomes} />)
  else yield * eachOf(outcomes, piecesOfOutcome)
  if (lines.length > 0) yield html(<h3>Measures</h3>)
  yield * lineTable({ lines, caption: named('Measures of priority', priority) })
  yield * lineDetails(lines, 4, activities)
  if (priority.activities.length > 0) yield html(<h3>Key activities</h3>)
  yield * activities(priority.activities, 4)
  if (actions.length > 0) yield html(<h3>Actions</h3>)
  yield * actionTable({ actions, caption: named('Actions for priority', priority) })
  yield html(<><AlsoList also={also} what='Also for this priority, shown under another' />{note !== null && <p class='note'>Note: {note}</p>}</>)
  yield '</section>'
}

/** Nothing hangs on it: a plan may state outcomes and measure something else. */
const isBare = ({ lines, activities, actions, also, statements, updates, due, note }: OutcomeView) => due === null && note === null &&
  [lines, activities, actions, also, statements, updates.newest, updates.older].every(list => list.length === 0)

function BareOutcomes ({ outcomes }: { outcomes: OutcomeView[] }) {
  if (outcomes.length === 0) return null
  return <><h3>Outcomes</h3><ul>{outcomes.map(one => <li key={one.code} id={one.anchor}>{outcomeName(one)}</li>)}</ul></>
}

function * piecesOfOutcome (outcome: OutcomeView): Iterable<string> {
  const { anchor, due, lines, actions, also, note } = outcome
  const name = outcomeName(outcome)
  yield '<section>' + html(<><h3 id={anchor}>{name}</h3>{due !== null && <p>Due: <DueText due={due} /></p>}</>)
  yield * lineTable({ lines, caption: `Measures of ${name}` })
  yield html(<><Statements statements={outcome.statements} /><UpdateParts updates={outcome.updates} level={4} /></>)
  yield * lineDetails(lines, 4, activities)
  yield * activities(outcome.activities, 4)
  yield * actionTable({ actions, shown: 'Actions', caption: `for ${name}` })
  yield html(<><AlsoList also={also} what='Also for this outcome, shown under another' />{note !== null && <p class='note'>Note: {note}</p>}</>)
  yield '</section>'
}

function Links ({ report: { links, heading } }: { report: Report }) {
  return (
    <Footer>
      <p>{heading.title}. {heading.asAt}.</p>
      <ul class='links'>
        <li><a href={links.bundle}>The whole plan as JSON</a></li>
        <li><a href={links.datapoints}>Its figures as CSV</a></li>
        <li><a href={links.workbook}>This document as a workbook (xlsx)</a></li>
        <li><a href='/'>All plans</a></li>
        <li><a href='/docs'>Guides</a></li>
      </ul>
    </Footer>
  )
}
