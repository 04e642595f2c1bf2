// The columns of the CSV, described for machines as CSV on the Web (W3C, Metadata Vocabulary for Tabular Data): made from
// the schema of the row and from nothing else.
import { Type, type TProperties, type TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { formatOf, mediaTypes } from '../../http/formats.js'
import { operation } from '../../http/operation.js'
import { resolve } from '../../http/schema.js'
import { columnNames } from './columns.js'
import { Datapoint } from './schema.js'

const path = '/v1/datapoints/columns'

const longest = 4000

/** The Link header of a CSV: leads to the description of the very table that was asked for. */
export function describedBy (request: FastifyRequest, titles: boolean): string {
  const query = new URLSearchParams({ ...(titles && { titles: 'true' }), ...(request.url.length <= longest && { of: request.url }) })
  return `<${path}?${query.toString()}>; rel="describedby"; type="${mediaTypes.csvm}"`
}

function datatypeOf (schema: TSchema): unknown {
  const type = [schema.type].flat().find(one => one !== 'null') as string | undefined
  if (type === 'number') return { base: 'decimal' }
  if (type === 'integer') return { base: 'integer', ...(schema.minimum !== undefined && { minimum: schema.minimum as number }) }
  if (type === 'boolean') return { base: 'boolean', format: 'true|false' }
  if (schema.format === 'date') return { base: 'date', format: 'yyyy-MM-dd' }
  if (schema.format === 'date-time') return { base: 'dateTimeStamp' }
  return { base: 'string' }
}

const nullable = (schema: TSchema) => schema.default !== undefined || [schema.type].flat().some(type => type === 'null' || type === 'object')

function describe (titles: boolean, of: string) {
  const described = resolve(Datapoint).properties as TProperties
  const key = ['measure', 'area', 'period', 'breakdown', 'statistic', 'against', 'base_period', ...(of.startsWith('/v1/datapoints/history') ? ['revision'] : [])]
  return {
    '@context': 'http://www.w3.org/ns/csvw',
    url: of,
    dialect: { encoding: 'utf-8', delimiter: ',', quoteChar: '"', doubleQuote: true, header: true, lineTerminators: ['\r\n'] },
    'dc:title': 'Datapoints',
    'dc:description': resolve(Datapoint).description,
    tableSchema: {
      columns: columnNames(titles).map(name => {
        const schema = described[name]!
        return {
          name,
          titles: name,
          'dc:description': schema.description,
          datatype: datatypeOf(schema),
          ...(schema.type === 'array' && { separator: ';' }),
          ...(nullable(schema) ? { null: '' } : { required: true })
        }
      }),
      primaryKey: key
    }
  }
}

const Metadata = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  required: ['@context', 'url', 'tableSchema'],
  properties: {
    '@context': { type: 'string', const: 'http://www.w3.org/ns/csvw', description: 'Says that this is CSV on the Web.' },
    url: { type: 'string', description: 'Path of the table that is described.' },
    tableSchema: { type: 'object', additionalProperties: true, description: 'Its columns, and its primaryKey.' }
  },
  description: 'CSV on the Web metadata: url of the table, and in tableSchema its columns with name, datatype and description, and its primaryKey.'
})

export function columnsRoute (app: FastifyInstance): void {
  app.get(path, operation({
    id: 'getDatapointColumns',
    tag: 'datapoints',
    summary: 'Describe the columns of the CSV',
    description: 'CSV on the Web metadata of the CSV of datapoints: each column with its name, datatype and description. The Link header of each CSV leads here.',
    role: 'public',
    query: {
      titles: Type.Optional(Type.Boolean({ description: 'true: with measure_title and area_title, as in a CSV with titles=true.' })),
      of: Type.Optional(Type.String({ pattern: '^/v1/datapoints(?:/history)?(?:\\?[!-~]*)?$', maxLength: longest, description: 'Path of the CSV that is described, as it was asked for; every datapoint where not given.', examples: ['/v1/datapoints?format=csv&measure=smoking-at-delivery'] }))
    },
    formats: { csvm: Metadata, json: Metadata },
    answers: { 200: { schema: Metadata, description: 'The description.', media: mediaTypes.csvm } },
    problems: []
  }), async (request, reply) => {
    const { titles = false, of = '/v1/datapoints?format=csv' } = request.query as { titles?: boolean, of?: string }
    return reply.header('content-type', mediaTypes[formatOf(request)]).send(describe(titles, of))
  })
}
