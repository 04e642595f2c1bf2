// Who is calling: the one place where a credential becomes an actor, and where a route's role is held against it.
// Order: a wrong credential is 401 even where none is needed; a role too low is 403 before the body is read.
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { anonymous, reaches, type Actor } from '../db/actor.js'
import { problem, type Problem } from '../problems.js'

export type Authenticate = (key: string) => Promise<Actor | null>

const challenge = { 'www-authenticate': 'Bearer realm="Outturn", Basic realm="Outturn"' }

const refused = () => problem('unauthenticated', 'The key is unknown, expired, revoked or mistyped.', { headers: challenge })

export function addAccess (app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('actor')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => { routes.push(route) })
  app.addHook('onReady', async () => {
    for (const { config, method, url } of routes) {
      if (config?.role === undefined) throw new Error(`The route ${String(method)} ${url} declares no role.`)
    }
  })
  // Without a key there is nothing to wait for.
  app.addHook('onRequest', (request, _, done) => {
    const decide = (actor: Actor) => {
      request.actor = actor
      done(refusal(request))
    }
    const { authorization } = request.headers
    if (authorization === undefined) decide(anonymous)
    else actorOf(authorization, authenticate).then(decide, done)
  })
}

function refusal ({ actor, routeOptions }: FastifyRequest): Problem | undefined {
  const role = routeOptions.config.role ?? 'public'
  if (role === 'public' || reaches(actor, role)) return undefined
  return actor.role === null
    ? problem('unauthenticated', 'This operation needs a key: send Authorization: Bearer <key>.', { headers: challenge })
    : problem('forbidden', `This operation needs the role ${role}; the key has the role ${actor.role}.`)
}

async function actorOf (header: string, authenticate: Authenticate): Promise<Actor> {
  const key = bearer(header) ?? feed(header)
  const actor = key === undefined ? null : await authenticate(key)
  if (actor === null) throw refused()
  return actor
}

const bearer = (header: string) => /^bearer +([!-~]+)$/i.exec(header)?.[1]

/** Spreadsheets and BI tools send Basic; the password is the key, and only a feed key, which only reads, is taken. */
function feed (header: string): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1]
  const [, password] = /^[^:]*:(ot_feed_[!-~]+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  return password
}
