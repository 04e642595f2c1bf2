// The vocabulary of the wire: small TypeBox builders that every resource schema is written with, and the
// registry of named components that app.ts hands to Fastify and so to the OpenAPI document.
import { Type, type Static, type TObject, type TProperties, type TSchema } from '@sinclair/typebox'

export const components = new Map<string, TSchema>()

/** Registers a schema as a component of the OpenAPI document and returns a typed reference to it. */
export function named<S extends TSchema> (id: string, schema: S) {
  components.set(id, { ...schema, $id: id })
  return Type.Unsafe<Static<S>>(Type.Ref(id))
}

export const codePattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'

export const code = (description: string, examples: string[] = []) =>
  Type.String({ pattern: codePattern, maxLength: 80, description, ...(examples.length > 0 && { examples }) })

export const text = (description: string, maxLength = 4000, options: { examples?: string[] } = {}) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', description, ...options })

export const enumOf = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description })

export interface Limits { minimum?: number, maximum?: number, default?: number, readOnly?: boolean, description?: string }

/** A whole number, from 0 to what 32 bits hold unless it says otherwise; beyond that it has at most 15 digits, as every number here. */
export const whole = ({ minimum = 0, maximum = 2_147_483_647, ...options }: Limits = {}) =>
  Type.Integer({ format: maximum > 2_147_483_647 ? 'int64' : 'int32', minimum, maximum, ...options })

export const fifteenDigits = 999_999_999_999_999

/** Values of answers to which more may come within /v1; that of other lists would break clients. */
export const openEnum = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ ...enumOf(values, `${description} More may come.`), 'x-open': true })

export const date = (description: string) =>
  Type.String({ format: 'date', maxLength: 10, description: `${description} ISO 8601 date, YYYY-MM-DD.` })

export const instant = (description: string) =>
  Type.String({ format: 'date-time', maxLength: 64, description: `${description} RFC 3339, UTC.` })

/** A scalar that may be null; null is also what an absent member means. */
export function optional<S extends TSchema> (schema: S) {
  const { enum: values, type, ...rest } = schema
  return Type.Unsafe<Static<S> | null>(type === undefined
    ? { anyOf: [schema, { type: 'null' }], default: null, ...(schema.description && { description: schema.description }) }
    : { ...rest, type: [type as string, 'null'], ...(values && { enum: [...values, null] }), default: null })
}

/** A member with a default other than null. */
export const withDefault = <S extends TSchema>(schema: S, value: Static<S>) =>
  Type.Unsafe<Static<S>>({ ...schema, default: value })

export const listOf = <S extends TSchema>(item: S, description: string, maxItems = 1000) =>
  Type.Unsafe<Array<Static<S>>>({ ...Type.Array(item, { maxItems, description }), default: [] })

/** A nested value: members in `required` must be there, the others may be left out (or null, which is the same). */
export function value<P extends TProperties, const R extends ReadonlyArray<keyof P & string>> (properties: P, required: R, description: string) {
  const members = Object.fromEntries(Object.entries(properties).map(([name, schema]) => {
    if (required.includes(name)) return [name, schema]
    const { default: _, ...rest } = optional(schema)
    return [name, rest]
  }))
  return Type.Unsafe<{ [K in R[number]]: Static<P[K]> } & { [K in Exclude<keyof P & string, R[number]>]?: Static<P[K]> | null }>(
    { type: 'object', properties: members, required: [...required], additionalProperties: false, description })
}

export const Warning = named('Warning', Type.Object({
  code: Type.String({ description: 'Stable code, such as unknown_area.' }),
  parameter: Type.String({ description: 'The query parameter.' }),
  value: Type.String({ description: 'Its value.' }),
  detail: Type.String({ description: 'What it means for the answer.' })
}, { additionalProperties: false, description: 'Something in the request that matches nothing but is no error.' }))

export interface WarningBody { code: string, parameter: string, value: string, detail: string }

export const pageOf = (id: string, item: TSchema) => named(id, Type.Object({
  items: Type.Array(item, { maxItems: 1000, description: 'The items of this page.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Send as cursor to get the next page; null on the last.' }),
  next: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Absolute URL of the next page; null on the last.' }),
  total: Type.Optional(whole({ description: 'Number of all items, where count=true asked for it.' })),
  warnings: Type.Optional(Type.Array(Warning, { description: 'Filters that match nothing known.' }))
}, { additionalProperties: false, description: 'A page of a list.' }))

