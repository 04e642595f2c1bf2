// What in a schema breaks clients when it changes: of a request, to take less than before; of an answer, to give more kinds of
// thing than before, or less of what was promised.
import { nameOf, type Schema } from './operations.js'

export interface Break { where: string, what: string, instead: string }

export type Way = 'request' | 'answer'

export const keep = 'Keep it, or announce it first: deprecated, with x-sunset twelve months ahead.'
export const beside = 'Leave it as it was and add another beside it, or make a /v2.'
export const optional = 'Make it optional, so that requests without it mean what they meant.'

/** What the comparison looks at, and what says nothing that a client could break on. */
export const compared = ['$ref', 'type', 'enum', 'const', 'default', 'format', 'pattern', 'propertyNames', 'uniqueItems', 'properties', 'required', 'additionalProperties',
  'items', 'anyOf', 'minLength', 'minimum', 'minItems', 'minProperties', 'maxLength', 'maximum', 'maxItems', 'maxProperties']
export const silent = ['description', 'examples', 'readOnly', 'contentMediaType', 'deprecated', 'x-sunset', 'x-open']

const every = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const lowest = ['minLength', 'minimum', 'minItems', 'minProperties']
const highest = ['maxLength', 'maximum', 'maxItems', 'maxProperties']
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
const without = <T>(some: readonly T[], others: readonly T[]) => some.filter(one => !others.includes(one))

/** Announced for so long that it may go. */
export const ended = (released: { deprecated?: unknown, 'x-sunset'?: unknown } | Schema, today: string) =>
  released.deprecated === true && typeof released['x-sunset'] === 'string' && released['x-sunset'] <= today

interface Side { schemas: Record<string, Schema> }

export function schemaComparison (released: Side, now: Side, today: string, found: Break[]) {
  const done = new Set<string>()

  return function compare (old: Schema, fresh: Schema, way: Way, at: string): void {
    const say = (what: string, instead: string, where = at) => found.push({ where: `${where} (${way})`, what, instead })
    const names = `${identity(old)}>${identity(fresh)}`
    if (names.length > 1) {
      if (done.has(`${way} ${names}`)) return
      done.add(`${way} ${names}`)
      at = identity(old).replace('|null', '') || at
    }
    const [before, after] = [read(old, released), read(fresh, now)]
    types(before, after)
    values(before, after)
    if (way === 'request') limits(before, after)
    if (before.format !== undefined && !same(before.format, after.format)) say(`the format ${String(before.format)} became ${String(after.format)}`, beside)
    members(before, after)
    if (before.items !== undefined && after.items !== undefined) compare(before.items, after.items, way, `${at}[]`)
    forms(before, after)

    function types (before: Schema, after: Schema) {
      const [was, is] = [typesOf(before), typesOf(after)]
      const changed = way === 'request' ? without(was, is) : without(is, was)
      if (changed.length > 0) say(`the type ${was.length === 7 ? 'any' : was.join('|')} became ${is.length === 7 ? 'any' : is.join('|')}`, beside)
    }

    function values (before: Schema, after: Schema) {
      const [was, is] = [enumOf(before), enumOf(after)]
      if (way === 'request' && is !== undefined) {
        if (was === undefined) say(`takes only ${is.join(', ')} now`, beside)
        else if (without(was, is).length > 0) say(`no longer takes ${without(was, is).join(', ')}`, keep)
      }
      if (way === 'answer' && was !== undefined && before['x-open'] !== true) {
        if (is === undefined) say('may have any value now', beside)
        else if (without(is, was).length > 0) say(`may be ${without(is, was).join(', ')} now, and the list was not open`, beside)
      }
    }

    function limits (before: Schema, after: Schema) {
      for (const name of lowest) if (Number(after[name] ?? -Infinity) > Number(before[name] ?? -Infinity)) say(`${name} rose to ${String(after[name])}`, beside)
      for (const name of highest) if (Number(after[name] ?? Infinity) < Number(before[name] ?? Infinity)) say(`${name} fell to ${String(after[name])}`, beside)
      for (const name of ['pattern', 'propertyNames', 'uniqueItems']) if (after[name] !== undefined && !same(before[name], after[name])) say(`${name} became ${JSON.stringify(after[name])}`, beside)
      if (before.format === undefined && after.format !== undefined) say(`must have the format ${String(after.format)} now`, beside)
      if (!same(before.default, after.default)) say(`left out it now means ${JSON.stringify(after.default)}`, beside)
    }

    function members (before: Schema, after: Schema) {
      const [was, is] = [before.properties ?? {}, after.properties ?? {}]
      for (const [name, member] of Object.entries(was)) {
        if (is[name] !== undefined) compare(member, is[name], way, `${at}.${name}`)
        else if (!ended(member, today)) say('the member is gone, or has another name', keep, `${at}.${name}`)
      }
      const [needed, needs] = [before.required ?? [], after.required ?? []] as [string[], string[]]
      if (way === 'request') for (const name of without(needs, needed)) say('the member is required now', optional, `${at}.${name}`)
      if (way === 'answer') for (const name of without(needed, needs)) if (is[name] !== undefined || was[name] === undefined) say('the member may be left out now', 'Go on sending it.', `${at}.${name}`)
      const [open, opens] = [before.additionalProperties ?? true, after.additionalProperties ?? true]
      if (typeof open === 'object' && typeof opens === 'object') compare(open, opens, way, `${at}.*`)
      else if (way === 'request' && open !== false && open !== opens && opens !== true) say('takes fewer members of other names', beside)
      else if (way === 'answer' && typeof open === 'object' && opens === true) say('may have members of any form', beside)
    }

    function forms (before: Schema, after: Schema) {
      const [was, is] = [before.anyOf ?? [], after.anyOf ?? []]
      const changed = way === 'request' ? without(was.map(label), is.map(label)) : without(is.map(label), was.map(label))
      if (changed.length > 0) say(`${way === 'request' ? 'no longer takes' : 'may be'} the form ${changed.join(', ')}`, beside)
      for (const [i, form] of was.entries()) {
        const other = is.find((one, j) => label(one, j) === label(form, i))
        if (other !== undefined) compare(form, other, way, `${at}|${label(form, i)}`)
      }
    }
  }
}

const label = (schema: Schema, at: number) => nameOf(schema) || String(at + 1)

/** The component that a schema is, or is where it is not null. */
function identity (schema: Schema): string {
  const forms = schema.anyOf?.filter(({ type }) => type !== 'null') ?? []
  return nameOf(schema) || (forms.length === 1 && nameOf(forms[0]) !== '' ? `${nameOf(forms[0])}|null` : '')
}

/** Without references, and with "or null" as a type. */
function read (schema: Schema, side: Side): Schema {
  if (schema.$ref !== undefined) return read(side.schemas[nameOf(schema)] ?? {}, side)
  const forms = schema.anyOf?.filter(({ type }) => type !== 'null')
  if (forms === undefined || forms.length === schema.anyOf!.length) return schema
  const { anyOf: _, ...rest } = schema
  const one = forms.length === 1 ? read(forms[0]!, side) : { anyOf: forms }
  return { ...one, ...rest, type: [...new Set([...typesOf(one), 'null'])] }
}

function typesOf ({ type, anyOf, enum: values }: Schema): string[] {
  if (type === undefined) return anyOf === undefined ? (values === undefined ? every : ['string']) : ['any of several']
  return [...new Set([type].flat().flatMap(one => one === 'number' ? ['number', 'integer'] : [one]))]
}

const enumOf = (schema: Schema) => 'const' in schema ? [schema.const] : schema.enum?.filter(value => value !== null)
