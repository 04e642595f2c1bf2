// The front page: the plans that the reader may see, where each can be read and in which form, and the way to the API.
import { longDate } from '../documents/report/dates.js'
import type { ListedPlan } from '../documents/plan_list.js'
import { wholePage } from './layout.js'

export function renderHome (plans: ListedPlan[]): string {
  return wholePage('Partnership plans', (
    <>
      <p>Priorities, outcomes, measures, actions and figures that partners agreed on, as live data.</p>
      <ul class='links'>
        <li><a href='/docs/analysts'>For analysts</a></li>
        <li><a href='/docs/partners'>For partners</a></li>
        <li><a href='/docs/developers'>For developers</a></li>
        <li><a href='/docs'>All guides</a></li>
        <li><a href='/docs/reference'>API reference</a></li>
        <li><a href='/openapi.json'>openapi.json</a></li>
      </ul>
      <h2>Plans</h2>
      {plans.length === 0 ? <p class='none'>There is no plan to read yet.</p> : <ul class='plans'>{plans.map(plan => <Entry key={plan.plan} plan={plan} />)}</ul>}
    </>
  ))
}

function Entry ({ plan }: { plan: ListedPlan }) {
  const code = encodeURIComponent(plan.plan)
  return (
    <li>
      <h3><a href={`/plans/${code}`}>{plan.title}</a></h3>
      {plan.edition !== null && <p>{plan.edition}</p>}
      <p class='meta'>{[plan.owner, plan.area ?? '', plan.period ?? '', plan.status].filter(part => part !== '').join(' · ')}</p>
      <ul class='links'>
        <li><a href={`/v1/plans/${code}/bundle`}>JSON<span class='hidden'> of {plan.title}</span></a></li>
        <li><a href={`/v1/plans/${code}/report?format=xlsx`}>Workbook (xlsx)<span class='hidden'> of {plan.title}</span></a></li>
        {plan.versions.map(({ label, date }) => (
          <li key={label}><a href={`/plans/${code}?publication=${encodeURIComponent(label)}`}>{label}, {longDate(date)}</a></li>
        ))}
      </ul>
    </li>
  )
}
