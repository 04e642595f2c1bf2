// The operations of the OpenAPI document, read from the app itself, so that a new route is walked by every contract
// test without a word here.
import type { FastifyInstance } from 'fastify'
import type { Role } from '../../src/db/actor.js'
import { document } from '../../src/http/openapi.js'

export type Schema = Record<string, unknown> & {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  description?: string
  examples?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  required?: string[]
  additionalProperties?: boolean | Schema
}

export interface Parameter { name: string, in: 'path' | 'query' | 'header', required?: boolean, example?: unknown, deprecated?: boolean, 'x-sunset'?: string, description?: string, schema: Schema }

export interface Content { schema: Schema, example?: unknown }

export interface Response {
  description?: string
  headers?: Record<string, { description?: string, schema?: Schema }>
  content?: Record<string, Content>
}

export interface Written {
  deprecated?: boolean
  'x-sunset'?: string
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Array<Record<string, string[]>>
  'x-outturn-role': Role | 'public'
  parameters?: Parameter[]
  requestBody?: { required?: boolean, content: Record<string, Content> }
  responses: Record<string, Response>
}

export interface Openapi {
  openapi: string
  info: { version: string }
  tags: Array<{ name: string, description: string }>
  paths: Record<string, Record<string, Written>>
  components: { schemas: Record<string, Schema>, securitySchemes: Record<string, unknown> }
}

export interface Operation {
  id: string
  method: 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'POST'
  path: string
  role: Role | 'public'
  /** Whether the document lets it be called without a key. */
  open: boolean
  parameters: Parameter[]
  /** Component of the request body, with its first example. */
  body: { media: string[], component: string, schema: Schema, example: Record<string, unknown> | undefined } | null
  responses: Record<string, Response>
  written: Written
}

export const openapiOf = (app: FastifyInstance) => document(app) as unknown as Openapi

/** Name of the component that a schema refers to. */
export const nameOf = (schema: Schema | undefined) => schema?.$ref?.split('/').at(-1) ?? ''

export function operationsOf (openapi: Openapi): Operation[] {
  return Object.entries(openapi.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, written]) => ({
    id: written.operationId,
    method: method.toUpperCase() as Operation['method'],
    path,
    role: written['x-outturn-role'],
    open: written.security.some(one => Object.keys(one).length === 0),
    parameters: written.parameters ?? [],
    body: written.requestBody === undefined ? null : bodyOf(openapi, written.requestBody.content),
    responses: written.responses,
    written
  })))
}

function bodyOf (openapi: Openapi, content: Record<string, Content>): Operation['body'] {
  const media = Object.keys(content)
  const component = nameOf(Object.values(content)[0]?.schema)
  const schema = openapi.components.schemas[component] ?? {}
  return { media, component, schema, example: schema.examples?.[0] as Record<string, unknown> | undefined }
}

export const queryOf = (operation: Operation) => operation.parameters.filter(parameter => parameter.in === 'query').map(parameter => parameter.name)

export const headersOf = (operation: Operation) => operation.parameters.filter(parameter => parameter.in === 'header').map(parameter => parameter.name)

/** Names in a path, in order. */
export const namesIn = (path: string) => [...path.matchAll(/\{([a-z_]+)\}/g)].map(found => found[1]!)

/** Pages of a list are asked for with these two. */
export const isPaged = (operation: Operation) => ['limit', 'cursor'].every(name => queryOf(operation).includes(name))
