// Where a read is answered: by the replica, where there is one that has replayed all that this client has written, else by the
// primary. So a client always reads its own writes, through whichever process it made them; those of others as soon as they arrive.
import type { FastifyInstance } from 'fastify'
import type { Connection } from '../db/connection.js'
import { head } from '../db/head.js'
import './types.js'

/** How long the replica may take to say how far it is, and how long it is left alone where it does not, in milliseconds. */
const patience = 500
const rest = 5000

export function addSource (app: FastifyInstance, primary: Connection, replica: Connection | null): void {
  app.decorateRequest('source')
  const replayed = replica === null ? null : watch(app, replica)
  app.addHook('onRequest', (request, _, done) => {
    request.source = primary
    const { method, actor, routeOptions: { config } } = request
    if (replayed === null || (method !== 'GET' && method !== 'HEAD') || config.primary === true || actor.wrote === undefined) return done()
    replayed().then(position => {
      if (position !== null && position >= actor.wrote!) request.source = replica!
      done()
    }, done)
  })
}

/** How far the replica is; null while it does not answer. */
function watch (app: FastifyInstance, replica: Connection): () => Promise<number | null> {
  let until = 0
  return async () => {
    if (performance.now() < until) return null
    try {
      return Number((await within(head(replica))).split(' ')[0])
    } catch (error) {
      until = performance.now() + rest
      app.log.warn({ err: error }, 'the replica does not answer: the primary answers instead')
      return null
    }
  }
}

function within<T> (work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Nothing came in ${patience} ms.`)), patience)
    work.then(resolve, reject).finally(() => clearTimeout(late))
  })
}
