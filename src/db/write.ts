// The one door for writes: it opens the transaction, knows the actor and the request, journals what was done as the
// last statement before the commit, and repeats the whole when Postgres asks for that.
import type { Writable } from 'node:stream'
import { sql, type Transaction } from 'kysely'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Actor } from './actor.js'
import { session, type Connection, type Ctx } from './connection.js'
import type { Tables } from './tables.js'

export interface Origin { actor: Actor, request_id: string }

export interface Change {
  action: 'created' | 'updated' | 'deleted' | 'imported' | 'published'
  /** Path starting /v1. */
  resource: string
  version?: number
  /** Free text, and so kept beside the journal. */
  reason?: string | null
  counts?: Record<string, unknown>
  /** What decides who may see the change. */
  plan?: string
  measure?: string
  visibility?: string
  owner?: string | null
}

declare const door: unique symbol

/** A Ctx inside the write's transaction; only write() makes one, so forgetting the journal does not compile. */
export interface WriteCtx extends Ctx {
  readonly [door]: true
  db: Transaction<Tables>
  /** Of which this is one transaction. */
  connection: Connection
  request_id: string
  /** Id under which figures written now are known; their instant follows at commit. */
  write_id (): Promise<number>
  journal (change: Change): void
  /** Drops what was to be journalled, where its effects were undone. */
  forget (): void
  /** Writes the journal now, so that recorded_at can be read before the commit. */
  record (): Promise<void>
  /** What is to be done once the transaction has been committed, and not where it was undone. */
  afterwards (work: () => void): void
  /** Rows into a table as COPY's text, in large chunks; nothing else may be asked of the database until it has finished. */
  copy (into: string): Writable
}

// Everything is looked up before it is written, so a unique or foreign key is violated only by another writer at the
// same moment: the second attempt sees what that one wrote, and answers properly.
const repeatable = new Set(['40001', '40P01', '23505', '23503'])

export async function write<T> (connection: Connection, origin: Origin, work: (ctx: WriteCtx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const later: Array<() => void> = []
      const result = await session(connection, (db, client) => db.transaction().execute(async transaction => {
        const ctx = context({ transaction, client, connection, later }, origin)
        const result = await work(ctx)
        await ctx.record()
        return result
      }))
      for (const one of later) one()
      return result
    } catch (error) {
      if (attempt === 5 || !repeatable.has((error as { code?: string }).code ?? '')) throw error
      await new Promise(resolve => setTimeout(resolve, Math.random() * 20 * attempt))
    }
  }
}

interface Inside { transaction: Transaction<Tables>, client: pg.PoolClient, connection: Connection, later: Array<() => void> }

function context ({ transaction: db, client, connection, later }: Inside, { actor, request_id }: Origin): WriteCtx {
  const changes: Change[] = []
  let id: Promise<number> | undefined
  return {
    db,
    actor,
    request_id,
    write_id: () => {
      id ??= nextWrite(db)
      return id
    },
    journal: change => { changes.push(change) },
    forget: () => { changes.length = 0 },
    record: async () => {
      const pending = changes.splice(0)
      if (pending.length > 0) await append(db, { actor, request_id }, pending, await id)
    },
    connection,
    afterwards: work => { later.push(work) },
    copy: into => client.query(copyFrom(`copy ${into} from stdin`))
  } as Omit<WriteCtx, typeof door> as WriteCtx
}

async function nextWrite (db: Transaction<Tables>): Promise<number> {
  const { rows } = await sql<{ id: number }>`select nextval(pg_get_serial_sequence('writes', 'id')) as id`.execute(db)
  return rows[0]!.id
}

/**
 * Positions are handed out by updating one row, which stays locked until the commit: so they follow the order of
 * commits, and a reader who has seen position n will never see a smaller one appear. The database numbers, dates and chains
 * the lines itself, so that whoever only serves cannot journal otherwise.
 */
async function append (db: Transaction<Tables>, { actor, request_id }: Origin, changes: Change[], write: number | undefined): Promise<void> {
  await sql`select append_changes(${write ?? null}, ${actor.organisation}, ${actor.client}, ${actor.key}, ${request_id}, ${JSON.stringify(changes)})`.execute(db)
}
