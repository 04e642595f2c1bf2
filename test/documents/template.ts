// Templates as the tests of them ask for them.
import type { FastifyInstance } from 'fastify'
import type { ColumnName } from '../../src/documents/return_template/columns.js'
import type { Answer, Client } from '../support/client.js'
import { readCsv } from './sample.js'

export type Query = Record<string, string>
export type Cells = Record<ColumnName, string>

export const path = (organisation: string) => `/v1/organisations/${organisation}/return-template`

export const ask = (client: Client, organisation: string, query: Query = {}): Promise<Answer> => client.get(path(organisation), { query: { format: 'csv', ...query } })

export const rowsOf = async (client: Client, organisation: string, query: Query = {}): Promise<Cells[]> =>
  readCsv((await ask(client, organisation, query)).text) as Cells[]

export const bytesOf = async (app: FastifyInstance, organisation: string, query = ''): Promise<Uint8Array> =>
  new Uint8Array((await app.inject(`${path(organisation)}${query}`)).rawPayload)

/** Just the key of each row. */
export const keys = (rows: Cells[]) => rows.map(row => [row.measure, row.area, row.breakdown])
