// Reading many rows from one consistent state as the text of COPY: pages as a whole, selections of any size as a stream.
import type { Readable } from 'node:stream'
import { sql, type CompiledQuery, type Expression, type RawBuilder } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { problem } from '../problems.js'
import { sealText, writeBookmark } from './bookmark.js'
import type { Connection } from './connection.js'
import { markOf, stateColumns, stateText } from './head.js'

/** The state that was read: its position in the journal, its instant, and the bookmark of the change feed at that state. */
export interface State { position: number, at: string, cursor: string }

const stateAt = (position: string, at: string, seal: string): State =>
  ({ position: Number(position), at, cursor: writeBookmark(Number(position), seal) })

/** One round trip: the first query of the transaction takes its snapshot. A stream lasts as long as its reader pleases. */
const begin = `begin transaction isolation level repeatable read read only;
  set local statement_timeout = 0;
  select ${stateText}, ${sealText} as seal from journal`

async function open (client: pg.PoolClient): Promise<State> {
  const answers = await client.query(begin) as unknown as Array<pg.QueryResult<{ position: string, at: string, seal: string }>>
  const { position, at, seal } = answers[2]!.rows[0]!
  return stateAt(position, at, seal)
}

/** COPY takes no parameters, so they are written into the statement as literals. */
const literal = (value: unknown) => value === null || value === undefined
  ? 'null'
  : pg.escapeLiteral(Array.isArray(value) ? `{${value.map(one => JSON.stringify(String(one))).join(',')}}` : String(value))

const inlined = ({ sql, parameters }: CompiledQuery) => sql.replace(/\$(\d+)/g, (_, n: string) => literal(parameters[Number(n) - 1]))

const copyOf = (query: CompiledQuery) => copyTo(`copy (${inlined(query)}) to stdout`, { highWaterMark: 1 << 17 })

const count = async (client: pg.PoolClient, { sql, parameters }: CompiledQuery) =>
  Number((await client.query<{ total: number }>(sql, [...parameters])).rows[0]!.total)

/** A text as it stands in a line of COPY's text. */
export const escapedText = (value: RawBuilder<unknown>): RawBuilder<string> => sql`replace(replace(replace(${value}, '\\', '\\\\'), e'\t', '\\t'), e'\n', '\\n')`

export interface PageText { text: Buffer, total?: number, state: State, mark: string }

/** A page stays bytes, and is not made a text only to be made bytes again; copied, for the driver uses its memory again. */
const plain = { getTypeParser: () => (bytes: Buffer) => Buffer.from(bytes) } as unknown as pg.CustomTypesConfig

/** Statements with a name are planned once a connection, which takes as long as to read a page; each holds memory there. */
const named = new Map<string, string>()
const mostNamed = 24

function nameOf (text: string): { name?: string } {
  const known = named.get(text)
  if (known !== undefined || named.size === mostNamed) return known === undefined ? {} : { name: known }
  const name = `page ${named.size}`
  named.set(text, name)
  return { name }
}

type Row = [position: Buffer, at: Buffer, seal: Buffer, page: Buffer | null, total: Buffer]

interface PageQuery {
  lines: Expression<{ line: string }>
  /** Tells the total, where that is wanted. */
  counted?: Expression<{ total: number }>
  /** Whether one plan is good for all values, so that it is kept: planning takes as long as the reading. */
  steady: boolean
}

/** A page as COPY's text made of its lines: one statement, so one state. */
export async function readPage (connection: Connection, { lines, counted, steady }: PageQuery): Promise<PageText> {
  const total = counted === undefined ? sql`` : sql`, (${counted})::text`
  const { sql: text, parameters } = sql`select ${stateColumns}, ${sql.raw(sealText)}, (select string_agg(line, '') from ${lines} page)${total} from journal`.compile(connection.db)
  const query = { ...(steady && nameOf(text)), text, values: [...parameters], rowMode: 'array' as const, binary: true, types: plain }
  const { rows: [row] } = 'name' in query ? await planned(connection, query) : await connection.pool.query<Row>(query)
  const [position, at, seal, count] = [row![0], row![1], row![2], row![4]].map(String) as [string, string, string, string]
  return {
    text: row![3] ?? Buffer.alloc(0),
    ...(counted !== undefined && { total: Number(count) }),
    state: stateAt(position, at, seal),
    mark: markOf(position, at)
  }
}

/** Postgres guesses that a page behind an unknown key costs more than it does, and would plan anew for every key. */
async function planned ({ pool }: Connection, query: pg.QueryArrayConfig): Promise<pg.QueryArrayResult<Row>> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('begin transaction read only; set local plan_cache_mode = force_generic_plan')
    const result = await client.query<Row>(query)
    await client.query('commit')
    return result
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/** Streams last as long as their readers please, so they may never take every connection. */
const streaming = new WeakMap<pg.Pool, number>()
const mostStreams = 4

function takeStream (pool: pg.Pool): () => void {
  const open = streaming.get(pool) ?? 0
  if (open >= Math.min(mostStreams, pool.options.max - 1)) {
    throw problem('unavailable', 'As many downloads as the service allows are under way. Repeat the request.', { headers: { 'retry-after': '5' } })
  }
  streaming.set(pool, open + 1)
  let held = true
  return () => {
    if (held) streaming.set(pool, streaming.get(pool)! - 1)
    held = false
  }
}

/** What a form holds at most, and the query that counts as far as that. */
export interface Most { counted: CompiledQuery, rows: number, refuse: string }

/**
 * The whole selection as a stream of COPY's text. Its connection goes back when it ends, and is destroyed when it is abandoned: the
 * database notices that and stops.
 */
export async function readStream ({ pool }: Connection, query: CompiledQuery, most?: Most): Promise<{ stream: Readable, state: State }> {
  const giveBack = takeStream(pool)
  const client = await pool.connect().catch(error => {
    giveBack()
    throw error
  })
  let released = false
  const release = (error?: Error | boolean) => {
    if (released) return
    released = true
    giveBack()
    client.release(error)
  }
  try {
    const state = await open(client)
    if (most !== undefined && await count(client, most.counted) > most.rows) throw problem('too_large', most.refuse)
    const stream = client.query(copyOf(query))
    stream.once('end', () => {
      // All was read: the next download need not wait for the commit.
      giveBack()
      client.query('commit').then(() => release(), release)
    })
    stream.once('error', release)
    stream.once('close', () => { if (!stream.readableEnded) release(true) })
    return { stream, state }
  } catch (error) {
    release(error as Error)
    throw error
  }
}
