// The pages that the type of every problem leads to: what it means and what to do.
import type { FastifyInstance } from 'fastify'
import { codeParam } from '../http/operation.js'
import { problem, problems, type Problem, type ProblemCode } from '../problems.js'
import { sendPage } from './send.js'
import { wholePage } from './layout.js'

export function problemPages (app: FastifyInstance): void {
  const config = { role: 'public' as const, formats: ['html'] as const }
  app.get('/problems', { config, schema: { hide: true } }, async (_, reply) => sendPage(reply, renderProblems()))

  app.get('/problems/:code', { config, schema: { hide: true, params: { type: 'object', properties: { code: codeParam('Code of a problem.') } } } }, async (request, reply) => {
    const { code } = request.params as { code: ProblemCode }
    if (!Object.hasOwn(problems, code)) throw problem('not_found', `There is no problem '${code as string}'; /problems lists them.`)
    return sendPage(reply, renderProblem(code))
  })
}

/** What a browser is shown instead of a page that cannot be had. */
export const renderAnswer = ({ code, message }: Problem): string => wholePage(problems[code][1], (
  <>
    <p>{message}</p>
    <p><a href={`/problems/${code}`}>What this means, and what to do</a></p>
    <p><a href='/'>All plans</a></p>
  </>
))

export const renderProblems = (): string => wholePage('Problems', (
  <>
    <p>Every error is answered as application/problem+json with one of these codes.</p>
    <ul>
      {Object.entries(problems).map(([code, [status, title]]) => (
        <li key={code}><a href={`/problems/${code}`}><code>{code}</code></a> ({status}): {title}</li>
      ))}
    </ul>
  </>
))

export function renderProblem (code: ProblemCode): string {
  const [status, title, meaning, remedy] = problems[code]
  return wholePage(title, (
    <>
      <p><code>{code}</code>, HTTP status {status}</p>
      <h2>What it means</h2>
      <p>{meaning}</p>
      <h2>What to do</h2>
      <p>{remedy}</p>
      <p><a href='/problems'>All problems</a></p>
    </>
  ))
}
