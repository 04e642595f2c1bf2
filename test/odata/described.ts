// What $metadata says of the sets, read by the converter of the OASIS committee that wrote the standard.
import csdl from 'odata-csdl'
import type { Property } from './filters.js'

export interface Described { name: string, type: string, key: string[], properties: Array<Property & { nullable: boolean, maxLength?: number }> }

type Json = Record<string, any>

/** The same as JSON; whatever the converter finds wrong is an error. */
export function jsonOf (xml: string): Json {
  const messages: Array<{ message: string }> = []
  const json = csdl.xml2json(xml, { strict: true, messages })
  if (messages.length > 0) throw new Error(messages.map(({ message }) => message).join('\n'))
  return json
}

export function described (xml: string): Described[] {
  const json = jsonOf(xml)
  const [namespace, container] = (json.$EntityContainer as string).split('.') as [string, string]
  const schema = json[namespace] as Json
  return Object.entries(schema[container] as Json).filter(([name]) => !/[$@]/.test(name)).map(([name, set]: [string, Json]) => {
    const type = (set.$Type as string).split('.').at(-1)!
    const { $Key: key, ...members } = schema[type] as Json
    const properties = Object.entries(members).filter(([name]) => !/[$@]/.test(name))
      .map(([name, one]: [string, Json]) => ({ name, type: (one.$Type ?? 'Edm.String') as string, nullable: one.$Nullable === true, ...(one.$MaxLength !== undefined && { maxLength: one.$MaxLength as number }) }))
    return { name, type, key: key as string[], properties }
  })
}
