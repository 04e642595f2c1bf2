// Where a read is answered: by the replica, where there is one that has replayed all that this client has written, and all that it
// says to have seen, else by the primary. So a client always reads its own writes, through whichever process it made them, and
// nobody who goes on from a bookmark is sent back behind it; what others write is there as soon as it arrives.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { seenIn } from '../db/bookmark.js'
import type { Connection } from '../db/connection.js'
import { head } from '../db/head.js'
import { patiently } from './patiently.js'
import './types.js'

/** How long the replica may take to say how far it is, in milliseconds. */
const patience = 500

export function addSource (app: FastifyInstance, primary: Connection, replica: Connection | null): void {
  app.decorateRequest('source')
  const replayed = replica === null
    ? null
    : patiently(
      patience,
      async () => Number((await head(replica)).split(' ')[0]),
      error => { app.log.warn({ err: error }, 'the replica does not answer: the primary answers instead') }
    )
  app.addHook('onRequest', (request, _, done) => {
    request.source = primary
    const { method, actor, routeOptions: { config } } = request
    if (replayed === null || (method !== 'GET' && method !== 'HEAD') || config.primary === true || actor.wrote === undefined) return done()
    replayed().then(position => {
      if (position !== null && position >= Math.max(actor.wrote!, seenBy(request))) request.source = replica!
      done()
    }, done)
  })
}

const seenBy = ({ query }: FastifyRequest): number => {
  const { changed_since: since, cursor } = query as Record<string, unknown>
  return Math.max(seenIn(since), seenIn(cursor))
}
