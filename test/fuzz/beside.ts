// What stands beside the operations of /v1: the OData feed, the pages, and keys that were made or revoked on the way.
import type { Answer } from '../support/client.js'
import type { Dice } from '../support/random.js'
import { hiddenFrom, type Actor } from './actors.js'
import type { Held } from './held.js'
import type { strangeOf } from './strange.js'
import type { Sent, Wire } from './wire.js'

const sets = ['', '$metadata', 'Datapoints', 'Series', 'Measures', 'Areas', 'Organisations', 'Plans', 'Priorities', 'Outcomes', 'PlanMeasures', 'Actions', 'Updates', 'Targets', 'ScorecardLines', 'Nothing']
const options: Record<string, string[]> = {
  $filter: ["title eq 'x'", "contains(title,'a')", 'value gt 1', 'value gt', "measure eq 'open' and not deleted", "code in ('a','b')"],
  $select: ['id', 'code,title', 'nothing', '*'],
  $orderby: ['code', 'title desc', 'nothing', 'value asc,code'],
  $top: ['1', '0', '-1', '99999999999', 'x'],
  $skip: ['1', '-1', '99999999999'],
  $count: ['true', 'false', 'x'],
  $skiptoken: ['x', ''],
  $format: ['json', 'application/json;odata.metadata=full', 'xml'],
  $expand: ['x'],
  $apply: ['aggregate(value)']
}
const pages = ['/', '/plans/open', '/plans/{plan}', '/plans/{plan}?publication=l1', '/plans/{odd}', '/docs', '/docs/{odd}', '/docs/access', '/problems/not_found', '/problems/{odd}', '/health/live', '/health/ready', '/openapi.yaml', '/.well-known/api-catalog', '/{odd}', '/v1/{odd}', '/v1/plans/open/{odd}']

interface Sources { dice: Dice, held: Held, strange: ReturnType<typeof strangeOf>, actors: Actor[] }

export interface Beside { sent: Sent, answer: Answer, wrong: string | undefined }

export function besideOf ({ dice, held, strange, actors }: Sources) {
  function odata (): string {
    const chosen = Object.keys(options).filter(() => dice.once(4))
    const query = chosen.map(name => `${dice.once(30) ? strange.queried() : name}=${dice.once(5) ? strange.queried() : encodeURIComponent(dice.pick(options[name]!))}`)
    return `/odata/v1/${dice.pick(sets)}${dice.pick(['', '', '', '/$count', `('${strange.segment()}')`])}${query.length > 0 ? `?${query.join('&')}` : ''}`
  }

  const page = () => dice.pick(pages).replace('{odd}', () => strange.segment()).replace('{plan}', () => held.pick(dice, '/v1/plans/{plan}')?.path.split('/').at(-1) ?? 'none')

  async function read (wire: Wire, url: string): Promise<Beside> {
    const actor = dice.pick(actors)
    const sent = { method: dice.once(30) ? dice.pick(['POST', 'PUT', 'OPTIONS', 'HEAD', 'DELETE', 'PATCH']) : 'GET', url, headers: { ...actor.headers, ...(dice.once(15) && strange.headers()) } }
    const answer = await wire(sent)
    const himself = sent.headers.authorization === actor.headers.authorization
    const seen = himself ? hiddenFrom(actor).find(word => answer.text.toLowerCase().includes(word) && !url.includes(word)) : undefined
    const wrong = answer.status >= 500 && answer.status !== 501
      ? `it answered ${answer.status}`
      : url.startsWith('/odata/') && answer.status >= 400 && answer.text !== '' && typeof answer.body?.error?.code !== 'string' && answer.body?.type === undefined
        ? 'it is no error as OData has them'
        : seen === undefined ? undefined : `${actor.name} reads ${seen}`
    return { sent, answer, wrong }
  }

  /** A key works from when it is made until it is revoked, or its client gone. */
  async function keyed (wire: Wire): Promise<Beside> {
    const { key, live } = dice.pick(held.keys)
    const sent = { method: 'GET', url: '/v1/me', headers: { authorization: `Bearer ${key}` } }
    const answer = await wire(sent)
    return { sent, answer, wrong: answer.status !== (live ? 200 : 401) ? `a key that is ${live ? 'live' : 'revoked'} is answered ${answer.status}` : undefined }
  }

  return (wire: Wire): Promise<Beside> => held.keys.length > 0 && dice.once(10) ? keyed(wire) : read(wire, dice.once(3) ? page() : odata())
}
