// Reading many rows from one consistent state as the text of COPY: pages as a whole, selections of any size as a stream.
import type { Readable } from 'node:stream'
import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { problem } from '../problems.js'
import type { Connection } from './connection.js'
import { writeCursor } from './keyset.js'

/** The state that was read: its instant, and the bookmark of the change feed at that state. */
export interface State { at: string, cursor: string }

/** One round trip: the first query of the transaction takes its snapshot. */
const begin = `begin transaction isolation level repeatable read read only;
  select position, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from journal`

export const changeCursor = (position: number) => writeCursor('changes', [position])

async function open (client: pg.PoolClient): Promise<State> {
  const answers = await client.query(begin) as unknown as Array<pg.QueryResult<{ position: number, at: string }>>
  const { position, at } = answers[1]!.rows[0]!
  return { at, cursor: changeCursor(position) }
}

/** COPY takes no parameters, so they are written into the statement as literals. */
const literal = (value: unknown) => value === null || value === undefined
  ? 'null'
  : pg.escapeLiteral(Array.isArray(value) ? `{${value.map(one => JSON.stringify(String(one))).join(',')}}` : String(value))

const inlined = ({ sql, parameters }: CompiledQuery) => sql.replace(/\$(\d+)/g, (_, n: string) => literal(parameters[Number(n) - 1]))

const copyOf = (query: CompiledQuery, form: 'csv' | 'text') =>
  copyTo(`copy (${inlined(query)}) to stdout with (format ${form}${form === 'csv' ? ', header' : ''})`, { highWaterMark: 1 << 17 })

const count = async (client: pg.PoolClient, { sql, parameters }: CompiledQuery) =>
  Number((await client.query<{ total: number }>(sql, [...parameters])).rows[0]!.total)

export interface PageText { text: Buffer, total?: number, state: State }

/** A page as COPY's text, and where `counted` is given the total that it answers, from one state. */
export async function readPage ({ pool }: Connection, query: CompiledQuery, counted?: CompiledQuery): Promise<PageText> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    const state = await open(client)
    const parts: Buffer[] = []
    for await (const part of client.query(copyOf(query, 'text'))) parts.push(part as Buffer)
    const total = counted === undefined ? {} : { total: await count(client, counted) }
    await client.query('commit')
    return { text: Buffer.concat(parts), ...total, state }
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
 * The whole selection as a stream. Its connection goes back when it ends, and is destroyed when it is abandoned: the
 * database notices that and stops.
 */
export async function readStream ({ pool }: Connection, query: CompiledQuery, form: 'csv' | 'text', most?: Most): Promise<{ stream: Readable, state: State }> {
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
    const stream = client.query(copyOf(query, form))
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
