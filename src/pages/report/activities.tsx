// Key activities in full: their leads, strategies, governance, actions and measures.
import type { ActionView } from '../../documents/report/report.js'
import { H } from '../layout.js'
import { actionTable, DueText, holdsLines } from './actions.js'
import { lineDetails, lineTable } from './lines.js'
import { eachOf, inFrame, slot } from './pieces.js'
import { partyText, Statements, UpdateParts } from './updates.js'

export const activities = (actions: ActionView[], level: number) => eachOf(actions, one => activity(one, level))

function * activity (action: ActionView, level: number): Iterable<string> {
  const name = `${action.ref === null ? '' : `${action.ref} `}${action.title}`
  yield * inFrame((
    <section class='block' id={action.main ? action.anchor : undefined}>
      <H level={level}>{action.ref === null ? '' : <span class='ref'>{action.ref} </span>}{action.title}</H>
      <dl class='facts'>
        <Fact term='Lead' words={action.leads.map(one => partyText(one, false))} none='no lead named' />
        <Fact term='With' words={action.others.map(one => partyText(one))} none='nobody else named' />
        <Fact term='Governance' words={action.governance.map(one => partyText(one, false))} none='not stated' />
        <Fact term='Strategies' words={action.strategies} none='none named' />
        {action.due !== null && <div><dt>Due</dt><dd><DueText due={action.due} /></dd></div>}
        {action.status !== 'not stated' && <div><dt>Status</dt><dd>{action.status}</dd></div>}
      </dl>
      {action.markers.length > 0 && <p>Printed in the plan: {action.markers.join('; ')}</p>}
      <Statements statements={action.statements} />
      <UpdateParts updates={action.updates} level={level + 1} />
      {slot}
      {action.note !== null && <p class='note'>Note: {action.note}</p>}
    </section>
  ), within(action, name, level + 1))
}

function * within ({ parts, lines }: ActionView, name: string, level: number): Iterable<string> {
  yield * actionTable({ actions: parts.filter(one => !holdsLines(one)), shown: 'Actions', caption: `of ${name}` })
  yield * activities(parts.filter(holdsLines), level)
  yield * lineTable({ lines, shown: 'Measures', caption: `of ${name}` })
  yield * lineDetails(lines, level, activities)
}

const Fact = ({ term, words, none }: { term: string, words: string[], none: string }) =>
  <div><dt>{term}</dt>{words.length === 0 ? <dd class='none'>{none}</dd> : words.map(one => <dd key={one}>{one}</dd>)}</div>
