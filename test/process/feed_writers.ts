// Sixteen writers of every role who write all sorts of things at once, each request under an id of its own, and what each was told
// came of it: the journal must have exactly that.
import { type Dice } from '../support/random.js'
import type { Service } from '../support/process.js'

export const councils = { council: 'council', partner: 'ccg', elsewhere: 'elsewhere' }
export const areas = ['a1', 'a2', 'a3']

/** How many lines the journal must have of a request: at least and at most; and whether they are about something private. */
export interface Said { least: number, most: number, hidden: boolean }
export type Told = Map<string, Said>

interface Act { method: string, path: string, body?: unknown, type?: string, hidden?: boolean, lines?: (answer: any) => number | undefined }

export interface Desk { name: string, key: string, services: Service[], chance: Dice, told: Told, restricted: Set<string>, refused: string[] }

const one = () => 1
const refusal = () => 0
const ofDelivery = ({ counts }: any) => Math.min(1, counts.created + counts.updated + counts.deleted as number)

/** Of the private measure, which a partner does not see. */
const takesHidden = ({ name, chance }: Desk) => !name.startsWith('contributor') && chance.once(2)

const figure = (desk: Desk, n: number): Act => {
  const measure = takesHidden(desk) ? 'hidden' : 'open'
  const path = `/v1/measures/${measure}/datapoints/${desk.chance.pick(areas)}/FY${2000 + desk.chance.roll(20)}`
  if (desk.chance.once(6)) return { method: 'DELETE', path, hidden: measure === 'hidden' }
  return { method: 'PUT', path, body: { value: n, note: desk.name, ...(desk.chance.once(3) && { reason: `Reason ${n}` }) }, hidden: measure === 'hidden', lines: one }
}

const delivery = (desk: Desk, n: number): Act => {
  const hidden = takesHidden(desk)
  const rows = Array.from({ length: 1 + desk.chance.roll(30) }, (_, i) => ({ measure: hidden ? 'hidden' : 'open', area: areas[i % 3], period: `CY${1950 + i}`, value: n * 100 + i }))
  const send = { method: 'POST', path: '/v1/datapoint-imports', hidden, lines: ofDelivery }
  if (desk.chance.once(2)) return { ...send, body: { datapoints: rows } }
  return { ...send, type: 'text/csv', body: `measure,area,period,value\n${rows.map(row => Object.values(row).join(',')).join('\n')}` }
}

const area = ({ name }: Desk, n: number): Act => ({ method: 'PUT', path: `/v1/areas/${name}-${n}`, body: { title: `Area ${n}`, kind: 'other' }, lines: one })
const measure = ({ name }: Desk, n: number): Act =>
  ({ method: 'PUT', path: `/v1/measures/hidden-${name}-${n}`, body: { title: 'Of the council', unit: 'count', visibility: 'private', steward: councils.council }, hidden: true, lines: one })
const outcome = ({ name, chance }: Desk, n: number): Act => {
  const plan = chance.pick(['plan-open', 'hidden-plan'])
  return { method: 'PUT', path: `/v1/plans/${plan}/outcomes/${name}-${n}`, body: { title: `Outcome ${n}`, priority: '1' }, hidden: plan === 'hidden-plan', lines: one }
}
const bundle = ({ name }: Desk, n: number): Act => ({
  method: 'PUT',
  path: `/v1/plans/plan-${name}-${n}/bundle`,
  body: {
    format: 'outturn-bundle/1',
    plan: { code: `plan-${name}-${n}`, title: 'Made', owner: councils.council, area: 'a1', period: 'FY2017', visibility: 'public' },
    priorities: [{ code: '1', title: 'First' }, { code: '2', title: 'Second' }]
  }
})
const publication = ({ name }: Desk, n: number): Act =>
  ({ method: 'POST', path: '/v1/plans/plan-open/publications', body: { label: `${name}-${n}` }, lines: one })
const update = ({ chance }: Desk, n: number): Act =>
  ({ method: 'POST', path: '/v1/plans/plan-open/updates', body: { text: `Update ${n}`, plan_measures: ['line'], sensitivity: chance.pick(['public', 'partners', 'restricted']) }, lines: one })
const key = ({ name }: Desk): Act => ({ method: 'POST', path: `/v1/clients/${name}/keys`, body: { kind: 'feed' }, hidden: true, lines: one })
const refused = ({ name }: Desk, n: number): Act => ({ method: 'PUT', path: `/v1/areas/${name}-${n}`, body: { title: '', kind: 'other' }, lines: refusal })

const ways: Record<string, Array<(desk: Desk, n: number) => Act>> = {
  admin: [figure, figure, delivery, area, measure, outcome, bundle, publication, key, refused],
  editor: [figure, figure, delivery, area, measure, outcome, bundle, refused],
  publisher: [figure, delivery, outcome, publication, area],
  contributor: [figure, figure, delivery, update, update]
}

export const roles = Object.keys(ways)

/** Writes so many things one after the other, and notes what it was told. */
export async function work (desk: Desk, role: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const { method, path, body, type = 'application/json', hidden = false, lines } = desk.chance.pick(ways[role]!)(desk, n)
    const id = `${desk.name}.write-${n}`
    const response = await fetch(desk.chance.pick(desk.services).url + path, {
      method,
      headers: { authorization: `Bearer ${desk.key}`, 'x-request-id': id, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    const answer = text === '' ? undefined : JSON.parse(text)
    const expected = response.status === 409 || lines === refusal
    if (response.status >= 400 && !expected) desk.refused.push(`${id} ${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
    const wrote = response.ok ? lines?.(answer) : 0
    desk.told.set(id, { least: wrote ?? (method === 'DELETE' ? 0 : 1), most: wrote ?? (method === 'DELETE' ? 1 : 100), hidden })
    if (answer?.sensitivity === 'restricted') desk.restricted.add(response.headers.get('location')!)
  }
}
