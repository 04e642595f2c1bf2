// The front page.
import type { FastifyInstance } from 'fastify'
import { snapshot } from '../db/connection.js'
import { readPlans } from '../documents/plan_list.js'
import { reading } from '../http/context.js'
import { renderHome } from './home.js'
import { sendPage } from './send.js'

export function homePage (app: FastifyInstance): void {
  app.get('/', {
    config: { role: 'public', formats: ['html'] },
    schema: { hide: true, querystring: { type: 'object', additionalProperties: false } }
  }, async (request, reply) => sendPage(reply, renderHome(await snapshot(reading(request), readPlans))))
}
