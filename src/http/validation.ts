// Strict input. Bodies are taken as they are: no coercion, nothing dropped, every fault found. Parameters come as
// text, so they are coerced, but an unknown one is refused as well.
import { nearest } from '../db/nearest.js'
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaValidationError } from 'fastify'
import type { Fault } from '../problems.js'
import { components } from './schema.js'

// unicodeRegExp off: code patterns are ASCII, and plain regular expressions compile faster.
const strict: Options = { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true, strict: false, verbose: true }
const coercing: Options = { ...strict, coerceTypes: true }

/** Components whose faults are named item by item, not as faults of the whole body. */
const checkedOneByOne = new Set(['DatapointRow'])

function compiler (options: Options, open = false): Ajv {
  const ajv = new Ajv(options)
  addFormats.default(ajv, ['date', 'date-time'])
  // These say what fits in which type of a client; the limits beside them are what is checked.
  for (const name of ['int32', 'int64', 'binary']) ajv.addFormat(name, true)
  // The database has no year 0.
  for (const name of ['date', 'date-time']) {
    const { validate } = ajv.formats[name] as { validate: (text: string) => boolean }
    ajv.addFormat(name, text => validate(text) && text >= '0001')
  }
  for (const [id, schema] of components) ajv.addSchema(open && checkedOneByOne.has(id) ? { $id: id } : schema)
  return ajv
}

const once = <T>(make: () => T): () => T => {
  let made: T | undefined
  return () => (made ??= make())
}

/**
 * For Fastify's schemaController: one compiler for bodies, one for everything that comes as text. Schemas are compiled
 * when first used: all of them at the start would take as long as the rest of it.
 */
export function buildValidator () {
  const body = once(() => compiler(strict, true))
  const text = once(() => compiler(coercing))
  return ({ schema, httpPart }: { schema: unknown, httpPart?: string }) => {
    const compiled = once(() => (httpPart === 'body' ? body() : text()).compile(schema as object))
    const validate = (data: unknown): boolean => {
      const valid = compiled()(data)
      validate.errors = compiled().errors
      return valid
    }
    validate.errors = null as ValidateFunction['errors']
    return validate
  }
}

/** Checks a value against a named component outside of a request's own body. */
export type Checker = (id: string, value: unknown) => Fault[]

export function buildChecker (): Checker {
  const ajv = once(() => compiler(strict))
  const compiled = new Map<string, ValidateFunction>()
  return (id, value) => {
    let validate = compiled.get(id)
    if (validate === undefined) compiled.set(id, validate = ajv().getSchema(id)!)
    return validate(value) ? none : faultsOf(validate.errors!, 'body')
  }
}

const none: Fault[] = []

type Part = 'body' | 'querystring' | 'params' | 'headers'

const pointerOf = (part: string, path: string) => part === 'body'
  ? path
  : part === 'querystring' ? `?${path.slice(1)}` : part === 'params' ? `{${path.slice(1)}}` : path.slice(1)

/** Ajv's errors as faults a person can act on, without the noise of alternatives that allow null. */
export function faultsOf (errors: Array<ErrorObject | FastifySchemaValidationError>, part: Part | string): Fault[] {
  const telling = errors.filter(({ keyword, params }) => keyword !== 'anyOf' && keyword !== 'if' && params.type !== 'null')
  const faults = (telling.length > 0 ? telling : errors).slice(0, 100).map(error => faultOf(error as ErrorObject, part))
  return [...new Map(faults.map(fault => [JSON.stringify(fault), fault])).values()]
}

function faultOf ({ keyword, instancePath, params, message, parentSchema, data }: ErrorObject, part: string): Fault {
  const here = brief(pointerOf(part, instancePath), 400)
  const inside = (name: string) => brief(pointerOf(part, `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`), 400)
  const kind = part === 'body' ? 'member' : part === 'querystring' ? 'parameter' : part === 'headers' ? 'header' : 'part of the path'
  switch (keyword) {
    case 'additionalProperties': {
      const name = params.additionalProperty as string
      const names = Object.keys((parentSchema?.properties ?? {}) as object)
      const meant = nearest(name, names)
      return { pointer: inside(name), code: `unknown_${part === 'body' ? 'member' : 'parameter'}`, detail: `There is no ${kind} '${brief(name)}' here.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`, ...(names.length > 0 && { allowed: names }) }
    }
    case 'required':
      return { pointer: inside(params.missingProperty as string), code: 'missing_member', detail: `The ${kind} '${params.missingProperty as string}' is required.` }
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).filter(value => value !== null).map(String)
      const meant = typeof data === 'string' ? nearest(data, allowed) : undefined
      return { pointer: here, code: 'not_allowed', detail: `${shown(data)} is not one of the values allowed here.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`, allowed }
    }
    case 'type': {
      const wanted = [params.type].flat() as string[]
      const members = wanted.includes('object') ? Object.keys((parentSchema?.properties ?? {}) as object) : []
      return { pointer: here, code: 'wrong_type', detail: `${shown(data)} is not ${wanted.map(article).join(' or ')}${members.length === 0 ? '' : ` with ${members.join(', ')}`}.` }
    }
    case 'minLength':
      return { pointer: here, code: 'out_of_range', detail: 'It is empty. Write something, or leave it out.' }
    case 'maxLength':
      return { pointer: here, code: 'out_of_range', detail: `It has ${[...String(data)].length} characters; at most ${params.limit as number} are taken.` }
    case 'uniqueItems':
      return { pointer: inside(String(params.i)), code: 'repeated', detail: `${shown((data as unknown[])[params.i as number])} stands twice in the list.` }
    case 'pattern':
    case 'format':
      if (params.pattern === '\\S') return { pointer: here, code: 'wrong_form', detail: 'It is blank. Write something, or leave it out.' }
      return { pointer: here, code: 'wrong_form', detail: `${shown(data)} does not have the form asked for. ${(parentSchema?.description as string | undefined) ?? `It ${message ?? ''}.`}` }
    default:
      return { pointer: here, code: 'out_of_range', detail: `${shown(data)} ${message ?? 'is out of range'}.` }
  }
}

const article = (type: string) => ({ array: 'a list', object: 'an object', integer: 'a whole number', string: 'text', number: 'a number', boolean: 'true or false', null: 'null' }[type] ?? type)

function shown (data: unknown): string {
  return brief(typeof data === 'string' ? `'${data}'` : Array.isArray(data) ? 'A list' : typeof data === 'object' && data !== null ? 'An object' : String(data))
}

/** Names and texts are what was sent, and that may be as long as a body. */
const brief = (text: string, most = 120) => text.length > most ? `${text.slice(0, most - 3)}…` : text
