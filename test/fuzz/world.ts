// What is there before the first request: organisations, areas, a measure and a plan for everyone, and the keeper's, which are hidden.
import type { Wire } from './wire.js'
import { hiddenCode, keeper, openPlan, restricted, restrictedUpdate, secret, type Actor } from './actors.js'
import { templateOf } from './operations.js'
import type { Held } from './held.js'

const dimensions = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Girls' }, { code: 'm', title: 'Boys' }] }]

const contents: Array<[path: string, body: Record<string, unknown>]> = [
  ['/v1/areas/E92000001', { title: 'England', kind: 'nation' }],
  ['/v1/areas/E06000018', { title: 'Nottingham', kind: 'unitary', parent: 'E92000001' }],
  ['/v1/areas/ward', { title: 'A ward', kind: 'ward', parent: 'E06000018' }],
  ['/v1/measures/open', { title: 'Open', unit: 'count', visibility: 'public', steward: 'council', frequency: 'annual', year_kind: 'financial', dimensions }],
  ['/v1/measures/small', { title: 'Small', unit: 'count', visibility: 'public', steward: 'council', disclosure: { rule: 'suppress', suppress_from: 1, suppress_to: 7, round_to: 5 } }],
  [openPlan, { title: 'Open', owner: 'council', area: 'E06000018', period: 'FY2015', visibility: 'public' }],
  [`${openPlan}/priorities/p1`, { title: 'A priority' }],
  [`${openPlan}/outcomes/o1`, { title: 'An outcome', priority: 'p1' }],
  [`${openPlan}/measures/line-1`, { measure: 'open', outcome: 'o1', organisations: [{ organisation: 'council', role: 'lead' }] }],
  [`${openPlan}/actions/a1`, { title: 'An action', organisations: [{ organisation: 'elsewhere', role: 'delivery' }] }],
  [`${openPlan}/statements/s1`, { kind: 'aim', text: 'A statement' }],
  [`${openPlan}/reviews/r1`, { kind: 'annual' }],
  ['/v1/clients/c1', { title: 'A client', role: 'reader', organisation: 'council' }],
  [restrictedUpdate, { text: restricted, sensitivity: 'restricted', plan_measures: ['line-1'] }],
  ['/v1/measures/open/targets/t1', { kind: 'absolute', plan: 'open', value: 12, operator: 'at_least', period: 'FY2016' }],
  [`/v1/measures/${hiddenCode}-m`, { title: secret, unit: 'count', visibility: 'private', steward: keeper, note: secret }],
  [`/v1/plans/${hiddenCode}-p`, { title: secret, owner: keeper, area: 'E06000018', period: 'FY2015', visibility: 'private', note: secret }],
  [`/v1/plans/${hiddenCode}-p/priorities/p1`, { title: secret }],
  [`/v1/plans/${hiddenCode}-p/measures/line-1`, { measure: `${hiddenCode}-m`, title: secret, priorities: [{ priority: 'p1', relation: 'primary' }] }],
  [`/v1/plans/${hiddenCode}-p/updates/u1`, { text: secret, plan_measures: ['line-1'], sensitivity: 'public' }],
  [`/v1/measures/${hiddenCode}-m/targets/t1`, { kind: 'absolute', plan: 'open', value: 12, operator: 'at_least', period: 'FY2016', note: secret }],
  [`${openPlan}/measures/${hiddenCode}-line`, { measure: `${hiddenCode}-m`, outcome: 'o1' }],
  [`/v1/measures/${hiddenCode}-m/datapoints/E06000018/FY2015`, { value: 41, note: secret }],
  ['/v1/measures/open/datapoints/E06000018/FY2015', { value: 17.2, status: 'provisional' }]
]

export async function furnish (wire: Wire, admin: Actor, held: Held): Promise<void> {
  for (const [url, body] of contents) {
    const answer = await wire({ method: 'PUT', url, headers: { ...admin.headers, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    if (answer.status !== 201) throw new Error(`${url}: ${answer.text}`)
    if (url.includes('/datapoints/')) held.note(held.figures, url)
    else held.learn(templateOf(url), url, answer.etag)
  }
  for (const code of ['council', 'elsewhere', keeper]) held.learn(templateOf('/v1/organisations/x'), `/v1/organisations/${code}`, '"1"')
}
