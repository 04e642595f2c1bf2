// What in the document breaks clients of the last release. Within /v1 there are only additions: this says where one is not.
import { roles } from '../../src/db/actor.js'
import { beside, ended, keep, optional, schemaComparison, type Break, type Way } from './breaking_schemas.js'
import type { Content, Openapi, Parameter, Response, Written } from './operations.js'

const ranks = ['public', ...roles]

/** Each as one line that says where, what breaks, and what to do instead; today decides what was announced for long enough. */
export function breaking (released: Openapi, now: Openapi, today: string): string[] {
  const found: Break[] = []
  const compare = schemaComparison(released.components, now.components, today, found)
  for (const [path, methods] of Object.entries(released.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const place = `${method.toUpperCase()} ${path}`
      const other = now.paths[path]?.[method]
      if (other !== undefined) operations(operation, other, place)
      else if (!ended(operation, today)) say(place, 'the operation is gone', keep)
    }
  }
  return [...new Set(found.map(({ where, what, instead }) => `${where}: ${what}. ${instead}`))]

  function say (where: string, what: string, instead: string) {
    found.push({ where, what, instead })
  }

  function operations (was: Written, is: Written, place: string) {
    if (was.operationId !== is.operationId) say(place, `its id ${was.operationId} became ${is.operationId}`, 'Keep the id: functions of generated clients are called by it.')
    const [before, after] = [was['x-outturn-role'], is['x-outturn-role']]
    if (ranks.indexOf(after) > ranks.indexOf(before)) say(place, `its role ${before} rose to ${after}`, beside)
    const ways = (one: Written) => one.security.map(scheme => Object.keys(scheme)[0] ?? 'no key')
    for (const way of ways(was).filter(way => !ways(is).includes(way))) say(place, `no longer takes ${way}`, beside)
    parameters(was.parameters ?? [], is.parameters ?? [], place)
    bodies(was.requestBody, is.requestBody, place)
    for (const [status, answer] of Object.entries(was.responses)) {
      const other = is.responses[status]
      if (other === undefined) say(`${place} ${status}`, 'the answer is gone', beside)
      else answers(answer, other, `${place} ${status}`)
    }
  }

  function parameters (was: Parameter[], is: Parameter[], place: string) {
    const like = ({ name, in: at }: Parameter) => (other: Parameter) => other.name === name && other.in === at
    for (const parameter of was) {
      const other = is.find(like(parameter))
      const where = `${place} ?${parameter.name}`
      if (other !== undefined) compare(parameter.schema, other.schema, 'request', where)
      else if (!ended(parameter, today)) say(where, 'the parameter is gone, and an unknown one is refused', keep)
    }
    for (const parameter of is.filter(({ required }) => required)) {
      if (was.find(like(parameter))?.required !== true) say(`${place} ?${parameter.name}`, 'the parameter is required now', optional)
    }
  }

  function bodies (was: Written['requestBody'], is: Written['requestBody'], place: string) {
    if (is?.required === true && was?.required !== true) say(place, 'the body is required now', optional)
    if (was === undefined) return
    if (is === undefined) say(place, 'no longer takes a body', keep)
    else contents(was.content, is.content, 'request', place)
  }

  function answers (was: Response, is: Response, place: string) {
    for (const [name, header] of Object.entries(was.headers ?? {})) {
      const other = is.headers?.[name]
      if (other === undefined) say(place, `the header ${name} is gone`, keep)
      else if (header.schema !== undefined && other.schema !== undefined) compare(header.schema, other.schema, 'answer', `${place} ${name}`)
    }
    contents(was.content ?? {}, is.content ?? {}, 'answer', place)
  }

  function contents (was: Record<string, Content>, is: Record<string, Content>, way: Way, place: string) {
    for (const [media, content] of Object.entries(was)) {
      const other = is[media]
      if (other === undefined) say(`${place} (${way})`, `${media} is gone`, keep)
      else compare(content.schema, other.schema, way, place)
    }
  }
}
