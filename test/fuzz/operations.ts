// The addresses of the document whose things the fuzzer keeps account of: those with a code of their own at the end.
import { namesIn } from '../contract/operations.js'

const inPlan: Record<string, string> = { priorities: 'priority', outcomes: 'outcome', measures: 'plan_measure', actions: 'action', statements: 'statement', reviews: 'review', updates: 'update', publications: 'label' }

/** The address as the document has it, of one thing. */
export function templateOf (path: string): string {
  const [, , first, , second, third] = path.split('/')
  if (second === undefined) return `/v1/${first!}/{${({ organisations: 'organisation', areas: 'area', measures: 'measure', plans: 'plan', clients: 'client' } as Record<string, string>)[first!]!}}`
  if (third === undefined) throw new Error(`${path} is a list.`)
  return first === 'plans' ? `/v1/plans/{plan}/${second}/{${inPlan[second]!}}` : '/v1/measures/{measure}/targets/{target}'
}

/** Of a list, where what it lists is kept account of. */
export const itemOf: Record<string, string> = {
  '/v1/organisations': '/v1/organisations/{organisation}',
  '/v1/areas': '/v1/areas/{area}',
  '/v1/measures': '/v1/measures/{measure}',
  '/v1/plans': '/v1/plans/{plan}',
  '/v1/clients': '/v1/clients/{client}',
  '/v1/measures/{measure}/targets': '/v1/measures/{measure}/targets/{target}',
  ...Object.fromEntries(Object.entries(inPlan).map(([segment, name]) => [`/v1/plans/{plan}/${segment}`, `/v1/plans/{plan}/${segment}/{${name}}`]))
}

export const accounted = new Set(Object.values(itemOf))

/** Where a member of this name refers to, of a body or a query at this address. */
export function referred (name: string, template: string): string | undefined {
  if (name === 'parent') return accounted.has(template) ? template : undefined
  const found = references[name]
  return found === undefined || accounted.has(found) ? found : undefined
}

const sections = Object.fromEntries(Object.entries(inPlan).flatMap(([segment, name]) => [name, name === 'plan_measure' ? 'plan_measures' : segment].map(word => [word, `/v1/plans/{plan}/${segment}/{${name}}`])))

const references: Record<string, string> = {
  ...sections,
  ...Object.fromEntries(['organisation', 'owner', 'steward', 'data_provider', 'provider', 'successor'].map(name => [name, '/v1/organisations/{organisation}'])),
  ...Object.fromEntries(['area', 'comparator', 'comparators', 'against', 'within'].map(name => [name, '/v1/areas/{area}'])),
  ...Object.fromEntries(['measure', 'supporting_measures', 'supporting'].map(name => [name, '/v1/measures/{measure}'])),
  ...Object.fromEntries(['plan', 'predecessor'].map(name => [name, '/v1/plans/{plan}'])),
  target: '/v1/measures/{measure}/targets/{target}',
  client: '/v1/clients/{client}',
  publication: '/v1/plans/{plan}/publications/{label}',
  from: '/v1/plans/{plan}/publications/{label}'
}

export const isList = (path: string) => itemOf[path] !== undefined
export const lastName = (path: string) => namesIn(path).at(-1)
