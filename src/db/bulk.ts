// Reading many rows from one consistent state as text: pages as arrays of cells, whole selections as a COPY stream.
import type { Readable } from 'node:stream'
import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { problem } from '../problems.js'
import type { Connection } from './connection.js'
import { writeCursor } from './keyset.js'

/** The state that was read: its instant, and the bookmark of the change feed at that state. */
export interface State { at: string, cursor: string }

const asText = { getTypeParser: () => (value: string) => value }

const begin = 'begin transaction isolation level repeatable read read only'

const head = 'select position, to_char(at, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') as at from journal'

export type TextRow = Array<string | null>

export const changeCursor = (position: number) => writeCursor('changes', [position])

async function open (client: pg.PoolClient): Promise<State> {
  await client.query(begin)
  const { rows: [row] } = await client.query<{ position: number, at: string }>(head)
  return { at: row!.at, cursor: changeCursor(row!.position) }
}

export interface RowPage { rows: TextRow[], total?: number, state: State }

/** A page, and where `counted` is given the number that it answers, from one state. */
export async function readRows ({ pool }: Connection, query: CompiledQuery, counted?: CompiledQuery): Promise<RowPage> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    const state = await open(client)
    const run = async ({ sql: text, parameters }: CompiledQuery) =>
      (await client.query<TextRow>({ text, values: [...parameters], rowMode: 'array', types: asText as never })).rows
    const rows = await run(query)
    const total = counted === undefined ? {} : { total: Number((await run(counted))[0]![0]) }
    await client.query('commit')
    return { rows, ...total, state }
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/** COPY takes no parameters, so they are written into the statement as literals. */
const literal = (value: unknown) => value === null || value === undefined
  ? 'null'
  : pg.escapeLiteral(Array.isArray(value) ? `{${value.map(one => JSON.stringify(String(one))).join(',')}}` : String(value))

const inlined = ({ sql, parameters }: CompiledQuery) => sql.replace(/\$(\d+)/g, (_, n: string) => literal(parameters[Number(n) - 1]))

/** CSV of the whole selection as a stream; the connection goes back when it ends and is destroyed when it is abandoned. */
/** Streams last as long as their readers please, so they may never take every connection. */
const streaming = new WeakMap<pg.Pool, number>()
const mostStreams = 4

function takeStream (pool: pg.Pool): () => void {
  const open = streaming.get(pool) ?? 0
  if (open >= Math.min(mostStreams, pool.options.max - 1)) {
    throw problem('unavailable', 'As many downloads as the service allows are under way. Repeat the request.', { headers: { 'retry-after': '5' } })
  }
  streaming.set(pool, open + 1)
  return () => { streaming.set(pool, streaming.get(pool)! - 1) }
}

export async function readCsv ({ pool }: Connection, query: CompiledQuery): Promise<{ stream: Readable, state: State }> {
  const giveBack = takeStream(pool)
  const client = await pool.connect().catch(error => {
    giveBack()
    throw error
  })
  try {
    const state = await open(client)
    const stream = client.query(copyTo(`copy (${inlined(query)}) to stdout with (format csv, header)`))
    let released = false
    const release = (error?: Error | boolean) => {
      if (released) return
      released = true
      giveBack()
      client.release(error)
    }
    stream.once('end', () => { client.query('commit').then(() => release(), release) })
    stream.once('error', release)
    stream.once('close', () => { if (!stream.readableEnded) release(true) })
    return { stream, state }
  } catch (error) {
    giveBack()
    client.release(error as Error)
    throw error
  }
}
