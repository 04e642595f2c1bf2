// Values that a schema of the document allows: ordinary ones, or those at its edges. Its patterns and its words are fast-check's;
// which of them is taken, the dice say.
import fc from 'fast-check'
import type { Dice } from '../support/random.js'
import type { Openapi, Schema } from '../contract/operations.js'

/** How the values are to be: as usual, or as far out as the schema lets them be. */
export type Mood = 'usual' | 'edge'

/** A code of something that is there, for a member of this name. */
export type Refer = (name: string) => string | undefined

const codes = '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'
const dates = { usual: ['2015-04-01', '2017-03-31', '2018-12-31', '2024-02-29'], edge: ['0001-01-01', '9999-12-31', '1900-01-01', '2000-02-29', '2199-12-31'] }
const instants = {
  usual: ['2026-01-01T00:00:00Z', '2190-01-01T00:00:00Z'],
  edge: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '2017-06-30T23:59:59+14:00', '1970-01-01T00:00:00.000Z', '2017-06-30T23:59:60Z']
}
const periods = { usual: ['FY2015', 'FY2016', '2016/17', '2017-18', 'FY2017-Q1', 'CY2016', 'AY2016'], edge: ['CY1900', 'CY2199', 'CY2016-M02', '2013/14 - 2015/16', 'Mar-17', 'undated', 'as at 31 March 2017', 'Q4'] }
const words = { usual: ['Fewer smokers', 'A **better** start', 'As printed', '17.2%'], edge: ['é', '😀', '\u202eabc', "'", '=1+1', '<script>', '\\N', 'a\tb', ' x ', '"', 'null', 'line\nline'] }
const numbers = {
  usual: [0, 1, 12.5, 17.2, 100, 41],
  edge: [-0, 0.000000000000001, 999999999999999, -999999999999999, 1e14, 0.1, -0.5, 123456.789012345]
}
const periodic = new Set(['period', 'base_period'])

interface Bounds {
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  required?: string[]
  propertyNames?: { pattern: string }
}

export type Values = ReturnType<typeof valuesOf>

export function valuesOf ({ components }: Openapi, dice: Dice, seed: number) {
  const drawn = new Map<string, string[]>()

  /** Texts of a pattern, drawn once. */
  function matching (pattern: string): string[] {
    const known = drawn.get(pattern)
    if (known !== undefined) return known
    const texts = fc.sample(fc.stringMatching(new RegExp(pattern)), { seed, numRuns: 30 })
    drawn.set(pattern, texts)
    return texts
  }

  const resolved = (schema: Schema): Schema => schema.$ref === undefined ? schema : resolved(components.schemas[schema.$ref.split('/').at(-1)!]!)

  function text (schema: Schema, name: string, mood: Mood, refer: Refer): string {
    const { pattern, format, minLength = 0, maxLength = 300 } = schema as Bounds
    if (format === 'date') return dice.pick(dates[mood])
    if (format === 'date-time') return dice.pick(instants[mood])
    const known = dice.once(15) ? undefined : refer(name)
    if (known !== undefined && (pattern === codes || pattern === undefined)) return known
    if (periodic.has(name)) return dice.pick(periods[mood])
    if (pattern !== undefined && pattern !== '\\S') return dice.pick(matching(pattern)).slice(0, maxLength)
    if (mood === 'edge' && dice.once(6)) return 'ä'.repeat(maxLength)
    const word = dice.pick(words[mood])
    return word.length > maxLength ? word.slice(0, maxLength) : word.padEnd(minLength, 'x')
  }

  function number (schema: Schema, whole: boolean, mood: Mood): number {
    const { minimum = -999999999999999, maximum = 999999999999999 } = schema as { minimum?: number, maximum?: number }
    const within = (wanted: number) => Math.min(maximum, Math.max(minimum, whole ? Math.trunc(wanted) : wanted))
    return mood === 'edge' ? dice.pick([minimum, maximum, within(dice.pick(numbers.edge))]) : within(dice.pick(numbers.usual))
  }

  function list (schema: Schema, name: string, mood: Mood, refer: Refer): unknown[] {
    const { minItems = 0, maxItems = 3, uniqueItems = false } = schema as Bounds
    const wanted = Math.max(minItems, Math.min(maxItems, dice.roll(mood === 'edge' ? 5 : 3)))
    const items = Array.from({ length: wanted }, () => value(schema.items ?? {}, name, mood, refer))
    return uniqueItems ? [...new Map(items.map(item => [JSON.stringify(item), item])).values()] : items
  }

  function object (schema: Schema, mood: Mood, refer: Refer): Record<string, unknown> {
    const { required = [], properties = {}, propertyNames, additionalProperties } = schema as Schema & Bounds
    const optional = (name: string) => properties[name]!.readOnly !== true && name !== 'code' && dice.once(mood === 'edge' ? 2 : 4)
    const names = Object.keys(properties).filter(name => required.includes(name) || optional(name))
    const members = names.map(name => [name, value(properties[name]!, name, mood, refer)])
    if (typeof additionalProperties === 'object' && propertyNames !== undefined && dice.once(2)) members.push([dice.pick(matching(propertyNames.pattern)), value(additionalProperties, '', mood, refer)])
    return Object.fromEntries(members) as Record<string, unknown>
  }

  function value (given: Schema, name: string, mood: Mood, refer: Refer): unknown {
    const schema = resolved(given)
    if (schema.enum !== undefined) return dice.pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices !== undefined) return value(dice.once(4) ? choices.at(-1)! : choices[0]!, name, mood, refer)
    const types = [schema.type ?? 'string'].flat()
    if (types.includes('null') && dice.once(4)) return null
    switch (types.find(type => type !== 'null')) {
      case 'object': return object(schema, mood, refer)
      case 'array': return list(schema, name, mood, refer)
      case 'boolean': return dice.once(2)
      case 'integer': return number(schema, true, mood)
      case 'number': return number(schema, false, mood)
      default: return text(schema, name, mood, refer)
    }
  }

  /** The example of the document, referring to what is there. */
  function referred (example: unknown, given: Schema, name: string, refer: Refer): unknown {
    const schema = resolved(given)
    if (Array.isArray(example)) return example.map(one => referred(one, schema.items ?? {}, name, refer))
    if (typeof example === 'object' && example !== null) {
      const below = (schema.anyOf ?? [schema]).map(resolved).find(one => one.properties !== undefined)?.properties ?? {}
      return Object.fromEntries(Object.entries(example).map(([key, one]) => [key, referred(one, below[key] ?? {}, key, refer)]))
    }
    return typeof example === 'string' && schema.pattern === codes ? refer(name) ?? example : example
  }

  return {
    value,
    /** A body as a client would send it: what the schema asks for, or its example with something more. */
    body: (schema: Schema, mood: Mood, refer: Refer): Record<string, unknown> => {
      const example = resolved(schema).examples?.[0]
      const made = value(schema, '', mood, refer) as Record<string, unknown>
      if (example === undefined || mood === 'edge' || dice.once(3)) return made
      const base = referred(structuredClone(example), schema, '', refer) as Record<string, unknown>
      const [more] = Object.entries(made).filter(([name]) => !(name in base))
      return { ...base, ...(more !== undefined && dice.once(3) && { [more[0]]: more[1] }) }
    }
  }
}
