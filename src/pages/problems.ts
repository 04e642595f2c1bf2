// The pages that the type of every problem leads to: what it means and what to do.
import type { FastifyInstance } from 'fastify'
import { codeParam } from '../http/operation.js'
import { problem, problems, type ProblemCode } from '../problems.js'
import { html, page } from './html.js'

export function problemPages (app: FastifyInstance): void {
  const config = { role: 'public' as const, formats: ['html'] as const }
  app.get('/problems', { config, schema: { hide: true } }, async (_, reply) => reply.type('text/html; charset=utf-8').send(page('Problems', html`
<h1>Problems</h1>
<p>Every error is answered as application/problem+json with one of these codes.</p>
<ul>${Object.entries(problems).map(([code, [status, title]]) => html`<li><a href="/problems/${code}"><code>${code}</code></a> (${status}): ${title}</li>`)}</ul>`)))

  app.get('/problems/:code', { config, schema: { hide: true, params: { type: 'object', properties: { code: codeParam('Code of a problem.') } } } }, async (request, reply) => {
    const { code } = request.params as { code: ProblemCode }
    if (!Object.hasOwn(problems, code)) throw problem('not_found', `There is no problem '${code as string}'; /problems lists them.`)
    const [status, title, meaning, remedy] = problems[code]
    return reply.type('text/html; charset=utf-8').send(page(title, html`
<h1>${title}</h1>
<p><code>${code}</code>, HTTP status ${status}</p>
<h2>What it means</h2>
<p>${meaning}</p>
<h2>What to do</h2>
<p>${remedy}</p>
<p><a href="/problems">All problems</a></p>`))
  })
}
