// Actions as rows of a table, each with its parts below it.
import type { ActionView, DueView } from '../../documents/report/report.js'
import { Caption } from '../layout.js'
import { each, inFrame, slot } from './pieces.js'
import { leadsText, partyText, Statements, Unsaid, UpdateParts } from './updates.js'

export function DueText ({ due }: { due: DueView | null }) {
  if (due === null) return <span class='none'>no date</span>
  return <>{due.label}{due.inferred ? <span class='muted'> (date is our reading)</span> : ''}{due.overdue && <span class='overdue'> – overdue</span>}</>
}

interface Row { action: ActionView, depth: number }

/** An action and its parts, which stand below it with their own rows. */
function withParts (actions: ActionView[], depth = 0, rows: Row[] = []): Row[] {
  for (const action of actions) {
    rows.push({ action, depth })
    withParts(action.parts, depth + 1, rows)
  }
  return rows
}

interface Columns { refs: boolean, dues: boolean, statuses: boolean, leads: boolean }

interface TableProps { actions: ActionView[], shown?: string, caption: string }

export function * actionTable ({ actions, shown, caption }: TableProps): Iterable<string> {
  if (actions.length === 0) return
  const rows = withParts(actions)
  const some = (test: (action: ActionView) => boolean) => rows.some(({ action }) => test(action))
  const columns = {
    refs: some(one => one.ref !== null),
    dues: some(one => one.due !== null),
    statuses: some(one => one.status !== 'not stated'),
    leads: some(one => one.leads.length + one.others.length + one.governance.length > 0)
  }
  yield * inFrame((
    <>
      <table class={columns.refs ? 'stacking facts-table with-ref' : 'stacking facts-table'} role='table'>
        <Caption shown={shown} rest={caption} />
        <thead role='rowgroup'>
          <tr role='row'>
            {columns.refs && <th scope='col' role='columnheader' class='c-ref'>Ref</th>}
            <th scope='col' role='columnheader'>Action</th>
            {columns.dues && <th scope='col' role='columnheader' class='c-due'>Due</th>}
            {columns.statuses && <th scope='col' role='columnheader' class='c-status'>Status</th>}
            {columns.leads && <th scope='col' role='columnheader' class='c-lead'>Lead</th>}
          </tr>
        </thead>
        <tbody role='rowgroup'>{slot}</tbody>
      </table>
      <Unsaid of='actions' what={[columns.dues ? '' : 'dates', columns.statuses ? '' : 'status', columns.leads ? '' : 'leads']} />
    </>
  ), each(rows, ({ action, depth }) => <ActionRow action={action} depth={depth} columns={columns} />))
}

function ActionRow ({ action, depth, columns }: { action: ActionView, depth: number, columns: Columns }) {
  return (
    <tr role='row' id={action.main ? action.anchor : undefined}>
      {columns.refs && <td role='cell' class='c-ref ref'>{action.ref ?? <span class='none'>none</span>}</td>}
      <th scope='row' role='rowheader'>
        {depth > 0 && <span class='muted'>part: </span>}{action.title}
        {action.heading !== null && <p class='meta'>{action.heading}</p>}
        {action.kind !== 'Action' && <p class='meta'>{action.kind}</p>}
        {action.markers.length > 0 && <p class='meta'>Printed in the plan: {action.markers.join('; ')}</p>}
        {action.note !== null && <p class='meta'>Note: {action.note}</p>}
        {action.main && <Statements statements={action.statements} />}
        {action.main && <UpdateParts updates={action.updates} level={0} />}
      </th>
      {columns.dues && <td role='cell' data-label='Due'><div><DueText due={action.due} /></div></td>}
      {columns.statuses && <td role='cell' data-label='Status'>{action.status}</td>}
      {columns.leads && <td role='cell' data-label='Lead'><Leads action={action} /></td>}
    </tr>
  )
}

function Leads ({ action: { leads, others, governance } }: { action: ActionView }) {
  const more = [...others, ...governance]
  return (
    <div>
      {leads.length === 0 ? <span class='none'>no lead named</span> : leadsText(leads)}
      {more.length > 0 && <p class='meta'>With {more.map(one => partyText(one)).join(', ')}</p>}
    </div>
  )
}

/** Has lines of its own, which no row of a table could hold. */
export const holdsLines = ({ lines, parts }: ActionView): boolean => lines.length > 0 || parts.some(holdsLines)
