// All pages for people, and what a browser is shown where one of them cannot be.
import type { FastifyInstance } from 'fastify'
import { answerProblem, problemFor } from '../http/problem_handler.js'
import { withoutKeys } from '../http/secrets.js'
import { assetRoutes } from './assets.js'
import { docsPages } from './docs/routes.js'
import { homePage } from './home_routes.js'
import { problemPages, renderAnswer } from './problems.js'
import { planPage } from './report_routes.js'
import { sendPage } from './send.js'

export async function pages (app: FastifyInstance): Promise<void> {
  app.setErrorHandler((error, request, reply) => {
    if (request.headers.accept?.includes('text/html') !== true) return answerProblem(error, request, reply)
    const found = problemFor(error, request)
    return sendPage(reply.code(found.status).headers(found.options.headers ?? {}), withoutKeys(renderAnswer(found)))
  })
  homePage(app)
  planPage(app)
  problemPages(app)
  docsPages(app)
  assetRoutes(app)
}
