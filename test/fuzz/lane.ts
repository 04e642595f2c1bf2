// One lane: an app on a database of its own, one request after the other, so that the same seed asks the same again.
import type { Test } from 'tap'
import { start } from '../support/app.js'
import { checker, checkProblem, type Answer } from '../support/client.js'
import { dice } from '../support/random.js'
import { openapiOf, operationsOf, type Operation } from '../contract/operations.js'
import { actorsOf, type Actor } from './actors.js'
import { Held } from './held.js'
import { learn } from './learn.js'
import { itemOf } from './operations.js'
import { besideOf } from './beside.js'
import { requestsOf, type Asked } from './requests.js'
import { broken } from './rules.js'
import { strangeOf } from './strange.js'
import { valuesOf } from './values.js'
import { curl, wireTo, type Sent } from './wire.js'
import { furnish } from './world.js'

export interface Found { at: number, wrong: string, asked: string, answered: string, before: string[] }

/** The document is the same for all lanes, and takes its time to compile. */
let known: ReturnType<typeof checker> | undefined

export interface Result { found: Found[], tally: Map<string, Map<number, number>>, operations: Operation[] }

/** So many requests are told of before the one that went wrong. */
const told = 12
/** These read or write whole plans, and take as long as a dozen others. */
const costly = new Set(['getTree', 'getReport', 'createPublication', 'getScorecard', 'getReturnTemplate', 'getReturnSummary', 'listReturns', 'comparePublications'])
/** One in so many requests goes to what stands beside the document: the feed, the pages, the key of a client. */
const beside = 20
/** Every so many requests all lists are compared with what was made. */
const sweep = 1000

export async function lane (t: Test, { requests, seed, most = 5 }: { requests: number, seed: number, most?: number }): Promise<Result> {
  const started = await start(t)
  const wire = await wireTo(started.app)
  const check = known ??= checker(started.app)
  const openapi = openapiOf(started.app)
  const operations = operationsOf(openapi)
  const actors = await actorsOf(started)
  const [rolls, held] = [dice(seed), new Held()]
  const strange = strangeOf(rolls, seed)
  await furnish(wire, actors.admin, held)
  for (const { code } of (await started.admin.get('/v1/clients')).body.items) held.learn(itemOf['/v1/clients']!, `/v1/clients/${code as string}`, '"1"', true)
  const next = requestsOf(operations.filter(({ path }) => path.startsWith('/v1/')).flatMap(operation => costly.has(operation.id) ? [operation] : [operation, operation, operation, operation]), actors, { dice: rolls, held, values: valuesOf(openapi, rolls, seed), strange })
  const other = besideOf({ dice: rolls, held, strange, actors: actors.all })
  const [found, tally, before] = [[] as Found[], new Map<string, Map<number, number>>(), [] as Array<() => string>]

  function note (at: number, asked: Sent, answered: string, wrong: string): void {
    found.push({ at, wrong, asked: curl(asked), answered: answered.slice(0, 800), before: before.map(line => line()) })
  }

  async function ask (at: number, asked: Asked): Promise<void> {
    const answer = await wire(asked)
    const counts = tally.get(asked.operation.id) ?? new Map<number, number>()
    tally.set(asked.operation.id, counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1))
    const wrongs = [...undocumented(asked, answer), ...broken(asked, answer, held)]
    for (const wrong of wrongs) note(at, asked, `${answer.status} ${answer.text}`, wrong)
    learn(held, asked, answer)
    if (asked.operation.id === 'putBundle' && answer.status < 300 && answer.body.dry_run === false) await relearn(asked.path.replace(/\/bundle$/, ''))
    if (asked.operation.id === 'deletePlan' && answer.status < 300) await relearnTargets()
    before.push(() => `${curl(asked).slice(0, 700)} # ${asked.actor.name}: ${answer.status}`)
    if (before.length > told) before.shift()
  }

  function undocumented ({ method, url }: Asked, answer: Answer): string[] {
    try {
      checkProblem(answer)
      check(method, url, answer)
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  }

  const plain = (operation: Operation, path: string, actor: Actor = actors.admin): Asked =>
    ({ operation, actor, path, url: path, method: 'GET', headers: actor.headers, plain: true })

  /** Every list, with the address of the parent. */
  const lists = () => operations.filter(({ method, path }) => method === 'GET' && itemOf[path] !== undefined).flatMap(operation => {
    const parent = operation.path.split('/').slice(0, -1).join('/')
    return parent === '/v1' ? [{ operation, path: operation.path }] : held.of(parent).map(({ path }) => ({ operation, path: `${path}/${operation.path.split('/').at(-1)!}` }))
  })

  /** A bundle writes many things at once: what it wrote is learned anew. */
  async function relearn (plan: string): Promise<void> {
    const bases = ['/v1/organisations', '/v1/areas', '/v1/measures', plan]
    for (const base of bases) held.unlearn(base)
    const { status, etag } = await wire({ ...plain(operations[0]!, plan) })
    if (status === 200) held.learn('/v1/plans/{plan}', plan, etag)
    for (const { operation, path } of lists().filter(({ path }) => bases.some(base => path === base || path.startsWith(`${plan}/`)))) await relearnList(operation, path)
    await relearnTargets()
  }

  /** A plan takes the targets that it sets with it. */
  async function relearnTargets (): Promise<void> {
    for (const { path } of held.of('/v1/measures/{measure}')) {
      held.unlearn(`${path}/targets/`)
      await relearnList(operations.find(({ id }) => id === 'listTargets')!, `${path}/targets`)
    }
  }

  async function relearnList ({ path: template }: Operation, path: string): Promise<void> {
    const { body } = await wire({ method: 'GET', url: `${path}?limit=1000`, headers: actors.admin.headers })
    for (const item of (body.items ?? []) as Array<Record<string, string>>) held.learn(itemOf[template]!, `${path}/${item.label ?? item.code!}`, item.version === undefined ? '' : `"${item.version}"`)
  }

  for (let at = 1; at <= requests && found.length < most; at++) {
    if (rolls.once(beside)) {
      const { wrong, sent, answer } = await other(wire)
      if (wrong !== undefined) note(at, sent, `${answer.status} ${answer.text}`, wrong)
    } else await ask(at, next())
    if (at % sweep === 0) for (const { operation, path } of lists()) await ask(at, plain(operation, path))
  }
  return { found, tally, operations }
}
