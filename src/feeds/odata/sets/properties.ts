// Members of the wire as properties: the same names and descriptions; lists and maps as one text, for the tools that read this
// take neither.
import type { TProperties, TSchema } from '@sinclair/typebox'
import { sql } from 'kysely'
import { resolve } from '../../../http/schema.js'
import type { EdmType, Property, SortKey } from '../model.js'

const formats: Record<string, EdmType> = { date: 'Date', 'date-time': 'DateTimeOffset' }
const types: Record<string, EdmType> = { integer: 'Int32', number: 'Decimal', boolean: 'Boolean' }

const typesOf = ({ type, anyOf }: TSchema): string[] =>
  type === undefined ? (anyOf ?? []).map((branch: TSchema) => branch.type as string) : [type].flat()

function edmOf (schema: TSchema): EdmType {
  const [type = 'object'] = typesOf(resolve(schema)).filter(one => one !== 'null')
  return formats[resolve(schema).format as string] ?? types[type] ?? 'String'
}

const isFlat = (schema: TSchema) => !['object', 'array'].includes(typesOf(resolve(schema)).find(one => one !== 'null') ?? 'object')

/** Members become properties in their order; a list that is empty is null. */
export function propertiesOf (members: TProperties): Property[] {
  return Object.entries(members).map(([name, schema]) => {
    const flat = isFlat(schema)
    const { maxLength } = resolve(schema) as { maxLength?: number }
    const type = flat ? edmOf(schema) : 'String'
    return {
      name,
      type,
      nullable: !flat || typesOf(schema).includes('null'),
      about: `${schema.description ?? ''}${flat ? '' : ' As one text.'}`.trim(),
      ...(flat && type === 'String' && maxLength !== undefined && { maxLength }),
      column: sql.ref(`row.${name}`)
    }
  })
}

/** In the order of texts that are never null, by their characters. */
export const inOrder = (names: string[]): SortKey[] =>
  names.map(name => ({ by: sql`${sql.ref(`row.${name}`)} collate "C"`, cast: 'text', descending: false }))
