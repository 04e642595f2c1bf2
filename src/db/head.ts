// Where the journal stands, which tells whether anything at all was written since: every write that changes what is read
// moves it in its own transaction, whichever process it is made in.
import { sql } from 'kysely'
import type pg from 'pg'
import type { Connection, Ctx } from './connection.js'

/** As two columns of a query, which then tells what state it read. */
export const stateText = 'position::text, to_char(at, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') as at'
export const stateColumns = sql.raw(stateText)

/** Names one state of the database: the position alone would come again after a restored backup. */
export const markOf = (position: string | number, at: string) => `${position} ${at}`

/** The state that the transaction reads. */
export async function stateOf ({ db }: Pick<Ctx, 'db'>): Promise<string> {
  const { rows: [row] } = await sql<{ position: string, at: string }>`select ${stateColumns} from journal`.execute(db)
  return markOf(row!.position, row!.at)
}

interface Asked { running?: Promise<string> | undefined, next?: Promise<string> | undefined }

const asked = new WeakMap<pg.Pool, Asked>()

const statement = { name: 'head', text: `select ${stateText} from journal`, rowMode: 'array', types: { getTypeParser: () => String } } as const

/**
 * The state as of now. Who comes while the question is under way waits for the next one, for its answer may be older than
 * they are; but all who wait share that.
 */
export function head ({ pool }: Connection): Promise<string> {
  let state = asked.get(pool)
  if (state === undefined) asked.set(pool, state = {})
  if (state.running === undefined) return ask(pool, state)
  const again = () => ask(pool, state)
  state.next ??= state.running.then(again, again)
  return state.next
}

function ask (pool: pg.Pool, state: Asked): Promise<string> {
  const running = pool.query<[string, string]>(statement as never).then(({ rows: [row] }) => markOf(...row!))
  state.next = undefined
  state.running = running
  const over = () => { if (state.running === running) state.running = undefined }
  running.then(over, over)
  return running
}
