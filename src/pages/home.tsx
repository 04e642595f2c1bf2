// The front page: the public plans, where each can be read and in which form, and the way to the API.
import { wholePage } from './layout.js'

export interface HomePlan {
  code: string
  title: string
  edition: string | null
  owner: string
  area: string | null
  period: string | null
  status: string
  publications?: Array<{ label: string, date: string | null }>
}

export function renderHome (plans: HomePlan[]): string {
  return wholePage('Partnership plans', (
    <>
      <p>Priorities, outcomes, measures, actions and figures that partners agreed on, as live data.</p>
      <p><a href='/docs/reference'>API reference</a>, <a href='/openapi.json'>openapi.json</a></p>
      <h2>Plans</h2>
      {plans.length === 0 ? <p class='none'>There is no public plan yet.</p> : <ul class='plans'>{plans.map(plan => <Entry key={plan.code} plan={plan} />)}</ul>}
    </>
  ))
}

function Entry ({ plan }: { plan: HomePlan }) {
  const code = encodeURIComponent(plan.code)
  return (
    <li>
      <h3><a href={`/plans/${code}`}>{plan.title}</a></h3>
      {plan.edition !== null && <p>{plan.edition}</p>}
      <p class='meta'>{[plan.owner, plan.area ?? '', plan.period ?? '', plan.status].filter(part => part !== '').join(' · ')}</p>
      <ul class='links'>
        <li><a href={`/v1/plans/${code}/bundle`}>JSON<span class='hidden'> of {plan.title}</span></a></li>
        <li><a href={`/v1/plans/${code}/report?format=xlsx`}>Workbook (xlsx)<span class='hidden'> of {plan.title}</span></a></li>
        {(plan.publications ?? []).map(({ label, date }) => (
          <li key={label}><a href={`/plans/${code}?publication=${encodeURIComponent(label)}`}>{label}{date === null ? '' : `, ${date}`}</a></li>
        ))}
      </ul>
    </li>
  )
}
