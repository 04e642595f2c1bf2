// Liveness and readiness, for whatever watches the service.
import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import { problem } from '../problems.js'

export function healthRoutes (app: FastifyInstance): void {
  const options = { config: { role: 'public' as const, uncounted: true }, schema: { hide: true }, logLevel: 'warn' as const }
  app.get('/health/live', options, async () => ({ status: 'live' }))
  app.get('/health/ready', options, async () => {
    const { rows: [row] } = await sql<{ writable: boolean }>`
      select current_setting('transaction_read_only') = 'off' and exists (select from journal) as writable`.execute(app.connection.db)
    if (!row!.writable) throw problem('unavailable', 'The database does not take writes.', { headers: { 'retry-after': '5' } })
    return { status: 'ready' }
  })
}
