// Who is calling: the one place where a credential becomes an actor, and where a route's role and the caller's allowance are
// held against it. Order: a wrong credential is 401 even where none is needed; a role too low is 403 before the body is read;
// what is left is charged to the client, and 429 where it has used up what it may.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { anonymous, reaches, type Actor } from '../db/actor.js'
import { adding } from '../db/allowances.js'
import { problem, type Problem } from '../problems.js'
import type { Allowance } from './budget.js'
import { loginLimit, requestLimit, tooManyFailures, type Limits } from './limits.js'
import { patiently } from './patiently.js'
import { SharedBudget } from './shared_budget.js'

export interface Authenticator {
  /** The actor of a key, or null. */
  actorOf (key: string): Promise<Actor | null>
  /** Whether the key was good when it last came, which does not say that it still is; asks nobody. */
  isKnown (key: string): boolean
}

const challenge = { 'www-authenticate': 'Bearer realm="Outturn", Basic realm="Outturn"' }

const refused = () => problem('unauthenticated', 'The key is unknown, expired, revoked or mistyped.', { headers: challenge })

export function addAccess (app: FastifyInstance, authenticator: Authenticator, limits: Limits): void {
  app.decorateRequest('actor')
  requireRoles(app)
  const budgetFor = sharing(app)
  const charge = requestLimit(limits, budgetFor)
  const actorOf = actors(authenticator, loginLimit(limits, budgetFor))
  // Without a key there is nothing to wait for.
  app.addHook('onRequest', (request, reply, done) => {
    const decide = (actor: Actor) => {
      request.actor = actor
      sayWhoMayKeep(reply, actor)
      const { role = 'public', uncounted } = request.routeOptions.config
      const wrong = refusal(actor, role)
      if (wrong !== undefined || uncounted === true) done(wrong)
      else charge(actor, done)
    }
    const { authorization } = request.headers
    if (authorization === undefined) decide(anonymous)
    else actorOf(authorization, request).then(decide, done)
  })
}

/** Milliseconds that the database may take to add up: in a rush it has other things to do, and just then the others matter. */
const patience = 5000

/** Budgets that all processes on the database share; what is spent when the service stops is spent after its next start. */
function sharing (app: FastifyInstance): (allowance: Allowance) => SharedBudget {
  const addUp = patiently(patience, adding(app.connection), error => {
    app.log.warn({ err: error }, 'the database does not add up allowances: this process counts for itself')
  })
  return allowance => {
    const budget = new SharedBudget(allowance, addUp)
    app.addHook('onClose', () => budget.tellAll())
    return budget
  }
}

function requireRoles (app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => { routes.push(route) })
  app.addHook('onReady', async () => {
    for (const { config, method, url } of routes) {
      if (config?.role === undefined) throw new Error(`The route ${String(method)} ${url} declares no role.`)
    }
  })
}

/** From contributor on answers may hold figures that are hidden from readers: nothing on the way keeps those. */
function sayWhoMayKeep (reply: FastifyReply, actor: Actor): void {
  if (!reaches(actor, 'contributor')) reply.header('cache-control', 'private, no-cache')
}

function refusal (actor: Actor, role: NonNullable<FastifyRequest['routeOptions']['config']['role']>): Problem | undefined {
  if (role === 'public' || reaches(actor, role)) return undefined
  return actor.role === null
    ? problem('unauthenticated', 'This operation needs a key: send Authorization: Bearer <key>.', { headers: challenge })
    : problem('forbidden', `This operation needs the role ${role}; the key has the role ${actor.role}.`)
}

/** Who sends wrong keys again and again waits; but never for the sake of another address, nor with a key that was good here. */
function actors ({ actorOf, isKnown }: Authenticator, logins: ReturnType<typeof loginLimit>) {
  return async (header: string, request: FastifyRequest): Promise<Actor> => {
    const key = bearer(header) ?? feed(header)
    const wait = logins.wait(request.ip)
    if (wait !== 0 && !(key !== undefined && isKnown(key))) {
      const milliseconds = await wait
      if (milliseconds > 0) throw tooManyFailures(milliseconds)
    }
    const actor = key === undefined ? null : await actorOf(key)
    if (actor !== null) return actor
    logins.failed(request.ip)
    request.log.warn({ address: request.ip }, 'a wrong key')
    throw refused()
  }
}

const bearer = (header: string) => /^bearer +([!-~]+)$/i.exec(header)?.[1]

/** Spreadsheets and BI tools send Basic; the password is the key, and only a feed key, which only reads, is taken. */
function feed (header: string): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1]
  const [, password] = /^[^:]*:(ot_feed_[!-~]+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  return password
}
