// What the service adds to Fastify's own types; the only place that does.
import '@fastify/accepts'
import type { Actor, Role } from '../db/actor.js'
import type { Connection } from '../db/connection.js'
import type { Fault } from '../problems.js'
import type { Format } from './formats.js'
import type { Enter } from './limits.js'
import type { Metrics } from './metrics.js'

declare module 'fastify' {
  interface FastifyInstance {
    connection: Connection
    /** Address that clients use, where the operator named one. */
    publicUrl: string | null
    /** Places for downloads and for deliveries of one client. */
    places: { downloads: Enter, deliveries: Enter }
    metrics: Metrics
    /** Checks a value against a named component. */
    faults (component: string, value: unknown): Fault[]
  }
  interface FastifyRequest {
    actor: Actor
    /** What answers it, where it only reads. */
    source: Connection
  }
  interface FastifyContextConfig {
    /** The role an operation needs; public needs no key. Every route declares one. */
    role?: Role | 'public'
    /** Not charged to anybody: whoever watches the service must get through. */
    uncounted?: boolean
    /** Answered by the primary, also where there is a replica. */
    primary?: boolean
    /** Formats it answers in; JSON when absent. */
    formats?: readonly Format[]
  }
}
