// Deliveries on the wire: what is sent, and the receipt that is answered.
import { Type } from '@sinclair/typebox'
import { enumOf, instant, named, openEnum, pageOf, text, whole } from '../../http/schema.js'
import { DatapointRow, RowWarning, rowProblemCodes } from '../datapoints/schema.js'

const count = (what: string) => whole({ description: what })

const RowProblem = named('RowProblem', Type.Object({
  code: openEnum(rowProblemCodes, 'Which fault.'),
  detail: Type.String({ description: 'What is wrong and what to type instead.' }),
  column: Type.Union([Type.String(), Type.Null()], { description: 'The column it stands in; null: the row as a whole.' }),
  value: Type.Unsafe<unknown>({ description: 'What was sent there.' }),
  rows: Type.Array(whole(), { maxItems: 100, description: 'The first 100 rows with this fault: index from 0 in JSON; line from 1 in NDJSON and CSV, whose header is line 1; row of the sheet in xlsx.' }),
  cells: Type.Optional(Type.Array(Type.String(), { description: 'Of a sheet, the cells in which it stands: "B7".' })),
  pointer: Type.Optional(Type.String({ description: 'In JSON, a pointer to the first of them: "/datapoints/3/measure".' })),
  row_count: count('How many rows have it.'),
  suggestion: Type.Optional(Type.String({ description: 'What was most likely meant.' }))
}, { additionalProperties: false, description: 'A fault and the rows that have it.' }))

export const receipt = {
  id: Type.String({ description: 'Id of the delivery.' }),
  result: enumOf(['applied', 'partially_applied', 'validated', 'rejected'], 'What came of it; validated is a dry run without faults.'),
  mode: enumOf(['atomic', 'partial'], 'atomic: all rows or none; partial: the good rows.'),
  dry_run: Type.Boolean({ description: 'True: everything was checked and nothing written.' }),
  counts: Type.Object({
    received: count('Rows received.'),
    created: count('Figures that are new.'),
    updated: count('Figures that changed: a new revision each.'),
    unchanged: count('Rows that say what is stored.'),
    deleted: count('Figures withdrawn.'),
    rejected: count('Rows with faults.')
  }, { additionalProperties: false, description: 'Rows by what came of them.' }),
  problems: Type.Array(RowProblem, { description: 'Faults, grouped by cause.' }),
  warnings: Type.Array(RowWarning, { description: 'Things to look at.' }),
  submitted_by: Type.Union([Type.String(), Type.Null()], { description: 'Organisation of the client.' }),
  note: Type.Union([Type.String(), Type.Null()], { description: 'Note sent with the delivery.' }),
  received_at: instant('When it came in.'),
  reverts: Type.Optional(Type.String({ description: 'Id of the delivery that this one takes back.' })),
  links: Type.Object({
    self: Type.Union([Type.String(), Type.Null()], { description: 'Where the receipt can be read again; null for a dry run, which leaves nothing behind.' }),
    rejected: Type.Union([Type.String(), Type.Null()], { description: 'Where the rejected rows can be read; null where there are none, and for a dry run.' })
  }, { additionalProperties: false, description: 'Addresses.' })
}

export const ImportReceipt = named('ImportReceipt', Type.Object(receipt, {
  additionalProperties: false,
  description: 'What came of a delivery.',
  examples: [{
    id: '01BKVN6M8P0Q2R4S6T8V0W2X4Y',
    result: 'applied',
    mode: 'atomic',
    dry_run: false,
    counts: { received: 1, created: 1, updated: 0, unchanged: 0, deleted: 0, rejected: 0 },
    problems: [],
    warnings: [],
    submitted_by: 'nottingham-city-ccg',
    note: null,
    received_at: '2017-06-30T09:00:00.223Z',
    links: { self: '/v1/datapoint-imports/01BKVN6M8P0Q2R4S6T8V0W2X4Y', rejected: null }
  }]
}))

export const ImportReceiptPage = pageOf('ImportReceiptPage', ImportReceipt)

export const ImportRejection = named('ImportRejection', Type.Object({
  type: Type.String({ description: '/problems/import_rejected' }),
  title: Type.String({ description: 'The same for every rejection.' }),
  status: whole({ minimum: 422, maximum: 422, description: '422' }),
  detail: Type.String({ description: 'How many rows have faults.' }),
  instance: Type.String({ description: 'The path asked for.' }),
  code: enumOf(['import_rejected'], 'By it this is told from other problems.'),
  ...receipt
}, { additionalProperties: false, description: 'A problem that carries the receipt.' }))

export const DatapointImport = named('DatapointImport', Type.Object({
  datapoints: Type.Array(DatapointRow, { maxItems: 200_000, description: 'The rows.' }),
  source: Type.Optional(text('Source of every row that names none itself.', 1000)),
  note: Type.Optional(text('A note on the delivery, kept with its receipt.', 2000))
}, {
  additionalProperties: false,
  description: 'A delivery of figures.',
  examples: [{ datapoints: [{ measure: 'smoking-at-delivery', area: 'E06000018', period: '2016/17', value: 17.2 }] }]
}))

const megabyte = 1024 * 1024

export const Lines = Type.String({ maxLength: 1024 * megabyte, description: 'One row a line, each a JSON object as in datapoints.', examples: ['{"measure": "smoking-at-delivery", "area": "E06000018", "period": "2016/17", "value": 17.2}\n'] })

export const Table = Type.String({ maxLength: 1024 * megabyte, description: 'A header row with names of columns, then one line a row.', examples: ['measure,area,period,value\nsmoking-at-delivery,E06000018,2016/17,17.2\n'] })

export const Sheet = Type.String({ format: 'binary', maxLength: 50 * megabyte, description: 'The first sheet: a header row with names of columns, then one row each.' })

export const Rejected = Type.String({ description: 'RFC 4180, UTF-8, header row.' })
