// /metrics for Prometheus: what the service measures of itself, and how fresh the plans are that the key may see.
import type { FastifyInstance } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import { readFreshness, type Freshness } from '../documents/freshness.js'
import { reading } from '../http/context.js'
import { keeping } from '../http/kept.js'
import { stateOf } from '../db/head.js'
import { processMetrics } from '../http/metrics.js'
import { today } from '../http/today.js'

export function metricsRoute (app: FastifyInstance): void {
  app.get('/metrics', { config: { role: 'reader', uncounted: true }, schema: { hide: true }, logLevel: 'warn' }, async (request, reply) => {
    const day = today()
    const fresh = (await keeping(request, async () => {
      const mark = await stateOf(reading(request))
      return { mark, body: await ofPlans(await readFreshness(reading(request), day)) }
    }, day))!
    const parts = [await app.metrics.registry.metrics(), String(fresh.body), await processMetrics().metrics()]
    return reply.type(app.metrics.registry.contentType).send(parts.join('\n'))
  })
}

async function ofPlans (plans: Freshness[]): Promise<string> {
  const registers = [new Registry()]
  const newest = new Gauge({ name: 'outturn_plan_newest_figure_timestamp_seconds', help: 'When the newest of the latest figures of a plan was recorded; absent where it has none.', labelNames: ['plan'], registers })
  const overdue = new Gauge({ name: 'outturn_plan_overdue_returns', help: 'Figures that a plan asks for and that are overdue today.', labelNames: ['plan'], registers })
  for (const { plan, newest: at, overdue: count } of plans) {
    if (at !== null) newest.set({ plan }, at)
    overdue.set({ plan }, count)
  }
  return registers[0]!.metrics()
}
