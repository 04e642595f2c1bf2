// The pool and the context every store function takes. Dates and exact numbers come out of Postgres as text and
// never pass through a local-time Date or a float.
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { Problem } from '../problems.js'
import type { Actor } from './actor.js'
import { endSilent } from './silence.js'
import type { Tables } from './tables.js'

export type Db = Kysely<Tables>

/** What a read needs: where to read, and on whose behalf. */
export interface Ctx { db: Db | Transaction<Tables>, actor: Actor }

const { builtins } = pg.types

/** Postgres's text of an instant, as RFC 3339, to the microsecond. */
const instantOf = (text: string) => {
  const [seconds = '', fraction = ''] = text.replace(' ', 'T').replace(/\+00$/, '').split('.')
  return `${seconds}.${fraction.padEnd(6, '0')}Z`
}

const parsers: Record<number, (text: string) => unknown> = {
  [builtins.DATE]: text => text,
  [builtins.NUMERIC]: text => text,
  [builtins.INT8]: Number,
  [builtins.TIMESTAMPTZ]: instantOf
}

export interface Connection { db: Db, pool: pg.Pool, close (): Promise<void> }

/** Milliseconds that a new connection may take, and so long its first statement. */
const patience = 10_000

/** Texts as `parsers` reads them; keepalives, so that what a lost connection has locked is let go of soon. */
const settings = `set timezone = 'UTC'; set datestyle = 'ISO'; set client_min_messages = 'warning'; set jit = off;
  set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3`

/** `timeout`: seconds after which a statement is given up; none where absent. */
export function connect (url: string, { max = 10, timeout = 0 }: { max?: number, timeout?: number } = {}): Connection {
  const first: pg.QueryConfig & { query_timeout: number } = { text: `${settings}; set statement_timeout = ${timeout * 1000}`, query_timeout: patience }
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: patience,
    application_name: 'outturn',
    // By a statement, for a pooler in between refuses options.
    onConnect: async client => { await client.query(first) },
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        (format !== 'binary' && parsers[oid]) || pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser
    }
  })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // Nor does the pool listen while a connection is lent: the query in hand fails, the process must not.
  pool.on('connect', client => { client.on('error', () => {}) })
  endSilent(pool)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  // Kysely would end only a pool that it has asked itself.
  let closed: Promise<void> | undefined
  return { db, pool, close: () => (closed ??= pool.end()) }
}

/** Several reads of one consistent state. */
export const snapshot = async <T>(ctx: Ctx, read: (ctx: Ctx) => Promise<T>): Promise<T> =>
  ctx.db.isTransaction
    ? read(ctx)
    : ctx.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(db => read({ ...ctx, db }))

/** A connection for oneself: Kysely on it, and the driver's client for what Kysely has no words for. */
export async function session<T> ({ pool }: Connection, work: (db: Db, client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  let broken: Error | undefined
  const note = (error: Error) => { broken ??= error }
  client.on('error', note)
  try {
    const one = { query: client.query.bind(client) as never, release: () => {} }
    return await work(new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { connect: async () => one, end: async () => {} } }) }), client)
  } catch (error) {
    // Of a refusal of the database's the connection knows; one that broke, or was left amid a COPY, is not lent again.
    if ((error as { severity?: string }).severity !== 'ERROR' && !(error instanceof Problem)) failure = error as Error
    // The rollback, which could not be asked for either, says only that.
    throw broken ?? error
  } finally {
    client.off('error', note)
    client.release(failure)
  }
}
