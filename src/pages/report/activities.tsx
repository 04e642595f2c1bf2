// Key activities in full: their leads, strategies, governance, actions and measures.
import type { ActionView } from '../../documents/report/report.js'
import { H } from '../layout.js'
import { ActionTable, DueText } from './actions.js'
import { LineDetails, LineTable } from './lines.js'
import { partyText, Statements, UpdateParts } from './updates.js'

export function Activity ({ action, level }: { action: ActionView, level: number }) {
  const name = `${action.ref === null ? '' : `${action.ref} `}${action.title}`
  return (
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
      {action.parts.length > 0 && <ActionTable actions={action.parts} shown='Actions' caption={`of ${name}`} />}
      {action.lines.length > 0 && <LineTable lines={action.lines} shown='Measures' caption={`of ${name}`} />}
      <LineDetails lines={action.lines} level={level + 1} />
      {action.note !== null && <p class='note'>Note: {action.note}</p>}
    </section>
  )
}

const Fact = ({ term, words, none }: { term: string, words: string[], none: string }) =>
  <div><dt>{term}</dt>{words.length === 0 ? <dd class='none'>{none}</dd> : words.map(one => <dd key={one}>{one}</dd>)}</div>