const readOnly = {
  code: code('The stable code that everything else refers to: chosen by the writer, never changed, unique ignoring case.'),
  version: whole({ minimum: 1, description: 'Counts the changes of this item, from 1; also its ETag.', readOnly: true }),
  created_at: Type.Unsafe<string>({ ...instant('When it was first written.'), readOnly: true }),
  updated_at: Type.Unsafe<string>({ ...instant('When it was last changed.'), readOnly: true })
}

/**
 * One resource in its three forms: as served (every member there), as PUT (members without a default required,
 * read-only ones ignored) and as a merge patch (everything optional, null resets).
 */
export function resource<P extends TProperties> (
  id: string,
  description: string,
  fields: P,
  { code: exampleCode, ...example }: Record<string, unknown> & { code: string },
  within: TProperties = {}
) {
  const ignored = Object.fromEntries(Object.entries({ ...readOnly, ...within }).map(([name, schema]) =>
    [name, { ...schema, description: `${schema.description ?? ''} Ignored on write; a code that is not the path's is refused.` }]))
  const required = Object.keys(fields).filter(name => fields[name]!.default === undefined)
  const patch = Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, patchOf(schema)]))
  const members = { ...readOnly, ...within, ...fields }
  const examples = [answerExample(members, { code: exampleCode, ...example })]
  const served = Type.Object(members, { description, additionalProperties: false, examples })
  const view = named(id, served)
  return {
    id,
    fields,
    /** What it belongs to, where its path alone would tell. */
    within,
    served,
    view,
    page: pageOf(`${id}Page`, view),
    body: named(`${id}Body`, Type.Unsafe<Partial<Static<TObject<P>>>>({
      ...Type.Object({ ...ignored, ...fields }, { description, additionalProperties: false, examples: [example] }), required
    })),
    /** As it stands in a bundle. */
    item: Type.Unsafe<Record<string, unknown> & { code: string }>({
      ...Type.Object({ code: readOnly.code, ...within, ...fields }, { description: `${description} As it stands in a bundle.`, additionalProperties: false }), required: ['code', ...Object.keys(within), ...required]
    }),
    exampleCode,
    patch: named(`${id}Patch`, Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      properties: { ...ignored, ...patch },
      additionalProperties: false,
      minProperties: 1,
      examples: [patchExample(example)],
      description: `JSON merge patch (RFC 7396) of ${id}: only the members to change; null resets a member to its default.`
    })),
    example
  }
}

/** What is answered where the example of a body was written. */
function answerExample (members: TProperties, written: Record<string, unknown>) {
  const at = '2017-06-30T09:00:00Z'
  const example: Record<string, unknown> = { ...written, version: 1, created_at: at, updated_at: at }
  const left = ({ examples, default: absent }: TSchema) => absent === undefined ? (examples as unknown[] | undefined)?.[0] : absent as unknown
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, example[name] ?? left(schema)]))
}

/** A patch that any reader understands: the first words of the example, revised. */
function patchExample (example: Record<string, unknown>) {
  const name = ['title', 'text', 'printed'].find(name => name in example)!
  return { [name]: `${String(example[name])}, revised` }
}

/** The same, or null; without a default. */
export function nullable ({ default: _, ...schema }: TSchema): TSchema {
  const { type, enum: values } = schema
  if (Array.isArray(type) || (type === undefined && schema.anyOf?.some((branch: TSchema) => branch.type === 'null'))) return schema as TSchema
  if (type === undefined) return { anyOf: [schema, { type: 'null' }] } as unknown as TSchema
  return { ...schema, type: [type, 'null'], ...(values && { enum: [...values, null] }) } as unknown as TSchema
}

/** A member of a merge patch: null resets it, and of an object only the members to change are named. */
function patchOf (schema: TSchema): TSchema {
  const shape = resolve(schema)
  if (![shape.type].flat().includes('object')) return nullable(schema)
  const { type: _, required: __, default: ___, properties = {}, additionalProperties: rest, ...others } = shape
  return {
    ...others,
    $id: undefined,
    type: ['object', 'null'],
    properties: Object.fromEntries(Object.entries(properties as TProperties).map(([name, member]) => [name, patchOf(member)])),
    additionalProperties: typeof rest === 'object' ? nullable(rest as TSchema) : rest
  } as unknown as TSchema
}

/** The shape of a member's value, looking through references. */
export function resolve (schema: TSchema): TSchema {
  if (schema.$ref !== undefined) return components.get(schema.$ref) ?? schema
  const branch = schema.anyOf?.find((b: TSchema) => b.type !== 'null')
  return branch === undefined ? schema : resolve(branch)
}
