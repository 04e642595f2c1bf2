// One figure by its key, which is what dashboards ask for all day: one prepared statement, and nothing else on its way.
import type pg from 'pg'
import { sql } from 'kysely'
import type { Actor } from '../../db/actor.js'
import type { Connection, Ctx } from '../../db/connection.js'
import { markOf, stateColumns } from '../../db/head.js'
import type { Answer } from '../../http/kept.js'
import type { TextRow } from '../../http/copy_text.js'
import { jsonRow } from '../../http/rows.js'
import { breakdownOf, breakdownText } from './breakdown.js'
import { cellKinds, plainColumns } from './columns.js'
import { selectOne, type Address, type FigureQuery } from './figure.js'

const kinds = cellKinds(false)
const toJson = jsonRow(kinds)
const revisionAt = kinds.findIndex(([name]) => name === 'revision')

/** `mark` names the state that was read, where the one statement did. */
export interface Found extends Answer {
  body: string
  revision: string
  /** Shown as it is, where others get what a disclosure rule leaves of it. */
  raw: boolean
}

const foundIn = (row: TextRow, face: string): Found => ({ body: toJson(row), revision: row[revisionAt]!, raw: face === 'raw' })

/** The row at the address as text that never was a float; undefined where there is none. */
export async function readAt (ctx: Ctx, at: Address): Promise<Found | undefined> {
  const cells = selectOne(ctx, at).select(plainColumns(false).map((value, i) => sql<string | null>`${value}::text`.as(`c${i}`)))
  const row = await cells.select('face').executeTakeFirst() as Record<string, string | null> & { face: string } | undefined
  if (row === undefined) return undefined
  const { face, ...values } = row
  return foundIn(Object.values(values), face)
}

/** In the place of values, when the statement is written. */
const marks = { measure: '{measure}', area: '{area}', period: '{period}', breakdown: { breakdown: '{breakdown}' }, statistic: '{statistic}', against: '{against}', base_period: '{base_period}' }
const caller = { client: '{client}', organisation: '{organisation}', key: null }

type Values = Record<string, string>

interface Statement { name: string, text: string, values (given: Values): unknown[] }

const statements = new Map<Actor['role'], Statement>()

/** What may be read depends on the caller, so each role has a statement. */
function statementFor ({ db }: Connection, role: Actor['role']): Statement {
  const kept = statements.get(role)
  if (kept !== undefined) return kept
  // The cells come as one, which costs the driver less than many.
  const row = selectOne({ db, actor: { ...caller, role } }, marks).select(sql`array[${sql.join(plainColumns(false).map(value => sql`${value}::text`))}]`.as('cells')).select('face')
  const { sql: text, parameters } = sql`select ${stateColumns}, to_json(cells)::text, face from journal, ${row} found`.compile(db)
  const named = parameters.map(value => typeof value === 'string' ? /^(?:breakdown=)?\{(\w+)\}$/.exec(value)?.[1] : undefined)
  const made = { name: `figure ${role ?? 'public'}`, text, values: (given: Values) => named.map((name, i) => name === undefined ? parameters[i] : given[name]) }
  statements.set(role, made)
  return made
}

const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig

type Path = Pick<Address, 'measure' | 'area' | 'period'>

/** The row, where period and base period are written as their codes; undefined also where somebody must look more closely. */
export async function readByKey (connection: Connection, actor: Actor, path: Path, query: FigureQuery): Promise<Found | undefined> {
  const { breakdown = 'none', statistic = 'level', against = '', base_period: base = '' } = query
  const { name, text, values } = statementFor(connection, actor.role)
  const given = { ...path, breakdown: breakdown === 'none' ? '' : breakdownText(breakdownOf(breakdown)), statistic, against, base_period: base, organisation: actor.organisation ?? '' }
  const { rows: [row] } = await connection.pool.query<[string, string, string, string]>({ name, text, values: values(given), rowMode: 'array', types: asText })
  return row && { ...foundIn(JSON.parse(row[2]) as TextRow, row[3]), mark: markOf(row[0], row[1]) }
}
