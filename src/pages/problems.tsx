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
    <p><a href='/'>All plans</a>, <a href='/docs'>all guides</a></p>
  </>
))

/** Where more is said than what to do at once. */
const guides: Partial<Record<ProblemCode, [address: string, title: string]>> = {
  unauthenticated: ['/docs/keys', 'Keys and limits'],
  forbidden: ['/docs/access', 'Access: who may see and write what'],
  not_found: ['/docs/access#the-order-of-refusals', 'Access: why what is hidden looks as if it were not there'],
  expired_cursor: ['/docs/developers#following-changes', 'Following changes'],
  stale_version: ['/docs/developers#changing-things', 'Changing things'],
  precondition_required: ['/docs/developers#changing-things', 'Changing things'],
  idempotency_mismatch: ['/docs/developers#trying-again', 'Trying again'],
  too_large: ['/docs/keys#limits', 'Limits'],
  unsupported_media_type: ['/docs/deliveries#forms', 'Forms of a delivery'],
  import_rejected: ['/docs/deliveries#the-answer', 'Deliveries: the answer'],
  rate_limited: ['/docs/keys#limits', 'Limits'],
  unavailable: ['/docs/developers#trying-again', 'Trying again']
}

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
  const guide = guides[code]
  return wholePage(title, (
    <>
      <p><code>{code}</code>, HTTP status {status}</p>
      <h2>What it means</h2>
      <p>{meaning}</p>
      <h2>What to do</h2>
      <p>{remedy}</p>
      {guide !== undefined && <p>The guide to it: <a href={guide[0]}>{guide[1]}</a></p>}
      <p><a href='/problems'>All problems</a>, <a href='/docs'>all guides</a></p>
    </>
  ))
}
