// What must hold of every answer, whatever was asked. The rules are those of RESTler (nothing is used after it is gone, a refused request
// leaves nothing, a child belongs to its parent, nobody reads what is another's), and that the document knows each answer.
import type { Answer } from '../support/client.js'
import { hiddenFrom } from './actors.js'
import { keyOf, type Held } from './held.js'
import { accounted, isList, itemOf } from './operations.js'
import type { Asked } from './requests.js'

const items = ({ body }: Answer): Array<Record<string, string>> => Array.isArray(body?.items) ? body.items : []

const codeOf = (item: Record<string, string>) => item.label ?? item.code

/** The list is whole: nothing narrows it, and it has no other page. */
const whole = ({ url }: Asked, { body }: Answer) => !url.includes('?') && body.next_cursor === null

type Rule = (asked: Asked, answer: Answer, held: Held) => string | undefined

const rules: Record<string, Rule> = {
  'never fails': (_, { status }) => status >= 500 ? `it answered ${status}` : undefined,

  'shows nothing that is another\'s': ({ actor, url, body }, { text, headers }) => {
    const asked = `${url}${body?.toString() ?? ''}`.toLowerCase()
    const said = `${text}${JSON.stringify(headers)}`.toLowerCase()
    return hiddenFrom(actor).filter(word => said.includes(word) && !asked.includes(word)).map(word => `${actor.name} reads ${word}`)[0]
  },

  'answers only for what is there': ({ operation, method, path }, { status }, held) =>
    accounted.has(operation.path) && ['GET', 'PATCH', 'DELETE'].includes(method) && status < 400 && held.at(path) === undefined ? 'nothing is there' : undefined,

  'finds what is there': ({ operation, method, path, actor, plain }, { status }, held) =>
    accounted.has(operation.path) && method === 'GET' && plain && actor.role === 'admin' && status >= 400 && held.at(path) !== undefined ? 'it is there' : undefined,

  'keeps what it refused to change': ({ operation, path, actor }, { status, etag }, held) => {
    const known = held.at(path)
    return operation.method === 'GET' && accounted.has(operation.path) && status === 200 && actor.role === 'admin' && known !== undefined && known.etag !== '' && known.etag !== etag ? `its ETag was ${known.etag} and is ${etag}` : undefined
  },

  'lists only what is there': ({ operation, path }, answer, held) => {
    if (operation.method !== 'GET' || !isList(operation.path) || answer.status !== 200) return undefined
    return items(answer).filter(item => held.at(`${path}/${codeOf(item)!}`) === undefined).map(item => `${codeOf(item)!} is listed`)[0]
  },

  'lists all that is there': (asked, answer, held) => {
    const { operation, path, actor } = asked
    if (operation.method !== 'GET' || !isList(operation.path) || answer.status !== 200 || actor.role !== 'admin' || !whole(asked, answer)) return undefined
    const there = items(answer).map(item => keyOf(`${path}/${codeOf(item)!}`)).sort().join(' ')
    const known = held.in(itemOf[operation.path]!, path).join(' ')
    return there === known ? undefined : `listed are ${there}, made were ${known}`
  },

  'shows a delivery to those who sent it': ({ operation, actor, url }, { status }, held) => {
    const delivery = held.deliveries.find(({ id }) => url.includes(id))
    return operation.path.startsWith('/v1/datapoint-imports/{id}') && status < 300 && actor.role !== 'admin' && delivery !== undefined && delivery.by !== actor ? `${actor.name} sees a delivery of ${delivery.by.name}` : undefined
  }
}

/** Which rules the answer breaks, and how. */
export const broken = (asked: Asked, answer: Answer, held: Held): string[] =>
  Object.entries(rules).flatMap(([name, rule]) => {
    const fault = rule(asked, answer, held)
    return fault === undefined ? [] : [`${name}: ${fault}`]
  })
