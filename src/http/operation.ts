// How a route is written: its contract in one call, so that every operation has an id, a tag, its role, its errors and
// described answers.
import { Type, type TProperties, type TSchema } from '@sinclair/typebox'
import type { FastifyContextConfig } from 'fastify'
import type { Role } from '../db/actor.js'
import { problems, type ProblemCode } from '../problems.js'
import { mediaTypes, type Format } from './formats.js'
import { enumOf, named, openEnum, text, whole } from './schema.js'

/** Without that of ImportRejection, so that a generated client tells the two apart by their code. */
const plainCodes = (Object.keys(problems) as ProblemCode[]).filter(code => code !== 'import_rejected')

export const ProblemBody = named('Problem', Type.Object({
  type: Type.String({ description: 'Address of the page that explains the code, such as /problems/stale_version.' }),
  title: Type.String({ description: 'The same for every problem of this code.' }),
  status: whole({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
  detail: Type.String({ description: 'What went wrong this time.' }),
  instance: Type.String({ description: 'The path asked for.' }),
  code: openEnum(plainCodes, 'Stable code; one table lists them all, and import_rejected, which has a form of its own.'),
  errors: Type.Optional(Type.Array(Type.Object({
    pointer: Type.String({ description: 'Where: a JSON pointer into the body, "?name" for a query parameter, "{name}" for a part of the path, or the name of a header; empty for the whole.' }),
    code: Type.String({ description: 'Which fault.' }),
    detail: Type.String({ description: 'What is wrong and what to type instead.' }),
    allowed: Type.Optional(Type.Array(Type.String(), { description: 'The values or names that are allowed.' }))
  }), { description: 'Every fault found, where there are several places.' }))
}, {
  description: 'What went wrong, as RFC 9457 has it; some codes add members of their own.',
  additionalProperties: true,
  examples: [{
    type: '/problems/invalid_input',
    title: 'The request is not valid',
    status: 400,
    detail: "There is no parameter 'ownr' here. Did you mean 'owner'?",
    instance: '/v1/plans',
    code: 'invalid_input',
    errors: [{
      pointer: '?ownr',
      code: 'unknown_parameter',
      detail: "There is no parameter 'ownr' here. Did you mean 'owner'?",
      allowed: ['limit', 'cursor', 'count', 'q', 'owner', 'area', 'status', 'active_on']
    }]
  }]
}))

export interface Operation {
  id: string
  tag: string
  summary: string
  description: string
  role: Role | 'public'
  params?: TProperties
  query?: TProperties
  headers?: TProperties
  body?: TSchema
  /** Media types of the body; JSON when absent. */
  media?: string[]
  /** Further forms of a JSON body, each with its schema. */
  otherMedia?: Record<string, TSchema>
  /** Status to schema and description; a schema null means no body. */
  answers: Record<number, { schema: TSchema | null, description: string, headers?: Record<string, TSchema>, media?: string }>
  /** Further formats of the first answer, each with its schema. */
  formats?: Partial<Record<Format, TSchema>>
  problems: ProblemCode[]
  /** Answered by the primary, also where there is a replica: what is not journalled, or must be of this moment. */
  primary?: true
}

const retryAfter = (description: string) => ({ 'Retry-After': whole({ description }) })

const refusalHeaders: Record<number, Record<string, TSchema>> = {
  401: { 'WWW-Authenticate': Type.String({ description: 'The ways in which a key can be sent.' }) },
  409: retryAfter('Seconds to wait, where the same request can then be repeated.'),
  429: retryAfter('Seconds to wait.'),
  503: retryAfter('Seconds to wait.')
}

/** What every operation may answer. */
const always: ProblemCode[] = ['invalid_input', 'unauthenticated', 'not_acceptable', 'rate_limited', 'internal', 'unavailable']

export function operation (spec: Operation) {
  const codes = [...new Set([...always, ...(spec.role === 'public' ? [] : ['forbidden' as const]), ...spec.problems])]
  const statuses = [...new Set(codes.map(code => problems[code][0]))].sort()
  const refusals = statuses.map(status => [status, {
    description: codes.filter(code => problems[code][0] === status).map(code => `\`${code}\`: ${problems[code][1]}`).join('; '),
    ...(refusalHeaders[status] && { headers: refusalHeaders[status] }),
    content: { 'application/problem+json': { schema: ProblemBody } }
  }] as const)
  const answers = Object.entries(spec.answers).map(([status, answer]) => [status, answerOf(answer, spec.formats)] as const)
  const formats = spec.formats && Object.keys(spec.formats) as Format[]
  return {
    config: { role: spec.role, ...(formats && { formats }), ...(spec.primary && { primary: true }) } satisfies FastifyContextConfig,
    schema: {
      operationId: spec.id,
      tags: [spec.tag],
      summary: spec.summary,
      description: `${spec.description}\n\nRole: ${spec.role === 'public' ? 'none; without a key only what is public' : spec.role}.`,
      security: securityOf(spec.role),
      'x-outturn-role': spec.role,
      ...(spec.params && { params: Type.Object(spec.params, { additionalProperties: false }) }),
      querystring: Type.Object(spec.query ?? {}, { additionalProperties: false }),
      ...(spec.headers && { headers: Type.Object(spec.headers) }),
      ...(spec.body && { body: bodyOf(spec.body, spec.media, spec.otherMedia) }),
      response: Object.fromEntries([...answers, ...refusals])
    }
  }
}

const bodyOf = (body: TSchema, media: string[] | undefined, others: Operation['otherMedia']) => media === undefined && others === undefined
  ? body
  : {
      content: Object.fromEntries([...(media ?? ['application/json']).map(type => [type, body] as const), ...Object.entries(others ?? {})]
        .map(([type, schema]) => [type, { schema }]))
    }

/** Basic reaches only as far as a reader does. */
const securityOf = (role: Operation['role']): Array<Record<string, string[]>> => [
  ...(role === 'public' ? [{}] : []),
  { bearer: [] },
  ...(role === 'public' || role === 'reader' ? [{ basic: [] }] : [])
]

function answerOf ({ schema, description, headers, media = 'application/json' }: Operation['answers'][number], formats: Operation['formats']) {
  if (schema === null) return { type: 'null', description, ...(headers && { headers }) }
  const others = Object.entries(formats ?? {}).map(([format, other]) => [mediaTypes[format as Format], { schema: other }])
  return { description, ...(headers && { headers }), content: { [media]: { schema }, ...Object.fromEntries(others) } }
}

export const etagHeader = { etag: Type.String({ description: 'Strong ETag of this version.' }) }

export const createdHeaders = { ...etagHeader, location: Type.String({ description: 'Its path.' }) }

export const codeParam = (what: string, example?: string, pattern?: string) =>
  Type.String({ minLength: 1, maxLength: 80, description: what, ...(pattern && { pattern }), ...(example && { examples: [example] }) })

export const formatParam = <const F extends readonly Format[]>(formats: F) =>
  Type.Optional(Type.Unsafe<F[number]>({ type: 'string', enum: [...formats], description: 'Format of the answer; takes precedence over Accept.' }))

export const excelParam = Type.Optional(enumOf(['1', 'true', '0', 'false'], '1: CSV starts with a byte order mark, by which Excel knows UTF-8.'))

export const q = text('Text to look for in titles and codes, ignoring case.', 200)
