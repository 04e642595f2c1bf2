// What the service measures of itself, for Prometheus: each answer by its operation, the pool, deliveries, and the process.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Connection } from '../db/connection.js'

export interface Metrics {
  /** Of this app; those of the process are apart, for there may be several apps in one. */
  registry: Registry
  /** Counts a delivery of figures by its result and, where it was applied, its rows by what came of them. */
  delivered (result: string, rows: Record<string, number>): void
}

let ofProcess: Registry | undefined

/** Memory, event loop, garbage and files of the process, watched from the first time that somebody asks. */
export function processMetrics (): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

export function addMetrics (app: FastifyInstance, { pool }: Connection): void {
  const registry = new Registry()
  const registers = [registry]
  const durations = new Histogram({
    name: 'outturn_request_duration_seconds',
    help: 'Seconds from the request to the end of its answer, by operation (its operationId, else its route) and status.',
    labelNames: ['operation', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers
  })
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({ name, help, registers, collect () { this.set(value()) } })
  gauge('outturn_database_connections', 'Connections to the database that are open.', () => pool.totalCount)
  gauge('outturn_database_connections_idle', 'Those of them that nobody uses.', () => pool.idleCount)
  gauge('outturn_database_requests_waiting', 'Requests that wait for a connection.', () => pool.waitingCount)
  const deliveries = new Counter({ name: 'outturn_deliveries_total', help: 'Deliveries of figures, by result.', labelNames: ['result'], registers })
  const rows = new Counter({ name: 'outturn_delivered_rows_total', help: 'Rows of deliveries that were applied, by what came of them.', labelNames: ['outcome'], registers })
  app.decorate('metrics', {
    registry,
    delivered: (result, counts) => {
      deliveries.inc({ result })
      if (!result.endsWith('applied')) return
      for (const [outcome, count] of Object.entries(counts)) if (outcome !== 'received') rows.inc({ outcome }, count)
    }
  })
  app.addHook('onResponse', (request, reply, done) => {
    durations.observe({ operation: operationOf(request), status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })
}

const operationOf = ({ routeOptions: { schema, url } }: FastifyRequest): string =>
  (schema as { operationId?: string } | undefined)?.operationId ?? url ?? 'none'
